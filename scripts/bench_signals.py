"""Signals whose true level is known, and real muscles at constant force: what envelopes are measured on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

FloatArray = npt.NDArray[np.float64]

REAL_DATA: Final = Path(__file__).resolve().parents[1] / "../shared/data/emg"
# File, column of the agonist, seconds between which its README calls the force nearly constant.
REAL_WINDOWS: Final = (
    ("elderly_id2_EMG_VL_force_2000hz.csv", 0, 4.0, 7.0),
    ("elderly_id3_EMG_VL_force_2000hz.csv", 0, 4.0, 7.0),
    ("elderly_id4_EMG_TA_force_2000hz.csv", 2, 5.0, 8.0),
)
CHANGE_S: Final = 1.5
"""When a level changes, give or take 10 ms: every method meets the change at every phase of its frames."""
CHANGE_LENGTH_S: Final = 2.6
STEADY_LENGTH_S: Final = 8.0
TOP: Final = 100.0

CHANGES: Final = {
    "26 dB up": (5.0, TOP, 0.0),
    "6 dB up": (TOP / 2, TOP, 0.0),
    "3 dB up": (TOP / np.sqrt(2), TOP, 0.0),
    "ramp up": (5.0, TOP, 0.25),
    "26 dB down": (TOP, 5.0, 0.0),
    "6 dB down": (TOP, TOP / 2, 0.0),
}
"""Name: level before, level after, seconds of a linear way from one to the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """Many trials of one change of level.

    Attributes
    ----------
    x : ndarray of float64, shape (n_samples, n_trials)
        EMG as a sensor gives it.
    change_s : ndarray of float64, shape (n_trials,)
        When the change begins.
    """

    x: FloatArray
    change_s: FloatArray


@dataclass(frozen=True, slots=True)
class Real:
    """One recording and the seconds of it in which the force is constant."""

    name: str
    x: FloatArray
    first_s: float
    last_s: float


def emg(rng: np.random.Generator, n_samples: int, n_trials: int, sfreq: float, *, wavering: float = 0.0) -> FloatArray:
    """Simulate EMG of RMS 1.

    Parameters
    ----------
    rng : Generator
    n_samples, n_trials : int
    sfreq : float
        Hz.
    wavering : float
        SD of ln(amplitude), changing within 10 ms. 0.2 gives an excess kurtosis of 0.5, as real windows have (0.4-1.0);
        0 gives Gaussian noise, which flatters every envelope.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_trials)
        Power spectrum f^2 / ((f^2 + 60^2) (f^2 + 120^2)^2), after Shwedyk 1977.
    """
    square = np.fft.rfftfreq(n_samples, 1 / sfreq) ** 2
    shape = np.sqrt(square / ((square + 60.0**2) * (square + 120.0**2) ** 2))
    noise = np.fft.rfft(rng.standard_normal((n_samples, n_trials)), axis=0)
    y = np.fft.irfft(noise * shape[:, np.newaxis], n_samples, axis=0)
    if wavering:
        keep = np.exp(-1 / (0.010 * sfreq))
        slow = signal.lfilter([np.sqrt(1 - keep**2)], [1, -keep], rng.standard_normal(y.shape), axis=0)
        y *= np.exp(wavering * slow)
    return np.asarray(y / y.std(), np.float64)


def changes(sfreq: float, n_trials: int, seed: int) -> dict[str, Change]:
    """Every change of `CHANGES`, from a stream of noise of its own each."""
    found = {}
    n_samples = round(CHANGE_LENGTH_S * sfreq)
    for number, (name, (before, after, ramp_s)) in enumerate(CHANGES.items()):
        rng = np.random.default_rng([seed, number, round(sfreq)])
        change_s = CHANGE_S + rng.uniform(-0.010, 0.010, n_trials)
        since_s = np.arange(n_samples)[:, np.newaxis] / sfreq - change_s
        way = np.clip(since_s / ramp_s, 0, 1) if ramp_s else (since_s >= 0).astype(np.float64)
        found[name] = Change(emg(rng, n_samples, n_trials, sfreq) * (before + (after - before) * way), change_s)
    return found


def steady(sfreq: float, n_trials: int, seed: int, *, wavering: float) -> FloatArray:
    """EMG of one level, shape (n_samples, n_trials)."""
    rng = np.random.default_rng([seed, 100, round(sfreq)])
    return TOP * emg(rng, round(STEADY_LENGTH_S * sfreq), n_trials, sfreq, wavering=wavering)


def squeezes(sfreq: float, n_trials: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """A train of squeezes of one second every two, up and down within 80 ms.

    Returns
    -------
    x : ndarray of float64, shape (n_samples, n_trials)
    level : ndarray of float64, shape (n_samples,)
        The truth.
    """
    rng = np.random.default_rng([seed, 101, round(sfreq)])
    t = np.arange(round(STEADY_LENGTH_S * sfreq)) / sfreq
    level = np.interp(t % 2.0, [0.0, 1.0, 1.08, 1.92, 2.0], [5.0, 5.0, TOP, TOP, 5.0])
    return emg(rng, len(t), n_trials, sfreq) * level[:, np.newaxis], level


def real(sfreq: int) -> list[Real]:
    """The real windows at 250, 1000 or 2000 Hz, with an anti-alias filter as a device has; none where the data are not.

    Returns
    -------
    list of Real
        `x` of shape (n_samples, 1), in µV.
    """
    found = []
    for name, column, first_s, last_s in REAL_WINDOWS:
        if (REAL_DATA / name).is_file():
            x = np.loadtxt(REAL_DATA / name, delimiter=",", usecols=[column])
            x = signal.resample_poly(x, 1, 2000 // sfreq)
            found.append(Real(name.removesuffix("_force_2000hz.csv"), x[:, np.newaxis], first_s, last_s))
    return found
