"""Numbers about a contact, window by window: is it open, flat, clipped, humming, moved, or just quiet.

Numbers only. What is too much, in which words, and for how long it must last, is for the session to say.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

STEP_S = 0.5
SPECTRUM_S = 1.0
MAINS_HZ = (50.0, 60.0)


class ChannelQuality(NamedTuple):
    """Every channel at the end of one step of 0.5 s; levels in the unit of the samples.

    Attributes
    ----------
    lost : ndarray of float64, shape (n_channels,)
        Share of the step's samples that are missing.
    flat : ndarray of float64, shape (n_channels,)
        Share of neighbouring samples that are equal: 1 is a dead lead, 0.2 to 0.9 a resolution too coarse.
    clipped : ndarray of float64, shape (n_channels,)
        Share of samples at the end of the range.
    noise : ndarray of float64, shape (n_channels,)
        RMS of the band-passed samples of the step.
    hum_hz : ndarray of float64, shape (n_channels,)
        50 or 60, whichever is the stronger; NaN without a spectrum.
    hum : ndarray of float64, shape (n_channels,)
        RMS of that and its next two harmonics above their neighbourhood.
    hum_ratio : ndarray of float64, shape (n_channels,)
        Their share of the power of the EMG band. An open lead hums above 0.9.
    motion_ratio : ndarray of float64, shape (n_channels,)
        Power below 20 Hz over that of the EMG band; meaningless on a device that removes slow movement itself.
    """

    lost: FloatArray
    flat: FloatArray
    clipped: FloatArray
    noise: FloatArray
    hum_hz: FloatArray
    hum: FloatArray
    hum_ratio: FloatArray
    motion_ratio: FloatArray


def flat_share(raw: FloatArray) -> FloatArray:
    """Share of neighbouring samples that do not differ.

    Parameters
    ----------
    raw : ndarray of float64, shape (n_samples, n_channels)
        Unfiltered samples; pairs with NaN are left out.

    Returns
    -------
    ndarray of float64, shape (n_channels,)
        NaN for a channel without any pair.
    """
    step = raw[1:] - raw[:-1]
    return _share(step == 0.0, ~np.isnan(step))


def clipped_share(raw: FloatArray, full_scale: float | None) -> FloatArray:
    """Share of samples at the end of the converter's range.

    A range is known by `full_scale`, or by itself: a signal that stays for three samples and more at exactly its
    greatest or least value of the window, and is there more often than just inside of it, has met a rail.

    Parameters
    ----------
    raw : ndarray of float64, shape (n_samples, n_channels)
        Unfiltered samples; NaN are left out.
    full_scale : float or None
        Largest magnitude that the converter can give.

    Returns
    -------
    ndarray of float64, shape (n_channels,)
        0 to 1, NaN for a channel without samples. A flat line shows as clipped too: look at `flat_share` first.
    """
    present = ~np.isnan(raw)
    if len(raw) < 3:
        return _share(np.zeros_like(present), present)
    high = np.fmax.reduce(raw, axis=0)
    low = np.fmin.reduce(raw, axis=0)
    at_rail = np.zeros_like(present)
    for x, rail in ((raw, high), (-raw, -low)):
        extreme = x == rail
        # Just inside is 2 % of the range, and at least the next value: coarse steps alone are no clipping.
        inner = np.fmax.reduce(np.where(extreme, -np.inf, x), axis=0)
        near = (x < rail) & (x >= np.fmin(inner, rail - 0.02 * (high - low)))
        extreme &= extreme.sum(axis=0) > near.sum(axis=0)
        run = extreme[:-2] & extreme[1:-1] & extreme[2:]
        at_rail[:-2] |= run
        at_rail[1:-1] |= run
        at_rail[2:] |= run
    if full_scale is not None:
        at_rail |= np.abs(raw) >= 0.999 * full_scale
    return _share(at_rail, present)


def hum_and_motion(raw: FloatArray, sfreq: float) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mains hum and slow movement from the spectrum of one window.

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
    hum_hz, hum, hum_ratio, motion_ratio : ndarray of float64, shape (n_channels,)
        See `ChannelQuality`. NaN for a channel with any NaN or without power.
    """
    n = len(raw)
    # Periodic Hann: a whole number of hum periods then falls on three lines and no more.
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n) / n)
    usable = np.isfinite(raw).all(axis=0)
    x = np.where(usable, raw, 0.0)
    spectrum = np.fft.rfft((x - x.mean(axis=0)) * window[:, np.newaxis], axis=0)
    # One-sided power such that the sum over lines is the mean square of the samples.
    power = 2.0 * np.square(np.abs(spectrum)) / (n * np.square(window).sum())
    hz = np.arange(len(power)) * sfreq / n
    band = power[(hz >= 20.0) & (hz <= min(450.0, 0.45 * sfreq))].sum(axis=0)
    slow = power[(hz >= 0.5) & (hz < 20.0)].sum(axis=0)

    hums = []
    for mains in MAINS_HZ:
        above = np.zeros(raw.shape[1])
        for harmonic in (mains, 2 * mains, 3 * mains):
            if harmonic + 1.0 > 0.45 * sfreq:
                break
            away = np.abs(hz - harmonic)
            near, around = away <= 1.0 + 1e-6, (away >= 2.5) & (away <= 8.0)
            floor = np.median(power[around], axis=0) * np.count_nonzero(near)
            above += np.maximum(power[near].sum(axis=0) - floor, 0.0)
        hums.append(above)
    first = hums[0] >= hums[1]
    hum_power = np.where(first, hums[0], hums[1])
    known = usable & (band > 0.0)
    safe = np.where(known, band, 1.0)
    return (
        np.where(known, np.where(first, *MAINS_HZ), np.nan),
        np.where(known, np.sqrt(hum_power), np.nan),
        np.where(known, np.minimum(hum_power / safe, 1.0), np.nan),
        np.where(known, slow / safe, np.nan),
    )


