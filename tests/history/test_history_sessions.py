"""Sessions enter the history once, whole, and only where a living person was on the electrodes."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import msgspec
import pytest

from app.history import models
from app.history.errors import CodeRefusedError, HistoryError, SimulatedSessionError
from app.session.checks import check_of
from app.session.events import Attempt, Cue, Note, Rating, Rep, Summary
from tests.rigs.lived import FIRST_DAY, everything, line, lived, squeezes


def of(record, kind):
    return tuple(event for event in record.events if isinstance(event, kind))


def test_a_session_comes_back_as_it_went_in(history, tmp_path):
    record = everything(tmp_path)
    assert history.add_session(record)
    (found,) = history.sessions("P-017")
    detail = history.session_detail(found.id)
    assert detail.person == "P-017"
    assert detail.reps == of(record, Rep)
    assert detail.attempts == of(record, Attempt)
    assert detail.cues == of(record, Cue)
    assert detail.ratings == of(record, Rating)
    assert detail.notes == of(record, Note)
    assert detail.quality == {"left": {"hum": 1}}
    assert [(one.site, one.method, one.reference) for one in detail.calibrations] == [
        ("left", "best-clench", 50.0),
        ("right", "best-clench", 60.0),
    ]
    assert (found.attempts, found.reps, found.clean_reps) == (7, 7, 5)
    assert (found.woke, found.wake_up_squeezes) == (True, 3)
    assert (found.duration_s, found.missing_s, found.sha256) == (40.0, 0.5, record.sha256)
    assert (found.series.exercise, found.series.device) == ("prone-ankle-squeeze", "umyo")


@pytest.mark.parametrize("kind", [Attempt, Cue, Note, Rating, Rep], ids=lambda kind: kind.__name__)
def test_every_field_of_a_line_that_is_kept_has_a_column(kind):
    elsewhere = {"index": "line_index"} | dict.fromkeys(("phase", "set", "scheme"), "ordinal")  # with its set
    columns = getattr(models, kind.__name__).__table__.columns
    assert {elsewhere.get(name, name) for name in kind.__struct_fields__} <= set(columns.keys())


def test_a_check_comes_back_as_the_session_worked_it_out(history, tmp_path):
    record = lived(tmp_path, events=squeezes(10, asleep=2, lag_ms=40.0, ratio=0.8))
    history.add_session(record)
    (found,) = history.sessions("P-017")
    assert history.session_detail(found.id).check == check_of(record.started, record.events)


def test_the_same_recording_enters_once(history, tmp_path):
    assert history.add_session(lived(tmp_path))
    assert not history.add_session(lived(tmp_path), "final")
    (found,) = history.sessions("P-017")
    assert found.state == "final"


def test_a_recording_that_was_moved_is_the_same_one(history, tmp_path):
    record = lived(tmp_path)
    history.add_session(record)
    assert not history.add_session(record.moved(tmp_path / "old" / record.folder.name))
    (found,) = history.sessions("P-017")
    assert found.folder == "old/2026-03-02_090000_P-017"


def test_a_journal_that_grew_takes_the_place_of_what_was_read_too_early(history, tmp_path):
    whole = lived(tmp_path)
    history.add_session(replace(whole, events=whole.events[:6]))
    assert history.add_session(whole)
    (found,) = history.sessions("P-017")
    assert found.reps == 10


@pytest.mark.parametrize("person", ["P-017", None])
def test_a_simulated_or_replayed_session_never_enters(history, tmp_path, person):
    history.add_person("P-017")
    with pytest.raises(SimulatedSessionError):
        history.add_session(lived(tmp_path, simulated=True, person=person))
    assert not history.sessions("P-017")


def test_a_session_of_nobody_does_not_enter(history, tmp_path):
    with pytest.raises(HistoryError, match="--person"):
        history.add_session(lived(tmp_path, person=None))


def test_a_session_with_a_name_for_a_code_does_not_enter(history, tmp_path):
    with pytest.raises(CodeRefusedError):
        history.add_session(lived(tmp_path, person="Ada Lovelace"))
    assert not history.people()


def test_a_session_without_a_time_has_no_place(history, tmp_path):
    record = lived(tmp_path)
    with pytest.raises(HistoryError, match="when it was recorded"):
        history.add_session(replace(record, started=msgspec.structs.replace(record.started, utc_start=None)))
    assert not history.people()


def test_a_session_elsewhere_on_the_disk_is_refused(history, tmp_path):
    with pytest.raises(HistoryError, match="does not lie in"):
        history.add_session(lived(tmp_path.parent / "elsewhere"))


def test_a_session_that_broke_off_enters_without_a_summary(history, tmp_path):
    whole = lived(tmp_path)
    assert isinstance(whole.events[-1], Summary)
    history.add_session(replace(whole, events=whole.events[:-1]))
    (found,) = history.sessions("P-017")
    assert (found.reps, found.woke, found.wake_up_squeezes) == (10, None, None)


def test_the_day_is_that_of_the_place_where_it_was_recorded(history, tmp_path):
    late_in_tokyo = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    history.add_session(lived(tmp_path, late_in_tokyo))
    (found,) = history.sessions("P-017")
    assert found.started == late_in_tokyo
    assert found.day.isoformat() == "2026-03-02"


@pytest.mark.parametrize("name", ["renamed", "2026-99-99_996060_P-017", "1999-01-01_000000"])
def test_a_folder_whose_name_tells_no_local_time_enters_all_the_same(history, tmp_path, name):
    history.add_session(replace(lived(tmp_path), folder=tmp_path / name))
    (found,) = history.sessions("P-017")
    assert found.started == FIRST_DAY


def test_the_state_of_every_session_can_be_asked_anew(history, tmp_path):
    for number in range(3):
        history.add_session(lived(tmp_path, FIRST_DAY + number * timedelta(days=1)))
    states = dict(zip((line.folder for line in history.sessions("P-017")), ("final", "missing", "open"), strict=True))
    assert history.note_states(lambda folder: states[folder.name]) == 1
    assert {line.folder: line.state for line in history.sessions("P-017")} == states


def test_renewing_makes_the_same_rows_with_the_same_keys(history, tmp_path):
    record = everything(tmp_path)
    history.add_session(record)
    before = history.rows_of("P-017")
    assert not history.renew_session(record, "open")
    assert history.rows_of("P-017") == before


def test_a_session_that_is_not_there_is_said_so(history):
    with pytest.raises(HistoryError, match="not in the history"):
        history.session_detail("x")


def test_lines_of_unusual_length_enter(history, tmp_path):
    record = lived(tmp_path)
    started = msgspec.structs.replace(line(), programme="p" * 5000, label="é" * 5000)
    history.add_session(replace(record, started=started))
    assert history.sessions("P-017")[0].label == "é" * 5000
