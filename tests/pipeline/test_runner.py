import itertools
import threading
from collections.abc import Iterable, Iterator

import pytest

from app.pipeline.hub import Hub
from app.pipeline.runner import LATENCY_EVERY_S, DspWorker, EventSink, LatencyProbe, SessionRun, run_unpaced
from app.pipeline.snapshot import Snapshot
from app.session.events import Act, Event, Latency, LinkChanged, Note, Rating, Rep, SessionStarted, Summary
from drivers.types import LinkState, SampleBlock
from tests.pipeline.signals import BOTH, cut, lines, make_engine, pair

SQUEEZES = [(2.0, 3.2), (4.5, 6.0), (7.5, 8.5)]
SAMPLES = pair(12.0, SQUEEZES, SQUEEZES)
STARTED = SessionStarted(
    v=1, app="0", chain="c", utc_start=None, person=None, programme="free", position="any", source=["x:y"],
    isolation="wireless", simulated=False, seed=None, channels=[], calibration=None,
)  # fmt: skip


class Session:
    """A session whose lines are kept; its end can be waited for."""

    def __init__(self, duration_s: float | None = None, sinks: Iterable[EventSink] = ()) -> None:
        self.events: list[Event] = []
        self.run = SessionRun(
            make_engine(), STARTED, [lambda event, ns: self.events.append(event), *sinks], duration_s=duration_s
        )
        self.hub = Hub()
        self.hub.add_stream(BOTH, ("left", "right"))
        self.faults: list[BaseException | None] = []
        self.ended = threading.Event()
        self.worker = DspWorker(self.hub, self.run, on_end=self._on_end)

    def _on_end(self, fault: BaseException | None) -> None:
        self.faults.append(fault)
        self.ended.set()

    def deliver(self, blocks: Iterable[SampleBlock]) -> None:
        for block in blocks:
            self.hub.on_block(block)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    yield session
    session.worker.stop()


def test_live_and_unpaced_say_the_same(session: Session):
    unpaced = Session()
    run_unpaced(unpaced.run, cut(SAMPLES, [10]), None)
    session.worker.start()
    session.deliver(cut(SAMPLES, [10]))
    session.hub.on_state("unit", LinkState.CLOSED, "end")
    assert session.ended.wait(20.0)

    kept = [event for event in session.events if not isinstance(event, Latency | LinkChanged)]
    assert lines(kept) == lines(unpaced.events)
    assert session.faults == [None]


def test_the_first_line_describes_the_session_and_notes_about_its_source_follow():
    session = Session()
    session.run.begin(notes=["The last line was cut."])

    assert session.events == [STARTED, Note(t_s=0.0, text="The last line was cut.")]


def test_the_last_line_is_the_summary_and_there_is_one(session: Session):
    session.worker.start()
    session.deliver(cut(SAMPLES[:1000], [10]))
    session.worker.stop()
    session.worker.stop()
    session.run.finish()

    assert isinstance(session.events[-1], Summary)
    assert len(session.of(Summary)) == 1


def test_stop_judges_everything_that_has_arrived(session: Session):
    session.worker.start()
    session.deliver(cut(SAMPLES, [10]))
    session.worker.stop()

    assert len(session.of(Rep)) == 3


def test_every_ten_seconds_and_at_the_end_the_latency_is_said(session: Session):
    session.worker.start()
    session.deliver(cut(SAMPLES, [10]))
    session.worker.stop()

    assert len(session.of(Latency)) == int(12.0 / LATENCY_EVERY_S) + 1


def test_the_newest_picture_carries_the_time_of_its_newest_block(session: Session, monkeypatch):
    monkeypatch.setattr(session.hub, "clock_ns", lambda: 10**9)  # a busy computer would let a second of silence pass
    session.deliver(cut(SAMPLES, [10]))
    session.hub.on_state("unit", LinkState.CLOSED, "end")
    session.worker.start()
    assert session.ended.wait(20.0)

    snapshot = session.worker.snapshot
    assert snapshot is not None
    assert snapshot.t_s == pytest.approx(12.0, abs=0.01)
    assert snapshot.received_ns > 0


