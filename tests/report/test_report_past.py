"""The page tells the trend up to its session, from the history that lies beside it, and makes none."""

from datetime import timedelta
from typing import cast

import pytest

from app.history.store import NAME, open_history
from app.recording.record import SessionRecord
from app.report.past import Past, past_of
from app.report.trend import NO_TREND
from tests.rigs.lived import FIRST_DAY, Lived, lived, squeezes


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
