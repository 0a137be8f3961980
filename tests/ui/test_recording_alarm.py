"""A recording in trouble is not overlooked."""

import pytest

from app.recording.status import RecordingStatus
from app.ui.recording_alarm import RecordingAlarm
from app.ui.theme import load_colours
from app.ui.widgets.bars import Notice
from tests.ui.scenes import StagedSource

FULL = "The disk is full; free some space."


@pytest.fixture
def source() -> StagedSource:
    return StagedSource()


@pytest.fixture
def notice(qtbot, application) -> Notice:
    notice = Notice(load_colours())
    qtbot.addWidget(notice)
    return notice


@pytest.fixture
def alarm(notice: Notice, source: StagedSource) -> RecordingAlarm:
    return RecordingAlarm(notice, source, notice.tell)


def in_trouble(cause: str, at_risk_s: float) -> RecordingStatus:
    return RecordingStatus("error", cause=cause, at_risk_s=at_risk_s)


def test_it_says_why_and_how_much_is_at_risk_now(alarm, notice, source):
    source.status = in_trouble(FULL, 3.0)
    alarm.look()
    assert notice.sentence == f"{FULL} 3 s are at risk."
    button = notice.buttons[0]
    source.status = in_trouble(FULL, 9.0)
    alarm.look()
    assert notice.sentence == f"{FULL} 9 s are at risk."
    assert notice.buttons[0] is button, "what is about to be pressed stays where it is"


def test_what_was_closed_stays_closed_until_something_else_is_wrong(alarm, notice, source):
    source.status = in_trouble(FULL, 3.0)
    alarm.look()
    notice.buttons[0].click()
    alarm.look()
    assert notice.isHidden()
    source.status = in_trouble("The folder is gone.", 3.0)
    alarm.look()
    assert not notice.isHidden()


def test_it_goes_when_the_trouble_is_over_and_comes_with_the_next(alarm, notice, source):
    source.status = in_trouble(FULL, 3.0)
    alarm.look()
    source.status = RecordingStatus("recording", recorded_s=20.0)
    alarm.look()
    assert notice.isHidden()
    source.status = in_trouble(FULL, 3.0)
    alarm.look()
    assert not notice.isHidden()


def test_what_others_say_is_left_alone_while_all_is_well(alarm, notice, source):
    notice.tell("Something else.")
    alarm.look()
    assert notice.sentence == "Something else."
    assert not notice.isHidden()
