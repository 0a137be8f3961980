"""Words, numbers and dates of a report in the language of whoever reads it.

The English text is the key, as with gettext, so that the table of `app.report.german` can become a ``.po`` file as it
is. Pure.
"""

from datetime import date, datetime
from typing import Final, Literal

from app.report.german import GERMAN, GERMAN_MONTHS
from app.session.events import Side

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "de")
THIN: Final = "\u2009"
MINUS: Final = "\u2212"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Words:
    """Turns the texts of the report into one language.

    Parameters
    ----------
    language : {'en', 'de'}
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._table = GERMAN if language == "de" else {}
        self._months = GERMAN_MONTHS if language == "de" else _MONTHS

    def __call__(self, text: str, **values: str) -> str:
        """Translate a text and fill in its values; what has no translation stays English."""
        return self._table.get(text, text).format(**values)

    def count(self, number: int, one: str, many: str) -> str:
        """Translate ``1 squeeze`` or ``{n} squeezes``."""
        return self(one if number == 1 else many, n=str(number))

    def side(self, side: Side, *, capital: bool = False) -> str:
        """Name a side, at the beginning of a sentence with a capital."""
        word = self(side)
        return word.capitalize() if capital else word

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with the decimal mark of the language and a true minus; never ``-0``."""
        text = f"{value:.{digits}f}"
        if not float(text):
            text = text.removeprefix("-")
        text = text.replace("-", MINUS)
        return text.replace(".", ",") if self.language == "de" else text

    def percent(self, value: float, digits: int = 0) -> str:
        """Write a share with the thin space that belongs before the sign."""
        return f"{self.number(value, digits)}{THIN}%"

    def day(self, day: date, *, short: bool = False) -> str:
        """Write a day: ``20 November 2026``, or ``20 Nov`` on an axis."""
        month = self._months[day.month - 1]
        dot = "." if self.language == "de" else ""
        return f"{day.day}{dot} {month[:3]}" if short else f"{day.day}{dot} {month} {day.year}"

    def moment(self, moment: datetime) -> str:
        """Write a moment to the minute, with its time zone where that is UTC."""
        offset = moment.utcoffset()
        zone = " UTC" if offset is not None and not offset else ""
        return f"{self.day(moment.date())}, {moment:%H:%M}{zone}"

    def seconds(self, seconds: float) -> str:
        """Write a length of time: ``12.3 s``, ``4 min 5 s``."""
        if seconds < 60.0:
            return f"{self.number(seconds, 1)} s"
        return f"{int(seconds) // 60} min {int(seconds) % 60} s"
