"""How near onsets are to the truth, how many are missed and how many invented, beside those of other libraries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from app.pipeline.chain import StreamChain
from drivers.types import SampleBlock, StreamInfo
from dsp.filters import band_pass_whole, emg_band_sos
from dsp.offline import find_bursts
from dsp.onset import DetectorParameters
from dsp.rest import estimate_levels
from scripts import bench_signals as signals
from scripts.bench_peers import ask_peers

FloatArray = npt.NDArray[np.float64]

SFREQ: Final = 1000
SNR_DB: Final = (5, 10, 20)
RAMPS_S: Final = (0.0, 0.1)
N_TRIALS: Final = 60
"""Recordings of a cell, about 1100 onsets: the p95 of a decision then has a standard error of 2 to 3 ms at 5 dB."""
N_PEER_TRIALS: Final = 4
"""Recordings that the other libraries see, the first of ours: they take seconds for each."""
N_BOOTSTRAP: Final = 200
DURATION_S: Final = 60.0
REST_S: Final = 3.0
BLOCK: Final = 100
NEAR_S: Final = 0.5
"""An onset so far from a true one is another one."""
LIVE: Final = "live"
OFFLINE: Final = "offline"
MOST_MS: Final = {
    LIVE: {0.0: (8.0, 4.0, 2.0), 0.1: (60.0, 46.0, 24.0)},
    OFFLINE: {0.0: (8.0, 4.0, 2.0), 0.1: (42.0, 23.0, 6.5)},
}
"""Mean error asked for, by ramp and at each SNR (A5, A6, A6b)."""
MOST_DECIDED_MS: Final = (95.0, 56.0, 47.0)
"""When an abrupt start must have been decided, p95 at each SNR (A7)."""
PEERS: Final = {"neurokit2": "NeuroKit2", "biosppy": "BioSPPy"}


@dataclass(frozen=True, slots=True)
class Cell:
    """Recordings of one SNR and ramp: samples as they come, behind our band-pass, and the true onsets of each."""

    x: FloatArray
    y: FloatArray
    truth: list[FloatArray]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one method in one cell; times in ms, each with its standard error, NaN where nothing was found."""

    n_onsets: int
    recall_pct: float
    false_per_min: float
    bias_ms: float
    mean_ms: float
    mean_error_ms: float
    p95_ms: float
    decision_p95_ms: float | None = None
    decision_error_ms: float | None = None


def cells(seed: int) -> dict[str, Cell]:
    """Every cell by its name; rest noise of 5 within the band, gaps and bursts of 1 to 2 s."""
    found = {}
    sos = emg_band_sos(SFREQ)
    for snr_db in SNR_DB:
        for ramp_s in RAMPS_S:
            rng = np.random.default_rng([seed, 300, snr_db, round(1000 * ramp_s)])
            n = round(DURATION_S * SFREQ)
            t = np.arange(n) / SFREQ
            x, truth = np.empty((n, N_TRIALS)), []
            for trial in range(N_TRIALS):
                edges = REST_S + np.cumsum(rng.uniform(1.0, 2.0, 60)) - 1.0
                onsets, offsets = edges[0:-1:2], edges[1::2]
                kept = offsets < DURATION_S - 0.5
                onsets, offsets = onsets[kept], offsets[kept]
                inside = np.minimum(t[:, np.newaxis] - onsets, offsets - t[:, np.newaxis])
                way = np.clip(inside / ramp_s, 0.0, 1.0) if ramp_s else (inside >= 0.0).astype(np.float64)
                noise, muscle = rng.standard_normal(n), signals.emg(rng, n, 1, SFREQ)[:, 0]
                noise, muscle = (part / np.std(signal.sosfilt(sos, part)) for part in (noise, muscle))
                x[:, trial] = 5.0 * (noise + 10 ** (snr_db / 20) * way.sum(axis=1) * muscle)
                truth.append(onsets)
            found[_name(snr_db, ramp_s)] = Cell(x, signal.sosfiltfilt(sos, x, axis=0), truth)
    return found


