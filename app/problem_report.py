"""The problem report: one archive for whoever mends things, without a name, an address or a path of the home.

What the log says was written by every part of the application, so it is not trusted: whatever looks like a person, a
device or a place is taken out of it line by line.
"""

import getpass
import platform
import re
import sys
import zipfile
from collections.abc import Iterable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec

from app.logs import recent
from app.pipeline.build import app_version
from app.recording.bids.names import subject_label
from app.recording.errors import RecordingError, explain
from app.recording.export.files import new_file
from app.session.events import SessionStarted
from app.settings import Settings

README: Final = """A problem report of GluteWake. You may look at every file before you pass it on.

log.txt        the last lines of the log, without codes, names, addresses and folders
versions.json  GluteWake, Python, the system, and the libraries
settings.json  what was chosen in Setup; of sensors the kind alone
session.json   the first line of the newest session, of nobody; without its times
"""
_LIBRARIES: Final = ("PyQt6", "PyQt6-Qt6", "numpy", "scipy", "bleak", "pyserial", "msgspec", "sqlalchemy")
_ADDRESS: Final = re.compile(
    r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b"  # Bluetooth
    r"|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"  # Bluetooth, on macOS
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)
_SOURCE: Final = re.compile(r"\b([a-z]+(?:\+[a-z]+)?):[^\s'\"?,;)]+\?map=[^\s'\")]*")
_NAME: Final = r"[^\\/\s'\":,;<>]+"
_PLACE: Final = re.compile(
    r"(?<=['\"])(?:<hidden>|[A-Za-z]:)?[\\/][^'\"]*(?=['\"])"  # in quotes, where it may have blanks
    rf"|<hidden>(?:[\\/]{_NAME})+[\\/]?"  # in the folder of a person
    rf"|(?:[A-Za-z]:)?(?:[\\/]{_NAME}){{2,}}[\\/]?"
)
_LIBRARY: Final = re.compile(r"[\\/]((?:app|drivers|dsp|assets)[\\/][\w\\/]+\.py)$")


def write_report(folder: Path, settings: Settings, session: SessionStarted | None, secrets: Iterable[str]) -> Path:
    """Write the archive into a folder under a name that is new.

    Parameters
    ----------
    folder : Path
    settings : Settings
    session : SessionStarted or None
        First line of the newest session.
    secrets : iterable of str
        Codes, names and whatever else must not stand in it.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    hidden = _secrets(settings, session, secrets)
    path = folder / f"glutewake-problem-{datetime.now():%Y-%m-%d-%H%M%S}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with new_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README)
            archive.writestr("log.txt", "\n".join(without(line, hidden) for line in recent()) + "\n")
            archive.writestr("versions.json", _json(_versions()))
            archive.writestr("settings.json", _hide(_json(_liked(settings, hidden)), hidden))
            if session is not None:
                archive.writestr("session.json", _hide(_json(_nobody(session)), hidden))
    except OSError as error:
        raise RecordingError(explain(error, path), str(error)) from error
    return path


def without(line: str, secrets: Iterable[str]) -> str:
    """A line of the log with every secret, address and place taken out of it."""
    line = _ADDRESS.sub("<address>", _hide(line, secrets))
    line = _SOURCE.sub(r"\1:<sensor>", line)
    return _PLACE.sub(_place, line)


def _hide(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:  # between underscores too: that is how names of folders are put together
        text = re.sub(rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])", "<hidden>", text, flags=re.IGNORECASE)
    return text


def _place(found: "re.Match[str]") -> str:
    """Of our own files where in the program they are; of all else nothing."""
    own = _LIBRARY.search(found.group())
    return own.group(1) if own else "<folder>"


def _secrets(settings: Settings, session: SessionStarted | None, more: Iterable[str]) -> list[str]:
    people = {settings.preferences.person, *(check.person for check in settings.care)}
    people |= {goal.person for goal in settings.goals}
    found = {*more, str(Path.home()), Path.home().name, platform.node(), platform.node().partition(".")[0], _login()}
    for sensor in settings.sensors:
        found |= {sensor.name, sensor.key, sensor.uri, sensor.uri.partition(":")[2].partition("?")[0]}
    if session is not None:
        found |= {session.label or "", *session.source}
        people.add(session.person or "")
    found |= people | {subject_label(person) for person in people if person}  # as the data sets call them
    return sorted((secret for secret in found if len(secret) > 1), key=len, reverse=True)


def _login() -> str:
    """The name of whoever is logged in, which need not be that of the folder."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # nobody that this system knows
        return ""


def _versions() -> dict[str, object]:
    def version(name: str) -> str | None:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    return {
        "glutewake": app_version(),
        "python": sys.version,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def _liked(settings: Settings, hidden: Iterable[str]) -> dict[str, object]:
    preferences = msgspec.structs.replace(settings.preferences, person="", data_folder="")
    return {
        "preferences": msgspec.structs.asdict(preferences),
        "sensors": [
            {"kind": sensor.uri.partition(":")[0], "sites": sensor.sites, "delay_ms": sensor.delay_ms}
            for sensor in settings.sensors
        ],
        "trouble": without(settings.trouble, hidden),
    }


def _nobody(session: SessionStarted) -> dict[str, object]:
    anonymous = msgspec.structs.replace(
        session,
        person=None,
        label=None,
        utc_start=None,
        source=[source.partition(":")[0] for source in session.source],
        calibration=None,
    )
    line: dict[str, object] = msgspec.to_builtins(anonymous)
    return line


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode() + "\n"
