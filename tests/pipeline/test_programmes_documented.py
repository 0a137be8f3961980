"""The examples in the documentation are what they say."""

import re
from pathlib import Path
from typing import get_args

from app.pipeline.programmes import programme_ids
from app.session.events import ActKind, SayKind
from app.session.plan import parse_plan
from app.session.programme import parse_programme

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "programmes.md").read_text(encoding="utf-8")
PROGRAMME, PLAN = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_the_programme_in_the_documentation_is_one():
    programme = parse_programme(PROGRAMME, "docs")
    assert (programme.id, programme.phases[0].test_reps) == ("my-bridge", 1)


def test_the_plan_in_the_documentation_is_one():
    assert [step.id for step in parse_plan(PLAN, "docs", programme_ids()).steps] == ["squeeze", "bridge", "keep"]


def test_every_act_and_everything_that_is_said_is_documented():
    for one in (*get_args(ActKind), *get_args(SayKind)):
        assert f"`{one}`" in TEXT
