"""XDF: which streams are taken, how their clocks meet, and that half a chunk is no sample."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DriverError, SourceFormatError
from drivers.replay.formats import Recording, open_recording
from drivers.types import Float32Array
from tests.rigs import xdf_maker as xdf

RATE = 1000.0
N = 2000
ROWS = np.random.default_rng(1).normal(1, 30, (N, 2)).astype(np.float32).astype(np.float64)
TIMES = 50.0 + np.arange(N) / RATE


def emg(number: int = 1, *, shift: float = 0.0, rows: slice = slice(None), name: str = "unit") -> list[bytes]:
    """A stream in chunks of 50 samples."""
    times, values = TIMES[rows] + shift, ROWS[rows]
    parts = [xdf.samples(number, times[i : i + 50].tolist(), values[i : i + 50]) for i in range(0, len(times), 50)]
    head = xdf.header(number, kind="EMG", rate=RATE, labels=["left", "right"], units=["microvolts"] * 2, name=name)
    return [head, *parts]


def opened(tmp_path: Path, raw: bytes, name: str = "a.xdf") -> Recording:
    (tmp_path / name).write_bytes(raw)
    return open_recording(tmp_path / name)


def samples(recording: Recording, stream: int = 0) -> Float32Array:
    stream_id = recording.streams[stream].stream_id
    return np.concatenate([block.samples for block in recording.blocks(0.02) if block.stream_id == stream_id])


def test_every_sample_comes_in_volts_with_its_label(tmp_path: Path):
    recording = opened(tmp_path, xdf.make(*emg(), xdf.footer(1)))
    (info,) = recording.streams
    assert (info.unit, info.ch_names) == ("V", ("left", "right"))
    assert info.sfreq == pytest.approx(RATE)
    np.testing.assert_allclose(samples(recording), (ROWS * 1e-6).astype(np.float32), rtol=1e-6)
    assert recording.carried.notes == ()


def test_a_packed_file_is_read_like_a_plain_one(tmp_path: Path):
    recording = opened(tmp_path, gzip.compress(xdf.make(*emg(), xdf.footer(1))), "a.xdfz")
    assert samples(recording).shape == (N, 2)


def test_emg_is_taken_before_anything_else_that_was_recorded_beside_it(tmp_path: Path):
    other = xdf.header(2, kind="Gaze", rate=100.0, labels=["x"])
    recording = opened(tmp_path, xdf.make(*emg(), other, xdf.samples(2, TIMES[:10].tolist(), ROWS[:10, :1])))
    assert [info.ch_names for info in recording.streams] == [("left", "right")]


def test_a_stream_without_a_type_we_know_is_taken_where_there_is_no_better(tmp_path: Path):
    head = xdf.header(1, kind="Data", rate=RATE, labels=["a"], form="int16")
    rows = np.arange(1.0, 101.0)[:, None]
    recording = opened(tmp_path, xdf.make(head, xdf.samples(1, TIMES[:100].tolist(), rows, "int16")))
    assert (recording.streams[0].unit, recording.streams[0].ch_names) == ("counts", ("ch1",))
    np.testing.assert_array_equal(samples(recording), rows)


def test_two_units_meet_on_the_clock_of_the_recorder(tmp_path: Path):
    ahead = [xdf.clock(2, at, -7.0) for at in (57.0, 58.0, 59.0)]
    raw = xdf.make(*emg(1, name="L"), *emg(2, shift=7.25, name="R"), *ahead, xdf.footer(1), xdf.footer(2))
    recording = opened(tmp_path, raw)
    first = {block.stream_id: block.arrival_ns for block in reversed(list(recording.blocks(0.01)))}
    left, right = (first[info.stream_id] for info in recording.streams)
    assert right - left == pytest.approx(0.25e9, abs=2e6)
    stamps = [block.arrival_ns for block in recording.blocks(0.01)]
    assert stamps == sorted(stamps)


def test_a_pause_is_a_gap_in_time(tmp_path: Path):
    pause = [xdf.samples(1, (TIMES[1000:] + 3.0).tolist(), ROWS[1000:])]
    head, *parts = emg(rows=slice(0, 1000))
    recording = opened(tmp_path, xdf.make(head, *parts, *pause, xdf.footer(1)))
    lost = [block.n_lost for block in recording.blocks(0.1) if block.n_lost]
    assert lost == [pytest.approx(3000, abs=3)]


def test_markers_are_told(tmp_path: Path):
    marks = [xdf.header(2, kind="Markers", rate=0, labels=["m"], form="string"), xdf.texts(2, [(50.5, "go")])]
    assert opened(tmp_path, xdf.make(*emg(), *marks)).carried.notes == ("At 0.500 s: go",)


def test_a_file_without_a_rate_is_refused_with_a_remedy(tmp_path: Path):
    head = xdf.header(1, kind="EMG", rate=0, labels=["a"])
    with pytest.raises(SourceFormatError, match="no stream of numbers with a rate"):
        opened(tmp_path, xdf.make(head, xdf.samples(1, [1.0, 2.0], ROWS[:2, :1])))


def test_a_lie_about_the_number_of_channels_takes_no_memory(tmp_path: Path):
    raw = xdf.make(*emg()).replace(b"<channel_count>2<", b"<channel_count>9<").replace(b">9<", b">999999999999<", 1)
    with pytest.raises(SourceFormatError):
        opened(tmp_path, raw)
    with pytest.raises(SourceFormatError, match="channels"):
        opened(tmp_path, xdf.make(xdf.header(1, kind="EMG", rate=1000, labels=["a"] * 5000)))


@pytest.mark.parametrize("raw", [b"XDF:", b"XDF;nothing", b"\x1f\x8bnothing", b"XDF:" + b"\0" * 100])
def test_a_file_of_nothing_is_refused(tmp_path: Path, raw: bytes):
    with pytest.raises(DriverError):
        opened(tmp_path, raw)


def test_damage_in_the_middle_costs_only_what_lies_up_to_the_next_boundary(tmp_path: Path):
    head, *parts = emg()
    middle = len(parts) // 2
    raw = xdf.make(head, *parts[:middle], xdf.chunk(5, xdf.BOUNDARY), *parts[middle:], xdf.footer(1))
    at = raw.index(parts[3])
    recording = opened(tmp_path, raw[:at] + b"\x07" + raw[at + 1 :])
    assert "damaged" in recording.carried.notes[0]
    # the chunk before is left out too: its length may be what is damaged
    np.testing.assert_allclose(
        samples(recording), (np.concatenate([ROWS[:100], ROWS[1000:]]) * 1e-6).astype(np.float32), rtol=1e-6
    )


def check(path: Path, whole: bytes, data: st.DataObject) -> None:
    raw = bytearray(whole)
    kind = data.draw(st.sampled_from(["cut", "zeros", "anywhere"]))
    place = data.draw(st.integers(0, len(raw)))
    if kind == "anywhere":
        raw[place : place + 16] = data.draw(st.binary(min_size=16, max_size=16))
    else:
        raw[place:] = b"\0" * (len(raw) - place if kind == "zeros" else 0)
    path.write_bytes(raw)
    try:
        recording = open_recording(path)
        got = samples(recording)
    except DriverError as error:
        assert "\n" not in error.sentence  # noqa: PT017
        return
    if kind != "anywhere":
        np.testing.assert_allclose(got, (ROWS[: len(got)] * 1e-6).astype(np.float32), rtol=1e-6)


WHOLE = xdf.make(*emg(rows=slice(0, 500)), xdf.chunk(5, xdf.BOUNDARY), xdf.clock(1, 50.0, 0.0), xdf.footer(1))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_bytes_there_is_a_recording_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    check(tmp_path_factory.getbasetemp() / "fuzz.xdf", WHOLE, data)


@pytest.mark.full
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(st.data())
def test_whatever_the_bytes_10_000_times(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    check(tmp_path_factory.getbasetemp() / "fuzz.xdf", WHOLE, data)
