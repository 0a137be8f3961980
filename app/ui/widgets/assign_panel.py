"""Puts one device on the body: which device it is, where it lies, which channel is which, what it is called."""

import itertools
from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence, QPainter, QShortcut
from PyQt6.QtWidgets import QMenu, QWidget

from app.language import _, mark
from app.said import said
from app.ui import text
from app.ui.sensor_draft import MOST_CHANNELS, Draft, Lie
from app.ui.sensor_words import MAY_BE, NOT_USED, WHERE, WHICH_DEVICE, glute_words
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.entry import Entry
from app.ui.widgets.form_panel import Form, FormPanel
from drivers.uri import SITES

_LIES: tuple[tuple[Lie, str, str], ...] = (
    ("left", mark("Left"), "L"),
    ("right", mark("Right"), "R"),
    ("both", mark("Both sides"), "B"),
)
_GAP = 12
_LABEL = 116


class AssignPanel(FormPanel["AssignForm"]):
    """The questions; ``used`` carries the draft that is to be used, ``changed`` says that it is another."""

    used = pyqtSignal(object)
    changed = pyqtSignal()

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(AssignForm(colours, self._on_change, self.use), _("Put the sensor on the body"), parent)

    def _on_change(self) -> None:
        self.changed.emit()

    def show_draft(self, draft: Draft) -> None:
        """Ask about a device."""
        self.form.show_draft(draft)
        self.fit()

    def use(self) -> None:
        """Use the draft, or say what is missing."""
        missing = self.form.draft.missing()
        if missing:
            self.refuse(missing)
        else:
            self.used.emit(self.form.draft)


class AssignForm(Form):
    """What stands in the panel."""

    def __init__(self, colours: Colours, changed: Callable[[], None], use: Callable[[], None]) -> None:
        super().__init__(colours, _("Sensor"))
        self._changed = changed
        self.draft = Draft("", "", ())
        self.choices: list[KeyButton] = []
        self.channels: list[KeyButton] = []
        self.lies = [self._button(_(label), key) for _lie, label, key in _LIES]
        for (lie, _label, key), button in zip(_LIES, self.lies, strict=True):
            button.clicked.connect(lambda _checked, lie=lie: self._lie_on(lie))
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(button.click)
        self.more = KeyButton(colours, _("Another channel"), "", flat=True, parent=self)
        self.more.clicked.connect(self._add_channel)
        self.name = Entry(colours, _("Name of the sensor"), longest=40, parent=self)
        self.name.textEdited.connect(self._rename)
        self.name.returnPressed.connect(use)
        self._headings: list[tuple[float, str, int, int]] = []

    def _button(self, label: str, key: str) -> KeyButton:
        return KeyButton(self.colours, label, key, parent=self)

    def show_draft(self, draft: Draft) -> None:
        """Ask about a device."""
        self.draft, self.refusal = draft, ""
        for button in (*self.choices, *self.channels):
            button.deleteLater()
        self.channels = []
        self.choices = [
            self._button(family[:1].upper() + family[1:], str(number))
            for number, family in enumerate((said(choice.family) for choice in draft.choices), start=1)
        ]
        for number, button in enumerate(self.choices):
            button.clicked.connect(lambda _checked, number=number: self._choose(number))
            button.setVisible(draft.is_ambiguous)
            shortcut = QShortcut(QKeySequence(str(number + 1)), button)
            shortcut.activated.connect(button.click)
        self.name.setText(draft.name)
        self._refresh()
        first = self.choices[0] if draft.is_ambiguous else self.lies[0]
        first.setFocus()

    def _choose(self, number: int) -> None:
        self.draft.chosen = number
        self._refresh()

    def _lie_on(self, lie: Lie) -> None:
        self.draft.lie_on(lie)
        self._refresh()

    def _add_channel(self) -> None:
        self.draft.add_channel()
        self._refresh()
        self.channels[-1].setFocus()

    def _rename(self, name: str) -> None:
        self.draft.name = name

    def _offer_sites(self, channel: int) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(_("Site of channel {channel}", channel=channel + 1))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for site in (*SITES, None):
            action = QAction(glute_words(site) if site else _(NOT_USED), menu)
            action.triggered.connect(lambda _checked, site=site: self._put(channel, site))
            menu.addAction(action)
        button = self.channels[channel]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _put(self, channel: int, site: str | None) -> None:
        self.draft.put(channel, site)
        self._refresh()
        self.channels[channel].setFocus()

    def _refresh(self) -> None:
        draft = self.draft
        for number, button in enumerate(self.choices):
            button.set_label(button.text(), primary=draft.chosen == number)
        for (lie, label, _key), button in zip(_LIES, self.lies, strict=True):
            button.set_label(_(label), primary=draft.lie == lie)
        for channel in range(len(self.channels), len(draft.channels)):
            button = self._button("", "▾")
            button.setAccessibleDescription("")  # a sign that there is more, not a key
            button.clicked.connect(lambda _checked, channel=channel: self._offer_sites(channel))
            self.channels.append(button)
        for channel, button in enumerate(self.channels):
            button.setVisible(channel < len(draft.channels))
            if channel < len(draft.channels):
                site = draft.channels[channel]
                button.set_label(glute_words(site) if site else _(NOT_USED))
                button.setAccessibleName(_("Channel {channel}: {text}", channel=channel + 1, text=button.text()))
        self.more.setVisible(len(draft.channels) < MOST_CHANNELS)
        self.refusal = ""
        self.fit(self.width())
        self.update()
        self._changed()

    def _place(self, width: int) -> int:
        self._headings = []
        y = float(self.refusal_height(width))
        if self.draft.is_ambiguous:
            y = self._heading(y, _(WHICH_DEVICE), _(MAY_BE), width)
            y = self._row(self.choices, y, width) + 20
        y = self._heading(y, _(WHERE), "", width)
        y = self._row(self.lies, y, width) + 8
        for channel, button in enumerate(self.channels):
            if not button.isHidden():
                self._headings.append((y + 31, _("Channel {channel}", channel=channel + 1), 16, REGULAR))
                button.move(_LABEL - RING, int(y))
                y += button.height() - 4
        if not self.more.isHidden():
            self.more.move(_LABEL - 12, int(y))
            y += self.more.height() + 4
        self._headings.append((y + 29, _("Name"), 16, REGULAR))
        self.name.setGeometry(_LABEL, int(y), min(300, max(120, width - _LABEL - 8)), 44)
        y += 44
        order = [*self.choices, *self.lies, *self.channels, self.more, self.name]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)
        return int(y) + 12

    def _heading(self, y: float, words: str, more: str, width: int) -> float:
        self._headings.append((y + 28, words, 20, SEMIBOLD))
        y += 40
        for line in text.wrap(more, 16, REGULAR, width - 8):
            self._headings.append((y + 16, line, 16, REGULAR))
            y += 24
        return y + 6

    @staticmethod
    def _row(buttons: list[KeyButton], y: float, width: int) -> float:
        x = 0
        for button in buttons:
            if x and x + button.width() > width:
                x, y = 0, y + button.height()
            button.move(x, int(y))
            x += button.width() + _GAP - 2 * RING
        return y + buttons[0].height() if buttons else y

    def draw(self, painter: QPainter) -> None:
        for y, words, px, weight in self._headings:
            ink = self.colours.text if weight == SEMIBOLD else self.colours.text2
            text.paint(painter, 4, y, [Run(words, px, ink, weight)])
        self.draw_refusal(painter)
