"""`Review`: a whole recording, judged once by the session's own engine, and its picture at any moment.

Loading runs the engine over the recording as fast as it goes and keeps what the screen may ask for: every tick of every
site, and the rest of the picture wherever it changed. A seek is then a look-up, and always shows what the session
showed, because the engine is deterministic. Loading belongs on a thread of its own; a loaded `Review` never changes.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.align import GridRows
from app.pipeline.build import SessionPlan, build_engine, describe
from app.pipeline.chain import BAR, HIGH
from app.pipeline.engine import Engine
from app.pipeline.gather import gathered
from app.pipeline.picture import TRACE_S, Picture
from app.pipeline.runner import SessionRun
from app.pipeline.snapshot import CompensatorView, SideView, Snapshot, Trace
from app.pipeline.sources import Sources, open_unpaced
from app.pipeline.strip import Float32Array, Strip
from app.session.events import SIDES, Event, Rep, SessionStarted, Summary
from app.session.programme import Programme
from app.session.tick import TICK_S
from drivers.replay.driver import ReplayDriver
from drivers.replay.formats.recording import Recording
from drivers.types import SampleBlock

Float64Array = npt.NDArray[np.float64]

MOMENT_S: Final = 0.1
"""How finely words and numbers follow in a review; bars and traces follow every tick."""
_LOOSE: Final = 1000
"""Small pieces are joined now and then: joining all of an hour at once would hold up the window."""
FIRST_PART_S: Final = 5.0
"""After so much of it a long recording is shown for the first time, then whenever twice as much is loaded."""


class StoppedError(Exception):
    """Nobody wants the review any more."""


class _KeepingPicture(Picture):
    """Keeps all that it draws, not the last ten seconds alone."""

    def __init__(self, engine: Engine, *, simulated: bool) -> None:
        super().__init__(engine.coach, "uV" if engine.raw_to_uv else "counts", simulated=simulated)
        self._targets = list(engine.coach.targets.values())
        self._n_loose = 0
        self.envelopes: list[Float32Array] = []
        self.raws: list[Float32Array] = []
        self.onsets_s: dict[int, list[float]] = {site: [] for site in self._targets}

    def add(self, grid: GridRows, lost: npt.NDArray[np.bool_]) -> None:
        super().add(grid, lost)
        rows = np.where(lost[:, np.newaxis], np.nan, grid.rows[:, BAR : HIGH + 1]).astype(np.float32)
        self.envelopes.append(rows[:, 0])
        self.raws.append(rows[:, 1:, self._targets])
        self._n_loose += 1
        if self._n_loose == _LOOSE:
            self._n_loose = 0
            self.envelopes[-_LOOSE:] = [np.concatenate(self.envelopes[-_LOOSE:])]
            self.raws[-_LOOSE:] = [np.concatenate(self.raws[-_LOOSE:])]
        for edges in grid.edges.values():
            for edge in edges:
                if edge.rises and edge.site in self.onsets_s:
                    self.onsets_s[edge.site].append(edge.t_s)


@dataclass(frozen=True, slots=True)
class _Moment:
    """The picture without what changes with every tick, and the references in force."""

    view: Snapshot
    reference: Float64Array


@dataclass(frozen=True, slots=True)
class Review:
    """A loaded recording.

    Attributes
    ----------
    started : SessionStarted
    programme : Programme
        What it was judged by.
    events : tuple of Event
        Every line but the first, by this judgement.
    reps : tuple of Rep
        Those of them that are reps.
    notes : tuple of str
        What should be known about the recording.
    duration_s : float
    targets : dict of str to int
        The glutes that were measured, and their places in ``sites``.
    sites : tuple of str
    strips : dict of str to Strip
        By site, in % of the last reference in force; empty for a site without one.
    onsets_s : dict of str to tuple of float
        Of each glute.
    """

    started: SessionStarted
    programme: Programme
    events: tuple[Event, ...]
    reps: tuple[Rep, ...]
    notes: tuple[str, ...]
    duration_s: float
    sites: tuple[str, ...]
    targets: dict[str, int]
    strips: dict[str, Strip]
    onsets_s: dict[str, tuple[float, ...]]
    _envelope: Float32Array
    _raw: Float32Array
    _times_s: tuple[float, ...]
    _moments: tuple[_Moment, ...]

    @property
    def summary(self) -> Summary | None:
        """Its last line."""
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Summary) else None

    @property
    def n_bytes(self) -> int:
        """Memory that samples and strips take."""
        return self._envelope.nbytes + self._raw.nbytes + sum(strip.n_bytes for strip in self.strips.values())

    @property
    def n_moments(self) -> int:
        """How many pictures are kept."""
        return len(self._moments)

    def at(self, t_s: float) -> Snapshot | None:
        """The picture of a moment, as the session showed it; None before the first."""
        t_s = min(max(t_s, 0.0), self.duration_s)
        number = bisect_right(self._times_s, t_s) - 1
        if number < 0:
            return None
        moment, end = self._moments[number], min(int(t_s / TICK_S) + 1, len(self._envelope))
        row = self._envelope[end - 1] if end else np.full(len(self.sites), np.nan, dtype=np.float32)
        view = moment.view
        return replace(
            view,
            t_s=t_s,
            sides={side: self._side(view.sides[side], side, row, moment.reference) for side in view.sides},
            compensators=tuple(self._compensator(one, row, moment.reference) for one in view.compensators),
            traces=tuple(self._trace(side, end, t_s, moment.reference) for side in SIDES if side in self.targets),
            trace_end_s=t_s,
        )

    def _side(self, view: SideView, side: str, row: Float32Array, reference: Float64Array) -> SideView:
        site = self.targets.get(side)
        if site is None or view.state == "no-signal" or np.isnan(row[site]):
            return view
        return replace(view, level_raw=float(row[site]), level_pct=_pct(row, reference, site))

    def _compensator(self, view: CompensatorView, row: Float32Array, reference: Float64Array) -> CompensatorView:
        return replace(view, level_pct=_pct(row, reference, self.sites.index(view.site)))

    def _trace(self, side: str, end: int, t_s: float, reference: Float64Array) -> Trace:
        n_rows, site = round(TRACE_S / TICK_S), self.targets[side]
        place = tuple(self.targets).index(side)
        first = max(0, end - n_rows)
        rows = np.full((n_rows, 3), np.nan, dtype=np.float32)
        rows[n_rows - (end - first) :, 0] = self._envelope[first:end, site]
        rows[n_rows - (end - first) :, 1:] = self._raw[first:end, :, place]
        rows *= np.float32(100.0 / reference[site])
        onsets = self.onsets_s[side]
        near = onsets[bisect_right(onsets, t_s - TRACE_S) : bisect_right(onsets, t_s)]
        return Trace(side, rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].copy(), near)


def _pct(row: Float32Array, reference: Float64Array, site: int) -> float | None:
    level, whole = float(row[site]), float(reference[site])
    return None if np.isnan(level) or np.isnan(whole) else 100.0 * level / whole


def load_review(
    uris: Sequence[str],
    plan: SessionPlan,
    partly: Callable[[Review, float], None] = lambda review, share: None,
    stopped: Callable[[], bool] = lambda: False,
    opened: Callable[[Recording], None] = lambda recording: None,
) -> Review:
    """Load a recording; takes as long as the engine takes for it.

    Parameters
    ----------
    uris : sequence of str
        One ``file:PATH?speed=max``, or two of one session.
    plan : SessionPlan
        With a programme, it is judged by that one instead of its own.
    partly : callable
        Given what is loaded so far and the share of the whole, 0 to 1, now and then.
    stopped : callable
        True once nobody wants it any more.
    opened : callable
        Given each recording when it is open and before it plays: finding all parts of an hour takes more than a second.

    Raises
    ------
    DriverError
        If the recording cannot be read.
    StoppedError
        If `stopped` said so.
    """
    with open_unpaced(Sources.create(uris)) as (sources, blocks):
        for driver in sources.drivers:
            if isinstance(driver, ReplayDriver) and driver.recording is not None:
                opened(driver.recording)
        engine, calibration = build_engine(sources, plan)
        engine.picture = picture = _KeepingPicture(engine, simulated=sources.simulated)
        events: list[Event] = []
        started = describe(sources, plan, engine, calibration)
        run = SessionRun(engine, started, [lambda event, decided_ns: events.append(event)])
        run.begin()
        total_s = max((getattr(driver, "duration_s", 0.0) for driver in sources.drivers), default=0.0)
        moments = _Moments(engine)
        next_s = FIRST_PART_S
        sources.start()
        for bunch in gathered(engine, blocks, MOMENT_S):
            if stopped():
                raise StoppedError
            moments.push(run, *bunch)
            if engine.t_s >= next_s and total_s:
                next_s *= 2.0
                share = min(1.0, engine.t_s / total_s)
                partly(_review(started, engine, events[1:], picture, moments, sources.notes), share)
        run.finish()
        moments.look()
        return _review(started, engine, events[1:], picture, moments, sources.notes)


class _Moments:
    """Cuts the picture ten times a second, and keeps those that differ from the one before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._next_s = 0.0
        self.times_s: list[float] = []
        self.kept: list[_Moment] = []

    def push(self, run: SessionRun, *blocks: SampleBlock) -> None:
        """Push blocks, and look if it is time."""
        run.push(*blocks)
        if self._engine.t_s >= self._next_s:
            self._next_s = self._engine.t_s + MOMENT_S
            self.look()

    def look(self) -> None:
        """Keep the picture of now, if it is another one."""
        coach = self._engine.coach
        moment = _Moment(_lasting(self._engine.snapshot()), coach.scale.reference)
        if self.kept and moment.reference is self.kept[-1].reference and moment.view == self.kept[-1].view:
            return
        self.times_s.append(self._engine.t_s)
        self.kept.append(moment)


