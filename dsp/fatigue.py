"""Does a muscle tire: the middle of its spectrum, from rep to rep.

As a muscle tires its fibres conduct more slowly, and the median frequency of its EMG falls while its amplitude stays
or rises. Both falling is a muscle that does less, which is no fatigue. Values of two devices are never compared: a slow
one reads lower by itself.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from dsp.bursts import Burst
from dsp.spectrum import band_edges, periodic_hann

FloatArray = npt.NDArray[np.float64]

SEGMENT_S = 0.5
HOLD_S, EPOCH_S = 4.0, 1.0
"""A burst as long as a hold is cut into epochs; a shorter one is an epoch itself."""
LEAST_EPOCHS, LEAST_SPAN_S = 5, 20.0
FALL_PCT = 10.0
AMPLITUDE_KEPT = 0.95


def spectrum_valid(sfreq: float) -> bool:
    """Whether a device is fast enough for its spectrum to mean something: above 250 Hz."""
    return sfreq > 250.0


def median_mean_frequency(y: FloatArray, sfreq: float) -> tuple[float, float]:
    """Median and mean frequency of one stretch of EMG (Welch, Hann segments of 0.5 s, half overlapping).

    Parameters
    ----------
    y : ndarray of float64, shape (n_samples,)
        Band-passed samples. Segments with a NaN are left out.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    mdf_hz, mnf_hz : float
        Over 20 to 450 Hz (at most 0.45 `sfreq`), the median interpolated between lines; NaN if no whole segment is
        there, or none with power. One second of steady EMG gives either with an SD of 6.4 and 4.3 Hz (measured).
    """
    n = round(SEGMENT_S * sfreq)
    if len(y) < n or n < 4:
        return math.nan, math.nan
    segments = np.array([y[first : first + n] for first in range(0, len(y) - n + 1, n // 2)], np.float64)
    segments = segments[np.isfinite(segments).all(axis=1)]
    peak = float(np.abs(segments).max(initial=0.0))
    if peak == 0.0:
        return math.nan, math.nan
    segments = segments / peak  # so that the smallest and the largest numbers have a square
    spectrum = np.fft.rfft((segments - segments.mean(axis=1, keepdims=True)) * periodic_hann(n))
    power = (np.square(spectrum.real) + np.square(spectrum.imag)).mean(axis=0)
    hz = np.arange(len(power)) * sfreq / n
    low_hz, high_hz = band_edges(sfreq)
    inside = (hz >= low_hz) & (hz <= high_hz)
    power, hz = power[inside], hz[inside]
    below = np.cumsum(power)
    if not len(power) or below[-1] <= 0.0:
        return math.nan, math.nan
    # A line stands for the power half a line to either side of it.
    median_hz = float(np.interp(below[-1] / 2.0, below, hz + 0.5 * sfreq / n))
    return median_hz, float((hz * power).sum() / below[-1])


class Epochs(NamedTuple):
    """The epochs of the bursts of one channel.

    Attributes
    ----------
    t_s : ndarray of float64, shape (n_epochs,)
        Middle of each, in seconds from the first sample.
    mdf_hz, mnf_hz, rms : ndarray of float64, shape (n_epochs,)
        Median and mean frequency, and level; NaN where an epoch is too short or lost.
    """

    t_s: FloatArray
    mdf_hz: FloatArray
    mnf_hz: FloatArray
    rms: FloatArray


def measure_epochs(y: FloatArray, sfreq: float, bursts: Sequence[Burst]) -> Epochs:
    """Measure every rep, and every second of a hold.

    Parameters
    ----------
    y : ndarray of float64, shape (n_samples,)
        Band-passed samples of one channel; NaN where there is no signal.
    sfreq : float
        Sampling frequency in Hz.
    bursts : sequence of (float, float)
        Onsets and offsets in seconds.

    Returns
    -------
    Epochs
    """
    rows = []
    for onset, offset in bursts:
        n_epochs = round((offset - onset) / EPOCH_S) if offset - onset >= HOLD_S else 1
        starts = [onset + epoch * (offset - onset) / n_epochs for epoch in range(n_epochs)]
        for start_s, stop_s in pairwise([*starts, offset]):
            part = y[max(0, round(start_s * sfreq)) : max(0, round(stop_s * sfreq))]
            known = part[np.isfinite(part)]
            rms = float(np.sqrt(np.square(known).mean())) if len(known) else math.nan
            rows.append(((start_s + stop_s) / 2.0, *median_mean_frequency(part, sfreq), rms))
    return Epochs(*np.array(rows, np.float64).reshape(-1, 4).T)


class Fatigue(NamedTuple):
    """How the median frequency of one muscle went over a set; NaN where the reps do not carry the number.

    Attributes
    ----------
    mdf_start_hz, mdf_end_hz : float
        The fitted line at the first and at the last epoch.
    slope_pct_per_min, slope_pm_pct_per_min : float
        Its slope in % of its start per minute, and the half width of its 95 % interval.
    rms_ratio : float
        The line through the levels, end over start.
    """

    mdf_start_hz: float
    mdf_end_hz: float
    slope_pct_per_min: float
    slope_pm_pct_per_min: float
    rms_ratio: float

    @property
    def tires(self) -> bool:
        """Whether the frequency surely fell, by more than 10 % in all, and the amplitude did not.

        The 10 % are a choice of this project. A muscle whose amplitude falls as well is giving up, not tiring.
        """
        fell = self.mdf_end_hz < (1.0 - FALL_PCT / 100.0) * self.mdf_start_hz
        return fell and self.slope_pct_per_min + self.slope_pm_pct_per_min < 0.0 and self.rms_ratio >= AMPLITUDE_KEPT


def fit_fatigue(epochs: Epochs) -> Fatigue:
    """Fit a line through the median frequencies of a set.

    Parameters
    ----------
    epochs : Epochs
        In order of time; those without a frequency are left out.

    Returns
    -------
    Fatigue
        All NaN with fewer than 5 epochs or less than 20 s between the first and the last.
    """
    known = np.isfinite(epochs.mdf_hz) & np.isfinite(epochs.rms)
    t_s, mdf_hz, rms = epochs.t_s[known], epochs.mdf_hz[known], epochs.rms[known]
    if len(t_s) < LEAST_EPOCHS or t_s[-1] - t_s[0] < LEAST_SPAN_S:
        return Fatigue(math.nan, math.nan, math.nan, math.nan, math.nan)
    span_s = float(t_s[-1] - t_s[0])
    start_hz, slope, error = _line(t_s - t_s[0], mdf_hz)
    first, growth, _ = _line(t_s - t_s[0], rms)
    per_min = 100.0 * 60.0 / start_hz if start_hz > 0.0 else math.nan
    t_value = float(special.stdtrit(len(t_s) - 2, 0.975))
    return Fatigue(
        start_hz,
        start_hz + slope * span_s,
        slope * per_min,
        t_value * error * per_min,
        (first + growth * span_s) / first if first > 0.0 else math.nan,
    )


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    """Intercept, slope and standard error of the slope of the least squares line."""
    middle = x - x.mean()
    spread = float(middle @ middle)
    slope = float(middle @ y) / spread
    intercept = float(y.mean()) - slope * float(x.mean())
    left_over = y - intercept - slope * x
    return intercept, slope, math.sqrt(float(left_over @ left_over) / (len(x) - 2) / spread)
