"""What the outcomes of the steps mean: who joins, whether pads are exchanged, rest and reference, in words.

Everything is worked out anew from the outcomes and the answers, so that redoing a step or exchanging the sides leaves
nothing behind.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np

from app.session.calibrating.measures import Outcome
from app.session.calibrating.steps import Step
from app.session.calibration import ALIKE_REFERENCES, SideResult, Try
from app.session.contact import TEXTS
from app.session.events import OTHER, SIDES, ReferenceMethod, Side, Verdict
from app.session.reference import LEAST_OVER_REST
from dsp.movement import moved_one
from dsp.quality import is_swapped
from dsp.symmetry import snr_db

FIRES_OVER_REST: Final = 2.5
"""Largest second of a squeeze over rest. A sleeping side keeps a tenth of its amplitude and stays below, a squeeze of
40 % over the noisiest usual rest is above; 6 dB, below which the contact is called too quiet, lie below too."""
OTHER_JOINS: Final = 0.25
"""Below this share of the asked side the other one only steadies the hip."""

COPY: Final = 0.5
"""Where both electrodes show one signal, the side below this share of the other one is its copy."""
_CLEAR: Final = frozenset({"ok", "hum", "crosstalk"})
_SHARED: Final = frozenset({"heartbeat", "movement"})

_KINDS: Final[Mapping[str, Literal["single", "comfortable", "mvc", "compensator"]]] = {
    "squeeze-left": "single",
    "squeeze-right": "single",
    "squeeze-both": "comfortable",
    "mvc-left": "mvc",
    "mvc-right": "mvc",
    "compensator": "compensator",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """The scale that came out.

    Attributes
    ----------
    method : ReferenceMethod
    levels : dict of str to float
    tries : dict of str to list of float
    scaled_to : dict of Side to Side
    stand_in : tuple of str
    """

    method: ReferenceMethod
    levels: dict[str, float]
    tries: dict[str, list[float]]
    scaled_to: dict[Side, Side]
    stand_in: tuple[str, ...]


@dataclass(slots=True)
class Findings:
    """Outcomes and answers so far.

    Attributes
    ----------
    sites : tuple of str
        As the sources name them.
    raw_to_uv : float or None
    exchange : mapping of str to str
        Where the electrode of each site lies if left and right are exchanged.
    outcomes : dict of Step to Outcome
        In the order in which they were finished.
    exchanged : bool
    hardened : dict of Side to bool
    scale : dict of Side to Side
        Sides to be shown on the other's scale, by choice.
    left_as_they_are : bool
        Somebody who sees the pads says that they are not exchanged.
    comfortable_only : bool
        A maximal try hurt, or none was wanted: only comfortable squeezes count.
    """

    sites: tuple[str, ...]
    raw_to_uv: float | None
    exchange: Mapping[str, str]
    outcomes: dict[Step, Outcome] = field(default_factory=dict)
    exchanged: bool = False
    hardened: dict[Side, bool] = field(default_factory=dict)
    scale: dict[Side, Side] = field(default_factory=dict)
    left_as_they_are: bool = False
    comfortable_only: bool = False

    def column(self, site: str) -> int:
        """Column of the electrode that lies on a site, exchanged sides put right; the site must have one."""
        return self.lying.index(site)

    @property
    def lying(self) -> tuple[str, ...]:
        """Where the electrodes lie, in the order of `sites`; another site than theirs once sides are exchanged."""
        return tuple(self.exchange[site] for site in self.sites) if self.exchanged else self.sites

    @property
    def sides(self) -> tuple[Side, ...]:
        """Sides with an electrode."""
        return tuple(side for side in SIDES if side in self.lying)

    def of(self, *ids: str) -> list[tuple[Step, Outcome]]:
        """Finished steps of these kinds."""
        return [(step, outcome) for step, outcome in self.outcomes.items() if step.id in ids]

    def rest(self, column: int) -> float:
        """Rest of an electrode: as measured, else the quietest stretch of any other step; NaN if nothing was."""
        measured = [outcome.quietest[column] for _, outcome in self.of("rest")]
        if measured and np.isfinite(measured[-1]):
            return float(measured[-1])
        quiet = [outcome.quietest[column] for outcome in self.outcomes.values()]
        return float(np.fmin.reduce(quiet)) if quiet else math.nan

    def fires(self, column: int, level: float) -> bool:
        """Whether a squeeze lies clearly above rest."""
        return bool(level >= FIRES_OVER_REST * self.rest(column))

    def _joins(self, side: Side, outcome: Outcome) -> bool:
        """Whether a side itself works in a squeeze: clearly above rest, and no weak copy of the other one."""
        column = self.column(side)
        own = float(outcome.best[column])
        if not self.fires(column, own):
            return False
        if OTHER[side] not in self.sides or not self._crosstalk(outcome):
            return True
        return own >= COPY * float(outcome.best[self.column(OTHER[side])])

    def _joined_ever(self, side: Side) -> bool:
        return any(self._joins(side, one) for _, one in self.of("squeeze-both", f"mvc-{side}"))

    def _crosstalk(self, outcome: Outcome) -> bool:
        """Whether one side shows the other's muscle; a heart or a movement, which both show, is none."""
        shared = {one.contacts.get(side) for _, one in self.of("rest") for side in self.sides}
        if not shared.isdisjoint(_SHARED):
            return False
        return any(outcome.contacts.get(side) == "crosstalk" for side in self.sides)

    def is_clear(self, side: Side, outcome: Outcome) -> bool:
        """Whether a side's contact was good enough that silence in a step is the muscle's."""
        return outcome.contacts.get(self.sites[self.column(side)]) in _CLEAR

    def is_at_rest_level(self, side: Side) -> bool:
        """Whether a side, asked for a squeeze with a good contact, showed none, alone nor with the other."""
        asked = self.of(f"squeeze-{side}") or self.of("squeeze-both")
        if not asked or self._joined_ever(side):
            return False
        _, outcome = asked[-1]
        level = float(outcome.best[self.column(side)])
        return math.isfinite(level) and self.is_clear(side, outcome) and not self._joins(side, outcome)

    def result(self, side: Side) -> SideResult | None:
        """What a side did when it was asked alone; None if it was not asked."""
        asked = self.of(f"squeeze-{side}")
        if not asked:
            return None
        _, outcome = asked[-1]
        own = float(outcome.best[self.column(side)])
        if math.isnan(own):
            return "no-signal"
        if not self._joins(side, outcome):
            if self._joined_ever(side):
                return "with-the-other"
            return "not-yet" if self._stayed_soft(side) else "no-signal"
        if OTHER[side] not in self.sides:
            return "alone"
        other = float(outcome.best[self.column(OTHER[side])])
        together = self._joins(OTHER[side], outcome) and other >= OTHER_JOINS * own
        return "with-the-other" if together else "alone"

    def result_of(self, side: Side, step: Step, outcome: Outcome) -> SideResult | None:
        """What a side will have done if a step ends with this outcome; nothing is kept."""
        return replace(self, outcomes={**self.outcomes, step: outcome}).result(side)

    def results(self) -> dict[Side, SideResult]:
        """Of every side that was asked."""
        found = {side: self.result(side) for side in self.sides}
        return {side: result for side, result in found.items() if result is not None}

    def seem_exchanged(self) -> bool:
        """Whether both taps, or both single squeezes, say that the pads of left and right are exchanged.

        Both must say so: one alone may be a hand that touched the wrong pad.
        """
        if len(self.sides) < 2:
            return False
        columns = self.column("left"), self.column("right")
        taps = self.of("tap-left"), self.of("tap-right")
        if all(taps):
            touched = [moved_one((float(one.moved[columns[0]]), float(one.moved[columns[1]]))) for ((_, one),) in taps]
            if None not in touched:
                return touched == [1, 0]
        singles = self.of("squeeze-left"), self.of("squeeze-right")
        if not all(singles):
            return False
        pairs = [(float(one.best[columns[0]]), float(one.best[columns[1]])) for ((_, one),) in singles]
        # Noise of unequal pads is no clench: the louder one must fire in both.
        louder = [columns[int(right > left)] for left, right in pairs]
        if not all(self.fires(column, max(pair)) for column, pair in zip(louder, pairs, strict=True)):
            return False
        return is_swapped(pairs[0], pairs[1]) is True

    def squeezes(self) -> tuple[Try, ...]:
        """Every squeeze, of the sites that were asked in it."""
        found = []
        for step, outcome in self.outcomes.items():
            if not step.is_squeeze:
                continue
            for site in self._asked(step):
                level = float(outcome.best[self.column(site)])
                if level > 0.0:
                    found.append(Try(site, _KINDS[step.id], step.position, level))
        return tuple(found)

    def _asked(self, step: Step) -> Sequence[str]:
        if step.muscle:
            return [site for site in self.lying if site.rpartition("-")[0] == step.muscle]
        return [step.side] if step.side in SIDES else list(self.sides)

    def own_tries(self, side: Side) -> list[float]:
        """The tries that a side's own reference comes from; none where no squeeze lay above rest."""
        tries = self.squeezes()
        kind = "mvc" if self._is_maximal() else "comfortable"
        own = [one for one in tries if one.site == side and one.kind == kind]
        if not own:
            return []
        best = max(own, key=lambda one: one.level)
        if not self.fires(self.column(side), best.level) or not self._joined_ever(side):
            return []
        return [one.level for one in own if one.position == best.position]

    def _own(self) -> dict[Side, list[float]]:
        found = {side: self.own_tries(side) for side in self.sides}
        return {side: tries for side, tries in found.items() if tries}

    def _stayed_soft(self, side: Side) -> bool:
        return self.is_at_rest_level(side) and self.hardened.get(side) is False

    def _is_maximal(self) -> bool:
        return not self.comfortable_only and all(self.of(f"mvc-{side}") for side in self.sides)

    def ratio(self) -> float | None:
        """Left over right of the sides' own references; None unless both have one."""
        tries = {side: self.own_tries(side) for side in self.sides}
        return max(tries["left"]) / max(tries["right"]) if len(tries) == 2 and all(tries.values()) else None

    def reference(self) -> Reference | None:
        """The scale of every site with a signal; None if no squeeze was measured."""
        own = self._own()
        squeezed = [one for one in self.squeezes() if one.site in SIDES]
        if not squeezed or (not own and not self.of("squeeze-both", "mvc-left", "mvc-right")):
            return None
        # A side of which nobody knows whether muscle or pad is silent has no reference: it would be called asleep.
        present = [side for side in self.sides if side in own or self._stayed_soft(side)]
        if not present:
            return None
        levels: dict[str, float] = {side: max(tries) for side, tries in own.items()}
        tries: dict[str, list[float]] = {str(side): own[side] for side in own}
        scaled: dict[Side, Side] = {}
        stand_in: list[str] = []
        method: ReferenceMethod = "mvc" if self._is_maximal() else "best-clench"
        if not own:
            # Nobody joins yet: one stand-in for both sides, on which no verdict rests.
            method = "session"
            rests = [rest for side in present if math.isfinite(rest := self.rest(self.column(side)))]
            common = max([one.level for one in squeezed] + [LEAST_OVER_REST * rest for rest in rests])
            levels |= dict.fromkeys(present, common)
            stand_in += present
        for side in present:
            other = OTHER[side]
            if other in own and (side not in own or self.scale.get(side) == other):
                scaled[side] = other
                levels[side], tries[side] = max(own[other]), own[other]
        for site in self.lying:
            if site not in SIDES:
                self._add_compensator(site, levels, tries, stand_in)
        return Reference(method, levels, tries, scaled, tuple(stand_in))

    def _add_compensator(
        self, site: str, levels: dict[str, float], tries: dict[str, list[float]], stand_in: list[str]
    ) -> None:
        column = self.column(site)
        own = [one.level for one in self.squeezes() if one.site == site]
        if own and self.fires(column, max(own)):
            levels[site], tries[site] = max(own), own
            return
        seen = [outcome.best[column] for outcome in self.outcomes.values()]
        level = float(np.fmax.reduce([*seen, LEAST_OVER_REST * self.rest(column)]))
        if level > 0.0:
            levels[site] = level
            stand_in.append(site)

    def rests(self) -> dict[str, float]:
        """Rest of every site that has one."""
        found = {site: self.rest(self.column(site)) for site in self.lying}
        return {site: level for site, level in found.items() if level > 0.0}

    def hums(self) -> dict[str, float]:
        """Mains at rest of every site where it was measured."""
        found = self.of("rest")
        if not found:
            return {}
        hum = {site: found[-1][1].hum.get(self.sites[self.column(site)], math.nan) for site in self.lying}
        return {site: level for site, level in hum.items() if math.isfinite(level)}

    def snrs_db(self, reference: Reference) -> dict[str, float]:
        """Own squeeze over rest of every site that has both."""
        found = {
            site: round(snr_db(max(tries), self.rest(self.column(site))), 1)
            for site, tries in reference.tries.items()
            if tries and site not in reference.scaled_to
        }
        return {site: ratio for site, ratio in found.items() if math.isfinite(ratio)}

    def unequal_tries(self, side: Side, position: str) -> bool:
        """Whether the two best maximal tries of a side in a position differ by more than a tenth."""
        levels = sorted(
            one.level for one in self.squeezes() if one.site == side and one.kind == "mvc" and one.position == position
        )
        return len(levels) > 1 and levels[-2] < 0.9 * levels[-1]

    def sentences(self) -> tuple[str, ...]:
        """Everything found so far, as sentences."""
        said = list(self._contact_sentences())
        if self.exchanged:
            said.append("Left and right were exchanged, and are put right here: exchange them for the sources too.")
        elif self.seem_exchanged() and not self.left_as_they_are:
            said.append("The two pads seem exchanged: the left one lies on the right cheek, the right one on the left.")
        for side, result in self.results().items():
            said.append(self._result_sentence(side, result))
        if any(self._crosstalk(outcome) for _, outcome in self.of("squeeze-left", "squeeze-right")):
            said.append(TEXTS["crosstalk"])
        return (*said, *self._reference_sentences())

    def _contact_sentences(self) -> list[str]:
        """What is wrong with a contact: as it was in the newest step at rest and the newest squeeze."""
        at_rest = [outcome for step, outcome in self.outcomes.items() if not step.is_squeeze]
        at_work = [outcome for step, outcome in self.outcomes.items() if step.is_squeeze]
        found: dict[tuple[str, Verdict], None] = {}
        for outcome in (*at_rest[-1:], *at_work[-1:]):
            for site in self.lying:
                verdict = outcome.contacts.get(self.sites[self.column(site)])
                if verdict not in (None, "ok", "crosstalk"):
                    found[site, verdict] = None
        return [f"{site.capitalize()}: {TEXTS[verdict]}" for site, verdict in found]

    def _result_sentence(self, side: Side, result: SideResult) -> str:
        name = side.capitalize()
        if result == "alone":
            return f"{name}: joins alone."
        if result == "with-the-other":
            return f"{name}: joins in, both sides together."
        if result == "not-yet":
            return f"{name}: not joining yet. The contact is good; the muscle comes in with practice. Go on."
        if self.hardened.get(side):
            return f"{name}: the cheek hardened and the pad did not show it. {TEXTS['too-quiet']}"
        return f"{name}: no signal yet."

    def _reference_sentences(self) -> list[str]:
        reference = self.reference()
        if reference is None or not self.of("squeeze-both", "mvc-left", "mvc-right"):
            return []
        if reference.method == "session":
            return ["Neither side joins yet: both bars share one scale, made from rest, until a squeeze is seen."]
        own = {side: max(tries) for side, tries in self._own().items()}
        unit = "µV" if self.raw_to_uv else "counts"
        said = []
        ratio = self.ratio()
        if ratio is not None:
            levels = ", ".join(f"{side} {level * (self.raw_to_uv or 1.0):.3g} {unit}" for side, level in own.items())
            said.append(
                f"Best squeezes: {levels}; left over right {ratio:.2f}. Pads, skin and what lies beneath them change "
                "this number too."
            )
            smaller: Side = "left" if ratio < 1.0 else "right"
            if not ALIKE_REFERENCES[0] <= ratio <= ALIKE_REFERENCES[1] and not reference.scaled_to:
                said.append(f"The {smaller}'s best clench is itself smaller, so its bar reads higher than it should.")
        for side, other in reference.scaled_to.items():
            why = "by choice" if side in own else f"because no squeeze of the {side} was seen yet"
            said.append(f"The {side} is shown on the {other}'s scale, {why}.")
        return said
