"""The questions that no signal answers: when each is open, and what an answer changes."""

from app.session.calibrating.findings import Findings
from app.session.calibrating.steps import Step
from app.session.calibrating.view import PAIN_KEYS, Key, Question
from app.session.calibration import ALIKE_REFERENCES
from app.session.events import OTHER, Side

_SCALE_KEYS: dict[Key, Side] = {"scale-left": "left", "scale-right": "right"}


class Questions:
    """Asks, and takes answers.

    Parameters
    ----------
    findings : Findings
        What is asked comes from them, and answers go into them.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._keeps_own_scale = False

    def asks_hardened(self, side: Side) -> bool:
        """Whether somebody has to feel if a side hardens."""
        return side not in self._findings.hardened and self._findings.is_at_rest_level(side)

    def _asks_exchanged(self) -> bool:
        return not self._findings.left_as_they_are and self._findings.seem_exchanged()

    def has_open(self) -> bool:
        """Whether an answer is worth waiting for."""
        return self._asks_exchanged() or any(map(self.asks_hardened, self._findings.sides))

    def newest(self, step: Step, *, finished: bool) -> Question | None:
        """The question that stands now, the most important first; None if there is none."""
        if step.id == "pain" and not finished:
            answers = tuple((key, key.removeprefix("pain-")) for key in PAIN_KEYS)
            return Question("pain", None, "How much does it hurt now, from 0 (not at all) to 10?", answers)
        if self._asks_exchanged():
            return Question(
                "swapped",
                None,
                "The left pad seems to lie on the right cheek, and the right one on the left: exchange them?",
                (("swap", "Exchange left and right"), ("no", "Leave them")),
            )
        for side in self._findings.sides:
            if self.asks_hardened(side):
                return Question(
                    "hardened",
                    side,
                    f"Two fingers on the middle of the {side} cheek, squeeze: did it harden?",
                    (("yes", "Yes, it hardened"), ("no", "No, it stayed soft")),
                )
        return self._scale_question() if finished else None

    def _scale_question(self) -> Question | None:
        ratio = self._findings.ratio()
        if ratio is None or ALIKE_REFERENCES[0] <= ratio <= ALIKE_REFERENCES[1]:
            return None
        if self._keeps_own_scale or self._findings.scale:
            return None
        side: Side = "left" if ratio < 1.0 else "right"
        key: Key = "scale-left" if side == "left" else "scale-right"
        return Question(
            "scale",
            side,
            f"Show the {side} on the {OTHER[side]}'s scale?",
            ((key, f"Scale the {side} to the {OTHER[side]}"), ("no", "Keep its own")),
        )

    def take(self, key: Key) -> str | None:
        """Take an answer to the question that stands; None if the key is none, else what to write down, or ''."""
        findings = self._findings
        if key == "swap":
            findings.exchanged = not findings.exchanged
            findings.hardened.clear()
            findings.scale.clear()
            return "Left and right exchanged."
        if key in _SCALE_KEYS:
            side = _SCALE_KEYS[key]
            findings.scale[side] = OTHER[side]
            return f"By choice the {side} is shown on the {OTHER[side]}'s scale."
        if key not in ("yes", "no"):
            return None
        if self._asks_exchanged():
            findings.left_as_they_are = key == "no"
            return "Left and right left as they are."
        for side in findings.sides:
            if self.asks_hardened(side):
                findings.hardened[side] = key == "yes"
                return f"The {side} cheek {'hardened' if key == 'yes' else 'stayed soft'}."
        self._keeps_own_scale = True
        return "Each side keeps its own scale."
