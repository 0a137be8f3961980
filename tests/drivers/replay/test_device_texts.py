"""Text files of the OpenBCI GUI and of OpenSignals: columns, lost samples, damage."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DriverError, SourceFormatError
from drivers.replay.formats import Recording, open_recording
from drivers.replay.formats.text_tables import open_text
from drivers.types import Float32Array

NEW_HEAD = """%OpenBCI Raw EXG Data
%Number of channels = 4
%Sample Rate = 200 Hz
%Board = OpenBCI_GUI$BoardGanglionNative
Sample Index, EXG Channel 0, EXG Channel 1, EXG Channel 2, EXG Channel 3, Accel Channel 0, Accel Channel 1, \
Accel Channel 2, Other, Timestamp, Other, Timestamp (Formatted)
"""
OLD_HEAD = """%OpenBCI Raw EEG Data
%
%Sample Rate = 250.0 Hz
%First Column = SampleIndex
%Last Column = Timestamp
%Other Columns = EEG data in microvolts followed by Accel Data (in G) interleaved with Aux Data
"""
EPOCH = 1_700_000_000.0


def new_rows(numbers: list[int], late_s: dict[int, float] | None = None) -> str:
    """Row k holds k + 1 µV in its first channel; time goes on by 5 ms, and by more where it says so."""
    lines, at = [], EPOCH
    for row, number in enumerate(numbers):
        at += 0.005 + (late_s or {}).get(row, 0.0)
        lines.append(f"{number}.0, {row + 1}.5, 2, 3, 4, 0.1, 0.2, 0.9, 0, {at:.6f}, 0, 2023-11-14 22:13:20.000\n")
    return "".join(lines)


def old_rows(n: int) -> str:
    return "".join(f"{k % 256}, {k + 1}.25, 2, 3, 4, 5, 6, 7, 8, 0.000, 0.000, 0.000, 18:51:16.059\n" for k in range(n))


def read(text: str | bytes, rate: float | None = None) -> Recording:
    return open_text(Path("a.txt"), text if isinstance(text, bytes) else text.encode(), rate=rate)


def samples(recording: Recording) -> Float32Array:
    return np.concatenate([block.samples for block in recording.blocks(0.05)])


class TestOpenBci:
    def test_a_new_file_gives_volts_and_keeps_acceleration_apart(self):
        recording = read(NEW_HEAD + new_rows(list(range(10))))
        (info,) = recording.streams
        assert (info.sfreq, info.unit) == (200.0, "V")
        assert info.ch_names[0] == "EXG Channel 0"
        assert info.ch_names[4:] == ("Accel Channel 0 (g)", "Accel Channel 1 (g)", "Accel Channel 2 (g)")
        np.testing.assert_allclose(samples(recording)[:, 0], (np.arange(10) + 1.5) * 1e-6, rtol=1e-6)
        assert recording.carried.utc_ns == pytest.approx((EPOCH + 0.005) * 1e9, abs=1e4)

    def test_an_old_file_without_names_is_understood(self):
        recording = read(OLD_HEAD + old_rows(300))
        (info,) = recording.streams
        assert (info.sfreq, len(info.ch_names)) == (250.0, 11)
        np.testing.assert_allclose(samples(recording)[:, 0], (np.arange(300) + 1.25) * 1e-6, rtol=1e-6)
        assert [block.n_lost for block in recording.blocks(10.0)] == [0]

    def test_numbers_that_are_missing_are_lost_samples(self):
        numbers = [k % 256 for k in range(600) if not 100 <= k < 130]
        recording = read(NEW_HEAD + new_rows(numbers))
        assert [(block.first_index, block.n_lost) for block in recording.blocks(10.0)] == [(0, 0), (130, 30)]

    def test_a_loss_of_more_than_one_round_of_the_counter_shows_in_the_times(self):
        numbers = [k % 256 for k in range(1200) if not 300 <= k < 300 + 256 + 20]
        recording = read(NEW_HEAD + new_rows(numbers, {300: 276 * 0.005}))
        assert [block.n_lost for block in recording.blocks(10.0)] == [0, 276]

    def test_a_computer_that_was_busy_for_a_second_lost_nothing(self):
        late = {300: 1.4} | {301 + k: -0.0049 for k in range(285)}
        recording = read(NEW_HEAD + new_rows([k % 256 for k in range(900)], late))
        assert [block.n_lost for block in recording.blocks(10.0)] == [0]

    def test_a_board_that_numbers_otherwise_is_taken_as_it_stands(self):
        recording = read(NEW_HEAD + new_rows([k // 2 for k in range(100)]))
        assert [block.n_lost for block in recording.blocks(10.0)] == [0]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (NEW_HEAD, "no samples"),
            (OLD_HEAD, "no samples"),
            (NEW_HEAD.replace("%Sample Rate = 200 Hz\n", "") + new_rows([0, 1]), "rate="),
            (NEW_HEAD + new_rows([0, 1]) + "2.0, x, 2\n" + new_rows([3]), "line 8 is damaged"),
            (NEW_HEAD.replace("EXG", "FOO") + new_rows([0, 1]), "no EXG channel"),
        ],
    )
    def test_a_bad_file_is_refused_with_its_line(self, text: str, words: str):
        with pytest.raises(SourceFormatError, match=words):
            read(text)


def opensignals(columns: list[str], *, labels: list[str], resolution: list[int], **more: object) -> str:
    said = {
        "sensor": ["EMG"] * len(labels), "column": columns, "label": labels, "channels": [1], "resolution": resolution,
        "sampling rate": 1000, "date": "2018-2-28", "time": "14:51:33.5", **more,
    }  # fmt: skip
    return "# OpenSignals Text File Format. Version 1\n# " + json.dumps({"00:07": said}) + "\n# EndOfHeader\n"


BITALINO = opensignals(
    ["nSeq", "I1", "I2", "O1", "O2", "A1", "A2"], labels=["A1", "A2"], resolution=[4, 1, 1, 1, 1, 10, 10]
)


def bitalino_rows(numbers: list[int]) -> str:
    return "".join(f"{k % 16}\t0\t0\t1\t1\t{k % 1000 + 1}\t7\t\n" for k in numbers)


class TestOpenSignalsText:
    def test_counts_come_with_names_rate_and_full_scale(self):
        recording = read(BITALINO + bitalino_rows(list(range(40))))
        (info,) = recording.streams
        assert (info.unit, info.ch_names, info.sfreq) == ("counts", ("EMG A1", "EMG A2"), 1000.0)
        assert info.full_scale == 1023.0
        np.testing.assert_array_equal(samples(recording)[:, 0], np.arange(40) + 1)

    def test_numbers_that_are_missing_are_lost_samples(self):
        recording = read(BITALINO + bitalino_rows([k for k in range(60) if not 20 <= k < 25]))
        assert [block.n_lost for block in recording.blocks(10.0)] == [0, 5]

    def test_two_devices_are_two_streams(self):
        one: dict[str, object] = dict(
            column=["nSeq", "DI", "CH1"], label=["CH1"], channels=[1], sensor=["EMG"], resolution=[16]
        )
        one["sampling rate"] = 1000
        head = "# OpenSignals Text File Format. Version 1\n# " + json.dumps({"a": one, "b": one}) + "\n# EndOfHeader\n"
        recording = read(head + "".join(f"{k}\t0\t{k}\t{k}\t0\t{2 * k}\t\n" for k in range(10)))
        assert [info.stream_id for info in recording.streams] == ["file:a.txt#a", "file:a.txt#b"]
        last = list(recording.blocks(1.0))[-1]
        np.testing.assert_array_equal(last.samples[:, 0], 2 * np.arange(10))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (BITALINO, "no samples"),
            ("# OpenSignals Text File Format\n# {broken\n# EndOfHeader\n1\t2\n", "heading of OpenSignals is damaged"),
            (BITALINO.replace("1000", "-5") + bitalino_rows([0, 1]), "heading of OpenSignals is damaged"),
            (BITALINO + bitalino_rows([0]) + "1\t0\t0\n" + bitalino_rows([2]), "line 5 is damaged"),
        ],
    )
    def test_a_bad_file_is_refused(self, text: str, words: str):
        with pytest.raises(SourceFormatError, match=words):
            read(text)


OPENBCI_TRUTH = ((np.arange(60) + 1.5) * 1e-6).astype(np.float32)
WHOLE = {
    "openbci": (NEW_HEAD + new_rows(list(range(60)))).encode(),
    "opensignals": (BITALINO + bitalino_rows(list(range(60)))).encode(),
}
TRUTH = {"openbci": OPENBCI_TRUTH, "opensignals": np.arange(1, 61).astype(np.float32)}


@pytest.mark.parametrize("kind", ["openbci", "opensignals"])
@pytest.mark.parametrize("zeros", [False, True])
def test_a_cut_file_gives_whole_lines_and_nothing_else(kind: str, zeros: bool):
    whole = WHOLE[kind]
    for place in range(len(whole) // 3, len(whole), 41):
        try:
            got = samples(read(whole[:place] + (b"\0" * 512 if zeros else b"")))
        except SourceFormatError:
            continue
        np.testing.assert_allclose(got[:, 0], TRUTH[kind][: len(got)], rtol=1e-6)


def check(data: st.DataObject) -> None:
    raw = bytearray(WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))])
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), max_size=6)):
        raw[place] = value
    try:
        samples(read(bytes(raw)))
    except DriverError as error:
        assert "\n" not in error.sentence  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_the_bytes_there_is_a_recording_or_one_sentence(data: st.DataObject):
    check(data)


@pytest.mark.full
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(st.data())
def test_whatever_the_bytes_10_000_times(data: st.DataObject):
    check(data)


def test_a_table_that_ends_in_zeros_gives_its_whole_lines():
    recording = read(b"# rate_hz=1000\n1,2\n3,4\n5,6" + b"\0" * 300)
    np.testing.assert_array_equal(samples(recording), [[1, 2], [3, 4]])
    assert "never written" in recording.carried.notes[0]


def test_a_file_too_large_to_be_read_as_a_whole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drivers.replay.formats.LARGEST_IN_MEMORY", 10)
    (tmp_path / "a.csv").write_text("# rate_hz=1000\n1\n2\n")
    with pytest.raises(SourceFormatError, match="can only be read as a whole"):
        open_recording(tmp_path / "a.csv")
