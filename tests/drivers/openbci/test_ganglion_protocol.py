"""Packets of a Ganglion, firmware 3 and 2: what becomes a sample, what is lost, and what never passes."""

import os

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.codec import Chunk
from drivers.openbci.ganglion_protocol import COUNT_V, Ganglion2Codec, Ganglion3Codec
from dsp.clock import SampleClock
from tests.rigs.devices.ganglion import TURN, GanglionDevice, difference_packet, truncated_packet

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_EXAMPLES = 100_000 if FULL else 200
pytestmark = pytest.mark.timeout(3600 if FULL else 60)

# Packed by the makers' own firmware 3.0.2 from channel c of sample n = (123457 n + 1000003 c) mod 2^24 - 2^23.
NINETEEN_BITS = [
    "64800031e84e7a12d6e3781e2722496819bd7d49",
    "6583c4b260de8924d8c5b85a6f29d2690add9b6d",
    "66878932d96e9836daa7f896b7315b69fbfdb991",
]
EIGHTEEN_BITS = ["00800063d099e84eb71b81e264493a066ebea540", "0183c4e4c1ba2496c62d85a6e53a5a42b6cdb710"]
FIRST = [[-8388608, -7388608, -6388608, -5388608], [-8265152, -7265152, -6265152, -5265152]]

Codec = Ganglion2Codec | Ganglion3Codec


def feed_all(codec: Codec, packets: list[bytes], step_ns: int = 10_050_000) -> list[Chunk]:
    return [chunk for k, packet in enumerate(packets) for chunk in codec.feed(packet, k * step_ns)]


def counts_of(chunks: list[Chunk]) -> npt.NDArray[np.float64]:
    return np.concatenate([chunk.samples.astype(np.float64) for chunk in chunks]) / COUNT_V


def indices(chunks: list[Chunk]) -> list[int]:
    return [chunk.first_index + i for chunk in chunks for i in range(len(chunk.samples))]


def running(revision: str = "3.0.2", *, accelerometer: bool = False) -> GanglionDevice:
    device = GanglionDevice(revision, accelerometer=accelerometer)
    device.receive(b"b")
    return device


def check_numbering(chunks: list[Chunk]) -> None:
    due = 0
    for chunk in chunks:
        assert chunk.n_lost >= 0
        assert chunk.first_index == due + chunk.n_lost
        assert chunk.samples.dtype == np.float32
        assert chunk.samples.shape in ((1, 4), (2, 4))
        due = chunk.first_index + len(chunk.samples)


def check_truth(device: GanglionDevice, chunks: list[Chunk], within_counts: float = 0.0) -> None:
    """Every finite sample is the one that was measured."""
    where = indices(chunks)
    truth = device.truth(0, where[-1] + 1)[where]
    samples = np.concatenate([chunk.samples for chunk in chunks])
    known = np.isfinite(samples)
    np.testing.assert_allclose(samples[known], truth[known], rtol=0, atol=(within_counts + 0.01) * COUNT_V)


