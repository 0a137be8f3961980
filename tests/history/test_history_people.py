"""People are codes; a name stands in the database alone, and goes when its person goes."""

import json
import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.history.errors import CodeRefusedError, UnknownPersonError
from app.history.models import Base
from app.history.store import NAME, open_history
from tests.rigs.lived import FIRST_DAY, everything, lived


def codes(history):
    return sorted(person.code for person in history.people())


def test_a_person_is_kept_over_a_restart(tmp_path):
    with open_history(tmp_path / NAME) as history:
        history.add_person("P-017", display_name="Ada L.", birth_year=1985, affected_side="left", consent=True)
    with open_history(tmp_path / NAME) as history:
        (person,) = history.people()
    assert (person.code, person.display_name, person.birth_year) == ("P-017", "Ada L.", 1985)
    assert (person.affected_side, person.consent) == ("left", True)
    assert (person.n_sessions, person.last_started) == (0, None)


def test_name_and_side_can_be_changed_and_the_code_stays(history):
    history.add_person("P-017", display_name="Ada L.", affected_side="left")
    history.rename("P-017", "Ada Byron")
    history.set_affected_side("P-017", None)
    (person,) = history.people()
    assert (person.code, person.display_name, person.affected_side) == ("P-017", "Ada Byron", None)


@pytest.mark.parametrize(
    "code", ["", "Ada Lovelace", "P_17", "-P17", "P-17-", "P--17", "Ä", "P/17", "x" * 31, "../x", "P17\n"]
)
def test_what_folders_cannot_be_called_is_no_code(history, code):
    with pytest.raises(CodeRefusedError) as refused:
        history.add_person(code)
    assert "P-017" in refused.value.sentence
    assert not history.people()


@pytest.mark.parametrize("code", ["unknown", "Simulated"])
def test_a_code_that_the_data_set_uses_for_nobody_is_refused(history, code):
    with pytest.raises(CodeRefusedError):
        history.add_person(code)


@pytest.mark.parametrize("other", ["P-017", "p-017", "P017", "P-0-17"])
def test_two_codes_that_folders_cannot_tell_apart_are_refused(history, other):
    history.add_person("P-017")
    with pytest.raises(CodeRefusedError, match="P-017"):
        history.add_person(other)


def test_whoever_trained_last_stands_first(history, tmp_path):
    for number, code in enumerate(("P-2", "P-1", "P-3")):
        history.add_session(lived(tmp_path, FIRST_DAY + timedelta(days=number), person=code))
    history.add_person("P-0")
    assert [person.code for person in history.people()] == ["P-3", "P-1", "P-2", "P-0"]
    assert history.people()[0].last_started == FIRST_DAY + timedelta(days=2)
    assert history.people()[0].n_sessions == 1


def test_whoever_is_not_there_is_said_to_be_unknown(history):
    asked = (
        lambda: history.rename("P-1", "x"),
        lambda: history.forget_person("P-1"),
        lambda: history.sessions("P-1"),
        lambda: history.rows_of("P-1"),
        lambda: history.keep_plan("P-1", {}),
        lambda: history.readiness("P-1"),
    )
    for ask in asked:
        with pytest.raises(UnknownPersonError, match="Nobody has the code"):
            ask()


def test_the_plan_is_kept_replaced_and_taken_back(history):
    history.add_person("P-017")
    assert history.plan("P-017") is None
    history.keep_plan("P-017", {"steps": ["squeeze"]})
    history.keep_plan("P-017", {"steps": ["squeeze", "bridge"]})
    assert history.plan("P-017") == {"steps": ["squeeze", "bridge"]}
    history.keep_plan("P-017", None)
    assert history.plan("P-017") is None


def test_a_deleted_person_is_in_no_byte_of_the_folder(tmp_path):
    code, name, note = "P-4711", "Grace Hopper", "a pillow under the belly"
    with open_history(tmp_path / NAME) as history:
        history.add_person(code, display_name=name)
        history.add_person("P-2")
        history.add_session(everything(tmp_path, person=code))
        history.keep_plan(code, {"for": name})
        history.forget_person(code)
        with_open_file = bytes_in(tmp_path)
        assert codes(history) == ["P-2"]
    for content in (with_open_file, bytes_in(tmp_path)):
        for word in (code, name, note):
            assert word.encode() not in content


def bytes_in(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_row_of_a_deleted_person_is_left(history, tmp_path):
    history.add_session(everything(tmp_path))
    history.keep_plan("P-017", {})
    history.forget_person("P-017")
    with sqlite3.connect(tmp_path / NAME) as raw:
        counts = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in Base.metadata.tables}
    raw.close()
    assert set(counts.values()) == {0}


def test_copies_of_the_file_go_with_a_deleted_person(history, tmp_path):
    for name in (f"{NAME}.before-v9", f"{NAME}.damaged-1", f"{NAME}.damaged-1-wal"):
        (tmp_path / name).write_bytes(b"P-017")
    history.add_person("P-017")
    history.forget_person("P-017")
    assert not list(tmp_path.glob(f"{NAME}.[bd]*"))


def test_everything_of_a_person_can_be_handed_over_as_json(history, tmp_path):
    history.add_session(everything(tmp_path))
    history.add_session(lived(tmp_path, FIRST_DAY + timedelta(days=1)))
    history.add_session(lived(tmp_path, FIRST_DAY, person="P-2"))
    tables = history.rows_of("P-017")
    json.dumps(tables)
    assert {name: len(rows) for name, rows in tables.items()} == {
        "attempt": 17, "calibration": 4, "check_run": 1, "cue": 1, "exercise_set": 3, "note": 1, "person": 1, "plan": 0,
        "rating": 2, "rep": 17, "session": 2,
    }  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "enter", "forget"]), st.sampled_from(["A", "B", "C"]), st.integers(0, 3)),
        max_size=12,
    )
)
def test_any_sequence_of_adding_entering_and_deleting_leaves_what_it_should(tmp_path_factory, empty_history, steps):
    folder = tmp_path_factory.mktemp("any")
    expected: dict[str, set[int]] = {}
    with open_history(empty_history(folder)) as history:
        for what, code, day in steps:
            if what == "add" and code not in expected:
                history.add_person(code)
                expected[code] = set()
            elif what == "enter":
                is_new = history.add_session(lived(folder, FIRST_DAY + timedelta(days=day), person=code))
                assert is_new == (day not in expected.get(code, set()))
                expected.setdefault(code, set()).add(day)
            elif what == "forget" and code in expected:
                history.forget_person(code)
                del expected[code]
        assert codes(history) == sorted(expected)
        for code, days in expected.items():
            assert [(line.started - FIRST_DAY).days for line in history.sessions(code)] == sorted(days)
