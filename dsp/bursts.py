"""Bursts of a whole recording, by the very detector that runs live."""

import numpy as np

from dsp.envelope import FloatArray, HopEnergy, MovingRms, hop_samples
from dsp.onset import BACK_DATE_S, DetectorParameters, HopDetector, back_date

Burst = tuple[float, float]


def merge_bursts(bursts: list[Burst], min_burst_s: float, merge_gap_s: float) -> list[Burst]:
    """Join bursts with too little between them, then drop what is too short for a squeeze.

    Parameters
    ----------
    bursts : list of (float, float)
        Onset and offset in seconds, in order of time.
    min_burst_s : float
        Least length of a burst, after joining.
    merge_gap_s : float
        Bursts with a gap shorter than this are one.

    Returns
    -------
    list of (float, float)
        A new list, in order of time.
    """
    joined: list[Burst] = []
    for onset, offset in bursts:
        if joined and onset - joined[-1][1] < merge_gap_s:
            joined[-1] = (joined[-1][0], max(offset, joined[-1][1]))
        else:
            joined.append((onset, offset))
    return [(onset, offset) for onset, offset in joined if offset - onset >= max(min_burst_s, 1e-9)]


def detect_bursts(
    y: FloatArray, sfreq: float, rest: float, reference: float, parameters: DetectorParameters
) -> list[Burst]:
    """Find the bursts of one channel of a whole recording, causally, as the live chain would.

    Parameters
    ----------
    y : ndarray of float64, shape (n_samples,)
        Band-passed samples; NaN where there is no signal.
    sfreq : float
        Sampling frequency in Hz.
    rest, reference : float
        RMS at rest and of the reference contraction, in the unit of `y`; NaN in either finds nothing.
    parameters : DetectorParameters
        See `DetectorParameters.for_reps` for squeezes to be counted.

    Returns
    -------
    list of (float, float)
        Onset and offset in seconds from the first sample. A burst that runs into a gap or the end has no offset and
        is left out.
    """
    hop = hop_samples(sfreq)
    y = np.asarray(y, np.float64)
    column = y[:, np.newaxis]
    energy = HopEnergy(hop, 1).process(column, np.isfinite(column)).energy
    rms_on = MovingRms(max(1, round(parameters.rms_on_s * sfreq / hop)), 1).process(energy)
    rms_off = MovingRms(max(1, round(parameters.rms_off_s * sfreq / hop)), 1).process(energy)
    detector = HopDetector(1, hop / sfreq, parameters)
    detector.set_levels([rest], [reference])
    decisions = detector.process(rms_on, rms_off)

    a_second, most = round(sfreq / hop), round(BACK_DATE_S[1] * sfreq)
    bursts: list[Burst] = []
    onset = earliest = 0.0
    for row in np.flatnonzero(decisions.went_on[:, 0] | decisions.went_off[:, 0]).tolist():
        end = (row + 1) * hop
        if decisions.went_on[row, 0]:
            history = rms_off[max(0, row + 1 - a_second) : row + 1, 0]
            onset = max(earliest, (end - back_date(y[max(0, end - most) : end], sfreq, rest, history)) / sfreq)
        elif not decisions.cut[row, 0]:
            earliest = end / sfreq - parameters.off_lag_s
            bursts.append((onset, earliest))
    return merge_bursts(bursts, parameters.min_burst_s, parameters.merge_gap_s)
