"""Frames of the maker's own firmware decode exactly, and nothing else becomes a sample.

The vectors came from the official v5.2 image, run in a simulated ATmega328P.
"""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bitalino.protocol import (
    EMG_FULL_SCALE,
    FRAMES_TO_LOCK,
    BitalinoCodec,
    battery_pct,
    emg_lsb,
    find_version,
    start_command,
)
from drivers.bitalino.setup import find_battery_pct, is_streaming
from tests.rigs.devices.bitalino import SLICE, BitalinoDevice, frame

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_EXAMPLES = 100_000 if FULL else 200
pytestmark = pytest.mark.timeout(3600 if FULL else 60)

SIMULATED = {
    1: "e0060f e01613 e02624",
    2: "b5e1060f d1e31611 e5e2262e",
    3: "c07fb5e10602 40a7d1e3161d c0cae5e22629",
    4: "f0df7fb5e10603 e067a7d1e31612 50efcae5e22622",
    5: "c0f7df7fb5e10602 c0e867a7d1e31612 c059efcae5e2262a",
    6: "dff7df7fb5e10606 e1e867a7d1e3161e e359efcae5e22629",
}
CODES = [[440, 440, 440], [437, 977, 741], [511, 669, 811], [511, 638, 757], [31, 35, 39], [31, 33, 35]]
A1_AND_A4 = "ffe10606 7ee21614 f5e22623"
LIVE = "fffec307 fffec314 fffec321"
VERSION = bytes.fromhex("424954616c696e6f5f76352e320a")
STATE = bytes.fromhex("ff00ff02bb00ff01ff01ff0165020000c3")


def volts(codes, n_channels):
    middles = np.array([512, 512, 512, 512, 32, 32][:n_channels])
    return ((np.array(codes) - middles) * np.array(emg_lsb(n_channels))).astype(np.float32)


def stream(n_channels, n, first=0):
    device = BitalinoDevice()
    device.channels = list(range(n_channels))
    frames = [frame(first + i, [int(code) for code in row]) for i, row in enumerate(device.codes(first, n))]
    return frames, device.truth(first, n)


def sent(frames):
    """The bytes of these frames, and of one more: the last is held until the next confirms it."""
    n_channels = {3: 1, 4: 2, 6: 3, 7: 4}.get(len(frames[-1]), 6)
    return b"".join([*frames, frame((frames[-1][-1] >> 4) + 1, [100] * n_channels)])


def samples(chunks):
    return np.concatenate([chunk.samples for chunk in chunks])


def going_on(frames):
    """Frames of constant codes that follow on these, so that their place is confirmed."""
    number = frames[-1][-1] >> 4
    n_channels = {3: 1, 4: 2, 6: 3, 7: 4}.get(len(frames[-1]), 6)
    return [frame(number + 1 + i, [100] * n_channels) for i in range(FRAMES_TO_LOCK)]


@pytest.mark.parametrize("n_channels", range(1, 7))
def test_the_simulated_signal_of_the_firmware_decodes_exactly(n_channels):
    frames = [bytes.fromhex(text) for text in SIMULATED[n_channels].split()]
    tail = [frame(3 + i, [0] * n_channels) for i in range(FRAMES_TO_LOCK)]
    (chunk,) = BitalinoCodec(n_channels, 1000.0).feed(b"".join(frames + tail), 7)
    assert (chunk.first_index, chunk.n_lost, chunk.arrival_ns) == (0, 0, 7)
    expected = volts(np.array(CODES[:n_channels]).T, n_channels)
    np.testing.assert_array_equal(chunk.samples[:3], expected)


@pytest.mark.parametrize(
    ("text", "codes"), [(A1_AND_A4, [[440, 511], [440, 638], [440, 757]]), (LIVE, [[255, 767]] * 3)]
)
def test_frames_of_two_inputs_decode_exactly(text, codes):
    frames = [bytes.fromhex(part) for part in text.split()]
    (chunk,) = BitalinoCodec(2, 1000.0).feed(b"".join([*frames, *going_on(frames)]), 0)
    np.testing.assert_array_equal(chunk.samples[:3], volts(codes, 2))


def test_half_scale_is_zero_and_the_rails_are_full_scale():
    frames = [frame(i, code) for i, code in enumerate([[512, 0], [1023, 512]] * 4)]
    (chunk,) = BitalinoCodec(2, 1000.0).feed(b"".join(frames), 0)
    assert chunk.samples[0].tolist() == [0.0, np.float32(-EMG_FULL_SCALE)]
    assert chunk.samples[1, 0] == pytest.approx(EMG_FULL_SCALE * 511 / 512)
    assert pytest.approx(1.635e-3, rel=1e-3) == EMG_FULL_SCALE
    assert emg_lsb(1)[0] == pytest.approx(3.19391e-6, rel=1e-5)


def test_fewer_frames_than_needed_to_be_sure_are_no_samples_yet():
    frames, truth = stream(2, FRAMES_TO_LOCK)
    codec = BitalinoCodec(2, 1000.0)
    assert codec.feed(b"".join(frames[:-1]), 0) == []
    (chunk,) = codec.feed(frames[-1], 5)
    np.testing.assert_array_equal(chunk.samples, truth)


@pytest.mark.parametrize("stale", [b"\x07", b"\xfe\xc3", b"\xff\xfe\xc3", b"AT"])
def test_stale_bytes_of_an_old_stream_are_skipped_and_no_damage(stale):
    frames, truth = stream(2, 100)
    codec = BitalinoCodec(2, 1000.0)
    found = codec.feed(stale + sent(frames), 0)
    np.testing.assert_array_equal(samples(found), truth)
    assert (found[0].first_index, codec.n_damaged) == (0, 0)


