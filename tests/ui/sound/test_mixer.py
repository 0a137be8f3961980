"""From events to samples, without a device and without a clock."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from app.session.events import Attempt, Cue, StateChanged
from app.ui.sound.mixer import Mixer
from app.ui.sound.score import Go, Score
from app.ui.sound.tones import SFREQ, all_tones

TONES = all_tones()
N_HUSH = round(0.01 * SFREQ)
LEFT = Cue(t_s=0.0, side="left", kind="not-firing", channel="tone")
RIGHT = Cue(t_s=0.0, side="right", kind="not-firing", channel="tone")
END = Attempt(index=1, start_s=0.0, end_s=1.0, fired=[], counted=True)
JOINS = StateChanged(t_s=0.0, side="left", state="firing")


def test_nothing_submitted_is_silence():
    mix = Mixer().render(1000)
    assert mix.dtype == np.float32
    assert not mix.any()


def test_a_cue_starts_at_the_first_frame_of_the_next_block():
    mixer = Mixer()
    mixer.render(123)
    mixer.submit(LEFT, 0)
    np.testing.assert_array_equal(mixer.render(5000), TONES["pulses-left"].samples[:5000])


def test_pulses_go_round_sample_by_sample_until_the_end_of_the_attempt():
    mixer = Mixer()
    mixer.submit(LEFT, 0)
    n_period = len(TONES["pulses-left"].samples)
    mix = mixer.render(3 * n_period + 100)
    np.testing.assert_array_equal(mix[:n_period], mix[2 * n_period : 3 * n_period])
    mixer.submit(END, 0)
    assert not mixer.render(n_period)[N_HUSH:].any()


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=30))
def test_samples_do_not_depend_on_how_they_are_cut(cuts):
    whole, pieces = Mixer(), Mixer()
    for mixer in (whole, pieces):
        mixer.submit(LEFT, 0)
        mixer.render(1000)
        mixer.submit(JOINS, 0)
        mixer.submit(Go(), 0)
    np.testing.assert_array_equal(np.concatenate([pieces.render(n) for n in cuts]), whole.render(sum(cuts)))


def test_a_replaced_sound_leaves_without_a_click():
    mixer = Mixer()
    mixer.submit(LEFT, 0)
    before = mixer.render(2000)  # in the loudest part of the tone
    mixer.submit(END, 0)
    mix = np.concatenate([before, mixer.render(2000)])
    steps = np.abs(np.diff(mix))
    assert steps[1990:].max() <= steps[:1990].max()


def test_two_cues_decided_at_once_are_heard_as_the_last_alone():
    mixer = Mixer()
    mixer.submit(LEFT, 0)
    mixer.submit(RIGHT, 0)
    np.testing.assert_array_equal(mixer.render(5000), TONES["pulses-right"].samples[:5000])


def test_muting_keeps_the_place_and_does_not_click():
    loud, muted = Mixer(), Mixer()
    for mixer in (loud, muted):
        mixer.submit(LEFT, 0)
        mixer.render(1000)
    muted.muted = True
    steps = np.abs(np.diff(np.concatenate([muted.render(480)])))
    assert steps.max() < 0.05
    assert not muted.render(480).any()
    loud.render(960)
    muted.muted = False
    loud.render(480), muted.render(480)
    np.testing.assert_array_equal(muted.render(480), loud.render(480))


def test_volume_scales_the_amplitude():
    full, half = Mixer(), Mixer()
    half.volume = 0.5
    half.render(100)
    for mixer in (full, half):
        mixer.submit(RIGHT, 0)
    np.testing.assert_allclose(half.render(4000), 0.5 * full.render(4000), atol=1e-6)


def test_latency_runs_from_the_decision_to_the_first_mixed_frame():
    now_ns = 0
    mixer = Mixer(clock_ns=lambda: now_ns)
    assert mixer.latency is None
    for delay_ms in range(1, 101):
        now_ns += delay_ms * 1_000_000
        mixer.submit(LEFT, now_ns - delay_ms * 1_000_000)
        mixer.submit(END, now_ns)
        mixer.render(0)
    assert mixer.latency is not None
    assert mixer.latency.p50 == 50.5
    assert mixer.latency.p95 == 95.05


def test_silence_does_not_count_as_a_sound():
    mixer = Mixer()
    mixer.submit(END, 0)
    mixer.render(10)
    assert mixer.latency is None


sides = st.sampled_from(["left", "right"])
events = st.one_of(
    st.just(END),
    st.builds(
        lambda side, state: StateChanged(0.0, side, state), sides, st.sampled_from(["quiet", "asleep", "firing"])
    ),
    st.builds(lambda side: Cue(0.0, side, "late", "tone"), st.sampled_from(["left", "right", "both"])),
)


@settings(deadline=None)
@given(st.lists(st.tuples(events, st.integers(0, 4000)), max_size=15))
def test_only_the_last_sound_is_left_once_the_one_before_has_faded(sequence):
    mixer, score = Mixer(), Score()
    sound, n_since = None, 0
    for event, n_frames in sequence:
        command = score.feed(event)
        if command is not None:
            sound, n_since = (None if command == "silence" else command), 0
        mixer.submit(event, 0)
        assert np.max(np.abs(mixer.render(n_frames)), initial=0.0) <= 1.0
        n_since += n_frames
    mixer.render(N_HUSH)
    n_since += N_HUSH
    expected = np.zeros(2000, np.float32)
    if sound is not None:
        tone = TONES[sound]
        source = np.tile(tone.samples, 10) if tone.loops else tone.samples
        n_since = n_since % len(tone.samples) if tone.loops else n_since
        rest = source[n_since : n_since + 2000]
        expected[: len(rest)] = rest
    np.testing.assert_array_equal(mixer.render(2000), expected)
