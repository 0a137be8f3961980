"""What broke off before is offered through the notice, with two answers."""

import pytest

from tests.ui.scenes import StagedSource
from tests.ui.staged_desks import StagedRescue

QUESTION = "The recording of 20 November 2026, 14:30 broke off. Finish it now?"


@pytest.fixture
def offered(make_window):
    source = StagedSource(rescue=StagedRescue(question=QUESTION))
    window = make_window(source=source)
    window.look_around()
    return window, source.rescue


def test_it_is_asked_and_nothing_happens_before_the_answer(offered):
    window, rescue = offered
    assert window.notice.sentence == QUESTION
    assert len(window.notice.buttons) == 2
    assert not rescue.accepted


def test_not_now_leaves_it_as_it_is(offered):
    window, rescue = offered
    window.go_back()
    window.look_around()
    assert window.notice.isHidden()
    assert not rescue.accepted


def test_finish_it_does_and_tells_what_is_missing(offered):
    window, rescue = offered
    window.notice.buttons[1].click()
    assert rescue.accepted
    rescue.news = "The recording is kept: 250 s. 12.3 s at 00:04:10 are missing: the sensor was away."
    window.look_around()
    assert window.notice.sentence.endswith("12.3 s at 00:04:10 are missing: the sensor was away.")
