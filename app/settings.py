"""What is remembered from one start to the next: a small TOML file that a person can read and mend.

Whatever the file holds, the application starts: what cannot be understood is left out with one sentence, and when the
next one is written, such a file stays beside it under another name. The file is written whole or not at all.
"""

import contextlib
import logging
import os
import tempfile
import threading
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import platformdirs
import tomlkit

from app.preferences import Goal, Preferences, understood
from app.session.care import CareCheck
from app.small_file import read_small

VERSION: Final = 2
"""1 knew sensors and care alone; both are read as they were."""
VARIABLE: Final = "GLUTEWAKE_SETTINGS"
"""Names another settings file, for those who keep several."""
_KEPT: Final = 1000

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
    """The settings in force. Every method may be called from any thread; none but `save` waits for a disk.

    Parameters
    ----------
    path : Path or None
        The file; None keeps them for this run alone.

    Attributes
    ----------
    sensors : tuple of Sensor
    care : tuple of CareCheck
        What each person answered before the first session.
    preferences : Preferences
    goals : tuple of Goal
        Of each person who has one.
    trouble : str
        One sentence about what of the file could not be understood or written; empty if all is well.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._to_set_aside = False
        self._changing = threading.RLock()
        self._writing = threading.Lock()
        self.trouble = ""
        self.sensors: tuple[Sensor, ...] = ()
        self.care: tuple[CareCheck, ...] = ()
        self.preferences = Preferences()
        self.goals: tuple[Goal, ...] = ()
        if path is not None:
            self._read(path)
        self._saved = self._kept

    @property
    def path(self) -> Path | None:
        """The file; None where they are kept for this run alone."""
        return self._path

    @property
    def _kept(self) -> tuple[object, ...]:
        return self.sensors, self.care, self.preferences, self.goals

    def remember(self, sensors: Sequence[Sensor]) -> None:
        """Keep these sensors, and no others; `save` puts them on the disk."""
        self.sensors = tuple(sensors)

    def care_of(self, person: str) -> CareCheck:
        """What a person answered so far; nothing for somebody who was never asked."""
        return next((check for check in self.care if check.person == person), CareCheck(person=person))

    def keep_care(self, check: CareCheck) -> None:
        """Keep what a person answered; `save` puts it on the disk."""
        with self._changing:
            self.care = (*(kept for kept in self.care if kept.person != check.person), check)

    def prefer(self, **changes: Any) -> None:
        """Change preferences by name; `save` puts them on the disk.

        Raises
        ------
        msgspec.ValidationError
            If the schema does not know a name, or not that value.
        """
        with self._changing:
            table = {**msgspec.structs.asdict(self.preferences), **changes}
            self.preferences = msgspec.convert(table, Preferences)

    def goal_of(self, person: str) -> Goal:
        """Where the goal of a person starts."""
        return next((goal for goal in self.goals if goal.person == person), Goal(person))

    def keep_goal(self, goal: Goal) -> None:
        """Keep where the goal of a person starts; `save` puts it on the disk."""
        with self._changing:
            others = tuple(kept for kept in self.goals if kept.person != goal.person)
            self.goals = others if goal == Goal(goal.person) else (*others, goal)

    def forget_person(self, person: str) -> None:
        """Keep nothing that belongs to a person; `save` takes it off the disk."""
        with self._changing:
            self.care = tuple(check for check in self.care if check.person != person)
            self.goals = tuple(goal for goal in self.goals if goal.person != person)
            if self.preferences.person == person:
                self.prefer(person="")

    def save(self) -> bool:
        """Write the file, and say whether it is kept; to be called from a thread that may wait for a disk."""
        with self._writing:
            kept = self._kept
            if self._path is None or kept == self._saved:
                return True
            try:
                self._write(self._path)
                self._saved = kept
            except OSError as error:
                _log.warning("settings not written", exc_info=True)
                reason = error.strerror or error
                self.trouble = (
                    f"The settings cannot be kept in {self._path}: {reason}; check the disk, or who may write there."
                )
                return False
            return True

    def _read(self, path: Path) -> None:
        try:
            table = tomllib.loads(read_small(path).decode("utf-8-sig"))
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as error:  # neither TOML nor text, or lists without end
            self._leave_out(f"The settings in {path} cannot be read ({_reason(error)}); this start goes without them.")
            return
        self.sensors = tuple(sensor for entry in _entries(table, "sensors") if (sensor := _sensor(entry)))
        self.care = tuple(check for entry in _entries(table, "care") if (check := _care_check(entry)))
        self.preferences = understood(table.get("preferences"), Preferences)
        self.goals = tuple(understood(entry, Goal) for entry in _entries(table, "goals"))
        if not _covers(self._table(), {**table, "v": VERSION}):
            self._leave_out(f"Not everything in {path} is understood here; what is not is left as it is, in a copy.")
        elif table.get("v", VERSION) != VERSION:
            self._leave_out(f"The settings in {path} are of another version of GluteWake; a copy of them is kept.")

    def _leave_out(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        self.trouble, self._to_set_aside = sentence, True

    def _table(self) -> dict[str, object]:
        return {
            "v": VERSION,
            "sensors": msgspec.to_builtins(list(self.sensors)),
            "care": msgspec.to_builtins(list(self.care)),
            "preferences": msgspec.structs.asdict(self.preferences),
            "goals": [_whole(goal) for goal in self.goals],
        }

    def _file(self) -> dict[str, object]:
        """What stands in the file: standards are left out, so that a better one reaches whoever never chose."""
        lists = {"sensors": self.sensors, "care": self.care, "goals": self.goals}
        return {
            "v": VERSION,
            "preferences": msgspec.to_builtins(self.preferences),
            **{name: [_entry(one) for one in entries] for name, entries in lists.items()},
        }

    def _write(self, path: Path) -> None:
        path = Path(os.path.realpath(path))  # whoever keeps it elsewhere and links to it goes on doing so
        path.parent.mkdir(parents=True, exist_ok=True)
        written_out = {name: value for name, value in self._file().items() if value or name == "v"}
        text = tomlkit.dumps(written_out)
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if self._to_set_aside:
                _set_aside(path)
            os.replace(written, path)
            self._to_set_aside = False
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


def _set_aside(path: Path) -> None:
    """Give what lies there, be it a file or not, a name beside it that is free."""
    for number in range(1, _KEPT):
        kept = path.with_name(f"{path.name}.kept-{number}")
        if not os.path.lexists(kept):
            with contextlib.suppress(FileNotFoundError):
                os.rename(path, kept)
            return
    raise OSError(f"there are {_KEPT} others beside it already")


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is damaged"


def _whole(struct: msgspec.Struct) -> dict[str, object]:
    return {name: value for name, value in msgspec.structs.asdict(struct).items() if value is not None}


def _entry(struct: msgspec.Struct) -> dict[str, object]:
    """One entry of a list; a table in it stands on one line."""
    entry: dict[str, object] = msgspec.to_builtins(struct)
    for name, value in entry.items():
        if isinstance(value, Mapping):
            inline = tomlkit.inline_table()
            inline.update(value)
            entry[name] = inline
    return entry
