"""Simulated persons squeeze, and what they would hear is recorded and measured: 5 ms of sound for 5 ms of muscle."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from app.session.events import Attempt, Cue, Event, Say, StateChanged
from app.session.tick import TICK_S
from app.ui.sound import Sound
from app.ui.sound.coaching import Coaching
from app.ui.sound.tones import SFREQ, all_tones
from tests.session.people import HEALTHY, LATE_LEFT, SLEEPY_LEFT, WAKING_LEFT, coach_for, frames, play, shipped

N_SQUEEZES = 11
BLOCK = round(TICK_S * SFREQ)
PEOPLE = {"healthy": HEALTHY, "sleepy": SLEEPY_LEFT, "late": LATE_LEFT, "waking": WAKING_LEFT}
GAP_S = 0.05


@dataclass
class Heard:
    """What was recorded, and when each event was decided, in seconds of sound."""

    samples: np.ndarray
    events: list[tuple[float, Event]]
    feedback: list[str]
    """In each tick."""

    def of(self, kind):
        return [(t_s, event) for t_s, event in self.events if isinstance(event, kind)]

    def cut(self, start_s, end_s):
        return self.samples[round(start_s * SFREQ) : round(end_s * SFREQ)]


@cache
def heard(name: str, layer: str = "events") -> Heard:
    """Record one layer of a session."""
    made = frames(PEOPLE[name], N_SQUEEZES, 3)
    coach = coach_for(made, shipped("prone-ankle-squeeze"))
    sound = Sound()
    for other in sound.layers:
        sound.layers[other] = 1.0 if other == layer else 0.0
    mixer, coaching = sound._mixer, Coaching(sound)
    mixer.render(1)
    pieces: list[np.ndarray] = []
    events: list[tuple[float, Event]] = []
    feedback: list[str] = []
    for said in play(coach, made):
        now_s = len(pieces) * TICK_S
        for event in said:
            events.append((now_s, event))
            sound.submit(event, 0)
        coaching.look(coach, 0)
        feedback.append(coach.feedback)
        pieces.append(mixer.render(BLOCK))
    return Heard(np.concatenate(pieces), events, feedback)


def heard_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    return float(np.argmax(spectrum)) * SFREQ / (1 << 17)


def tries(session):
    """Start and end of every attempt, as the states say it."""
    spans: list[tuple[float, float]] = []
    active: set[str] = set()
    began_s = 0.0
    for t_s, event in session.of(StateChanged):
        was = bool(active)
        (active.discard if event.state in ("quiet", "no-signal") else active.add)(event.side)
        if active and not was:
            began_s = t_s
        if was and not active:
            spans.append((began_s, t_s))
    return spans


def test_a_healthy_person_hears_a_low_note_and_a_chord_less_often_in_time_and_never_a_call():
    session = heard("healthy")
    assert not session.of(Cue)
    spans = tries(session)
    assert len(spans) == N_SQUEEZES
    fed_back = [session.feedback[round(begin_s / TICK_S)] for begin_s, _ in spans]
    assert fed_back.count("full") >= 4
    for (begin_s, end_s), feedback in zip(spans, fed_back, strict=True):
        if feedback != "full":
            assert not session.cut(begin_s, end_s).any()
            continue
        assert session.cut(begin_s, begin_s + 0.02).any()
        chord = session.cut(begin_s + 0.3, min(begin_s + 0.6, end_s))
        assert 500 < heard_hz(chord) < 800


@pytest.mark.parametrize("name", ["sleepy", "late"])
def test_a_call_begins_with_its_decision_at_the_pitch_of_its_side(name):
    session = heard(name)
    calls = session.of(Cue)
    assert len(calls) >= 5
    for t_s, cue in calls:
        assert cue.side == "left"
        call = session.cut(t_s, t_s + 0.08)
        assert np.flatnonzero(np.abs(call) > 0.02)[0] <= 0.010 * SFREQ
        joins_at_once = any(t_s < at_s < t_s + 0.1 and event.side == "left" for at_s, event in session.of(StateChanged))
        assert joins_at_once or heard_hz(call[round(0.01 * SFREQ) :]) == pytest.approx(261.6, abs=20)


def test_a_sleeping_side_is_called_until_the_squeeze_ends_and_then_it_is_silent():
    session = heard("sleepy")
    spans = tries(session)
    for t_s, _ in session.of(Cue):
        _, end_s = next(span for span in spans if span[0] <= t_s <= span[1])
        pulses = session.cut(t_s, end_s)
        period = len(all_tones()["pulses-left"].samples)
        for start in range(0, len(pulses) - period, period):
            assert np.abs(pulses[start : start + period]).max() > 0.3
        assert not session.cut(end_s + 0.015, end_s + 0.3).any()


def test_a_late_side_that_joins_turns_its_call_into_the_chord():
    session = heard("late")
    spans = tries(session)
    turned = 0
    for t_s, _ in session.of(Cue):
        _, end_s = next(span for span in spans if span[0] <= t_s <= span[1])
        joined_s = next(at for at, event in session.of(StateChanged) if at > t_s and event.side == "left")
        if end_s - joined_s > 0.35:
            assert 500 < heard_hz(session.cut(joined_s + 0.02, joined_s + 0.3)) < 800
            turned += 1
    assert turned >= 4


@pytest.mark.parametrize("name", ["sleepy", "healthy", "waking"])
def test_speech_never_lies_in_a_squeeze(name):
    session = heard(name, "speech")
    assert session.samples.any()
    for begin_s, end_s in tries(session):
        assert not session.cut(begin_s + GAP_S, end_s).any()


def test_every_fifth_squeeze_is_counted_aloud():
    session = heard("healthy", "speech")
    counts = [event.value for _, event in session.of(Say) if event.what == "count"]
    assert counts
    for t_s, event in session.of(Say):
        if event.what == "count":
            assert session.cut(t_s, t_s + 0.2).any()


def test_after_every_try_there_is_silence_unless_somebody_speaks():
    session = heard("late")
    for t_s, _ in session.of(Attempt):
        assert not session.cut(t_s + 0.015, t_s + 0.2).any()
