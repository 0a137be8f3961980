"""Where the recordings are: shown, opened, moved as a whole."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QRectF, QTimer, QUrl
from PyQt6.QtGui import QDesktopServices, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QFileDialog, QFrame, QWidget

from app import numbers
from app.language import _
from app.said import said
from app.ui import setup_words, text
from app.ui.setup_source import DataSource
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, Colours
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.entry import Entry

LOOK_MS: Final = 250
_LINE: Final = 44


class FolderView(QFrame):
    """The view.

    Parameters
    ----------
    colours : Colours
    source : DataSource
    confirm : callable
        Does what ends the running session, once the person agrees.
    moved : callable
        Is told once all recordings are elsewhere.
    """

    def __init__(
        self,
        colours: Colours,
        source: DataSource,
        confirm: Callable[[Callable[[], None]], None],
        moved: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Folder of the recordings"))
        self.colours, self._source, self._confirm, self._moved = colours, source, confirm, moved
        self.open = KeyButton(colours, _("Open it"), "Alt+O", parent=self)
        self.target = Entry(colours, _("Another folder"), _("Another folder, with its whole path"), parent=self)
        self.choose = KeyButton(colours, _("Choose …"), "Alt+C", parent=self)
        self.move_there = KeyButton(colours, _("Move everything there"), "Alt+M", parent=self)
        for button in (self.open, self.choose, self.move_there):
            button.setShortcut(button.key)
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(source.folder))))
        self.choose.clicked.connect(self._choose)
        self.target.textChanged.connect(self.look)
        self.target.returnPressed.connect(self.move_there.click)
        self.move_there.clicked.connect(self._ask)
        self._looked_from = source.folder
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def look(self) -> None:
        """Show how far a move is."""
        moving = self._source.moving
        runs = moving is not None and not moving.sentence
        self.move_there.setEnabled(bool(self.target.text().strip()) and not runs)
        if not runs and self._timer.isActive():
            self._timer.stop()
            if self._source.folder != self._looked_from:
                self._moved()
        folder = _("{label}: {value}", label=_("Folder of the recordings"), value=self._source.folder)
        told = said(moving.sentence) if moving is not None else ""
        self.setAccessibleName(". ".join(filter(None, (folder, setup_words.free(self._source.free()), told))))
        self.update()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Another folder"), str(self._source.folder))
        if chosen:
            self.target.setText(chosen)

    def _ask(self) -> None:
        target = self.target.text().strip()
        if target:
            self._confirm(lambda: self._move(Path(os.path.expanduser(target))))

    def _move(self, target: Path) -> None:
        self._source.move(target)
        self._looked_from = self._source.folder
        self._timer.start(LOOK_MS)
        self.look()

    def showEvent(self, event: QShowEvent | None) -> None:
        self.look()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.open.move(6 - RING, 76)
        self.choose.move(self.width() - 6 - self.choose.width() + RING, 176 - RING)
        self.target.setGeometry(6, 176, self.choose.x() - 14, _LINE)
        self.move_there.move(6 - RING, 236)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, ink, room = QPainter(self), self.colours, self.width() - 12
        text.paint(painter, 6, 24, [Run(text.elide(str(self._source.folder), 18, MEDIUM, room), 18, ink.text, MEDIUM)])
        text.paint(painter, 6, 54, [Run(setup_words.free(self._source.free()), 16, ink.text2)])
        text.paint(painter, 6, 160, [Run(_("All recordings and the history go along."), 16, ink.text2)])
        moving = self._source.moving
        if moving is not None:
            told = said(moving.sentence) or _("Moving: {share}", share=numbers.percent(100 * moving.share))
            for row, line in enumerate(text.wrap(told, 16, REGULAR, room)[:4]):
                text.paint(painter, 6, 308 + 22 * row, [Run(line, 16, ink.text)])
            if not moving.sentence:
                painter.fillRect(QRectF(6, 324, room, 4), ink.well)
                painter.fillRect(QRectF(6, 324, room * moving.share, 4), ink.text)
        painter.end()
