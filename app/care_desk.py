"""`CareDesk`: what a living person is asked before and after a session (design, section 9), and what follows from it.

Nobody who is simulated or replayed is asked anything.
"""

import logging
from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec

from app.language import mark
from app.session.care import CareCheck, CareQuestion, CareRating, CareStep, today_ends
from app.settings import Settings

CLEARED_NOTE: Final = mark("The check before the first session has a yes that a therapist cleared on {day}.")

_log = logging.getLogger(__name__)


class CareDesk:
    """Asks one person, once per run of the application, and keeps what was answered.

    Parameters
    ----------
    settings : Settings
    person : str
        Code of the person; empty for whoever uses this computer without one.
    begin : callable
        Begins the session that waited; returns at once.
    rate : callable
        Puts a rating into the running session; returns at once.

    Attributes
    ----------
    began : bool
        Whether a session of a living person was let begin.
    step : str or None
        What the window asks now; None if nothing.
    pain_before : int or None
        What was said before the session; None if it was skipped.
    """

    def __init__(
        self, settings: Settings, person: str, begin: Callable[[], None], rate: Callable[[CareRating, int], None]
    ) -> None:
        self._settings = settings
        self._person = person
        self._begin = begin
        self._rate = rate
        self.began = False
        self.step: CareStep | None = None
        self.pain_before: int | None = None

    @property
    def check(self) -> CareCheck:
        """What the person answered so far."""
        return self._settings.care_of(self._person)

    @property
    def note(self) -> str:
        """What the session is to keep of the check; empty if nothing had to be cleared."""
        check = self.check
        return CLEARED_NOTE.format(day=check.cleared) if check.yes and check.cleared else ""

    def admits(self) -> bool:
        """Whether a session of a living person may begin; if not, `step` says what is asked first."""
        if not self.began:
            self.step = "pain-before" if self.check.passed else "check"
        return self.began

    def meet(self, person: str) -> None:
        """Another person is here: nothing that was asked before holds for them."""
        self._person = person
        self.began = False
        self.step = None
        self.pain_before = None

    def ask_anew(self) -> None:
        """Ask everything once more before the next session, because a plan was opened (design, section 9)."""
        self._settings.keep_care(msgspec.structs.replace(self.check, answers={}, cleared=""))
        self.meet(self._person)

    def forget(self) -> None:
        """Nobody is asked any more: what waited is no living person's session now."""
        self.step = None

    def answer(self, question: CareQuestion, *, yes: bool) -> None:
        """Keep one answer; whatever a therapist cleared, they cleared for the answers of then."""
        check = self.check
        if check.answers.get(question) is not yes:
            self._settings.keep_care(CareCheck({**check.answers, question: yes}, self._person))

    def clear(self) -> None:
        """A therapist clears what was answered with yes."""
        cleared = msgspec.structs.replace(self.check, cleared=date.today().isoformat())
        _log.info("a therapist cleared %s", ", ".join(cleared.yes))
        self._settings.keep_care(cleared)

    def go_on(self) -> None:
        """Go on from the check, if nothing holds the session back."""
        if self.step == "check" and self.check.passed:
            self.step = "pain-before"

    def ask_after(self) -> bool:
        """Ask how much pain there is after the session; False where nobody was asked before."""
        if self.began and self.step is None:
            self.step = "pain-after"
        return self.step in ("pain-after", "effort-after")

    def rate_pain(self, pain: int | None) -> None:
        """Take the pain, 0 to 10, or None if the person skips it."""
        after = self.step == "pain-after"
        if not after and self.step != "pain-before":
            return
        if pain is not None and after:
            self._rate("pain", pain)
        if pain is not None and today_ends(pain, self.pain_before if after else None):
            self.step = "today-ends"
            return
        self.step = "effort-after" if after else None
        if not after:
            self.pain_before = pain
            self.began = True
            self._begin()

    def rate_effort(self, effort: int | None) -> None:
        """Take how hard the session was, 0 to 10, or None if the person skips it."""
        if self.step == "effort-after":
            self.step = None
            if effort is not None:
                self._rate("effort", effort)
