"""Builds the engine of a session from its open sources, and the first line that describes it."""

import importlib.metadata
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

import msgspec

from app.pipeline.chain import Bars
from app.pipeline.engine import CHAIN, Engine
from app.pipeline.programmes import load_programme
from app.pipeline.sources import CalibrationChoice, Sources
from app.session.calibration import Calibration
from app.session.events import Act, ChannelInfo, MainsAnswer, SessionStarted
from app.session.levels import LevelsError
from app.session.programme import Programme, ProgrammeError
from drivers.uri import TARGET_SITES

CONTRACT_VERSION: Final = 1
MUSCLES: Final = {
    "adductor": "adductors",
    "hamstring": "hamstrings",
    "erector": "erector spinae",
    "tfl": "tensor fasciae latae",
    "quad": "quadriceps",
    "lat": "latissimus dorsi",
}


def app_version() -> str:
    """Version of the installed application."""
    try:
        return importlib.metadata.version("glutewake")
    except importlib.metadata.PackageNotFoundError:
        return "0"


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What the user asked for.

    Attributes
    ----------
    programme : Programme or None
        None takes that of a replayed session of ours, else free.
    calibration : Calibration, {'carried', 'none'} or FindCalibration
    mvc, rest : mapping of str to float
        Levels given by hand, in µV (counts where the gain is unknown); they win over any other calibration.
    skip_rests : bool
    ready : bool
        Whether the session waits before its first set until somebody starts it.
    person, label : str or None
    first_hint : str or None
        Id of the hint to begin with; None takes that of a replayed session of ours.
    plan_step : str or None
        What it belongs to, as ``plan/step``; None takes that of a replayed session of ours.
    mains : str or None
        Why a wired sensor may begin; None where no sensor is wired.
    bars : Bars
        How they are drawn, where somebody watches.
    """

    programme: Programme | None
    calibration: CalibrationChoice = "carried"
    mvc: Mapping[str, float] = field(default_factory=dict)
    rest: Mapping[str, float] = field(default_factory=dict)
    skip_rests: bool = True
    ready: bool = False
    person: str | None = None
    label: str | None = None
    first_hint: str | None = None
    plan_step: str | None = None
    mains: MainsAnswer | None = None
    bars: Bars = field(default_factory=Bars)


def build_engine(sources: Sources, plan: SessionPlan, until_s: float = math.inf) -> tuple[Engine, Calibration | None]:
    """Build the engine of a session that ends at `until_s`, and say which calibration it starts from.

    Raises
    ------
    LevelsError
        If levels given by hand or by file leave out a side that is measured.
    """
    calibration = _calibration(sources, plan)
    engine = Engine(
        sources.streams,
        sources.montage,
        plan.programme or _recorded_programme(sources),
        calibration,
        prime="steady" if sources.foreign_recording else "mute",
        skip_rests=not _recorded(sources).get("rests", not plan.skip_rests),
        ready=bool(_recorded(sources).get("ready", plan.ready)),
        acts=[msgspec.convert({"type": "act", **act}, Act) for carried in sources.carried for act in carried.acts],
        simulated=sources.simulated,
        until_s=until_s,
        aligned=sources.aligned,
        delays_ns=sources.delays_ns,
        draws=plan.bars if sources.paced else None,
    )
    hint = plan.first_hint or _text_or_none(_recorded(sources).get("first_hint"))
    if hint is not None:
        engine.coach.guidance.begin_with(hint)
    return engine, calibration


def _recorded_programme(sources: Sources) -> Programme:
    """The programme that a replayed session of ours followed; free for all else, or if it is no longer there."""
    name = str(_recorded(sources).get("programme", "free"))
    try:
        return load_programme(name)
    except ProgrammeError:
        return load_programme("free")


def _calibration(sources: Sources, plan: SessionPlan) -> Calibration | None:
    if not plan.mvc:
        calibration = sources.calibration(plan.calibration)
        if calibration is not None and not isinstance(plan.calibration, str):
            _refuse_unknown_sides(sources, calibration.reference, f"The calibration '{calibration.id}'")
        return calibration
    _refuse_unknown_sides(sources, plan.mvc, "--mvc")
    in_volts = all(info.unit == "V" for info in sources.streams)
    unit = 1e-6 if in_volts else 1.0
    rest = {site: level * unit for site, level in plan.rest.items()}
    if not rest:
        found = sources.calibration("carried")
        rest = dict(found.rest) if found is not None else {}
    return Calibration(
        id="by-hand",
        method="mvc",
        rest=rest,
        reference={site: level * unit for site, level in plan.mvc.items()},
    )


def _refuse_unknown_sides(sources: Sources, reference: Mapping[str, float], name: str) -> None:
    """A side that is measured and has no reference would never fire, and be called asleep for it."""
    for side in TARGET_SITES:
        if side in sources.montage.sites and side not in reference:
            raise LevelsError(f"{name} has no reference for {side}; give one, or leave that channel out with map=.")


def describe(sources: Sources, plan: SessionPlan, engine: Engine, calibration: Calibration | None) -> SessionStarted:
    """Make the first line of a session; a replay is of whom, and began when, its recording says."""
    recorded = _recorded(sources)
    utc_ns = sources.utc_ns
    began = datetime.now(UTC) if utc_ns is None else datetime.fromtimestamp(utc_ns / 1e9, UTC)
    by_id = {info.stream_id: info for info in sources.streams}
    stream_of = {
        sources.montage.sites[site]: by_id[stream_id]
        for stream_id, pairs in sources.montage.columns.items()
        for _, site in pairs
    }
    n_before = dict(zip(by_id, accumulate((len(info.ch_names) for info in by_id.values()), initial=0), strict=False))
    channel_of = {
        sources.montage.sites[site]: n_before[stream_id] + column + 1
        for stream_id, pairs in sources.montage.columns.items()
        for column, site in pairs
    }
    seeds = [driver.uri.options.get("seed", "1") for driver in sources.drivers if driver.uri.scheme == "sim"]
    scale = {site: 1e6 if info.unit == "V" else 1.0 for site, info in stream_of.items()}
    return SessionStarted(
        v=CONTRACT_VERSION,
        app=app_version(),
        chain=CHAIN,
        utc_start=began.isoformat(timespec="milliseconds"),
        person=plan.person or _text_or_none(recorded.get("person")),
        label=plan.label or _text_or_none(recorded.get("label")),
        programme=engine.programme.id,
        position=engine.programme.position,
        source=list(sources.uris),
        isolation=sources.isolation,
        simulated=sources.simulated,
        seed=int(seeds[0]) if seeds else None,
        channels=[
            ChannelInfo(
                site=site,
                muscle=MUSCLES.get(site.rpartition("-")[0], engine.programme.muscle),
                unit="uV" if stream_of[site].unit == "V" else "counts",
                sfreq=stream_of[site].sfreq,
                channel=channel_of[site],
            )
            for site in sources.montage.sites
        ],
        calibration=None if calibration is None else calibration.info(scale),
        mains=plan.mains,
        rests=not engine.coach.progress.skip_rests,
        ready=engine.coach.begins_ready,
        first_hint=engine.coach.guidance.first,
        plan_step=plan.plan_step or _text_or_none(recorded.get("plan_step")),
    )


def _recorded(sources: Sources) -> Mapping[str, object]:
    """First line of the session of ours that is replayed; empty for all else."""
    return next((carried.session for carried in sources.carried if carried.session), {})


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
