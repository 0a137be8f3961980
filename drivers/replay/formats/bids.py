"""EMG-BIDS and its kin: an EDF or BDF file, and what the tables around it say. Pure.

Of a data set of ours the journal under ``sourcedata`` brings the session and its calibration, so that a replay of the
BDF is judged as the session itself was. Where only the tables came along, they bring the calibration.
"""

import csv
import hashlib
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from drivers.errors import DriverError, SourceFormatError
from drivers.replay.formats.columns import Column
from drivers.replay.formats.edf import EdfRecording, Sidecar, open_edf
from drivers.replay.formats.edf_notes import GAP_TEXT, EdfNote
from drivers.replay.formats.journal import JOURNAL_NAME, open_journal
from drivers.types import Carried
from drivers.uri import SITES

SUFFIXES: Final = (".bdf", ".edf")
_PLACES: Final = ("*", "emg/*", "ses-*/emg/*", "sub-*/emg/*", "sub-*/ses-*/emg/*")
_LEVELS: Final = 4
"""Folders from that of the signal to that of the data set: emg, ses-, sub-, root."""
_NOT_SAID: Final = {"", "n/a"}
_METHODS: Final = {"maximal": "mvc", "best": "best-clench"}
"""First word of ``Normalisation`` in our sidecars."""
_LARGEST_TABLE: Final = 64 << 20


