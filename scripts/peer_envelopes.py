"""The envelopes of other libraries, run by the Python of their own environment: numpy and the library, nothing of ours.

    python scripts/peer_envelopes.py LIBRARY ARRAYS.npz ENVELOPES.npz

A live program has the past alone. None of these libraries keeps a state from call to call, so each is called as its
users do it live: every 10 ms on the last second, of which the newest value is taken.
"""

import importlib
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Newest = Callable[[Any], float]

WINDOW_S = 1.0
EVERY_S = 0.010


def neurokit2(sfreq: int) -> Newest:
    """`emg_clean` and `emg_amplitude` with their defaults: 100 Hz high-pass, energy operator, 8 Hz low-pass."""
    nk = importlib.import_module("neurokit2")
    return lambda x: float(nk.emg_amplitude(nk.emg_clean(x, sampling_rate=sfreq))[-1])


def biosppy(sfreq: int) -> Newest:
    """What `emg()` looks at for its onsets: 100 Hz high-pass, rectified, boxcar of 50 ms."""
    tools = importlib.import_module("biosppy.signals.tools")

    def newest(x: Any) -> float:
        y = tools.filter_signal(signal=x, ftype="butter", band="highpass", order=4, frequency=100, sampling_rate=sfreq)[
            0
        ]
        return float(tools.smoother(signal=np.abs(y), kernel="boxzen", size=int(0.05 * sfreq), mirror=True)[0][-1])

    return newest


def pyemgpipeline(sfreq: int) -> Newest:
    """Its four processors with their defaults: 10-450 Hz, rectified, 6 Hz low-pass of 4th order, zero phase."""
    own = importlib.import_module("pyemgpipeline.processors")
    steps = [own.DCOffsetRemover(), own.BandpassFilter(sfreq), own.FullWaveRectifier(), own.LinearEnvelope(sfreq)]

    def newest(x: Any) -> float:
        for step in steps:
            x = step.apply(x)
        return float(x[-1])

    return newest


def brainflow(sfreq: int) -> Newest:
    """Its band-pass 20-450 Hz, rectified, and its rolling mean of 250 ms."""
    own = importlib.import_module("brainflow.data_filter")
    butterworth, mean = own.FilterTypes.BUTTERWORTH.value, own.AggOperations.MEAN.value

    def newest(x: Any) -> float:
        y = x - x.mean()
        own.DataFilter.perform_bandpass(y, sfreq, 20.0, 450.0, 4, butterworth, 0.0)
        y = np.abs(y)
        own.DataFilter.perform_rolling_filter(y, sfreq // 4, mean)
        return float(y[-1])

    return newest


def libemg(sfreq: int) -> Newest:
    """Its common filters and the RMS feature of the last 200 ms."""
    filtering = importlib.import_module("libemg.filtering").Filter(sfreq)
    filtering.install_common_filters()
    features = importlib.import_module("libemg.feature_extractor").FeatureExtractor()
    n = sfreq // 5

    def newest(x: Any) -> float:
        y = filtering.filter(x[:, np.newaxis])[-n:]
        return float(features.extract_features(["RMS"], y.T[np.newaxis])["RMS"][0, 0])

    return newest


def envelopes(newest: Newest, x: Any, sfreq: int, first_s: float) -> tuple[Any, Any]:
    """Call a library on every window; returns the ends in samples, and values of shape (n_ends, n_trials)."""
    n = round(WINDOW_S * sfreq)
    ends = np.arange(max(n, round(first_s * sfreq)), len(x) + 1, round(EVERY_S * sfreq))
    columns = np.ascontiguousarray(x.T)
    return ends, np.array([[newest(column[end - n : end].copy()) for column in columns] for end in ends])


def main(library: str, arrays: str, found: str) -> None:
    """Measure all arrays of a file: keys ``x:NAME`` and ``first_s:NAME``, and ``sfreq``."""
    warnings.simplefilter("ignore")
    given = np.load(arrays)
    sfreq = int(given["sfreq"])
    newest: Newest = globals()[library](sfreq)
    out = {}
    for key in given.files:
        if key.startswith("x:"):
            name = key[2:]
            out[f"ends:{name}"], out[f"values:{name}"] = envelopes(
                newest, given[key], sfreq, float(given[f"first_s:{name}"])
            )
    np.savez(found, **out)


if __name__ == "__main__":
    main(*sys.argv[1:])
