"""What ``glutewake devices --json`` prints: one object a line, documented by ``assets/schema/devices.schema.json``.

More keys may be added, none is renamed.
"""

import msgspec

from app.pipeline.discovery import FoundDevice


class DriverChoice(msgspec.Struct, frozen=True):
    """One driver that may be the right one: what to write after ``--source``, and what it is for."""

    uri: str
    family: str


class DeviceLine(msgspec.Struct, frozen=True, tag_field="type", tag="device"):
    """One device that could be connected now."""

    uri: str
    """What to write after ``--source``; where it is not sure, by the first of the choices."""
    name: str
    detail: str
    key: str
    """Bluetooth address or USB serial number; empty where there is none."""
    sure: bool
    """False if the same chip sits in other devices too: choose one of the choices."""
    rssi_dbm: int | None
    """Signal strength; null for wires."""
    battery_pct: float | None
    """Charge, where it is told without connecting."""
    simulated: bool
    choices: list[DriverChoice]
    remembered: list[str]
    """Sites on which it lay when it was used last in the window; empty if it is new."""


class ProblemLine(msgspec.Struct, frozen=True, tag_field="type", tag="problem"):
    """Why some devices could not be looked for, and what to do."""

    text: str


class DriverLine(msgspec.Struct, frozen=True, tag_field="type", tag="driver"):
    """A driver that does not load."""

    scheme: str
    origin: str
    error: str


AnyLine = DeviceLine | ProblemLine | DriverLine


def device_line(device: FoundDevice, remembered: tuple[str, ...]) -> DeviceLine:
    """Make the line of one device."""
    return DeviceLine(
        uri=device.uri,
        name=device.name,
        detail=device.detail,
        key=device.key,
        sure=device.sure,
        rssi_dbm=device.rssi_dbm,
        battery_pct=device.battery_pct,
        simulated=device.simulated,
        choices=[DriverChoice(choice.uri, choice.family) for choice in device.choices],
        remembered=list(remembered),
    )


def json_schema() -> dict[str, object]:
    """Make the JSON Schema of one line."""
    schema = msgspec.json.schema(AnyLine)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "glutewake devices --json", **schema}
