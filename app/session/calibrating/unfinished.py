"""`Unfinished`: a calibration that broke off, kept so that no finished step has to be done again."""

import math
from datetime import datetime
from typing import Final

import msgspec
import numpy as np

from app.session.calibrating.findings import Findings
from app.session.calibrating.measures import Outcome
from app.session.calibrating.record import About
from app.session.calibrating.steps import Step
from app.session.calibrating.view import Kind
from app.session.events import Side, Verdict
from app.session.tick import Float64Array

FOR_S: Final = 3600.0
"""After an hour nobody knows any more whether the pads stayed where they were."""

_Levels = tuple[float | None, ...]


class FinishedStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step and what it brought, see `Outcome`; None where nothing was measured."""

    step: Step
    best: _Levels
    quietest: _Levels
    moved: _Levels
    contacts: dict[str, Verdict]
    hum: dict[str, float | None]

    @classmethod
    def of(cls, step: Step, outcome: Outcome) -> "FinishedStep":
        """Keep an outcome."""
        levels = (_levels(outcome.best), _levels(outcome.quietest), _levels(outcome.moved))
        hum = {site: level if math.isfinite(level) else None for site, level in outcome.hum.items()}
        return cls(step, *levels, contacts=dict(outcome.contacts), hum=hum)

    def outcome(self) -> Outcome:
        """The outcome again."""
        hum = {site: math.nan if level is None else level for site, level in self.hum.items()}
        return Outcome(_array(self.best), _array(self.quietest), _array(self.moved), self.contacts, hum)


class Unfinished(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A calibration up to where it broke off.

    Attributes
    ----------
    kind : Kind
    sites : tuple of str
        In the order of the levels.
    device : tuple of str
        Its sources: with others nothing of it is true any more.
    person : str or None
    simulated : bool
    position : str
    total : int
        How many steps there were.
    steps : tuple of FinishedStep
    exchanged, left_as_they_are, comfortable_only : bool
    hardened : dict of side to bool
        Answers so far, as in `Findings`.
    broken_off_utc : str or None
        ISO 8601; None until it is kept.
    """

    kind: Kind
    sites: tuple[str, ...]
    device: tuple[str, ...]
    person: str | None
    simulated: bool
    position: str
    total: int
    steps: tuple[FinishedStep, ...]
    exchanged: bool = False
    left_as_they_are: bool = False
    comfortable_only: bool = False
    hardened: dict[Side, bool] = {}
    broken_off_utc: str | None = None

    def age_s(self, now: datetime) -> float:
        """Seconds since it broke off; infinite until it is kept."""
        if self.broken_off_utc is None:
            return math.inf
        return (now - datetime.fromisoformat(self.broken_off_utc)).total_seconds()

    def fits(self, kind: Kind, sites: tuple[str, ...], device: tuple[str, ...], position: str) -> bool:
        """Whether a calibration of these may go on from here."""
        return (self.kind, self.sites, self.device, self.position) == (kind, sites, device, position)


def _levels(values: Float64Array) -> _Levels:
    return tuple(value if math.isfinite(value) else None for value in values.tolist())


def _array(levels: _Levels) -> Float64Array:
    return np.array([math.nan if level is None else level for level in levels])


def broken_off(kind: Kind, about: About, findings: Findings, total: int) -> Unfinished | None:
    """Keep what was found so far; None if that is no more than the contact."""
    if all(step.id == "contact" for step in findings.outcomes):
        return None
    return Unfinished(
        kind=kind,
        sites=findings.sites,
        device=about.device,
        person=about.person,
        simulated=about.simulated,
        position=about.position,
        total=total,
        steps=tuple(FinishedStep.of(*one) for one in findings.outcomes.items()),
        exchanged=findings.exchanged,
        left_as_they_are=findings.left_as_they_are,
        comfortable_only=findings.comfortable_only,
        hardened=dict(findings.hardened),
    )


def restore(begun: Unfinished, findings: Findings) -> None:
    """Put outcomes and answers back."""
    findings.outcomes.update({one.step: one.outcome() for one in begun.steps})
    findings.exchanged, findings.left_as_they_are = begun.exchanged, begun.left_as_they_are
    findings.comfortable_only = begun.comfortable_only
    findings.hardened.update(begun.hardened)
