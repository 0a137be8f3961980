"""A hint that the session begins with, and those that follow, are in its lines; its journal replays with them."""

from pathlib import Path

import pytest

from tests.system.command import Outcome, glutewake, live

SESSION = ("--programme", "prone-ankle-squeeze", "--duration", "60")


def session(person: str, *arguments: str | Path) -> Outcome:
    return live(f"sim:{person}?seed=1&speed=max", *SESSION, *arguments)


def test_every_attempt_and_rep_logs_the_hint_in_force():
    outcome = session("sleepy-left", "--hint", "softer")

    told = [line["value"] for line in outcome.of("say") if line["what"] == "hint"]
    assert told[:2] == ["softer", "hold-until-it-joins"]
    assert [rep["hint"] for rep in outcome.reps[:6]] == ["softer"] * 5 + ["hold-until-it-joins"]
    assert outcome.of("attempt")[0]["hint"] == "softer"


def test_the_summary_names_the_hint_after_which_the_side_woke():
    summary = live("sim:waking-left?seed=1&wake=7&speed=max", *SESSION).summary

    assert (summary["wake_up_squeezes"], summary["woke_after_hint"]) == (8, "hold-until-it-joins")
    assert summary["wake_up_tried"] == 11


def test_a_session_that_began_with_a_hint_replays_to_the_same_lines(tmp_path: Path):
    recorded = session("sleepy-left", "--hint", "softer", "--record", tmp_path)
    (folder,) = tmp_path.iterdir()
    replayed = live(f"file:{folder}?speed=max", "--duration", "60")

    assert replayed.promised == recorded.promised
    assert replayed.of("say") == recorded.of("say")
    assert replayed.of("target") == recorded.of("target")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [(("--hint", "softer"), "needs a --programme"), ((*SESSION, "--hint", "sing"), "is no hint of this programme")],
)
def test_a_hint_that_the_programme_does_not_have_is_refused(arguments, part):
    outcome = glutewake("live", "--source", "sim:healthy?speed=max", *arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert part in outcome.err
