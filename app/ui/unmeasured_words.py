"""What is said, step by step, to whoever does an exercise without sensors, in the language in force."""

from dataclasses import dataclass

from app.language import _, n_
from app.session.programme import Phase, Programme


@dataclass(frozen=True, slots=True)
class GuidedStep:
    """What to do now, and how much of it; `dose` is empty where there is nothing to count."""

    words: str
    dose: str = ""

    @property
    def spoken(self) -> str:
        """All of it, for the ear."""
        return f"{self.words.rstrip('.')}. {self.dose}" if self.dose else self.words


def guided_steps(programme: Programme) -> tuple[GuidedStep, ...]:
    """The set-up, what to mind, then one phase after the other, and that it is done."""
    lines = (*programme.setup, *programme.cautions)
    phases = (GuidedStep(_asked(phase, programme), _dose(phase)) for phase in programme.phases)
    return (*(GuidedStep(_(line)) for line in lines), *phases, GuidedStep(_("Done."), _("Nothing was recorded.")))


def _asked(phase: Phase, programme: Programme) -> str:
    return _("Rest") if phase.kind == "rest" else _(phase.ask or programme.title)


def _dose(phase: Phase) -> str:
    if phase.kind == "rest":
        return _seconds(phase.rest_s)
    if phase.reps is None:
        return _("as long as you like")
    if phase.hold_s is not None:
        dose = _("{n} times {s} seconds", n=phase.reps, s=round(phase.hold_s))
    else:
        dose = n_("once", "{n} times", phase.reps)
        if phase.tempo is not None:
            squeeze, pause = _seconds(phase.tempo.squeeze_s), _seconds(phase.tempo.rest_s)
            dose = _("{dose}: squeeze for {squeeze}, let go for {pause}", dose=dose, squeeze=squeeze, pause=pause)
    if phase.sets > 1:
        dose = _("{n} sets, {dose}", n=phase.sets, dose=dose)
    return dose


def _seconds(seconds: float) -> str:
    return n_("{n} second", "{n} seconds", round(seconds))
