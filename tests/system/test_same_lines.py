"""The same seed, and the same journal, give the same lines byte for byte at any speed."""

from pathlib import Path

import pytest

from tests.system.command import Outcome, glutewake, live

PROGRAMME = ("--programme", "prone-ankle-squeeze", "--duration", "20")
TROUBLED = "waking-left?seed=1&loss=0.02&disconnect_at=9&disconnect_s=1&stall_at=14"
PEOPLE = [TROUBLED, "two-units?seed=2&disconnect_at=8&disconnect_s=1", "bad-contact-left?seed=1"]


def session(person: str, speed: str, *arguments: str | Path) -> Outcome:
    return live(f"sim:{person}&speed={speed}", *PROGRAMME, *arguments)


@pytest.mark.parametrize("person", PEOPLE)
def test_the_same_seed_gives_the_same_lines_at_any_speed(person: str):
    first = session(person, "max").promised

    assert len(first) > 20
    assert session(person, "max").promised == first
    assert session(person, "10").promised == first


@pytest.mark.parametrize("person", PEOPLE)
def test_a_recorded_session_replays_to_the_same_lines(person: str, tmp_path: Path):
    recorded = session(person, "max", "--record", tmp_path)
    (folder,) = tmp_path.iterdir()

    assert recorded.summary["recording"] == str(folder)
    replayed = live(f"file:{folder}?speed=max", "--duration", "20")  # the journal holds a block more than was judged
    assert replayed.promised == recorded.promised
    assert replayed.of("session")[0]["programme"] == "prone-ankle-squeeze"


def test_a_session_recorded_as_it_ran_replays_to_the_same_lines(tmp_path: Path):
    recorded = session(TROUBLED, "10", "--record", tmp_path)
    (folder,) = tmp_path.iterdir()

    assert live(f"file:{folder}?speed=max", "--duration", "20").promised == recorded.promised
    assert live(f"file:{folder}?speed=20", "--duration", "20").promised == recorded.promised


def test_another_seed_gives_other_lines():
    assert session("healthy?seed=1", "max").promised != session("healthy?seed=2", "max").promised


def test_the_size_of_the_blocks_changes_no_line():
    assert (
        session("late-left?seed=3&block_ms=3", "max").promised
        == session("late-left?seed=3&block_ms=90", "max").promised
    )


def test_analyze_says_of_a_recording_what_the_session_said(tmp_path: Path):
    recorded = session(TROUBLED, "max", "--record", tmp_path)
    (folder,) = tmp_path.iterdir()
    (result,) = glutewake("analyze", folder, "--json").lines

    assert result["reps"] == recorded.of("rep")
    assert result["attempts"] == recorded.of("attempt")
    assert result["cues"] == recorded.of("cue")
    assert result["summary"] | {"recording": None} == recorded.summary | {"recording": None}


def two_sources(speed: str, *arguments: str | Path) -> Outcome:
    """One unit a side, each a source of its own, with squeezes that meet (same period and lead-in)."""
    left = f"sim:healthy?seed=1&compensators=0&map=left:1&speed={speed}"
    right = f"sim:healthy?seed=2&compensators=0&map=right:2&speed={speed}"
    return live(left, "--source", right, *PROGRAMME, *arguments)


def test_two_sources_give_the_same_lines_fast_and_paced():
    fast = two_sources("max")

    assert [channel["site"] for channel in fast.of("session")[0]["channels"]] == ["left", "right"]
    assert len(fast.reps) >= 4
    assert two_sources("10").promised == fast.promised


def test_a_recording_of_two_sources_keeps_which_channel_is_which_side(tmp_path: Path):
    recorded = two_sources("max", "--record", tmp_path)
    (folder,) = tmp_path.iterdir()

    assert live(f"file:{folder}?speed=max", "--duration", "20").promised == recorded.promised
