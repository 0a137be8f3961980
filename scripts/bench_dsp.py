"""``bench dsp``: how early, how quiet, how right and how cheap the signal chain is, beside other libraries in one run.

    python3 scripts/dev.py bench dsp
    python3 scripts/dev.py bench dsp --no-peers --trials 50

Prints what the chain costs, how right its onsets are, the envelopes at each rate, the comparison that chooses the bar,
and everything as lines of JSON; draws docs/pareto-envelope.svg. The first run installs the other libraries, which takes
minutes; later ones do not.
"""

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from dsp.bayes import FrameBayes
from dsp.envelope import HopEnergy, MovingRms, hop_samples
from dsp.filters import emg_band_sos
from scripts import bench_cost, bench_onsets
from scripts import bench_signals as signals
from scripts.bench_peers import Envelopes, run_peers
from scripts.dev import ROOT
from scripts.pareto import Point, pareto_svg

FloatArray = npt.NDArray[np.float64]

BAYES: Final = "Bayes"
RMS: Final = "RMS 100"
N_PEER_TRIALS: Final = 40
N_BOOTSTRAP: Final = 200
RISES: Final = ("26 dB up", "6 dB up", "ramp up")
"""The changes on which a default bar must not be later than RMS 100."""
SQUEEZES: Final = "squeezes"
DRAWN: Final = "6 dB up"
EVERY_S: Final = 0.001
BEFORE_S: Final = (-0.25, -0.05)
AFTER_S: Final = (0.70, 1.00)


@dataclass(frozen=True, slots=True)
class Row:
    """One method at one rate.

    Attributes
    ----------
    rise_ms : dict of str to (float, float)
        By change: ms to 50 and 90 % of the way (down: the same shares of the way down), by the mean of all trials.
    spread_ms : dict of str to (float, float)
        Their standard errors over trials.
    overshoot_pct : float
        How far the mean of the trials of the 26 dB step goes above where it settles, in % of the step.
    noise_pct : dict of str to float
        SD / mean at a constant level: simulated, simulated wavering, and each real window without its linear trend.
    tracking_pct : float
        RMS error on a train of squeezes, in % of their height, with the method's own gain at a constant level.
    """

    method: str
    sfreq: int
    n_trials: int
    rise_ms: dict[str, tuple[float, float]]
    spread_ms: dict[str, tuple[float, float]]
    overshoot_pct: float
    noise_pct: dict[str, float]
    tracking_pct: float

    @property
    def real_pct(self) -> float:
        """Mean noise on the real windows; NaN without them."""
        own = [value for name, value in self.noise_pct.items() if not name.startswith("sim")]
        return float(np.mean(own)) if own else float("nan")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--trials", type=int, default=200, help="trials of every change of level")
    parser.add_argument("--seed", type=int, default=20, help="of all noise")
    parser.add_argument("--no-peers", action="store_true", help="measure this chain alone, and draw nothing")


def run(arguments: argparse.Namespace) -> int:
    """Measure everything; 1 if a promise of cost or onsets is broken, or the bar is later or noisier than RMS 100."""
    rows: list[Row] = []
    with_peers = not arguments.no_peers
    # Time first, while nothing else of this run competes for the processor.
    costs, absent = bench_cost.measure(arguments.seed, with_peers=with_peers)
    print(bench_cost.table(costs))
    scores, _ = bench_onsets.measure(arguments.seed, with_peers=with_peers)
    print(bench_onsets.table(scores))
    verdicts: list[tuple[str, bool]] = [*bench_cost.promises(costs), *bench_onsets.promises(scores)]
    for sfreq in (1000, 2000, 250):
        arrays = _arrays(sfreq, arguments.trials, arguments.seed)
        own = {name: _all(envelope, arrays, sfreq) for name, envelope in _own(sfreq).items()}
        rows += [_row(name, sfreq, found, arrays) for name, found in own.items()]
        verdicts += _compare(own[BAYES], own[RMS], arrays, sfreq)
        if sfreq == 1000 and not arguments.no_peers:
            few = {name: (x[:, :N_PEER_TRIALS], first_s) for name, (x, first_s, _) in arrays.items()}
            peers, unseen = run_peers(few, sfreq)
            absent |= unseen
            rows += [_row(name, sfreq, found, arrays) for name, found in peers.items()]
        print(_table([row for row in rows if row.sfreq == sfreq], sfreq))
    for name, reason in absent.items():
        print(f"absent: {name}: {reason}")
    print("\n".join(verdict for verdict, _ in verdicts))
    points = _points(rows)
    if points and not arguments.no_peers:
        drawing = ROOT / "docs" / "pareto-envelope.svg"
        drawing.parent.mkdir(exist_ok=True)
        drawing.write_text(pareto_svg(points, DRAWN), encoding="utf-8")
        print(f"Drew {drawing.relative_to(ROOT)}")
    onsets = {method: {cell: asdict(one) for cell, one in by_cell.items()} for method, by_cell in scores.items()}
    for name, part in (("cost", bench_cost.summary(costs)), ("onsets", onsets)):
        print(json.dumps({"v": 1, "seed": arguments.seed, name: part}))
    print(json.dumps({"v": 1, "seed": arguments.seed, "envelopes": [asdict(row) for row in rows], "absent": absent}))
    return 0 if all(kept for _, kept in verdicts) else 1


