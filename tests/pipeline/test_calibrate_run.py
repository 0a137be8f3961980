"""Guided calibrations of simulated people, from samples to the record: the right words, and no others."""

import os

import msgspec
import pytest

from app.pipeline.calibrate import CalibrationRun, exchanged_uris, make_about
from app.pipeline.sources import Sources, open_unpaced
from app.session.calibration import Electrode
from app.session.events import Quality

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
full = pytest.mark.skipif(not FULL, reason="takes 3 s a person: GLUTEWAKE_FULL=1")


def calibrated(scenario, kind="quick", *, felt="no", seed=3, script=True, block_ms=100):
    """Calibrate a simulated person who answers; gives run, seconds, verdicts besides ok by site, and sources."""
    mark = "&" if "?" in scenario else "?"
    uri = f"sim:{scenario}{mark}{'script=calibrate&' if script else ''}speed=max&block_ms={block_ms}&seed={seed}"
    verdicts = set()

    def sink(event, decided_ns):
        if isinstance(event, Quality) and event.verdict != "ok":
            verdicts.add((event.site, event.verdict))

    with open_unpaced(Sources.create([f"{uri}&compensators=0"])) as (sources, blocks):
        run = CalibrationRun(sources, kind, make_about(
            sources, id_="c", made_utc="2026-11-20T12:00:00+00:00", person=None,
            muscle="gluteus maximus", electrode=Electrode(),
        ), [sink])  # fmt: skip
        sources.start()
        run.begin()
        for block in blocks:
            run.push(block)
            question = run.view.question
            if question is not None:
                run.press(felt if question.id == "hardened" else "swap" if question.id == "swapped" else "no")
            if run.is_over:
                break
        seconds = run.engine.t_s
        run.finish()
        return run, seconds, verdicts, exchanged_uris(sources)


RESULTS = {
    "healthy": {"left": "alone", "right": "alone"},
    "sleepy-left": {"left": "not-yet", "right": "alone"},
    "sleepy-both": {"left": "not-yet", "right": "not-yet"},
}


@pytest.mark.parametrize(
    "person", ["healthy", pytest.param("sleepy-left", marks=full), pytest.param("sleepy-both", marks=full)]
)
def test_ninety_seconds_of_signal_are_enough(person):
    run, seconds, verdicts, _ = calibrated(person)
    assert seconds <= 90.0
    assert run.view.results == RESULTS[person]
    assert not run.view.exchanged
    assert verdicts == set()


@pytest.mark.parametrize(
    "person", [pytest.param("healthy", marks=full), pytest.param("sleepy-left", marks=full), "sleepy-both"]
)
def test_exchanged_pads_are_found_by_their_taps(person):
    run, _, _, uris = calibrated(f"{person}?swap=1")
    assert run.view.exchanged
    assert run.view.results == RESULTS[person]
    assert uris[0].endswith("map=right:1,left:2")


@pytest.mark.parametrize(
    ("uris", "turned"),
    [
        (
            ["sim:healthy?seed=1&map=left:1", "sim:healthy?map=right:2,hamstring-right:4&seed=2"],
            ("sim:healthy?seed=1&map=right:1", "sim:healthy?seed=2&map=left:2,hamstring-left:4"),
        ),
        (
            ["sim:healthy?map=left:1", "sim:sleepy-left?map=right:2,hamstring-left:3"],
            ("sim:healthy?map=right:1", "sim:sleepy-left?map=left:2,hamstring-right:3"),
        ),
        (
            ["sim:healthy?map=left:2,right:1,hamstring-left:3"],
            ("sim:healthy?map=left:1,right:2,hamstring-left:3",),
        ),
        (["sim:healthy?map=left:2,right:1&seed=1"], ("sim:healthy?seed=1&map=left:1,right:2",)),
        (["sim:two-units?compensators=0"], ("sim:two-units?compensators=0&map=right:1,left:2",)),
    ],
)
def test_the_sources_of_exchanged_pads_name_the_sides_the_other_way_round(uris, turned):
    class Deaf:
        def on_block(self, block): ...
        def on_state(self, stream_id, state, reason): ...

    drivers = Sources.create(uris)
    sources = Sources.open(drivers, lambda number: Deaf())
    try:
        assert exchanged_uris(sources) == turned
    finally:
        sources.close()
    Sources.create(turned)


