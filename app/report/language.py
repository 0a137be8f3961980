"""Texts, numbers and dates of a report in the language of whoever will read the page, which may not be the window's."""

from datetime import date, datetime

from app import numbers
from app.language import Language, plural_in, text_in
from app.session.events import Side


class Words:
    """Turns the texts of the report into one language.

    Parameters
    ----------
    language : {'en', 'de'}
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, text: str, /, **values: str) -> str:
        """Translate a text and fill in its values."""
        return text_in(self.language, text, **values)

    def n_(self, one: str, many: str, count: int) -> str:
        """Translate ``{n} squeeze`` or ``{n} squeezes``."""
        return plural_in(self.language, one, many, count)

    def side(self, side: Side, *, capital: bool = False) -> str:
        """Name a side, at the beginning of a sentence with a capital."""
        word = self(side)
        return word.capitalize() if capital else word

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number; see `app.numbers`, as for all that follow."""
        return numbers.number(value, digits, self.language)

    def percent(self, value: float, digits: int = 0) -> str:
        """Write a share."""
        return numbers.percent(value, digits, self.language)

    def day(self, day: date, *, short: bool = False) -> str:
        """Write a day, with its year or as on an axis."""
        return numbers.short_day(day, self.language) if short else numbers.whole_day(day, self.language)

    def moment(self, moment: datetime) -> str:
        """Write a moment to the minute."""
        return numbers.moment(moment, self.language)

    def seconds(self, seconds: float) -> str:
        """Write a length of time."""
        return numbers.length_of_time(seconds, self.language)