Arrays = dict[str, tuple[FloatArray, float, FloatArray]]
"""By name: samples, the second from which values are wanted, and when each trial changes (none: constant)."""


def _arrays(sfreq: int, n_trials: int, seed: int) -> Arrays:
    none = np.empty(0)
    arrays: Arrays = {
        name: (change.x, signals.CHANGE_S + BEFORE_S[0] - 0.02, change.change_s)
        for name, change in signals.changes(sfreq, n_trials, seed).items()
    }
    arrays["sim"] = (signals.steady(sfreq, 16, seed, wavering=0.0), 1.5, none)
    arrays["sim wavering"] = (signals.steady(sfreq, 16, seed + 1, wavering=0.2), 1.5, none)
    arrays[SQUEEZES] = (signals.squeezes(sfreq, 16, seed)[0], 1.5, none)
    for window in signals.real(sfreq):
        arrays[window.name] = (window.x[: round(window.last_s * sfreq)], window.first_s, none)
    return arrays


Envelope = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""Samples (n_samples, n_trials) in; ends in seconds (n_ends,) and values (n_ends, n_trials) out."""


def _own(sfreq: int) -> dict[str, Envelope]:
    """The envelopes of this chain, and the textbook's low-pass by scipy, all behind the same band-pass."""
    sos = emg_band_sos(sfreq)
    hop = hop_samples(sfreq)

    def hops(x: FloatArray) -> FloatArray:
        y = signal.sosfilt(sos, x, axis=0)
        return HopEnergy(hop, x.shape[1]).process(y, np.isfinite(y)).energy

    def ends(n: int) -> FloatArray:
        return np.arange(1, n + 1) * hop / sfreq

    def rms(window_s: float) -> Envelope:
        def envelope(x: FloatArray) -> tuple[FloatArray, FloatArray]:
            energy = hops(x)
            return ends(len(energy)), MovingRms(round(window_s * sfreq / hop), x.shape[1]).process(energy)

        return envelope

    def bayes(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        energy = hops(x)
        return ends(len(energy)), FrameBayes(hop / sfreq, x.shape[1]).process(energy)

    def low_pass(cutoff_hz: float) -> Envelope:
        own = signal.butter(2, cutoff_hz, fs=sfreq, output="sos")

        def envelope(x: FloatArray) -> tuple[FloatArray, FloatArray]:
            y = signal.sosfilt(own, np.abs(signal.sosfilt(sos, x, axis=0)), axis=0)
            return np.arange(1, len(y) + 1) / sfreq, y

        return envelope

    windows = {f"RMS {ms}": rms(ms / 1000) for ms in (50, 100, 150, 250)}
    return {BAYES: bayes, **windows, "scipy low-pass 4 Hz": low_pass(4), "scipy low-pass 6 Hz": low_pass(6)}


def _all(envelope: Envelope, arrays: Arrays, sfreq: int) -> Envelopes:
    return {name: envelope(x - x.mean() if name not in signals.CHANGES else x) for name, (x, _, _) in arrays.items()}


def _around_change(found: tuple[FloatArray, FloatArray], change_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What is on screen each ms around the change: the newest value whose end has passed, shape (n_ms, n_trials)."""
    ends, values = found
    t = np.arange(BEFORE_S[0], AFTER_S[1], EVERY_S)
    newest = np.searchsorted(ends, t[:, np.newaxis] + change_s[: values.shape[1]] + 1e-9, side="right") - 1
    return t, np.take_along_axis(values, newest, axis=0)


def _way(t: FloatArray, shown: FloatArray) -> FloatArray:
    """Share of the way from before to after, by mean trial; shape (n_ms,) or, of many means, (n_ms, n_means)."""
    before = shown[(t >= BEFORE_S[0]) & (t < BEFORE_S[1])].mean(axis=0)
    after = shown[(t >= AFTER_S[0]) & (t < AFTER_S[1])].mean(axis=0)
    return np.asarray((shown - before) / (after - before), np.float64)


def _crossings_ms(t: FloatArray, way: FloatArray) -> FloatArray:
    """Ms after the change at which each column has made 50 and 90 % of its way; shape (2, n_means)."""
    since = way[t >= 0]
    return np.array([np.argmax(since >= share, axis=0) for share in (0.5, 0.9)]) * EVERY_S * 1000


def _resampled(shown: FloatArray) -> FloatArray:
    """Means over trials drawn anew with replacement, shape (n_ms, N_BOOTSTRAP); the same draws for every method."""
    n = shown.shape[1]
    draws = np.random.default_rng(1).multinomial(n, np.full(n, 1 / n), N_BOOTSTRAP).T
    return np.asarray(shown @ (draws / n), np.float64)


def _noise_pct(found: tuple[FloatArray, FloatArray], first_s: float, *, trend: bool) -> float:
    ends, values = found
    held = values[ends > first_s]
    left = signal.detrend(held, axis=0) if trend else held
    return float(100 * (left.std(axis=0) / held.mean(axis=0)).mean())


def _tracking_pct(found: Envelopes, sfreq: int) -> float:
    gain = found["sim"][1][found["sim"][0] > 1.5].mean() / signals.TOP
    ends, values = found[SQUEEZES]
    t = np.arange(1.6, signals.STEADY_LENGTH_S, 0.002)
    shown = values[np.searchsorted(ends, t + 1e-9, side="right") - 1] / gain
    truth = signals.squeezes(sfreq, 1, 0)[1][(t * sfreq).astype(int)]
    return float(100 * np.sqrt(np.mean((shown - truth[:, np.newaxis]) ** 2)) / signals.TOP)


def _row(method: str, sfreq: int, found: Envelopes, arrays: Arrays) -> Row:
    rise, spread = {}, {}
    overshoot = float("nan")
    n_trials = 0
    for name in signals.CHANGES:
        t, shown = _around_change(found[name], arrays[name][2])
        n_trials = shown.shape[1]
        way = _way(t, shown.mean(axis=1))
        rise[name] = tuple(_crossings_ms(t, way[:, np.newaxis])[:, 0].tolist())
        spread[name] = tuple(_crossings_ms(t, _way(t, _resampled(shown))).std(axis=1).tolist())
        if name == "26 dB up":
            overshoot = float(100 * (way.max() - 1))
    noise = {
        name: _noise_pct(found[name], first_s, trend=not name.startswith("sim"))
        for name, (_, first_s, change_s) in arrays.items()
        if not len(change_s) and name != SQUEEZES
    }
    return Row(method, sfreq, n_trials, rise, spread, overshoot, noise, _tracking_pct(found, sfreq))


def _compare(new: Envelopes, old: Envelopes, arrays: Arrays, sfreq: int) -> Iterable[tuple[str, bool]]:
    """Each promise of the default bar against RMS 100: a sentence, and whether it is kept."""
    for name in RISES:
        both = [_around_change(own[name], arrays[name][2]) for own in (new, old)]
        difference = np.subtract(*(_crossings_ms(t, _way(t, shown.mean(axis=1, keepdims=True))) for t, shown in both))
        spread = np.subtract(*(_crossings_ms(t, _way(t, _resampled(shown))) for t, shown in both)).std(axis=1)
        for share, by, error in zip((50, 90), difference[:, 0], spread, strict=True):
            text = f"{sfreq} Hz, {name}, {share} %: {BAYES} {by:+.0f} ± {error:.0f} ms against {RMS}"
            yield text, bool(by <= 0)
    for name, (_, first_s, change_s) in arrays.items():
        if not len(change_s) and name != SQUEEZES:
            trend = not name.startswith("sim")
            ours, theirs = (_noise_pct(own[name], first_s, trend=trend) for own in (new, old))
            text = f"{sfreq} Hz, {name}: noise of {BAYES} {ours:.1f} % against {theirs:.1f} % of {RMS}"
            yield text, ours < theirs
    ours, theirs = (_tracking_pct(own, sfreq) for own in (new, old))
    yield f"{sfreq} Hz, {SQUEEZES}: error of {BAYES} {ours:.1f} % against {theirs:.1f} % of {RMS}", ours <= theirs


def _table(rows: list[Row], sfreq: int) -> str:
    width = max(len(row.method) for row in rows)
    names = [*signals.CHANGES]
    lines = [
        f"\n{sfreq} Hz: ms to 50 / 90 % of each change (standard error of the second); then in %: overshoot, tracking "
        "error, noise",
        " " * width + "".join(f"{name:>17}" for name in names) + "   over  track   sim waver  real",
    ]
    for row in rows:
        cells = "".join(
            f"{row.rise_ms[name][0]:6.0f} /{row.rise_ms[name][1]:4.0f} ({row.spread_ms[name][1]:2.0f})"
            for name in names
        )
        noise = f"{row.noise_pct['sim']:6.1f}{row.noise_pct['sim wavering']:6.1f}{row.real_pct:6.1f}"
        lines.append(f"{row.method:<{width}}{cells}{row.overshoot_pct:6.1f}{row.tracking_pct:7.1f}{noise}")
    return "\n".join(lines)


def _points(rows: list[Row]) -> list[Point]:
    return [
        Point(row.method, row.rise_ms[DRAWN][1], row.real_pct, row.method == BAYES, row.method.startswith("RMS"))
        for row in rows
        if row.sfreq == 1000 and np.isfinite(row.real_pct)
    ]
