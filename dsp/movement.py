"""How much an electrode itself is moved: a tap or a press on a pad shows in the raw signal, whatever its muscle can do.

A tap is a jump within a sample or two; a press is a slow shift below the band of EMG. Muscle at work gives neither: it
lasts, and nearly all of it lies above 15 Hz.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

FloatArray = npt.NDArray[np.float64]

WINDOW_S: Final = 0.05
TOTAL, SLOW, JUMP = 0, 1, 2
"""Columns of a window: RMS above 1 Hz, RMS of 1 to 15 Hz, largest difference of neighbouring samples."""
N_COLUMNS: Final = 3
_CORNERS_HZ: Final = (1.0, 15.0)

JUMP_OVER_USUAL: Final = 10.0
"""A tap's jump against the usual one of the half second before and after. Rest alone reaches 3; a muscle that begins to
work is the usual itself; a tap of 1 mV on a noisy electrode makes 20."""
_AROUND: Final = 21
"""Windows of that second."""
SLOW_OVER_USUAL: Final = 8.0
"""A press's shift against the usual one of all seconds."""
SLOW_SHARE: Final = 0.5
"""A press is slow for the most part; of EMG a tenth is."""
APART: Final = 4
"""Windows between two touches: nobody taps five times a second, and a pad swings for a tenth after a tap."""
OWN_OVER_OTHER: Final = 3.0
"""The pad that is touched moves so much more than the other, which the body shakes along."""


class Movement:
    """Measure the movement of every channel in windows of 50 ms, for any chunk size.

    Parameters
    ----------
    sfreq : float
        Sampling frequency in Hz.
    n_channels : int
    """

    def __init__(self, sfreq: float, n_channels: int) -> None:
        self._window = max(2, round(WINDOW_S * sfreq))
        self._sos = [
            np.asarray(signal.butter(1, _CORNERS_HZ[0], "highpass", fs=sfreq, output="sos")),
            np.asarray(signal.butter(1, _CORNERS_HZ[1], "lowpass", fs=sfreq, output="sos")),
        ]
        self._state = [np.zeros((len(sos), 2, n_channels)) for sos in self._sos]
        self._last: FloatArray | None = None
        self._raw = np.empty((0, n_channels))

    def process(self, raw: npt.NDArray[np.floating]) -> FloatArray:
        """Take the next raw samples.

        Parameters
        ----------
        raw : ndarray of float, shape (n_samples, n_channels)
            In any unit, with any offset; NaN is lost.

        Returns
        -------
        ndarray of float64, shape (n_windows, 3, n_channels)
            `TOTAL`, `SLOW`, `JUMP` of each window that is complete now, in the unit of `raw`; NaN for a channel that
            lost a sample of it.
        """
        self._raw = np.concatenate([self._raw, np.asarray(raw, np.float64)])
        windows = []
        while len(self._raw) >= self._window:
            windows.append(self._measure(self._raw[: self._window]))
            self._raw = self._raw[self._window :]
        return np.array(windows).reshape(len(windows), N_COLUMNS, self._raw.shape[1])

    def _measure(self, raw: FloatArray) -> FloatArray:
        lost = ~np.isfinite(raw)
        if self._last is None:
            # The offset of a device is no movement: the filter starts as if it had always been there.
            self._last = np.where(lost[0], 0.0, raw[0])
            self._state[0] = signal.sosfilt_zi(self._sos[0])[:, :, np.newaxis] * self._last
        held = np.where(lost, self._last, raw)
        above, self._state[0] = signal.sosfilt(self._sos[0], held, axis=0, zi=self._state[0])
        slow, self._state[1] = signal.sosfilt(self._sos[1], above, axis=0, zi=self._state[1])
        jumps = np.abs(np.diff(np.concatenate([self._last[np.newaxis], held]), axis=0))
        self._last = held[-1]
        rows = np.stack(
            [np.sqrt(np.square(above).mean(axis=0)), np.sqrt(np.square(slow).mean(axis=0)), jumps.max(axis=0)]
        )
        return np.where(lost.any(axis=0), np.nan, rows)


def movement_strength(windows: FloatArray) -> FloatArray:
    """How strongly each electrode was tapped or pressed within some seconds.

    Parameters
    ----------
    windows : ndarray of float64, shape (n_windows, 3, n_channels)
        From `Movement.process`; NaN is left out.

    Returns
    -------
    ndarray of float64, shape (n_channels,)
        Largest `TOTAL` of a window that shows a tap or a press, in the unit of the samples; 0 if none does.
    """
    strength = np.zeros(windows.shape[2])
    for channel in range(windows.shape[2]):
        known = _known(windows[:, :, channel])
        strength[channel] = known[_shows_touch(known), TOTAL].max(initial=0.0)
    return strength


def count_touches(windows: FloatArray) -> int:
    """Count the taps and presses on one electrode; windows whose next half second is not known yet are left out.

    So a tap that was counted stays counted: what comes later changes no surroundings of it. A press may not: how slow a
    channel usually is, is known at the end alone.

    Parameters
    ----------
    windows : ndarray of float64, shape (n_windows, 3)
        Of one channel, from `Movement.process`; NaN is left out.

    Returns
    -------
    int
        Touches at least `APART` windows from each other; 0 wherever `movement_strength` is 0.
    """
    known = _known(windows)
    at = np.flatnonzero(_shows_touch(known)[: max(0, len(known) - _AROUND // 2)])
    return int(len(at) > 0) + int(np.count_nonzero(np.diff(at) > APART))


def _known(windows: FloatArray) -> FloatArray:
    """Windows of one channel that lost no sample."""
    return windows[np.isfinite(windows).all(axis=1)]


def _shows_touch(known: FloatArray) -> npt.NDArray[np.bool_]:
    """Which windows of one channel show a tap or a press, shape (n_windows,)."""
    if not len(known):
        return np.zeros(0, np.bool_)
    jump, slow, total = known[:, JUMP], known[:, SLOW], known[:, TOTAL]
    usual_jump = ndimage.median_filter(jump, _AROUND, mode="mirror")
    tapped = (jump >= JUMP_OVER_USUAL * usual_jump) & (jump > 0.0)
    pressed = (slow >= SLOW_OVER_USUAL * np.median(slow)) & (slow >= SLOW_SHARE * total) & (slow > 0.0)
    return np.asarray(tapped | pressed)


def moved_one(strength: tuple[float, float]) -> int | None:
    """Which of two electrodes was touched: 0 or 1, None if neither moved clearly more than the other."""
    first, second = strength
    if max(first, second) <= 0.0 or max(first, second) < OWN_OVER_OTHER * min(first, second):
        return None
    return 0 if first > second else 1
