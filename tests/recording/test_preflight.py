"""What can be put right is said before a session begins."""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from app.recording.finalise import finalise
from app.recording.preflight import preflight
from app.session.calibration import Calibration
from drivers.replay.formats.journal import JOURNAL_NAME
from tests.recording.known_signal import CALIBRATION, STREAM, block
from tests.recording.making import LIVING, session_of

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
FRESH = msgspec.structs.replace(CALIBRATION, age_s=600.0)


def look(
    root: Path | None,
    *,
    person: str | None = "P-017",
    silent: Sequence[str] = (),
    calibration: Calibration | None = FRESH,
    now: datetime = NOW,
) -> tuple[str, ...]:
    return preflight(root, [STREAM], person=person, silent=silent, calibration=calibration, now=now)


def with_free(monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=megabytes << 20))


def test_nothing_is_said_where_all_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with_free(monkeypatch, 100_000)

    assert look(tmp_path) == ()
    assert look(None) == ()


def test_a_folder_that_takes_nothing_is_said_before_anything_is_lost(tmp_path: Path):
    occupied = tmp_path / "occupied"
    occupied.write_text("no folder")

    (sentence,) = look(occupied / "sessions")
    assert "choose another" in sentence


def test_the_time_that_the_disk_has_room_for_is_said_where_it_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with_free(monkeypatch, 210)

    (sentence,) = look(tmp_path)
    assert sentence == "The disk has room for 127 minutes of recording; free some space."


def test_a_clock_behind_the_last_recording_is_said(tmp_path: Path):
    folder = session_of(tmp_path / "s", block(0))
    os.utime(folder / JOURNAL_NAME, (NOW.timestamp(), NOW.timestamp()))

    assert look(tmp_path, now=NOW + timedelta(days=1)) == ()
    assert "clock of this computer" in look(tmp_path, now=NOW - timedelta(days=1))[0]


@pytest.mark.parametrize(
    ("silent", "words"),
    [(["left"], "Left has no signal"), (["right"], "Right has no signal"), (["left", "right"], "Neither side")],
)
def test_a_side_without_a_signal_is_named(tmp_path: Path, silent: list[str], words: str):
    (sentence,) = look(tmp_path, silent=silent)
    assert sentence.startswith(words)


def test_a_missing_and_an_old_reference_are_said(tmp_path: Path):
    assert "no reference" in look(tmp_path, calibration=None)[0]
    old = msgspec.structs.replace(FRESH, age_s=30 * 3600.0)
    assert "30 hours old" in look(tmp_path, calibration=old)[0]


def test_a_code_that_cannot_be_told_from_another_is_said_before_the_session(tmp_path: Path):
    finalise(session_of(tmp_path / "2026-11-20_143005_P-017", block(0), started=LIVING))

    now = datetime.now(UTC)
    assert look(tmp_path, person="P-017", now=now) == ()
    assert "P017 and P-017" in look(tmp_path, person="P017", now=now)[0]
