"""Help: opens the guide that ships (``assets/guide``) in the browser of the system, at the page of what is shown.

Where no browser can be opened it says where the guide lies.
"""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices

from app.language import _, language

PAGES: Final = ("first-session", "pads", "calibrating", "reading", "reading", "setup")
"""Page of the guide for each page of the rail: Train, Sensors, Calibrate, History, Review, Setup."""


def page_of(number: int) -> Path:
    """The file to open, in the language in force where there is one.

    Parameters
    ----------
    number : int
        Place of the page in the rail.
    """
    guide = Path(str(files("assets") / "guide"))
    own = guide / language() / f"{PAGES[number]}.html"
    return own if own.is_file() else guide / f"{PAGES[number]}.html"


def open_at(number: int, tell: Callable[[str], None]) -> None:
    """Open the guide; `tell` is given a sentence if that cannot be done."""
    path = page_of(number)
    if not path.is_file():
        tell(_("The guide is missing here; it is in the folder docs of the source code."))
    elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        tell(_("No browser could be opened. The guide is here: {path}", path=path))