def test_blocks_that_come_faster_than_they_are_taken_do_not_keep_the_picture_back(session: Session, monkeypatch):
    moments = itertools.count(0, 20_000_000)
    monkeypatch.setattr(session.hub, "clock_ns", lambda: next(moments))  # a computer on which everything takes 20 ms
    shown: list[float] = []
    cut_snapshot = session.run.engine.snapshot

    def cut_and_note(received_ns: int) -> Snapshot:
        shown.append(session.run.engine.t_s)
        return cut_snapshot(received_ns)

    monkeypatch.setattr(session.run.engine, "snapshot", cut_and_note)
    session.deliver(cut(SAMPLES, [10]))
    session.hub.on_state("unit", LinkState.CLOSED, "end")
    session.worker.start()
    assert session.ended.wait(20.0)

    assert len(shown) > 100
    assert shown[-1] == pytest.approx(12.0, abs=0.01)


def test_a_session_ends_at_its_duration_whatever_else_comes():
    session = Session(duration_s=4.0)
    recorded: list[SampleBlock] = []
    run_unpaced(session.run, cut(SAMPLES, [10]), recorded.append)

    assert session.run.engine.t_s == pytest.approx(4.0, abs=0.01)
    assert len(session.of(Rep)) == 1
    assert recorded[-1].first_index < 4020


def test_every_block_is_recorded_before_it_is_judged():
    order: list[str] = []
    session = Session(sinks=[lambda event, ns: order.append("judged")])
    run_unpaced(session.run, cut(SAMPLES[:1200], [1200]), lambda block: order.append("recorded"))

    assert order[0] == "recorded"


def test_a_fault_ends_the_session_with_its_summary_and_is_handed_on():
    def fail(event: Event, ns: int) -> None:
        if isinstance(event, Rep):
            raise RuntimeError("a sink broke")

    session = Session(sinks=[fail])
    session.worker.start()
    session.deliver(cut(SAMPLES, [10]))
    assert session.ended.wait(20.0)

    assert isinstance(session.faults[0], RuntimeError)
    assert isinstance(session.events[-1], Summary)


def test_link_changes_are_lines_in_source_time(session: Session):
    blocks = list(cut(SAMPLES[:3000], [10]))
    session.deliver(blocks[:200])
    session.hub.on_state("unit", LinkState.RECONNECTING, "it was unplugged")
    session.deliver(blocks[200:])
    session.worker.start()
    session.worker.stop()

    (link,) = session.of(LinkChanged)
    assert isinstance(link, LinkChanged)
    assert (link.state, link.reason) == ("reconnecting", "it was unplugged")
    assert link.t_s == pytest.approx(2.0, abs=0.02)


def test_while_paused_nothing_is_counted(session: Session):
    session.worker.do(Act(0.0, "pause"))
    session.worker.start()
    session.deliver(cut(SAMPLES, [10]))
    session.worker.stop()

    (act,) = session.of(Act)
    assert act == Act(0.0, "pause")
    assert session.of(Rep) == []


def test_who_stops_when_no_sample_comes_any_more_has_stopped(session: Session):
    session.deliver(cut(SAMPLES[:3000], [10]))
    session.worker.start()
    session.worker.do(Act(0.0, "stop"))

    assert session.ended.wait(20.0)
    assert isinstance(session.events[-1], Summary)
    assert session.worker.snapshot is not None
    assert session.worker.snapshot.progress.stage == "stopped"


def test_how_it_was_is_put_into_the_session_or_refused_once_it_is_over(session: Session):
    session.deliver(cut(SAMPLES[:1000], [10]))
    session.worker.start()
    assert session.worker.rate("pain", 2)
    session.worker.do(Act(0.0, "stop"))
    assert session.ended.wait(20.0)  # its recording is closed from here on, on the same thread

    assert not session.worker.rate("effort", 5)
    assert [(line.kind, line.value) for line in session.of(Rating) if isinstance(line, Rating)] == [("pain", 2.0)]


def test_percentiles_are_of_the_delays_in_ms_and_none_before_the_first():
    probe = LatencyProbe()
    assert probe.percentiles() is None
    for delay_ms in range(1, 101):
        probe.add(delay_ms * 1_000_000)

    percentiles = probe.percentiles()
    assert percentiles is not None
    assert percentiles.p50 == pytest.approx(50.5, abs=0.1)
    assert percentiles.p50 < percentiles.p95 < percentiles.p99
