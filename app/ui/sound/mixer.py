"""Turns commands into samples. `submit` is called from any thread, all else runs in the sound thread."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.session.events import Percentiles
from app.ui.sound.score import Command, Message, Score
from app.ui.sound.tones import SFREQ, Float32Array, SoundName, Tone, all_tones, raised_cosine

_HUSH = raised_cosine(round(0.01 * SFREQ))[::-1].astype(np.float32)
"""A sound that is replaced leaves within 10 ms: at once to the ear, without a click."""


@dataclass(slots=True)
class _Voice:
    tone: Tone
    position: int = 0
    hushed: int | None = None
    """Frames since it was hushed; None while it sounds on."""

    def next(self, n_frames: int) -> Float32Array:
        """Cut the next frames; fewer than asked for where the sound is over."""
        samples = self.tone.samples
        if self.tone.loops:
            frames = samples.take(np.arange(self.position, self.position + n_frames), mode="wrap")
        else:
            frames = samples[self.position : self.position + n_frames]
        self.position += n_frames
        if self.hushed is not None:
            gains = _HUSH[self.hushed : self.hushed + n_frames]
            self.hushed += n_frames
            frames = frames[: len(gains)] * gains[: len(frames)]
        return frames

    @property
    def is_over(self) -> bool:
        if self.hushed is not None and self.hushed >= len(_HUSH):
            return True
        return not self.tone.loops and self.position >= len(self.tone.samples)


class Mixer:
    """Mix one session's sounds.

    Parameters
    ----------
    clock_ns : callable
        Host clock of the latency figures, `time.perf_counter_ns` but for tests.
    """

    def __init__(self, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._clock_ns = clock_ns
        self._score = Score()
        self._tones = all_tones()
        self._inbox: deque[tuple[Message, int]] = deque()  # append and popleft are atomic: no lock, nobody waits
        self._voices: list[_Voice] = []
        self._latencies_ms: deque[float] = deque(maxlen=1000)
        self._gain = 1.0
        self.volume = 1.0
        self.muted = False
        self.n_begun = 0
        """Sounds begun so far, silenced ones included."""

    def submit(self, message: Message, decided_ns: int) -> None:
        """Hand over an event; never blocks. `decided_ns`: ``perf_counter_ns`` when the session decided on it."""
        self._inbox.append((message, decided_ns))

    def render(self, n_frames: int) -> Float32Array:
        """Make the next frames; what was submitted until now starts at the first of them.

        Parameters
        ----------
        n_frames : int
            May differ from call to call: the samples do not depend on how they are cut.

        Returns
        -------
        ndarray of float32, shape (n_frames,)
            Mono at `tones.SFREQ`, within ±1, never NaN.
        """
        while self._inbox:
            message, decided_ns = self._inbox.popleft()
            command = self._score.feed(message)
            if command is not None:
                self._obey(command, decided_ns)
        mix = np.zeros(n_frames, np.float32)
        for voice in self._voices:
            frames = voice.next(n_frames)
            mix[: len(frames)] += frames
        self._voices = [voice for voice in self._voices if not voice.is_over]
        gain = 0.0 if self.muted else self.volume
        if gain == self._gain == 1.0:
            return np.clip(mix, -1.0, 1.0, out=mix)
        mix *= np.linspace(self._gain, gain, n_frames, dtype=np.float32)  # a step would click
        self._gain = gain
        return np.clip(mix, -1.0, 1.0, out=mix)

    @property
    def latency(self) -> Percentiles | None:
        """Decision to first mixed frame of the last 1000 sounds, in ms; None before the first."""
        latencies_ms = self._latencies_ms.copy()
        if not latencies_ms:
            return None
        p50, p95, p99 = np.percentile(latencies_ms, (50, 95, 99)).round(2).tolist()
        return Percentiles(p50=p50, p95=p95, p99=p99)

    def _obey(self, command: Command, decided_ns: int) -> None:
        if command != "go":
            self._voices = [voice for voice in self._voices if voice.position > 0]  # not begun: never heard
            for voice in self._voices:
                if voice.hushed is None:
                    voice.hushed = 0
        if command != "silence":
            self._start(command)
            self.n_begun += 1
            self._latencies_ms.append((self._clock_ns() - decided_ns) / 1e6)

    def _start(self, sound: SoundName) -> None:
        self._voices.append(_Voice(self._tones[sound]))
