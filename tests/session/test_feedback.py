"""How much is fed back: all, less after good squeezes, and now and then nothing as a test."""

from collections import Counter

from app.session.events import Feedback
from app.session.feedback import BLOCK, GOOD_RUN, FeedbackSchedule
from app.session.programme import Phase


def plays(phase: Phase, *good: bool, set_number: int = 1) -> list[Feedback]:
    schedule = FeedbackSchedule(phase, set_number)
    heard = [schedule.now]
    for ok in good:
        schedule.update(good=ok)
        heard.append(schedule.now)
    return heard


def test_full_feedback_stays_full_however_good_it_goes():
    assert set(plays(Phase("wake-up", feedback="full"), *[True] * 30)) == {"full"}


def test_a_check_is_silent_throughout():
    assert set(plays(Phase("check", feedback="none"), *[False] * 10)) == {"none"}


def test_after_five_good_squeezes_every_second_one_is_silent():
    heard = plays(Phase("work", feedback="bandwidth"), *[True] * (GOOD_RUN + 3))
    assert heard == ["bandwidth"] * GOOD_RUN + ["none", "bandwidth", "none", "bandwidth"]


def test_a_squeeze_that_fails_brings_feedback_back_though_it_was_a_silent_one():
    heard = plays(Phase("work", feedback="bandwidth"), *[True] * GOOD_RUN, False, True)
    assert heard[GOOD_RUN] == "none"
    assert heard[GOOD_RUN + 1 :] == ["bandwidth", "bandwidth"]


def test_of_every_ten_squeezes_as_many_are_silent_tests_as_the_programme_says():
    heard = plays(Phase("work", feedback="bandwidth", test_reps=2), *[False] * (3 * BLOCK - 1))
    for first in range(0, 3 * BLOCK, BLOCK):
        assert Counter(heard[first : first + BLOCK]) == {"bandwidth": BLOCK - 2, "none": 2}


def test_the_order_of_silent_tests_is_that_of_the_seed():
    def order(seed: int, set_number: int = 1) -> list[Feedback]:
        phase = Phase("work", feedback="bandwidth", test_reps=2, seed=seed)
        return plays(phase, *[False] * 30, set_number=set_number)

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != order(1, set_number=2)
