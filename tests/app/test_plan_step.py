"""A session says to which step of whose plan it belongs, and so does its replay."""

from datetime import date
from pathlib import Path

import pytest

from app.pipeline.build import SessionPlan, build_engine, describe
from app.pipeline.sources import Sources, open_unpaced
from app.plan_desk import PlanDesk
from tests.rigs.lived import on_disk
from tests.session.people import shipped


@pytest.fixture
def desk(tmp_path: Path) -> PlanDesk:
    return PlanDesk(lambda: "P-014", lambda: tmp_path, lambda is_new: None, lambda: date(2026, 11, 20))


def described(uri: str, plan: SessionPlan) -> str | None:
    with open_unpaced(Sources.create([uri])) as (sources, _):
        engine, calibration = build_engine(sources, plan)
        return describe(sources, plan, engine, calibration).plan_step


def test_an_exercise_of_the_step_belongs_to_it_and_any_other_to_none(desk):
    assert desk.step_of(shipped("check")) is None
    desk.open_shipped()
    assert desk.step_of(shipped("check")) == desk.step_of(shipped("prone-ankle-squeeze")) == "first-weeks/squeeze"
    assert desk.step_of(shipped("squat")) is None
    assert desk.step_of(None) is None


def test_the_first_line_of_a_session_says_it():
    assert (
        described("sim:healthy?speed=max", SessionPlan(None, plan_step="first-weeks/squeeze")) == "first-weeks/squeeze"
    )
    assert described("sim:healthy?speed=max", SessionPlan(None)) is None


def test_a_replay_belongs_to_what_its_recording_says_and_an_old_one_to_none(tmp_path):
    folder = on_disk(tmp_path, plan_step="first-weeks/bridge")
    assert described(f"file:{folder}?speed=max", SessionPlan(None)) == "first-weeks/bridge"
    older = on_disk(tmp_path / "older")
    assert described(f"file:{older}?speed=max", SessionPlan(None)) is None
