"""A scheme finds its driver; a broken plugin is listed with its error and stops nobody."""

import sys
import types
from importlib.metadata import EntryPoint

import pytest

from drivers import registry
from drivers.errors import DriverError, SourceUriError
from drivers.simulator.driver import SimulatorDriver


@pytest.fixture
def plugins(monkeypatch):
    """Third-party drivers that seem to be installed; fill the list."""
    points: list[EntryPoint] = []
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    registry.schemes.cache_clear()
    yield points
    registry.schemes.cache_clear()


def point(scheme: str, value: str) -> EntryPoint:
    return EntryPoint(scheme, value, registry.ENTRY_POINT_GROUP)


def test_the_simulator_answers_to_sim():
    assert isinstance(registry.create("sim:healthy"), SimulatorDriver)


def test_an_unknown_scheme_is_refused_with_those_that_there_are():
    with pytest.raises(SourceUriError, match=r"there are .*sim:"):
        registry.create("smi:healthy")


def test_a_plugin_answers_to_its_scheme(plugins):
    plugins.append(point("mine", "drivers.simulator.driver:SimulatorDriver"))

    assert registry.entry("mine").driver is SimulatorDriver
    assert "mine" in registry.schemes()


def test_a_plugin_cannot_replace_a_built_in(plugins, monkeypatch):
    monkeypatch.setitem(sys.modules, "foreign", types.ModuleType("foreign"))
    plugins.append(point("sim", "foreign:Driver"))

    assert registry.entry("sim").driver is SimulatorDriver
    assert registry.schemes().count("sim") == 1


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("no_such_module:Driver", "ModuleNotFoundError"),
        ("drivers.simulator.driver:NoSuchDriver", "AttributeError"),
        ("drivers.uri:SourceUri", "is not a Driver"),
    ],
)
def test_a_broken_plugin_is_listed_with_its_error(plugins, value, error):
    plugins.append(point("broken", value))

    entry = registry.entry("broken")

    assert entry.driver is None
    assert error in entry.error


def test_opening_a_broken_plugin_is_one_sentence_with_the_detail_aside(plugins):
    plugins.append(point("broken", "no_such_module:Driver"))

    with pytest.raises(DriverError, match="does not load") as refused:
        registry.create("broken:x")
    assert "no_such_module" in refused.value.detail


def test_a_broken_plugin_does_not_stop_the_others(plugins):
    plugins.append(point("broken", "no_such_module:Driver"))

    assert isinstance(registry.create("sim:healthy"), SimulatorDriver)


def test_nobody_answers_to_a_scheme_that_nobody_declared(plugins):
    assert registry.entry("nobody").driver is None
