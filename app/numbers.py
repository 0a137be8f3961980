"""Numbers, days and times as a language writes them. Without a language: in that of whoever reads."""

from datetime import date, datetime
from typing import Final

from app.language import Language, language, localised, mark, text_in

THIN: Final = "\u2009"
_MONTHS: Final = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"), mark("July"),
    mark("August"), mark("September"), mark("October"), mark("November"), mark("December"),
)  # fmt: skip


def number(value: float, digits: int = 0, reader: Language | None = None) -> str:
    """Write a number with the decimal mark of the language and a true minus; never ``-0``."""
    text = f"{value:.{digits}f}"
    if not float(text):
        text = text.removeprefix("-")
    return localised(text, reader or language())


def percent(value: float, digits: int = 0, reader: Language | None = None) -> str:
    """Write a share with the thin space that belongs before the sign."""
    return f"{number(value, digits, reader)}{THIN}%"


def day(day: date, reader: Language | None = None) -> str:
    """Write a day of the year: ``20 November``, ``20. November``."""
    reader = reader or language()
    return f"{day.day}{'.' if reader == 'de' else ''} {text_in(reader, _MONTHS[day.month - 1])}"


def short_day(day_: date, reader: Language | None = None) -> str:
    """Write a day as on an axis: ``20 Nov``, ``20. Nov``."""
    number_, month = day(day_, reader).split()
    return f"{number_} {month[:3]}"


def whole_day(day_: date, reader: Language | None = None) -> str:
    """Write a day with its year: ``20 November 2026``."""
    return f"{day(day_, reader)} {day_.year}"


def moment(moment: datetime, reader: Language | None = None) -> str:
    """Write a moment to the minute, with its time zone where that is UTC."""
    offset = moment.utcoffset()
    zone = " UTC" if offset is not None and not offset else ""
    return f"{whole_day(moment.date(), reader)}, {moment:%H:%M}{zone}"


def length_of_time(seconds: float, reader: Language | None = None) -> str:
    """Write a length of time: ``12.3 s``, ``4 min 5 s``."""
    if seconds < 60.0:
        return f"{number(seconds, 1, reader)} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
