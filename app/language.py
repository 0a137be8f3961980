"""Texts in the language of whoever reads them, from gettext catalogues (``assets/translations``).

The English text is the key; ``{name}`` in it is filled in after it was translated. A text that is chosen in one place
and shown in another is wrapped with `mark` where it is written and with `_` where it is shown. What goes into files for
machines (journal, JSON, tables) stays English. What the layers below say in English sentences, `app.said` translates.
"""

import gettext
import locale
import os
from functools import cache
from importlib.resources import as_file, files
from string import Formatter
from typing import Any, Final, Literal

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "de")
DOMAIN: Final = "glutewake"
MINUS: Final = "\u2212"


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Load the texts of one language; English, whose texts are the keys, has none to load."""
    with as_file(files("assets") / "translations") as folder:
        return gettext.translation(DOMAIN, folder, [language], fallback=True)


class _Reader:
    """Who reads: one attribute, read and written whole, so that any thread may ask."""

    language: Language = "en"


def use(language: Language) -> None:
    """Translate into this language from now on; what is on the screen already has to be made anew."""
    _Reader.language = language


def language() -> Language:
    """The language in force."""
    return _Reader.language


def system_language() -> Language:
    """The language that the environment asks for; English where there are no texts in it."""
    asked = (os.environ.get(variable) for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, asked), None) or locale.getlocale()[0] or ""
    return "de" if name.lower().startswith(("de", "german")) else "en"


def mark(text: str) -> str:
    """Mark a text that is translated later, where it is shown."""
    return text


def _(text: str, /, **values: object) -> str:
    """Translate a text, then fill in its values."""
    return text_in(_Reader.language, text, **values)


def n_(one: str, many: str, count: int, /, **values: object) -> str:
    """Translate what depends on a number, which is filled in as ``{n}``."""
    return plural_in(_Reader.language, one, many, count, **values)


def text_in(language: Language, text: str, /, **values: object) -> str:
    """Translate a text into a language of its own, as that of a page for somebody else."""
    translated = catalogue(language).gettext(text) if text else ""
    return _Filling(language).vformat(translated, (), values) if values else translated


def plural_in(language: Language, one: str, many: str, count: int, /, **values: object) -> str:
    """Translate what depends on a number into a language of its own."""
    return _Filling(language).vformat(catalogue(language).ngettext(one, many, count), (), {"n": count, **values})


def localised(number: str, language: Language) -> str:
    """Give a number its true minus and the decimal mark of a language."""
    number = number.replace("-", MINUS)
    return number.replace(".", ",") if language == "de" else number


class _Filling(Formatter):
    """Fills in values; numbers as the language writes them."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        text: str = super().format_field(value, format_spec)
        return localised(text, self._language) if isinstance(value, int | float) else text
