"""What the chain costs: microseconds for every 10 ms of samples, and seconds for a whole recording, beside others."""

import time
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import signal

from app.pipeline.chain import Bars, StreamChain
from app.pipeline.engine import Engine
from app.pipeline.montage import Montage
from app.pipeline.programmes import load_programme
from app.session.calibration import Calibration
from drivers.types import SampleBlock, StreamInfo
from dsp.bursts import Burst
from dsp.envelope import HopEnergy, MovingRms, hop_samples
from dsp.fatigue import fit_fatigue, measure_epochs
from dsp.filters import band_pass_whole, emg_band_sos, emg_stream_filter
from dsp.offline import find_bursts
from dsp.onset import DetectorParameters
from dsp.quality import QualityWindow
from dsp.rest import estimate_levels
from dsp.symmetry import log_ratio, lsi_pct
from scripts import bench_signals as signals
from scripts.bench_peers import TITLES, ask_peers

FloatArray = npt.NDArray[np.float64]

SFREQ: Final = 2000
CHANNELS: Final = (2, 8, 16)
CHUNK_S: Final = 0.010
LIVE_S: Final = 30.0
OFFLINE_S: Final = 60.0
WARM_UP: Final = 300
REPEATS: Final = 9
HELPERS: Final = ("hamstring", "erector", "adductor", "tfl", "quad", "lat")
SITES: Final = ("left", "right", *(f"{name}-{side}" for name in HELPERS for side in ("left", "right")))
STAGE: Final = "our filter + RMS"
LIVE: Final = "our live chain"
ENGINE: Final = "our engine"
BARE: Final = "scipy filter + RMS"
OFFLINE: Final = "our analysis"

Part = TypeVar("Part")
Times = dict[str, FloatArray]
"""``'chunk_us:N'``: microseconds of every chunk of N channels; ``'offline_s'``: seconds of every pass."""


def squeezing(duration_s: float, n_channels: int, seed: int) -> FloatArray:
    """EMG in volts that rests and squeezes in turn, shape (n_samples, n_channels)."""
    rng = np.random.default_rng([seed, 200, n_channels])
    t = np.arange(round(duration_s * SFREQ)) / SFREQ
    muscle = signals.emg(rng, len(t), n_channels, SFREQ)
    on = ((t % 3.0 > 1.0) & (t % 3.0 < 2.4))[:, np.newaxis]
    return np.asarray(40e-6 * on * muscle + 4e-6 * rng.standard_normal(muscle.shape), np.float64)


def measure(seed: int, *, with_peers: bool) -> tuple[dict[str, Times], dict[str, str]]:
    """Time everything, one after the other; returns the times by title, and why a library is absent."""
    found: dict[str, Times] = {name: {} for name in (STAGE, BARE, LIVE, ENGINE, OFFLINE)}
    arrays = {f"live:{n}": squeezing(LIVE_S, n, seed) for n in CHANNELS} | {"offline": squeezing(OFFLINE_S, 2, seed)}
    for n in CHANNELS:
        x = arrays[f"live:{n}"]
        chunks = np.split(x, range(round(CHUNK_S * SFREQ), len(x), round(CHUNK_S * SFREQ)))
        for name, step in ((STAGE, _stage(n)), (BARE, _bare(n))):
            found[name][f"chunk_us:{n}"] = _microseconds(step, chunks)
        blocks = list(_blocks(chunks))
        found[LIVE][f"chunk_us:{n}"] = _microseconds(_live(n), blocks)
        if n <= len(SITES):
            found[ENGINE][f"chunk_us:{n}"] = _microseconds(_engine(n).push, blocks)
    passes = [_seconds(lambda: analyse(arrays["offline"], SFREQ)) for _ in range(REPEATS)]
    found[OFFLINE]["offline_s"] = np.array(passes[1:])
    if not with_peers:
        return found, {}
    peers, absent = ask_peers("peer_cost.py", {**arrays, "sfreq": np.array(SFREQ)}, TITLES, n_workers=1)
    return found | peers, absent


