"""The folder of all recordings and its history stay in step, and a person can be deleted from both."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app import archive
from app.history.errors import HistoryDamagedError, UnknownPersonError
from app.history.store import NAME
from app.main import main
from app.recording.disk import open_locked
from app.recording.errors import RecordingError
from app.recording.finalise import finalise
from app.recording.notes import add_rating
from drivers.replay.formats.journal import JOURNAL_NAME
from tests.rigs.lived import FIRST_DAY, on_disk, squeezes

DAY = timedelta(days=1)


def rows(root: Path, code: str = "P-017"):
    with archive.open_history(root) as history:
        tables = history.rows_of(code)
    for person in tables["person"]:
        del person["id"], person["created_utc"]
    for session in tables["session"]:
        del session["person_id"]
    return tables


def bytes_and_names(root: Path) -> bytes:
    files = [path for path in root.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files) + "\n".join(map(str, root.rglob("*"))).encode()


def test_a_recorded_session_enters_the_history_beside_it(tmp_path):
    folder = on_disk(tmp_path)
    assert archive.enter(folder)
    with archive.open_history(tmp_path) as history:
        (line,) = history.sessions("P-017")
        assert (line.folder, line.state, line.reps) == (folder.name, "open", 10)


def test_the_next_session_finds_out_that_this_one_was_finished(tmp_path):
    folder = on_disk(tmp_path)
    archive.enter(folder)
    finalise(folder)
    archive.enter(on_disk(tmp_path, FIRST_DAY + DAY))
    with archive.open_history(tmp_path) as history:
        assert [line.state for line in history.sessions("P-017")] == ["final", "open"]


def test_a_session_that_a_crash_broke_off_enters_with_the_next_one(tmp_path):
    crashed = on_disk(tmp_path)
    journal = crashed / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:-10])
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / JOURNAL_NAME).write_bytes(b"x" * 1000)
    on_disk(tmp_path, FIRST_DAY + DAY, simulated=True)
    archive.enter(on_disk(tmp_path, FIRST_DAY + 2 * DAY))
    with archive.open_history(tmp_path) as history:
        assert len(history.sessions("P-017")) == 2
        assert history.sessions("P-017")[0].folder == crashed.name


def test_catching_up_leaves_alone_what_is_being_recorded(tmp_path):
    folder = on_disk(tmp_path)
    lock = open_locked(folder / JOURNAL_NAME)
    assert lock is not None
    archive.catch_up(tmp_path)
    assert not (tmp_path / NAME).exists()
    os.close(lock)
    archive.catch_up(tmp_path)
    with archive.open_history(tmp_path) as history:
        assert len(history.sessions("P-017")) == 1


def test_catching_up_where_nobody_trained_makes_no_history(tmp_path):
    on_disk(tmp_path, simulated=True)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / JOURNAL_NAME).write_bytes(b"x" * 1000)
    archive.catch_up(tmp_path)
    archive.catch_up(tmp_path / "nowhere")
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("of_nobody", [{"simulated": True}, {"person": None}])
def test_a_session_of_nobody_makes_no_history(tmp_path, of_nobody):
    assert not archive.enter(on_disk(tmp_path, **of_nobody))
    assert not (tmp_path / NAME).exists()


def test_a_simulated_session_with_a_code_never_enters(tmp_path):
    uri = "sim:healthy?speed=max&reps=3"
    assert main(["live", "--source", uri, "--record", str(tmp_path), "--person", "P-017", "--json"]) == 0
    (journal,) = tmp_path.glob(f"*/{JOURNAL_NAME}")
    assert not archive.enter(journal.parent)
    assert archive.rebuild(tmp_path).people == 0


def test_a_replay_of_a_person_never_enters(tmp_path):
    folder = on_disk(tmp_path / "old")
    root = tmp_path / "new"
    assert main(["live", "--source", f"file:{folder}?speed=max", "--record", str(root), "--json"]) == 0
    assert archive.rebuild(root).sessions == 0


def test_a_folder_without_a_recording_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(RecordingError) as refused:
        archive.enter(tmp_path)
    assert refused.value.sentence


def test_a_history_made_anew_is_the_one_that_grew(tmp_path):
    for number in range(3):
        archive.enter(on_disk(tmp_path, FIRST_DAY + number * DAY, squeezes(asleep=number)))
    grown = rows(tmp_path)
    (tmp_path / NAME).unlink()
    named: list[str] = []
    rebuilt = archive.rebuild(tmp_path, named.append)
    assert (rebuilt.sessions, rebuilt.people, rebuilt.missing, rebuilt.aside, rebuilt.problems) == (3, 1, 0, None, ())
    assert rows(tmp_path) == grown
    assert len(named) == 3


def test_making_it_anew_keeps_names_and_marks_what_is_missing(tmp_path):
    first, second = on_disk(tmp_path), on_disk(tmp_path, FIRST_DAY + DAY)
    archive.enter(first)
    archive.enter(second)
    with archive.open_history(tmp_path) as history:
        history.rename("P-017", "Ada L.")
    shutil.rmtree(first)
    assert archive.rebuild(tmp_path).missing == 1
    with archive.open_history(tmp_path) as history:
        assert history.people()[0].display_name == "Ada L."
        assert [line.state for line in history.sessions("P-017")] == ["missing", "open"]


def test_a_damaged_history_is_set_aside_and_what_can_be_read_of_people_is_taken_over(tmp_path):
    archive.enter(on_disk(tmp_path))
    with archive.open_history(tmp_path) as history:
        history.rename("P-017", "Ada L.")
        history.set_affected_side("P-017", "right")
        history.keep_plan("P-017", {"steps": []})
        history.add_person("P-2", display_name="has no session yet")
    path = tmp_path / NAME
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096  # the last page: of some table of measurements
    path.write_bytes(content)
    with pytest.raises(HistoryDamagedError):
        archive.open_history(tmp_path)
    rebuilt = archive.rebuild(tmp_path)
    assert rebuilt.aside is not None
    assert rebuilt.aside.read_bytes() == content
    assert rebuilt.sessions == 1
    with archive.open_history(tmp_path) as history:
        found = {person.code: (person.display_name, person.affected_side) for person in history.people()}
        assert found == {"P-017": ("Ada L.", "right"), "P-2": ("has no session yet", None)}
        assert history.plan("P-017") == {"steps": []}


def test_nothing_that_can_be_read_of_a_damaged_history_is_no_error(tmp_path):
    on_disk(tmp_path)
    (tmp_path / NAME).write_bytes(b"garbage" * 1000)
    assert archive.rebuild(tmp_path).people == 1


def test_a_folder_that_cannot_be_read_is_named_and_the_others_enter(tmp_path):
    on_disk(tmp_path)
    broken = on_disk(tmp_path, FIRST_DAY + DAY)
    (broken / JOURNAL_NAME).write_bytes(b"x" * 1000)
    on_disk(tmp_path, FIRST_DAY + 2 * DAY, person="Ada Lovelace")
    rebuilt = archive.rebuild(tmp_path)
    assert rebuilt.sessions == 1
    assert len(rebuilt.problems) == 2
    assert str(broken) in rebuilt.problems[0]
    assert "Ada Lovelace" in rebuilt.problems[1]


def test_a_deleted_person_is_in_no_byte_and_no_name_of_the_folder(tmp_path):
    code, name = "P-4711", "Grace Hopper"
    for number in range(2):
        folder = on_disk(tmp_path, FIRST_DAY + number * DAY, person=code)
        finalise(folder)
        archive.enter(folder)
    simulated = on_disk(tmp_path, FIRST_DAY + 3 * DAY, person=code, simulated=True)
    finalise(simulated)
    never_entered = on_disk(tmp_path, FIRST_DAY + 4 * DAY, person=code)
    derived = tmp_path / "bids" / "derivatives" / "glutewake"
    (derived / "sub-P4711").mkdir(parents=True)
    (derived / "sub-P4711" / "report.html").write_text("LEFT not yet")
    (derived / "cohort.tsv").write_text(f"person\treps\n{code}\t20\n")
    other = on_disk(tmp_path, FIRST_DAY, person="P-47")
    finalise(other)
    archive.enter(other)
    (derived / "sub-P47").mkdir()
    (derived / "sub-P47" / "report.html").write_text("P-47")
    with archive.open_history(tmp_path) as history:
        history.rename(code, name)
        history.keep_plan(code, {"for": name})
    assert archive.delete_person(tmp_path, code) == 4
    left = bytes_and_names(tmp_path)
    for word in (code, code.replace("-", ""), name):
        assert word.encode() not in left
    assert not never_entered.exists()
    with archive.open_history(tmp_path) as history:
        assert [person.code for person in history.people()] == ["P-47"]
    assert finalise(other).ended_well
    assert (derived / "sub-P47" / "report.html").exists()
    assert list((tmp_path / "bids").glob("sub-P47/ses-*/emg/*.bdf"))


def test_what_is_said_after_a_session_reaches_the_history_and_the_plan(tmp_path):
    folder = on_disk(tmp_path)
    archive.enter(folder)
    add_rating(folder, 300.0, "pain", 7, FIRST_DAY)
    archive.renew(folder)
    with archive.open_history(tmp_path) as history:
        (day,) = history.days("P-017")
    assert day.pain_after == 7.0


def test_nobody_is_deleted_by_halves_while_a_session_of_theirs_runs(tmp_path):
    first, second = on_disk(tmp_path), on_disk(tmp_path, FIRST_DAY + DAY)
    archive.enter(first)
    lock = open_locked(second / JOURNAL_NAME)
    assert lock is not None
    try:
        with pytest.raises(RecordingError, match="now"):
            archive.delete_person(tmp_path, "P-017")
    finally:
        os.close(lock)
    assert first.exists()
    assert archive.delete_person(tmp_path, "P-017") == 2


def test_a_deletion_that_was_interrupted_can_be_done_again(tmp_path, monkeypatch):
    folder = on_disk(tmp_path)
    finalise(folder)
    archive.enter(folder)

    def interrupted(path, *more):
        (Path(path) / JOURNAL_NAME).unlink(missing_ok=True)
        raise PermissionError(13, "open elsewhere")

    with monkeypatch.context() as patch:
        patch.setattr("app.recording.erase.shutil.rmtree", interrupted)
        with pytest.raises(RecordingError, match="do it again"):
            archive.delete_person(tmp_path, "P-017")
    archive.delete_person(tmp_path, "P-017")
    assert b"P-017" not in bytes_and_names(tmp_path)


def test_nobody_of_a_wrong_code_is_deleted(tmp_path):
    folder = on_disk(tmp_path)
    archive.enter(folder)
    with pytest.raises(UnknownPersonError):
        archive.delete_person(tmp_path, "P-01")
    assert folder.exists()
