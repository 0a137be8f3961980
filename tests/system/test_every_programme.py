"""Every programme that ships comes to its end, by the muscle alone, and says so."""

import pytest

from app.pipeline.programmes import programme_ids
from app.session.programme import Programme
from tests.session.people import shipped
from tests.system.command import live

ONE_OF_EACH_KIND = ("bridge", "clamshell", "clench-test", "desk-break")


def holds(programme: Programme) -> bool:
    """Whether it asks for holds, which the simulated person, who squeezes for a second or two, never does."""
    return any(phase.hold_s is not None for phase in programme.phases)


def has_an_end(name: str) -> bool:
    return name != "free" and not holds(shipped(name))


def run(name: str) -> None:
    outcome = live("sim:healthy?seed=3&period=2.5&compensators=0&speed=max", "--programme", name, "--duration", "260")
    assert "finished" in [line["what"] for line in outcome.of("say")]
    assert outcome.summary["reps"] >= 9


@pytest.mark.parametrize("name", ONE_OF_EACH_KIND)
def test_a_healthy_person_comes_to_the_end_of_a_programme(name: str):
    run(name)


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name in programme_ids() if has_an_end(name)])
def test_a_healthy_person_comes_to_the_end_of_every_programme(name: str):
    run(name)
