"""The plan of a person: opened, followed, gone on with and given back, each of it by that person alone."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from app import archive
from app.history.errors import HistoryError
from app.plan_desk import PlanDesk
from app.session.following import OF_NOBODY
from app.session.plan import PlanError
from app.session.results_file import PlanResults, SessionResult, parse_results, to_text
from tests.session.people import shipped

DAY = date(2026, 11, 20)
STUDY = """
id = "study"
title = "Study"
study_lock = true
[[steps]]
id = "a"
title = "A"
programmes = ["prone-ankle-squeeze"]
target_pct = 40
target_locked = true
[[steps]]
id = "b"
title = "B"
programmes = ["bridge"]
"""


class Rig:
    """A desk in a folder of its own, and what it said."""

    def __init__(self, root: Path) -> None:
        self.root, self.person = root, "P-014"
        self.heard: list[bool] = []
        self.desk = PlanDesk(lambda: self.person, lambda: root, self.heard.append, lambda: DAY)

    def write(self, text: str) -> Path:
        path = self.root / "plan.toml"
        path.write_text(text)
        return path


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_without_a_history_there_is_no_plan_and_none_is_made(rig):
    rig.desk.look()

    assert rig.desk.standing is None
    assert rig.desk.next_after("") is None
    assert list(rig.root.iterdir()) == []


def test_a_plan_is_opened_before_the_first_session_and_says_what_comes(rig):
    rig.desk.open_shipped()

    assert rig.desk.standing is not None
    assert rig.desk.standing.followed.since == DAY
    assert rig.desk.next_after("") == shipped("check")
    assert rig.desk.next_after("check") == shipped("prone-ankle-squeeze")


def test_opening_a_plan_asks_for_care_and_going_to_a_step_does_not(rig):
    rig.desk.open_shipped()
    rig.desk.go_to("bridge")

    assert rig.heard == [True, False]
    assert rig.desk.standing is not None
    assert rig.desk.standing.followed.at == "bridge"


def test_a_plan_outlives_the_application(rig):
    rig.desk.open_shipped()
    rig.desk.go_to("keep")
    again = Rig(rig.root)
    again.desk.look()

    assert again.desk.standing == rig.desk.standing


def test_another_person_has_a_plan_of_their_own_or_none(rig):
    rig.desk.open_shipped()
    rig.person = "P-021"
    rig.desk.look()

    assert rig.desk.standing is None


def test_a_plan_that_is_left_is_gone(rig):
    rig.desk.open_shipped()
    rig.desk.leave()

    assert rig.desk.standing is None
    with archive.open_history(rig.root) as history:
        assert history.plan("P-014") is None


def test_a_step_gives_its_goal_to_what_is_trained(rig):
    rig.desk.open(rig.write(STUDY))
    squeeze = rig.desk.adapted(shipped("prone-ankle-squeeze"))

    assert (squeeze.target_pct, squeeze.target_locked) == (40.0, True)
    assert rig.desk.adapted(shipped("bridge")) == shipped("bridge")
    assert rig.desk.fixes_goal


def test_in_a_study_nobody_is_moved_to_another_step_or_exercise(rig):
    rig.desk.open(rig.write(STUDY))
    rig.desk.go_to("b")

    assert rig.desk.standing is not None
    assert rig.desk.standing.followed.at == "a"
    assert rig.desk.refuses(shipped("bridge"))
    assert not rig.desk.refuses(shipped("prone-ankle-squeeze"))


def test_a_plan_of_nobody_is_refused_with_what_to_do(rig):
    rig.person = ""
    with pytest.raises(PlanError, match="choose or add one in Setup"):
        rig.desk.open_shipped()
    assert OF_NOBODY.endswith(".")


def test_a_plan_for_somebody_else_is_refused(rig):
    with pytest.raises(PlanError, match="for P-021, but P-014 trains now"):
        rig.desk.open(rig.write('person = "P-021"\n' + STUDY))
    assert rig.desk.standing is None


def test_an_exercise_that_is_gone_is_not_begun(rig):
    rig.desk.open_shipped()
    assert rig.desk.standing is not None
    today = msgspec.structs.replace(rig.desk.standing.followed)
    with archive.open_history(rig.root) as history:
        kept = msgspec.to_builtins(today)
        kept["plan"]["check"] = "my-own-check"
        history.keep_plan("P-014", kept)
    rig.desk.look()

    assert rig.desk.next_after("") is None


def test_results_are_given_once_into_a_new_file_and_name_the_plan(rig):
    rig.desk.open_shipped()
    path = rig.root / "results.json"

    assert rig.desk.give(path) == 0
    results = parse_results(path.read_bytes(), "results")
    assert (results.person, results.plan) == ("P-014", "first-weeks")
    with pytest.raises(PlanError, match="nothing is ever overwritten"):
        rig.desk.give(path)
    with pytest.raises(PlanError, match="cannot be written"):
        rig.desk.give(rig.root / "nowhere" / "results.json")


def test_a_history_that_cannot_be_read_leaves_no_plan(rig, monkeypatch):
    rig.desk.open_shipped()

    def broken(root):
        raise HistoryError("The history is locked; try again.")

    monkeypatch.setattr(archive, "open_history", broken)
    rig.desk.look()

    assert rig.desk.standing is None


def test_results_that_come_back_are_kept_once(rig):
    results = rig.root / "results.json"
    results.write_bytes(
        to_text(PlanResults("P-017", "", (SessionResult("ab", "2026-11-20T10:00:00+01:00", "check", 10, 10, 9),)))
    )

    first, second = rig.desk.take_in(results), rig.desk.take_in(results)
    assert [(one.person, one.new, one.in_all) for one in (first, second)] == [("P-017", 1, 1), ("P-017", 0, 1)]
    assert first.file == str(rig.root / "plan-results" / "P-017.json")


def test_what_holds_no_results_is_refused_in_one_sentence(rig):
    with pytest.raises(PlanError, match="cannot be read"):
        rig.desk.take_in(rig.root / "nothing.json")
    with pytest.raises(PlanError, match="cannot be read"):
        rig.desk.take_in(rig.write(STUDY))
    assert not (rig.root / "plan-results").exists()
