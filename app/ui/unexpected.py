"""What is said where something happened that nobody expected: that it did, where the session is safe, what helps."""

from pathlib import Path
from typing import Final

from app.language import _, mark

HAPPENED: Final = mark("Something unexpected happened. What was recorded is safe; the details are in the log.")
ENDED: Final = mark("Something unexpected ended the session. What was recorded is safe; start the application again.")


def is_unexpected(sentence: str) -> bool:
    """Whether a sentence tells of something that nobody expected."""
    return sentence in (HAPPENED, ENDED)


def told(sentence: str, kept: Path) -> str:
    """The sentence as it is shown, with the place where the session is safe."""
    if sentence == ENDED:
        return _("Something unexpected ended the session. It is safe in '{folder}'; start again.", folder=kept)
    return _("Something unexpected happened. What was recorded is safe in '{folder}'.", folder=kept)
