"""The lines of a session as rows of ``_events.tsv``, and as annotations of the BDF."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.recording.bids.bdf import Annotation
from app.session.events import (
    Act,
    Attempt,
    Cue,
    Event,
    LinkChanged,
    Note,
    Quality,
    Rating,
    Rep,
    StateChanged,
    Step,
    TargetChanged,
)

GAP: Final = "BAD_gap"
"""MNE leaves out spans whose description begins so."""

Cell = str | int | float | bool | None

COLUMNS: Final[dict[str, dict[str, object]]] = {
    "onset": {"Description": "From the first sample of this run.", "Units": "s"},
    "duration": {"Description": "0 for a moment.", "Units": "s"},
    "trial_type": {
        "Description": "What it is.",
        "Levels": {
            "attempt": "One try to squeeze, whether or not a side fired.",
            "rep": "One attempt in which at least one side fired.",
            "cue": "What the person was told.",
            "state": "The word that stood on a side's pillar changed.",
            "quality": "The judgement of one contact changed.",
            "link": "The connection of a sensor changed.",
            "target": "A target or a reference changed.",
            "rating": "A number that the person gave.",
            "act": "Somebody changed how the session went, e.g. paused it or took a rep back.",
            "step": "A calibration asks for something else from here on.",
            "note": "Typed, or said by the application.",
            GAP: "Samples are missing here; the file holds zeros in their place.",
        },
    },
    "side": {"Description": "left, right or both; of a rep, the side that was late."},
    "channel": {"Description": "The channels that it is about, as named in the channels table."},
    "index": {"Description": "Number of the attempt or rep, from 1."},
    "set": {"Description": "Number of the set, from 1."},
    "phase": {"Description": "Phase of the programme (check, wake-up, work or free), or of a step."},
    "counted": {"Description": "Whether the attempt or rep counts; why not stands in text."},
    "clean": {"Description": "Whether the rep was as it should be; why not stands in text."},
    "lag": {"Description": "Left onset minus right onset: positive if the left side was later.", "Units": "s"},
    "lag_ci95": {"Description": "Half width of the 95 % interval of the lag.", "Units": "s"},
    "lsi": {"Description": "Weaker over stronger side, in percent of their references.", "Units": "%"},
    "lsi_ci95": {"Description": "Half width of the 95 % interval of lsi.", "Units": "%"},
    "mean_left": {"Description": "Mean level of the left side in percent of its reference.", "Units": "%"},
    "mean_right": {"Description": "Mean level of the right side in percent of its reference.", "Units": "%"},
    "value": {"Description": "The word, verdict or number of a state, quality, link, target or rating."},
    "text": {"Description": "Anything else, in words."},
}


@dataclass(frozen=True, slots=True)
class Row:
    """Something that happened.

    Attributes
    ----------
    start_s, end_s : float
        On the time axis of the session's lines; the same for a moment.
    trial_type : str
    label : str
        What the annotation in the BDF says.
    cells : dict of str to cell
        Further columns of `COLUMNS`; what is not there is ``n/a``.
    """

    start_s: float
    end_s: float
    trial_type: str
    label: str
    cells: dict[str, Cell]


def rows_of(events: Iterable[Event]) -> Iterator[Row]:
    """Turn lines into rows; what is a fact of the whole session or of this computer alone has none."""
    for event in events:
        match event:
            case Attempt():
                cells: dict[str, Cell] = {"index": event.index, "counted": event.counted, "text": event.why}
                fired = "+".join(event.fired) or "neither"
                yield Row(event.start_s, event.end_s, "attempt", f"attempt {event.index}: {fired}", cells)
            case Rep():
                yield _rep(event)
            case Cue():
                cells = {"side": event.side, "value": event.kind, "text": event.channel}
                yield _moment(event.t_s, "cue", f"cue {event.kind} {event.side}", cells)
            case StateChanged():
                cells = {"side": event.side, "value": event.state}
                yield _moment(event.t_s, "state", f"{event.side} {event.state}", cells)
            case Quality():
                cells = {"channel": event.site, "value": event.verdict, "text": event.text}
                yield _moment(event.t_s, "quality", f"quality {event.site} {event.verdict}", cells)
            case LinkChanged():
                cells = {"value": event.state, "text": " ".join((event.stream, event.reason)).strip()}
                yield _moment(event.t_s, "link", f"link {event.stream} {event.state}", cells)
            case TargetChanged():
                cells = {"side": event.side, "value": event.pct, "text": event.why}
                yield _moment(event.t_s, "target", f"target {event.side} {event.pct:g} %", cells)
            case Rating():
                yield _moment(
                    event.t_s, "rating", f"{event.kind} {event.value:g}", {"value": event.value, "text": event.kind}
                )
            case Step():
                cells = {"side": event.side, "phase": event.phase, "value": event.step}
                yield _moment(event.t_s, "step", f"step {event.step} {event.phase}", cells)
            case Act():
                cells = {"side": event.side, "value": event.value, "text": f"{event.what} by {event.by}"}
                yield _moment(event.t_s, "act", f"{event.what} by {event.by}", cells)
            case Note():
                yield _moment(event.t_s, "note", event.text, {"text": event.text})


def annotation(start_s: float, end_s: float, text: str) -> Annotation:
    """Put it into whole microseconds."""
    onset_us = max(0, round(start_s * 1e6))
    return Annotation(onset_us, max(0, round(end_s * 1e6) - onset_us), text)


def _moment(t_s: float, trial_type: str, label: str, cells: dict[str, Cell]) -> Row:
    return Row(t_s, t_s, trial_type, label, cells)


def _rep(rep: Rep) -> Row:
    means = {f"mean_{side}": view.mean_pct for side, view in rep.sides.items() if side in ("left", "right")}
    cells: dict[str, Cell] = {
        "index": rep.index,
        "set": rep.set,
        "phase": rep.phase,
        "side": rep.late,
        "counted": rep.counted,
        "clean": rep.clean,
        "lag": _seconds(rep.lag_ms),
        "lag_ci95": _seconds(rep.lag_pm_ms),
        "lsi": rep.lsi_pct,
        "lsi_ci95": rep.lsi_pm_pct,
        "text": ", ".join(rep.not_clean) or None,
        **means,
    }
    return Row(rep.start_s, rep.end_s, "rep", f"rep {rep.index}", cells)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1e3, 6)
