"""Layers, quiet mode and speech in what the mixer makes: measured on its samples, by a clock of frames."""

from dataclasses import replace

import numpy as np
import pytest

from app.session.events import Attempt, Cue, Say, StateChanged
from app.ui.sound import prompts
from app.ui.sound.mixer import QUIET_GAIN, Mixer
from app.ui.sound.score import FeedbackChanged, Sample, Spoken
from app.ui.sound.tones import SFREQ, all_tones
from tests.ui import scenes

BLOCK = 240  # 5 ms
CUE = Cue(t_s=0.0, side="left", kind="not-firing", channel="tone")
END = Attempt(index=1, start_s=0.0, end_s=1.0, fired=[], counted=True)


def state(side, word):
    return StateChanged(t_s=0.0, side=side, state=word)


def say(what, value=None):
    return Say(t_s=0.0, what=what, value=value)


def run(mixer, seconds):
    return np.concatenate([mixer.render(BLOCK) for _ in range(round(seconds * SFREQ / BLOCK))])


def onset_s(samples, level=0.01):
    loud = np.flatnonzero(np.abs(samples) > level)
    return None if not len(loud) else float(loud[0]) / SFREQ


def heard_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    return float(np.argmax(spectrum)) * SFREQ / (1 << 17)


class Room:
    """A mixer whose picture shows one sleeping side at a level."""

    def __init__(self, sleeping="left", level=45.0):
        self.mixer = Mixer()
        self.mixer.picture = lambda: self.snapshot
        self.sleeping, self.level = sleeping, level

    @property
    def snapshot(self):
        base = scenes.SCENES["train"]
        sides = {side: replace(view, level_pct=self.level, target_pct=45.0) for side, view in base.sides.items()}
        return replace(base, sides=sides, flags=replace(base.flags, sleeping_side=self.sleeping))

    def squeeze(self):
        for side in ("right", "left"):
            self.mixer.submit(state(side, "firing"), 0)


def test_the_sleeping_side_sounds_at_the_pitch_of_its_level_once_the_chord_is_over():
    room = Room()
    room.squeeze()
    run(room.mixer, 0.7)
    assert heard_hz(run(room.mixer, 0.5)) == pytest.approx(261.6, rel=0.01)
    room.level = 22.5
    run(room.mixer, 0.2)
    assert heard_hz(run(room.mixer, 0.5)) == pytest.approx(261.6 / 2**0.5, rel=0.01)


@pytest.mark.parametrize("sleeping", [None, "right"])
def test_only_the_sleeping_side_sounds_all_the_time(sleeping):
    room = Room(sleeping)
    room.squeeze()
    run(room.mixer, 0.7)
    heard = run(room.mixer, 0.5)
    if sleeping is None:
        assert not heard.any()
    else:
        assert heard_hz(heard) == pytest.approx(1046.5, rel=0.01)


def test_rest_is_silent():
    room = Room()
    room.squeeze()
    run(room.mixer, 0.7)
    room.level = 2.0  # below the line of an attempt
    run(room.mixer, 0.2)
    assert not run(room.mixer, 0.3).any()


def test_the_end_of_the_squeeze_ends_the_tone():
    room = Room()
    room.squeeze()
    run(room.mixer, 0.7)
    room.mixer.submit(state("left", "quiet"), 0)
    room.mixer.submit(state("right", "quiet"), 0)
    run(room.mixer, 0.2)
    assert not run(room.mixer, 0.3).any()


@pytest.mark.parametrize("feedback", ["bandwidth", "none"])
def test_less_feedback_takes_the_tone_that_lasts_away(feedback):
    room = Room()
    room.mixer.submit(FeedbackChanged(feedback), 0)
    room.squeeze()
    assert not run(room.mixer, 1.5).any()


def test_a_side_without_signal_has_no_tone():
    room = Room()
    room.squeeze()
    run(room.mixer, 0.7)
    room.level = None
    run(room.mixer, 0.2)
    assert not run(room.mixer, 0.3).any()