def measure(seed: int, *, with_peers: bool) -> tuple[dict[str, dict[str, Score]], dict[str, str]]:
    """Score every method in every cell; returns the scores by method and cell, and why a library is absent."""
    made = cells(seed)
    scores: dict[str, dict[str, Score]] = {
        LIVE: {name: score(cell.truth, [live(x) for x in cell.x.T]) for name, cell in made.items()}
    }
    for method, find in {OFFLINE: offline, "scipy Hodges-Bui": hodges_bui, "scipy TKEO": tkeo}.items():
        scores[method] = {name: score(cell.truth, [(find(x), None) for x in cell.x.T]) for name, cell in made.items()}
    if not with_peers:
        return scores, {}
    few = slice(N_PEER_TRIALS)
    arrays = {f"x:{name}": cell.x[:, few] for name, cell in made.items()}
    arrays |= {f"y:{name}": cell.y[:, few] for name, cell in made.items()}
    answers, absent = ask_peers("peer_onsets.py", {**arrays, "sfreq": np.array(SFREQ)}, PEERS, n_workers=2)
    for title, answer in answers.items():
        for method in dict.fromkeys(key.split("|")[0] for key in answer):
            scores[f"{title} {method}"] = {
                name: score(
                    cell.truth[few], [(answer[f"{method}|{name}|{trial}"], None) for trial in range(N_PEER_TRIALS)]
                )
                for name, cell in made.items()
            }
    return scores, absent


def score(truth: list[FloatArray], found: list[tuple[FloatArray, FloatArray | None]]) -> Score:
    """Compare what was found in each recording (onsets, and when each was decided) with the truth."""
    errors: list[float] = []
    delays: list[float] = []
    n_false = 0
    for true, (onsets, decided) in zip(truth, found, strict=True):
        used: set[int] = set()
        for onset in true.tolist():
            near = int(np.abs(onsets - onset).argmin()) if len(onsets) else -1
            if near < 0 or near in used or abs(float(onsets[near]) - onset) > NEAR_S:
                continue
            used.add(near)
            errors.append(1000.0 * (float(onsets[near]) - onset))
            if decided is not None:
                delays.append(1000.0 * (float(decided[near]) - onset))
        n_false += len(onsets) - len(used)
    n_true = sum(map(len, truth))
    away = np.abs(errors) if errors else np.array([np.nan])
    decided_ms = np.array(delays)
    draws = np.random.default_rng(1).integers(0, len(delays), (N_BOOTSTRAP, len(delays))) if delays else None
    return Score(
        n_onsets=len(errors),
        recall_pct=100.0 * len(errors) / n_true,
        false_per_min=n_false / (len(truth) * DURATION_S / 60.0),
        bias_ms=float(np.median(errors)) if errors else float("nan"),
        mean_ms=float(away.mean()),
        mean_error_ms=float(away.std() / np.sqrt(len(away))),
        p95_ms=float(np.percentile(away, 95)),
        decision_p95_ms=None if draws is None else float(np.percentile(decided_ms, 95)),
        decision_error_ms=None if draws is None else float(np.percentile(decided_ms[draws], 95, axis=1).std()),
    )


def _levels(x: FloatArray) -> tuple[float, float]:
    """Rest from the first 2.5 s, as a calibration has it, and the reference of a session."""
    y = signal.sosfilt(emg_band_sos(SFREQ), x)
    return float(np.std(y[: round(2.5 * SFREQ)])), estimate_levels(y, SFREQ)[1]


