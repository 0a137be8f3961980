"""Texts in the language of whoever reads them, from gettext catalogues (``assets/translations``).

The English text is the key; ``{name}`` in it is filled in after it was translated. A text that is chosen in one place
and shown in another is wrapped with `mark` where it is written and with `_` where it is shown. What goes into files for
machines (journal, JSON, tables) stays English.
"""

import gettext
from functools import cache
from importlib.resources import as_file, files
from typing import Final, Literal

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "de")
DOMAIN: Final = "glutewake"


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


def mark(text: str) -> str:
    """Mark a text that is translated later, where it is shown."""
    return text


def _(text: str, **values: object) -> str:
    """Translate a text, then fill in its values."""
    translated = catalogue(_Reader.language).gettext(text) if text else ""
    return translated.format(**values) if values else translated


def n_(one: str, many: str, count: int, **values: object) -> str:
    """Translate what depends on a number, which is filled in as ``{n}``."""
    return catalogue(_Reader.language).ngettext(one, many, count).format(n=count, **values)
