"""The plan on the History page: its steps, what is proposed, and the keys to open it, go on with it, give it back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QFileDialog, QFrame, QWidget

from app.language import _, n_
from app.session.following import OF_NOBODY
from app.ui import plan_words, text
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import HEIGHT, RING, KeyButton
from app.ui.widgets.choices import Choice, Choices
from app.ui.work import Told, Work

_KEYS: Final = 68
_PITCH: Final = HEIGHT + RING
_GAP: Final = 12 - 2 * RING
_LINE: Final = 25
INSET: Final = 14
"""From the edge to the text; as far as a row marks itself beyond its words."""


def _word(row: plan_words.Row) -> str:
    return _("now: {progress}", progress=row.word) if row.place == "now" else row.word


class PlanView(QFrame):
    """The view.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    confirm : callable
        Does what ends the running session, once the person agrees.

    Attributes
    ----------
    changed : signal
        Another plan, or another step of it.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        confirm: Callable[[Callable[[], None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Plan"))
        self.colours, self._source, self._confirm = colours, source, confirm
        self.told = ""
        self.work = Work("plan", self)
        self.work.told.connect(self._on_told)
        self.steps = Choices(colours, _("Steps of the plan"), self)
        self.steps.picked.connect(self._go_to)
        self.accept = KeyButton(colours, _("Go on"), "G", parent=self)
        self.open = KeyButton(colours, _("Open a plan"), "O", parent=self)
        self.usual = KeyButton(colours, _("The usual plan"), "U", parent=self)
        self.give = KeyButton(colours, _("Results as a file"), "R", parent=self)
        self.take = KeyButton(colours, _("Take results in"), "T", parent=self)
        self.leave = KeyButton(colours, _("End the plan"), "X", parent=self)
        self.keys = (self.accept, self.open, self.usual, self.give, self.take, self.leave)
        presses = (
            self._accept, self._ask_file, self._open_usual, self._ask_results, self._ask_taken, self._leave,
        )  # fmt: skip
        for key, press in zip(self.keys, presses, strict=True):
            key.clicked.connect(press)
            shortcut = QShortcut(QKeySequence(key.key), self)
            shortcut.activated.connect(lambda key=key: key.click() if key.isVisible() else None)

    def look(self) -> None:
        """Show the plan as it is now."""
        standing = self._source.plan.standing
        rows = () if standing is None else plan_words.rows(standing)
        self.steps.show_choices([Choice(row.title, row.detail, _word(row)) for row in rows])
        self.steps.setVisible(bool(rows))
        for number, row in enumerate(self.steps.rows):
            row.setEnabled(not self._source.plan.is_study and rows[number].place != "now")
        offer = None if standing is None or self._source.plan.is_study else standing.today.offer
        if offer is not None:
            self.accept.set_label(plan_words.accept(offer), primary=True)
        has_person = bool(self._source.people.person)
        self.accept.setVisible(offer is not None)
        self.open.setVisible(has_person)
        self.usual.setVisible(has_person and standing is None)
        self.give.setVisible(has_person and standing is not None)
        self.leave.setVisible(standing is not None)
        self.setAccessibleName(". ".join(filter(None, (_("Plan"), self._title(), self._about()))))
        self._place()

    def open_path(self, path: Path) -> None:
        """Open a plan, once the running session may end."""
        self._change(lambda: self._source.plan.open(path))

    def give_to(self, path: Path) -> None:
        """Write the results."""

        def job() -> str:
            n = self._source.plan.give(path)
            return n_("{n} session is in '{path}'.", "{n} sessions are in '{path}'.", n, path=path)

        self.work.begin(lambda task: job())

    def take_from(self, path: Path) -> None:
        """Take in results that came back, whoever's they are."""

        def job() -> str:
            taken = self._source.plan.take_in(path)
            return _("{person}: {new} new, {all} in all, in {file}", person=taken.person, new=taken.new,
                     all=taken.in_all, file=taken.file)  # fmt: skip

        self.work.begin(lambda task: job())

    def _accept(self) -> None:
        standing = self._source.plan.standing
        if standing is not None and standing.today.offer is not None:
            step_id = standing.today.offer.step.id
            self._change(lambda: self._source.plan.go_to(step_id))

    def _go_to(self, number: int) -> None:
        standing = self._source.plan.standing
        if standing is not None:
            step_id = standing.followed.plan.steps[number].id
            self._change(lambda: self._source.plan.go_to(step_id))

    def _ask_file(self) -> None:
        kinds = _("Plans ({endings})", endings="*.toml")
        if name := QFileDialog.getOpenFileName(self, _("Open a plan"), str(self._source.recordings), kinds)[0]:
            self.open_path(Path(name))

    def _open_usual(self) -> None:
        self._change(self._source.plan.open_shipped)

    def _ask_results(self) -> None:
        name = f"results-{self._source.people.person}-{date.today().isoformat()}.json"
        place = str(self._source.recordings.parent / name)
        kinds = _("Results ({endings})", endings="*.json")
        if chosen := QFileDialog.getSaveFileName(self, _("Results as a file"), place, kinds)[0]:
            self.give_to(Path(chosen))

    def _ask_taken(self) -> None:
        kinds = _("Results ({endings})", endings="*.json")
        place = str(self._source.recordings.parent)
        if name := QFileDialog.getOpenFileName(self, _("Take results in"), place, kinds)[0]:
            self.take_from(Path(name))

    def _leave(self) -> None:
        self._change(self._source.plan.leave)

    def _change(self, action: Callable[[], None]) -> None:
        self._confirm(lambda: self.work.begin(lambda task: action()))

    def _on_told(self, told: Told) -> None:
        self.told = told.sentence or (told.result if isinstance(told.result, str) else "")
        self.look()
        self.changed.emit()

    def _title(self) -> str:
        standing = self._source.plan.standing
        return _(plan_words.NO_PLAN) if standing is None else _(standing.followed.plan.title)

    def _about(self) -> str:
        if self.told:
            return self.told
        standing = self._source.plan.standing
        if standing is not None:
            return plan_words.about(standing)
        if not self._source.people.person:
            return _(OF_NOBODY)
        return f"{_(plan_words.WHAT_A_PLAN_IS)} {_(plan_words.CARE_AGAIN)}"

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _lines(self) -> list[str]:
        return text.wrap(self._about(), 17, REGULAR, self.width() - 2.0 * INSET)[:3]

    def _place(self) -> None:
        top = 58 + _LINE * len(self._lines())
        rows: list[list[KeyButton]] = [[]]
        for key in self.keys:
            if key.isHidden():
                continue
            if sum(one.width() + _GAP for one in rows[-1]) + key.width() > self.width() - 2 * (INSET - RING):
                rows.append([])
            rows[-1].append(key)
        first = self.height() - _KEYS - (len(rows) - 1) * _PITCH if self.steps.rows else top + 8
        for number, row in enumerate(rows):
            x = INSET - RING
            for key in row:
                key.move(x, first + number * _PITCH)
                x += key.width() + _GAP
        self.steps.setGeometry(0, top, self.width(), max(0, first - top - 40))
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, ink = QPainter(self), self.colours
        px = 36 if self.height() > 500 else 28
        title = text.elide(self._title(), px, SEMIBOLD, self.width() - 2.0 * INSET)
        text.paint(painter, INSET, 36, [Run(title, px, ink.text, SEMIBOLD)])
        for number, line in enumerate(self._lines()):
            text.paint(painter, INSET, 70 + _LINE * number, [Run(line, 17, ink.text2)])
        standing = self._source.plan.standing
        if standing is not None:
            y = min((key.y() for key in self.keys if not key.isHidden()), default=self.height()) - 14
            text.paint(painter, INSET, y, [Run(plan_words.foot(standing), 15, ink.text3)])
        painter.end()
