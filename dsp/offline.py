"""Onsets and offsets of a whole recording, for review and reports: as near to the truth as the samples allow.

The live detector says where the bursts are; here each edge is then placed anew, with what came after it in view. Two
stories compete: the muscle came on at once, or it grew. Whoever believes in one alone is wrong about the other, by
2 to 30 ms (a step told as a ramp) or by 60 ms (a ramp told as a step).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import signal

from dsp.bursts import Burst, detect_bursts, merge_bursts
from dsp.filters import SETTLE_S, emg_band_sos, filter_whole, settling_s
from dsp.onset import DetectorParameters
from dsp.rest import LEVEL_S, LOW_OF_STEADY, REST_PERCENTILE

FloatArray = npt.NDArray[np.float64]

MUSCLE_HZ = 120.0
"""One pole here weighs frequencies about as they favour muscle over white noise: 1 ms slower, 10 % nearer at 5 dB."""
RAMPS_S = (0.08, 0.12, 0.18, 0.28)
"""Lengths of a growing start that are told apart; shorter ones pass as steps."""
STEP_PRIOR = 0.83
INDEPENDENT_HZ, INDEPENDENT_SHARE = 300.0, 0.55
"""Independent squares a second of what remains in the band, and their share of slow samples: neighbours repeat."""

_BIN_S = 0.001
_RAMP_BINS = 4
_BEFORE_S, _AFTER_S = 0.450, 0.500
"""The window of an edge, around the causal onset."""
_QUIET_S, _GUARD_S, _BUSY_S = 1.0, 0.120, (0.100, 0.600)
"""Where the levels before and after an edge are measured: far enough from it to know neither its ramp nor its error."""
_NEIGHBOUR_S = 0.050
"""Room left to the burst before; one that is nearer is the tail of that burst."""
_LEAST_RATIO = 1.05


class _Edges(NamedTuple):
    """Windows of every start of one channel, in bins: ``x`` is relative to the level before, 0 where not counted."""

    x: FloatArray
    counted: FloatArray
    gain: FloatArray
    first: npt.NDArray[np.intp]


def find_bursts(
    raw: FloatArray,
    y: FloatArray,
    sfreq: float,
    rest: npt.ArrayLike,
    reference: npt.ArrayLike,
    parameters: DetectorParameters,
    *,
    notch_hz: float | None = None,
) -> list[list[Burst]]:
    """Find the bursts of a whole recording.

    Candidates come from `dsp.bursts.detect_bursts`. Around each edge the squares of the samples are compared with a
    level that jumps, and with levels that grow linearly in amplitude over 80 to 280 ms (maximum likelihood of a change
    of variance; Staude 2001 has the step). The edge is the median of the posterior over all starts and all stories,
    steps being favoured five to one. Onsets are looked for behind a causal filter and offsets behind the same filter
    run backwards: what lies on the quiet side of an edge then never hears the loud side.

    Parameters
    ----------
    raw : ndarray of float, shape (n_samples, n_channels)
        Unfiltered samples; NaN where there is no signal.
    y : ndarray of float64, shape (n_samples, n_channels)
        The same samples behind `dsp.filters.band_pass_whole`.
    sfreq : float
        Sampling frequency in Hz, above 50.
    rest, reference : array_like of float, shape (n_channels,)
        RMS at rest and of the reference contraction after the band-pass; NaN in either finds nothing.
    parameters : DetectorParameters
        Of the candidates.
    notch_hz : float, optional
        Mains frequency that was removed from `y`.

    Returns
    -------
    list of list of (float, float)
        For each channel, onset and offset in seconds from the first sample, in order and without overlap. A burst that
        runs into a gap or the end has no offset and is left out.
    """
    x = np.asarray(raw, np.float64)
    rests, references = np.asarray(rest, np.float64), np.asarray(reference, np.float64)
    n_channels = x.shape[1]
    candidates = [
        merge_bursts(
            detect_bursts(y[:, channel], sfreq, float(rests[channel]), float(references[channel]), parameters),
            parameters.min_burst_s,
            max(parameters.merge_gap_s, _NEIGHBOUR_S),
        )
        for channel in range(n_channels)
    ]
    if not any(candidates):
        return candidates

    muscle = signal.butter(1, min(MUSCLE_HZ, 0.4 * sfreq), fs=sfreq, output="sos")
    ahead = filter_whole(muscle, y)
    behind = filter_whole(
        np.vstack([emg_band_sos(sfreq, notch_hz=notch_hz), muscle]),
        x[::-1],
        n_mute=round(settling_s(notch_hz) * sfreq),
        n_settle=round(SETTLE_S * sfreq),
    )
    bin_samples = max(1, round(_BIN_S * sfreq))
    bin_s, end_s = bin_samples / sfreq, len(x) / sfreq
    independent = min(INDEPENDENT_HZ, INDEPENDENT_SHARE * sfreq) * bin_s
    found: list[list[Burst]] = []
    for channel, bursts in enumerate(candidates):
        mirrored = [(end_s - offset, end_s - onset) for onset, offset in reversed(bursts)]
        onsets = _starts(_bins(ahead[:, channel], bin_samples), bin_s, bursts, independent)
        ends = _starts(_bins(behind[:, channel], bin_samples), bin_s, mirrored, independent)
        found.append(_in_order(bursts, onsets, [end_s - end for end in reversed(ends)]))
    return found


def _bins(y: FloatArray, bin_samples: int) -> FloatArray:
    n_bins = len(y) // bin_samples
    bins = y[: n_bins * bin_samples].reshape(n_bins, bin_samples)
    return np.asarray(np.einsum("ij,ij->i", bins, bins) / bin_samples, np.float64)


def _starts(power: FloatArray, bin_s: float, bursts: Sequence[Burst], independent: float) -> list[float]:
    """Place the start of every burst anew, from the mean square of every bin, of which `independent` is news."""
    if not bursts:
        return []
    edges = _edges(power, bin_s, bursts)
    n = edges.x.shape[1]
    before = _sums(edges.x)
    after = _sums(edges.x / edges.gain[:, np.newaxis] + edges.counted * np.log(edges.gain)[:, np.newaxis])
    # Minus twice the log likelihood of a start at each bin, relative to the level before.
    costs = [(1, STEP_PRIOR, (before + after[:, -1:] - after)[:, :-1])]
    coarse = edges.x[:, : n // _RAMP_BINS * _RAMP_BINS].reshape(len(bursts), -1, _RAMP_BINS).mean(axis=2)
    for ramp_s in RAMPS_S:
        k = round(ramp_s / bin_s / _RAMP_BINS)
        if not 0 < k < coarse.shape[1]:
            continue
        # Muscle and rest are independent, so powers add; the muscle's amplitude grows linearly.
        level = 1.0 + (edges.gain[:, np.newaxis] - 1.0) * np.square((np.arange(k) + 0.5) / k)
        rising = np.lib.stride_tricks.sliding_window_view(coarse, k, axis=1) @ (1.0 / level)[:, :, np.newaxis]
        starts = np.arange(rising.shape[1]) * _RAMP_BINS
        cost = before[:, starts] + after[:, -1:] - after[:, starts + k * _RAMP_BINS]
        cost += _RAMP_BINS * (rising[:, :, 0] + np.log(level).sum(axis=1)[:, np.newaxis])
        costs.append((_RAMP_BINS, (1.0 - STEP_PRIOR) / len(RAMPS_S), cost))

    least = np.min([cost.min(axis=1) for _, _, cost in costs], axis=0)
    posterior = np.zeros((len(bursts), n))
    for stride, prior, cost in costs:
        likelihood = prior * stride * np.exp(0.5 * independent * (least[:, np.newaxis] - cost))
        posterior[:, : stride * cost.shape[1] : stride] += likelihood
    mass = np.cumsum(posterior, axis=1)
    middle = np.argmax(mass >= mass[:, -1:] / 2.0, axis=1)
    return [float(start) for start in (edges.first + middle) * bin_s]


def _sums(values: FloatArray) -> FloatArray:
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _edges(power: FloatArray, bin_s: float, bursts: Sequence[Burst]) -> _Edges:
    n = round((_BEFORE_S + _AFTER_S) / bin_s)
    x, counted = np.zeros((len(bursts), n)), np.zeros((len(bursts), n))
    gain, first = np.empty(len(bursts)), np.empty(len(bursts), np.intp)
    quiet, free_s = _quiet(power, bin_s), 0.0
    for edge, (onset, offset) in enumerate(bursts):
        start = round(max(free_s, onset - _BEFORE_S) / bin_s)
        stop = min(start + n, round(min(onset + _AFTER_S, offset) / bin_s))
        low = _mean(power, max(free_s, onset - _QUIET_S), onset - _GUARD_S, bin_s)
        high = _mean(power, onset + _BUSY_S[0], min(onset + _BUSY_S[1], offset - _NEIGHBOUR_S), bin_s)
        high = high if high > 0.0 else _mean(power, onset, offset, bin_s, least_s=0.0)
        low = low if low > 0.0 else quiet
        floor = max(high * 1e-12, float(np.finfo(np.float64).tiny))
        low = max(low, floor) if low > 0.0 else floor
        gain[edge] = max(high / low, _LEAST_RATIO) if np.isfinite(high) else _LEAST_RATIO
        seen = power[start:stop]
        known = np.isfinite(seen)
        x[edge, : len(seen)] = np.where(known, seen, 0.0) / low
        counted[edge, : len(seen)] = known
        first[edge] = start
        free_s = offset + _NEIGHBOUR_S
    return _Edges(x, counted, gain, first)


def _quiet(power: FloatArray, bin_s: float) -> float:
    """Mean square at rest, wherever in the recording the muscle rested: for bursts with no rest of their own."""
    k = round(LEVEL_S / bin_s)
    levels = power[: len(power) // k * k].reshape(-1, k).mean(axis=1)
    levels = levels[np.isfinite(levels)]
    return float(np.percentile(levels, REST_PERCENTILE)) / LOW_OF_STEADY**2 if len(levels) else float("nan")


def _mean(power: FloatArray, start_s: float, stop_s: float, bin_s: float, least_s: float = 0.1) -> float:
    """Mean of what is known in a stretch; NaN if less than `least_s` is."""
    known = power[max(0, round(start_s / bin_s)) : max(0, round(stop_s / bin_s))]
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) > least_s / bin_s else float("nan")


def _in_order(bursts: Sequence[Burst], onsets: Sequence[float], offsets: Sequence[float]) -> list[Burst]:
    """Pair the edges; where both edges of a burst passed each other, it stays as it was found."""
    ordered: list[Burst] = []
    before = 0.0
    for found, onset, offset in zip(bursts, onsets, offsets, strict=True):
        onset, offset = (onset, offset) if onset < offset else found
        ordered.append((max(onset, before), max(offset, onset, before)))
        before = ordered[-1][1]
    return ordered
