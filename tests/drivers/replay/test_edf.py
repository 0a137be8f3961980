"""EDF and BDF of any maker: what is read, what is not believed, and what other libraries say."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DriverError, SourceFormatError
from drivers.replay.formats import Recording, open_recording
from drivers.types import Float32Array
from tests.rigs.edf_maker import Channel, make

N_RECORDS, N_PER_RECORD = 20, 10


def ramp(seed: int = 1, n: int = N_RECORDS * N_PER_RECORD) -> npt.NDArray[np.int64]:
    """Digital values without a zero among them."""
    return np.random.default_rng(seed).integers(1, 30_000, n)


def pair() -> list[Channel]:
    return [Channel("left", ramp(1)), Channel("right", ramp(2))]


_OPEN: list[Recording] = []


@pytest.fixture(autouse=True)
def close_all() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().close()


def opened(tmp_path: Path, raw: bytes, name: str = "a.edf", rate: float | None = None) -> Recording:
    (tmp_path / name).write_bytes(raw)
    _OPEN.append(open_recording(tmp_path / name, rate=rate))
    return _OPEN[-1]


def on_grid(recording: Recording, stream: int = 0, block_s: float = 0.007) -> Float32Array:
    """All samples of one stream on its time axis, NaN where nothing came."""
    info = recording.streams[stream]
    grid = np.full((round(recording.duration_s * info.sfreq), len(info.ch_names)), np.nan, np.float32)
    for block in recording.blocks(block_s):
        if block.stream_id == info.stream_id:
            grid[block.first_index : block.first_index + block.n_samples] = block.samples
    recording.close()
    return grid


def expected(channels: list[Channel]) -> Float32Array:
    """0.1 µV a step."""
    return (np.stack([channel.values for channel in channels], axis=1) * 1e-7).astype(np.float32)


@pytest.mark.parametrize(
    ("bdf", "plus"), [(False, ""), (True, ""), (False, "C"), (True, "C"), (False, "D"), (True, "D")]
)
def test_every_kind_gives_every_sample_in_volts(tmp_path: Path, bdf: bool, plus: str):
    recording = opened(tmp_path, make(pair(), bdf=bdf, plus=plus), "a.bdf" if bdf else "a.edf")
    (info,) = recording.streams
    assert (info.sfreq, info.unit, info.ch_names) == (1000.0, "V", ("left", "right"))
    assert info.lsb == pytest.approx((1e-7, 1e-7))
    assert info.full_scale == pytest.approx(3276.8e-6)
    np.testing.assert_allclose(on_grid(recording), expected(pair()), rtol=1e-6)
    assert recording.carried.notes == ()


def test_negative_values_keep_their_sign(tmp_path: Path):
    channel = Channel("left", -ramp())
    np.testing.assert_allclose(on_grid(opened(tmp_path, make([channel], bdf=True))), expected([channel]), rtol=1e-6)


def test_a_file_is_known_by_its_content_and_not_by_its_name(tmp_path: Path):
    assert opened(tmp_path, make(pair()), "größe 測定.dat").streams[0].sfreq == 1000.0


@pytest.mark.parametrize(("unit", "volts"), [("mV", 1e-4), ("V", 0.1), ("µV", 1e-7), ("nV", 1e-10)])
def test_each_unit_of_voltage_becomes_volts(tmp_path: Path, unit: str, volts: float):
    channel = Channel("left", ramp(), unit=unit)
    np.testing.assert_allclose(on_grid(opened(tmp_path, make([channel])))[:, 0], channel.values * volts, rtol=1e-6)


def test_a_force_keeps_its_number_and_says_its_unit(tmp_path: Path):
    recording = opened(tmp_path, make([Channel("left", ramp()), Channel("pull", ramp(2), unit="kgf")]))
    assert recording.streams[0].ch_names == ("left", "pull (kgf)")
    np.testing.assert_allclose(on_grid(recording)[:, 1], ramp(2) * 0.1, rtol=1e-6)


def test_channels_of_two_rates_are_two_streams_in_order_of_time(tmp_path: Path):
    slow = Channel("force", ramp(3, N_RECORDS * 2), n_per_record=2, unit="N")
    recording = opened(tmp_path, make([Channel("left", ramp()), slow]))
    assert [info.sfreq for info in recording.streams] == [1000.0, 200.0]
    stamps = [block.arrival_ns for block in recording.blocks(0.02)]
    assert stamps == sorted(stamps)
    np.testing.assert_allclose(on_grid(recording, 1)[:, 0], slow.values * 0.1, rtol=1e-6)


def test_gaps_of_an_interrupted_file_are_gaps_in_time(tmp_path: Path):
    onsets = [k * 0.01 + (0.5 if k >= 7 else 0.0) for k in range(N_RECORDS)]
    recording = opened(tmp_path, make(pair(), bdf=True, plus="D", onsets=onsets))
    blocks = list(recording.blocks(10.0))
    assert [(block.first_index, block.n_samples, block.n_lost) for block in blocks] == [(0, 70, 0), (570, 130, 500)]
    assert recording.duration_s == pytest.approx(0.7)


def test_a_note_of_a_filled_gap_is_a_gap_and_any_other_is_told(tmp_path: Path):
    notes = [b"+0.05\x150.02\x14BAD_gap\x14\0", b"+0.03\x14cough\x14\0"]
    recording = opened(tmp_path, make(pair(), plus="C", notes=notes))
    assert recording.carried.notes == ("At 0.030 s: cough",)
    missing = np.isnan(on_grid(recording)).all(axis=1)
    assert np.flatnonzero(missing).tolist() == list(range(50, 70))


def test_a_gap_of_one_channel_leaves_the_other_alone(tmp_path: Path):
    recording = opened(tmp_path, make(pair(), plus="C", notes=[b"+0.05\x150.02\x14BAD_gap@@right\x14\0"]))
    missing = np.isnan(on_grid(recording, block_s=0.003))
    assert not missing[:, 0].any()
    assert np.flatnonzero(missing[:, 1]).tolist() == list(range(50, 70))


def test_a_gap_of_one_channel_behind_a_gap_of_all_stands_where_it_is(tmp_path: Path):
    notes = [b"+0.05\x150.02\x14BAD_gap\x14\0", b"+0.12\x150.01\x14BAD_gap@@left\x14\0"]
    missing = np.isnan(on_grid(opened(tmp_path, make(pair(), plus="C", notes=notes))))
    assert np.flatnonzero(missing[:, 0]).tolist() == [*range(50, 70), *range(120, 130)]
    assert np.flatnonzero(missing[:, 1]).tolist() == list(range(50, 70))


def test_thousands_of_gaps_cost_no_time(tmp_path: Path):
    n = 3000
    notes = [b"+%.3f\x150.002\x14BAD_gap%s\x14\0" % (k * 0.01, b"@@left" if k % 2 else b"") for k in range(n)]
    channels = [Channel(name, ramp(1, n * N_PER_RECORD)) for name in ("left", "right")]
    grid = on_grid(opened(tmp_path, make(channels, plus="C", notes=notes)))
    assert np.isnan(grid).sum(axis=0).tolist() == [6000, 3000]


def test_a_file_that_was_never_closed_is_read_as_far_as_it_goes(tmp_path: Path):
    recording = opened(tmp_path, make(pair(), plus="C", n_records="-1")[:-3])
    assert on_grid(recording).shape == (190, 2)
    assert "not closed" in recording.carried.notes[0]


def test_a_header_that_says_0_records_is_not_believed(tmp_path: Path):
    assert on_grid(opened(tmp_path, make(pair(), n_records="0"))).shape == (200, 2)


def test_a_range_that_means_nothing_leaves_counts(tmp_path: Path):
    recording = opened(tmp_path, make([Channel("left", ramp(), physical=("5", "5"))]))
    assert recording.streams[0].unit == "counts"
    np.testing.assert_array_equal(on_grid(recording)[:, 0], ramp())


@pytest.mark.parametrize("plus", ["C", "D"])
@pytest.mark.parametrize("wrong", [5, 0, N_RECORDS - 2])
def test_a_record_that_states_a_wrong_time_is_missing(tmp_path: Path, plus: str, wrong: int):
    onsets = [k * 0.01 for k in range(N_RECORDS)]
    onsets[wrong] = 17.0
    recording = opened(tmp_path, make(pair(), plus=plus, onsets=onsets))
    assert "1 of 20 records are damaged" in recording.carried.notes[0]
    got = on_grid(recording)
    there = np.delete(expected(pair()), range(wrong * 10, wrong * 10 + 10), axis=0)
    np.testing.assert_allclose(got[~np.isnan(got[:, 0])], there, rtol=1e-6)
    assert len(got) == (190 if wrong == 0 else 200)


def test_the_time_of_day_is_carried_and_a_removed_one_is_none(tmp_path: Path):
    recording = opened(tmp_path, make(pair(), plus="C", date="20.11.26", time="10.00.02"))
    assert recording.carried.utc_ns == int(datetime.fromisoformat("2026-11-20T10:00:02+00:00").timestamp()) * 10**9
    assert opened(tmp_path, make(pair())).carried.utc_ns is None


def test_the_user_s_rate_goes_before_the_file_s(tmp_path: Path):
    assert opened(tmp_path, make(pair()), rate=500.0).streams[0].sfreq == 500.0


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (make(pair())[:100], "header is cut"),
        (make(pair())[:600], "header is cut"),
        (make(pair())[:768], "no samples"),
        (make(pair(), record_s="0"), "rate="),
        (make(pair(), record_s="-1"), "rate="),
        (make(pair(), record_s="nan"), "rate="),
        (make([Channel("left", ramp(), n_per_record=10)]).replace(b"10      ", b"-10     "), "header is cut"),
        (make(pair()).replace(b"768     ", b"512     ", 1), "header is cut"),
        (make(pair())[:252] + b"0   " + make(pair())[256:], "header is cut"),
        (b"nothing of the kind" * 40, "no EDF or BDF"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, raw: bytes, words: str):
    with pytest.raises(SourceFormatError, match=words) as caught:
        opened(tmp_path, raw)
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("plus", ["", "C", "D"])
@pytest.mark.parametrize("text_first", [False, True])
def test_a_tail_of_zeros_is_never_taken_for_samples(tmp_path: Path, plus: str, text_first: bool):
    whole = make(pair(), plus=plus, text_first=text_first)
    truth = expected(pair())
    for cut in range(800, len(whole) - 4, 37):  # the last byte of a sample may well be zero
        try:
            got = on_grid(opened(tmp_path, whole[:cut] + b"\0" * (len(whole) - cut)))
        except SourceFormatError:
            continue
        there = ~np.isnan(got)
        np.testing.assert_allclose(got[there], truth[: len(got)][there], rtol=1e-6)


def test_a_channel_that_measures_nothing_costs_no_record(tmp_path: Path):
    recording = opened(tmp_path, make([Channel("left", ramp()), Channel("trigger", np.zeros(200, np.int64))]))
    assert on_grid(recording).shape == (200, 2)
    assert recording.carried.notes == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_bytes_there_is_a_recording_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    fuzz(tmp_path_factory.getbasetemp() / "fuzz.bdf", data)


@pytest.mark.full
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(st.data())
def test_whatever_the_bytes_10_000_times(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    fuzz(tmp_path_factory.getbasetemp() / "fuzz.bdf", data)


def fuzz(path: Path, data: st.DataObject) -> None:
    whole = bytearray(make(pair(), bdf=data.draw(st.booleans()), plus=data.draw(st.sampled_from(["", "C", "D"]))))
    kind = data.draw(st.sampled_from(["cut", "zeros", "header", "anywhere"]))
    if kind in ("cut", "zeros"):
        place = data.draw(st.integers(0, len(whole) - 4))
        whole[place:] = b"\0" * (len(whole) - place if kind == "zeros" else 0)
    else:
        end = 1024 if kind == "header" else len(whole)
        for place, value in data.draw(st.lists(st.tuples(st.integers(0, end - 1), st.integers(0, 255)), max_size=8)):
            whole[place] = value
    path.write_bytes(whole)
    try:
        got = on_grid(open_recording(path)) if kind in ("cut", "zeros") else played(open_recording(path))
    except DriverError as error:
        assert "\n" not in error.sentence  # noqa: PT017
        return
    if kind in ("cut", "zeros"):
        there = ~np.isnan(got)
        np.testing.assert_allclose(got[there], expected(pair())[: len(got)][there], rtol=1e-6)


def played(recording: Recording) -> Float32Array:
    """Samples of the first blocks; a damaged header may promise a great many."""
    blocks = [block.samples for block, _ in zip(recording.blocks(0.01), range(50), strict=False)]
    recording.close()
    return np.concatenate([block.ravel() for block in blocks])


class TestOtherLibraries:
    def test_what_edfio_wrote_is_read_to_the_sample(self, tmp_path: Path):
        import edfio

        rng = np.random.default_rng(3)
        data = rng.normal(0, 50, 5000)
        signal = edfio.EdfSignal(data, 1000.0, label="left", physical_dimension="uV", physical_range=(-400, 400))
        note = edfio.EdfAnnotation(1.25, 0.5, "Husten")
        edfio.Edf([signal], annotations=[note]).write(tmp_path / "a.edf")
        theirs = edfio.read_edf(tmp_path / "a.edf")
        recording = open_recording(tmp_path / "a.edf")
        assert recording.carried.notes == ("At 1.250 s: Husten",)
        np.testing.assert_allclose(on_grid(recording)[:, 0], theirs.signals[0].data * 1e-6, atol=1e-12)

    def test_what_pyedflib_wrote_is_read_to_the_sample(self, tmp_path: Path):
        import pyedflib

        data = np.random.default_rng(4).normal(0, 50, (2, 5000))
        shared: dict[str, str | int | float | None] = {
            "sample_frequency": 1000,
            "digital_min": -(2**23),
            "digital_max": 2**23 - 1,
        }
        shared |= {"transducer": "", "prefilter": ""}
        with pyedflib.EdfWriter(str(tmp_path / "a.bdf"), 2, file_type=pyedflib.FILETYPE_BDFPLUS) as writer:
            writer.setSignalHeaders(
                [
                    dict(shared, label=label, dimension="uV", physical_min=-500.0, physical_max=500.0)
                    for label in ("left", "right")
                ]
            )
            writer.writeSamples(list(data))
        with pyedflib.EdfReader(str(tmp_path / "a.bdf")) as reader:
            theirs = np.stack([reader.readSignal(0), reader.readSignal(1)], axis=1)
        np.testing.assert_allclose(on_grid(open_recording(tmp_path / "a.bdf")), theirs * 1e-6, atol=1e-10)
