"""Helper muscles: quiet, working, eased, taking over."""

from app.session.compensators import Compensator

LINE = 60.0


def after(*levels_pct: float) -> Compensator:
    compensator = Compensator(LINE)
    for level in levels_pct:
        compensator.update(level)
    return compensator


def test_a_helper_that_never_worked_is_quiet_and_has_nothing_to_ease():
    assert after(*[10.0] * 10).eased
    assert after(*[10.0] * 10).word(8.0) == "quiet"
    assert not after(*[10.0] * 10).compensating


def test_before_the_first_attempt_nothing_is_held_against_it():
    assert after().eased
    assert not after().compensating
    assert after().word(None) == "quiet"


def test_five_attempts_at_work_without_easing_are_compensating():
    assert not after(*[45.0] * 4).compensating
    assert after(*[45.0] * 5).compensating
    assert after(*[45.0] * 5).word(45.0) == "working"


def test_less_than_seven_tenths_of_the_first_five_is_eased():
    eased = after(*[50.0] * 5, *[34.0] * 5)
    assert eased.eased
    assert not eased.compensating
    assert eased.word(34.0) == "eased"
    assert not after(*[50.0] * 5, *[36.0] * 5).eased


def test_above_its_line_it_takes_over_from_the_first_attempt_on():
    assert after(80.0).compensating
    assert after(80.0).word(None) == "taking over"


def test_what_it_does_now_comes_before_its_story():
    assert after(*[10.0] * 10).word(70.0) == "taking over"


def test_a_helper_without_signal_keeps_its_story():
    assert after(*[45.0] * 5).word(None) == "working"
