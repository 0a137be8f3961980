"""Codes of people: what stands in files and folder names in place of a name."""

import re
from typing import Final

from app.history.errors import CodeRefusedError

LONGEST: Final = 30
_ALLOWED: Final = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_TAKEN: Final = {"unknown", "simulated"}
"""Labels that the data set uses for sessions of nobody."""


def label_of(code: str) -> str:
    """The code as a folder of the data set spells it, in small letters, since not every disk tells them apart."""
    return code.replace("-", "").lower()


def check_code(code: str) -> str:
    """Return the code if it can be one.

    Raises
    ------
    CodeRefusedError
        With what a code looks like.
    """
    if len(code) > LONGEST or not _ALLOWED.fullmatch(code):
        if not code.isprintable():
            code = ascii(code)[1:-1]  # one sentence stays one line
        raise CodeRefusedError(
            f"'{code}' cannot be a person's code: use up to {LONGEST} letters, digits and single hyphens, like P-017."
        )
    if label_of(code) in _TAKEN:
        raise CodeRefusedError(f"'{code}' stands for sessions of nobody; choose another code, like P-017.")
    return code
