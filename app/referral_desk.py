"""`ReferralDesk`: says once, of a side that never rose above rest, that a professional should see it; with the report.

It reads the history and writes the report on the thread ``referral``; the window asks it in the GUI thread and never
waits. No Qt until a report is written.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from app.archive import open_history
from app.history import has_history
from app.history.errors import HistoryError, UnknownPersonError
from app.language import _, language
from app.pipeline.build import SessionPlan
from app.session.care import SESSIONS_TO_REFER
from app.session.events import Side
from app.settings import Settings
from drivers.errors import UserFacingError

REPORT_NAME: Final = "for-a-professional.html"

_log = logging.getLogger(__name__)


class ReferralDesk:
    """Looks at the history of the person in force.

    Parameters
    ----------
    settings : Settings
        Keeps of which sides the person was told.
    root : callable
        Gives the folder of all recordings.
    person : callable
        Gives the code of the person; empty without one.
    """

    def __init__(self, settings: Settings, root: Callable[[], Path], person: Callable[[], str]) -> None:
        self._settings = settings
        self._root = root
        self._person = person
        self._found: tuple[str, tuple[Side, ...], Path] | None = None
        self._asked: Path | None = None
        self._news = ""

    def look(self) -> None:
        """Begin to look; returns at once."""
        if self._person():
            threading.Thread(target=self.look_now, name="referral", daemon=True).start()

    def look_now(self) -> None:
        """Look, and wait for the disk."""
        root, person = self._root(), self._person()
        if not has_history(root):
            return
        try:
            with open_history(root) as history:
                silent = history.silent_sides(person)
        except UnknownPersonError:
            return
        except HistoryError as error:
            _log.warning("%s (%s)", error.sentence, error.detail)
            return
        told = self._settings.care_of(person).referred
        sides = tuple(one.side for one in silent if one.side not in told)
        if sides:
            self._found = person, sides, root / silent[0].folder

    def take_question(self) -> str:
        """What to say and ask, once for ever; empty if there is nothing."""
        found, self._found = self._found, None
        if found is None or found[0] != self._person():
            return ""
        person, sides, self._asked = found
        check = self._settings.care_of(person)
        self._settings.keep_care(msgspec.structs.replace(check, referred=[*check.referred, *sides]))
        who = _("Both sides have") if len(sides) > 1 else _("Left has") if sides[0] == "left" else _("Right has")
        return _(
            "{who} not joined in {n} sessions with good contact: show this to a physiotherapist or doctor. "
            "Write the report for them?",
            who=who,
            n=SESSIONS_TO_REFER,
        )

    def take_news(self) -> str:
        """Where the report lies, or why there is none; once."""
        news, self._news = self._news, ""
        return news

    def accept(self) -> None:
        """Begin to write the report of the newest of these sessions; returns at once."""
        if self._asked is not None:
            threading.Thread(target=self.write, args=(self._asked,), name="referral", daemon=True).start()

    def write(self, folder: Path) -> None:
        """Write the report into the folder of a session, where it is deleted with it."""
        from app.report.make import Wish, make_report  # Qt and fonts: nobody else pays for them

        output = folder / REPORT_NAME
        try:
            output.unlink(missing_ok=True)
            wish = Wish(folder, f"file:{folder}?speed=max", output, SessionPlan(None), language=language())
            make_report(wish)
        except UserFacingError as error:
            _log.warning("%s (%s)", error.sentence, error.detail)
            self._news = error.sentence
        except OSError as error:
            _log.warning("no report: %s", error)
            self._news = _("The report cannot be written into '{folder}'.", folder=folder)
        else:
            self._news = _("The report is written: '{output}'.", output=output)
