"""What stands on Train at this moment: decided once, shown by the page and by the stage alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.pipeline.snapshot import Snapshot
from app.session.events import SIDES, Side
from app.ui import story_words, words
from app.ui.attention import Attention, Watch
from app.ui.waiting_words import countdown_ring, how_to_go_on
from app.ui.widgets.pillar import NOT_MEASURED, PillarView, pillar_view

NUMBER_EVERY_S: Final = 0.2
"""A bar follows the signal in the frame it arrives; a number that changed as often could not be read."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown.

    Attributes
    ----------
    snapshot : Snapshot
    attention : Attention
    ring : Ring
    pillars : dict of side to PillarView
    joined_pct : float or None
        The common goal while both sides are in time; None else.
    sentences : tuple of str
        Beneath the ring, the news first.
    """

    snapshot: Snapshot
    attention: Attention
    ring: words.Ring
    pillars: dict[Side, PillarView]
    joined_pct: float | None
    sentences: tuple[str, ...]


class Scenes:
    """Makes each scene out of a snapshot and the scene before."""

    def __init__(self) -> None:
        self._watch = Watch()
        self._numbers_s = float("-inf")
        self._rest_total_s = 0.0
        self._before: dict[Side, PillarView] = {}

    def look(self, snapshot: Snapshot, *, reasons: Mapping[Side, str]) -> Scene:
        """Take the next snapshot.

        Parameters
        ----------
        snapshot : Snapshot
            Without the sides that have no electrode.
        reasons : mapping of side to str
            Why the link of a side is not streaming, where it is not.
        """
        attention = self._watch.look(snapshot)
        progress = snapshot.progress
        self._rest_total_s = max(self._rest_total_s, progress.rest_left_s or 0.0) if progress.resting else 0.0
        ring = countdown_ring(snapshot) or words.ring(snapshot, self._rest_total_s)
        if "lost" in attention.modes.values():
            ring = replace(ring, fraction=0.0)  # the set waits: nothing goes round
        joined_pct = _joined(snapshot, attention)
        pillars = self._pillars(snapshot, attention, joined=joined_pct is not None)
        return Scene(snapshot, attention, ring, pillars, joined_pct, _sentences(snapshot, attention, ring, reasons))

    def _pillars(self, snapshot: Snapshot, attention: Attention, *, joined: bool) -> dict[Side, PillarView]:
        fresh = not 0 <= snapshot.t_s - self._numbers_s < NUMBER_EVERY_S
        if fresh:
            self._numbers_s = snapshot.t_s
        views: dict[Side, PillarView] = dict.fromkeys(SIDES, NOT_MEASURED)
        for side, mode in attention.modes.items():
            view = pillar_view(snapshot, side, mode, joined=joined)
            before = self._before.get(side)
            if not fresh and before is not None and before.word == view.word and before.number:
                view = replace(view, number=before.number)
            views[side] = view
        self._before = views
        return views


def _told(snapshot: Snapshot) -> tuple[str, ...]:
    """What happened in the set that is over."""
    if snapshot.story is not None:
        return tuple(story_words.sentences(snapshot.story))
    said = words.rest_sentence(snapshot.flags)
    return (said,) if said else ()


def _joined(snapshot: Snapshot, attention: Attention) -> float | None:
    """The common goal while both sides are in time, else None."""
    targets = [snapshot.sides[side].target_pct for side, mode in attention.modes.items() if mode == "lit"]
    shown = snapshot.method is not None and snapshot.progress.feedback != "none"
    alike = len(targets) == 2 and abs(targets[0] - targets[1]) < 0.5
    return targets[0] if snapshot.together and shown and alike else None


def _sentences(
    snapshot: Snapshot, attention: Attention, ring: words.Ring, reasons: Mapping[Side, str]
) -> tuple[str, ...]:
    lost = {side: snapshot.sides[side] for side, mode in attention.modes.items() if mode == "lost"}
    if lost and snapshot.progress.stage not in ("stopped", "finished"):
        return tuple(words.lost_block(lost, int(attention.lost_s), snapshot.progress, dict(reasons)))
    if snapshot.progress.stage == "rest":
        return _told(snapshot)
    return how_to_go_on(snapshot) or ((ring.below,) if ring.below else ())
