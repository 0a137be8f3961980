"""What the files around a BDF bring, and which file of a folder is meant."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from drivers.errors import SourceFormatError, SourceNotFoundError
from drivers.replay.formats import open_recording
from tests.rigs.edf_maker import Channel, make

STEM = "sub-01_task-squeeze_run-01"
CHANNELS = (
    "name\ttype\tunits\ttarget_muscle\tstatus\tstatus_description\tside\trest_rms\treference_rms\tstep\n"
    "left\tEMG\tuV\tgluteus maximus\tgood\tn/a\tleft\t3\t50\t0.10000001\n"
    "E2\tEMG\tuV\tbiceps femoris\tbad\tfell off\tright\tn/a\tn/a\tn/a\n"
)


def values(seed: int) -> list[Channel]:
    rng = np.random.default_rng(seed)
    return [Channel("left", rng.integers(1, 30_000, 200), unit=""), Channel("E2", rng.integers(1, 30_000, 200))]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "set" / "sub-01" / "emg"
    folder.mkdir(parents=True)
    raw = make(values(1), bdf=True, plus="C", notes=[b"+0.05\x150.02\x14BAD_gap\x14\0"])
    (folder / f"{STEM}_emg.bdf").write_bytes(raw)
    (folder / f"{STEM}_channels.tsv").write_text(CHANNELS)
    (folder / f"{STEM}_events.tsv").write_text("onset\tduration\ttrial_type\tchannel\n0.05\t0.02\tBAD_gap\tE2\n")
    about: dict[str, object] = {"SamplingFrequency": 1000.003}
    about |= {"Normalisation": "best of several comfortable contractions", "SHA256": hashlib.sha256(raw).hexdigest()}
    (folder / f"{STEM}_emg.json").write_text(json.dumps(about))
    scans = f"filename\tacq_time\nemg/{STEM}_emg.bdf\t2026-11-20T14:30:05.123456Z\n"
    (folder.parent / "sub-01_scans.tsv").write_text(scans)
    (tmp_path / "set" / "dataset_description.json").write_text("{}")
    return tmp_path / "set"


@pytest.mark.parametrize("part", [".", "sub-01", "sub-01/emg", f"sub-01/emg/{STEM}_emg.bdf"])
def test_the_set_the_person_the_folder_and_the_file_open_the_same_recording(dataset: Path, part: str):
    recording = open_recording(dataset / part)
    assert recording.streams[0].ch_names == ("left", "E2 biceps femoris")
    recording.close()


def test_the_tables_bring_units_steps_gaps_calibration_and_the_exact_start(dataset: Path):
    recording = open_recording(dataset)
    carried = recording.carried
    assert (recording.streams[0].unit, recording.streams[0].sfreq) == ("V", 1000.003)
    assert recording.streams[0].lsb == pytest.approx((0.10000001e-6, 1e-7), rel=1e-9)
    (block,) = recording.blocks(10.0)
    recording.close()
    assert np.flatnonzero(np.isnan(block.samples[:, 1])).tolist() == list(range(50, 70))
    assert not np.isnan(block.samples[:, 0]).any()
    assert carried.calibration is not None
    assert (carried.calibration["method"], carried.calibration["rest"]) == ("best-clench", {"left": 3e-6})
    assert carried.calibration["reference"] == pytest.approx({"left": 50e-6})
    assert carried.utc_ns == 1_795_185_005_123_456_000
    assert carried.notes == ("Channel E2 is marked as bad: fell off.",)


def test_a_file_that_changed_since_it_was_recorded_is_refused(dataset: Path):
    path = dataset / f"sub-01/emg/{STEM}_emg.bdf"
    raw = bytearray(path.read_bytes())
    raw[-200] ^= 1
    path.write_bytes(raw)
    with pytest.raises(SourceFormatError, match="changed or damaged since"):
        open_recording(path)


def test_a_table_of_the_whole_set_holds_for_a_file_without_its_own(dataset: Path):
    (dataset / f"sub-01/emg/{STEM}_channels.tsv").rename(dataset / "task-squeeze_channels.tsv")
    recording = open_recording(dataset)
    assert recording.streams[0].ch_names == ("left", "E2 biceps femoris")
    recording.close()


def test_several_recordings_are_named_instead_of_guessed(dataset: Path):
    (dataset / "sub-01/emg/sub-01_task-squeeze_run-02_emg.bdf").write_bytes(make(values(2), bdf=True))
    with pytest.raises(SourceFormatError, match=r"2 recordings; name one of them: .*run-01.*run-02"):
        open_recording(dataset)


def test_a_folder_without_a_recording_says_so(tmp_path: Path):
    with pytest.raises(SourceNotFoundError, match="holds no recording"):
        open_recording(tmp_path)


@pytest.mark.parametrize("suffix", ["channels.tsv", "events.tsv", "emg.json"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\0\0", b"name\tonset\n\t\t\t\n", b"[1, 2]", b"name\n" + b"x" * 200_000]
)
def test_tables_of_nonsense_are_passed_over(dataset: Path, suffix: str, content: bytes):
    (dataset / f"sub-01/emg/{STEM}_{suffix}").write_bytes(content)
    recording = open_recording(dataset)
    assert recording.streams[0].sfreq == pytest.approx(1000.0, rel=1e-5)
    recording.close()
