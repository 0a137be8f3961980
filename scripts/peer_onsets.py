"""Onsets that other libraries find, run by the Python of their own environment: numpy and the library, nothing of ours.

    python scripts/peer_onsets.py LIBRARY ARRAYS.npz ONSETS.npz

Each gets whole recordings, as its users do; where its own filter removes most of a glute, it also gets samples behind
our band-pass.
"""

import importlib
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Method = Callable[[Any, Any], Any]
"""Raw and band-passed samples in, onsets in samples out."""


def neurokit2(sfreq: int) -> dict[str, Method]:
    """`emg_process` with its defaults, and its mixture model behind our band-pass."""
    nk = importlib.import_module("neurokit2")

    def default(x: Any, y: Any) -> Any:
        signals, _ = nk.emg_process(x, sampling_rate=sfreq)
        return np.flatnonzero(signals["EMG_Onsets"].to_numpy())

    def mixture(x: Any, y: Any) -> Any:
        amplitude = nk.emg_amplitude(y)
        _, info = nk.emg_activation(amplitude, emg_cleaned=y, sampling_rate=sfreq, method="mixture")
        return info["EMG_Onsets"]

    return {"default": default, "mixture, our band-pass": mixture}


def biosppy(sfreq: int) -> dict[str, Method]:
    """`emg()` with its defaults: onsets and offsets come in one array, every other one is an onset."""
    emg = importlib.import_module("biosppy.signals.emg").emg
    return {"default": lambda x, y: emg(signal=x, sampling_rate=sfreq, show=False)["onsets"][::2]}


def main(name: str, arrays: str, found: str) -> None:
    """Find onsets in the columns of every ``x:CELL``, with ``y:CELL`` behind a band-pass, at ``sfreq``."""
    warnings.simplefilter("ignore")
    given = np.load(arrays)
    sfreq = int(given["sfreq"])
    out: dict[str, Any] = {}
    for method, call in globals()[name](sfreq).items():
        for key in given.files:
            if key.startswith("x:"):
                pairs = zip(given[key].T, given[f"y:{key[2:]}"].T, strict=True)
                for trial, (x, y) in enumerate(pairs):
                    try:
                        onsets = np.asarray(call(x.copy(), y.copy()), np.float64)
                    except Exception as error:  # noqa: BLE001 - a library that fails on a recording found nothing in it
                        sys.stderr.write(f"{name} {method} {key}: {error}\n")
                        onsets = np.empty(0)
                    out[f"{method}|{key[2:]}|{trial}"] = onsets[np.isfinite(onsets)] / sfreq
    np.savez(found, **out)


if __name__ == "__main__":
    main(*sys.argv[1:])
