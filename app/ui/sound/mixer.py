"""Turns commands into samples. `submit` is called from any thread, all else runs in the sound thread."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np

from app.language import Language, language
from app.pipeline.snapshot import Snapshot
from app.session.events import Percentiles
from app.ui.sound import prompts
from app.ui.sound.glide import Aim, Glide
from app.ui.sound.score import Command, Message, Score
from app.ui.sound.talk import Sentence, Talk
from app.ui.sound.tones import SFREQ, Float32Array, Tone, all_tones, raised_cosine

Layer = Literal["tone", "events", "speech"]
QUIET_GAIN: Final = 0.25
"""12 dB less: an earbud sits in the ear."""

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


class SystemVoice(Protocol):
    """A voice of the system; every method may be called from any thread and returns at once."""

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said, or about to be."""
        ...

    def speaks(self, tongue: Language) -> bool:
        """Whether it knows that language."""
        ...

    def say(self, text: str, tongue: Language, volume: float) -> None:
        """Begin to say a text; `volume` from 0 to 1."""
        ...

    def stop(self) -> None:
        """Break off."""
        ...


class Mixer:
    """Mix one session's sounds: the tones of events, the tone of the sleeping side, and speech.

    Parameters
    ----------
    clock_ns : callable
        Host clock of the latency figures, `time.perf_counter_ns` but for tests.

    Attributes
    ----------
    volume, muted, quiet
        Of everything; quiet is low and without the tone that lasts.
    layers : dict of str to float
        Volume of each layer, 0 to 1.
    voice : bool
        Whether anything is spoken.
    system_voice : SystemVoice or None
        Says whole sentences where nothing follows; what has to end in time is recorded and mixed here.
    picture : callable
        Gives the newest snapshot, from whose bars the tone of the sleeping side takes its pitch.
    n_begun : int
        Sounds begun so far, silenced ones included.
    """

    def __init__(self, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        self._clock_ns = clock_ns
        self._score = Score()
        self._talk = Talk(lambda sentence: prompts.duration_s(sentence.words, language()))
        self._tones = all_tones()
        self._glide = Glide()
        self._inbox: deque[tuple[Message, int]] = deque()  # append and popleft are atomic: no lock, nobody waits
        self._voices: list[_Voice] = []
        self._speech: list[_Voice] = []
        self._latencies_ms: deque[float] = deque(maxlen=1000)
        self._n_frames = 0
        self._gain = 1.0
        self._gains: dict[Layer, float] = {"tone": 1.0, "events": 1.0, "speech": 1.0}
        self.layers: dict[Layer, float] = {"tone": 1.0, "events": 1.0, "speech": 1.0}
        self.volume = 1.0
        self.muted = self.quiet = False
        self.voice = True
        self.system_voice: SystemVoice | None = None
        self.picture: Callable[[], Snapshot | None] = lambda: None
        self.n_begun = 0

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
            if self._talk.feed(message, self._now_s):
                self.break_off()
            command = self._score.feed(message)
            if command is not None:
                self._obey(command, decided_ns)
        if self._is_speaking():
            if not self._may_speak():
                self.break_off()
        elif not self._voices:
            self._speak(self._talk.next(self._now_s))
        mix = np.zeros(n_frames, np.float32)
        self._add("events", mix, _mixed(self._voices, n_frames))
        self._add("speech", mix, _mixed(self._speech, n_frames))
        self._add("tone", mix, self._glide.next(n_frames, self._aim()))
        self._n_frames += n_frames
        gain = 0.0 if self.muted else self.volume * (QUIET_GAIN if self.quiet else 1.0)
        _scale(mix, self._gain, gain)
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

    @property
    def _now_s(self) -> float:
        return self._n_frames / SFREQ

    def _add(self, layer: Layer, mix: Float32Array, frames: Float32Array | None) -> None:
        gain = self.layers[layer]
        if frames is not None:
            _scale(frames, self._gains[layer], gain)
            mix += frames
        self._gains[layer] = gain

    def _aim(self) -> Aim | None:
        """Where the tone of the sleeping side stands; None while it is at rest or anything else sounds."""
        picture = self.picture()
        if picture is None or self.quiet or self._speech or any(not voice.tone.underlies for voice in self._voices):
            return None
        side = self._score.followed(picture.flags.sleeping_side)
        view = None if side is None else picture.sides.get(side)
        if side is None or view is None or view.level_pct is None or view.target_pct <= 0.0:
            return None
        if not view.level_pct >= view.attempt_pct:
            return None
        return Aim(side, 100.0 * view.level_pct / view.target_pct)

    def _obey(self, command: Command, decided_ns: int) -> None:
        if command != "go":
            self._voices = [voice for voice in self._voices if voice.position > 0]  # not begun: never heard
            _hush(self._voices)
        if command != "silence":
            self.break_off()
            self._voices.append(_Voice(self._tones[command]))
            self.n_begun += 1
            self._latencies_ms.append((self._clock_ns() - decided_ns) / 1e6)

    def _speak(self, sentence: Sentence | None) -> None:
        """Begin a sentence: by the system's voice where nothing follows it, else by recordings."""
        if sentence is None or not self._may_speak():
            return
        tongue, voice = language(), self.system_voice
        unhurried = bool(sentence.text) or prompts.UNHURRIED.issuperset(sentence.words)
        if voice is not None and unhurried and voice.speaks(tongue):
            gain = self.volume * self.layers["speech"] * (QUIET_GAIN if self.quiet else 1.0)
            voice.say(sentence.text or " ".join(prompts.text(name) for name in sentence.words), tongue, gain)
        elif sentence.words and prompts.recordings(tongue).keys() >= set(sentence.words):
            self._speech.append(_Voice(Tone(prompts.spoken(sentence.words, tongue), loops=False)))

    def _is_speaking(self) -> bool:
        return bool(self._speech) or (self.system_voice is not None and self.system_voice.is_speaking)

    def _may_speak(self) -> bool:
        return self.voice and not self.muted and self.layers["speech"] > 0.0

    def break_off(self) -> None:
        """Stop whatever is being said."""
        _hush(self._speech)
        if self.system_voice is not None and self.system_voice.is_speaking:
            self.system_voice.stop()


def _hush(voices: list[_Voice]) -> None:
    for voice in voices:
        if voice.hushed is None:
            voice.hushed = 0


def _mixed(voices: list[_Voice], n_frames: int) -> Float32Array | None:
    """Add up the next frames of these voices and drop those that are over; None where there is none."""
    if not voices:
        return None
    mix = np.zeros(n_frames, np.float32)
    for voice in voices:
        frames = voice.next(n_frames)
        mix[: len(frames)] += frames
    voices[:] = [voice for voice in voices if not voice.is_over]
    return mix


def _scale(frames: Float32Array, before: float, now: float) -> None:
    """Bring frames from one volume to the next in place; a step would click."""
    if before == now:
        if now != 1.0:
            frames *= np.float32(now)
    else:
        frames *= np.linspace(before, now, len(frames), dtype=np.float32)
