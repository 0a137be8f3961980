"""Turns what a session left into rows, always the same for the same recording."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec

from app.history import models
from app.history.errors import HistoryError, SimulatedSessionError
from app.history.models import Base, key_of
from app.history.views import Recorded, State
from app.session.calibration import Calibration
from app.session.checks import check_of
from app.session.events import (
    Attempt,
    ChannelInfo,
    Cue,
    Event,
    Note,
    Quality,
    Rating,
    Rep,
    SessionStarted,
    Summary,
)

E = TypeVar("E", bound=Event)
Rows = list[tuple[type[Base], list[dict[str, Any]]]]
"""Tables with their rows, owners before what they own."""

_IN_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d_\d{6})")
_MOST_MIN: Final = 14 * 60
_QUARTER_MIN: Final = 15


def refuse_nobody(started: SessionStarted) -> str:
    """Return the code of the person who trained.

    Raises
    ------
    SimulatedSessionError
        If nobody was on the electrodes, whatever code was given.
    HistoryError
        If there is no code.
    """
    if started.simulated:
        raise SimulatedSessionError(
            "A simulated or replayed session does not belong in a person's history; look at it in Review."
        )
    if started.calibrates is not None:
        raise HistoryError("A calibration is no training; it lies among the calibrations of its person.")
    if not started.person:
        raise HistoryError("This session belongs to nobody; give a code with --person to keep a history.")
    return started.person


def rows_of_session(record: Recorded, rel_path: str, person_id: str, state: State) -> Rows:
    """Make the rows of one session.

    Parameters
    ----------
    record : Recorded
    rel_path : str
        Of its folder, with slashes.
    person_id : str
    state : State

    Raises
    ------
    HistoryError
        If the recording does not say when it began.
    """
    id_ = key_of(record.sha256)
    started, events = record.started, record.events
    rows: Rows = [
        (models.Session, [{"person_id": person_id, "state": state, **_session(record, rel_path)}]),
        (models.Calibration, _calibrations(id_, started)),
        *_sets_and_reps(id_, started.chain, _of(events, Rep)),
        _numbered(id_, models.Attempt, _of(events, Attempt)),
        _numbered(id_, models.Cue, _of(events, Cue)),
        _numbered(id_, models.Rating, _of(events, Rating)),
        _numbered(id_, models.Note, _of(events, Note)),
    ]
    if (check := check_of(started, events)) is not None:
        numbers = asdict(check)
        fired = numbers.pop("fired")
        owner = {"id": key_of(id_, "check"), "session_id": id_}
        rows.append((models.Check, [owner | numbers | {f"fired_{side}": n for side, n in fired.items()}]))
    return rows


def _session(record: Recorded, rel_path: str) -> dict[str, Any]:
    """What a recording says of its session; whose it is and how far it is finished it does not know."""
    started = record.started
    utc = _began(started, rel_path)
    return {
        "id": key_of(record.sha256),
        "sha256": record.sha256,
        "rel_path": rel_path,
        "started_utc": utc,
        "utc_offset_min": _utc_offset_min(rel_path, utc),
        "programme": started.programme,
        "position": started.position,
        "muscle": _muscle(started.channels),
        "device": ",".join(sorted({uri.partition(":")[0] for uri in started.source})),
        "sources": started.source,
        "label": started.label,
        "app": started.app,
        "chain": started.chain,
        "reference": _reference(started, _of(record.events, Rep)),
        "electrode": _electrode(record.calibration),
        "plan_step": started.plan_step,
        "duration_s": record.duration_s,
        "missing_s": max(record.missing_s.values(), default=0.0),
        "quality": _quality(record.events),
        **_outcome(record.events),
    }


def _began(started: SessionStarted, rel_path: str) -> datetime:
    if started.utc_start is None:
        raise HistoryError(
            f"'{rel_path}' does not say when it was recorded, so it has no place in the history; look at it in Review."
        )
    utc = datetime.fromisoformat(started.utc_start)
    return utc if utc.tzinfo is not None else utc.replace(tzinfo=UTC)


def _outcome(events: Sequence[Event]) -> dict[str, Any]:
    reps = _of(events, Rep)
    summary = next((event for event in reversed(events) if isinstance(event, Summary)), None)
    return {
        "attempts": len(_of(events, Attempt)),
        "reps": len(reps),
        "clean_reps": sum(rep.clean for rep in reps),
        "woke": None if summary is None else summary.woke,
        "wake_up_squeezes": None if summary is None else summary.wake_up_squeezes,
        "woke_after_hint": None if summary is None else summary.woke_after_hint,
        "sleeping_side": None if summary is None else summary.sleeping_side,
    }


def _of(events: Sequence[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _columns(event: Event, table: type[Base]) -> dict[str, Any]:
    """Fields of a line that have a column; ``index`` is a word of SQL, and what has none stays in the journal."""
    fields: dict[str, Any] = msgspec.to_builtins(event)
    fields["line_index"] = fields.pop("index", None)
    return {name: value for name, value in fields.items() if name in table.__table__.columns}


def _numbered(id_: str, table: type[Base], events: Sequence[Event]) -> tuple[type[Base], list[dict[str, Any]]]:
    rows = [
        {
            "id": key_of(id_, table.__tablename__, ordinal),
            "session_id": id_,
            "ordinal": ordinal,
            **_columns(event, table),
        }
        for ordinal, event in enumerate(events, start=1)
    ]
    return table, rows


def _sets_and_reps(id_: str, chain: str, reps: Sequence[Rep]) -> Rows:
    sets: dict[tuple[str, int | None, str], str] = {}
    rows: list[dict[str, Any]] = []
    of_set: list[dict[str, Any]] = []
    for ordinal, rep in enumerate(reps, start=1):
        mark = rep.phase, rep.set, rep.scheme
        if mark not in sets:
            sets[mark] = key_of(id_, "set", len(sets) + 1)
            owner = {"id": sets[mark], "session_id": id_, "ordinal": len(sets)}
            of_set.append(owner | {"phase": rep.phase, "number": rep.set, "scheme": rep.scheme})
        key = key_of(id_, "rep", ordinal, chain)
        owner = {"id": key, "set_id": sets[mark], "ordinal": ordinal, "chain": chain}
        rows.append(owner | _columns(rep, models.Rep))
    return [(models.ExerciseSet, of_set), (models.Rep, rows)]


def _calibrations(id_: str, started: SessionStarted) -> list[dict[str, Any]]:
    calibration = started.calibration
    if calibration is None:
        return []
    units = {channel.site: channel.unit for channel in started.channels}
    return [
        {
            "id": key_of(id_, "calibration", site),
            "session_id": id_,
            "site": site,
            "unit": units.get(site, "uV"),
            "name": calibration.id,
            "method": calibration.method,
            "age_s": calibration.age_s,
            "rest": calibration.rest_uv.get(site),
            "reference": calibration.ref_uv.get(site),
            "tries": calibration.tries_uv.get(site, []),
        }
        for site in sorted({*calibration.rest_uv, *calibration.ref_uv})
    ]


def _reference(started: SessionStarted, reps: Sequence[Rep]) -> str | None:
    """Kind of reference: of the calibration, else of the reps, for a stand-in is made while the session runs."""
    if started.calibration is not None:
        return started.calibration.method
    return reps[0].ref if reps else None


def _electrode(calibration: Calibration | None) -> str | None:
    """Kind, size and spacing of the pads in words; None where nobody said."""
    if calibration is None:
        return None
    pads = calibration.electrode
    words = (
        pads.type,
        None if pads.size_mm is None else f"{pads.size_mm:g} mm",
        None if pads.spacing_mm is None else f"{pads.spacing_mm:g} mm apart",
    )
    return ", ".join(filter(None, words)) or None


def _muscle(channels: Sequence[ChannelInfo]) -> str:
    return ",".join(sorted({channel.muscle for channel in channels if channel.site in ("left", "right")}))


def _quality(events: Sequence[Event]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for event in _of(events, Quality):
        if event.verdict != "ok":
            counts.setdefault(event.site, Counter())[event.verdict] += 1
    return {site: dict(sorted(verdicts.items())) for site, verdicts in sorted(counts.items())}


def _utc_offset_min(rel_path: str, utc: datetime) -> int:
    """Minutes that local time was ahead: folders are named by it; else as this computer has it for that moment."""
    found = _IN_NAME.match(rel_path.rpartition("/")[2])
    if found is not None:
        try:
            local = datetime.strptime(found[1], "%Y-%m-%d_%H%M%S").replace(tzinfo=UTC)
        except ValueError:  # digits that are no date
            pass
        else:
            minutes = round((local - utc) / timedelta(minutes=_QUARTER_MIN)) * _QUARTER_MIN
            if abs(minutes) <= _MOST_MIN:
                return minutes
    offset = utc.astimezone().utcoffset() or timedelta()
    return round(offset / timedelta(minutes=1))
