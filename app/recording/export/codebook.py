"""What every column of the joined tables means; ships with them as ``codebook.json``."""

from collections.abc import Sequence
from typing import Final

import msgspec

KEY: Final = "session_id"
_PM: Final = "half width of its 95 % interval"
_LAG: Final = "left onset minus right onset, ms; positive: left later"
_LSI: Final = "weaker over stronger side, % of their references"
_REFERENCE: Final = "mvc, best-clench, or session (a stand-in taken from the session itself)"

COLUMNS: Final[dict[str, dict[str, str]]] = {
    "sessions": {
        "person": "code of the person",
        "label": "what the session was called",
        "started_utc": "when it began, ISO 8601",
        "programme": "the exercise",
        "plan_step": "plan and step that it belonged to, plan/step; empty where nobody said",
        "position": "how the person lay or stood",
        "simulated": "true: nobody was on the electrodes",
        "source": "the sensors",
        "isolation": "how they were kept apart from the mains",
        "muscle_left": "under the left electrodes",
        "muscle_right": "under the right electrodes",
        "sfreq": "samples a second, Hz",
        "unit": "of the levels: uV, or counts where the gain is unknown",
        "calibration_id": "joins sessions that used the same references",
        "reference": _REFERENCE,
        "reference_age_s": "age of the references at the start, s",
        "reference_ratio": "reference of the left over that of the right",
        "duration_s": "from the first sample to the last, s",
        "missing_s": "seconds missing in between, of the stream that misses most",
        "ended_well": "false: it broke off",
        "attempts": "counted squeezes, those in which nothing fired too",
        "reps": "counted squeezes in which at least one glute fired",
        "clean_reps": "reps that were as they should be",
        "woke": "whether the wake-up phase was passed",
        "wake_up_squeezes": "squeezes that it took",
        "woke_after_hint": "the hint that was in force then",
        "sleeping_side": "the side that did not join",
        "fired_left_pct": "share of the attempts in which the left side fired, %",
        "fired_right_pct": "share of the attempts in which the right side fired, %",
        "lsi_pct": f"symmetry: {_LSI}",
        "lag_ms": f"usual lag: {_LAG}",
        "app": "version of the application",
        "chain": "version of the signal chain and the judgement",
        "sha256": "of the recording",
    },
    "sets": {
        "set": "number, from 1",
        "phase": "check, wake-up, work or free",
        "scheme": "both, left or right",
        "start_s": "start of its first rep, s",
        "end_s": "end of its last rep, s",
        "reps": "counted reps",
        "clean_reps": "those that were as they should be",
        "lag_ms": f"median of {_LAG}",
        "lsi_pct": f"median of {_LSI}",
        "mean_left_pct": "median of the mean level of the left side, % of its reference",
        "mean_right_pct": "median of the mean level of the right side, % of its reference",
    },
    "reps": {
        "rep": "number, from 1",
        "set": "number of the set, from 1",
        "phase": "check, wake-up, work or free",
        "scheme": "both, left or right",
        "start_s": "s",
        "end_s": "s",
        "counted": "whether it counts",
        "clean": "whether it was as it should be",
        "not_clean": "why not, in words with a hyphen or colon, separated by blanks",
        "lag_ms": _LAG,
        "lag_pm_ms": _PM,
        "lag_status": "ok, or why there is no lag",
        "late": "the side that was late",
        "lsi_pct": _LSI,
        "lsi_pm_pct": _PM,
        "lsi_basis": "own-best: the references differ so much that a high value does not mean that the sides are alike",
        "lr_log": "ln(left/right)",
        "weaker": "the weaker side",
        "reference": _REFERENCE,
        "feedback": "what the person saw: full, bandwidth or none",
        "hint": "the hint given before it",
        "onset_left_s": "left onset, s",
        "offset_left_s": "left end, s",
        "mean_left_pct": "mean level of the left side, % of its reference",
        "peak_left_pct": "its peak",
        "mean_left_uv": "its mean in µV, or in counts (see sessions.unit)",
        "state_left": "the word for the left side",
        "onset_right_s": "right onset, s",
        "offset_right_s": "right end, s",
        "mean_right_pct": "mean level of the right side, % of its reference",
        "peak_right_pct": "its peak",
        "mean_right_uv": "its mean in µV, or in counts (see sessions.unit)",
        "state_right": "the word for the right side",
    },
    "attempts": {
        "attempt": "number, from 1",
        "start_s": "s",
        "end_s": "s",
        "fired_left": "whether the left side fired",
        "fired_right": "whether the right side fired",
        "counted": "whether it counts",
        "why_not": "why it does not",
    },
    "cues": {
        "t_s": "when, s",
        "side": "left, right or both",
        "kind": "not-firing, late, low, fading or compensating",
        "channel": "tone, speech or screen",
    },
    "ratings": {
        "t_s": "when, s",
        "kind": "pain, felt or effort",
        "value": "0 to 10",
    },
    "calibrations": {
        "calibration_id": "joins sessions that used the same references",
        "site": "the muscle and its side",
        "unit": "of rest and reference: uV or counts",
        "method": _REFERENCE,
        "age_s": "age at the start of the session, s",
        "rest": "RMS at rest, band-passed 20-450 Hz",
        "reference": "RMS of the reference contraction, the 100 %",
        "tries": "number of tries behind it",
        "tries_log_sd": "standard deviation of their natural logarithms",
    },
    "checks": {
        "person": "code of the person",
        "started_utc": "when the session began, ISO 8601",
        "programme": "the exercise",
        "position": "how the person lay or stood; compare only what is the same here",
        "attempts": "counted squeezes",
        "fired_left_pct": "share in which the left side fired, %",
        "fired_right_pct": "share in which the right side fired, %",
        "lag_ms": f"median of {_LAG}",
        "lag_pm_ms": _PM,
        "abs_lag_ms": "median of the lags without their sign, ms",
        "lags": "number of reps behind the lag",
        "lsi_pct": f"symmetry of the mean log ratio: {_LSI}",
        "lsi_pm_pct": _PM,
        "lsi_bound_pct": "its one-sided 95 % upper bound",
        "lsi_basis": "reference, or own-best where the references differ too much for a verdict",
        "weaker": "the weaker side",
    },
    "notes": {
        "t_s": "the moment that it is about, s",
        "text": "as it was typed, or said by the application",
    },
}


def codebook(tables: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """Make ``codebook.json`` of tables, each a name and its columns."""
    content = {
        name: {column: {"Description": _meaning(name, column)} for column in columns} for name, columns in tables
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _meaning(table: str, column: str) -> str:
    if column == KEY:
        return "names the session; joins the tables"
    known = COLUMNS[table].get(column)
    if known is not None:
        return known
    return f"mean level of the compensator {column.removeprefix('mean_').removesuffix('_pct')}, % of its reference"
