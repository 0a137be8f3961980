"""The Sensors page: which unit lies where and how it does, where the pads go, and how another unit is found and put on.

It pulls what it shows, a few times a second; whatever takes time is done elsewhere. Three views share its left part:
the two sides, what a search has found, and the questions about one device.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from PyQt6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.pipeline.discovery import FoundDevice, is_same
from app.pipeline.snapshot import Snapshot
from app.pipeline.units import UnitView
from app.recording.kit import Kit
from app.session.events import SIDES, Side
from app.ui import kit_words, sensor_words, text
from app.ui.sensor_draft import Draft
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours, room_px
from app.ui.widgets.assign_panel import AssignPanel
from app.ui.widgets.buttons import HEIGHT, RING, KeyButton, stand_in_row
from app.ui.widgets.expert import ExpertView
from app.ui.widgets.found_list import FoundList
from app.ui.widgets.kit_panel import KitPanel
from app.ui.widgets.placement import Placement
from app.ui.widgets.room import Room
from app.ui.widgets.unit_card import ROOMY, UnitCard
from app.ui.work import Told, Work
from drivers.types import LinkState

View = Literal["sides", "finds", "device", "expert", "pads"]
_TALL = 330
_FOOT = 84
_WIDE = 1090
_AROUND = 18
"""Room beside the cards for the scroll bar."""
_LEAST_TITLE = 130


class SensorsPage(QFrame):
    """The page.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    confirm : callable
        Does what it is given, at once or once the person has agreed that the running session ends.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        confirm: Callable[[Callable[[], None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Sensors"))
        self.colours = colours
        self.source = source
        self._confirm = confirm
        self.view: View = "sides"
        self._draft = Draft("", "", ())
        self._title_room = 0
        self._looks_for = False
        self._shelf = QWidget()
        self.sides = Room(self._shelf, self)
        self.cards: dict[Side, UnitCard] = {side: UnitCard(colours, side, self._shelf) for side in SIDES}
        self.found = FoundList(colours, self)
        self.assign = AssignPanel(colours, self)
        self.placement = Placement(colours)
        self.guide = Room(self.placement, self)
        self.swap = KeyButton(colours, _("Swap sides"), "S", parent=self)
        self.tap = KeyButton(colours, _("Knock together"), "K", parent=self)
        self.reconnect = KeyButton(colours, _("My sensors"), "C", parent=self)
        self.simulate = KeyButton(colours, _("Use the simulated person"), "", flat=True, parent=self)
        self.back = KeyButton(colours, _("Back"), "Esc", parent=self)
        self.raw = KeyButton(colours, _("Expert view"), "V", flat=True, parent=self._shelf)
        self.expert = ExpertView(colours, source.electrodes, self)
        self.pads = KeyButton(colours, _("Electrodes"), "A", flat=True, parent=self._shelf)
        self.kit = KitPanel(colours, self)
        self._keeping = Work("kit", self)
        self.keep = KeyButton(colours, _("Keep it"), "Ctrl ↵", parent=self)
        self.use = KeyButton(colours, _("Use it"), "Ctrl ↵", parent=self)
        self.setTabOrder(self.assign.form.name, self.use)
        self.look_for = KeyButton(colours, _("Find units"), "F", parent=self)
        self._connect()
        self.show_view("sides")

    def _connect(self) -> None:
        self.swap.clicked.connect(lambda: self._confirm(self.source.sensors.swap))
        self.tap.clicked.connect(lambda: self._confirm(self.source.sensors.tap))
        self.reconnect.clicked.connect(lambda: self._confirm(self.source.sensors.reconnect))
        self.simulate.clicked.connect(lambda: self._confirm(self._simulate))
        self.back.clicked.connect(self.go_back)
        self.look_for.clicked.connect(self.search)
        self.raw.clicked.connect(lambda: self.show_view("expert"))
        self.pads.clicked.connect(self.ask_about_pads)
        self.keep.clicked.connect(self.kit.keep)
        self.kit.told.connect(self._keep_kit)
        self._keeping.told.connect(self._on_kept)
        self.found.picked.connect(self.ask_about)
        self.assign.used.connect(self._use)
        self.assign.changed.connect(self.look)
        self.use.clicked.connect(self.assign.use)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self.assign).activated.connect(self.assign.use)
            QShortcut(QKeySequence(key), self.kit).activated.connect(self.kit.keep)
        for card in self.cards.values():
            card.look_for.clicked.connect(self.search)
            card.again.clicked.connect(lambda: self._confirm(self.source.try_again))
            card.change.clicked.connect(lambda _checked, card=card: self._change(card.unit))
            card.forget.clicked.connect(lambda _checked, card=card: self._forget(card.unit))
        buttons = (self.swap, self.tap, self.reconnect, self.look_for, self.raw, self.pads)
        for button, key in zip((*buttons, self.placement.other, self.placement.next), "SKCFVAPG", strict=True):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda button=button: button.click() if button.isVisible() else None)

    def search(self) -> None:
        """Begin to look for units, and show what is found."""
        self.source.sensors.search()
        self._looks_for = True
        self.look_for.setFocus()
        self.show_view("finds")

    def ask_about(self, device: FoundDevice) -> None:
        """Ask where a device lies."""
        known = next((one for one in self.source.sensors.remembered if is_same(one, device)), None)
        self._ask(Draft.of_device(device, known))

    def ask_about_pads(self) -> None:
        """Ask what the pads are and how the skin was prepared."""
        self.show_view("pads")
        self.kit.show_kit(self.source.kits.kit())

    def _keep_kit(self, kit: Kit) -> None:
        self._keeping.begin(lambda task: self.source.kits.keep(kit))

    def _on_kept(self, told: Told) -> None:
        if told.sentence:
            self.kit.refuse(told.sentence)
        elif self.view == "pads":
            self.show_view("sides")

    def go_back(self) -> bool:
        """Go back by one view; False if there is none."""
        if self.view == "sides":
            return False
        self.show_view("finds" if self.view == "device" and self.source.sensors.finds.devices else "sides")
        return True

    def show_view(self, view: View) -> None:
        """Show one of the three views."""
        self.view = view
        self.look()
        if view == "sides":
            self.setFocus()  # no button is marked before somebody reaches for the keyboard

    def look(self) -> None:
        """Bring everything up to date; to be called a few times a second."""
        units, sync = self.source.units(), self.source.sync()
        self.placement.show_device(units[0].uri.partition(":")[0] if units else "")
        for side, card in self.cards.items():
            unit = next((one for one in units if side in one.sites), None)
            card.show_unit(unit, sync, self.source.muscle, _clock(unit))
        self.sides.setVisible(self.view == "sides")
        sensors = self.source.sensors
        if self.view == "finds":
            self.found.show_finds(sensors.finds, sensors.remembered)
        self.found.setVisible(self.view == "finds")
        if self._looks_for and self.view == "finds" and sensors.finds.done:
            self._looks_for = False
            if self.look_for.hasFocus() and self.found.shown_rows:
                self.found.shown_rows[0].setFocus()  # what was looked for is there: Return takes it
        self.assign.setVisible(self.view == "device")
        in_use = any(unit.remembered for unit in units)
        self.swap.setVisible(self.view == "sides" and in_use)
        two_units = len(sensors.remembered) == len(SIDES) and in_use
        self.tap.setVisible(self.view == "sides" and two_units and not sensors.taps.running)
        self.reconnect.setVisible(self.view == "sides" and bool(sensors.remembered) and not in_use)
        self.back.setVisible(self.view != "sides")
        self.use.setVisible(self.view == "device")
        self.use.set_label(_("Use it"), primary=not self.assign.form.draft.missing())
        simulated = bool(units) and all(unit.simulated for unit in units)
        self.simulate.setVisible(self.view == "finds" and not simulated)
        self.look_for.setVisible(self.view in ("sides", "finds"))
        self.raw.setVisible(self.view == "sides" and bool(units))
        self.pads.setVisible(self.view == "sides" and bool(units))
        self.kit.setVisible(self.view == "pads")
        self.keep.setVisible(self.view == "pads")
        self.expert.setVisible(self.view == "expert")
        self.guide.setVisible(self.view != "expert")
        self.look_for.set_label(
            _("Search again") if self.view == "finds" else _("Find units"), primary=self.view == "sides" and not units
        )
        self._place()
        self.update()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the newest ten seconds of each side."""
        if self.view == "sides":
            for card in self.cards.values():
                card.show_snapshot(snapshot)

    def _ask(self, draft: Draft) -> None:
        self._draft = draft
        self.show_view("device")
        self.assign.show_draft(draft)

    def _use(self, draft: Draft) -> None:
        self._confirm(lambda: self._use_now(draft))

    def _use_now(self, draft: Draft) -> None:
        refusal = self.source.sensors.use(draft.sensor())
        if refusal:
            self.assign.refuse(refusal)
        else:
            self.show_view("sides")

    def _change(self, unit: UnitView | None) -> None:
        sensor = next((one for one in self.source.sensors.remembered if unit and one.uri == unit.uri), None)
        if sensor is not None:
            self._ask(Draft.of_sensor(sensor))

    def _forget(self, unit: UnitView | None) -> None:
        if unit is not None:
            self._confirm(lambda: self.source.sensors.forget(unit.uri))

    def _simulate(self) -> None:
        self.source.sensors.simulate()
        self.show_view("sides")

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _columns(self) -> tuple[int, int, int]:
        """Left margin, right end of the left part, left end of the drawing."""
        width = self.width()
        if width >= _WIDE:
            right = 40 + min(666, round(0.53 * width))
            return 40, right, right + (80 if width >= 1240 else 48)
        right = 32 + round(0.575 * width)
        return 32, right, right + 52

    def _place(self) -> None:
        left, right, drawing = self._columns()
        margin = 40 if self.width() >= 1240 else 24
        self.guide.setGeometry(drawing, 0, self.width() - drawing - margin, self.height())
        tall = self.height() >= 96 + 2 * ROOMY + _FOOT
        top = 96 if tall else 72
        self._place_cards(min(_TALL, (self.height() - top - (_FOOT if tall else 0)) // 2), right - left)
        high = min(self.height() - top, self._shelf.minimumHeight())  # the foot stands beneath them
        self.sides.setGeometry(left - _AROUND, top, right - left + 2 * _AROUND, high)
        self.found.setGeometry(left - 4, 88, right - left + 8, self.height() - 88 - 56)
        self.assign.setGeometry(left - 4, 80, right - left + 8, self.height() - 80)
        self.simulate.move(left - 12, self.height() - self.simulate.height() - 6)
        px, lines = self._why()
        form = 116 + text.leading(px) * (len(lines) - 1)
        self.kit.setGeometry(left - 4, form, right - left + 8, self.height() - form)
        self.expert.setGeometry(left, top - 12, self.width() - left - margin, self.height() - top)
        self._place_buttons()

    def _why(self) -> tuple[int, list[str]]:
        """Size and lines of why the electrodes are asked for."""
        left, right, _drawing = self._columns()
        return text.fit(_(kit_words.WHY), 15, REGULAR, right - left)

    def _place_cards(self, share: int, width: int) -> None:
        """Stand the cards beneath each other, each as high as its words need, and beneath them the quiet buttons."""
        top = 0
        for card in self.cards.values():
            card.share = share
            card.resize(width, card.height())
            card.setGeometry(_AROUND, top, width, card.needed_height())
            top += card.height()
        pads = _AROUND + width + 12 - self.raw.width() - self.pads.width()
        if self.cards["right"].buttons_right + _AROUND > pads and not self.pads.isHidden():
            top += HEIGHT
        self.pads.move(pads, top - HEIGHT - (6 if share >= ROOMY else 0))
        self.raw.move(pads + self.pads.width(), self.pads.y())
        self._shelf.setMinimumHeight(top)

    def _place_buttons(self) -> None:
        left, right, _drawing = self._columns()
        end = right if self.view != "expert" else self.expert.geometry().right() + 1
        buttons = (self.look_for, self.use, self.keep, self.back, self.swap, self.tap, self.reconnect)
        title = text.width([Run(self._titles()[0], 22, self.colours.text, SEMIBOLD)])
        y = (24 if self.width() >= _WIDE else 16) - RING
        self._title_room = stand_in_row(buttons, left + min(title, room_px(_LEAST_TITLE)) + 16, end, y)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right, drawing = self._columns()
        separator = (right + drawing) // 2 - (8 if self.width() >= _WIDE else 0)
        if self.view != "expert":
            painter.fillRect(separator, 0, 1, self.height(), self.colours.line)
        if self.view == "pads":
            px, lines = self._why()
            for row, line in enumerate(lines):
                text.paint(painter, left, 96 + text.leading(px) * row, [Run(line, px, self.colours.text2)])
        title, words = self._titles()
        baseline = 52 if self.width() >= _WIDE else 46
        room = self._title_room - left - 4
        px = text.shrunk(title, 22, SEMIBOLD, room)
        shown = text.elide(title, px, SEMIBOLD, room) if room >= _LEAST_TITLE / 2 else ""
        x = left + text.paint(painter, left, baseline, [Run(shown, px, self.colours.text, SEMIBOLD)]) + 16
        run = Run(words, 16, self.colours.text2)
        if x + text.width([run]) <= self._title_room - 8:
            text.paint(painter, x, baseline, [run])
        self._draw_foot(painter, left, right)
        painter.end()

    def _titles(self) -> tuple[str, str]:
        if self.view == "finds":
            return _("Find units"), sensor_words.finds_subtitle(self.source.sensors.finds)
        if self.view == "expert":
            return _("Expert view"), ""
        if self.view == "pads":
            return _(kit_words.TITLE), ""
        if self.view == "device":
            return self._draft.name or _("Sensor"), ""
        return _("Sensors"), sensor_words.subtitle(self.source.units())

    def _draw_foot(self, painter: QPainter, left: int, right: int) -> None:
        foot = self.sides.y() + self._shelf.minimumHeight()
        if self.view != "sides" or self.height() - foot < 64:
            return
        painter.fillRect(left, foot, right - left, 1, self.colours.line)
        foot_words = sensor_words.tap_words(self.source.sensors.taps) or sensor_words.foot_words(self.source.units())
        y = foot + 36
        for row, words in enumerate(foot_words):
            ink = self.colours.text if row == 0 else self.colours.text2
            px, lines = text.fit(words, 16, REGULAR, right - left)
            for line in lines:
                text.paint(painter, left, y, [Run(line, px, ink)])
                y += max(26, text.leading(px))


def _clock(unit: UnitView | None) -> str:
    """The time of day at which the state of a unit began."""
    if unit is None or unit.state is not LinkState.STREAMING or not unit.since_ns:
        return ""
    since = timedelta(microseconds=(time.perf_counter_ns() - unit.since_ns) / 1000)
    return (datetime.now() - since).strftime("%H:%M")
