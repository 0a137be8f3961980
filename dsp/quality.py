"""Numbers about a contact, window by window: is it open, flat, clipped, humming, moved, or just quiet.

Numbers only. What is too much, in which words, and for how long it must last, is for the session to say.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsp.filters import LARGEST
from dsp.heart import FRAME_S, heart_rate
from dsp.spectrum import measure_spectrum

FloatArray = npt.NDArray[np.float64]

STEP_S = 0.5
SPECTRUM_S = 1.0
HEART_S = 3.0


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
    hum_hz, hum, hum_ratio, motion_ratio, median_hz : ndarray of float64, shape (n_channels,)
        Of the last second, see `dsp.spectrum.Spectrum`.
    heart_hz : ndarray of float64, shape (n_channels,)
        Beats of a heart in the last 3 s, see `dsp.heart.heart_rate`; to be believed at rest alone.
    alike, level_ratio : ndarray of float64, shape (n_channels,)
        Of the last second: see `likeness`, each channel of the pair against the other. NaN for all others.
    """

    lost: FloatArray
    flat: FloatArray
    clipped: FloatArray
    noise: FloatArray
    hum_hz: FloatArray
    hum: FloatArray
    hum_ratio: FloatArray
    motion_ratio: FloatArray
    median_hz: FloatArray
    heart_hz: FloatArray
    alike: FloatArray
    level_ratio: FloatArray


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
    x = np.ascontiguousarray(raw.T)  # a row for each channel: everything along rows is many times faster
    step = x[:, 1:] - x[:, :-1]
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
    x = np.ascontiguousarray(raw.T)
    present = ~np.isnan(x)
    at_rail = np.zeros_like(present)
    for signed in (x, -x) if x.shape[1] >= 3 else ():
        rail = np.fmax.reduce(signed, axis=1, keepdims=True)
        extreme = signed == rail
        # Every channel with samples has one at its extreme; two more anywhere are the least that can be a rail.
        if np.count_nonzero(extreme) < np.count_nonzero(rail == rail) + 2:
            continue
        # Just inside is 2 % of the range, and at least the next value: coarse steps alone are no clipping.
        inner = np.fmax.reduce(np.where(extreme, -np.inf, signed), axis=1, keepdims=True)
        inside = rail - 0.02 * (rail - np.fmin.reduce(signed, axis=1, keepdims=True))
        near = (signed < rail) & (signed >= np.fmin(inner, inside))
        extreme &= (_counts(extreme) > _counts(near))[:, np.newaxis]
        run = extreme[:, :-2] & extreme[:, 1:-1] & extreme[:, 2:]
        at_rail[:, :-2] |= run
        at_rail[:, 1:-1] |= run
        at_rail[:, 2:] |= run
    if full_scale is not None:
        at_rail |= np.abs(x) >= 0.999 * full_scale
    return _share(at_rail, present)


def likeness(y: FloatArray) -> tuple[float, float]:
    """How alike two channels are at the same instant, and how loud the first is beside the second.

    Muscles under two electrodes share no sample: what is alike without any delay is one muscle seen twice, or one
    disturbance. Crosstalk of a fraction f gives about f while both are active, and nearly 1 while one rests.

    Parameters
    ----------
    y : ndarray of float64, shape (n_samples, 2)
        Band-passed samples.

    Returns
    -------
    r, level_ratio : float
        Absolute correlation without delay, and RMS of the first over that of the second; NaN if either channel has a
        NaN or no power.
    """
    (first, both), (_, second) = (y.T @ y).tolist()
    if not (math.isfinite(both) and 0.0 < first < math.inf and 0.0 < second < math.inf):
        return math.nan, math.nan
    rms, other_rms = math.sqrt(first), math.sqrt(second)
    return min(abs(both / rms / other_rms), 1.0), rms / other_rms


SWAPPED_RATIO = 1.5


def is_swapped(clench_left: tuple[float, float], clench_right: tuple[float, float]) -> bool | None:
    """Tell whether the electrodes of left and right are exchanged, from one clench of each cheek.

    Both clenches must say the same: a side that cannot fire alone brings the other with it, and proves nothing.

    Parameters
    ----------
    clench_left, clench_right : tuple of (float, float)
        RMS of the left and of the right channel over at least 1 s, while the person clenched that cheek alone.

    Returns
    -------
    bool or None
        None if the clenches do not tell, or a level is NaN or not above zero.
    """
    levels = (*clench_left, *clench_right)
    if not all(0.0 < level < float("inf") for level in levels):
        return None
    left_of_left, right_of_right = clench_left[0] / clench_left[1], clench_right[1] / clench_right[0]
    if min(left_of_left, right_of_right) > SWAPPED_RATIO:
        return False
    return True if max(left_of_left, right_of_right) < 1.0 / SWAPPED_RATIO else None