def test_a_call_silences_the_tone_that_lasts():
    room = Room("both")
    room.mixer.submit(state("right", "firing"), 0)
    run(room.mixer, 0.5)
    assert heard_hz(run(room.mixer, 0.3)) == pytest.approx(1046.5, rel=0.01)
    room.mixer.submit(CUE, 0)
    run(room.mixer, 0.1)
    pulses = run(room.mixer, 1.0)
    spectrum = np.abs(np.fft.rfft(pulses * np.hanning(len(pulses))))
    around = round(1046.5 * len(pulses) / SFREQ)
    assert spectrum[around - 5 : around + 6].max() < 0.05 * spectrum.max()


def test_a_late_side_that_joins_turns_the_pulses_into_the_chord():
    mixer = Mixer()
    mixer.submit(state("right", "firing"), 0)
    run(mixer, 0.15)
    mixer.submit(CUE, 0)
    run(mixer, 0.3)
    mixer.submit(state("left", "firing"), 0)
    run(mixer, 0.02)
    chord = run(mixer, 0.3)
    spectrum = np.abs(np.fft.rfft(chord * np.hanning(len(chord)), 1 << 17))
    for pitch_hz in (523.25, 659.26, 783.99):
        around = round(pitch_hz * (1 << 17) / SFREQ)
        assert spectrum[around - 30 : around + 31].max() > 0.3 * spectrum.max()


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_call_begins_with_the_next_frame_at_its_sides_pitch(side):
    mixer = Mixer()
    run(mixer, 0.5)
    mixer.submit(replace_cue(side), 0)
    heard = run(mixer, 0.25)
    assert onset_s(heard) <= 0.005
    assert heard_hz(heard) == pytest.approx({"left": 261.6, "right": 1046.5}[side], abs=4)
    assert 0.2 < np.abs(heard).max() <= 0.8


def replace_cue(side):
    return Cue(t_s=0.0, side=side, kind="not-firing", channel="tone")


@pytest.mark.parametrize(("layer", "message"), [("events", CUE), ("speech", say("rest")), ("events", Sample("right"))])
def test_each_layer_has_a_volume_of_its_own(layer, message):
    loud, low, off = Mixer(), Mixer(), Mixer()
    low.layers[layer], off.layers[layer] = 0.5, 0.0
    for mixer in (loud, low, off):
        mixer.render(1)
        mixer.submit(message, 0)
    heard, lower = run(loud, 0.3), run(low, 0.3)
    assert np.abs(heard).max() > 0.1
    np.testing.assert_allclose(lower, 0.5 * heard, atol=1e-6)
    assert not run(off, 0.3).any()


def test_the_tone_that_lasts_can_be_switched_off_alone():
    room = Room()
    room.mixer.layers["tone"] = 0.0
    room.squeeze()
    assert run(room.mixer, 0.65).any()
    assert not run(room.mixer, 0.5).any()


def test_quiet_mode_is_low_and_has_no_tone_that_lasts():
    room, loud = Room(), Mixer()
    room.mixer.quiet = True
    room.mixer.render(BLOCK), loud.render(BLOCK)
    for mixer in (room.mixer, loud):
        mixer.submit(Sample("left"), 0)
    np.testing.assert_allclose(run(room.mixer, 0.2), QUIET_GAIN * run(loud, 0.2), atol=1e-6)
    room.squeeze()
    run(room.mixer, 0.7)
    assert not run(room.mixer, 0.5).any()


def test_a_new_volume_of_a_layer_does_not_click():
    room = Room()
    room.squeeze()
    before = run(room.mixer, 1.0)
    room.mixer.layers["tone"] = 0.0
    after = run(room.mixer, 0.1)
    assert np.abs(np.diff(np.concatenate([before[-1000:], after]))).max() <= 1.5 * np.abs(np.diff(before[-1000:])).max()


def test_a_sentence_is_heard_whole_between_two_squeezes():
    mixer = Mixer()
    mixer.submit(say("count", 5), 0)
    heard = run(mixer, 1.0)
    spoken = prompts.spoken(("number-5",), "en")
    np.testing.assert_allclose(heard[: len(spoken)], spoken, atol=1e-6)
    assert not heard[len(spoken) :].any()


def test_a_sentence_is_cut_off_within_50_ms_when_a_squeeze_begins_and_without_a_click():
    mixer = Mixer()
    mixer.submit(say("paused"), 0)
    before = run(mixer, 0.8)
    assert np.abs(before[-4800:]).max() > 0.05
    mixer.submit(state("left", "late"), 0)  # begins an attempt, sounds itself not
    after = run(mixer, 0.2)
    assert not after[round(0.050 * SFREQ) :].any()
    assert np.abs(np.diff(np.concatenate([before[-4800:], after]))).max() <= np.abs(np.diff(before)).max()


