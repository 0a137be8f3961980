"""The check before the first session, and how much pain ends a day (design, section 9). Pure.

The application examines nobody: it asks, keeps yes or no, and says who is to be asked first.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

import msgspec

from app.session.events import Side

CareQuestion = Literal["operation", "new-hip", "prone", "skin", "nerves"]
CARE_QUESTIONS: Final[tuple[CareQuestion, ...]] = ("operation", "new-hip", "prone", "skin", "nerves")
"""In the order in which they are asked; a yes to the last one is for a doctor, today."""

CareStep = Literal["check", "pain-before", "pain-after", "effort-after", "today-ends"]
"""What is asked of a person: before the first session, before each, after each; and that the day is over."""
CareRating = Literal["pain", "effort"]

MOST_PAIN: Final = 10
PAIN_LIMIT: Final = 5
PAIN_RISE: Final = 2
"""Above the limit, or up by so much since the start, today ends."""


SESSIONS_TO_REFER: Final = 5
LEAST_ASKED: Final = 10
"""A side that never rises above rest in so many sessions, in each of which it was asked so often, is for a
professional to see."""


class CareCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person answered.

    Attributes
    ----------
    answers : dict of str to bool
        True for yes; a question that is missing is still open.
    person : str
        Code of the person; empty for whoever uses this computer without one.
    cleared : str
        Day (ISO 8601) on which a therapist cleared every yes; empty if nobody did.
    referred : list of side
        Sides of which the person was told, once, to show them to a professional.
    """

    answers: dict[CareQuestion, bool] = {}
    person: str = ""
    cleared: str = ""
    referred: list[Side] = []

    @property
    def open_questions(self) -> tuple[CareQuestion, ...]:
        """What was not answered yet."""
        return tuple(question for question in CARE_QUESTIONS if question not in self.answers)

    @property
    def yes(self) -> tuple[CareQuestion, ...]:
        """What was answered with yes."""
        return tuple(question for question in CARE_QUESTIONS if self.answers.get(question))

    @property
    def passed(self) -> bool:
        """Whether a session may begin: all is answered, and nothing with a yes that nobody cleared."""
        return not self.open_questions and (not self.yes or bool(self.cleared))


class SideInSession(NamedTuple):
    """What one side did in one session.

    Attributes
    ----------
    n_asked : int
        How often it was to squeeze.
    rose : bool
        Whether it rose above rest at all.
    good_contact : bool
        Whether its electrode was never lost.
    """

    n_asked: int
    rose: bool
    good_contact: bool


def never_rose(newest_first: Iterable[SideInSession]) -> bool:
    """Whether a side never rose above rest in the last five sessions in which its contact was good (design, section 9).

    Sessions in which it was asked fewer than ten times, or lost its contact, tell nothing, unless it rose in them.
    """
    n_silent = 0
    for session in newest_first:
        if session.rose:
            return False
        n_silent += session.good_contact and session.n_asked >= LEAST_ASKED
        if n_silent == SESSIONS_TO_REFER:
            return True
    return False


def today_ends(pain: int, before: int | None) -> bool:
    """Whether pain says that it is enough for today.

    Parameters
    ----------
    pain : int
        What the person says now, 0 to 10.
    before : int or None
        What was said at the start; None if it was skipped, or if this is the start.
    """
    return pain > PAIN_LIMIT or (before is not None and pain - before >= PAIN_RISE)
