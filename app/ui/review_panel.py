"""What the Review page asks: which channel of a foreign file is which, and by what to judge a recording once more."""

from pathlib import Path
from typing import Final

import msgspec
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme, programme_ids
from app.session.events import SIDES
from app.session.programme import Programme
from app.ui import review_words
from app.ui.past import Asks
from app.ui.theme import Colours
from app.ui.widgets.settings_panel import SettingsPanel

_TITLE: Final = mark("Which channel is which?")


class ReviewPanel(SettingsPanel):
    """The questions.

    Attributes
    ----------
    mapped : signal of Path and str
        The file, and its ``map=``.
    planned : signal of SessionPlan
    """

    mapped = pyqtSignal(object, str)
    planned = pyqtSignal(object)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Settings"), parent)
        self._path: Path | None = None
        self._goals: tuple[float, ...] = ()
        self.agreed.connect(self._on_agreed)

    def ask_map(self, asks: Asks) -> None:
        """Ask which channel lies where."""
        self._path = asks.path
        settings = review_words.channel_settings(asks.channels, asks.proposed)
        self.ask(_(_TITLE), _(review_words.WHICH_CHANNEL, name=asks.path.name), settings, _("Open"))

    def ask_plan(self, programme: Programme) -> None:
        """Ask by what to judge, beginning with what it was judged by."""
        self._path = None
        known = {name: load_programme(name) for name in programme_ids()}
        self._goals, settings = review_words.settings_of(programme, known)
        self.ask(_("Score again"), _(review_words.SCORE_AGAIN), settings, _("Score"))

    def _on_agreed(self, chosen: tuple[int, ...]) -> None:
        if self._path is not None:
            sides = zip(SIDES, chosen, strict=True)
            self.mapped.emit(self._path, ",".join(f"{side}:{number}" for side, number in sides if number))
        else:
            programme = load_programme(programme_ids()[chosen[0]])
            programme = msgspec.structs.replace(programme, target_pct=self._goals[chosen[1]])
            self.planned.emit(SessionPlan(programme, calibration="none" if chosen[2] else "carried"))
