"""What a whole recording tells beyond the session: onsets by the offline detector, fatigue, and who helps.

Works on the first epoch of each stream, because another epoch has another clock. Runs where `analyze` runs, after the
engine has seen everything.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.engine import Engine
from drivers.types import Float32Array, SampleBlock, StreamInfo
from drivers.uri import TARGET_SITES
from dsp.bursts import Burst, detect_bursts
from dsp.coactivation import falconer_winter_pct, glute_share_pct, rudolph_pct
from dsp.envelope import HopEnergy, MovingRms, hop_samples
from dsp.fatigue import fit_fatigue, measure_epochs, spectrum_valid
from dsp.filters import band_pass_whole
from dsp.offline import find_bursts
from dsp.onset import DetectorParameters

Float64Array = npt.NDArray[np.float64]
Numbers = dict[str, float | str | None]

ENVELOPE_S: Final = 0.1
TIRES: Final = "{side}: this muscle tires: its median frequency fell by {fall:.0f} % while it worked as hard."


class Samples:
    """Keeps every sample of the first epoch of each stream, gaps as NaN."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Float32Array]] = {}
        self._next: dict[str, int] = {}

    def add(self, block: SampleBlock) -> None:
        """Take the next block; those of later epochs are left out."""
        if block.epoch:
            return
        parts = self._parts.setdefault(block.stream_id, [])
        expected = self._next.get(block.stream_id, block.first_index)
        if block.first_index > expected:
            parts.append(np.full((block.first_index - expected, block.samples.shape[1]), np.nan, dtype=np.float32))
        parts.append(block.samples)
        self._next[block.stream_id] = block.first_index + block.n_samples

    def of(self, stream_id: str) -> Float32Array | None:
        """All samples of a stream, shape (n_samples, n_channels); None if there are none."""
        parts = self._parts.get(stream_id)
        if not parts:
            return None
        if len(parts) > 1:
            self._parts[stream_id] = parts = [np.concatenate(parts)]  # and let go of the pieces
        return parts[0]


@dataclass(frozen=True, slots=True)
class _Channel:
    """One site of one stream: its bursts, its fatigue, and its level in % of its own reference, hop by hop."""

    bursts: list[Burst]
    fatigue: Numbers
    level_pct: Float64Array


def measure_offline(
    streams: Sequence[StreamInfo], engine: Engine, samples: Samples
) -> dict[str, dict[str, list[Burst]] | dict[str, Numbers] | dict[str, dict[str, Numbers]]]:
    """Measure the whole recording.

    Parameters
    ----------
    streams : sequence of StreamInfo
    engine : Engine
        After the last block: its montage, its scale and the hum that it found are used.
    samples : Samples
        Everything that was pushed into it.

    Returns
    -------
    dict
        ``onsets``: bursts of each glute. ``fatigue``: for each glute, nulls where the reps do not carry a number.
        ``coactivation``: for each glute and each helper of its side on the same unit, where both have a reference.
    """
    names = engine.montage.sites
    onsets: dict[str, list[Burst]] = {}
    fatigue: dict[str, Numbers] = {}
    coactivation: dict[str, dict[str, Numbers]] = {}
    for info in streams:
        channels = _channels(info, engine, samples.of(info.stream_id))
        for name, channel in channels.items():
            if name not in TARGET_SITES:
                continue
            onsets[name] = [
                (
                    round(engine.session_time(info.stream_id, onset), 4),
                    round(engine.session_time(info.stream_id, end), 4),
                )
                for onset, end in channel.bursts
            ]
            fatigue[name] = channel.fatigue
            helpers = {
                helper.rpartition("-")[0]: other
                for helper, other in channels.items()
                if helper.endswith(f"-{name}") and not helper.startswith("lat-")
            }
            if helpers and engine.scale.verdicts:
                coactivation[name] = _coactivation(channel, helpers, info)
    in_order = [name for name in names if name in onsets]
    return {
        "onsets": {name: onsets[name] for name in in_order},
        "fatigue": {name: fatigue[name] for name in in_order},
        "coactivation": {name: coactivation[name] for name in in_order if name in coactivation},
    }