def analyse(x: FloatArray, sfreq: float) -> dict[str, object]:
    """Everything that a recording of two sides tells, at the level of arrays: what `glutewake analyze` is made of.

    Parameters
    ----------
    x : ndarray of float64, shape (n_samples, 2)
        Left and right.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    dict
        Levels, bursts, fatigue, symmetry of each burst, and quality of each half second.
    """
    y = band_pass_whole(x, sfreq)
    hop = hop_samples(sfreq)
    level = MovingRms(round(0.1 * sfreq / hop), 2).process(HopEnergy(hop, 2).process(y, np.isfinite(y)).energy)
    levels = np.array([estimate_levels(y[:, side], sfreq) for side in range(2)])
    rest, reference = levels.T
    bursts = find_bursts(x, y, sfreq, rest, reference, DetectorParameters.for_reps(sfreq))
    fatigue = [fit_fatigue(measure_epochs(y[:, side], sfreq, bursts[side])) for side in range(2)]
    quality = QualityWindow(sfreq, 2, None, (0, 1)).process(x, y)
    return {
        "levels": levels,
        "bursts": bursts,
        "fatigue": fatigue,
        "symmetry": list(_symmetry(level / reference, hop / sfreq, bursts)),
        "quality": quality,
    }


def _symmetry(share: FloatArray, hop_s: float, bursts: list[list[Burst]]) -> Iterable[tuple[float, float, float]]:
    """Lag, log ratio and LSI of each burst of the left side and the burst of the right side next to it."""
    rights = np.array([onset for onset, _ in bursts[1]])
    for onset, offset in bursts[0]:
        if not len(rights):
            return
        other = float(rights[np.abs(rights - onset).argmin()])
        rows = slice(round(onset / hop_s), round(offset / hop_s))
        left, right = share[rows].mean(axis=0).tolist()
        yield onset - other, log_ratio(left, right), lsi_pct(left, right)


def _stage(n: int) -> Callable[[FloatArray], object]:
    own, energy = emg_stream_filter(SFREQ, n), HopEnergy(hop_samples(SFREQ), n)
    rms = MovingRms(round(0.1 * SFREQ / hop_samples(SFREQ)), n)
    return lambda chunk: rms.process(energy.process(*own.process(chunk)).energy)


