"""The page tells the trend up to its session, from the history that lies beside it, and makes none."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import msgspec
import pytest

from app.history.store import NAME, open_history
from app.pipeline.plans import shipped_plan
from app.recording.record import SessionRecord
from app.report.advice import next_steps
from app.report.facts import gather
from app.report.language import Words
from app.report.past import Past, past_of
from app.report.trend import NO_TREND
from app.session.following import Followed, stand
from tests.rigs.lived import FIRST_DAY, Lived, lived, squeezes
from tests.rigs.told import session, squeeze


def day(tmp_path, number: int, **line_fields) -> Lived:
    events = squeezes(10, asleep=max(0, 6 - number), lag_ms=120.0 - 10 * number)
    return lived(tmp_path, FIRST_DAY + timedelta(days=number), events, **line_fields)


def past(record: Lived) -> Past:
    return past_of(cast(SessionRecord, record))  # the same, without a folder on the disk


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Four checks on four days, one more on another kind of sensor."""
    made = tmp_path_factory.mktemp("data")
    with open_history(made / NAME) as history:
        for number in range(4):
            assert history.add_session(day(made, number))
        assert history.add_session(day(made, 4, device="cyton:x"))
        history.set_affected_side("P-017", "right")
    return made


def test_the_trend_ends_with_the_session(root):
    trend = past(day(root, 2)).trend
    assert [point.started for point in trend.checks] == [FIRST_DAY + timedelta(days=n) for n in range(3)]
    assert trend.is_shown
    assert trend.readiness is None  # it is that of the newest day, which is another
    assert trend.days is not None
    assert len(trend.days.trained) == 3


def test_only_checks_that_may_be_compared_are_on_it(root):
    trend = past(day(root, 4, device="cyton:x")).trend
    assert len(trend.checks) == 1
    assert trend.readiness is not None


def test_the_involved_side_of_the_history_comes_first(root):
    assert past(day(root, 2)).involved == "right"


def test_a_person_who_is_not_in_the_history_has_no_trend(root):
    assert past(day(root, 2, person="P-099")) == Past()


def test_a_session_that_is_not_in_the_history_has_no_trend(root):
    assert past(day(root, 3, reference="mvc")).trend == NO_TREND


@pytest.mark.parametrize("nobody", [{"person": None}, {"simulated": True}])
def test_nobody_has_no_trend(root, nobody):
    assert past(day(root, 2, **nobody)) == Past()


def test_printing_makes_no_history(tmp_path):
    assert past(day(tmp_path, 2)) == Past()
    assert list(tmp_path.iterdir()) == []


def test_the_next_step_is_that_of_the_plan_where_the_person_follows_one(root, tmp_path):
    with open_history(tmp_path / NAME) as history:
        for number in range(2):
            assert history.add_session(day(tmp_path, number))
        followed = Followed(shipped_plan(), "bridge", FIRST_DAY.date())
        history.keep_plan("P-017", msgspec.to_builtins(followed))
    trend = past(day(tmp_path, 1)).trend
    assert trend.plan is not None
    steps = next_steps(gather(session([squeeze(1)])), trend, Words("en"))
    assert steps[:2] == [
        "Plan: The first weeks, “Bridge”.",
        "2 checks in a row did not pass: “Prone ankle squeeze” is proposed again. You decide.",
    ]
    assert past(day(tmp_path, 0)).trend.plan is None  # a page of before says what was known before


def test_a_plan_without_a_proposal_tells_where_the_person_stands_alone(root):
    plan = stand(Followed(shipped_plan(), "squeeze", FIRST_DAY.date()), [], (), FIRST_DAY.date())
    steps = next_steps(gather(session([squeeze(1)])), replace(NO_TREND, plan=plan), Words("de"))
    assert steps[0].startswith("Plan: Die ersten Wochen")
    assert not [step for step in steps if "Vorschlag" in step]