@pytest.mark.parametrize("n_channels", range(1, 7))
def test_slices_of_twenty_bytes_are_a_stream_and_not_frames(n_channels):
    frames, truth = stream(n_channels, 200)
    data = sent(frames)
    codec = BitalinoCodec(n_channels, 1000.0)
    found = [chunk for i in range(0, len(data), SLICE) for chunk in codec.feed(data[i : i + SLICE], i)]
    np.testing.assert_array_equal(samples(found), truth)


def test_frames_that_the_device_left_out_are_counted():
    first, truth = stream(2, 20)
    later, later_truth = stream(2, 20, first=25)
    codec = BitalinoCodec(2, 1000.0)
    before, after = codec.feed(b"".join(first) + sent(later), 25_000_000)
    assert (after.first_index, after.n_lost, codec.n_damaged) == (25, 5, 0)
    np.testing.assert_array_equal(before.samples, truth)
    np.testing.assert_array_equal(after.samples, later_truth)


def test_half_a_second_of_lost_frames_is_told_by_the_time():
    codec = BitalinoCodec(2, 1000.0)
    for i in range(0, 5000, 10):
        codec.feed(b"".join(stream(2, 10, first=i)[0]), (i + 10) * 1_000_000)
    counted = 5000
    for i in range(5500, 9000, 10):
        for chunk in codec.feed(b"".join(stream(2, 10, first=i)[0]), (i + 10) * 1_000_000):
            counted = chunk.first_index + len(chunk.samples)
    assert counted == 8999  # the last waits to be confirmed


@pytest.mark.parametrize("spoiled", [b"\x00", b"\x00\x00\x00\x01", b"\xff" * 7])
def test_damage_costs_its_frame_and_the_two_beside_it(spoiled):
    frames, truth = stream(2, 100)
    codec = BitalinoCodec(2, 1000.0)
    found = codec.feed(b"".join(frames[:50]) + spoiled + sent(frames[51:]), 0)
    np.testing.assert_array_equal(samples(found), np.delete(truth, [49, 50, 51], axis=0))
    assert [(chunk.first_index, chunk.n_lost) for chunk in found] == [(0, 0), (52, 3)]
    assert codec.n_damaged == 1


def test_a_restart_counts_anew_and_forgets_the_half_frame():
    frames, truth = stream(2, 30)
    codec = BitalinoCodec(2, 1000.0)
    codec.feed(b"".join(frames)[:-2], 0)
    codec.restart()
    (chunk,) = codec.feed(sent(frames), 0)
    assert chunk.first_index == 0
    np.testing.assert_array_equal(chunk.samples, truth)


@settings(max_examples=N_EXAMPLES)
@given(data=st.binary(max_size=400), n_channels=st.integers(1, 6))
def test_noise_never_becomes_a_sample(data, n_channels):
    assert BitalinoCodec(n_channels, 1000.0).feed(data, 0) == []


@settings(max_examples=N_EXAMPLES)
@given(data=st.data(), n_channels=st.integers(1, 6))
def test_however_the_bytes_are_cut_the_samples_are_the_same(data, n_channels):
    frames, truth = stream(n_channels, 40)
    whole = sent(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=10)))
    codec = BitalinoCodec(n_channels, 1000.0)
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    np.testing.assert_array_equal(samples([chunk for piece in pieces for chunk in codec.feed(piece, 0)]), truth)


@settings(max_examples=N_EXAMPLES)
@given(data=st.data(), n_channels=st.integers(1, 6))
def test_lost_and_added_bytes_cost_few_samples_and_add_none(data, n_channels):
    frames, truth = stream(n_channels, 60)
    whole = sent(frames)
    start = data.draw(st.integers(FRAMES_TO_LOCK * len(frames[0]), len(whole) // 2))
    n_cut = data.draw(st.integers(0, 7))
    added = data.draw(st.binary(max_size=5))
    codec = BitalinoCodec(n_channels, 1000.0)
    found = codec.feed(whole[:start] + added + whole[start + n_cut :], 0)
    n_right = sum(
        (sample == truth[chunk.first_index + i]).all() for chunk in found for i, sample in enumerate(chunk.samples)
    )
    n_wrong = sum(len(chunk.samples) for chunk in found) - n_right
    assert n_right >= 60 - n_cut // len(frames[0]) - 5
    assert n_wrong <= 1  # one of thousands


def test_the_version_is_found_behind_whatever_the_radio_was_told():
    assert find_version(VERSION) == (5, 2)
    assert find_version(b"AT" + VERSION) == (5, 2)
    assert find_version(b"BITalino_v4\n") == (4, 0)
    assert find_version(b"ets Jun  8 2016") is None


def test_the_battery_is_read_from_the_state():
    assert battery_pct(STATE) == pytest.approx(100 * (2 * 3.3 * 613 / 1023 - 3.4) / 0.8)
    assert find_battery_pct(b"\xfe\xc3" + STATE) == battery_pct(STATE)
    assert battery_pct(STATE[:-1] + b"\xc4") is None
    assert find_battery_pct(b"") is None


def test_inputs_are_started_by_one_byte():
    assert start_command((1, 2), test=False) == b"\x0d"
    assert start_command((1, 4), test=True) == b"\x26"
    assert start_command((1, 2, 3, 4, 5, 6), test=False) == b"\xfd"


@pytest.mark.parametrize("n_channels", range(1, 7))
def test_a_device_that_still_streams_is_recognised(n_channels):
    assert is_streaming(b"\x05\x06" + b"".join(stream(n_channels, 50)[0]))
    assert not is_streaming(VERSION + b"\xff" * 100)
