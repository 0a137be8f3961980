"""The people of this computer: who trains, a new one, names, the treated side; export and deletion for good."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.history.views import Person
from app.language import _, n_
from app.ui import history_words, text
from app.ui.setup_source import PeopleSource
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.choices import Choice, Choices
from app.ui.widgets.entry import Entry
from app.ui.widgets.setup_rows import ROW, Words
from app.ui.work import Told, Work

_LONGEST_CODE: Final = 30
_LINE: Final = 44


class PeopleView(QFrame):
    """The view.

    Parameters
    ----------
    colours : Colours
    source : PeopleSource
    confirm : callable
        Does what ends the running session, once the person agrees.
    changed : callable
        Is told when another person is in force.
    """

    def __init__(
        self,
        colours: Colours,
        source: PeopleSource,
        confirm: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("People"))
        self.colours, self._source, self._confirm, self._changed = colours, source, confirm, changed
        self.people: tuple[Person, ...] = ()
        self.shown = source.person
        self.sentence = ""
        self._after = ""
        self.work = Work("people", self)
        self.work.told.connect(self._on_told)
        self.choices = Choices(colours, _("People"), self)
        self.new_code = Entry(colours, _("Code of a new person"), _("like P-017"), longest=_LONGEST_CODE, parent=self)
        self.new_name = Entry(colours, _("Name of a new person"), _("Name"), longest=80, parent=self)
        self.add = KeyButton(colours, _("Add"), "Alt+A", parent=self)
        self.train = KeyButton(colours, "", "Alt+T", parent=self)
        self.export = KeyButton(colours, _("Write down everything kept"), "Alt+W", parent=self)
        self.name = Entry(colours, _("Name"), _("Name, if you like; Return keeps it"), longest=80, parent=self)
        sides = ((None, _("none")), ("left", _("left")), ("right", _("right")))
        self.side = Words(colours, _("Treated side"), sides, parent=self)
        self.typed = Entry(colours, _("Code, typed once more to delete"), longest=_LONGEST_CODE, parent=self)
        self.delete = KeyButton(colours, _("Delete for good"), "Alt+D", parent=self)
        self._connect()

    def _connect(self) -> None:
        source, work = self._source, self._begin
        for button in (self.add, self.train, self.export, self.delete):
            button.setShortcut(button.key)
        self.choices.picked.connect(self._on_picked)
        self.new_code.returnPressed.connect(self._add)
        self.new_name.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        self.train.clicked.connect(lambda: self._confirm(self._choose))
        # Whom it is about and what was typed is taken now: the job runs on another thread, and later.
        self.export.clicked.connect(lambda: work(partial(self._exported, self.shown)))
        self.name.returnPressed.connect(lambda: work(partial(source.rename, self.shown, self.name.text().strip())))
        self.side.chosen.connect(lambda side: work(partial(source.set_side, self.shown, side)))
        self.typed.textChanged.connect(self._look)
        self.typed.returnPressed.connect(self.delete.click)
        self.delete.clicked.connect(self._delete)

    def _begin(self, job: Callable[[], str | None]) -> None:
        """Do something that waits for the disk, then read everybody anew; a sentence of the job is shown."""

        def work(_task: object) -> tuple[str, tuple[Person, ...]]:
            said = job() or ""
            return said, self._source.read()

        self.work.begin(work)

    def _exported(self, code: str) -> str:
        path = self._source.export(code)
        return _("Everything that is kept of {code} is written to {path}.", code=code, path=path)

    def _add(self) -> None:
        code, name = self.new_code.text().strip(), self.new_name.text().strip()
        if not code:
            self.new_code.setFocus()
            return

        def add() -> str:
            self._source.add(code, name)
            return _("{code} is added.", code=code)

        self._after = code
        self._begin(add)

    def _choose(self) -> None:
        self._source.choose(self.shown)
        self._changed()
        self._look()

    def _delete(self) -> None:
        code = self.shown
        if not self.delete.isEnabled():
            return

        def delete() -> str:
            recordings = self._source.delete(code)
            return n_(
                "{code} is deleted, with {n} recording.",
                "{code} is deleted, with {n} recordings.",
                recordings,
                code=code,
            )

        self._begin(delete)

    def _on_told(self, told: Told) -> None:
        if told.sentence:
            self.sentence = told.sentence
        elif isinstance(told.result, tuple):
            self.sentence, self.people = told.result
            if self._after in {person.code for person in self.people}:
                self.shown = self._after
                self.new_code.clear()
                self.new_name.clear()
            if self.person is None:
                self.shown = self._source.person
        self._after = ""
        self._look()

    def _on_picked(self, number: int) -> None:
        self.shown = ("", *(person.code for person in self.people))[number]
        self.sentence = ""
        self.typed.clear()
        self._look()

    @property
    def person(self) -> Person | None:
        """The person that is shown; None for nobody in particular."""
        return next((person for person in self.people if person.code == self.shown), None)

    def _look(self) -> None:
        here = self._source.person
        nobody = Choice(_("Nobody in particular"), _("sessions without a history"), _("trains now") if not here else "")
        rows = [
            Choice(
                f"{one.code}  {one.display_name or ''}".strip(),
                history_words.person_detail(one),
                _("trains now") if one.code == here else "",
            )
            for one in self.people
        ]
        self.choices.show_choices([nobody, *rows])
        person = self.person
        for widget in (self.export, self.name, self.side, self.typed, self.delete):
            widget.setVisible(person is not None)
        self.train.setVisible(self.shown != here)
        self.train.set_label(
            _("Train as {code}", code=self.shown) if self.shown else _("Train as nobody in particular"), primary=True
        )
        if person is not None:
            if not self.name.hasFocus():
                self.name.setText(person.display_name or "")
            self.side.show_value(person.affected_side)
            self.typed.setPlaceholderText(_("Type {code} to delete this person", code=person.code))
            self.delete.setEnabled(self.typed.text().strip() == person.code)
        self._place()

    def showEvent(self, event: QShowEvent | None) -> None:
        self.shown = self._source.person
        self._begin(lambda: None)
        self._look()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        half = (width - 60) // 2
        foot = height - 36
        self.add.move(half - self.add.width() + RING, foot - _LINE - RING)
        entries = half - self.add.width() - 2
        self.new_code.setGeometry(6, foot - _LINE, entries // 2 - 12, _LINE)
        self.new_name.setGeometry(entries // 2 + 2, foot - _LINE, entries // 2 - 6, _LINE)
        self.choices.setGeometry(0, 44, half, foot - 44 - _LINE - 60)
        left, y = half + 60, 56
        if not self.train.isHidden():
            self.train.move(left - RING, y)
            y += 64
        if self.person is not None:
            self.name.setGeometry(left, y, half - 6, _LINE)
            self.side.setGeometry(left - 6, y + 56, half, ROW)
            self.export.show_key(shown=True)
            self.export.show_key(shown=self.export.width() <= width - left)
            self.export.move(left - RING, y + 56 + ROW + 16)
            long = len(self._warning()) > 2
            self._delete_y = y + 56 + ROW + (86 if long else 100)
            y = self._delete_y + (text.leading(15) * (len(self._warning()) - 1) + 8 if long else 40)
            self.typed.setGeometry(left, y, half - self.delete.width() - 12, _LINE)
            self.delete.move(width - self.delete.width() - 6 + RING, y - RING)
        self.update()

    def _warning(self) -> list[str]:
        """What deletion means, in lines."""
        said = _("Deletes every recording, report and row of this person. Nothing brings them back.")
        return text.wrap(said, 15, REGULAR, (self.width() - 60) // 2 - 6)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, ink, half = QPainter(self), self.colours, (self.width() - 60) // 2
        text.paint(painter, 6, 30, [Run(_("On this computer"), 18, ink.text, SEMIBOLD)])
        text.paint(painter, 6, self.new_code.y() - 16, [Run(_("New person"), 18, ink.text, SEMIBOLD)])
        title = self.shown or _("Nobody in particular")
        text.paint(painter, half + 60, 30, [Run(title, 18, ink.text, SEMIBOLD)])
        if self.person is not None:
            for row, line in enumerate(self._warning()):
                text.paint(painter, half + 60, self._delete_y + text.leading(15) * row, [Run(line, 15, ink.text2)])
        for row, line in enumerate(text.wrap(self.sentence, 15, REGULAR, self.width() - 12)[:1]):
            text.paint(painter, 6, self.height() - 8 + 22 * row, [Run(line, 15, ink.text)])
        painter.end()
