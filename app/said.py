"""Sentences that the layers below made in English, in the language of whoever reads them.

Errors, notes, contact words and the lines of a calibration arise where no language is known, and go into journals as
they are. Here a sentence is found among the texts again, its values taken out and filled into the translation, so that
a line of an old journal is understood as well as one of this moment. gettext finds a text but lists none: those with
values stand in ``assets/translations/templates.json``, which `scripts.translate` writes.
"""

import re
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import Final

import msgspec

from app.language import Language, catalogue, language, localised

_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.?!]) (?=[^a-z])")
_WHOSE: Final = re.compile(r"([A-Z][a-z]+|[A-Za-z][a-z]+ [\w/-]+): (.+)", re.DOTALL)
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_MOST_SENTENCES: Final = 6
"""So many may be one text, its values counted too; a note of hundreds must not be tried in every stretch of it."""
_LEAST_LETTERS: Final = 4
"""A text with fewer letters of its own would fit anything."""
_MANY_LETTERS: Final = 12
"""With fewer its values are but few words, or it would swallow other texts."""
_FEW_WORDS: Final = r"\S*(?: \S+){0,2}?"
_OPENS: Final = re.compile(r"[\s(=]'$")
_COUNT: Final = r"[\d.,]+"


def said(text: str) -> str:
    """Translate what came filled in.

    Parameters
    ----------
    text : str
        One English sentence or several, perhaps after a name and a colon; values in it that are texts themselves are
        translated too. What no catalogue knows is returned as it is.
    """
    return _said(text, language()) if text else ""


@lru_cache(maxsize=512)
def _said(text: str, language: Language) -> str:
    if not text.strip():  # to gettext, which has its header there, the empty text is no text
        return text
    if _NUMBER.fullmatch(text):
        return localised(text, language)
    whole = _whole(text, language)
    if whole is not None:
        return whole
    if _BETWEEN_SENTENCES.search(text):
        return _said_in_turn(text, language)
    whose = _WHOSE.fullmatch(text)
    if whose:
        return f"{_said(whose[1], language)}: {_said(whose[2], language)}"
    listed = text.split(", ")
    return ", ".join(_said(one, language) for one in listed) if len(listed) > 1 else text


def _said_in_turn(text: str, language: Language) -> str:
    """Translate sentences one after the other; several may be one text, so the longest is tried first."""
    ends = [*(found.start() for found in _BETWEEN_SENTENCES.finditer(text)), len(text)]
    parts, start, at = list[str](), 0, 0
    while at < len(ends):
        for last in range(min(at + _MOST_SENTENCES, len(ends)) - 1, at - 1, -1):
            whole = _whole(text[start : ends[last]], language)
            if whole is not None:
                break
        else:
            last, alone = at, text[start : ends[at]]
            whole = _said(alone, language) if at == len(ends) - 1 else alone
        parts.append(whole)
        start, at = ends[last] + 1, last + 1
    return " ".join(parts)


def _whole(text: str, language: Language) -> str | None:
    """Translate one text of the catalogue, filled in or not; None if it is none."""
    if language == "en":
        return text
    texts = catalogue(language)
    known = texts.gettext(text)
    if known != text:
        return known
    for pattern, translated, quoted in _patterns(language):
        if found := pattern.fullmatch(text):
            values = found.groupdict().items()
            return translated.format(
                **{name: value if name in quoted else _said(value, language) for name, value in values}
            )
    lowered = text[:1].lower() + text[1:]
    known = texts.gettext(lowered)  # a word that stands at the beginning
    return known[:1].upper() + known[1:] if known != lowered else None


@cache
def _patterns(language: Language) -> tuple[tuple[re.Pattern[str], str, Set[str]], ...]:
    """All texts with values, their translations and the values that are names; those that say most come first."""
    found = sorted((_pattern(*both) for both in _templates(language)), key=lambda one: -one[0])
    return tuple(one[1:] for one in found if one[0] >= _LEAST_LETTERS)


def _templates(language: Language) -> Iterator[tuple[str, str]]:
    """Every text with values beside its translation; what depends on a number in each of its forms."""
    listed = (files("assets") / "translations" / "templates.json").read_bytes()
    texts = catalogue(language)
    for text in msgspec.json.decode(listed, type=list[str | tuple[str, str]]):
        if isinstance(text, str):
            yield text, texts.gettext(text)
        else:
            yield from ((form, texts.ngettext(*text, count)) for count, form in enumerate(text, start=1))


def _pattern(text: str, translated: str) -> tuple[int, re.Pattern[str], str, Set[str]]:
    """Write a text as a pattern.

    Returns
    -------
    n_letters : int
        Letters of its own.
    pattern : re.Pattern
    translated : str
        Its values are plain: they come as they shall stand.
    quoted : set of str
        Values in quotation marks: names, which nobody translates.
    """
    parsed = list(Formatter().parse(text))
    n_letters = sum(letter.isalpha() for literal, *_rest in parsed for letter in literal)
    value, pattern, names = ".*?" if n_letters >= _MANY_LETTERS else _FEW_WORDS, "", set[str]()
    quoted = set[str]()
    for literal, name, spec, _conversion in parsed:
        pattern += re.escape(literal)
        if name is not None:
            pattern += f"(?P={name})" if name in names else f"(?P<{name}>{_COUNT if name == 'n' else value})"
            names.add(name)
            quoted |= {name} if _OPENS.search(literal) or pattern.startswith(f"'(?P<{name}>") else set()
            translated = translated.replace(f"{{{name}:{spec}}}", f"{{{name}}}")
    return n_letters, re.compile(pattern, re.DOTALL), translated, quoted
