"""What is written opens in the field's own tools: MNE, MNE-BIDS, edfio, pyedflib and the BIDS validator."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import edfio
import msgspec
import numpy as np
import pyedflib
import pytest

from app.recording.errors import RecordingError
from app.recording.finalise import Finished, finalise
from app.recording.kit import Kit, remember_kit
from app.session.events import ChannelInfo, Cue, Note, Quality, Rating
from tests.recording.known_signal import BLOCK, LSB, SESSION, STREAM, block, known_samples
from tests.recording.making import LIVING, UNPACED, bdf_of, crashed, session_of

EVENTS = [
    Note(t_s=0.1, text="Größe 3 µV\tund\nmehr"),
    Quality(t_s=0.5, site="left", verdict="ok", text="Good contact."),
    Cue(t_s=1.0, side="left", kind="late", channel="tone"),
    Rating(t_s=1.5, kind="pain", value=2.0),
]
PERSON = msgspec.structs.replace(
    LIVING,
    programme="prone-ankle-squeeze",
    channels=[
        ChannelInfo("left", "gluteus maximus", "uV", 1000.0, 2),
        ChannelInfo("right", "gluteus maximus", "uV", 1000.0, 1),
    ],
)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Two sessions of one person, one of another, one of nobody in particular."""
    gap = [*map(block, range(60)), block(70, n_lost=200)]
    session_of(tmp_path / "2026-11-20_143005_P-017", *gap, started=PERSON, events=EVENTS)
    crashed(tmp_path / "2026-11-21_080000_P-017", *map(block, range(100)))
    session_of(tmp_path / "2026-11-22_080000_Q", block(0), started=msgspec.structs.replace(PERSON, person="Q"))
    session_of(tmp_path / "2026-11-22_080001", block(0), started=msgspec.structs.replace(PERSON, person=None))
    remember_kit(
        tmp_path, Kit(sources=("text:",), electrode_type="pre-gelled", electrode_distance_mm=20.0, mains_hz=50)
    )
    for folder in sorted(tmp_path.glob("2026*")):
        finalise(folder)
    return tmp_path / "bids"


def first_run(dataset: Path) -> Path:
    (path,) = dataset.glob("sub-P017/ses-20261120T143005/emg/*.bdf")
    return path