class MainsWatch:
    """Decides, once, that hum must be taken out.

    Only hum that is a good part of all power in the band counts: muscle at work drowns it, so that a decision can
    only fall at rest, and hum too weak to matter there is left, because a notch rings. 2 uV of hum beside 3 uV of noise
    are a share of 0.3, and raise the level at rest by a fifth.
    """

    SHARE = 0.25
    STEPS = 4

    def __init__(self, n_channels: int) -> None:
        self._steps = np.zeros(n_channels, np.int64)
        self._hz = np.full(n_channels, np.nan)
        self.mains_hz: float | None = None
        """50 or 60 once decided."""

    def update(self, quality: ChannelQuality) -> bool:
        """Take the next step; returns True at the one step that decides."""
        hums = quality.hum_ratio > self.SHARE
        self._steps = np.where(hums, np.where(quality.hum_hz == self._hz, self._steps, 0) + 1, 0)
        self._hz = quality.hum_hz
        if self.mains_hz is not None or self._steps.max(initial=0) < self.STEPS:
            return False
        self.mains_hz = float(self._hz[self._steps.argmax()])
        return True


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
    pair : tuple of (int, int), optional
        The channels of left and right, where both are among these.
    """

    def __init__(
        self,
        sfreq: float,
        n_channels: int,
        full_scale: float | None = None,
        pair: tuple[int, int] | None = None,
    ) -> None:
        self._sfreq = sfreq
        self._full_scale = full_scale
        self._pair = None if pair is None else list(pair)
        self.step = max(3, round(STEP_S * sfreq))
        """Samples in a step."""
        self._n_spectrum = max(self.step, round(SPECTRUM_S * sfreq))
        self._recent = np.full((n_channels, self._n_spectrum), np.nan)
        self._y_before = np.full((n_channels, self.step), np.nan)
        n_steps = round(HEART_S / STEP_S)
        self._frame = max(1, round(FRAME_S * sfreq))
        self._n_frames = self.step // self._frame or 1
        self._frames = np.full((n_channels, n_steps * self._n_frames), np.nan)
        self._moments = np.full((n_steps, 2, n_channels), np.nan)
        self._raw: list[FloatArray] = []
        self._y: list[FloatArray] = []
        self._n_waiting = 0

    @property
    def room(self) -> int:
        """Samples that the running step still takes."""
        return self.step - self._n_waiting

    @property
    def recent(self) -> FloatArray:
        """Unfiltered samples of the second up to the end of the last step; NaN where there were none."""
        return self._recent.T

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
            One for each step of 0.5 s that is now complete. What spans more is NaN until as much has come.
        """
        raw = np.asarray(raw, np.float64)
        done: list[ChannelQuality] = []
        while len(raw):
            take = min(len(raw), self.room)
            self._raw.append(raw[:take])
            self._y.append(y[:take])
            self._n_waiting += take
            raw, y = raw[take:], y[take:]
            if self._n_waiting == self.step:
                done.append(self._measure(_rows(self._raw), _rows(self._y)))
                self._raw, self._y, self._n_waiting = [], [], 0
        return done

    def _measure(self, x: FloatArray, y: FloatArray) -> ChannelQuality:
        present = np.abs(x) <= LARGEST
        if np.count_nonzero(present) < x.size:
            x = np.where(present, x, np.nan)
        self._recent = np.concatenate([self._recent[:, self.step :], x], axis=1)
        squares = np.square(y)
        power = np.add.reduce(squares, axis=1) / self.step
        noise = np.sqrt(power)
        for channel, mean_square in enumerate(power.tolist()):
            if not math.isfinite(mean_square):
                known = squares[channel][np.isfinite(squares[channel])]
                noise[channel] = np.sqrt(known.mean()) if len(known) else np.nan
        alike, level_ratio = np.full((2, len(x)), np.nan)
        if self._pair is not None:
            r, ratio = likeness(np.concatenate([self._y_before[self._pair], y[self._pair]], axis=1).T)
            alike[self._pair] = r
            level_ratio[self._pair] = ratio, 1.0 / ratio
        self._y_before = y
        return ChannelQuality(
            (self.step - _counts(present)) / self.step,
            flat_share(x.T),
            clipped_share(x.T, self._full_scale),
            noise,
            *measure_spectrum(self._recent.T, self._sfreq),
            self._heart(squares, power),
            alike,
            level_ratio,
        )

    def _heart(self, squares: FloatArray, power: FloatArray) -> FloatArray:
        frames = squares[:, : self._n_frames * self._frame].reshape(len(squares), self._n_frames, -1)
        frame_s = self.step / self._n_frames / self._sfreq
        frames = np.add.reduce(frames, axis=2) / frames.shape[2]
        self._frames = np.concatenate([self._frames[:, self._n_frames :], frames], axis=1)
        self._moments[:-1] = self._moments[1:]
        self._moments[-1] = power, np.add.reduce(np.square(squares), axis=1) / self.step
        moments = np.add.reduce(self._moments, axis=0) / len(self._moments)
        found = []
        for of_channel, (second, fourth) in zip(self._frames, moments.T.tolist(), strict=True):
            kurtosis = fourth / second / second - 3.0 if second > 0.0 else 0.0
            found.append(heart_rate(of_channel, frame_s, kurtosis) if math.isfinite(fourth) else math.nan)
        return np.array(found)


def _rows(parts: list[FloatArray]) -> FloatArray:
    """The parts of a step as a row for each channel: everything along rows is many times faster."""
    return np.array((parts[0] if len(parts) == 1 else np.concatenate(parts)).T, order="C")


def _counts(rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many of every row are true; a call for each costs a fraction of a sum along the axis."""
    return np.array([np.count_nonzero(row) for row in rows], np.int64)


def _share(hits: npt.NDArray[np.bool_], counted: npt.NDArray[np.bool_]) -> FloatArray:
    """What is hit of all that is counted, row by row; hits are always counted."""
    pairs = [(np.count_nonzero(hit), np.count_nonzero(row)) for hit, row in zip(hits, counted, strict=True)]
    return np.array([n_hits / n if n else math.nan for n_hits, n in pairs])
