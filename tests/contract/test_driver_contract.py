"""The interface between drivers and the application is frozen: a change here is a change for every plugin."""

import dataclasses
import inspect
from typing import Any, get_args

import pytest

from drivers import base, types

NO_DEFAULT = dataclasses.MISSING

FIELDS: dict[str, dict[str, Any]] = {
    "StreamInfo": {
        "stream_id": NO_DEFAULT,
        "sfreq": NO_DEFAULT,
        "ch_names": NO_DEFAULT,
        "unit": "V",
        "sfreq_known": True,
        "lsb": None,
        "kind": "raw",
        "has_counter": True,
        "paced": True,
        "full_scale": None,
        "spectrum_valid": True,
    },
    "SampleBlock": {
        "stream_id": NO_DEFAULT,
        "samples": NO_DEFAULT,
        "first_index": NO_DEFAULT,
        "epoch": NO_DEFAULT,
        "arrival_ns": NO_DEFAULT,
        "n_lost": 0,
    },
    "DeviceInfo": {
        "uri": NO_DEFAULT,
        "name": NO_DEFAULT,
        "detail": "",
        "key": "",
        "sure": True,
        "rssi_dbm": None,
        "battery_pct": None,
    },
    "Vitals": {"battery_pct": None, "rssi_dbm": None, "latency_timer_ms": None, "test_signal": False},
    "Carried": {"calibration": None, "session": None, "notes": (), "utc_ns": None, "acts": ()},
}

PARAMETERS = {
    (base.DriverListener, "on_block"): ["self", "block"],
    (base.DriverListener, "on_state"): ["self", "stream_id", "state", "reason"],
    (base.Driver, "__init__"): ["self", "uri"],
    (base.Driver, "scan"): ["cls", "timeout_s"],
    (base.Driver, "open"): ["self", "listener"],
    (base.Driver, "start"): ["self"],
    (base.Driver, "stop"): ["self"],
    (base.Driver, "close"): ["self"],
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_their_order_and_their_defaults_stay(name):
    fields = dataclasses.fields(getattr(types, name))

    assert [(field.name, field.default) for field in fields] == list(FIELDS[name].items())


@pytest.mark.parametrize("name", FIELDS)
def test_what_drivers_produce_is_frozen(name):
    assert getattr(types, name).__dataclass_params__.frozen


@pytest.mark.parametrize(("kind", "method"), PARAMETERS, ids=lambda part: getattr(part, "__name__", part))
def test_methods_keep_their_parameters(kind, method):
    function = inspect.getattr_static(kind, method)

    assert list(inspect.signature(getattr(function, "__func__", function)).parameters) == PARAMETERS[kind, method]


def test_a_driver_has_five_methods_to_write():
    assert base.Driver.__abstractmethods__ == {"scan", "open", "start", "stop", "close"}


def test_a_driver_declares_who_it_is():
    assert set(base.Driver.__annotations__) == {"name", "schemes", "isolation", "simulated"}


def test_links_speak_the_words_of_the_json_contract():
    from app.session.events import Link

    assert {state.value for state in types.LinkState} == set(get_args(Link))