def _channels(info: StreamInfo, engine: Engine, raw: Float32Array | None) -> dict[str, _Channel]:
    pairs = engine.montage.columns.get(info.stream_id, ())
    if raw is None or not pairs:
        return {}
    parameters = DetectorParameters.for_reps(info.sfreq)
    notch_hz = engine.notch_hz(info.stream_id)
    found: dict[str, _Channel] = {}
    # One channel after the other: an hour of eight in float64, filtered and all, would be gigabytes.
    for column, site in pairs:
        name = engine.montage.sites[site]
        x = raw[:, column, np.newaxis].astype(np.float64)
        rest, reference = engine.scale.rest[[site]], engine.scale.reference[[site]]
        passed = band_pass_whole(x, info.sfreq, notch_hz=notch_hz) if info.kind == "raw" else x
        y = passed[:, 0]
        bursts: list[Burst] = []
        if name in TARGET_SITES and info.kind == "raw":
            bursts = find_bursts(x, passed, info.sfreq, rest, reference, parameters, notch_hz=notch_hz)[0]
        elif name in TARGET_SITES:
            # An envelope has no squares to weigh: its bursts stay where the live detector saw them.
            bursts = detect_bursts(y, info.sfreq, float(rest[0]), float(reference[0]), parameters)
        fatigue = _fatigue(name, y, bursts, info) if name in TARGET_SITES else {}
        found[name] = _Channel(bursts, fatigue, _envelope_pct(y, float(reference[0]), info))
    return found


def _fatigue(name: str, y: Float64Array, bursts: list[Burst], info: StreamInfo) -> Numbers:
    nothing: Numbers = dict.fromkeys(
        ("mdf_start_hz", "mdf_end_hz", "slope_pct_per_min", "slope_pm_pct_per_min", "flag"), None
    )
    if info.kind != "raw" or not info.spectrum_valid or not spectrum_valid(info.sfreq):
        return nothing
    found = fit_fatigue(measure_epochs(y, info.sfreq, bursts))
    if math.isnan(found.slope_pct_per_min):
        return nothing
    fall = 100.0 * (1.0 - found.mdf_end_hz / found.mdf_start_hz)
    return {
        "mdf_start_hz": round(found.mdf_start_hz, 1),
        "mdf_end_hz": round(found.mdf_end_hz, 1),
        "slope_pct_per_min": round(found.slope_pct_per_min, 1),
        "slope_pm_pct_per_min": round(found.slope_pm_pct_per_min, 1),
        "flag": TIRES.format(side=name.capitalize(), fall=fall) if found.tires else None,
    }


def _coactivation(glute: _Channel, helpers: Mapping[str, _Channel], info: StreamInfo) -> dict[str, Numbers]:
    """Medians over the bursts of the glute; helpers that are never measured beside it are left out."""
    hop_s = hop_samples(info.sfreq) / info.sfreq
    a = glute.level_pct
    numbers: dict[str, Numbers] = {}
    for name, helper in helpers.items():
        b = helper.level_pct
        rows = [slice(round(onset / hop_s), round(offset / hop_s)) for onset, offset in glute.bursts]
        medians: Numbers = {}
        for key, measure in (
            ("glute_share_pct", glute_share_pct),
            ("falconer_winter_pct", falconer_winter_pct),
            ("rudolph_pct", rudolph_pct),
        ):
            values = [value for row in rows if not math.isnan(value := measure(a[row], b[row]))]
            if values:
                medians[key] = round(median(values), 1)
        if medians:
            numbers[name] = medians
    return numbers


def _envelope_pct(y: Float64Array, reference: float, info: StreamInfo) -> Float64Array:
    """Level of every hop in % of the channel's own reference."""
    hop = hop_samples(info.sfreq)
    column = y[:, np.newaxis]
    energy = HopEnergy(hop, 1).process(column, np.isfinite(column)).energy
    level = MovingRms(max(1, round(ENVELOPE_S * info.sfreq / hop)), 1).process(energy)[:, 0]
    return np.asarray(100.0 * level / reference, np.float64)