class QualityWindow:
    """Measure the contact of every channel twice a second, for any chunk size.

    Parameters
    ----------
    sfreq : float
        Sampling frequency in Hz.
    n_channels : int
        Channels of the stream.
    full_scale : float, optional
        Largest magnitude that the converter can give.
    """

    def __init__(self, sfreq: float, n_channels: int, full_scale: float | None = None) -> None:
        self._sfreq = sfreq
        self._full_scale = full_scale
        self.step = max(3, round(STEP_S * sfreq))
        """Samples in one step."""
        self._n_spectrum = max(self.step, round(SPECTRUM_S * sfreq))
        self._before = np.full((self._n_spectrum - self.step, n_channels), np.nan)
        self._raw: list[FloatArray] = []
        self._y: list[FloatArray] = []
        self._n_waiting = 0

    def process(self, raw: npt.ArrayLike, y: FloatArray) -> list[ChannelQuality]:
        """Take the next samples.

        Parameters
        ----------
        raw : array_like of float, shape (n_samples, n_channels)
            Unfiltered samples; NaN and infinity where they are missing.
        y : ndarray of float64, shape (n_samples, n_channels)
            The same samples after `dsp.filters.StreamFilter`.

        Returns
        -------
        list of ChannelQuality
            One for each step of 0.5 s that is now complete. Spectra span 1 s and are NaN in the first step.
        """
        raw = np.asarray(raw, np.float64)
        done: list[ChannelQuality] = []
        while len(raw):
            take = min(len(raw), self.step - self._n_waiting)
            self._raw.append(raw[:take])
            self._y.append(y[:take])
            self._n_waiting += take
            raw, y = raw[take:], y[take:]
            if self._n_waiting == self.step:
                done.append(self._measure(np.concatenate(self._raw), np.concatenate(self._y)))
                self._raw, self._y, self._n_waiting = [], [], 0
        return done

    def _measure(self, raw: FloatArray, y: FloatArray) -> ChannelQuality:
        raw = np.where(np.abs(raw) <= np.finfo(np.float32).max, raw, np.nan)
        present = ~np.isnan(raw)
        whole = np.concatenate([self._before, raw])
        self._before = whole[self.step :]
        measured = np.isfinite(y)
        mean_square = np.square(np.where(measured, y, 0.0)).sum(axis=0) / np.maximum(measured.sum(axis=0), 1)
        return ChannelQuality(
            1.0 - present.mean(axis=0),
            flat_share(raw),
            clipped_share(raw, self._full_scale),
            np.where(measured.any(axis=0), np.sqrt(mean_square), np.nan),
            *hum_and_motion(whole, self._sfreq),
        )


def _share(hits: npt.NDArray[np.bool_], counted: npt.NDArray[np.bool_]) -> FloatArray:
    total = counted.sum(axis=0)
    return np.where(total > 0, (hits & counted).sum(axis=0) / np.maximum(total, 1), np.nan)
