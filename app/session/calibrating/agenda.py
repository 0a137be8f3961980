"""`Agenda`: the steps of one calibration in their order, where it stands, and what is put in or left out on the way."""

from collections.abc import Iterable, Sequence

from app.session.calibrating.steps import ANSWERS, N_TRIES, PAUSE, Step, comfortable, compensator, mvc, steps_of
from app.session.calibrating.view import Kind
from app.session.events import SIDES, Side


class Agenda:
    """Goes from step to step.

    Parameters
    ----------
    kind : Kind
    sites : sequence of str
        With an electrode.
    positions : sequence of str
        Of the maximal tries.
    """

    def __init__(self, kind: Kind, sites: Sequence[str], positions: Sequence[str]) -> None:
        self._steps = steps_of(kind, sites, positions)
        self._muscles = tuple(dict.fromkeys(site.rpartition("-")[0] for site in sites if site not in SIDES))
        self._done: frozenset[Step] = frozenset()
        self._at = 0

    @property
    def step(self) -> Step:
        """The running step."""
        return self._steps[self._at]

    @property
    def coming(self) -> tuple[Step, ...]:
        """The steps after it that will be done."""
        return tuple(self._steps[at] for at in range(self._at + 1, len(self._steps)) if not self._is_left_out(at))

    @property
    def number(self) -> int:
        """Which step runs, counted from 1."""
        return min(self._at + 1, self.total)

    @property
    def total(self) -> int:
        """How many steps there are now."""
        return sum(one is not ANSWERS for one in self._steps)

    @property
    def missing_muscles(self) -> tuple[str, ...]:
        """Helping muscles with an electrode that are asked for no squeeze of their own."""
        asked = {step.muscle for step in self._steps}
        return tuple(muscle for muscle in self._muscles if muscle not in asked)

    def advance(self) -> bool:
        """Go to the next step; False if there is none."""
        for at in range(self._at + 1, len(self._steps)):
            if not self._is_left_out(at):
                self._at = at
                return True
        return False

    def go_back(self) -> None:
        """Go to the step before, if there is one."""
        self._at = max(0, self._at - 1)

    def resume(self, done: Iterable[Step], *, comfortable_only: bool) -> None:
        """Stand where a calibration broke off: before the first step that is not done. Pain is asked anew."""
        if comfortable_only:
            self.leave_out_maximal(-1)
        self._done = frozenset(done)
        self._at = -1
        if not self.advance():
            self._at = len(self._steps) - 1

    def ask_once_more(self, side: Side, step: Step) -> None:
        """Put in a fourth try of a side, after the last of its position, so that both sides have rested."""
        more = mvc(side, N_TRIES + 1, step.position)
        if step.turn > N_TRIES or more in self._steps:
            return
        last = max(at for at, one in enumerate(self._steps) if one.position == step.position)
        self._steps[last + 1 : last + 1] = [PAUSE, more]

    def leave_out_maximal(self, after: int | None = None) -> None:
        """Put comfortable squeezes in place of every maximal try that is left."""
        at = self._at if after is None else after
        coming = [step for step in self._steps[at + 1 :] if not step.id.startswith("mvc") and step is not PAUSE]
        first = next((number for number, step in enumerate(coming) if step.muscle or step is ANSWERS), len(coming))
        coming[first:first] = [comfortable(turn) for turn in range(1, N_TRIES + 1)]
        self._steps[at + 1 :] = coming

    def add_muscles(self) -> None:
        """Go on with a squeeze of each helping muscle that had none."""
        self._steps = [step for step in self._steps if step is not ANSWERS]
        self._at = len(self._steps)
        self._steps += [*map(compensator, self.missing_muscles), ANSWERS]

    def _is_left_out(self, at: int) -> bool:
        """Whether a step was done before the calibration broke off; a pause before such a one is left out too."""
        step = self._steps[at]
        if step is PAUSE and at + 1 < len(self._steps):
            step = self._steps[at + 1]
        return step in self._done
