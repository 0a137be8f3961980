"""When something is said: never into a squeeze, never the same twice running, always done before the next go."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from app.session.events import Attempt, Cue, Say, SessionStarted, StateChanged, Summary
from app.ui.sound.score import FeedbackChanged, Go, Spoken
from app.ui.sound.talk import STALE_S, Talk

END = Attempt(index=1, start_s=0.0, end_s=1.0, fired=[], counted=True)
SUMMARY = Summary(
    attempts=0, reps=0, clean_reps=0, woke=False, wake_up_squeezes=None, sleeping_side=None, fired_pct={}, lsi_pct=None,
    lag_ms=None, recording=None, lost_pct=None,
)  # fmt: skip
STARTED = SessionStarted(
    v=1, app="", chain="", utc_start=None, person=None, programme="free", position="any", source=[],
    isolation="wireless", simulated=True, seed=None, channels=[], calibration=None,
)  # fmt: skip
FIRES = StateChanged(t_s=0.0, side="right", state="firing")
RESTS = StateChanged(t_s=0.0, side="right", state="quiet")


def say(what, value=None):
    return Say(t_s=0.0, what=what, value=value)


def talk(duration_s=1.0):
    return Talk(lambda sentence: duration_s)


def words(sentence):
    return None if sentence is None else sentence.words


def test_a_count_is_spoken_once_the_squeeze_is_over():
    one = talk()
    one.feed(FIRES, 0.0)
    one.feed(RESTS, 1.0)
    one.feed(END, 1.0)
    one.feed(say("count", 5), 1.0)
    assert words(one.next(1.01)) == ("number-5",)
    assert one.next(1.01) is None


def test_nothing_begins_inside_an_attempt_and_what_waits_is_dropped_when_one_begins():
    one = talk()
    one.feed(say("count", 5), 0.0)
    assert one.feed(FIRES, 0.1)
    assert one.next(0.2) is None
    one.feed(RESTS, 0.5)
    assert one.next(0.6) is None


def test_what_is_being_said_is_broken_off_when_an_attempt_begins_but_not_by_the_second_side():
    one = talk()
    assert one.feed(FIRES, 0.0)
    assert not one.feed(StateChanged(t_s=0.0, side="left", state="firing"), 0.1)


def test_a_hint_that_was_broken_off_is_said_once_more_in_the_next_gap_and_then_let_go():
    one, heard = talk(duration_s=1.4), []
    one.feed(say("hint", "softer"), 0.0)
    for number in range(4):
        heard.append(one.next(3.0 * number) is not None)
        one.feed(FIRES, 3.0 * number + 1.0)
        one.feed(RESTS, 3.0 * number + 3.0)
    assert heard == [True, True, False, False]


def test_what_was_said_whole_is_not_said_again():
    one = talk(duration_s=0.9)
    one.feed(say("hint", "softer"), 0.0)
    assert one.next(0.0) is not None
    one.feed(FIRES, 1.0)
    one.feed(RESTS, 3.0)
    assert one.next(3.0) is None


def test_a_go_breaks_off_and_keeps_quiet_until_it_is_answered_or_over():
    one = talk()
    assert one.feed(Go(), 0.0)
    one.feed(say("side-lost", "left"), 0.5)
    assert one.next(0.6) is None
    one.feed(END, 1.0)
    assert words(one.next(1.0)) == ("left", "no-signal")


def test_a_fault_waits_for_the_next_gap_however_long_the_squeeze():
    one = talk()
    one.feed(say("side-lost", "left"), 0.0)
    one.feed(FIRES, 0.0)
    assert one.next(9.0) is None
    one.feed(RESTS, 20.0)
    assert words(one.next(20.0)) == ("left", "no-signal")


def test_while_a_rhythm_runs_nothing_begins_that_would_run_into_the_next_go():
    one = talk(duration_s=1.4)
    one.feed(Go(), 0.0)
    one.feed(END, 2.0)
    one.feed(say("side-lost", "left"), 2.4)
    assert one.next(2.4) is None
    one.feed(Go(), 4.0)
    one.feed(END, 6.0)
    assert words(one.next(6.0)) == ("left", "no-signal")


def test_a_rest_ends_the_rhythm():
    one = talk(duration_s=3.0)
    one.feed(Go(), 0.0)
    one.feed(END, 2.0)
    one.feed(say("felt"), 2.0)
    assert words(one.next(2.0)) == ("felt",)


def test_the_same_is_not_said_in_two_gaps_running_but_after_one_in_between():
    one = talk()
    heard = []
    for number in range(6):
        one.feed(END, float(number))
        one.feed(say("hint", "softer"), float(number))
        heard.append(one.next(float(number)) is not None)
    assert heard == [True, False, True, False, True, False]


def test_what_a_session_ends_with_is_said_after_its_end_and_not_into_the_next():
    one = talk()
    for message in (say("count", 5), say("stopped"), Spoken("story", text="Both sides joined."), SUMMARY):
        one.feed(message, 0.0)
    assert words(one.next(0.0)) == ("stopped",)
    one.feed(STARTED, 1.0)
    assert one.next(1.0) is None


def test_numbers_come_as_often_as_they_are_counted():
    one = talk()
    for number in range(3):
        one.feed(say("countdown", 3), float(number))
        assert words(one.next(float(number))) == ("number-3",)


def test_what_happens_again_is_said_again():
    one = talk()
    for what in ("paused", "going-on", "paused"):
        one.feed(say(what), 0.0)
        assert words(one.next(0.0)) == (what,)


def test_seconds_of_a_hold_are_spoken_while_it_lasts():
    one = talk()
    one.feed(FIRES, 0.0)
    one.feed(say("hold-seconds", 5), 5.0)
    assert words(one.next(5.0)) == ("number-5",)


def test_a_number_that_comes_too_late_is_not_spoken():
    one = talk()
    one.feed(say("countdown", 7), 0.0)
    assert one.next(1.0) is None


def test_what_nobody_could_say_for_long_is_forgotten():
    one = talk()
    one.feed(FIRES, 0.0)
    one.feed(say("rest"), 1.0)
    one.feed(RESTS, 2.0 + STALE_S)
    assert one.next(2.0 + STALE_S) is None


def test_a_person_who_is_to_manage_alone_gets_no_hint():
    one = talk()
    one.feed(FeedbackChanged("none"), 0.0)
    one.feed(say("hint", "softer"), 0.0)
    one.feed(Cue(t_s=0.0, side="left", kind="late", channel="speech"), 0.0)
    assert one.next(0.0) is None
    one.feed(say("finished"), 0.0)
    assert words(one.next(0.0)) == ("finished",)


@pytest.mark.parametrize("channel", ["tone", "screen"])
def test_a_cue_by_another_channel_is_not_spoken(channel):
    one = talk()
    one.feed(Cue(t_s=0.0, side="left", kind="late", channel=channel), 0.0)
    assert one.next(0.0) is None


def test_a_cue_by_speech_is_spoken_after_the_squeeze():
    one = talk()
    one.feed(FIRES, 0.0)
    one.feed(Cue(t_s=0.0, side="left", kind="not-firing", channel="speech"), 0.2)
    assert one.next(0.3) is None
    one.feed(RESTS, 1.0)
    assert words(one.next(1.0)) == ("left", "squeeze-now")


def test_helpers_that_take_over_are_told_to_ease_after_the_squeeze_without_a_side():
    one = talk()
    one.feed(Cue(t_s=0.0, side="left", kind="compensating", channel="speech"), 0.0)
    assert words(one.next(0.0)) == ("softer",)


def test_what_has_no_spoken_form_is_left_to_the_screen():
    one = talk()
    one.feed(Spoken("something-new"), 0.0)
    assert one.next(0.0) is None


def test_whole_sentences_keep_their_text_for_the_systems_voice():
    one = talk()
    one.feed(Spoken("story", text="The left joined in 14 of 20.", words=("left",)), 0.0)
    sentence = one.next(0.0)
    assert (sentence.text, sentence.words) == ("The left joined in 14 of 20.", ("left",))


messages = st.one_of(
    st.builds(
        lambda side, state: StateChanged(0.0, side, state),
        st.sampled_from(["left", "right"]),
        st.sampled_from(["quiet", "firing", "asleep", "late", "no-signal"]),
    ),
    st.sampled_from([END, Go(), say("count", 5), say("side-lost", "left"), say("hint", "softer"), say("rest")]),
)


@settings(max_examples=50)
@given(st.lists(st.tuples(messages, st.floats(0.0, 3.0)), max_size=40))
def test_nothing_is_ever_begun_while_somebody_squeezes(sequence):
    one, now_s = talk(), 0.0
    active: set[str] = set()
    for message, step_s in sequence:
        one.feed(message, now_s)
        if isinstance(message, StateChanged):
            (active.discard if message.state in ("quiet", "no-signal") else active.add)(message.side)
        now_s += step_s
        if one.next(now_s) is not None:
            assert not active
