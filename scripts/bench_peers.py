"""Environments of the libraries that are measured beside this one, and the child processes that run them there."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
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
    parts: dict[str, Any] = {f"x:{name}": x for name, (x, _) in arrays.items()}
    parts |= {f"first_s:{name}": np.array(first_s) for name, (_, first_s) in arrays.items()}
    answers, absent = ask_peers("peer_envelopes.py", {"sfreq": np.array(sfreq), **parts}, TITLES, n_workers=2)
    found = {
        title: {name: (out[f"ends:{name}"] / sfreq, out[f"values:{name}"]) for name in arrays}
        for title, out in answers.items()
    }
    return found, absent


def ask_peers(
    script: str, arrays: Mapping[str, npt.NDArray[Any]], titles: Mapping[str, str], *, n_workers: int
) -> tuple[dict[str, dict[str, FloatArray]], dict[str, str]]:
    """Let a script answer for every library, each in its own environment and process.

    Parameters
    ----------
    script : str
        File in this folder that takes LIBRARY ARRAYS.npz ANSWERS.npz.
    arrays : mapping of str to ndarray
    titles : mapping of str to str
        What each library that is asked for is called in tables.
    n_workers : int
        How many run at a time; 1 where time is measured.

    Returns
    -------
    answers : dict of str to dict of str to ndarray
        By title of the library.
    absent : dict of str to str
        Why a library is missing, by title.
    """
    answers: dict[str, dict[str, FloatArray]] = {}
    absent: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "arrays.npz")
        named: dict[str, Any] = dict(arrays)
        np.savez(given, **named)
        jobs = {}
        with ThreadPoolExecutor(max_workers=n_workers) as pool:
            for environment, (_, libraries) in ENVIRONMENTS.items():
                reason = prepare(environment)
                for library in libraries:
                    if library not in titles:
                        continue
                    if reason is None:
                        jobs[library] = pool.submit(_run, environment, script, library, given, Path(folder))
                    else:
                        absent[titles[library]] = reason
        for library, job in jobs.items():
            result = job.result()
            if isinstance(result, str):
                absent[titles[library]] = result
            else:
                with np.load(result) as out:
                    answers[titles[library]] = dict(out)
    return answers, absent


def _run(environment: str, script: str, library: str, given: Path, folder: Path) -> Path | str:
    """Run one library in a child process; returns its file, or why there is none."""
    out = folder / f"{library}.npz"
    child = ROOT / "scripts" / script
    command = [str(venv_program("python", VENV / environment)), str(child), library, str(given), str(out)]
    # One thread each: two run at a time, and none of them gains from more on windows of a second.
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=alone, cwd=folder)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
    return out
