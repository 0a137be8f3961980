"""What was before the start belongs to the session, and nothing of it is lost or kept twice."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.pipeline.hub import Hub
from app.pipeline.lately import Lately
from app.pipeline.runner import DspWorker, EventSink, SessionRun, run_unpaced
from app.recording.preroll import PRE_ROLL_S, PreRoll
from app.recording.recorder import Recorder
from app.session.events import Event, Latency, LinkChanged, SessionStarted
from drivers.replay.formats.journal import open_journal
from drivers.types import LinkState, SampleBlock
from tests.pipeline.signals import BOTH, CALIBRATION, cut, lines, make_engine, pair
from tests.pipeline.test_runner import STARTED

SQUEEZES = [(5.5, 6.7), (9.0, 10.2), (12.5, 13.7)]
BLOCKS = list(cut(pair(15.0, SQUEEZES, SQUEEZES), [10]))
N_BEFORE = 600


def firsts(blocks: list[SampleBlock]) -> list[int]:
    return [block.first_index for block in blocks]


def test_the_last_three_seconds_come_first_and_every_block_once():
    found: list[SampleBlock] = []
    held = PreRoll(3.0)
    for block in BLOCKS[:N_BEFORE]:
        held.push_block(block)
    began = held.begin(found.append)
    for block in BLOCKS[N_BEFORE:]:
        held.push_block(block)

    assert firsts(found) == firsts(BLOCKS[N_BEFORE - 301 :])
    assert began == {"unit": (0, BLOCKS[N_BEFORE - 301].first_index)}


def test_blocks_that_come_while_a_session_begins_are_neither_lost_nor_doubled():
    found: list[SampleBlock] = []
    held = PreRoll(1000.0)

    def deliver() -> None:
        for block in BLOCKS * 20:
            held.push_block(block)

    deliverer = threading.Thread(target=deliver)
    deliverer.start()
    held.begin(found.append)
    deliverer.join()

    assert firsts(found) == firsts(BLOCKS * 20)


def test_a_session_that_is_not_recorded_holds_nothing_once_it_has_begun():
    held = PreRoll()
    held.push_block(BLOCKS[0])
    held.begin(None)
    held.push_block(BLOCKS[1])

    assert held.begin(None) == {"unit": (0, 20)}  # the next block


def test_a_session_that_began_with_what_was_before_it_replays_to_the_same_lines(tmp_path: Path):
    hub, held = Hub(), PreRoll()
    hub.sinks.append(held.push_block)
    hub.add_stream(BOTH, ("left", "right"))
    events: list[Event] = []
    waited = threading.Event()
    ended = threading.Event()

    def idle(event: Event, decided_ns: int) -> None:
        waited.set()  # contact is known: it has taken blocks

    sinks: list[EventSink] = [lambda event, decided_ns: events.append(event)]
    worker = DspWorker(hub, SessionRun(make_engine(), STARTED, [idle]), on_end=lambda fault: ended.set())
    worker.start()
    for block in BLOCKS[:N_BEFORE]:
        hub.on_block(block)
    assert waited.wait(20.0)
    recorder = Recorder(tmp_path, [BOTH], STARTED, CALIBRATION)
    worker.change_to(SessionRun(make_engine(), STARTED, sinks), held.begin(recorder.push_block))
    for block in BLOCKS[N_BEFORE:]:
        hub.on_block(block)
    hub.on_state("unit", LinkState.CLOSED, "end")
    assert ended.wait(20.0)
    recorder.stop()

    replayed: list[Event] = []
    journal = open_journal(tmp_path)
    run_unpaced(
        SessionRun(make_engine(), STARTED, [lambda event, decided_ns: replayed.append(event)]),
        journal.blocks(0.0),
        None,
    )
    journal.close()
    said = [event for event in events if not isinstance(event, Latency | LinkChanged | SessionStarted)]
    assert lines(said) == lines(replayed)
    assert journal.duration_s == pytest.approx(PRE_ROLL_S + 0.01 + 9.0)
    assert sum(1 for line in lines(said) if b'"type":"rep"' in line) == len(SQUEEZES)


def test_what_is_taken_late_and_lies_before_the_beginning_is_not_judged():
    lately = Lately()
    taken = [lately.add(block) for block in BLOCKS[:100]]
    already = list(lately.begin({"unit": (0, 980)}))

    assert all(taken)
    assert firsts(already) == [980, 990]
    assert [lately.add(block) for block in BLOCKS[97:100]] == [False, True, True]


def test_a_stream_that_was_silent_begins_with_what_comes():
    held, lately = PreRoll(3.0), Lately()
    late = replace(BLOCKS[400], stream_id="another", first_index=0)
    for block in (BLOCKS[0], late):
        held.push_block(block)
        lately.add(block)
    began = held.begin(None)

    assert began == {"unit": (0, 10), "another": (0, 0)}
    assert list(lately.begin(began)) == [late]
    assert lately.add(BLOCKS[1])


def test_a_stream_that_is_first_heard_while_a_session_begins_is_judged_as_it_is_recorded():
    lately = Lately()
    began = PreRoll().begin(None)
    lately.add(BLOCKS[0])  # taken before the change to the session was

    assert list(lately.begin(began)) == [BLOCKS[0]]
