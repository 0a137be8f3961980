"""The steps that stand in place of every page until they are answered: care for the person, then the mains."""

from collections.abc import Callable

from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui.care_page import CarePage
from app.ui.pain_page import PainPage
from app.ui.safety_page import SafetyPage
from app.ui.source import SessionSource
from app.ui.theme import Colours
from app.ui.widgets.buttons import KeyButton


class Steps:
    """Knows which step is due.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    close_window : callable
        What is left to do where the day is over.
    parent : QWidget
        The window that they stand in.
    """

    def __init__(
        self, colours: Colours, source: SessionSource, close_window: Callable[[], None], parent: QWidget
    ) -> None:
        self._source = source
        simulate = KeyButton(colours, _("Use the simulated person"), "S")
        simulate.clicked.connect(source.sensors.simulate)
        self.care = CarePage(colours, source.care, simulate, parent)
        self.pain = PainPage(colours, source.care, close_window, parent)
        self.safety = SafetyPage(colours, source.answer_mains, parent)
        self.all: tuple[QWidget, ...] = (self.care, self.pain, self.safety)
        for step in self.all:
            step.hide()

    @property
    def shown(self) -> QWidget | None:
        """The step that stands there now."""
        return next((step for step in self.all if not step.isHidden()), None)

    def look(self) -> bool:
        """Show the step that is due, or none; True if that changed."""
        before, due = self.shown, self._due()
        if due is before:
            return False
        for step in self.all:
            step.setVisible(step is due)
        if due is not None:
            due.raise_()
            due.setFocus()  # no button is marked unasked
        return True

    def _due(self) -> QWidget | None:
        asked, power = self._source.care.step, self._source.mains_question()
        if asked == "check":
            self.care.look()
            return self.care
        if asked is not None:
            self.pain.show_step(asked)
            return self.pain
        if power is not None:
            self.safety.show_power(power)
            return self.safety
        return None
