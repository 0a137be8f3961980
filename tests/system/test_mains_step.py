"""A wired sensor and the mains, without a window: the simulated person on a wire, and a faked power state."""

from collections.abc import Callable

import pytest

from app.pipeline import mains
from drivers.simulator.driver import SimulatorDriver
from tests.system.command import Outcome, glutewake

SOURCE = "sim:healthy?seed=2&speed=4&reps=1"
Tell = Callable[[mains.Power], None]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Put the simulated person on a wire, and say how the computer is powered."""
    monkeypatch.setattr(SimulatorDriver, "simulated", False)
    monkeypatch.setattr(SimulatorDriver, "isolation", "none")
    return lambda power: monkeypatch.setattr(mains, "power", lambda: power)


def live(*arguments: str) -> Outcome:
    return glutewake("live", "--source", SOURCE, "--json", *arguments)


def notes(outcome: Outcome) -> list[str]:
    return [line["text"] for line in outcome.of("note")]


def test_on_battery_it_begins_with_the_sentence_and_its_reason_is_kept(tell: Tell):
    tell("battery")
    outcome = live()

    assert outcome.code == 0
    assert outcome.err == f"glutewake: {mains.UNPLUG}\n"
    assert outcome.lines[0]["mains"] == "on-battery"
    assert outcome.lines[0]["isolation"] == "none"
    assert mains.NOTES["on-battery"] in notes(outcome)


@pytest.mark.parametrize("power", ["mains", "unknown"])
def test_on_the_mains_or_where_nobody_knows_it_does_not_begin(tell: Tell, power: mains.Power):
    tell(power)
    outcome = live()

    assert (outcome.code, outcome.out) == (1, "")
    assert mains.UNPLUG in outcome.err
    assert "--isolator-confirmed" in outcome.err


def test_an_isolator_is_confirmed_in_words_and_kept(tell: Tell):
    tell("mains")
    outcome = live("--isolator-confirmed")

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[0]["mains"] == "isolator"
    assert mains.NOTES["isolator"] in notes(outcome)


def test_a_charger_that_is_plugged_in_later_is_told_at_once_and_noted(tell: Tell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mains, "LOOK_EVERY_S", 0.02)
    answers = iter(["battery"] * 10)
    tell("battery")
    monkeypatch.setattr(mains, "power", lambda: next(answers, "mains"))
    outcome = live()

    assert mains.PLUGGED_IN in outcome.err
    assert notes(outcome).count(mains.PLUGGED_IN) == 1


def test_a_wireless_sensor_needs_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(SimulatorDriver, "simulated", False)
    outcome = live()

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[0]["mains"] is None
