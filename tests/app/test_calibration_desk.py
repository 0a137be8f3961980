"""What broke off is offered to whom it belongs, with the sensors it was made with, for an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from app.calibration_desk import CalibrationDesk
from app.session.calibrating.steps import rest
from app.session.calibrating.unfinished import FinishedStep, Unfinished
from app.ui.sound import Sound


def broken_off(minutes_ago=5.0, device=("umyo:A",)):
    since = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()
    step = FinishedStep(rest(10.0), (4e-6,), (4e-6,), (0.0,), {"left": "ok"}, {})
    return Unfinished("daily", ("left",), device, None, False, "prone", 4, (step,), broken_off_utc=since)


@pytest.fixture
def ordered():
    """What the desk orders."""
    return []


@pytest.fixture
def desk(ordered):
    """A desk with the sensor umyo:A in use."""
    return CalibrationDesk(ordered.append, lambda uris: None, Sound(), is_own=lambda found: found.device == ("umyo:A",))


def test_going_on_begins_the_same_kind_with_what_was_done(desk, ordered):
    desk.broken_off = broken_off()
    desk.go_on()
    assert ordered == ["daily"]
    assert desk.begun == desk.broken_off


def test_beginning_anew_leaves_what_broke_off_behind(desk, ordered):
    desk.broken_off = broken_off()
    desk.begin("quick")
    assert ordered == ["quick"]
    assert desk.begun is None


def test_what_was_gone_on_with_is_no_part_of_the_next_calibration(desk):
    desk.broken_off = broken_off()
    desk.go_on()
    desk.await_run(None)  # another person, or a session
    desk.await_run("quick")
    assert desk.begun is None


@pytest.mark.parametrize("found", [None, broken_off(61.0), broken_off(device=("umyo:B",))])
def test_what_is_too_old_or_of_other_sensors_is_not_offered(desk, ordered, found):
    desk.broken_off = found
    desk.go_on()
    assert desk.unfinished is None
    assert ordered == []
