"""Which sessions are exported, and what each is called there."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from app.recording.errors import RecordingError
from app.recording.record import SessionRecord, read_record, read_started
from app.session.events import SessionStarted
from drivers.replay.formats.journal import JOURNAL_NAME


@dataclass(frozen=True, slots=True)
class Session:
    """One session as an export shows it.

    Attributes
    ----------
    id : str
        Joins the tables, and names the file of its samples.
    person, label : str or None
    started_utc : str or None
        ISO 8601.
    source : str
        Where the samples came from.
    calibration_id : str or None
    sha256 : str or None
        Of the journal.
    record : SessionRecord
        Its lines; what stands above goes before what stands there.
    """

    id: str
    person: str | None
    label: str | None
    started_utc: str | None
    source: str
    calibration_id: str | None
    sha256: str | None
    record: SessionRecord


@dataclass(frozen=True, slots=True)
class Choice:
    """What was found.

    Attributes
    ----------
    sessions : tuple of Session
        Oldest first.
    sentences : tuple of str
        About every recording that could not be read.
    """

    sessions: tuple[Session, ...]
    sentences: tuple[str, ...]


def choose(paths: Iterable[Path], *, person: str | None, since: date | None, simulated: bool) -> Choice:
    """Read the sessions that `paths` name.

    Parameters
    ----------
    paths : iterable of Path
        Session folders, or folders of them.
    person : str or None
        Only those of this code.
    since : date or None
        Only those that began on this day or later; a session that does not say when it began is left out.
    simulated : bool
        False to leave out simulated and replayed sessions, which are nobody's.

    Raises
    ------
    RecordingError
        If nothing is left to export, with what would change that.
    """

    def is_wanted(started: SessionStarted) -> bool:
        return (person is None or started.person == person) and (since is None or _day(started) >= since)

    records: dict[str, SessionRecord] = {}
    sentences = []
    folders = _folders(paths)
    for folder in folders:
        try:
            if _is_other(folder, is_wanted):
                continue
            record = read_record(folder)
        except RecordingError as error:
            sentences.append(error.sentence)
            continue
        if is_wanted(record.started):
            records.setdefault(record.sha256, record)  # the same recording may lie in two places
    real = [record for record in records.values() if simulated or not record.started.simulated]
    if not real:
        raise RecordingError(_why_nothing(bool(records), len(folders), person, since, sentences))
    real.sort(key=lambda record: (record.started.utc_start or "", record.folder.name))
    return Choice(tuple(_named(real)), tuple(sentences))


def _is_other(folder: Path, is_wanted: Callable[[SessionStarted], bool]) -> bool:
    """Whether the first line alone says that a session is not wanted: the rest need not be read."""
    with contextlib.suppress(OSError):
        started = read_started(folder)
        return started is not None and not is_wanted(started)
    return False


def _folders(paths: Iterable[Path]) -> list[Path]:
    folders: list[Path] = []
    for path in paths:
        if not path.exists():
            raise RecordingError(f"There is no folder '{path}'; name a session's folder, or one that holds many.")
        if path.is_dir() and not (path / JOURNAL_NAME).exists():
            inside = sorted(journal.parent for journal in path.glob(f"*/{JOURNAL_NAME}"))
            if not inside:
                raise RecordingError(f"'{path}' holds no recording; name a session folder, or one that holds some.")
            folders += inside
        else:
            folders.append(path)
    return folders


def _day(started: SessionStarted) -> date:
    """The day on which a session began, where it was recorded; the first of all days if it does not say."""
    try:
        return datetime.fromisoformat(started.utc_start or "").astimezone().date()
    except ValueError:
        return date.min


def _why_nothing(
    any_simulated: bool, n_folders: int, person: str | None, since: date | None, sentences: Sequence[str]
) -> str:
    if any_simulated:
        return "All of these sessions are simulated or replayed; write --simulated to export them all the same."
    if n_folders == len(sentences):
        return sentences[0] if sentences else "There is no recording to export."
    whose = f" of '{person}'" if person is not None else ""
    when = f" since {since.isoformat()}" if since is not None else ""
    return f"There is no session{whose}{when}; check the code and the date."


def _named(records: Sequence[SessionRecord]) -> Iterable[Session]:
    taken: set[str] = set()
    for record in records:
        name, number = record.folder.resolve().name, 1
        while name in taken:
            number += 1
            name = f"{record.folder.resolve().name}-{number}"
        taken.add(name)
        started = record.started
        yield Session(
            id=name,
            person=started.person,
            label=started.label,
            started_utc=started.utc_start,
            source=" ".join(started.source),
            calibration_id=None if started.calibration is None else started.calibration.id,
            sha256=record.sha256,
            record=record,
        )
