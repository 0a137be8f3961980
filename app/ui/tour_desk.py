"""When the tour is shown: unasked once, at the first start on the simulated person, and whenever it is asked for."""

from collections.abc import Callable
from functools import reduce
from typing import Final

from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtWidgets import QWidget

from app.session.events import Side
from app.ui.asking import Asking
from app.ui.source import SessionSource
from app.ui.tour import Tour
from app.ui.tour_words import Place
from app.ui.train_page import TrainPage

_BESIDE: Final = 44


class TourDesk:
    """Shows the tour over a window and takes it away.

    Parameters
    ----------
    source : SessionSource
    window : QWidget
    changed : callable
        Is told when the tour begins and when it is over.
    train : TrainPage
    rail : QWidget
    asking : Asking
        What stands in its notice is read first: the tour would dim it.
    """

    def __init__(
        self,
        source: SessionSource,
        window: QWidget,
        changed: Callable[[], None],
        train: TrainPage,
        rail: QWidget,
        asking: Asking,
    ) -> None:
        self._source, self._window, self._changed, self._asking = source, window, changed, asking
        self.tour: Tour | None = None
        self._asked_for = False

        def around(*parts: QWidget) -> Callable[[], QRect]:
            return lambda: reduce(QRect.united, (QRect(one.mapTo(window, QPoint()), one.size()) for one in parts))

        self._train = train
        self._places: dict[Place, Callable[[], QRect]] = {
            "left": lambda: self._around_pillar("left"),
            "right": lambda: self._around_pillar("right"),
            "cue": around(train.cue),
            "ring": around(train.ring),
            "numbers": around(train.symmetry, train.lag),
            "rail": around(rail),
        }

    def _around_pillar(self, side: Side) -> QRect:
        """A pillar with its title, its scale and its number, and nothing of what stands beside it."""
        train, layout = self._train, self._train.layout_now
        bar = (layout.left if side == "left" else layout.right).toRect()
        whole = train.pillars[side].geometry()
        box = QRect(bar.x() - _BESIDE, whole.y(), bar.width() + 2 * _BESIDE, whole.height()).intersected(train.rect())
        return box.translated(train.mapTo(self._window, QPoint()))

    @property
    def runs(self) -> bool:
        """Whether it is shown."""
        return self.tour is not None

    def look(self) -> None:
        """Begin if it was asked for, or unasked if this is the first start; not before a notice was read."""
        if (self._asked_for or self._source.first_start) and self._asking.is_free:
            self._begin()

    def take(self, confirm: Callable[[Callable[[], None]], None]) -> None:
        """Begin as the person asked for it; a session of a living person ends before, once that is agreed to."""
        if self._source.sign:
            self._ask_for()
        else:
            confirm(self._simulate)

    def place(self) -> None:
        """Cover the window."""
        if self.tour is not None:
            self.tour.setGeometry(self._window.rect())

    def end(self) -> None:
        """Take it away, and never show it again unasked."""
        if self.tour is not None:
            self.tour.hide()
            self.tour.deleteLater()
            self.tour = None
            self._source.setup.change(tour_taken=True)
            self._changed()
            self._window.setFocus()

    def _simulate(self) -> None:
        self._source.sensors.simulate()
        self._ask_for()

    def _ask_for(self) -> None:
        self._asked_for = True
        self.look()

    def _begin(self) -> None:
        self._asked_for = False
        if self.tour is None:
            self.tour = Tour(self._train.colours, self._places, self.end, self._window)
            self._changed()
            self.place()
            self.tour.show()
            self.tour.setFocus()
