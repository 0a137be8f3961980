"""From every step there is a way on: no page waits for something that nobody is told of."""

from dataclasses import replace

import msgspec

from app.session.care import CARE_QUESTIONS, CareCheck
from app.ui.sound.output import DEVICE_GONE
from tests.ui.calibrate_scenes import DONE
from tests.ui.scenes import NOT_YET, SCENES, StagedSource
from tests.ui.staged_desks import StagedCalibration, StagedCare

PASSED = CareCheck(dict.fromkeys(CARE_QUESTIONS, False))


def test_after_the_check_the_start_page_comes_wherever_the_sensors_were_chosen(make_window):
    care = StagedCare(step="check", check=PASSED)
    window = make_window(source=StagedSource(now=None, care=care))
    window.show_page(1)
    window.look_around()
    assert window.steps.care.isVisible()
    care.go_on()
    window.look_around()

    assert window.steps.start.isVisible()


def test_whoever_leaves_the_start_page_for_other_sensors_may_stay_there(make_window):
    window = make_window(source=StagedSource(now=None, care=StagedCare(step="pain-before", check=PASSED)))
    window.show_page(1)
    window.look_around()
    assert window.sensors.isVisible()
    window._begin_anew()  # another sensor was chosen

    assert window.steps.start.isVisible()


def test_a_side_without_a_reference_leads_to_another_try_and_to_no_session(make_window):
    assert DONE.record is not None
    alone = msgspec.structs.replace(DONE.record, reference={"right": 6e-5}, tries={"right": [6e-5]})
    view = replace(DONE, record=alone)
    window = make_window(source=StagedSource(calibration=StagedCalibration(view)))
    window.show_page(2)
    window.look_around()
    page = window.calibrate.page

    assert view.lacks == ("left",)
    assert page.use.isHidden()
    assert page.again.isVisible()
    assert page.result.accessibleName().removeprefix("Result: ").startswith("Left: no reference yet")


def test_a_sound_device_that_goes_is_told_once(make_window):
    window = make_window(NOT_YET)
    assert window.notice.isHidden()
    window.source.no_sound = DEVICE_GONE
    window.look_around()
    assert window.notice.sentence.startswith("The sound device is gone")
    window.go_back()
    window.look_around()

    assert window.notice.isHidden()


def test_the_keyboard_is_where_it_was_once_a_notice_is_gone(make_window):
    window = make_window(SCENES["first-seconds"])
    window.asking.tell("Something.")
    window.go_back()

    assert window.focusWidget() in (None, window)
