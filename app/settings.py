"""What is remembered from one start to the next: a small TOML file that a person can read and mend.

Whatever the file holds, the application starts: what cannot be understood is left out with one sentence, and before
such a file is written over, a copy of it is put beside it. The file is written whole or not at all.
"""

import contextlib
import json
import logging
import os
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import platformdirs

from app.session.care import CareCheck

VERSION: Final = 1
VARIABLE: Final = "GLUTEWAKE_SETTINGS"
"""Names another settings file, for those who keep several."""
_COPIES: Final = 1000

_log = logging.getLogger(__name__)


class Sensor(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sensor that was used, and where it lay.

    Attributes
    ----------
    uri : str
        What opens it, without ``map=``; its scheme is the driver that the user chose.
    sites : dict of str to int
        Site of the body to channel, counted from 1.
    key : str
        What stays when its port or name changes: Bluetooth address or USB serial number; empty where there is none.
    name : str
        What the user calls it; empty for the name that it brings itself.
    delay_ms : int
        How much later than the other unit's its samples come, as knocking both together has shown.
    """

    uri: str
    sites: dict[str, int]
    key: str = ""
    name: str = ""
    delay_ms: int = 0

    @property
    def source(self) -> str:
        """The URI that opens it with its channels on their sites."""
        channel_map = ",".join(f"{site}:{channel}" for site, channel in self.sites.items())
        delay = f"&delay={self.delay_ms}" if self.delay_ms else ""
        return f"{self.uri}{'&' if '?' in self.uri else '?'}map={channel_map}{delay}"


def default_path() -> Path:
    """Where the settings are, unless an option or the environment says otherwise."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("glutewake", appauthor=False) / "settings.toml"


class Settings:
    """The settings in force.

    Parameters
    ----------
    path : Path or None
        The file; None keeps them for this run alone.

    Attributes
    ----------
    sensors : tuple of Sensor
    care : tuple of CareCheck
        What each person answered before the first session.
    trouble : str
        One sentence about what of the file could not be understood or written; empty if all is well.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._to_copy = False
        self.trouble = ""
        self.sensors: tuple[Sensor, ...] = ()
        self.care: tuple[CareCheck, ...] = ()
        if path is not None:
            self._read(path)
        self._saved: tuple[object, ...] = (self.sensors, self.care)

    def remember(self, sensors: Sequence[Sensor]) -> None:
        """Keep these sensors, and no others; `save` puts them on the disk."""
        self.sensors = tuple(sensors)

    def care_of(self, person: str) -> CareCheck:
        """What a person answered so far; nothing for somebody who was never asked."""
        return next((check for check in self.care if check.person == person), CareCheck(person=person))

    def keep_care(self, check: CareCheck) -> None:
        """Keep what a person answered; `save` puts it on the disk."""
        self.care = (*(kept for kept in self.care if kept.person != check.person), check)

    def save(self) -> None:
        """Write the file; to be called from a thread that may wait for a disk."""
        kept = (self.sensors, self.care)
        if self._path is None or kept == self._saved:
            return
        try:
            self._write(self._path)
            self._saved = kept
        except OSError as error:
            _log.warning("settings not written", exc_info=True)
            self.trouble = f"The settings cannot be kept in {self._path}: {error.strerror or error}."

    def _read(self, path: Path) -> None:
        try:
            table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:  # ValueError: neither TOML nor text
            self._leave_out(f"The settings in {path} cannot be read ({_reason(error)}); this start goes without them.")
            return
        self.sensors = tuple(sensor for entry in _entries(table, "sensors") if (sensor := _sensor(entry)))
        self.care = tuple(check for entry in _entries(table, "care") if (check := _care_check(entry)))
        if not _covers(self._table(), {**table, "v": VERSION}):
            self._leave_out(f"Not everything in {path} is understood here; what is not is left as it is, in a copy.")
        elif table.get("v", VERSION) != VERSION:
            self._leave_out(f"The settings in {path} are of another version of GluteWake; a copy of them is kept.")

    def _leave_out(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        self.trouble, self._to_copy = sentence, True

    def _table(self) -> dict[str, object]:
        return {
            "v": VERSION,
            "sensors": msgspec.to_builtins(list(self.sensors)),
            "care": msgspec.to_builtins(list(self.care)),
        }

    def _write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._to_copy:
            _copy(path)
            self._to_copy = False
        text = f"v = {VERSION}\n"
        for name, entries in (("sensors", self.sensors), ("care", self.care)):
            text += "".join(_entry(name, entry) for entry in entries)
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(written, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(written)
            raise


def _entries(table: Mapping[str, object], name: str) -> list[object]:
    entries = table.get(name, [])
    return entries if isinstance(entries, list) else []


def _care_check(entry: object) -> CareCheck | None:
    try:
        return msgspec.convert(entry, CareCheck)
    except msgspec.ValidationError:
        return None


def _sensor(entry: object) -> Sensor | None:
    try:
        sensor = msgspec.convert(entry, Sensor)
    except msgspec.ValidationError:
        return None
    return sensor if sensor.uri and sensor.sites and min(sensor.sites.values()) >= 1 else None


def _covers(understood: object, found: object) -> bool:
    """Whether everything that was found is among what was understood."""
    if isinstance(found, dict):
        return isinstance(understood, dict) and all(
            (key in understood and _covers(understood[key], value)) or value == "" for key, value in found.items()
        )
    if isinstance(found, list):
        if not isinstance(understood, list) or len(understood) != len(found):
            return False
        return all(_covers(mine, theirs) for mine, theirs in zip(understood, found, strict=True))
    return understood == found


def _copy(path: Path) -> None:
    """Put a copy of the file beside it, under a name that is free."""
    content = path.read_bytes()
    for number in range(1, _COPIES):
        with contextlib.suppress(FileExistsError):
            with path.with_name(f"{path.name}.kept-{number}").open("xb") as file:
                file.write(content)
            return
    raise OSError(f"there are {_COPIES} copies of it already")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is damaged"


def _entry(name: str, entry: msgspec.Struct) -> str:
    lines = (f"{key} = {_toml(value)}\n" for key, value in msgspec.to_builtins(entry).items())
    return f"\n[[{name}]]\n" + "".join(lines)


def _toml(value: object) -> str:
    """Text of a string, a number, or a table of numbers; a JSON string is a TOML string but for one control code."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
