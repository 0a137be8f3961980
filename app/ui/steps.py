"""The steps that stand in place of every page until they are answered: care for the person, then the mains."""

from collections.abc import Callable
from typing import Literal

from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui.care_page import CarePage
from app.ui.pain_page import PainPage
from app.ui.safety_page import SafetyPage
from app.ui.source import SessionSource
from app.ui.start_page import StartPage
from app.ui.theme import Colours
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.room import Room

StepPage = Literal["train", "calibrate", "sensors", "people"]


class Steps:
    """Knows which step is due.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    close_window : callable
        What is left to do where the day is over.
    show_page : callable
        Shows the page of this name: ``train``, ``calibrate``, ``sensors`` or ``people``.
    parent : QWidget
        The window that they stand in.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        close_window: Callable[[], None],
        show_page: Callable[[StepPage], None],
        parent: QWidget,
    ) -> None:
        self._source, self._show_page = source, show_page
        self._leads_on = False
        simulate = KeyButton(colours, _("Use the simulated person"), "S")
        simulate.clicked.connect(source.sensors.simulate)
        self.care = CarePage(colours, source.care, simulate, parent)
        self.pain = PainPage(colours, source.care, close_window, parent)
        self.safety = SafetyPage(colours, source.answer_mains, parent)
        self.start = StartPage(
            colours,
            source,
            begun=lambda: show_page("calibrate"),
            sensors=lambda: show_page("sensors"),
            others=lambda: show_page("people"),
            parent=parent,
        )
        pages: tuple[QWidget, ...] = (self.care, self.start, self.pain, self.safety)
        self.rooms = tuple(Room(page, parent) for page in pages)
        for room in self.rooms:
            room.hide()

    def go_back(self) -> bool:
        """Leave what lies over the step; False if there is nothing."""
        return self.shown is self.start and self.start.go_back()

    def begin_anew(self) -> None:
        """Another session begins: where it waits for the start page, that is where to go."""
        self._leads_on = True

    @property
    def shown(self) -> QWidget | None:
        """The step that stands there now."""
        return next((room.ground for room in self.rooms if not room.isHidden()), None)

    def look(self, *, on_train: bool) -> bool:
        """Show the step that is due, or none; True if that changed. The start page stands on Train alone."""
        if self._source.care.step == "check":
            self._leads_on = True
        elif self._source.care.step == "pain-before" and self._leads_on:
            self._leads_on = False
            if not on_train:
                self._show_page("train")
                return True
        before, due = self.shown, self._due(on_train=on_train)
        if due is before:
            return False
        for room in self.rooms:
            room.setVisible(room.ground is due)
            if room.ground is due:
                room.raise_()
                due.setFocus()  # no button is marked unasked
        return True

    def _due(self, *, on_train: bool) -> QWidget | None:
        asked, power = self._source.care.step, self._source.mains_question()
        if asked == "check":
            self.care.look()
            return self.care
        if asked == "pain-before":
            self.start.look()
            return self.start if on_train else None
        if asked is not None:
            self.pain.show_step(asked)
            return self.pain
        if power is not None:
            self.safety.show_power(power)
            return self.safety
        return None