@pytest.mark.parametrize(("vectors", "step", "first_id"), [(NINETEEN_BITS, 64, 99), (EIGHTEEN_BITS, 128, 255)])
def test_packets_of_the_makers_own_firmware_decode_exactly(vectors: list[str], step: int, first_id: int):
    codec = Ganglion3Codec()
    packets = [bytes([first_id]) + bytes(19), *map(bytes.fromhex, vectors)]
    counts = counts_of(feed_all(codec, packets))
    n, c = np.mgrid[0 : len(counts), 0:4]
    truth = (n * 123457 + c * 1000003) % 2**24 - 2**23
    np.testing.assert_allclose(counts, truth // step * step, rtol=0, atol=0.5)
    np.testing.assert_allclose(counts[:2], np.array(FIRST) // step * step, rtol=0, atol=0.5)
    assert codec.n_damaged == 0


def test_a_count_is_the_makers_number_of_microvolts():
    assert abs(COUNT_V * 1e6 / 0.001869917138805 - 1.0) < 20e-6


@pytest.mark.parametrize("accelerometer", [False, True])
def test_the_virtual_device_packs_as_the_firmware_does(accelerometer: bool):
    n_bits = 18 if accelerometer else 19
    vector = (EIGHTEEN_BITS if accelerometer else NINETEEN_BITS)[1]
    counts = [(n * 123457 + c * 1000003) % 2**24 - 2**23 for n in (2, 3) for c in range(4)]
    packet = truncated_packet(bytes.fromhex(vector)[0], counts, n_bits)
    assert packet[:19].hex() == vector[:38]
    assert packet[19] == bytes.fromhex(vector)[19] or accelerometer  # there it is the accelerometer's


@pytest.mark.parametrize("accelerometer", [False, True])
def test_firmware_3_is_decoded_to_the_truth_over_the_wrap(accelerometer: bool):
    device = running(accelerometer=accelerometer)
    chunks = feed_all(Ganglion3Codec(), device.packets(700))
    assert indices(chunks) == list(range(698))
    assert not any(chunk.n_lost for chunk in chunks)
    check_truth(device, chunks)


def test_the_first_packet_after_the_start_which_bears_a_wrong_number_never_passes():
    codec = Ganglion3Codec()
    assert codec.feed(bytes([99]) + bytes(range(19)), 0) == []
    assert codec.feed(bytes.fromhex(NINETEEN_BITS[0]), 1)[0].first_index == 0
    codec.restart()
    assert codec.feed(bytes([255]) + bytes(range(19)), 2) == []
    assert codec.n_damaged == 0


def test_the_sample_that_firmware_3_never_sends_is_no_loss_and_the_time_axis_stays():
    device, codec, clock = running(), Ganglion3Codec(), SampleClock(Ganglion3Codec.SFREQ, sfreq_known=False)
    chunks = []
    for k, packet in enumerate(device.packets(2 * 100 * 40)):
        turn, place = divmod(k - 1, 100)
        converted_ns = round((turn * TURN + 2 * place + 2) * 5e6)  # when the second of its samples was measured
        for chunk in codec.feed(packet, converted_ns):
            clock.add(chunk.first_index, len(chunk.samples), chunk.arrival_ns)
            chunks.append(chunk)
    assert sum(chunk.n_lost for chunk in chunks) == 0
    index = np.arange(4000, 7900)
    converted = index // (TURN - 1) * TURN + index % (TURN - 1)
    error_ms = (clock.time_ns(index) - converted * 5_000_000) * 1e-6
    assert error_ms.min() >= -5.1
    assert error_ms.max() <= 0.1


@pytest.mark.parametrize("accelerometer", [False, True])
def test_firmware_2_is_decoded_within_the_bits_that_it_drops(accelerometer: bool):
    device = running("2.0.1", accelerometer=accelerometer)
    chunks = feed_all(Ganglion2Codec(), device.packets(700))
    assert indices(chunks) == list(range(len(indices(chunks))))
    assert len(indices(chunks)) >= 699
    assert not any(chunk.n_lost for chunk in chunks)
    check_truth(device, chunks, within_counts=200.0)


def test_firmware_2_sends_differences_with_their_sign_in_the_lowest_bit():
    codec = Ganglion2Codec()
    whole = b"\0" + b"".join(count.to_bytes(3, "big", signed=True) for count in (1000, -1000, 0, 8_000_000)) + bytes(7)
    differences = [100, -101, 262_142, -262_143, -3, 4, 2, -1]
    counts = counts_of(feed_all(codec, [whole, difference_packet(1, differences, 19)]))
    np.testing.assert_allclose(counts[1], [900, -899, -262_142, 8_262_143], rtol=0, atol=0.6)
    np.testing.assert_allclose(counts[2], [903, -903, -262_144, 8_262_144], rtol=0, atol=0.6)


def test_firmware_2_says_nothing_before_its_first_whole_sample():
    packets = running("2.0.1").packets(450)
    chunks = feed_all(Ganglion2Codec(), packets[40:])
    assert chunks[0].first_index == 0
    assert len(chunks[0].samples) == 1
    assert chunks[0].n_lost == 0


def test_after_a_lost_difference_firmware_2_gives_nan_until_the_next_whole_sample():
    device = running("2.0.1")
    packets = device.packets(700)
    chunks = feed_all(Ganglion2Codec(), packets[:50] + packets[51:])
    assert [chunk.n_lost for chunk in chunks if chunk.n_lost] == [2]
    samples = dict(zip(indices(chunks), np.concatenate([chunk.samples for chunk in chunks]).tolist(), strict=True))
    unknown = [index for index, row in samples.items() if np.isnan(row).all()]
    assert unknown == list(range(101, 201))
    check_truth(device, chunks, within_counts=200.0)


def test_a_lost_whole_sample_costs_firmware_2_the_turn():
    device = running("2.0.1")
    packets = device.packets(900)
    chunks = feed_all(Ganglion2Codec(), packets[:101] + packets[102:])
    samples = np.concatenate([chunk.samples for chunk in chunks])
    assert np.isnan(samples).any(axis=1).sum() == 200
    assert sum(chunk.n_lost for chunk in chunks) == 1
    check_truth(device, chunks, within_counts=200.0)


@pytest.mark.parametrize("codec", [Ganglion2Codec(), Ganglion3Codec()])
def test_impedances_and_text_are_neither_samples_nor_damage(codec: Codec):
    answers = [b"\xc9123Z", b"\xcd5Z" + bytes(17), b"\xceOpenBCI Ganglion v3.", b"\xcf0.2\n"]
    assert feed_all(codec, answers) == []
    assert codec.n_damaged == 0


@pytest.mark.parametrize("codec", [Ganglion2Codec(), Ganglion3Codec()])
def test_a_notification_of_another_length_is_dropped_and_counted(codec: Codec):
    assert feed_all(codec, [b"", b"\x64", bytes(19), bytes(21), b"\x64" + bytes(39)]) == []
    assert codec.n_damaged == 5


@pytest.mark.parametrize(("codec", "revision"), [(Ganglion2Codec(), "2.0.1"), (Ganglion3Codec(), "3.0.2")])
def test_notifications_that_are_handed_over_twice_count_once(codec: Codec, revision: str):
    device = running(revision)
    packets = device.packets(300)
    chunks = feed_all(codec, [packet for packet in packets for _ in range(2)], step_ns=5_000_000)
    assert not any(chunk.n_lost for chunk in chunks)
    assert indices(chunks)[-1] >= 296
    check_truth(device, chunks, within_counts=200.0)


@pytest.mark.parametrize(
    ("codec", "revision", "n_samples"), [(Ganglion2Codec(), "2.0.1", 502), (Ganglion3Codec(), "3.0.2", 500)]
)
def test_a_pause_of_several_turns_is_counted_by_the_clock(codec: Codec, revision: str, n_samples: int):
    packets = running(revision).packets(2000)
    chunks = []
    for k, packet in enumerate(packets):
        if not 310 <= k < 560:  # 250 packets; in firmware 2, two of them of one sample
            chunks += codec.feed(packet, k * 10_050_000)
    assert sum(chunk.n_lost for chunk in chunks) == n_samples - 4 * (revision < "3")


@given(st.sets(st.integers(1, 297), max_size=40), st.booleans())
@settings(max_examples=N_EXAMPLES // 10)
def test_gaps_of_the_counter_equal_the_samples_that_were_lost(lost: set[int], accelerometer: bool):
    device = running(accelerometer=accelerometer)
    packets = device.packets(600)
    codec = Ganglion3Codec()
    chunks = [
        chunk for k, packet in enumerate(packets) if k - 1 not in lost for chunk in codec.feed(packet, k * 10_050_000)
    ]
    gaps = {chunk.first_index - 2 * i - 2 for chunk in chunks for i in range(chunk.n_lost // 2)}
    assert {gap // 2 for gap in gaps} == lost
    check_numbering(chunks)
    check_truth(device, chunks)


@given(st.sets(st.integers(1, 290), max_size=12))
@settings(max_examples=N_EXAMPLES // 10)
def test_whatever_firmware_2_loses_no_wrong_sample_comes_of_it(lost: set[int]):
    device = running("2.0.1")
    packets = device.packets(600)
    codec = Ganglion2Codec()
    chunks = [
        chunk for k, packet in enumerate(packets) if k not in lost for chunk in codec.feed(packet, k * 10_000_000)
    ]
    check_numbering(chunks)
    check_truth(device, chunks, within_counts=200.0)
    assert sum(chunk.n_lost for chunk in chunks) == sum(1 if k % 101 == 0 else 2 for k in lost)


@given(st.lists(st.one_of(st.binary(min_size=20, max_size=20), st.binary(max_size=40)), max_size=30), st.booleans())
@settings(max_examples=N_EXAMPLES)
def test_no_notification_whatsoever_breaks_it(packets: list[bytes], is_old: bool):
    codec: Codec = Ganglion2Codec() if is_old else Ganglion3Codec()
    if is_old:
        packets = [bytes(20), *packets]
    check_numbering(feed_all(codec, packets))
