"""What the coach counts aloud: every fifth squeeze, the last three down, the seconds of a hold, and where sets begin.

Decided by the muscle, never by a timer of the window; words and voice are found elsewhere. Pure.
"""

from typing import Final

from app.session.events import Say
from app.session.progress import Position, ProgrammeProgress

EVERY: Final = 5
COUNTED_DOWN: Final = 3
EACH_SECOND_UP_TO_S: Final = 15.0
"""Longer holds are told every five seconds: a voice that never stops is no longer heard."""


def tell_progress(before: Position, progress: ProgrammeProgress, t_s: float) -> list[Say]:
    """Say what changed since `before`: a number, the other side's turn, a rest, the next set, or the end.

    A phase without feedback (a check) is not counted aloud: it is to be as it is without anybody's help.
    """
    at, t_s = progress.at, round(t_s, 3)
    if at == before:
        return []
    if progress.finished:
        return [Say(t_s, "finished")] if before.phase_index != at.phase_index else []
    if at.rest_until_s is not None:
        return [Say(t_s, "rest", round(at.rest_until_s - t_s))] if before.rest_until_s is None else []
    same_set = (at.phase_index, at.set_number) == (before.phase_index, before.set_number)
    if same_set and at.turn > before.turn:
        return _tell_side(progress, t_s)
    if not same_set or before.rest_until_s is not None:
        return tell_set(progress, t_s)
    if at.done <= before.done or progress.phase.feedback == "none":
        return []
    said = _tell_side(progress, t_s) if progress.takes_turns else []
    left = None if progress.total is None or progress.phase.kind == "wake-up" else progress.total - at.done
    if left is not None and left <= COUNTED_DOWN:
        return [Say(t_s, "count-down", left), *said]
    return [Say(t_s, "count", at.done), *said] if at.done % EVERY == 0 else said


def tell_set(progress: ProgrammeProgress, t_s: float) -> list[Say]:
    """Say that a set begins, and with which side."""
    return [Say(round(t_s, 3), "set", progress.set_number), *_tell_side(progress, t_s)]


def _tell_side(progress: ProgrammeProgress, t_s: float) -> list[Say]:
    return [] if progress.asked == "both" else [Say(round(t_s, 3), "side", progress.asked)]


class HoldCount:
    """The seconds of one hold, told while it lasts."""

    def __init__(self) -> None:
        self._told = 0

    def due_s(self, start_s: float, hold_s: float) -> float:
        """When the next second is told of a hold that began at `start_s`; infinity once it is over."""
        return start_s + self._told + 1 if self._told < hold_s else float("inf")

    def tell(self, t_s: float, start_s: float, hold_s: float) -> list[Say]:
        """Say what the seconds held by now call for."""
        said: list[Say] = []
        while self._told < hold_s and t_s - start_s >= self._told + 1:
            self._told += 1
            said = self._second(round(t_s, 3), hold_s)  # after a hole in the signal the newest alone is told
        return said

    def _second(self, t_s: float, hold_s: float) -> list[Say]:
        second = self._told
        if second >= hold_s:
            return [Say(t_s, "let-go")]
        if second == round(hold_s / 2) and hold_s >= EVERY:
            return [Say(t_s, "halfway")]
        if hold_s <= EACH_SECOND_UP_TO_S or second % EVERY == 0:
            return [Say(t_s, "hold-seconds", second)]
        return []