def _bare(n: int) -> Callable[[FloatArray], object]:
    sos = emg_band_sos(SFREQ)
    state = [np.zeros((len(sos), 2, n)), np.zeros((SFREQ // 10, n))]

    def step(chunk: FloatArray) -> FloatArray:
        y, state[0] = signal.sosfilt(sos, chunk, axis=0, zi=state[0])
        state[1] = np.concatenate([state[1][len(chunk) :], y])
        return np.asarray(np.sqrt(np.mean(np.square(state[1]), axis=0)), np.float64)

    return step


def _blocks(chunks: Iterable[FloatArray]) -> Iterable[SampleBlock]:
    first = 0
    for chunk in chunks:
        first += len(chunk)
        yield SampleBlock("unit", chunk.astype(np.float32), first - len(chunk), 0, round(first / SFREQ * 1e9))


def _live(n: int) -> Callable[[SampleBlock], object]:
    info = StreamInfo("unit", float(SFREQ), tuple(map(str, range(n))))
    chain = StreamChain(info, tuple(range(n)), prime="mute", pair=(0, 1), draws=Bars())
    chain.set_levels(np.full(n, 4e-6), np.full(n, 100e-6), follow_rest=True)

    def step(block: SampleBlock) -> object:
        hops = chain.push(block)
        chain.quality.clear()
        return chain.detect(hops, 0, len(hops))

    return step


def _engine(n: int) -> Engine:
    sites = SITES[:n]
    info = StreamInfo("unit", float(SFREQ), sites)
    calibration = Calibration(
        id="bench", method="mvc", rest=dict.fromkeys(sites, 4e-6), reference=dict.fromkeys(sites, 100e-6)
    )
    montage = Montage(sites, {"unit": tuple((place, place) for place in range(n))})
    return Engine([info], montage, load_programme("free"), calibration, draws=Bars())


def _microseconds(step: Callable[[Part], object], parts: Iterable[Part]) -> FloatArray:
    times = []
    for part in parts:
        start_ns = time.perf_counter_ns()
        step(part)
        times.append(time.perf_counter_ns() - start_ns)
    return np.array(times[WARM_UP:]) / 1e3


def _seconds(step: Callable[[], object]) -> float:
    start_ns = time.perf_counter_ns()
    step()
    return (time.perf_counter_ns() - start_ns) * 1e-9


def table(found: dict[str, Times]) -> str:
    """Medians and p99 of every chunk, seconds of a whole recording, and both as ratios to ours."""
    width = max(map(len, found))
    lines = [
        f"\nµs for each {1000 * CHUNK_S:.0f} ms at {SFREQ} Hz, median / p99 (times our filter + RMS); "
        f"ms for {OFFLINE_S:.0f} s of 2 channels (times our analysis), million samples a second",
        " " * width + "".join(f"{f'{n} channels':>24}" for n in CHANNELS) + f"{'whole recording':>30}",
    ]
    for name, times in found.items():
        cells = ""
        for n in CHANNELS:
            key = f"chunk_us:{n}"
            if key in times:
                median_us, p99_us = np.percentile(times[key], [50, 99])
                ratio = median_us / np.median(found[STAGE][key])
                cells += f"{median_us:9.0f} /{p99_us:6.0f} ({ratio:4.1f})"
            else:
                cells += " " * 24
        if "offline_s" in times:
            seconds = float(np.median(times["offline_s"]))
            ratio = seconds / float(np.median(found[OFFLINE]["offline_s"]))
            cells += f"{1000 * seconds:12.1f} ({ratio:6.2f}){2 * OFFLINE_S * SFREQ / seconds / 1e6:8.2f}"
        lines.append(f"{name:<{width}}{cells}")
    return "\n".join(lines)


def promises(found: dict[str, Times]) -> Iterable[tuple[str, bool]]:
    """What is promised of the cost: a sentence each, and whether it is kept."""
    live_us, live_p99_us = np.percentile(found[LIVE]["chunk_us:2"], [50, 99])
    yield (
        f"live chain, 2 channels: {live_us:.0f} µs, p99 {live_p99_us:.0f} (at most 100, 1000)",
        bool(live_us <= 100.0 and live_p99_us <= 1000.0),
    )
    own_s = float(np.median(found[OFFLINE]["offline_s"]))
    yield f"analysis of {OFFLINE_S:.0f} s: {1000 * own_s:.1f} ms (at most 50)", own_s <= 0.050
    libemg = found.get(TITLES["libemg"])
    if libemg is not None:
        ratio = float(np.median(libemg["chunk_us:2"]) / np.median(found[STAGE]["chunk_us:2"]))
        yield f"filter + RMS: {ratio:.1f} times faster than LibEMG (at least 5)", ratio >= 5.0
    neurokit = found.get(TITLES["neurokit2"])
    if neurokit is not None:
        ratio = float(np.median(neurokit["offline_s"])) / own_s
        yield f"analysis: {ratio:.0f} times faster than NeuroKit2 (at least 100)", ratio >= 100.0


def summary(found: dict[str, Times]) -> dict[str, dict[str, float]]:
    """Medians and p99 for the line of JSON."""
    return {
        name: {
            f"{key}:{share}": round(float(np.percentile(values, percent)), 4)
            for key, values in times.items()
            for share, percent in (("median", 50), ("p99", 99))
        }
        for name, times in found.items()
    }
