"""The sound thread: keeps a sink fed from the mixer whatever the window does, and with or without a device.

Runs in the thread ``sound``, which needs no event loop of anybody. Without a device a silent sink goes on by the
clock, so that the score, the mixer and their latency figures are the same on every computer.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from app.language import mark
from app.ui.sound.mixer import Mixer
from app.ui.sound.score import Spoken
from app.ui.sound.tones import SFREQ, Float32Array

log = logging.getLogger(__name__)

BUFFER_S = 0.030
"""Sound made ahead. 20 ms crackles when another thread holds the interpreter, which it does for 5 ms a turn."""
TICK_S = 0.008
_LOOK_AGAIN_S = 1.0

NO_DEVICE = mark("no sound device: cues are shown only")
DEVICE_GONE = mark("sound device gone: cues are shown only")


class NoSoundError(Exception):
    """No sound can be made now; the text is one sentence for the person."""


class SinkLostError(Exception):
    """The device of a sink went away."""


class Sink(Protocol):
    """Somewhere to put frames. Used by the sound thread alone."""

    def free(self) -> int:
        """Count the frames that fit in now; raises `SinkLostError`."""
        ...

    def write(self, frames: Float32Array) -> None:
        """Put frames in, shape (n_frames,), at most `free`; raises `SinkLostError`."""
        ...

    def is_current(self) -> bool:
        """Whether this is still the device that the person would hear."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...


class SilentSink:
    """Takes frames at the pace of the clock and drops them."""

    def __init__(self, clock_ns: Callable[[], int]) -> None:
        self._clock_ns = clock_ns
        self._start_ns = clock_ns()
        self._n_written = 0

    def free(self) -> int:
        n_buffer = round(BUFFER_S * SFREQ)
        n_played = (self._clock_ns() - self._start_ns) * SFREQ // 1_000_000_000
        if n_played > self._n_written:  # slept through: what was not written in time was silence
            self._n_written = n_played
        return n_played + n_buffer - self._n_written

    def write(self, frames: Float32Array) -> None:
        self._n_written += len(frames)

    def is_current(self) -> bool:
        return False  # anything that sounds is better

    def close(self) -> None:
        pass


class SoundOutput:
    """The sound thread.

    Parameters
    ----------
    mixer : Mixer
    open_speaker : callable
        Opens the device that the person hears; called in the sound thread; raises `NoSoundError`.
    clock_ns : callable
        `time.perf_counter_ns` but for tests.
    """

    def __init__(
        self,
        mixer: Mixer,
        open_speaker: Callable[[], Sink],
        clock_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._mixer = mixer
        self._open_speaker = open_speaker
        self._clock_ns = clock_ns
        self._sink: Sink = SilentSink(clock_ns)
        self._look_again_ns = clock_ns()
        self._was_lost = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.status = ""
        """Empty while there is sound, else one sentence that says why not."""

    def start(self) -> None:
        """Start the thread; returns at once, the device is opened there. Starting twice changes nothing."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread and give the device back; may be called at any time."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join(timeout=2.0)
            self._thread = None

    def step(self) -> None:
        """Look after the device once a second and put in what fits."""
        now_ns = self._clock_ns()
        if now_ns >= self._look_again_ns:
            self._look_again_ns = now_ns + round(_LOOK_AGAIN_S * 1e9)
            self._choose_sink()
        try:
            n_frames = self._sink.free()
            if n_frames > 0:
                self._sink.write(self._mixer.render(n_frames))
        except SinkLostError as error:
            log.warning("sound device lost: %s", error)
            self._was_lost = True
            self._fall_silent(DEVICE_GONE)

    def _run(self) -> None:
        try:
            while not self._stop.wait(TICK_S):
                self.step()
        finally:
            self._sink.close()
            self._sink = SilentSink(self._clock_ns)
            self._look_again_ns = self._clock_ns()

    def _choose_sink(self) -> None:
        if self._sink.is_current():
            return
        try:
            speaker = self._open_speaker()
        except NoSoundError as error:
            sentence = DEVICE_GONE if self._was_lost else str(error)
            if sentence != self.status:
                log.info("no sound: %s (%s)", error, error.__cause__)
            self._fall_silent(sentence)
            return
        self._sink.close()
        self._sink, self.status = speaker, ""
        if self._was_lost:
            self._was_lost = False
            self._mixer.submit(Spoken("output-back"), self._clock_ns())

    def _fall_silent(self, sentence: str) -> None:
        self.status = sentence
        if not isinstance(self._sink, SilentSink):
            self._sink.close()
            self._sink = SilentSink(self._clock_ns)
