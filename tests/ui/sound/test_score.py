"""What sounds when, as a person lying face down would put it."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from app.session.events import SIDES, Attempt, Cue, Note, Quality, Say, StateChanged, Summary
from app.ui.sound.score import FeedbackChanged, Go, Sample, Score

END = Attempt(index=1, start_s=0.0, end_s=1.0, fired=[], counted=True)
SUMMARY = Summary(
    attempts=0,
    reps=0,
    clean_reps=0,
    woke=False,
    wake_up_squeezes=None,
    sleeping_side=None,
    fired_pct={},
    lsi_pct=None,
    lag_ms=None,
    recording=None,
    lost_pct=None,
)
PULSES = {"pulses-left", "pulses-right", "pulses-both"}


def cue(side, kind="not-firing", channel="tone"):
    return Cue(t_s=0.0, side=side, kind=kind, channel=channel)


def word(side, state):
    return StateChanged(t_s=0.0, side=side, state=state)


def play(*messages):
    score = Score()
    return [score.feed(message) for message in messages]


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_a_cue_by_tone_calls_its_side_with_pulses(side):
    assert play(cue(side)) == [f"pulses-{side}"]


@pytest.mark.parametrize("channel", ["screen", "speech"])
def test_a_cue_by_another_channel_makes_no_tone(channel):
    assert play(cue("left", channel=channel)) == [None]


def test_pulses_turn_into_the_chord_when_the_called_side_fires():
    assert play(word("right", "firing"), cue("left"), word("left", "firing")) == ["strong", "pulses-left", "chord"]


def test_a_side_that_joins_late_after_sleeping_gets_the_chord():
    heard = play(word("right", "firing"), cue("left"), word("left", "asleep"), word("left", "late"))
    assert heard == ["strong", "pulses-left", None, "chord"]


@pytest.mark.parametrize("cue_first", [True, False])
def test_the_word_late_for_a_side_that_has_not_joined_keeps_the_pulses(cue_first):
    pair = [cue("left", "late"), word("left", "late")]
    heard = play(word("right", "firing"), *(pair if cue_first else reversed(pair)))
    assert [sound for sound in heard if sound] == ["strong", "pulses-left"]


def test_the_word_late_said_again_means_that_the_side_has_joined():
    heard = play(word("right", "firing"), cue("left", "late"), word("left", "late"), word("left", "late"))
    assert heard[-1] == "chord"


def test_both_called_the_first_to_join_leaves_the_other_called():
    assert play(cue("both"), word("left", "firing"), word("right", "firing")) == [
        "pulses-both",
        "pulses-right",
        "chord",
    ]


def test_both_in_time_without_a_cue_get_one_chord_an_attempt():
    heard = play(
        word("left", "firing"),
        word("right", "firing"),
        word("right", "quiet"),
        word("right", "firing"),
        END,
        word("right", "quiet"),
        word("left", "quiet"),
        word("right", "firing"),
        word("left", "firing"),
    )
    assert heard.count("chord") == 2
    assert heard[:4] == ["strong", "chord", None, None]


def test_a_side_that_joined_late_without_a_tone_gets_no_chord_for_it():
    heard = play(word("right", "firing"), word("left", "asleep"), word("left", "late"))
    assert "chord" not in heard


def test_the_end_of_the_attempt_is_silence():
    assert play(cue("left"), END) == ["pulses-left", "silence"]


def test_both_quiet_is_silence():
    heard = play(word("right", "firing"), cue("left"), word("left", "asleep"), word("left", "quiet"))
    assert heard[-1] == "silence"
    heard = play(word("left", "asleep"), word("right", "asleep"), cue("both"), word("left", "quiet"))
    assert heard[-1] == "pulses-right"


def test_no_signal_on_a_side_silences_its_cue_and_keeps_that_of_the_other():
    assert play(cue("left"), word("left", "no-signal")) == ["pulses-left", "silence"]
    assert play(cue("both"), word("left", "no-signal")) == ["pulses-both", "pulses-right"]
    assert play(word("left", "no-signal"), cue("left"), cue("both")) == [None, None, "pulses-right"]


def test_a_more_urgent_cue_replaces_and_a_less_urgent_one_waits_in_vain():
    kinds = ["not-firing", "late", "low", "fading", "compensating"]
    for rank, kind in enumerate(kinds):
        for other_rank, other in enumerate(kinds):
            replaces = other_rank <= rank
            assert play(cue("left", kind), cue("right", other))[1] == ("pulses-right" if replaces else None)


def test_a_low_side_is_called_until_it_is_firing_not_merely_weak():
    heard = play(word("left", "firing"), word("right", "firing"), cue("left", "low"), word("left", "weak"))
    assert heard[2:] == ["pulses-left", None]


def test_a_check_is_silent_but_for_the_go():
    heard = play(FeedbackChanged("none"), Go(), cue("left"), word("right", "firing"), word("left", "firing"), END, Go())
    assert heard == ["silence", "go", None, None, None, "silence", "go"]


@pytest.mark.parametrize("feedback", ["full", "bandwidth", "none"])
@pytest.mark.parametrize(("what", "sound"), [("let-go", "hold-end"), ("gesture", "heard"), ("set", "go")])
def test_holds_that_end_signs_that_were_heard_and_sets_that_begin_have_a_sound_in_every_phase(what, sound, feedback):
    assert play(FeedbackChanged(feedback), Say(t_s=0.0, what=what))[-1] == sound


def test_with_bandwidth_what_goes_well_is_silent_and_what_is_missed_sounds():
    heard = play(FeedbackChanged("bandwidth"), word("right", "firing"), word("left", "firing"), END)
    assert heard[1:3] == [None, None]
    heard = play(FeedbackChanged("bandwidth"), word("right", "firing"), cue("left"), word("left", "firing"))
    assert heard[2:] == ["pulses-left", "chord"]


@pytest.mark.parametrize("name", ["left", "right", "chord"])
def test_a_sound_that_somebody_tries_is_heard_in_every_phase(name):
    assert play(FeedbackChanged("none"), Sample(name))[-1] == name


def test_the_side_that_joined_last_of_two_sleeping_ones_is_followed():
    score = Score()
    for message in (word("left", "firing"), word("right", "firing")):
        score.feed(message)
    assert score.followed("both") == "right"
    assert score.followed("left") == "left"
    assert score.followed(None) is None
    score.feed(word("right", "quiet"))
    assert score.followed("both") == "left"


def test_events_without_a_sound_change_nothing():
    quality = Quality(t_s=0.0, site="left", verdict="hum", text="")
    assert play(Note(t_s=0.0, text="hello"), quality) == [None, None]


words = st.builds(
    word,
    st.sampled_from(SIDES),
    st.sampled_from(["no-signal", "quiet", "asleep", "late", "weak", "firing", "fading"]),
)
cues = st.builds(
    cue,
    st.sampled_from(["left", "right", "both"]),
    st.sampled_from(["not-firing", "late", "low", "fading", "compensating"]),
    st.sampled_from(["tone", "speech", "screen"]),
)
others = st.sampled_from([END, Go(), FeedbackChanged("none"), FeedbackChanged("full"), Note(t_s=0.0, text="")])
messages = st.lists(words | cues | others, max_size=40)


def sounding_after(score, sounding, message):
    command = score.feed(message)
    return sounding if command in (None, "go") else None if command == "silence" else command


@given(messages, st.sampled_from([END, FeedbackChanged("none"), SUMMARY]))
def test_no_pulse_outlives_its_attempt(before, last):
    score, sounding = Score(), None
    for message in before:
        sounding = sounding_after(score, sounding, message)
    assert sounding_after(score, sounding, last) is None


@given(messages)
def test_a_side_without_signal_is_never_called(sequence):
    score, sounding = Score(), None
    lost: set[str] = set()
    for message in sequence:
        if isinstance(message, StateChanged):
            (lost.add if message.state == "no-signal" else lost.discard)(message.side)
        sounding = sounding_after(score, sounding, message)
        called = {"pulses-left": {"left"}, "pulses-right": {"right"}, "pulses-both": {"left", "right"}}
        assert not called.get(sounding, set()) & lost


@given(messages)
def test_pulses_start_only_with_a_cue_or_go_on_for_the_side_that_is_left(sequence):
    score, sounding = Score(), None
    for message in sequence:
        command = score.feed(message)
        if command in PULSES and not isinstance(message, Cue):
            assert sounding == "pulses-both"
        if command not in (None, "go"):
            sounding = command
