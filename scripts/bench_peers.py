"""Environments of the libraries that are measured beside this one, and the child processes that run them there."""

import hashlib
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from scripts.dev import ROOT, VENV, venv_program

FloatArray = npt.NDArray[np.float64]
Envelopes = dict[str, tuple[FloatArray, FloatArray]]
"""Array name: ends in seconds, shape (n_ends,), and values, shape (n_ends, n_trials)."""

# Environment: its pins, and the libraries of `peer_envelopes.py` that live in it.
ENVIRONMENTS: Final = {
    "bench": ("bench-requirements.txt", ("neurokit2", "biosppy", "pyemgpipeline", "brainflow")),
    "bench-libemg": ("bench-libemg-requirements.txt", ("libemg",)),
}
TITLES: Final = {
    "neurokit2": "NeuroKit2 0.2.13",
    "biosppy": "BioSPPy 2.2.4",
    "pyemgpipeline": "pyemgpipeline 1.0",
    "brainflow": "BrainFlow 5.23, mean 250",
    "libemg": "LibEMG 2.0.3, RMS 200",
}


def prepare(name: str) -> str | None:
    """Make one environment unless it is as its pins say; returns why it is not there, or None."""
    venv = VENV / name
    pins = ROOT / "scripts" / ENVIRONMENTS[name][0]
    marker = venv / "glutewake-bench"
    fingerprint = hashlib.sha256(str(ROOT).encode() + pins.read_bytes()).hexdigest()
    if marker.is_file() and marker.read_text(encoding="ascii") == fingerprint:
        return None
    print(f"Installing {', '.join(ENVIRONMENTS[name][1])} into {venv.name}; once, some minutes", file=sys.stderr)
    pip = [str(venv_program("python", venv)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for command in ([sys.executable, "-m", "venv", str(venv)], [*pip, "-r", str(pins)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return (done.stderr.strip().splitlines() or ["it could not be installed"])[-1]
    marker.write_text(fingerprint, encoding="ascii")
    return None


def run_peers(arrays: dict[str, tuple[FloatArray, float]], sfreq: int) -> tuple[dict[str, Envelopes], dict[str, str]]:
    """Run every library on the same arrays.

    Parameters
    ----------
    arrays : dict of str to (ndarray of shape (n_samples, n_trials), float)
        Samples, and the second from which values are wanted.
    sfreq : int
        Hz.

    Returns
    -------
    found : dict of str to Envelopes
        By title of the library.
    absent : dict of str to str
        Why a library is missing, by title.
    """
    found: dict[str, Envelopes] = {}
    absent: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "arrays.npz")
        parts: dict[str, Any] = {f"x:{name}": x for name, (x, _) in arrays.items()}
        parts |= {f"first_s:{name}": np.array(first_s) for name, (_, first_s) in arrays.items()}
        np.savez(given, sfreq=np.array(sfreq), **parts)
        jobs = {}
        with ThreadPoolExecutor(max_workers=2) as pool:
            for environment, (_, libraries) in ENVIRONMENTS.items():
                reason = prepare(environment)
                for library in libraries:
                    if reason is None:
                        jobs[library] = pool.submit(_run, environment, library, given, Path(folder))
                    else:
                        absent[TITLES[library]] = reason
        for library, job in jobs.items():
            result = job.result()
            if isinstance(result, str):
                absent[TITLES[library]] = result
            else:
                with np.load(result) as out:
                    found[TITLES[library]] = {
                        name: (out[f"ends:{name}"] / sfreq, out[f"values:{name}"]) for name in arrays
                    }
    return found, absent


def _run(environment: str, library: str, given: Path, folder: Path) -> Path | str:
    """Run one library in a child process; returns its file, or why there is none."""
    out = folder / f"{library}.npz"
    child = ROOT / "scripts" / "peer_envelopes.py"
    command = [str(venv_program("python", VENV / environment)), str(child), library, str(given), str(out)]
    # One thread each: two run at a time, and none of them gains from more on windows of a second.
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=alone, cwd=folder)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
    return out
