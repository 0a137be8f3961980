"""`CalibrationRun`: a session that calibrates. The engine measures as in any session; `Calibrator` takes it from there.

Blocks come from one thread (``dsp`` when live), keys from any; a lock keeps them apart.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np

from app.pipeline.build import SessionPlan, describe
from app.pipeline.chain import Bars
from app.pipeline.engine import CHAIN, Engine
from app.pipeline.montage import Montage
from app.pipeline.programmes import load_programme
from app.pipeline.runner import EventSink, SessionRun
from app.pipeline.sources import Sources
from app.session.calibrating.machine import Calibrator
from app.session.calibrating.measures import Measures
from app.session.calibrating.record import About
from app.session.calibrating.steps import MVC_POSITIONS
from app.session.calibrating.unfinished import Unfinished
from app.session.calibrating.view import CalibrationView, Key, Kind
from app.session.calibration import Electrode
from app.session.clench import ClenchTest
from app.session.events import Act, Event, Gap, Latency, LinkChanged, Quality, Summary
from app.session.exchange import exchange
from app.session.programme import Glute
from app.session.tick import Float64Array, Ticks
from drivers.types import SampleBlock, StreamInfo
from dsp.movement import N_COLUMNS, Movement

PROGRAMME: Final = "free"
_SILENT: Final = ("stalled", "reconnecting", "unavailable")


class CalibrationRun(SessionRun):
    """Runs one calibration; `app.pipeline.runner.DspWorker` and `run_unpaced` drive it like any session.

    Parameters
    ----------
    sources : Sources
        Open, not started.
    kind : Kind
    about : About
        `make_about` knows what the sources tell.
    sinks : sequence of EventSink
        Get what the calibration says (`Note`), and the links and contacts of the session; no attempts and reps.
    positions : sequence of str
        Of the maximal tries.
    on_view : callable or None
        Gets every view that differs from the one before in more than levels and seconds; on the thread that pushes.
    begun : Unfinished or None
        What broke off before; left alone where it does not fit.
    helpers : bool
        Whether helping muscles are offered at the end.
    """

    def __init__(
        self,
        sources: Sources,
        kind: Kind,
        about: About,
        sinks: Sequence[EventSink],
        *,
        positions: Sequence[str] = MVC_POSITIONS,
        on_view: Callable[[CalibrationView], None] | None = None,
        begun: Unfinished | None = None,
        helpers: bool = False,
    ) -> None:
        self._ticks: list[Ticks] = []
        engine = Engine(
            sources.streams,
            sources.montage,
            load_programme(PROGRAMME),
            None,
            simulated=sources.simulated,
            aligned=sources.aligned,
            delays_ns=sources.delays_ns,
            draws=Bars() if sources.paced else None,
            on_ticks=self._ticks.append,
        )
        self._about = about
        plan = SessionPlan(engine.programme, "none", person=about.person)
        super().__init__(engine, describe(sources, plan, engine, None), sinks)
        sites = sources.montage.sites
        self._calibrator = Calibrator(
            kind,
            sites,
            about,
            raw_to_uv=engine.raw_to_uv,
            positions=positions,
            begun=begun if begun is not None and begun.fits(kind, sites, about.device, about.position) else None,
            helpers=helpers,
            units=_units(sources.montage),
        )
        self._lock = threading.Lock()
        self._movements = {
            info.stream_id: Movement(info.sfreq, len(info.ch_names)) for info in sources.streams if info.kind == "raw"
        }
        self._on_view = on_view
        self._shown: tuple[object, ...] = ()
        self.view: CalibrationView = self._calibrator.view
        """The newest view; one attribute, read and written whole."""

    def press(self, key: Key) -> None:
        """Answer; from any thread, also after the last step."""
        with self._lock:
            notes = self._calibrator.press(key)
        super().emit(notes)
        self._show()

    @property
    def is_over(self) -> bool:
        """Whether the last step is done, and nothing more is offered."""
        return self.view.finished and "helpers" not in self.view.keys

    @property
    def clench_test(self) -> ClenchTest | None:
        """What a clench test found, once it is done; None of any other calibration, or where nothing was found."""
        view, about = self.view, self._about
        if view.kind != "clench-test" or not view.finished or not view.results or about.made_utc is None:
            return None
        return ClenchTest(
            made_utc=about.made_utc,
            person=about.person,
            simulated=about.simulated,
            device=about.device,
            muscle=about.muscle,
            position=about.position,
            results=dict(view.results),
        )

    @property
    def unfinished(self) -> Unfinished | None:
        """What to go on with if it breaks off now, or did; None where there is nothing, or nothing more to do."""
        with self._lock:
            return self._calibrator.unfinished

    def emit(self, events: Iterable[Event]) -> None:
        """Hand events on, and see whether the source went away."""
        kept = [event for event in events if not isinstance(event, Latency)]
        super().emit(kept)
        for event in kept:
            if isinstance(event, LinkChanged) and event.state in _SILENT:
                with self._lock:
                    self._calibrator.lose_link(event.reason)
                self._show()

    def do(self, act: Act) -> None:
        """Nothing: a calibration has keys of its own, see `press`."""

    def push(self, *blocks: SampleBlock) -> None:
        """Measure the next blocks."""
        for block in blocks:
            super().emit(event for event in self.engine.push(block) if isinstance(event, Quality | Gap))
            self._take(self._moved(block))

    def finish(self) -> Summary:
        """End with what is there; idempotent."""
        if self.summary is None:
            self.engine.finish()
            self._take(np.empty((0, N_COLUMNS, len(self.engine.montage.sites))))
            with self._lock:
                notes = self._calibrator.break_off()
            super().emit(notes)
            self.summary = self.engine.coach.summary(recording=None, lost_pct=self.engine.lost_pct)
            self._show()
        return self.summary

    def _take(self, windows: Float64Array) -> None:
        ticks = self._ticks.copy()
        self._ticks.clear()
        contacts = self.engine.contacts
        for number, one in enumerate(ticks or [self._no_ticks()]):
            moved = windows if number == 0 else windows[:0]
            with self._lock:
                notes = self._calibrator.advance(Measures(one, moved, contacts.words, contacts.hum))
            super().emit(notes)
        self._show()

    def _no_ticks(self) -> Ticks:
        nothing = np.empty((0, len(self.engine.montage.sites)))
        return Ticks(nothing, nothing, nothing.astype(np.bool_), {})

    def _moved(self, block: SampleBlock) -> Float64Array:
        """Windows of movement of one block, in the order of the sites; NaN for those of other streams."""
        movement = self._movements.get(block.stream_id)
        columns = self.engine.montage.columns.get(block.stream_id, ())
        measured = movement.process(block.samples) if movement is not None else np.empty((0, N_COLUMNS, 0))
        windows = np.full((len(measured), N_COLUMNS, len(self.engine.montage.sites)), np.nan)
        if len(measured):
            for column, site in columns:
                windows[:, :, site] = measured[:, :, column]
        return windows

    def _show(self) -> None:
        with self._lock:
            view = self._calibrator.view
        self.view = view
        facts = (
            view.step, view.number, view.total, view.phase, view.line, dict(view.results), view.sentences,
            view.question, view.paused, view.interrupted, view.exchanged, view.finished, view.record,
        )  # fmt: skip
        if self._on_view is not None and facts != self._shown:
            self._shown = facts
            self._on_view(view)


def make_about(
    sources: Sources,
    *,
    id_: str,
    made_utc: str,
    person: str | None,
    electrode: Electrode,
    muscle: Glute,
    position: str = "prone",
) -> About:
    """Add to what a person says of a calibration what its sources tell."""
    return About(
        id=id_,
        made_utc=made_utc,
        person=person,
        simulated=sources.simulated,
        device=sources.uris,
        muscle=muscle,
        position=position,
        electrode=electrode,
        chain=CHAIN,
    )


def exchanged_uris(sources: Sources) -> tuple[str, ...]:
    """The sources to use from now on if left and right lie the wrong way round, see `app.session.exchange`."""
    to = exchange(_units(sources.montage))
    streams = iter(sources.streams)
    return tuple(
        _with_map(uri, _channels(tuple(islice(streams, n_streams)), sources.montage, to))
        for uri, n_streams in zip(sources.uris, sources.n_streams, strict=True)
    )


def _channels(streams: Sequence[StreamInfo], montage: Montage, to: Mapping[str, str]) -> dict[str, int]:
    """Channel of each site of one source, where its electrodes really lie; they count through all of its streams."""
    channels: dict[int, str] = {}
    n_before = 0
    for info in streams:
        for column, site in montage.columns.get(info.stream_id, ()):
            channels[n_before + column + 1] = to[montage.sites[site]]
        n_before += len(info.ch_names)
    return {channels[number]: number for number in sorted(channels)}


def _with_map(uri: str, channels: Mapping[str, int]) -> str:
    address, _, query = uri.partition("?")
    options = [option for option in query.split("&") if option and not option.startswith("map=")]
    new_map = ",".join(f"{site}:{number}" for site, number in channels.items())
    return f"{address}?{'&'.join([*options, f'map={new_map}'])}"


def _units(montage: Montage) -> list[set[str]]:
    """The sites that each unit measures; a stream is a unit."""
    return [{montage.sites[site] for _column, site in columns} for columns in montage.columns.values()]
