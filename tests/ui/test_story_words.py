"""The three sentences after a set: what happened, how alike, and what to do next."""

from app.session.events import Side
from app.session.story import Joining, NextStep, Story
from app.ui.story_words import sentences


def story(
    left: int = 20, right: int = 20, *, about: Side | None = None, best: int | None = 12, lag_ms: float | None = 20.0,
    later: Side | None = "left", lsi_pct: float | None = 95.0, weaker: Side | None = "left", n: int = 20,
    woke_at: int | None = None, hint: str | None = None, step: NextStep = "go-on",
) -> Story:  # fmt: skip
    sides: dict[Side, Joining] = {"left": Joining(left, n, best if left else None), "right": Joining(right, n, 3)}
    return Story(
        set_number=1, n=n, sides=sides, about=about, lag_ms=lag_ms, later=later, lsi_pct=lsi_pct, weaker=weaker,
        n_together=18, woke_at=woke_at, hint=hint, next=step, each=(),
    )  # fmt: skip


def test_the_side_that_joined_less_often_is_told_with_its_best_squeeze_and_its_lag():
    told = sentences(story(14, about="left", lag_ms=126.0, step="wake"))
    assert told == [
        "Left joined in 14 of 20 squeezes, best in number 12.",
        "Left usually started 126 ms later than right.",
        "Next: short, soft squeezes until left joins.",
    ]


def test_when_all_went_well_it_says_so():
    assert sentences(story()) == [
        "Both sides joined in every squeeze.",
        "Both started together in 18 of 20 squeezes.",
        "Next: go on just like this.",
    ]


def test_a_side_that_gave_less_is_told_by_how_much():
    told = sentences(story(about="right", lsi_pct=61.0, weaker="right", step="alike"))
    assert told[1:] == ["Right usually with 61\u2009% of left.", "Next: a little more on right."]


def test_where_neither_side_joined_there_is_nothing_to_compare():
    told = sentences(story(0, 0, about="left", lag_ms=None, lsi_pct=None, step="tomorrow"))
    assert told == [
        "Neither side yet, in 20 squeezes.",
        "Enough for today. This usually takes one to two weeks.",
    ]


def test_one_side_that_never_joined_is_named():
    assert sentences(story(0, about="left", lag_ms=None, step="wake"))[0] == "Left: not yet, in 20 squeezes."


def test_waking_is_told_by_the_squeeze_from_which_the_side_joined():
    assert sentences(story(8, about="left", woke_at=13))[0] == "Left joined from squeeze 13 on."
    after = sentences(story(8, about="left", woke_at=13, hint="Press half as hard"))[0]
    assert after == "Left joined from squeeze 13 on, after “Press half as hard”."


def test_without_a_counted_squeeze_it_says_so():
    assert sentences(story(0, 0, n=0)) == ["No squeeze could be counted."]
