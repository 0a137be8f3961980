"""What the eye is led to: which line stands in the place of the cue, and which pillars are lit.

One place decides both, so that they can never disagree. Its clock is the source time of the snapshots.
"""

from dataclasses import dataclass, replace
from typing import Literal

from app.language import _
from app.pipeline.snapshot import SideView, Snapshot
from app.session.events import SIDES, Side
from app.ui import words
from app.ui.waiting_words import waiting_line

Mode = Literal["lost", "due", "lit", "rest"]
LEAST_STAND_S = 0.5
"""Cue and light change at most twice a second: a quiet line waits that long, a cue never waits."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What stands now.

    Attributes
    ----------
    line : Line
    modes : dict of side to str
        ``lost`` (hatched), ``due`` (addressed: outline and what is missing), ``lit`` (full) or ``rest`` (stepped
        back).
    lost_s : float
        Seconds since the first of the lost sides went; 0 if none is lost.
    """

    line: words.Line
    modes: dict[Side, Mode]
    lost_s: float


class Watch:
    """Decides from one snapshot to the next."""

    def __init__(self) -> None:
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._line = words.Line("", "")
        self._since_s = float("-inf")
        self._lost_since_s: dict[Side, float] = {}

    def look(self, snapshot: Snapshot) -> Attention:
        """Take the next snapshot; going back in source time (another recording) starts anew."""
        now_s = snapshot.t_s
        if now_s < self._since_s:
            self._begin_anew()
        lost = {side: view for side, view in snapshot.sides.items() if view.state == "no-signal"}
        self._lost_since_s = {side: self._lost_since_s.get(side, now_s) for side in lost}
        wanted = self._wanted(snapshot, lost)
        if wanted != self._line and (not wanted.quiet or now_s - self._since_s >= LEAST_STAND_S):
            self._line, self._since_s = wanted, now_s
        return Attention(
            self._line,
            {side: _mode(side, snapshot) for side in SIDES if side in snapshot.sides},
            now_s - min(self._lost_since_s.values(), default=now_s),
        )

    @staticmethod
    def _wanted(snapshot: Snapshot, lost: dict[Side, SideView]) -> words.Line:
        if lost and snapshot.progress.stage not in ("stopped", "finished"):
            return words.lost_line(lost)
        waiting = waiting_line(snapshot)
        if waiting is not None:
            return waiting
        if snapshot.cue is not None:
            return words.cue_line(snapshot.cue, snapshot.flags.compensating, snapshot.hint)
        return replace(words.neutral_line(snapshot), hint=_(snapshot.hint or snapshot.progress.ask))


def _mode(side: Side, snapshot: Snapshot) -> Mode:
    if snapshot.sides[side].state == "no-signal":
        return "lost"
    if snapshot.progress.stage == "paused":
        return "rest"
    cue = snapshot.cue
    if cue is not None and cue.side in (side, "both"):
        # a compensator is cued: its glute is in order, so it is lit and nothing is missing
        return "lit" if cue.kind == "compensating" else "due"
    if snapshot.together and snapshot.progress.scheme in (side, "both"):
        return "lit"
    return "rest"