def find_recording(folder: Path) -> Path | None:
    """Find the one EDF or BDF of a folder: of a session, a person, a whole data set, or any folder that holds one.

    Raises
    ------
    SourceFormatError
        If there are several; the sentence names them.
    """
    found = sorted(path for place in _PLACES for path in folder.glob(place) if path.suffix.lower() in SUFFIXES)
    found = [path for path in found if path.stem.endswith("_emg")] or found
    if len(found) > 1:
        names = ", ".join(str(path.relative_to(folder)) for path in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise SourceFormatError(f"'{folder}' holds {len(found)} recordings; name one of them: {names}{more}.")
    return found[0] if found else None


def open_bids_file(path: Path, *, rate: float | None) -> EdfRecording:
    """Open an EDF or BDF file together with whatever stands around it.

    Parameters
    ----------
    path : Path
        The file.
    rate : float or None
        As in `drivers.replay.formats.edf.open_edf`.

    Raises
    ------
    SourceFormatError
        If it is damaged beyond use, or is not the file that its sidecar was written for.
    """
    return open_edf(path, rate=rate, sidecar=_sidecar(path))


def _sidecar(path: Path) -> Sidecar:
    about = _json(path, "emg.json")
    channels = list(_table(path, "channels.tsv"))
    if not about and not channels:
        return Sidecar()
    _refuse_changed(path, about)
    ours = _journal_carried(path, about)
    gaps = [
        EdfNote(onset, duration, "@@".join((GAP_TEXT, *_said(row, "channel").split(","))))
        for row in _table(path, "events.tsv")
        if _said(row, "trial_type").startswith(GAP_TEXT)
        and (onset := _number(row, "onset")) is not None
        and (duration := _number(row, "duration")) is not None
    ]
    notes = tuple(
        f"Channel {row['name']} is marked as bad: {_said(row, 'status_description') or 'no reason is given'}."
        for row in channels
        if _said(row, "status") == "bad" and _said(row, "name")
    )
    return Sidecar(
        columns={row["name"]: _column(row) for row in channels if _said(row, "name")},
        steps={row["name"]: step for row in channels if _said(row, "name") and (step := _number(row, "step"))},
        sfreq=_positive(about.get("SamplingFrequency")),
        gaps=tuple(gaps) or None,
        carried=Carried(
            calibration=_calibration(channels, about) if ours is None else ours.calibration,
            session=None if ours is None else ours.session,
            acts=() if ours is None else ours.acts,
            notes=notes,
            utc_ns=_acquired_ns(path),
        ),
        has_notes="SourceJournal" in about,
    )


def _refuse_changed(path: Path, about: Mapping[str, Any]) -> None:
    """Nothing else in the file tells a wrong bit from a right one."""
    stated = about.get("SHA256")
    if not isinstance(stated, str):
        return
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() == stated:
            return
    raise SourceFormatError(
        f"'{path}' is not what was recorded: it was changed or damaged since; open its journal, or copy it again."
    )


def _journal_carried(path: Path, about: Mapping[str, Any]) -> Carried | None:
    """What the journal brings that the file was made of; None if it did not come along."""
    name = about.get("SourceJournal")
    if not isinstance(name, str) or not name or Path(name).name != name:
        return None
    for folder in list(path.parents)[:_LEVELS]:
        journal_path = folder / "sourcedata" / "journal" / name / JOURNAL_NAME
        if journal_path.is_file():
            try:
                journal = open_journal(journal_path)
            except DriverError:
                return None
            carried = journal.carried
            journal.close()
            return carried
    return None


def _calibration(channels: list[dict[str, str]], about: Mapping[str, Any]) -> dict[str, object] | None:
    """The levels of our own columns, in volts or counts; None where there are none."""
    levels: dict[str, dict[str, float]] = {"rest_rms": {}, "reference_rms": {}}
    for row in channels:
        column = _column(row)
        for name, found in levels.items():
            value = _number(row, name)
            if value is not None and value > 0 and column.name in SITES:
                found[column.name] = value * column.volts_per_unit
    if not levels["reference_rms"]:
        return None
    method = _METHODS.get(str(about.get("Normalisation", "")).partition(" ")[0], "session")
    return {"id": "bids", "method": method, "rest": levels["rest_rms"], "reference": levels["reference_rms"]}


def _column(row: Mapping[str, str]) -> Column:
    name, muscle = row["name"], _said(row, "target_muscle")
    return Column(name if name in SITES or not muscle else f"{name} {muscle}", _said(row, "units"))


def _acquired_ns(path: Path) -> int | None:
    """The exact start of the file, which stands in the table of scans alone."""
    for row in _table(path, "scans.tsv"):
        if Path(_said(row, "filename")).name == path.name:
            try:
                start = datetime.fromisoformat(_said(row, "acq_time"))
            except ValueError:
                return None
            start = start if start.tzinfo else start.replace(tzinfo=UTC)
            return round(start.timestamp() * 1e6) * 1000
    return None


def _json(path: Path, suffix: str) -> dict[str, Any]:
    for found in _beside(path, suffix):
        try:
            content = msgspec.json.decode(found.read_bytes())
        except (OSError, msgspec.DecodeError):
            continue
        if isinstance(content, dict):
            return content
    return {}


def _table(path: Path, suffix: str) -> Iterator[dict[str, str]]:
    """Rows of the nearest table of that kind; nothing if there is none, or it cannot be read."""
    for found in _beside(path, suffix):
        try:
            if found.stat().st_size > _LARGEST_TABLE:
                continue
            lines = found.read_text("utf-8-sig", "replace").splitlines()
            rows = list(csv.DictReader(lines, delimiter="\t", restval="", quoting=csv.QUOTE_NONE))
        except (OSError, csv.Error):
            continue
        yield from ({str(name): str(value) for name, value in row.items()} for row in rows)
        return


def _beside(path: Path, suffix: str) -> Iterator[Path]:
    """Files of one kind that speak of `path`, the nearest first (inheritance principle of BIDS)."""
    own = set(path.stem.split("_"))
    for folder in list(path.parents)[:_LEVELS]:
        for found in sorted(folder.glob(f"*_{suffix}"), key=lambda each: -len(each.name)):
            if set(found.name.removesuffix(f"_{suffix}").split("_")) <= own:
                yield found
        if (folder / "dataset_description.json").exists():
            return


def _said(row: Mapping[str, str], name: str) -> str:
    value = row.get(name, "").strip()
    return "" if value.lower() in _NOT_SAID else value


def _positive(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 < value < math.inf else None


def _number(row: Mapping[str, str], name: str) -> float | None:
    try:
        value = float(_said(row, name))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