FAULTS = {
    "bad-contact-left": ({("left", "no-contact")}, "no-signal"),
    "healthy?hum=20": ({("left", "hum"), ("right", "hum")}, "alone"),
    "healthy?hum=20&hum_hz=60": ({("left", "hum"), ("right", "hum")}, "alone"),
    "healthy?ecg=60": ({("left", "heartbeat"), ("right", "heartbeat")}, "alone"),
    "sleepy-left?ecg=100": ({("left", "heartbeat"), ("right", "heartbeat")}, "not-yet"),
    "healthy?motion=400": ({("left", "movement"), ("right", "movement")}, "no-signal"),
    "healthy?coarse=15&noise=5": ({("left", "too-coarse"), ("right", "too-coarse")}, "alone"),
    "healthy?clip=30": ({("left", "clipping"), ("right", "clipping")}, "no-signal"),
    "healthy?crosstalk=0.05": (set(), "alone"),
    "healthy?crosstalk=0.1": (set(), "alone"),
    "healthy?crosstalk=0.3": ({("left", "crosstalk"), ("right", "crosstalk")}, "alone"),
    "sleepy-left?crosstalk=0.3": ({("left", "crosstalk"), ("right", "crosstalk")}, "not-yet"),
}
BY_DEFAULT = ("bad-contact-left", "sleepy-left?ecg=100", "sleepy-left?crosstalk=0.3")


@pytest.mark.parametrize("fault", [pytest.param(name, marks=[] if name in BY_DEFAULT else full) for name in FAULTS])
def test_a_fault_gets_its_words_and_no_others(fault):
    expected, left = FAULTS[fault]
    run, _, verdicts, _ = calibrated(fault)
    assert verdicts == expected
    assert run.view.results["left"] == left


@full
def test_a_faint_electrode_is_a_pad_once_the_cheek_was_felt_to_harden():
    run, _, verdicts, _ = calibrated("healthy?faint=0.05", felt="yes")
    assert verdicts == set()
    assert run.view.results == {"left": "no-signal", "right": "alone"}
    assert any("the pad did not show it" in sentence for sentence in run.view.sentences)


@full
@pytest.mark.parametrize("seed", range(1, 23))
@pytest.mark.parametrize("person", ["healthy", "sleepy-left"])
def test_people_are_told_apart_and_thirty_minutes_of_clean_signals_bring_no_words(person, seed):
    run, seconds, verdicts, _ = calibrated(person, seed=seed)
    assert 22 * seconds >= 1800.0  # of each kind of person
    assert run.view.results == RESULTS[person]
    assert verdicts == set()


@full
@pytest.mark.parametrize("kind", ["daily", "clench-test"])
def test_the_shorter_kinds_run_on_signals_too(kind):
    uri = f"healthy?script={kind}"
    run, seconds, _, _ = calibrated(uri, kind, script=False)
    assert seconds <= 60.0
    assert (run.view.record is None) == (kind == "clench-test")


@full
def test_the_size_of_blocks_changes_nothing():
    records = [calibrated("healthy", block_ms=block_ms)[0].view.record for block_ms in (13, 100)]
    assert records[0] == msgspec.structs.replace(records[1], device=records[0].device)


def test_a_lost_link_keeps_every_finished_step():
    run, seconds, _, _ = calibrated("healthy?disconnect_at=62&disconnect_s=3")
    assert run.view.results == RESULTS["healthy"]
    assert set(run.view.record.reference) == {"left", "right"}
    assert seconds <= 105.0
