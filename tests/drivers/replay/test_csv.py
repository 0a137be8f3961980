"""What a text file of numbers becomes, and what is said about a bad one."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DriverError, SourceBusyError, SourceFormatError, SourceNotFoundError
from drivers.replay.formats import Recording, open_recording
from drivers.replay.formats.columns import Column, parse_columns
from drivers.replay.formats.csv import open_csv
from drivers.types import Float32Array

EMG = Path(__file__).resolve().parents[3] / "../shared/data/emg"


def read(text: str, rate: float | None = None) -> Recording:
    return open_csv(Path("a.csv"), text.encode(), rate=rate)


def samples(recording: Recording) -> Float32Array:
    return np.concatenate([block.samples for block in recording.blocks(0.01)])


def refusal(text: str | bytes, rate: float | None = None) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(SourceFormatError) as caught:
        open_csv(Path("a.csv"), raw, rate=rate)
    return caught.value.sentence


def test_numbers_without_a_unit_are_counts():
    recording = read("# rate_hz=1000\n1,2\n3,4\n")
    assert recording.streams[0].unit == "counts"
    assert recording.streams[0].sfreq == 1000.0
    np.testing.assert_array_equal(samples(recording), [[1, 2], [3, 4]])


@pytest.mark.parametrize(("unit", "volts"), [("V", 1.0), ("mV", 1e-3), ("uV", 1e-6), ("µV", 1e-6), ("μV", 1e-6)])
def test_a_named_unit_of_voltage_makes_volts(unit: str, volts: float):
    recording = read(f"# rate_hz=1000\n# columns: left, right ({unit})\n1,2\n")
    assert recording.streams[0].unit == "V"
    assert recording.streams[0].ch_names == ("left", "right")
    np.testing.assert_allclose(samples(recording), [[volts, 2 * volts]], rtol=1e-6)


def test_the_unit_stands_per_group_and_remarks_are_no_columns():
    columns = parse_columns("EMG vastus lateralis, biceps femoris (uV); dynamometer (kgf); agonist = column 1")
    assert columns == (
        Column("EMG vastus lateralis", "uV"),
        Column("biceps femoris", "uV"),
        Column("dynamometer", "kgf"),
    )


def test_each_name_may_have_its_own_unit():
    assert [column.unit for column in parse_columns("time_s, a (mV), b (uV), c")] == ["", "mV", "uV", ""]


def test_columns_of_the_same_name_are_told_apart_by_their_number():
    assert read("# rate_hz=1000\n# columns: EMG, EMG\n1,2\n").streams[0].ch_names == ("1 EMG", "2 EMG")


def test_a_parenthesis_that_is_no_unit_stays_in_the_name():
    assert parse_columns("glute (left), glute (right)") == (Column("glute (left)"), Column("glute (right)"))


def test_a_force_keeps_its_number_and_its_own_unit_and_says_so_in_its_name():
    recording = read("# rate_hz=1000\n# columns: left (uV); force (kgf); right (uV)\n1,10.5,2\n")
    assert recording.streams[0].ch_names == ("left", "force (kgf)", "right")
    np.testing.assert_allclose(samples(recording), [[1e-6, 10.5, 2e-6]], rtol=1e-6)


def test_the_time_column_is_no_channel():
    recording = read("# rate_hz=1000\n# columns: time_s, left, right (uV)\n0.000,1,2\n0.001,3,4\n")
    assert recording.streams[0].ch_names == ("left", "right")


def test_the_rate_is_taken_from_the_times_where_it_is_not_written():
    lines = "".join(f"{i / 2000:.6f},1\n" for i in range(200))
    assert read("time_s,left\n" + lines).streams[0].sfreq == 2000.0


def test_times_written_with_few_digits_still_give_the_rate_and_no_holes():
    lines = "".join(f"{i / 2000:.3f},1\n" for i in range(2001))
    recording = read("# columns: time_s, left\n" + lines)
    assert recording.streams[0].sfreq == pytest.approx(2000, rel=1e-3)
    assert all(block.n_lost == 0 for block in recording.blocks(0.01))


def test_lost_lines_appear_as_lost_samples_and_keep_the_time_axis():
    times = [0, 1, 2, 3, 10, 11, 12, 13]
    recording = read("# rate_hz=1000\n# columns: time_s, left\n" + "".join(f"{t / 1000:.3f},{t}\n" for t in times))
    blocks = list(recording.blocks(0.01))
    assert [(block.first_index, block.n_samples, block.n_lost) for block in blocks] == [(0, 4, 0), (10, 4, 6)]
    assert [block.arrival_ns for block in blocks] == [4_000_000, 14_000_000]
    assert recording.duration_s == pytest.approx(0.014)


def test_the_user_s_rate_goes_before_the_file_s():
    assert read("# rate_hz=1000\n1\n", rate=500.0).streams[0].sfreq == 500.0


@pytest.mark.parametrize("cell", ["", "nan", "NaN", " "])
def test_empty_cells_and_nan_are_missing_samples(cell: str):
    got = samples(read(f"# rate_hz=1000\n1,2\n{cell},4\n5,{cell}\n"))
    np.testing.assert_array_equal(got, [[1, 2], [np.nan, 4], [5, np.nan]])


def test_infinity_and_overflow_are_missing_samples():
    assert np.isnan(samples(read("# rate_hz=1000\ninf,1e300\n"))).all()


@pytest.mark.parametrize("body", ["1\t2\r\n3\t4\r\n", "1;2\n3;4\n", "1,0;2\n3;4\n", "1,2\r3,4\r", "1, 2\n3, 4\n"])
def test_other_separators_and_line_ends_are_understood(body: str):
    np.testing.assert_array_equal(samples(read("# rate_hz=1000\n" + body)), [[1, 2], [3, 4]])


def test_a_first_line_of_names_is_the_heading():
    recording = read("left (uV),right (uV)\n1,2\n", rate=1000)
    assert recording.streams[0].ch_names == ("left", "right")
    assert recording.streams[0].unit == "V"


@pytest.mark.parametrize("cut", ["5", "5,", "5,-", "5,6e", "5,6", "5,6,7"])
def test_a_last_line_without_an_end_is_left_out_because_its_number_may_be_cut(cut: str):
    recording = read("# rate_hz=1000\n1,2\n3,4\n" + cut)
    np.testing.assert_array_equal(samples(recording), [[1, 2], [3, 4]])
    assert "cut" in recording.carried.notes[0]


@pytest.mark.parametrize("end", ["# done", " ", ""])
def test_a_remark_or_nothing_at_the_end_costs_no_line(end: str):
    recording = read("# rate_hz=1000\n1,2\n3,4\n" + end)
    assert samples(recording).shape == (2, 2)
    assert recording.carried.notes == ()


@pytest.mark.parametrize("zeros", [0, 512])
def test_wherever_a_file_was_cut_it_gives_true_numbers_only(zeros: int, tmp_path: Path):
    truth = np.random.default_rng(1).normal(0, 50, (40, 2))
    whole = "# rate_hz=1000\n" + "".join(f"{left:.4f},{right:.4f}\n" for left, right in truth)
    for place in range(15, len(whole), 7):
        (tmp_path / "a.csv").write_bytes(whole[:place].encode() + b"\0" * zeros)
        try:
            got = samples(open_recording(tmp_path / "a.csv"))
        except SourceFormatError:
            continue
        if len(got) > 1:  # a first line alone has nothing to be compared with
            np.testing.assert_allclose(got, truth[: len(got)], atol=6e-5)


def test_a_heading_with_another_number_of_columns_is_left_out_and_told():
    recording = read("# rate_hz=1000\n# columns: a, b (uV)\n1,2,3\n")
    assert recording.streams[0].ch_names == ("ch1", "ch2", "ch3")
    assert recording.streams[0].unit == "counts"
    assert "2 columns and has 3" in recording.carried.notes[0]


def test_the_blocks_hold_every_sample_once_and_are_stamped_at_their_end():
    blocks = list(read("# rate_hz=1000\n" + "".join(f"{i}\n" for i in range(25))).blocks(0.01))
    assert [block.first_index for block in blocks] == [0, 10, 20]
    assert [block.arrival_ns for block in blocks] == [10_000_000, 20_000_000, 25_000_000]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2\n3,4\n", "rate="),
        ("# rate_hz=fast\n1\n", "line 1: rate_hz=fast"),
        ("# rate_hz=-3\n1\n", "line 1: rate_hz=-3"),
        ("# rate_hz=1000\n", "no samples"),
        ("left\n# only a remark\n1", "no samples"),
        ("# rate_hz=1000\n1,2\n\n3,x\n5,6\n", "line 4: 'x' is not a number"),
        ("# rate_hz=1000\n# remark\n1,2\n3\n5,6\n", "line 4: 1 columns where the lines before have 2"),
        ("# rate_hz=1000\ntime_s\n0\n0.001\n", "no channel"),
        ("time_s,a\n0,1\n1,1\n0.5,1\n", "line 4: its time_s does not follow"),
        ("time_s,a\n0,1\nnan,1\n", "line 3: its time_s does not follow"),
        ("time_s,a\n0,1\n1e300,1\n", "line 3: its time_s does not follow"),
        ("time_s,a\n0,1\n0,1\n", "time_s does not advance"),
        ("# rate_hz=500\n# columns: time_s, a\n0.000,1\n0.001,1\n", "runs at 1000 samples per second"),
        ("PK\x03\x04\x00\x00", "not a recording"),
        ("# rate_hz=1000\n2\n1_000\n", "line 3: '1_000' is not a number"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(text: str, words: str):
    assert words in refusal(text)


def test_random_bytes_are_refused_in_one_sentence():
    assert "not a recording" in refusal(np.random.default_rng(1).bytes(4096))


def test_a_text_of_another_code_page_is_still_read():
    recording = open_csv(Path("a.csv"), "# rate_hz=1000\n# columns: links (µV)\n1\n".encode("latin-1"), rate=None)
    assert recording.streams[0].unit == "V"


ANY_BYTES = st.one_of(
    st.binary(max_size=200), st.text(alphabet="0123456789.,;\t\n\r#-e nameti_s()", max_size=200).map(str.encode)
)


@settings(max_examples=300, deadline=None)
@given(ANY_BYTES)
def test_whatever_the_bytes_there_is_a_recording_or_one_sentence(raw: bytes):
    check(raw)


@pytest.mark.full
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(ANY_BYTES)
def test_whatever_the_bytes_10_000_times(raw: bytes):
    check(raw)


def check(raw: bytes) -> None:
    try:
        recording = open_csv(Path("a.csv"), raw, rate=1000.0)
        widths = {block.samples.shape[1] for block in recording.blocks(0.01)}
        sentence = ""
    except SourceFormatError as error:
        widths, sentence = set(), error.sentence
    assert "\n" not in sentence
    assert sentence.endswith(".") or len(widths) == 1


def test_a_missing_file_an_empty_file_and_a_foreign_format_are_told_apart(tmp_path: Path):
    with pytest.raises(SourceNotFoundError, match="There is no file"):
        open_recording(tmp_path / "none.csv")
    for name, content, words in [
        ("empty.csv", b"", "is empty"),
        ("a.h5", b"no signature", "no HDF5"),
        ("a.edf", b"0       x", "header is cut"),
        ("a.bin", b"\xffBIOSEMI", "header is cut"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceFormatError, match=words):
            open_recording(tmp_path / name)


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), OSError(5, "Input/output error")])
def test_an_unreadable_file_is_one_sentence(error: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.csv").write_text("1\n")

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)  # chmod means nothing to root
    with pytest.raises(DriverError, match=re.escape("a.csv")) as caught:
        open_recording(tmp_path / "a.csv")
    assert isinstance(caught.value, SourceBusyError if isinstance(error, PermissionError) else SourceNotFoundError)


@pytest.mark.skipif(not EMG.is_dir(), reason="the real recordings are not here")
@pytest.mark.parametrize(
    ("name", "sfreq", "shape", "last"),
    [
        ("glute_right_walk_1000hz.csv", 1000.0, (7618, 4), "semitendinosus"),
        ("elderly_id2_EMG_VL_force_2000hz.csv", 2000.0, (20001, 5), "dynamometer of this task (kgf)"),
    ],
)
def test_a_real_recording_has_its_rate_its_channels_and_volts(
    name: str, sfreq: float, shape: tuple[int, int], last: str
):
    recording = open_recording(EMG / name)
    (stream,) = recording.streams
    assert (stream.sfreq, stream.unit, stream.ch_names[-1]) == (sfreq, "V", last)
    assert samples(recording).shape == shape
    assert 1e-6 < float(np.nanstd(samples(recording)[:, 0])) < 1e-3


def test_when_the_first_line_was_measured_is_carried(tmp_path: Path):
    (tmp_path / "a.csv").write_text("# rate_hz=10\n# start_utc=2026-11-20T10:00:02.5+00:00\n1\n2\n")
    assert open_recording(tmp_path / "a.csv").carried.utc_ns == 1_795_168_802_500_000_000


def test_a_start_that_is_no_time_is_refused_with_its_line(tmp_path: Path):
    (tmp_path / "a.csv").write_text("# rate_hz=10\n# start_utc=yesterday\n1\n")
    with pytest.raises(SourceFormatError, match="line 2: start_utc=yesterday"):
        open_recording(tmp_path / "a.csv")
