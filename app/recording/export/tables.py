"""The joined tables: one row a session, set, rep, attempt, cue, rating, site of a calibration, check. Pure.

Every table begins with ``session_id`` and joins on it. Times are seconds from the start of the session.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, stdev
from typing import Final

from app.recording.export.choice import Session
from app.recording.export.codebook import COLUMNS, KEY
from app.session.checks import check_of
from app.session.events import SIDES, Attempt, Cue, Rating, Rep, RepSide, Summary

Cell = str | int | float | bool | None
Row = dict[str, Cell]
MISSING: Final = "n/a"


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes
    ----------
    name : str
    columns : tuple of str
    rows : tuple of dict
        Of every column a cell; None where the session does not carry the value.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def tsv(self) -> bytes:
        """The table as text: tabs between, ``n/a`` for what is missing."""
        lines = ["\t".join(self.columns)]
        lines += ["\t".join(_text(row[column]) for column in self.columns) for row in self.rows]
        return ("\n".join(lines) + "\n").encode()


def joined_tables(sessions: Sequence[Session]) -> list[Table]:
    """Make all tables of all sessions.

    Parameters
    ----------
    sessions : sequence of Session

    Returns
    -------
    list of Table
        Also those that have no rows. ``reps`` has one more column for every compensator that was measured.
    """
    tables = []
    for name, rows_of in _MAKERS.items():
        rows = [{KEY: session.id, **row} for session in sessions for row in rows_of(session)]
        columns = (KEY, *COLUMNS[name])
        further = sorted({column for row in rows for column in row} - set(columns))
        names = (*columns, *further)
        tables.append(Table(name, names, tuple({column: row.get(column) for column in names} for row in rows)))
    return tables


def _sessions(session: Session) -> Iterator[Row]:
    record, started = session.record, session.record.started
    summary = next(iter(record.of(Summary)), None)
    calibration = started.calibration
    muscles = {channel.site: channel.muscle for channel in started.channels}
    targets = [channel for channel in started.channels if channel.site in SIDES]
    row: Row = {
        "person": session.person,
        "label": session.label,
        "started_utc": session.started_utc,
        "programme": started.programme,
        "plan_step": started.plan_step,
        "position": started.position,
        "simulated": started.simulated,
        "source": session.source,
        "isolation": started.isolation,
        "muscle_left": muscles.get("left"),
        "muscle_right": muscles.get("right"),
        "sfreq": targets[0].sfreq if targets else None,
        "unit": targets[0].unit if targets else None,
        "calibration_id": session.calibration_id,
        "reference": None if calibration is None else calibration.method,
        "reference_age_s": None if calibration is None else calibration.age_s,
        "reference_ratio": None if calibration is None else calibration.ratio,
        "duration_s": round(record.duration_s, 3),
        "missing_s": round(max(record.missing_s.values(), default=0.0), 3),
        "ended_well": record.ended_well,
        "app": started.app,
        "chain": started.chain,
        "sha256": session.sha256,
    }
    if summary is not None:
        row |= {
            "attempts": summary.attempts,
            "reps": summary.reps,
            "clean_reps": summary.clean_reps,
            "woke": summary.woke,
            "wake_up_squeezes": summary.wake_up_squeezes,
            "woke_after_hint": summary.woke_after_hint,
            "sleeping_side": summary.sleeping_side,
            "fired_left_pct": summary.fired_pct.get("left"),
            "fired_right_pct": summary.fired_pct.get("right"),
            "lsi_pct": summary.lsi_pct,
            "lag_ms": summary.lag_ms,
        }
    yield row


def _sets(session: Session) -> Iterator[Row]:
    reps = session.record.of(Rep)
    for number in sorted({rep.set for rep in reps if rep.set is not None}):
        those = [rep for rep in reps if rep.set == number]
        counted = [rep for rep in those if rep.counted]
        yield {
            "set": number,
            "phase": those[0].phase,
            "scheme": those[0].scheme,
            "start_s": those[0].start_s,
            "end_s": those[-1].end_s,
            "reps": len(counted),
            "clean_reps": sum(rep.clean for rep in counted),
            "lag_ms": _median(rep.lag_ms for rep in counted),
            "lsi_pct": _median(rep.lsi_pct for rep in counted),
            **{
                f"mean_{side}_pct": _median(rep.sides[side].mean_pct for rep in counted if side in rep.sides)
                for side in SIDES
            },
        }


def _reps(session: Session) -> Iterator[Row]:
    for rep in session.record.of(Rep):
        row: Row = {
            "rep": rep.index,
            "set": rep.set,
            "phase": rep.phase,
            "scheme": rep.scheme,
            "start_s": rep.start_s,
            "end_s": rep.end_s,
            "counted": rep.counted,
            "clean": rep.clean,
            "not_clean": " ".join(rep.not_clean) or None,
            "lag_ms": rep.lag_ms,
            "lag_pm_ms": rep.lag_pm_ms,
            "lag_status": rep.lag_status,
            "late": rep.late,
            "lsi_pct": rep.lsi_pct,
            "lsi_pm_pct": rep.lsi_pm_pct,
            "lsi_basis": rep.lsi_basis,
            "lr_log": rep.lr_log,
            "weaker": rep.weaker,
            "reference": rep.ref,
            "feedback": rep.feedback,
            "hint": rep.hint,
        }
        for side in SIDES:
            row |= _side(side, rep.sides.get(side))
        row |= {f"mean_{site}_pct": side.mean_pct for site, side in rep.compensators.items()}
        yield row


def _side(name: str, side: RepSide | None) -> Row:
    return {
        f"onset_{name}_s": side.onset_s if side else None,
        f"offset_{name}_s": side.offset_s if side else None,
        f"mean_{name}_pct": side.mean_pct if side else None,
        f"peak_{name}_pct": side.peak_pct if side else None,
        f"mean_{name}_uv": side.mean_uv if side else None,
        f"state_{name}": side.state if side else None,
    }


def _attempts(session: Session) -> Iterator[Row]:
    for attempt in session.record.of(Attempt):
        yield {
            "attempt": attempt.index,
            "start_s": attempt.start_s,
            "end_s": attempt.end_s,
            "fired_left": "left" in attempt.fired,
            "fired_right": "right" in attempt.fired,
            "counted": attempt.counted,
            "why_not": attempt.why,
        }


def _cues(session: Session) -> Iterator[Row]:
    for cue in session.record.of(Cue):
        yield {"t_s": cue.t_s, "side": cue.side, "kind": cue.kind, "channel": cue.channel}


def _ratings(session: Session) -> Iterator[Row]:
    for rating in session.record.of(Rating):
        yield {"t_s": rating.t_s, "kind": rating.kind, "value": rating.value}


def _calibrations(session: Session) -> Iterator[Row]:
    calibration = session.record.started.calibration
    if calibration is None:
        return
    units = {channel.site: channel.unit for channel in session.record.started.channels}
    for site in sorted({*calibration.rest_uv, *calibration.ref_uv}):
        tries = calibration.tries_uv.get(site, [])
        logs = [math.log(level) for level in tries if level > 0]
        yield {
            "calibration_id": session.calibration_id,
            "site": site,
            "unit": units.get(site),
            "method": calibration.method,
            "age_s": calibration.age_s,
            "rest": calibration.rest_uv.get(site),
            "reference": calibration.ref_uv.get(site),
            "tries": len(tries),
            "tries_log_sd": round(stdev(logs), 4) if len(logs) > 1 else None,
        }


def _checks(session: Session) -> Iterator[Row]:
    started = session.record.started
    check = check_of(started, session.record.events)
    if check is None:
        return
    yield {
        "person": session.person,
        "started_utc": session.started_utc,
        "programme": started.programme,
        "position": started.position,
        "attempts": check.attempts,
        "fired_left_pct": check.fired_pct("left"),
        "fired_right_pct": check.fired_pct("right"),
        "lag_ms": check.lag_ms,
        "lag_pm_ms": check.lag_pm_ms,
        "abs_lag_ms": check.abs_lag_ms,
        "lags": check.n_lags,
        "lsi_pct": check.lsi_pct,
        "lsi_pm_pct": check.lsi_pm_pct,
        "lsi_bound_pct": check.lsi_bound_pct,
        "lsi_basis": check.lsi_basis,
        "weaker": check.weaker,
    }


_MAKERS: Final[Mapping[str, Callable[[Session], Iterator[Row]]]] = {
    "sessions": _sessions,
    "sets": _sets,
    "reps": _reps,
    "attempts": _attempts,
    "cues": _cues,
    "ratings": _ratings,
    "calibrations": _calibrations,
    "checks": _checks,
}


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 3) if known else None


def _text(value: Cell) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    return " ".join(str(value).split()).replace('"', "'") or MISSING  # pandas and R would read on to the next quote
