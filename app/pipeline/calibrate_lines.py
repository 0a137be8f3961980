"""The lines of ``glutewake calibrate --json``; those of a session (`app.session.events`) come between them."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from app.session.calibrating.view import CalibrationView, Key, Kind, Phase, QuestionId, StepId
from app.session.calibration import Calibration, SideResult
from app.session.events import Gap, LinkChanged, Note, Quality, SessionStarted, Side, SideOrBoth


class QuestionLine(msgspec.Struct, frozen=True):
    """What is asked, and the keys that answer it."""

    id: QuestionId
    side: Side | None
    text: str
    answers: dict[str, str]


class StepLine(msgspec.Struct, frozen=True, tag_field="type", tag="step"):
    """Something of a calibration changed that somebody should see; times in seconds from the start of the source."""

    t_s: float
    kind: Kind
    step: StepId
    number: int
    total: int
    side: SideOrBoth | None
    position: str
    phase: Phase
    line: str
    detail: str
    step_left_s: float
    total_left_s: float
    results: dict[Side, SideResult]
    sentences: list[str]
    question: QuestionLine | None
    keys: list[Key]
    space: Key | None
    paused: bool
    interrupted: str
    exchanged: bool


class CalibrationLine(msgspec.Struct, frozen=True, tag_field="type", tag="calibration"):
    """The last line; levels of the record are in volts, or counts where the gain is unknown."""

    t_s: float
    kind: Kind
    results: dict[Side, SideResult]
    sentences: list[str]
    exchanged: bool
    record: Calibration | None
    kept: str | None
    """Where the record lies; None if there is none."""
    source: list[str]
    """The sources to use from now on: other ones where left and right were exchanged."""


AnyLine = SessionStarted | Quality | LinkChanged | Gap | Note | StepLine | CalibrationLine
ENCODER: Final = msgspec.json.Encoder()


def step_line(view: CalibrationView, t_s: float) -> StepLine:
    """Make the line of a view."""
    question = view.question
    return StepLine(
        t_s=round(t_s, 3),
        kind=view.kind,
        step=view.step,
        number=view.number,
        total=view.total,
        side=view.side,
        position=view.position,
        phase=view.phase,
        line=view.line,
        detail=view.detail,
        step_left_s=view.step_left_s,
        total_left_s=view.total_left_s,
        results=dict(view.results),
        sentences=list(view.sentences),
        question=None
        if question is None
        else QuestionLine(
            question.id, question.side, question.text, {str(key): text for key, text in question.answers}
        ),
        keys=list(view.keys),
        space=view.space,
        paused=view.paused,
        interrupted=view.interrupted,
        exchanged=view.exchanged,
    )


def calibration_line(
    view: CalibrationView, record: Calibration | None, kept: str | None, source: Sequence[str], t_s: float
) -> CalibrationLine:
    """Make the last line."""
    return CalibrationLine(
        t_s=round(t_s, 3),
        kind=view.kind,
        results=dict(view.results),
        sentences=list(view.sentences),
        exchanged=view.exchanged,
        record=record,
        kept=kept,
        source=list(source),
    )


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema of one line."""
    schema = msgspec.json.schema(AnyLine)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "glutewake calibrate --json", **schema}
