"""The check before the first session, and how much pain ends a day (design, section 9). Pure.

The application examines nobody: it asks, keeps yes or no, and says who is to be asked first.
"""

from typing import Final, Literal

import msgspec

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
    """

    answers: dict[CareQuestion, bool] = {}
    person: str = ""
    cleared: str = ""

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
