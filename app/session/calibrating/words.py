"""What a calibration says beside the lines of its steps and its findings."""

from typing import Final

from app.session.calibrating.steps import N_TRIES, Step
from app.session.calibrating.view import Key, Kind, Question
from app.session.calibration import Calibration
from app.session.events import Side

TODAY_ENDS: Final = (
    "More than 5 of 10 hurts: today ends here. Nothing was changed; if it stays, ask your clinician before you go on."
)
HURT: Final = (
    "It hurts: that try is cancelled, and nobody asks for a maximum any more. Stop altogether whenever you want."
)


def done(record: Calibration | None, kind: Kind, question: Question | None) -> str:
    """The line at the end."""
    if question is not None and question.id != "scale":
        return "Done, but for one answer."
    if kind == "clench-test":
        return "Done. Do it again next week, in the same position, to see what changes."
    if record is None:
        return "Nothing was measured; check the contact and begin again."
    return "Done. Keep the pads on and begin the exercise."


def space(question: Question | None) -> Key | None:
    """What the space bar answers; None where there is nothing that it could say for anybody."""
    if question is None or question.id == "pain":
        return None
    return "swap" if question.id == "swapped" else "no"


def detail(step: Step, to_feel: list[Side]) -> str:
    """The small line beneath that of a step."""
    if step.id in ("squeeze-left", "squeeze-right"):
        return "It is fine if the other side joins in, or nothing comes yet."
    if step.id == "squeeze-both":
        if not to_feel:
            return f"Squeeze {step.turn} of {N_TRIES}."
        if len(to_feel) > 1:
            return f"Squeeze {step.turn} of {N_TRIES}. Two fingers on the middle of each cheek: do they harden?"
        return f"Squeeze {step.turn} of {N_TRIES}. Two fingers on the middle of the {to_feel[0]} cheek: does it harden?"
    if step.id.startswith("mvc"):
        return f"{step.position.capitalize()}. Try {step.turn}. Stop at once if it hurts."
    if step.id.startswith("tap"):
        return "Only that pad; leave the muscles soft."
    return ""


def link_lost(why: str) -> str:
    """Nothing comes from the source any more."""
    return (
        f"{why.rstrip('.') or 'The sensor is silent'}. Finished steps are kept; this one begins anew when it is back."
    )


def signal_lost(side: Side | None, remedy: str) -> str:
    """A side has lost its signal."""
    name = side.capitalize() if side is not None else "The signal"
    return f"{name}: {remedy or 'lost for a moment.'} Finished steps are kept; this one begins anew by itself."
