"""The band-pass that every EMG number passes through, as one causal filter that survives gaps.

Filtering is the only place where a lost sample would poison what comes after it, so gaps are handled here: nothing
downstream ever sees a filter that has swallowed a NaN or a step. No rectification, no smoothing.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import signal

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Prime = Literal["mute", "steady"]

HIGH_PASS_HZ = 20.0
LOW_PASS_HZ = 450.0
NOTCH_Q = 30.0
SETTLE_S = 0.5
"""Seconds that are run through the filter before a steady start: a Q 30 notch is down to 5 % of hum by then."""

LARGEST = float(np.finfo(np.float32).max)
"""Beyond the range of float32, which is what drivers deliver, a value is damage and not a sample."""


def emg_band_sos(sfreq: float, *, notch_hz: float | None = None) -> FloatArray:
    """Design the EMG band-pass: Butterworth, 20-450 Hz, four poles.

    Below 1 kHz the upper edge is 0.45 `sfreq`; at 250 Hz and less only the two high-pass poles remain, because there
    the low-pass half adds delay and removes signal (measured: 10 ms against 8.9 ms at 25 Hz, 90 against 96 % of power).
    Two poles an edge delay EMG by 1.3 ms, four by 2.6 ms. Edges: SENIAM (high-pass 10-20 Hz, low-pass near 500 Hz).

    Parameters
    ----------
    sfreq : float
        Sampling frequency in Hz, above 50.
    notch_hz : float, optional
        Mains frequency to remove with Q 30, below half of `sfreq`. Only where hum is measured: it rings for 0.6 s.

    Returns
    -------
    ndarray of float64, shape (n_sections, 6)
        Second-order sections, band-pass and notch in one cascade.

    Raises
    ------
    ValueError
        If `sfreq` is too low for EMG or `notch_hz` lies outside of what it can carry.
    """
    return _design(sfreq, notch_hz).copy()


@lru_cache(maxsize=16)
def _design(sfreq: float, notch_hz: float | None) -> FloatArray:
    if not 50.0 < sfreq < float("inf"):
        raise ValueError(f"EMG needs more than 50 samples a second, but there are {sfreq:g}")
    if sfreq <= 250.0:
        sos = signal.butter(2, HIGH_PASS_HZ, "highpass", fs=sfreq, output="sos")
    else:
        sos = signal.butter(2, [HIGH_PASS_HZ, min(LOW_PASS_HZ, 0.45 * sfreq)], "bandpass", fs=sfreq, output="sos")
    if notch_hz is None:
        return np.asarray(sos, np.float64)
    if not 0.0 < notch_hz < sfreq / 2:
        raise ValueError(f"a notch at {notch_hz:g} Hz does not fit {sfreq:g} samples a second")
    notch = signal.tf2sos(*signal.iirnotch(notch_hz, NOTCH_Q, fs=sfreq))
    return np.asarray(np.vstack([sos, notch]), np.float64)


def settling_s(notch_hz: float | None) -> float:
    """Seconds after a gap for which the filter's output must not be believed.

    Hum is under 5 % after 565 ms with a Q 30 notch (measured); the 20 Hz edge alone has settled after 0.2 s.
    """
    return 0.2 if notch_hz is None else 0.6


def emg_stream_filter(
    sfreq: float, n_channels: int, *, notch_hz: float | None = None, prime: Prime = "mute"
) -> "StreamFilter":
    """Make the `StreamFilter` of one EMG stream, with the mute and settling times that belong to its band.

    Parameters
    ----------
    sfreq : float
        Sampling frequency in Hz.
    n_channels : int
        Channels of the stream.
    notch_hz : float, optional
        Mains frequency to remove.
    prime : {'mute', 'steady'}
        ``'mute'`` for a live stream: nothing is valid until the filter has settled. ``'steady'`` for a recording: it is
        primed from its own first half second, nothing is muted, and that half second comes out at once.
    """
    return StreamFilter(
        emg_band_sos(sfreq, notch_hz=notch_hz),
        n_channels,
        n_mute=round(settling_s(notch_hz) * sfreq),
        n_settle=round(SETTLE_S * sfreq) if prime == "steady" else 0,
    )


def notched_filter(sfreq: float, recent: FloatArray, notch_hz: float) -> "StreamFilter":
    """Make the filter that takes hum out from here on, in the place of one that let it pass.

    It has run through the samples just before, so that it neither rings nor needs a mute: what it gives next differs
    from what the other filter would have given by the hum alone. Channels with a gap in those samples are muted as
    after any gap.

    Parameters
    ----------
    sfreq : float
        Sampling frequency in Hz.
    recent : ndarray of float, shape (n_samples, n_channels)
        Unfiltered samples up to now, 1 s or more; NaN marks a gap.
    notch_hz : float
        Mains frequency to remove.

    Returns
    -------
    StreamFilter
        Its next sample is the one after `recent`.
    """
    made = emg_stream_filter(sfreq, recent.shape[1], notch_hz=notch_hz, prime="steady")
    made.process(recent)
    made.flush()
    return made


def band_pass_whole(x: npt.ArrayLike, sfreq: float, *, notch_hz: float | None = None) -> FloatArray:
    """Band-pass a whole recording: what `emg_stream_filter` primed steady gives, at a third of its cost.

    Parameters
    ----------
    x : array_like of float, shape (n_samples, n_channels)
        Unfiltered samples; NaN and infinity mark a gap.
    sfreq : float
        Sampling frequency in Hz.
    notch_hz : float, optional
        Mains frequency to remove.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_channels)
        See `filter_whole`.
    """
    sos = emg_band_sos(sfreq, notch_hz=notch_hz)
    n_mute, n_settle = round(settling_s(notch_hz) * sfreq), round(SETTLE_S * sfreq)
    return filter_whole(sos, x, n_mute=n_mute, n_settle=n_settle)


def filter_whole(sos: FloatArray, x: npt.ArrayLike, *, n_mute: int = 0, n_settle: int = 0) -> FloatArray:
    """Filter a whole recording at once.

    The same as `StreamFilter` to the last few bits, which alone depend on the size of chunks here: one call of scipy
    for all sections, and nothing kept.

    Parameters
    ----------
    sos, n_mute, n_settle
        As of `StreamFilter`.
    x : array_like of float, shape (n_samples, n_channels)
        Samples in any unit; NaN and infinity mark a gap.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_channels)
        Filtered samples; NaN in gaps and until the filter has settled after one.
    """
    x = np.asarray(x, np.float64)
    steady_zi = signal.sosfilt_zi(sos)
    y = np.full(x.shape, np.nan)
    for channel, ok in enumerate((np.abs(x) <= LARGEST).T):
        for first, end in _runs(ok):
            run = x[first:end, channel]
            primed = n_settle > 0 and first == 0
            before = _before(run, n_settle if primed else 0)
            run = np.concatenate([before, run])
            muted = 0 if primed else n_mute
            y[first + muted : end, channel] = signal.sosfilt(sos, run, zi=steady_zi * run[0])[0][len(before) + muted :]
    return y


def _runs(ok: BoolArray) -> list[list[int]]:
    """Runs of true values, first and end of each: a change is an edge."""
    if ok.all():
        return [[0, len(ok)]] if len(ok) else []
    edges: list[list[int]] = np.flatnonzero(np.diff(ok, prepend=False, append=False)).reshape(-1, 2).tolist()
    return edges


def _before(run: FloatArray, n: int) -> FloatArray:
    """What may have come before a recording: the odd reflection of its first `n` samples about the very first."""
    return np.asarray((2.0 * run[0] - run[:n])[:0:-1], np.float64)


class StreamFilter:
    """A causal filter over all channels of one stream that keeps its state and survives gaps.

    Parameters
    ----------
    sos : ndarray of float64, shape (n_sections, 6)
        Second-order sections, see `emg_band_sos`.
    n_channels : int
        Channels of the stream.
    n_mute : int
        Samples after a gap (and after the start, unless `n_settle`) that are filtered but not valid.
    n_settle : int
        If greater than zero, `process` holds back the first `n_settle` samples, primes the filter with their odd
        reflection about the first one (as `scipy.signal.sosfiltfilt` extends a signal), then lets them all go, valid.
        A channel that begins with a gap is muted after it like any other.

    Notes
    -----
    A sample that is NaN, infinite or beyond float32 is a gap of its own channel alone. The state starts each time as
    if the first sample had stood forever (`scipy.signal.sosfilt_zi`), so that an electrode offset makes no step.
    """

    def __init__(self, sos: FloatArray, n_channels: int, *, n_mute: int = 0, n_settle: int = 0) -> None:
        sos = np.ascontiguousarray(sos, np.float64)
        self._sections = [(section[:3], section[3:]) for section in sos]
        self._steady_zi = np.asarray(signal.sosfilt_zi(sos), np.float64)
        self._zi = np.zeros((*self._steady_zi.shape, n_channels))
        self._primed = np.zeros(n_channels, np.bool_)
        self._mute_left = np.zeros(n_channels, np.int64)
        self._settled = False
        """Whether every channel is primed and none is muted."""
        self._n_mute = n_mute
        self._n_settle = n_settle
        self._held: FloatArray | None = np.empty((0, n_channels)) if n_settle else None

    def process(self, x: npt.ArrayLike) -> tuple[FloatArray, BoolArray]:
        """Filter the next samples.

        Parameters
        ----------
        x : array_like of float, shape (n_samples, n_channels)
            Samples in any unit; NaN and infinity mark a gap.

        Returns
        -------
        y : ndarray of float64, shape (n_samples, n_channels)
            Filtered samples; NaN exactly where `x` is a gap. While a steady start is held back it has no rows, and
            the row that ends it brings all of them.
        valid : ndarray of bool, shape (n_samples, n_channels)
            False in gaps and until the filter has settled after one.
        """
        x = np.asarray(x, np.float64)
        if self._held is None:
            return self._run(x)
        self._held = np.vstack([self._held, x]) if len(self._held) else x
        if len(self._held) < self._n_settle:
            return np.empty((0, x.shape[1])), np.empty((0, x.shape[1]), np.bool_)
        return self.flush()

    def flush(self) -> tuple[FloatArray, BoolArray]:
        """Let go what a steady start still holds back: the stream ended before its first half second was full.

        Returns
        -------
        y, valid : ndarray, shape (n_samples, n_channels)
            As from `process`; no rows if nothing is held back.
        """
        n_channels = len(self._primed)
        held, self._held = self._held, None
        if held is None or not len(held):
            return np.empty((0, n_channels)), np.empty((0, n_channels), np.bool_)
        first = held[: self._n_settle]
        ok = np.abs(first) <= LARGEST
        for channel in np.flatnonzero(ok[0]):
            run = first[: len(ok) if ok[:, channel].all() else int(ok[:, channel].argmin()), channel]
            before = _before(run, self._n_settle)
            start = before[0] if len(before) else run[0]
            self._zi[:, :, channel] = self._steady_zi * start
            if len(before):
                self._through(before, self._zi[:, :, channel])
            self._primed[channel] = True
        return self._run(held)

    def _run(self, x: FloatArray) -> tuple[FloatArray, BoolArray]:
        if not len(x):
            return np.empty(x.shape), np.empty(x.shape, np.bool_)
        ok = np.abs(x) <= LARGEST  # False for NaN too, and never warns
        if ok.all() and (self._settled or self._primed.all()):
            y = self._through(x, self._zi)
            if not self._settled:
                n_muted = min(len(x), int(self._mute_left.max(initial=0)))
                ok[:n_muted] = np.arange(n_muted)[:, np.newaxis] >= self._mute_left
                np.maximum(self._mute_left - len(x), 0, out=self._mute_left)
                self._settled = not self._mute_left.any()
            return y, ok
        self._settled = False

        y = np.full(x.shape, np.nan)
        valid = np.zeros(x.shape, np.bool_)
        for channel in range(x.shape[1]):
            for first, end in _runs(ok[:, channel]):
                if first > 0 or not self._primed[channel]:
                    self._zi[:, :, channel] = self._steady_zi * x[first, channel]
                    self._mute_left[channel] = self._n_mute
                    self._primed[channel] = True
                y[first:end, channel] = self._through(x[first:end, channel], self._zi[:, :, channel])
                muted = min(int(self._mute_left[channel]), end - first)
                valid[first + muted : end, channel] = True
                self._mute_left[channel] -= muted
            self._primed[channel] &= ok[-1, channel]
        return y, valid

    def _through(self, x: FloatArray, zi: FloatArray) -> FloatArray:
        """Filter samples along their first axis, section by section; `zi` (n_sections, 2, ...) moves on in place.

        The same as `scipy.signal.sosfilt`, which spends four fifths of its time on checks where samples are few.
        """
        for (b, a), state in zip(self._sections, zi, strict=True):
            x, state[:] = signal.lfilter(b, a, x, axis=0, zi=state)
        return x
