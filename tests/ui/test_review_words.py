"""What the Review page says: in the past, only what the reps carry, and none of the words that are not used."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from app.pipeline.programmes import load_programme
from app.session.events import Rating, RepSide, Summary
from app.ui import review_words
from app.ui.review_words import clock, joined_from, lag_words, ratings, rep_row, rep_sentences, story, together_from
from tests.ui.scenes import rep as made

SQUEEZE = load_programme("prone-ankle-squeeze")
SUMMARY = Summary(
    attempts=10, reps=10, clean_reps=6, woke=True, wake_up_squeezes=4, sleeping_side="left",
    fired_pct={"left": 60.0, "right": 100.0}, lsi_pct=71.0, lag_ms=-30.0, recording=None, lost_pct=0.0,
)  # fmt: skip


@dataclass
class Onsets:
    """When each side joined; None is not."""

    left: float | None
    right: float | None


def rep(index: int, onsets: Onsets, lag_ms: float | None = None):
    """A rep in which the sides joined at these times."""
    sides = {
        side: RepSide(onset, None, 40.0, 50.0, None, "firing")
        for side, onset in (("left", onsets.left), ("right", onsets.right))
    }
    status = "ok" if lag_ms is not None else "left-not-fired"
    return replace(made(None, None), index=index, sides=sides, lag_ms=lag_ms, lag_pm_ms=6.0, lag_status=status)


BOTH, RIGHT_ALONE = Onsets(1.2, 1.0), Onsets(None, 1.0)


def reps(pattern: str, lag_ms: float = 40.0):
    """``.`` is a rep in which left did not join, ``x`` one in which both did."""
    return [
        rep(number, BOTH, lag_ms) if mark == "x" else rep(number, RIGHT_ALONE)
        for number, mark in enumerate(pattern, start=1)
    ]


@pytest.mark.parametrize(
    ("pattern", "first"),
    [("....xxxxxx", 5), (".x..xxxxxx", 5), ("xxxxxxxxxx", None), ("..........", None), ("...xxx....", None),
     ("........xx", None), ("....xxx.xx", 5)],
)  # fmt: skip
def test_a_side_joined_from_where_it_stays(pattern, first):
    assert joined_from(reps(pattern), "left") == first


def test_together_is_less_than_100_ms_apart():
    assert together_from(reps("xxxx", lag_ms=120.0)) is None
    assert together_from([*reps("xxxx", lag_ms=120.0), *reps("....xxxx")[4:]]) == 5


def test_the_session_is_told_in_one_sentence():
    assert story(reps("....xxxxxx"), SUMMARY, SQUEEZE) == "Left joined from rep 5 on."
    assert story([], SUMMARY, SQUEEZE) == "No squeeze was counted."
    assert story(reps("xxxx"), SUMMARY, SQUEEZE) == "Both together throughout."


def test_a_row_says_words_where_the_rep_carries_no_number():
    row = rep_row(reps(".")[0])
    assert (row.words, row.symmetry, row.lag, row.reason) == ("left: not yet", "", "", "")
    assert "left: not yet" in row.spoken


def test_a_rep_with_a_helper_that_took_over_names_it():
    row = rep_row(replace(reps("x")[0], not_clean=["compensator:hamstring-left"]))
    assert row.reason == "hamstring"


def test_a_lag_keeps_its_sign_and_zero_has_none():
    assert lag_words(-12.4) == "\u221212\u2009ms"
    assert lag_words(12.4) == "12\u2009ms"
    assert lag_words(-0.2) == "0\u2009ms"
    assert lag_words(None) == ""


def test_no_interval_is_told_for_a_symmetry_that_the_table_does_not_show():
    told = rep_sentences(replace(reps(".")[0], lsi_pct=9.0, lsi_pm_pct=2.0), SQUEEZE)
    assert not [sentence for sentence in told if "Symmetry" in sentence]


def test_the_order_is_that_of_the_onsets():
    assert rep_sentences(reps("x")[0], SQUEEZE)[0] == "Order of rep 1: right, left."


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (94, "1:34"), (3727, "1:02:07"), (59.99, "0:59")])
def test_times_are_read_like_a_clock(seconds, words):
    assert clock(seconds) == words


def test_tenths_are_cut_and_never_run_ahead():
    assert clock(52.19, tenths=True) == "0:52.1"


def test_a_judgement_is_summed_up_beside_another():
    said = review_words.sum_up("scored again", reps("..xx"), SUMMARY)
    assert said.startswith("Scored again: ")
    assert "symmetry 71\u2009%" in said
    assert "\u221230\u2009ms" in said


def test_the_hint_after_which_a_side_joined_is_named_in_the_sentence_and_beside_each_rep():
    hinted = [replace(rep, hint="inner-heels") for rep in reps("....xxxxxx")]
    assert story(hinted, SUMMARY, SQUEEZE) == "Left joined from rep 5 on, after “Inner heels, not ankle bones”."
    assert rep_sentences(hinted[0], SQUEEZE)[0].endswith("Hint: “Inner heels, not ankle bones”.")


def test_a_hint_that_is_not_there_any_more_is_not_told():
    hinted = [replace(rep, hint="gone") for rep in reps("....xxxxxx")]
    assert story(hinted, SUMMARY, SQUEEZE) == "Left joined from rep 5 on."


def test_what_the_person_said_of_the_session_is_told_in_few_words():
    said = [Rating(0.0, "pain", 2.0), Rating(9.0, "felt", 1.0), Rating(30.0, "effort", 6.5), Rating(31.0, "pain", 3.0)]
    assert ratings(said) == "pain 2 before, 3 after, effort 6.5, felt in the glute"
    assert ratings([]) == ""
