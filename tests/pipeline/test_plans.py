"""The plan that ships can be followed to its end, and a file that is no plan is refused in one sentence."""

import pytest

from app.pipeline.plans import read_plan, shipped_plan
from app.pipeline.programmes import LARGEST_BYTES
from app.session.plan import PlanError


def test_the_plan_that_ships_leads_from_the_squeeze_to_keeping_it():
    plan = shipped_plan()

    assert plan.steps[0].programmes == ("prone-ankle-squeeze",)
    assert (plan.steps[-1].until, plan.steps[-1].checks_a_week) == ("open", 2)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00plan", "not text in UTF-8"),
        (b"", "missing required field"),
        (b"#" * (LARGEST_BYTES + 1), "too large for a plan"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_one_sentence(tmp_path, content, told):
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PlanError, match=told) as refusal:
        read_plan(path)
    assert str(refusal.value).endswith(".")
