"""What the spectrum of one second of an electrode tells: mains hum, slow movement, and the middle of the EMG band.

`amplitude_density` is the spectrum itself, for the eye alone.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import signal

from dsp.filters import HIGH_PASS_HZ, LOW_PASS_HZ

FloatArray = npt.NDArray[np.float64]

MAINS_HZ = (50.0, 60.0)
SLOW_HZ = 0.5
_HARMONICS = 3
_NEAR_HZ, _AROUND_HZ = 1.0, (2.5, 8.0)


class Spectrum(NamedTuple):
    """One window of every channel; NaN for a channel with any NaN or without power in the EMG band.

    Attributes
    ----------
    hum_hz : ndarray of float64, shape (n_channels,)
        50 or 60, whichever is the stronger.
    hum : ndarray of float64, shape (n_channels,)
        RMS of that and its next two harmonics above their neighbourhood, in the unit of the samples.
    hum_ratio : ndarray of float64, shape (n_channels,)
        Their share of the power of the EMG band. An open lead hums above 0.9.
    motion_ratio : ndarray of float64, shape (n_channels,)
        Power from 0.5 to 20 Hz over that of the EMG band; meaningless on a device that removes slow movement itself.
    median_hz : ndarray of float64, shape (n_channels,)
        Frequency that halves the power of the EMG band.
    """

    hum_hz: FloatArray
    hum: FloatArray
    hum_ratio: FloatArray
    motion_ratio: FloatArray
    median_hz: FloatArray


class _Lines(NamedTuple):
    """Which lines of the spectrum mean what, for one length and rate."""

    window: FloatArray
    scale: float
    hz: FloatArray
    band: slice
    slow: slice
    n_lines: int
    """Lines that mean anything: none above the band."""
    near: npt.NDArray[np.intp]
    around: npt.NDArray[np.intp]
    of_mains: FloatArray
    """Harmonics by mains frequencies: which harmonic belongs to which."""


def band_edges(sfreq: float) -> tuple[float, float]:
    """Edges of the EMG band in Hz: 20 to 450, at slow devices to 0.45 `sfreq`."""
    return HIGH_PASS_HZ, min(LOW_PASS_HZ, 0.45 * sfreq)


@lru_cache(maxsize=8)
def periodic_hann(n: int) -> FloatArray:
    """Window of `n` samples, read only: a whole number of hum periods falls on three lines and no more."""
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n) / n)
    window.flags.writeable = False
    return np.asarray(window, np.float64)


@lru_cache(maxsize=8)
def _lines(n: int, sfreq: float) -> _Lines:
    window = periodic_hann(n)
    hz = np.arange(n // 2 + 1) * sfreq / n
    low_hz, high_hz = band_edges(sfreq)
    line_hz = sfreq / n
    harmonics_hz = [
        (mains, harmonic * mains)
        for mains in MAINS_HZ
        for harmonic in range(1, _HARMONICS + 1)
        if harmonic * mains + _NEAR_HZ <= 0.45 * sfreq
    ]
    centres = np.array([[round(harmonic_hz / line_hz)] for _, harmonic_hz in harmonics_hz], np.intp).reshape(-1, 1)
    near = int(_NEAR_HZ / line_hz + 1e-6)
    away = np.arange(int(np.ceil(_AROUND_HZ[0] / line_hz)), int(_AROUND_HZ[1] / line_hz) + 1)
    around = np.minimum(centres + np.concatenate([-away, away]), len(hz) - 1)
    band = _between(hz, low_hz, high_hz)
    return _Lines(
        window,
        # One-sided power such that the sum over lines is the mean square of the samples.
        2.0 / (n * float(np.square(window).sum())),
        hz,
        band,
        slice(_between(hz, SLOW_HZ, low_hz).start, band.start),
        max(band.stop, int(around.max(initial=0)) + 1),
        centres + np.arange(-near, near + 1),
        around,
        np.array([[float(mains == one) for one in MAINS_HZ] for mains, _ in harmonics_hz]).reshape(-1, len(MAINS_HZ)),
    )


def _between(hz: FloatArray, low_hz: float, high_hz: float) -> slice:
    return slice(int(np.searchsorted(hz, low_hz - 1e-6)), int(np.searchsorted(hz, high_hz + 1e-6)))


def median_of_rows(values: FloatArray) -> FloatArray:
    """Median along the last axis, as `numpy.median` gives it, at a fifth of its cost on small arrays without NaN."""
    in_order = np.sort(values, axis=-1)
    n = in_order.shape[-1]
    return np.asarray((in_order[..., (n - 1) // 2] + in_order[..., n // 2]) / 2.0, np.float64)


def measure_spectrum(raw: FloatArray, sfreq: float) -> Spectrum:
    """Measure hum, movement and median frequency of one window.

    Hum is the power within 1 Hz of 50 or 60 Hz and of the next two harmonics, less the median of its neighbours 2.5 to
    8 Hz away. It is meant for rest: active EMG alone feigns some.

    Parameters
    ----------
    raw : ndarray of float64, shape (n_samples, n_channels)
        Unfiltered samples of about one second.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    Spectrum
    """
    lines = _lines(len(raw), sfreq)
    x = np.ascontiguousarray(raw.T)  # a row for each channel: sums along rows are many times faster
    usable = np.logical_and.reduce(np.isfinite(x), axis=1)
    if not usable.all():
        x = np.where(usable[:, np.newaxis], x, 0.0)
    x = (x - np.add.reduce(x, axis=1, keepdims=True) / len(raw)) * lines.window
    spectrum = np.fft.rfft(x)[:, : lines.n_lines]
    power = lines.scale * (np.square(spectrum.real) + np.square(spectrum.imag))
    in_band = np.add.accumulate(power[:, lines.band], axis=1)
    band = in_band[:, -1]
    known = usable & (band > 0.0)
    safe = np.where(known, band, 1.0)

    near, around = power.take(lines.near, axis=1), power.take(lines.around, axis=1)
    floor = median_of_rows(around) * near.shape[2]
    hums = np.maximum(np.add.reduce(near, axis=2) - floor, 0.0) @ lines.of_mains
    hum_power = hums.max(axis=1)
    below = [np.count_nonzero(row) for row in in_band < band[:, np.newaxis] / 2.0]
    found = [
        np.array(MAINS_HZ)[hums.argmax(axis=1)],
        np.sqrt(hum_power),
        np.minimum(hum_power / safe, 1.0),
        np.add.reduce(power[:, lines.slow], axis=1) / safe,
        lines.hz[lines.band].take(below, mode="clip"),
    ]
    return Spectrum(*np.where(known, found, np.nan))


def amplitude_density(raw: npt.NDArray[np.floating], sfreq: float) -> tuple[FloatArray, FloatArray]:
    """Work out the spectrum of some seconds, to be looked at: windows of one second that overlap by half, averaged.

    Parameters
    ----------
    raw : ndarray of float, shape (n_samples, n_channels)
        Unfiltered samples of a second or more; each window's mean is taken off.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    hz : ndarray of float64, shape (n_lines,)
        From 0 to half of `sfreq`.
    density : ndarray of float64, shape (n_lines, n_channels)
        In the unit of the samples over the root of a hertz; NaN for a channel with any NaN.
    """
    x = np.asarray(raw, np.float64)
    usable = np.isfinite(x).all(axis=0)
    hz, power = signal.welch(np.where(usable, x, 0.0), sfreq, nperseg=round(sfreq), axis=0)
    return np.asarray(hz, np.float64), np.where(usable, np.sqrt(power), np.nan)
