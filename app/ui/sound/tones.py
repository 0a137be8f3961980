"""The sounds themselves, made once from arithmetic: no file, no codec, no chance of a missing asset.

Every sound is mono, because one ear may lie on the hands: a side is told by pitch and timbre (left low and woody,
right high like a bell), never by where it comes from. Pure numpy; what is played when is `score`'s business.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]
SoundName = Literal[
    "go", "strong", "chord", "hold-end", "heard", "left", "right", "pulses-left", "pulses-right", "pulses-both",
]  # fmt: skip

SFREQ = 48_000
"""Sampling frequency of every sound, in Hz."""

PULSE_PERIOD_S = 0.25
"""From pulse to pulse: quick enough to urge within a squeeze of 1 s, slow enough to be told apart."""

_ATTACK_S = 0.004
_RELEASE_S = 0.03
_WOOD_PARTIALS = ((1.0, 1.0, 0.11), (3.93, 0.35, 0.03), (9.5, 0.08, 0.012))
"""(ratio, gain, decay in s) of a tuned rosewood bar; ratios near 1 : 4 : 10 (Fletcher & Rossing 1998, ch. 19)."""
_BELL_PARTIALS = ((1.0, 1.0, 0.25), (2.0, 0.35, 0.18), (3.0, 0.2, 0.1), (4.2, 0.12, 0.06))
"""Prime, nominal, superquint and octave nominal of a church bell, prime taken as 1 (same, ch. 21)."""
_CHORD_HZ = (523.25, 659.26, 783.99)


@dataclass(frozen=True, slots=True)
class Tone:
    """One preloaded sound.

    Attributes
    ----------
    samples : ndarray of float32, shape (n_frames,)
        Mono at `SFREQ`, within ±0.8, starting and ending at silence.
    loops : bool
        True for pulses, which go round until they are hushed.
    underlies : bool
        True for the go tick, which is over at once: nothing gives way to it.
    """

    samples: Float32Array
    loops: bool
    underlies: bool = False


def left_tone() -> Float32Array:
    """Make the left side's tone, 262 Hz, woody; shape (n_frames,)."""
    return _struck(261.63, _WOOD_PARTIALS, 0.19, peak=0.7)


def right_tone() -> Float32Array:
    """Make the right side's tone, 1047 Hz, like a bell; shape (n_frames,)."""
    return _struck(1046.5, _BELL_PARTIALS, 0.19, peak=0.25)


def all_tones() -> dict[SoundName, Tone]:
    """Make every sound that the application plays.

    Returns
    -------
    dict of name to Tone
        ``go`` starts a paced squeeze; ``strong`` says softly that the first side is on; ``chord`` that both are;
        ``hold-end`` lets go; ``heard`` acknowledges two squeezes; ``left`` and ``right`` are the sides' own tones;
        ``pulses-*`` call the side that is not, ``pulses-both`` the two in turn.
    """
    left, right = _in_period(left_tone()), _in_period(right_tone())
    chord = np.sum([_struck(f, _BELL_PARTIALS[:2], 0.6, peak=1.0) for f in _CHORD_HZ], axis=0)
    return {
        "go": Tone(_struck(1960.0, ((1.0, 1.0, 0.008),), 0.04, peak=0.4), loops=False, underlies=True),
        "strong": Tone(
            _struck(164.81, ((1.0, 1.0, 0.3), (2.0, 0.35, 0.2)), 0.3, peak=0.25, attack_s=0.02), loops=False
        ),
        "chord": Tone(_to_peak(chord, 0.55), loops=False),
        "hold-end": Tone(_two_notes(783.99, 523.25), loops=False),
        "heard": Tone(_two_notes(659.26, 880.0), loops=False),
        "left": Tone(left_tone(), loops=False),
        "right": Tone(right_tone(), loops=False),
        "pulses-left": Tone(left, loops=True),
        "pulses-right": Tone(right, loops=True),
        "pulses-both": Tone(np.concatenate([left, right]), loops=True),
    }


def _struck(
    pitch_hz: float,
    partials: tuple[tuple[float, float, float], ...],
    duration_s: float,
    *,
    peak: float,
    attack_s: float = _ATTACK_S,
) -> Float32Array:
    """Add decaying partials and close both ends with raised cosines, so that nothing clicks."""
    t = np.arange(round(duration_s * SFREQ)) / SFREQ
    tone = np.zeros_like(t)
    for ratio, gain, decay_s in partials:
        tone += gain * np.sin(2 * np.pi * pitch_hz * ratio * t) * np.exp(-t / decay_s)
    tone[: round(attack_s * SFREQ)] *= raised_cosine(round(attack_s * SFREQ))
    tone[-round(_RELEASE_S * SFREQ) :] *= raised_cosine(round(_RELEASE_S * SFREQ))[::-1]
    return _to_peak(tone, peak)


def _two_notes(first_hz: float, second_hz: float) -> Float32Array:
    """One note after the other: down for an end, up for a yes."""
    first, second = (_struck(pitch_hz, _BELL_PARTIALS[:2], 0.22, peak=0.25) for pitch_hz in (first_hz, second_hz))
    return np.concatenate([first[: round(0.12 * SFREQ)] * _fall(round(0.12 * SFREQ)), second])


def _fall(n_frames: int) -> Float32Array:
    """Stay at 1 and close within the last `_RELEASE_S`; shape (n_frames,)."""
    gains = np.ones(n_frames, np.float32)
    n_release = round(_RELEASE_S * SFREQ)
    gains[-n_release:] = raised_cosine(n_release)[::-1]
    return gains


def raised_cosine(n_frames: int) -> npt.NDArray[np.float64]:
    """Rise from 0 to 1 without a corner; shape (n_frames,)."""
    return 0.5 - 0.5 * np.cos(np.pi * np.arange(n_frames) / n_frames)


def _to_peak(samples: npt.NDArray[np.float64], peak: float) -> Float32Array:
    scaled: Float32Array = (samples * (peak / np.max(np.abs(samples)))).astype(np.float32)
    return scaled


def _in_period(tone: Float32Array) -> Float32Array:
    period = np.zeros(round(PULSE_PERIOD_S * SFREQ), np.float32)
    period[: len(tone)] = tone
    return period
