"""Where the person is in the programme: phases, sets, counts and rests. Advances by muscle, never by a clock."""

from dataclasses import dataclass

from app.session.programme import Phase, Programme

_FREE = Phase(kind="free")


@dataclass(slots=True)
class Position:
    """Phase, set and count, as numbers that the screen shows."""

    phase_index: int = 0
    set_number: int = 1
    done: int = 0
    phase_start_s: float = 0.0
    rest_until_s: float | None = None


class ProgrammeProgress:
    """Steps through the phases of a programme.

    Parameters
    ----------
    programme : Programme
    skip_rests : bool
        True without a window: the next set starts at once.

    Notes
    -----
    After the last phase the session goes on as free practice: squeezes are still counted and cued.
    """

    def __init__(self, programme: Programme, *, skip_rests: bool) -> None:
        self.programme = programme
        self.skip_rests = skip_rests
        self.at = Position()

    @property
    def finished(self) -> bool:
        """Whether the last phase is over."""
        return self.at.phase_index >= len(self.programme.phases)

    @property
    def phase(self) -> Phase:
        """The running phase."""
        return _FREE if self.finished else self.programme.phases[self.at.phase_index]

    @property
    def set_number(self) -> int | None:
        """Number of the running set, where the phase has sets."""
        return self.at.set_number if self.phase.kind == "work" else None

    def where(self) -> str:
        """Where the person is, as a sentence."""
        if self.finished:
            return "The programme is finished."
        if self.at.rest_until_s is not None:
            return f"Rest for {self.phase.rest_s:g} s."
        return f"Set {self.set_number} of {self.phase.sets}." if self.set_number is not None else "Wake-up."

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
        self.at.rest_until_s = None
        self._next(t_s)

    def count(self, t_s: float, *, is_rep: bool, woke: bool) -> bool:
        """Take a counted attempt into account.

        Parameters
        ----------
        t_s : float
        is_rep : bool
            Whether a glute fired in it; wake-up phases count every attempt, others reps alone.
        woke : bool
            Whether the wake-up criterion is met.

        Returns
        -------
        bool
            True if a set or phase ended with it.
        """
        phase = self.phase
        if is_rep or phase.kind == "wake-up":
            self.at.done += 1
        if phase.kind == "wake-up":
            over = woke or self.at.done >= phase.max_squeezes or t_s - self.at.phase_start_s >= phase.max_s
        else:
            over = phase.reps is not None and self.at.done >= phase.reps
        if not over:
            return False
        if phase.rest_s > 0 and not self.skip_rests and not self._is_last_set():
            self.at.rest_until_s = t_s + phase.rest_s
        else:
            self._next(t_s)
        return True

    def _is_last_set(self) -> bool:
        return self.at.phase_index == len(self.programme.phases) - 1 and self.at.set_number >= self.phase.sets

    def _next(self, t_s: float) -> None:
        more_sets = self.at.set_number < self.phase.sets
        self.at = Position(
            phase_index=self.at.phase_index + (0 if more_sets else 1),
            set_number=self.at.set_number + 1 if more_sets else 1,
            phase_start_s=t_s,
        )
