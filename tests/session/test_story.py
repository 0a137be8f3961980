"""The facts of what happened in a set: who joined, best in which squeeze, how late, and what is worth trying next."""

import pytest

from app.session.events import Rep, RepSide, Side
from app.session.story import Told, tell

BOTH: tuple[Side, Side] = ("left", "right")


def squeeze(
    left_pct: float | None = 40.0, right_pct: float | None = 40.0, lag_ms: float | None = 0.0, lsi: float = 95.0,
    *not_clean: str, ref: str = "mvc",
) -> Told:  # fmt: skip
    levels: dict[Side, float | None] = {"left": left_pct, "right": right_pct}
    fired = frozenset(side for side in BOTH if levels[side] is not None)
    if not fired:
        return Told(fired, None)
    together = len(fired) == 2
    lag_ms = lag_ms if together else None
    late: Side | None = None if lag_ms is None or abs(lag_ms) <= 100.0 else "left" if lag_ms > 0.0 else "right"
    rep = Rep(
        index=1, set=1, phase="work", scheme="both", start_s=0.0, end_s=1.0, counted=True, clean=not not_clean,
        not_clean=list(not_clean), lag_ms=lag_ms, lag_pm_ms=None, late=late, lag_status="ok",
        lsi_pct=lsi if together else None, lsi_pm_pct=None, weaker=None,
        lr_log=(-0.05 if (left_pct or 0.0) <= (right_pct or 0.0) else 0.05) if together else None,
        ref=ref, target_pct={}, feedback="full", hint=None,  # type: ignore[arg-type]
        sides={side: RepSide(None, None, level, level, None, "firing") for side, level in levels.items()},
        compensators={},
    )  # fmt: skip
    return Told(fired, rep)


MISSED = squeeze(None, 40.0)


def test_it_counts_in_how_many_squeezes_each_side_joined():
    story = tell([squeeze()] * 14 + [MISSED] * 6, BOTH, set_number=2, flagged=None)
    assert (story.n, story.sides["left"].n, story.sides["right"].n) == (20, 14, 20)
    assert (story.set_number, story.about) == (2, "left")


def test_the_best_squeeze_of_a_side_is_the_most_alike_of_those_in_time():
    story = tell(
        [squeeze(lsi=70.0), MISSED, squeeze(lag_ms=180.0, lsi=99.0), squeeze(lsi=92.0), squeeze(lsi=80.0)],
        BOTH, set_number=1, flagged=None,
    )  # fmt: skip
    assert story.sides["left"].best == 4


def test_a_side_that_never_joined_has_no_best():
    story = tell([MISSED] * 5, BOTH, set_number=None, flagged="left")
    assert story.sides["left"].best is None
    assert story.sides["right"].best == 1
    assert story.next == "wake"


def test_the_usual_lag_has_no_sign_and_names_the_later_side():
    story = tell([squeeze(lag_ms=-130.0)] * 5, BOTH, set_number=1, flagged=None)
    assert (story.lag_ms, story.later, story.about, story.next) == (130, "right", "right", "together")


def test_two_lags_are_no_usual_lag():
    assert tell([squeeze()] * 2, BOTH, set_number=1, flagged=None).lag_ms is None


def test_a_reference_from_the_session_gives_no_symmetry():
    story = tell([squeeze(20.0, 40.0, 0.0, 50.0, ref="session")] * 5, BOTH, set_number=1, flagged=None)
    assert (story.lsi_pct, story.next) == (None, "go-on")


def test_a_side_that_gives_less_is_named():
    story = tell([squeeze(20.0, 40.0, 0.0, 50.0)] * 5, BOTH, set_number=1, flagged=None)
    assert (story.lsi_pct, story.weaker, story.about, story.next) == (50, "left", "left", "alike")


def test_where_helpers_took_over_in_most_squeezes_less_force_comes_first():
    took_over = squeeze(40.0, 40.0, 0.0, 95.0, "compensator:hamstring-left")
    assert tell([took_over] * 3 + [squeeze()] * 2, BOTH, set_number=1, flagged=None).next == "softer"


def test_when_all_is_well_it_goes_on_as_it_is_and_is_about_nobody():
    story = tell([squeeze()] * 5, BOTH, set_number=1, flagged=None)
    assert (story.next, story.about, story.n_together) == ("go-on", None, 5)


def test_after_enough_the_next_step_is_tomorrow():
    assert tell([MISSED] * 60, BOTH, set_number=None, flagged="left", enough=True).next == "tomorrow"


@pytest.mark.parametrize("asked", [("left",), ("right",)])
def test_a_single_side_is_what_its_story_is_about(asked):
    story = tell([squeeze()] * 3, asked, set_number=1, flagged=None)
    assert story.about == asked[0]
    assert set(story.sides) == set(asked)


def test_the_picture_shows_each_side_in_each_squeeze_and_nothing_where_it_did_not_fire():
    story = tell([squeeze(30.0, 40.0), MISSED, squeeze(None, None)], BOTH, set_number=1, flagged=None)
    assert story.each == ((30.0, 40.0), (None, 40.0), (None, None))


def test_sides_that_take_turns_are_counted_in_their_own_squeezes():
    turns = [Told(frozenset({side}), squeeze().rep, side) for side in (*BOTH, *BOTH)]
    story = tell(turns, BOTH, set_number=1, flagged=None)
    assert {side: (joining.n, joining.of) for side, joining in story.sides.items()} == {"left": (2, 2), "right": (2, 2)}
    assert (story.about, story.next) == (None, "go-on")


def test_no_squeeze_is_a_story_without_numbers():
    story = tell([], BOTH, set_number=None, flagged=None)
    assert (story.n, story.lag_ms, story.each) == (0, None, ())