def test_a_sentence_waits_for_the_sound_before_it():
    mixer = Mixer()
    mixer.submit(Sample("right"), 0)
    mixer.submit(say("rest"), 0)
    n_tone = len(all_tones()["right"].samples)
    heard = run(mixer, 1.0)
    np.testing.assert_array_equal(heard[:n_tone], all_tones()["right"].samples)
    assert heard[n_tone + BLOCK :].any()


def test_two_sentences_come_one_after_the_other():
    mixer = Mixer()
    mixer.submit(say("set-done", 1), 0)
    mixer.submit(say("rest"), 0)
    heard = run(mixer, 3.0)
    n_both = sum(len(prompts.spoken((name,), "en")) for name in ("set-done", "rest"))
    assert abs(np.flatnonzero(heard)[-1] - n_both) < 2 * BLOCK


@pytest.mark.parametrize("how", ["muted", "voice", "layer"])
def test_who_wants_no_speech_hears_none(how):
    mixer = Mixer()
    if how == "muted":
        mixer.muted = True
    elif how == "voice":
        mixer.voice = False
    else:
        mixer.layers["speech"] = 0.0
    run(mixer, 0.1)
    mixer.submit(say("rest"), 0)
    assert not run(mixer, 1.0).any()


class FakeVoice:
    def __init__(self, *tongues):
        self.tongues, self.said, self.is_speaking, self.stopped = tongues, [], False, 0

    def speaks(self, tongue):
        return tongue in self.tongues

    def say(self, text, tongue, volume):
        self.said.append((text, tongue, volume))
        self.is_speaking = True

    def stop(self):
        self.stopped += 1
        self.is_speaking = False


def test_whole_sentences_are_the_systems_voice_and_what_must_end_in_time_is_recorded():
    mixer = Mixer()
    mixer.system_voice = voice = FakeVoice("en")
    mixer.submit(say("paused"), 0)
    assert not run(mixer, 0.1).any()
    assert voice.said == [("Paused. Squeeze twice to go on.", "en", 1.0)]
    voice.is_speaking = False
    mixer.submit(say("count", 5), 0)
    assert run(mixer, 0.5).any()
    assert len(voice.said) == 1


def test_a_squeeze_breaks_off_the_systems_voice_too():
    mixer = Mixer()
    mixer.system_voice = voice = FakeVoice("en")
    mixer.submit(say("paused"), 0)
    run(mixer, 0.1)
    mixer.submit(state("left", "firing"), 0)
    run(mixer, 0.01)
    assert voice.stopped == 1


def test_muting_breaks_off_the_systems_voice():
    mixer = Mixer()
    mixer.system_voice = voice = FakeVoice("en")
    mixer.submit(say("paused"), 0)
    run(mixer, 0.1)
    mixer.muted = True
    run(mixer, 0.01)
    assert voice.stopped == 1


@pytest.mark.parametrize("voice", [None, FakeVoice("de")])
def test_without_a_voice_of_the_language_the_recordings_speak_at_once(voice):
    mixer = Mixer()
    mixer.system_voice = voice
    mixer.submit(say("paused"), 0)
    assert onset_s(run(mixer, 0.2)) < 0.05


def test_numbers_nobody_recorded_are_never_made_up():
    mixer = Mixer()
    mixer.submit(Spoken("story", text="Left joined in 14 of 20, 96 ms later."), 0)
    assert not run(mixer, 0.5).any()


def test_what_prompts_can_say_of_a_story_they_say():
    mixer = Mixer()
    words = ("left", "joined-in", "number-14", "of", "number-20")
    mixer.submit(Spoken("story", text="Left joined in 14 of 20, 96 ms later.", words=words), 0)
    spoken = prompts.spoken(words, "en")
    np.testing.assert_allclose(run(mixer, 4.0)[: len(spoken)], spoken, atol=1e-6)


def test_everything_is_one_channel_so_that_one_ear_hears_all():
    room = Room()
    room.squeeze()
    room.mixer.submit(CUE, 0)
    assert run(room.mixer, 0.5).ndim == 1