def live(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Onsets of our live chain, block by block, and when each was decided."""
    rest, reference = _levels(x)
    chain = StreamChain(StreamInfo("unit", float(SFREQ), ("left",)), (0,), prime="mute")
    chain.set_levels(np.array([rest]), np.array([reference]), follow_rest=True)
    onsets, decided = [], []
    for first in range(0, len(x), BLOCK):
        samples = x[first : first + BLOCK, np.newaxis].astype(np.float32)
        hops = chain.push(SampleBlock("unit", samples, first, 0, round((first + len(samples)) / SFREQ * 1e9)))
        for one in chain.detect(hops, 0, len(hops)):
            if one.rises:
                onsets.append(one.index / SFREQ)
                decided.append(float(hops.end_index[one.hop]) / SFREQ)
    return np.array(onsets), np.array(decided)


def offline(x: FloatArray) -> FloatArray:
    """Onsets of our detector for whole recordings."""
    rest, reference = _levels(x)
    raw = x[:, np.newaxis]
    y, parameters = band_pass_whole(raw, SFREQ), DetectorParameters.for_onsets(SFREQ)
    bursts = find_bursts(raw, y, SFREQ, [rest], [reference], parameters)[0]
    return np.array([onset for onset, _ in bursts])


def hodges_bui(x: FloatArray) -> FloatArray:
    """Hodges and Bui 1996: rectified, 50 Hz low-pass, mean of 25 ms above rest + 3 SD."""
    y = np.abs(signal.sosfiltfilt(emg_band_sos(SFREQ), x))
    return _threshold(signal.sosfiltfilt(signal.butter(2, 50.0, fs=SFREQ, output="sos"), y), 0.025, np.mean)


def tkeo(x: FloatArray) -> FloatArray:
    """Solnik 2008: energy operator, 50 Hz low-pass of its size, 50 ms above rest + 3 SD."""
    y = signal.sosfiltfilt(emg_band_sos(SFREQ), x)
    energy = np.abs(y[1:-1] ** 2 - y[2:] * y[:-2])
    return _threshold(signal.sosfiltfilt(signal.butter(2, 50.0, fs=SFREQ, output="sos"), energy), 0.050, np.min)


def _threshold(level: FloatArray, for_s: float, of_window: Callable[..., FloatArray]) -> FloatArray:
    rest = level[: round(2.5 * SFREQ)]
    n = round(for_s * SFREQ)
    held = of_window(np.lib.stride_tricks.sliding_window_view(level, n), axis=1) > rest.mean() + 3.0 * rest.std()
    starts = np.flatnonzero(np.diff(held, prepend=False) & held) / SFREQ
    # What flickers within 300 ms of an onset is that onset.
    return starts[np.diff(starts, prepend=-np.inf) > 0.3] if len(starts) else starts


def promises(scores: dict[str, dict[str, Score]]) -> Iterable[tuple[str, bool]]:
    """What is promised of onsets: a sentence each, with its standard error, and whether it is kept."""
    for method, by_ramp in MOST_MS.items():
        for ramp_s, limits in by_ramp.items():
            for snr_db, most_ms in zip(SNR_DB, limits, strict=True):
                name = _name(snr_db, ramp_s)
                one = scores[method][name]
                text = f"onsets, {method}, {name}: {one.mean_ms:.1f} ± {one.mean_error_ms:.1f} ms (at most {most_ms:g})"
                yield text, one.mean_ms <= most_ms
    for snr_db, most_ms in zip(SNR_DB, MOST_DECIDED_MS, strict=True):
        name = _name(snr_db, 0.0)
        p95_ms, error_ms = scores[LIVE][name].decision_p95_ms, scores[LIVE][name].decision_error_ms
        if p95_ms is not None and error_ms is not None:
            text = f"onsets, decided, {name}: p95 {p95_ms:.0f} ± {error_ms:.0f} ms (at most {most_ms:g})"
            yield text, p95_ms <= most_ms
    for method in (LIVE, OFFLINE):
        sure = all(one.recall_pct == 100.0 and one.false_per_min == 0.0 for one in scores[method].values())
        yield f"onsets, {method}: all found and none invented", sure


def _name(snr_db: int, ramp_s: float) -> str:
    return f"{snr_db} dB, ramp {1000 * ramp_s:.0f} ms"


def table(scores: dict[str, dict[str, Score]]) -> str:
    """Every method and cell."""
    width = max(map(len, scores))
    names = list(next(iter(scores.values())))
    lines = [
        "\nOnsets: recall % / false a minute / mean error ms ± its standard error (live: also when decided, p95 after "
        f"the truth, ms); {N_TRIALS} recordings of {DURATION_S:.0f} s a cell, {N_PEER_TRIALS} for the libraries",
        " " * width + "".join(f"{name:>36}" for name in names),
    ]
    for method, by_cell in scores.items():
        row = ""
        for one in by_cell.values():
            decided = (
                "" if one.decision_p95_ms is None else f" ({one.decision_p95_ms:.0f} ± {one.decision_error_ms:.0f})"
            )
            cell = (
                f"{one.recall_pct:.0f} /{one.false_per_min:5.2f} /{one.mean_ms:6.1f} ± {one.mean_error_ms:.1f}{decided}"
            )
            row += f"{cell:>36}"
        lines.append(f"{method:<{width}}{row}")
    return "\n".join(lines)