def table(path: Path) -> list[dict[str, str]]:
    head, *rows = (line.split("\t") for line in path.read_text().splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def beside(bdf: Path, suffix: str) -> Path:
    return bdf.with_name(bdf.name.replace("_emg.bdf", suffix))


def test_validator_finds_no_error(dataset):
    validator = shutil.which("bids-validator-deno", path=Path(sys.executable).parent)
    if validator is None:
        pytest.skip("the BIDS validator is not here")
    run = subprocess.run(
        [validator, str(dataset), "--format", "json"],
        capture_output=True,
        text=True,
        env={**os.environ, "DENO_NO_UPDATE_CHECK": "1"},
        timeout=50,
        check=False,
    )
    if not run.stdout.strip():
        pytest.skip(f"the BIDS validator does not run here: {run.stderr[-200:]}")
    issues = json.loads(run.stdout)["issues"]["issues"]
    assert [issue for issue in issues if issue["severity"] == "error"] == []


def test_mne_bids_reads_it_with_types_time_and_events(dataset):
    mne_bids = pytest.importorskip("mne_bids")
    path = mne_bids.BIDSPath(
        root=dataset, subject="P017", session="20261120T143005", task="proneAnkleSqueeze", run="01", datatype="emg"
    )
    raw = mne_bids.read_raw_bids(path, verbose="ERROR").load_data(verbose="ERROR")
    assert raw.get_channel_types() == ["emg", "emg"]
    assert raw.ch_names == ["right", "left"]
    n = 60 * BLOCK
    # MNE works the step out of eight characters of header: right to 1e-7 of full scale.
    truth = known_samples(0, n).astype(np.float64)
    np.testing.assert_allclose(raw.get_data(stop=n).T, truth, atol=2**23 * LSB * 1e-7)
    (scan,) = table(next(dataset.glob("sub-P017/ses-20261120T143005/*_scans.tsv")))
    assert raw.info["meas_date"].isoformat(timespec="microseconds").replace("+00:00", "Z") == scan["acq_time"]
    assert sum(text.startswith("BAD_gap") for text in raw.annotations.description) == 2


def test_three_libraries_read_the_same_samples_and_annotations(dataset):
    bdf = first_run(dataset)
    with pyedflib.EdfReader(str(bdf)) as reader:
        by_pyedflib = [reader.readSignal(k, digital=True) for k in range(2)]
        texts = [str(text) for text in reader.readAnnotations()[2]]
    by_edfio = edfio.read_bdf(bdf)
    assert by_edfio.is_continuous
    truth = np.rint(known_samples(0, 60 * BLOCK) / LSB).astype(np.int32)
    for column in range(2):
        np.testing.assert_array_equal(by_pyedflib[column][: 60 * BLOCK], truth[:, column])
        np.testing.assert_array_equal(by_edfio.signals[column].digital, by_pyedflib[column])
    assert sorted(annotation.text for annotation in by_edfio.annotations) == sorted(texts)
    assert sorted(texts) == sorted(
        ["Größe 3 µV und mehr", "quality left ok", "cue late left", "pain 2", "BAD_gap", "BAD_gap"]
    )


def test_headers_name_nobody_and_no_day(dataset):
    header = first_run(dataset).read_bytes()[:256]
    assert header[8:168].split() == [b"X", b"X", b"X", b"X", b"Startdate", b"X", b"X", b"X", b"X"]
    assert header[168:184] == b"01.01.8500.00.00"
    assert b"P-017" not in first_run(dataset).read_bytes()


def test_persons_are_codes_and_every_session_is_listed(dataset):
    assert {row["participant_id"]: row["code"] for row in table(dataset / "participants.tsv")} == {
        "sub-P017": "P-017",
        "sub-Q": "Q",
        "sub-unknown": "n/a",
    }
    sessions = table(dataset / "sub-P017/sub-P017_sessions.tsv")
    assert [row["session_id"] for row in sessions] == ["ses-20261120T143005", "ses-20261121T080000"]


def test_channels_bear_their_site_whatever_their_order_and_their_calibration(dataset):
    right, left = table(beside(first_run(dataset), "_channels.tsv"))
    assert (right["name"], left["name"], left["target_muscle"], left["side"]) == (
        "right",
        "left",
        "gluteus maximus",
        "left",
    )
    assert (left["units"], left["rest_rms"], left["reference_rms"], left["step"]) == ("µV", "2", "50", "0.5")
    described = json.loads(beside(first_run(dataset), "_channels.json").read_text())
    assert set(described) == {"side", "rest_rms", "reference_rms", "step"}


def test_events_are_sorted_and_every_column_is_described(dataset):
    rows = table(beside(first_run(dataset), "_events.tsv"))
    onsets = [float(row["onset"]) for row in rows]
    assert onsets == sorted(onsets)
    assert set(rows[0]) == set(json.loads(beside(first_run(dataset), "_events.json").read_text()))
    cue = next(row for row in rows if row["trial_type"] == "cue")
    assert (cue["side"], cue["value"]) == ("left", "late")
    assert float(cue["onset"]) == pytest.approx(1.0, abs=0.005)
    note = next(row for row in rows if row["trial_type"] == "note")
    assert note["text"] == "Größe 3 µV und mehr"


def test_the_kit_is_told_and_what_is_not_known_is_said_so(dataset):
    sidecar = json.loads(beside(first_run(dataset), "_emg.json").read_text())
    assert (sidecar["ElectrodeType"], sidecar["InterelectrodeDistance"]) == ("pre-gelled", 20.0)
    assert (sidecar["PowerLineFrequency"], sidecar["SkinPreparation"]) == (50.0, "n/a")


def test_simulated_sessions_have_a_data_set_of_their_own(tmp_path):
    finished = finalise(session_of(tmp_path / "2026-11-20_143005_simulated", block(0), started=SESSION))
    assert (finished.dataset, finished.folder) == ("bids-simulated", "sub-simulated/ses-20261120T143005")
    assert not (tmp_path / "bids").exists()
    assert not list((tmp_path / "bids-simulated").glob("participants*")), "nobody took part"


def test_a_second_session_in_the_same_second_has_its_own_label(tmp_path):
    names = ["2026-11-20_143005_P-017", "2026-11-20_143005_P-017-2", "2026-11-20_143005", "2026-11-20_143005-2"]
    persons = ["P-017", "P-017", None, None]
    made = [
        finalise(session_of(tmp_path / name, block(0), started=msgspec.structs.replace(LIVING, person=person)))
        for name, person in zip(names, persons, strict=True)
    ]
    assert [each.folder.split("ses-")[1] for each in made] == ["20261120T143005", "20261120T143005n2"] * 2


def test_counts_have_no_unit_and_samples_without_a_step_get_the_finest(tmp_path):
    stream = replace(UNPACED, unit="counts", lsb=None)
    finalise(session_of(tmp_path / "s", *map(block, range(50)), streams=[stream]))
    with pyedflib.EdfReader(str(bdf_of(tmp_path))) as reader:
        assert reader.getPhysicalDimension(0) == ""
        found = np.stack([reader.readSignal(k) for k in range(2)], axis=1)
    truth = known_samples(0, 50 * BLOCK)
    np.testing.assert_allclose(found, truth, atol=float(np.abs(truth).max()) * 2e-7)


def two_units(folder: Path, ppm: tuple[float, float], seconds: float) -> Finished:
    """A 30 Hz tone on both, by two clocks that run away from each other."""
    infos = [replace(UNPACED, stream_id=side, ch_names=(side,), lsb=None) for side in ("left", "right")]
    blocks = []
    for number in range(round(seconds * 50)):
        for info, drift in zip(infos, ppm, strict=True):
            at = np.arange(number * 20, number * 20 + 20) / 1000.0 * (1 + drift * 1e-6)
            samples = (1e-4 * np.sin(2 * np.pi * 30.0 * at)).astype(np.float32)[:, None]
            arrival_ns = round((number + 1) * 20e6 * (1 + drift * 1e-6))
            blocks.append(replace(block(number, stream_id=info.stream_id), samples=samples, arrival_ns=arrival_ns))
    return finalise(session_of(folder, *blocks, streams=infos, events=[]))


def test_two_clocks_that_drift_apart_share_one_grid(tmp_path):
    two_units(tmp_path / "s", (150.0, -150.0), 60.0)
    with pyedflib.EdfReader(str(bdf_of(tmp_path))) as reader:
        left, right = (reader.readSignal(k) for k in range(2))
    # Unfitted, the sides would be 18 ms apart at the end, half a period of the tone; 0.2 is one millisecond.
    span = slice(50_000, 59_000)
    assert np.abs(left[span] - right[span]).max() < 0.2 * 100.0
    sidecar = json.loads(bdf_of(tmp_path).with_suffix(".json").read_text())
    assert "resampling" in sidecar["SoftwareFilters"]


def test_names_of_any_kind_become_labels_of_sixteen_characters(tmp_path):
    names = ("Kanal Gesäß links außen", "名前", "left", "x,y\tz")
    stream = replace(STREAM, ch_names=names, lsb=None, paced=False)
    odd = replace(block(0), samples=np.ones((20, 4), np.float32))
    started = msgspec.structs.replace(LIVING, channels=[])
    finalise(session_of(tmp_path / "s", odd, streams=[stream], started=started))
    with pyedflib.EdfReader(str(bdf_of(tmp_path))) as reader:
        labels = reader.getSignalLabels()
    assert labels == [row["name"] for row in table(beside(bdf_of(tmp_path), "_channels.tsv"))]
    assert labels[2] == "left"
    assert len(set(labels)) == 4


@pytest.mark.parametrize("other", ["P017", "p-017"])
def test_two_persons_never_share_a_folder_of_the_data_set(dataset, other):
    started = msgspec.structs.replace(PERSON, person=other)
    folder = session_of(dataset.parent / f"2026-11-23_080000_{other}", block(0), started=started)
    before = {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()}
    with pytest.raises(RecordingError, match="'P-017' are the same in a BIDS data set"):
        finalise(folder)
    assert {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()} == before
