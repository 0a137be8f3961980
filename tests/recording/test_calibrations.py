"""Calibrations are kept, found again and never mixed between people."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.recording import calibrations
from app.recording.errors import RecordingError
from app.session.calibrating.steps import rest
from app.session.calibrating.unfinished import FinishedStep, Unfinished
from app.session.calibration import Calibration, Electrode, Try, age_in_words

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SITES = ("left", "right")


def record(hours_ago=1.0, **changes):
    made = (NOW - timedelta(hours=hours_ago)).isoformat(timespec="milliseconds")
    whole = Calibration(
        "c",
        "best-clench",
        {"left": 4e-6, "right": 5e-6},
        {"left": 50e-6, "right": 60e-6},
        {"left": [48e-6, 50e-6], "right": [60e-6, 57e-6]},
        made_utc=made,
        kind="quick",
        person="P-1",
        device=("umyo:L", "umyo:R"),
        muscle="gluteus maximus",
        position="prone",
        electrode=Electrode("Ag/AgCl", 10.0, 20.0, "hip bone", "wiped"),
        hum={"left": 1e-7},
        snr_db={"left": 21.9},
        squeezes=(Try("left", "single", "", 40e-6),),
        results={"left": "alone", "right": "with-the-other"},
        hardened={"right": False},
        chain="chain/1",
    )
    return msgspec.structs.replace(whole, **changes)


def newest(root, person="P-1", sites=SITES, *, simulated=False):
    return calibrations.newest(root, person, sites, NOW, simulated=simulated)


def test_what_is_read_back_is_what_was_measured(tmp_path):
    path, kept = calibrations.keep(tmp_path, record())
    read = calibrations.read(path, NOW)
    assert msgspec.structs.replace(read, age_s=None) == kept
    assert read.age_s == pytest.approx(3600.0)


def test_the_newest_of_that_person_is_found(tmp_path):
    for hours in (5.0, 1.0, 30.0):
        calibrations.keep(tmp_path, record(hours))
    calibrations.keep(tmp_path, record(0.1, person="P-2"))
    assert newest(tmp_path).age_s == pytest.approx(3600.0)


def test_one_that_lacks_a_side_is_not_taken(tmp_path):
    calibrations.keep(tmp_path, record(5.0))
    calibrations.keep(tmp_path, record(1.0, reference={"left": 50e-6}))
    assert newest(tmp_path).age_s == pytest.approx(5 * 3600.0)
    assert newest(tmp_path, sites=("left", "hamstring-left")).age_s == pytest.approx(3600.0)


def test_two_codes_that_make_one_folder_name_stay_apart(tmp_path):
    calibrations.keep(tmp_path, record(5.0, person="P/1"))
    with pytest.raises(RecordingError):
        newest(tmp_path, person="P1")


def test_the_simulated_person_is_kept_apart(tmp_path):
    calibrations.keep(tmp_path, record(simulated=True))
    with pytest.raises(RecordingError, match="no calibration of P-1"):
        newest(tmp_path)
    assert newest(tmp_path, simulated=True).simulated


def test_the_first_one_is_the_baseline(tmp_path):
    assert not calibrations.keep(tmp_path, record(9.0, method="session"))[1].baseline
    assert calibrations.keep(tmp_path, record(5.0))[1].baseline
    assert not calibrations.keep(tmp_path, record(1.0))[1].baseline


def test_nothing_is_overwritten(tmp_path):
    first, _ = calibrations.keep(tmp_path, record())
    second, _ = calibrations.keep(tmp_path, record())
    assert first != second
    assert first.exists()


def test_a_broken_file_beside_good_ones_is_left_out(tmp_path):
    path, _ = calibrations.keep(tmp_path, record())
    path.with_name("x.json").write_text("{")
    assert newest(tmp_path).id == "c"


@pytest.mark.parametrize("content", [b"{", b"[]", json.dumps({"id": "a"}).encode(), b"\xff"])
def test_a_file_that_is_no_calibration_gets_one_sentence(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as raised:
        calibrations.read(path, NOW)
    assert raised.value.sentence.startswith(f"The calibration {path} is wrong")


def test_without_any_the_sentence_says_how_to_make_one(tmp_path):
    with pytest.raises(RecordingError, match="glutewake calibrate"):
        newest(tmp_path)


@pytest.mark.parametrize(
    ("age_s", "words"),
    [(None, None), (30.0, "just now"), (90.0, "1 minute old"), (7300.0, "2 hours old"), (2e5, "2 days")],
)
def test_the_age_is_said_in_words(age_s, words):
    said = age_in_words(record(age_s=age_s).info({}))
    assert said == words if words is None or said is None else words in said


# --- what broke off

BROKEN_OFF = Unfinished(
    "quick", ("left", "right"), ("umyo:A",), "P-1", False, "prone", 9,
    (FinishedStep(rest(10.0), (4e-6, None), (3e-6, None), (0.0, 0.0), {"left": "ok"}, {"left": None}),),
)  # fmt: skip


def test_what_broke_off_is_found_again_for_an_hour(tmp_path):
    kept = calibrations.keep_unfinished(tmp_path, BROKEN_OFF, NOW)
    found = [
        calibrations.find_unfinished(tmp_path, "P-1", NOW + timedelta(minutes=minutes), simulated=False)
        for minutes in (1, 59, 61)
    ]
    assert found == [kept, kept, None]


def test_what_broke_off_belongs_to_one_person_and_is_no_calibration(tmp_path):
    calibrations.keep_unfinished(tmp_path, BROKEN_OFF, NOW)
    assert calibrations.find_unfinished(tmp_path, "P-2", NOW, simulated=False) is None
    assert calibrations.find_unfinished(tmp_path, "P-1", NOW, simulated=True) is None
    with pytest.raises(RecordingError):
        calibrations.newest(tmp_path, "P-1", ("left", "right"), NOW, simulated=False)


def test_what_cannot_be_read_is_begun_anew(tmp_path):
    calibrations.keep_unfinished(tmp_path, BROKEN_OFF, NOW)
    (path,) = tmp_path.rglob(calibrations.UNFINISHED_NAME)
    path.write_text("{not json")
    assert calibrations.find_unfinished(tmp_path, "P-1", NOW, simulated=False) is None


def test_what_was_finished_is_forgotten(tmp_path):
    calibrations.keep_unfinished(tmp_path, BROKEN_OFF, NOW)
    calibrations.forget_unfinished(tmp_path, "P-1", simulated=False)
    calibrations.forget_unfinished(tmp_path, "P-1", simulated=False)
    assert calibrations.find_unfinished(tmp_path, "P-1", NOW, simulated=False) is None
