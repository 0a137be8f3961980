"""What other libraries cost, run by the Python of their own environment: numpy and the library, nothing of ours.

    python scripts/peer_cost.py LIBRARY ARRAYS.npz TIMES.npz

Live, each is called every 10 ms on the window that it needs for its newest value, since none keeps a state; offline,
once on the whole recording, with its defaults.
"""

import importlib
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

CHUNK_S = 0.010
N_CHUNKS, N_WARM_UP = 300, 20
REPEATS = 3


class Library:
    """Seconds of window of the live call, and both calls; samples are (n_samples, n_channels)."""

    def __init__(self, window_s: float, live: Callable[[Any], object], offline: Callable[[Any], object]) -> None:
        self.window_s = window_s
        self.live = live
        self.offline = offline


def neurokit2(sfreq: int) -> Library:
    """`emg_clean` and `emg_amplitude` live, `emg_process` offline."""
    nk = importlib.import_module("neurokit2")

    def live(x: Any) -> object:
        return [nk.emg_amplitude(nk.emg_clean(column, sampling_rate=sfreq)) for column in x.T]

    return Library(1.0, live, lambda x: [nk.emg_process(column, sampling_rate=sfreq) for column in x.T])


def biosppy(sfreq: int) -> Library:
    """`emg()` both times: filter, rectification and onsets."""
    emg = importlib.import_module("biosppy.signals.emg").emg

    def both(x: Any) -> object:
        return [emg(signal=column, sampling_rate=sfreq, show=False) for column in x.T]

    return Library(1.0, both, both)


def pyemgpipeline(sfreq: int) -> Library:
    """Its four processors: offset, band-pass, rectifier, linear envelope."""
    own = importlib.import_module("pyemgpipeline.processors")
    steps = [own.DCOffsetRemover(), own.BandpassFilter(sfreq), own.FullWaveRectifier(), own.LinearEnvelope(sfreq)]

    def both(x: Any) -> object:
        for step in steps:
            x = step.apply(x)
        return x

    return Library(1.0, both, both)


def brainflow(sfreq: int) -> Library:
    """Its band-pass 20-450 Hz alone, in C++ and without a state: on one second live, on everything offline."""
    own = importlib.import_module("brainflow.data_filter")
    butterworth = own.FilterTypes.BUTTERWORTH.value

    def both(x: Any) -> object:
        columns = [np.ascontiguousarray(column) for column in x.T]
        for column in columns:
            own.DataFilter.perform_bandpass(column, sfreq, 20.0, 450.0, 4, butterworth, 0.0)
        return columns

    return Library(1.0, both, both)


def libemg(sfreq: int) -> Library:
    """Its common filters and the RMS feature: of the last 200 ms live, of windows of 200 ms every 10 ms offline."""
    filtering = importlib.import_module("libemg.filtering").Filter(sfreq)
    filtering.install_common_filters()
    features = importlib.import_module("libemg.feature_extractor").FeatureExtractor()
    utils = importlib.import_module("libemg.utils")

    def live(x: Any) -> object:
        return features.extract_features(["RMS"], filtering.filter(x).T[np.newaxis])

    def offline(x: Any) -> object:
        windows = utils.get_windows(filtering.filter(x), sfreq // 5, round(CHUNK_S * sfreq))
        return features.extract_features(["RMS"], windows)

    return Library(0.2, live, offline)


def chunk_us(library: Library, x: Any, sfreq: int) -> Any:
    """Microseconds of each of some hundred calls; fewer where a call takes long."""
    n, step = round(library.window_s * sfreq), round(CHUNK_S * sfreq)
    times: list[float] = []
    for end in range(n, min(len(x), n + (N_CHUNKS + N_WARM_UP) * step), step):
        window = x[end - n : end].copy()
        start_ns = time.perf_counter_ns()
        library.live(window)
        times.append((time.perf_counter_ns() - start_ns) / 1e3)
        if sum(times) > 4e6:
            break
    return np.array(times[N_WARM_UP:] if len(times) > 2 * N_WARM_UP else times)


def main(name: str, arrays: str, found: str) -> None:
    """Time one library on the arrays ``live:N`` and ``offline``, at ``sfreq``."""
    warnings.simplefilter("ignore")
    given = np.load(arrays)
    sfreq = int(given["sfreq"])
    library: Library = globals()[name](sfreq)
    out = {
        f"chunk_us:{key[5:]}": chunk_us(library, given[key], sfreq) for key in given.files if key.startswith("live:")
    }
    times = []
    for _ in range(REPEATS):
        start_ns = time.perf_counter_ns()
        library.offline(given["offline"].copy())
        times.append((time.perf_counter_ns() - start_ns) * 1e-9)
        if sum(times) > 8.0:
            break
    out["offline_s"] = np.array(times)
    np.savez(found, **out)


if __name__ == "__main__":
    main(*sys.argv[1:])
