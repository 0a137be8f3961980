"""Where the person is in the programme: phases, sets, turns of the sides, counts and rests.

It advances by muscle; a clock ends nothing but a planned rest, and kindly a wake-up phase.
"""

from dataclasses import dataclass, replace
from typing import Final

from app.session.events import OTHER, Scheme
from app.session.programme import Phase, Programme, ProgrammePhase

_FREE: Final = Phase(kind="free")
_OVER: Final = Phase(kind="free", feedback="none")
"""Who gets up after the last set is told nothing: no side has to join then."""
_PLACES: Final[dict[ProgrammePhase, str]] = {
    "check": "Now the check.", "wake-up": "Now the wake-up.", "rest": "Now a rest.", "free": "Now free practice.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Position:
    """Phase, set, turn and count, as numbers that the screen shows; ``again`` repeats the set after its rest."""

    phase_index: int = 0
    set_number: int = 1
    turn: int = 0
    done: int = 0
    phase_start_s: float = 0.0
    rest_until_s: float | None = None
    again: bool = False


class ProgrammeProgress:
    """Steps through the phases of a programme.

    Parameters
    ----------
    programme : Programme
    skip_rests : bool
        True without a window: the next set starts at once.

    Notes
    -----
    After the last phase the session goes on as free practice: squeezes are still counted, and without a window cued.
    """

    def __init__(self, programme: Programme, *, skip_rests: bool) -> None:
        self.programme = programme
        self.skip_rests = skip_rests
        self.at = self._entered(0, 0.0)

    @property
    def finished(self) -> bool:
        """Whether the last phase is over."""
        return self.at.phase_index >= len(self.programme.phases)

    @property
    def phase(self) -> Phase:
        """The running phase."""
        if self.finished:
            return _FREE if self.skip_rests else _OVER
        return self.programme.phases[self.at.phase_index]

    @property
    def set_number(self) -> int | None:
        """Number of the running set, where the phase has sets."""
        return self.at.set_number if self.phase.kind in ("work", "hold") else None

    @property
    def place(self) -> tuple[int, int]:
        """Numbers of phase and set, which tell one set of the session from all others."""
        return self.at.phase_index, self.at.set_number

    @property
    def total(self) -> int | None:
        """What is asked for before the set, or the turn of one side, is over; None is open-ended."""
        reps = self.phase.reps
        return 2 * reps if reps is not None and self.takes_turns else reps

    @property
    def asked(self) -> Scheme:
        """The side whose turn it is, or both."""
        first = self.programme.first
        match self._sides:
            case "single":
                return first if self.at.turn == 0 else OTHER[first]
            case "alternating":
                return first if self.at.done % 2 == 0 else OTHER[first]
            case "left":
                return "left"
            case "right":
                return "right"
        return "both"

    @property
    def takes_turns(self) -> bool:
        """Whether the sides take turns rep by rep."""
        return self._sides == "alternating"

    @property
    def _sides(self) -> str:
        return self.programme.scheme_of(self.phase)

    def where(self) -> str:
        """Where the person is, as a sentence."""
        if self.finished:
            return "The programme is finished."
        if self.at.rest_until_s is not None:
            return f"Rest for {self.phase.rest_s:g} s."
        if self.set_number is None:
            return _PLACES[self.phase.kind]
        if self.asked == "both" or self.takes_turns:
            return f"Set {self.set_number} of {self.phase.sets}."
        if self.asked == "left":
            return f"Set {self.set_number} of {self.phase.sets}, left side."
        return f"Set {self.set_number} of {self.phase.sets}, right side."

    def resting(self, t_s: float) -> bool:
        """Whether a planned rest runs at `t_s`; ends it when it is over."""
        if self.at.rest_until_s is None:
            return False
        if t_s < self.at.rest_until_s:
            return True
        self.end_rest(t_s)
        return False

    def end_rest(self, t_s: float) -> None:
        """Go on with the next set now; does nothing where no rest runs."""
        if self.at.rest_until_s is None:
            return
        if self.at.again:
            self.at = Position(self.at.phase_index, self.at.set_number, phase_start_s=t_s)
        else:
            self._next(t_s)

    def begin(self, t_s: float) -> None:
        """The first set begins now: what was waited before is no part of it."""
        self.at = self._entered(self.at.phase_index, t_s)

    def wait(self, seconds: float) -> None:
        """Leave out seconds that were waited in a pause."""
        until_s = self.at.rest_until_s
        self.at = replace(
            self.at,
            phase_start_s=self.at.phase_start_s + seconds,
            rest_until_s=None if until_s is None else until_s + seconds,
        )

    def count(self, t_s: float, *, is_rep: bool, woke: bool) -> bool:
        """Take a counted attempt into account.

        Parameters
        ----------
        t_s : float
        is_rep : bool
            Whether a glute fired in it; wake-up phases and checks count every attempt, others reps alone.
        woke : bool
            Whether the wake-up criterion is met.

        Returns
        -------
        bool
            True if a turn, set or phase ended with it.
        """
        phase, total = self.phase, self.total
        if is_rep or phase.kind in ("wake-up", "check"):
            self.at = replace(self.at, done=self.at.done + 1)
        if phase.kind == "wake-up":
            over = woke or self.at.done >= phase.max_squeezes or t_s - self.at.phase_start_s >= phase.max_s
        else:
            over = total is not None and self.at.done >= total
        if not over:
            return False
        if phase.rest_s > 0 and not self.skip_rests and (self._other_side_next or not self._is_last_set()):
            self.at = replace(self.at, rest_until_s=t_s + phase.rest_s)  # also to turn over, between the sides
        else:
            self._next(t_s)
        return True

    def repeat_set(self, t_s: float) -> bool:
        """Do the last set again: the running one, or the one before where that has not begun; after a rest that runs.

        Returns
        -------
        bool
            False if nothing was done that could be repeated.
        """
        at = self.at
        if at.rest_until_s is not None:
            self.at = replace(at, again=True)
            return True
        if at.done == 0 and at.turn == 0:
            before = self._before()
            if before is None:
                return False
            at = before
        self.at = Position(at.phase_index, at.set_number, phase_start_s=t_s)
        return True

    def _before(self) -> Position | None:
        """The set before the running one."""
        if self.at.set_number > 1:
            return replace(self.at, set_number=self.at.set_number - 1)
        for index in range(min(self.at.phase_index, len(self.programme.phases)) - 1, -1, -1):
            if self.programme.phases[index].kind != "rest":
                return Position(index, self.programme.phases[index].sets)
        return None

    def finish(self, t_s: float) -> None:
        """Leave out whatever is still to come."""
        self.at = self._entered(len(self.programme.phases), t_s)

    def _is_last_set(self) -> bool:
        return self.at.phase_index == len(self.programme.phases) - 1 and self.at.set_number >= self.phase.sets

    @property
    def _other_side_next(self) -> bool:
        return self._sides == "single" and self.at.turn == 0 and self.phase.kind != "rest"

    def _next(self, t_s: float) -> None:
        if self._other_side_next:
            self.at = replace(self.at, turn=1, done=0, rest_until_s=None)
        elif self.at.set_number < self.phase.sets and self.phase.kind != "rest":
            self.at = Position(self.at.phase_index, self.at.set_number + 1, phase_start_s=t_s)
        else:
            self.at = self._entered(self.at.phase_index + 1, t_s)

    def _entered(self, index: int, t_s: float) -> Position:
        """The beginning of a phase; phases of rest are skipped with all rests."""
        phases = self.programme.phases
        while index < len(phases) and phases[index].kind == "rest" and self.skip_rests:
            index += 1
        is_rest = index < len(phases) and phases[index].kind == "rest"
        return Position(index, phase_start_s=t_s, rest_until_s=t_s + phases[index].rest_s if is_rest else None)