def _lasting(snapshot: Snapshot) -> Snapshot:
    """A picture without what every tick changes: that is put back from the ticks themselves."""
    progress = snapshot.progress
    return replace(
        snapshot,
        t_s=0.0,
        received_ns=0,
        sides={
            side: replace(
                view,
                level_pct=None,
                level_raw=None,
                peak_pct=None if view.peak_pct is None else float(round(view.peak_pct)),
            )
            for side, view in snapshot.sides.items()
        },
        compensators=tuple(replace(view, level_pct=None) for view in snapshot.compensators),
        progress=replace(
            progress,
            rest_left_s=None if progress.rest_left_s is None else float(round(progress.rest_left_s)),
            hold_s=None if progress.hold_s is None else round(progress.hold_s, 1),
        ),
        timing_in_s=_whole(snapshot.timing_in_s),
        traces=(),
        trace_end_s=0.0,
        n_lost=0,
        n_received=0,
    )


def _whole(seconds: float | None) -> float | None:
    return None if seconds is None or math.isnan(seconds) else float(round(seconds))


def _review(
    started: SessionStarted,
    engine: Engine,
    events: list[Event],
    picture: _KeepingPicture,
    moments: _Moments,
    notes: tuple[str, ...],
) -> Review:
    sites, targets = engine.montage.sites, {str(side): site for side, site in engine.coach.targets.items()}
    envelope = np.concatenate([np.empty((0, len(sites)), np.float32), *picture.envelopes])
    raw = np.concatenate([np.empty((0, 2, len(targets)), np.float32), *picture.raws])
    strips = {}
    for index, site in enumerate(sites):
        factor = np.float32(100.0 / engine.scale.reference[index])
        if np.isfinite(factor):
            kept = raw[:, :, list(targets).index(site)] * factor if site in targets else None
            strips[site] = Strip.build(envelope[:, index] * factor, kept)
    return Review(
        started=started,
        programme=engine.programme,
        events=tuple(events),
        reps=tuple(event for event in events if isinstance(event, Rep)),
        notes=notes,
        duration_s=len(envelope) * TICK_S,
        sites=sites,
        targets=targets,
        strips=strips,
        onsets_s={side: tuple(sorted(picture.onsets_s[site])) for side, site in targets.items()},
        _envelope=envelope,
        _raw=raw,
        _times_s=tuple(moments.times_s),
        _moments=tuple(moments.kept),
    )
