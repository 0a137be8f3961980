"""The Calibrate page: from pads to a reference, one step after the other. It shows and decides nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from PyQt6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QApplication, QFrame, QWidget

from app.language import _
from app.said import said as told
from app.session.calibrating.view import CalibrationView, Key, Kind
from app.session.events import SIDES
from app.ui import calibrate_words, text
from app.ui.calibrate_stage import CalibrateStage
from app.ui.sensor_words import glute_words
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton, stand_in_row
from app.ui.widgets.calibration_result import CalibrationResult
from app.ui.widgets.contact_rows import ROW, ContactRow, ContactRows
from app.ui.widgets.expert import ExpertView
from app.ui.widgets.kind_choice import KindChoice
from app.ui.widgets.room import Room
from app.ui.widgets.step_strip import StepStrip
from app.ui.words import split_site

_BUTTONS: Final[tuple[Key, ...]] = ("go-on", "pause", "redo", "back", "end", "helpers", "hurts")
"""From the right; what hurts stands alone on the left."""
_STEP_LINE: Final = 52
"""What is to be done stands above the raw signals."""
_LETTERS: Final = tuple(dict.fromkeys(calibrate_words.KEY_LETTERS.values()))


class CalibratePage(QFrame):
    """The page.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    confirm : callable
        Does what it is given, at once or once the person has agreed that the running session ends.
    train : callable
        Shows the Train page.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        confirm: Callable[[Callable[[], None]], None],
        train: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_(calibrate_words.TITLE))
        self.colours = colours
        self.source = source
        self._confirm = confirm
        self._train = train
        self.view: CalibrationView | None = None
        self._newest: CalibrationView | None = None
        self._problem: str | None = None
        self._groups: tuple[str, ...] = ()
        self.strip = StepStrip(colours, self)
        self.choice = KindChoice(colours)
        self.choosing = Room(self.choice, self)
        self.stage = CalibrateStage(colours, self)
        self.result = CalibrationResult(colours, self)
        self.contacts = ContactRows(colours, self)
        self.expert = ExpertView(colours, source.electrodes, self)
        self.expert.hide()
        self.raw = KeyButton(colours, _("Expert view"), "V", flat=True, parent=self)
        self.buttons = {
            key: KeyButton(colours, "", calibrate_words.KEY_LETTERS.get(key, ""), parent=self) for key in _BUTTONS
        }
        self.use = KeyButton(colours, _(calibrate_words.USE), "Space", parent=self)
        self.again = KeyButton(colours, _("Do it again"), "R", parent=self)
        self.others = KeyButton(colours, _("Another one"), "B", parent=self)
        self._connect()
        self.look()

    def _connect(self) -> None:
        self.choice.chosen.connect(self.begin)
        self.choice.gone_on.connect(lambda: self._confirm(self.source.calibration.go_on))
        self.stage.question.answered.connect(self._press)
        self.stage.swap.clicked.connect(partial(self._press, "swap"))
        for key, button in self.buttons.items():
            button.clicked.connect(partial(self._press, key))
        self.use.clicked.connect(self._use)
        self.again.clicked.connect(lambda: self.begin(self.view.kind) if self.view else None)
        self.others.clicked.connect(self.source.calibration.leave)
        self.raw.clicked.connect(self.toggle_expert)
        QShortcut(QKeySequence("V"), self).activated.connect(self.toggle_expert)
        for letter in (*_LETTERS, *calibrate_words.KIND_KEYS.values()):
            if letter != "Esc":  # the window's own key, see `go_back`
                QShortcut(QKeySequence(letter), self).activated.connect(partial(self.type_key, letter))

    def begin(self, kind: Kind) -> None:
        """Begin a calibration; a running session ends for it."""
        self._confirm(partial(self.source.calibration.begin, kind))

    def type_key(self, letter: str) -> None:
        """Do what a key stands for now."""
        view = self.view
        if view is None:
            for kind, key in calibrate_words.KIND_KEYS.items():
                if key == letter:
                    self.begin(kind)
            if letter == calibrate_words.GO_ON_KEY and self.choice.go_on is not None:
                self.choice.go_on.click()
            return
        if letter == "Space" and view.space is not None:
            self._press(view.space)
            return
        answered = {calibrate_words.KEY_LETTERS[key]: key for key, *_more in calibrate_words.answers(view)}
        answer = answered.get(letter)
        meant = answer or next((key for key in view.keys if calibrate_words.KEY_LETTERS.get(key) == letter), None)
        if meant is not None:
            self._press(meant)
        elif view.finished:
            ends = {"Space": self.use, "R": self.again, "B": self.others}
            if letter in ends and ends[letter].isVisible():
                ends[letter].click()

    def toggle_expert(self) -> None:
        """Show the electrodes raw in place of the step, which goes on, or the step again."""
        self.expert.setVisible(self.expert.isHidden())
        self.raw.set_label(_("Expert view") if self.expert.isHidden() else _("Back to the step"))
        self._show(self.view, self.view)
        self._place()

    def go_back(self) -> bool:
        """Esc: it hurts; where nothing is being done that could hurt, end here. False if nothing runs."""
        view = self.view
        if view is None or view.finished:
            return False
        self._press("hurts" if "hurts" in view.keys else "end")
        return True

    def pull(self) -> None:
        """Show the newest view; to be called at the rate of the display."""
        newest, problem = self.source.calibration.view, self.source.problem()
        if newest is not self._newest or problem != self._problem:
            self._newest, self._problem = newest, problem
            was, self.view = self.view, newest
            if newest is not None and problem and not newest.finished:
                self.view = replace(newest, interrupted=problem)
            self._show(self.view, was)
            self.stage.show_snapshot(self.source.snapshot())

    def look(self) -> None:
        """Bring up to date what changes slowly; to be called a few times a second."""
        self.pull()
        calibration = self.source.calibration
        self.choice.show_reference(calibrate_words.reference_words(calibration.in_force, calibration.unit))
        unfinished = calibration.unfinished
        words = None if unfinished is None else calibrate_words.go_on_words(unfinished, datetime.now(UTC))
        self.choice.show_broken_off(words)
        n_rows = self.contacts.n_rows
        self.contacts.show_rows(self._contact_rows())
        if self.contacts.n_rows != n_rows:
            self._place()
        self.stage.describe()
        if self.view is None:
            self._show(None, None)

    def _show(self, view: CalibrationView | None, was: CalibrationView | None) -> None:
        unit = self.source.calibration.unit
        ends = view is not None and view.finished and view.question is None
        raw = not self.expert.isHidden()
        self.choosing.setVisible(view is None and not raw)
        self.result.setVisible(ends and not raw)
        self.stage.setVisible(view is not None and not ends and not raw)
        self.strip.setVisible(view is not None)
        if view is not None:
            kept = self._groups if was is not None and was.kind == view.kind else ()
            names = calibrate_words.groups(view, kept)
            self._groups = names
            shown = calibrate_words.strip_names(view, names)
            self.strip.show_steps(shown, calibrate_words.group(view, names))
            if ends:
                self.result.show_view(view, unit, self.source.calibration.clench_before)
            else:
                self.stage.show_view(view, unit)
        before = "" if was is None else calibrate_words.time_left(was)[0]
        if view is None or raw or calibrate_words.time_left(view)[0] != before:
            self.update()
        self._label_buttons(view, ends=ends)

    def _label_buttons(self, view: CalibrationView | None, *, ends: bool) -> None:
        state = [button.isHidden() for button in self._all_buttons()]
        widths = [button.width() for button in self._all_buttons()]
        for key, button in self.buttons.items():
            offered = view is not None and key in view.keys
            button.setVisible(
                offered and not (key == "go-on" and view is not None and calibrate_words.asks_alone(view))
            )
            if view is not None and offered:
                space = "Space" if view.space == key else ""
                letter = space or ("" if key == "go-on" else calibrate_words.KEY_LETTERS[key])
                button.set_label(calibrate_words.label(key, view), primary=key == "go-on" and bool(space), key=letter)
        self.use.setVisible(ends and view is not None and view.usable)
        self.use.set_label(_(calibrate_words.USE), primary=True)
        self.again.setVisible(ends)
        self.again.set_label(_("Do it again"), primary=self.use.isHidden())
        self.others.setVisible(ends)
        now = [button.isHidden() for button in self._all_buttons()]
        if state != now:
            self._take_focus()
        if (state, widths) != (now, [button.width() for button in self._all_buttons()]):
            self._place_buttons()

    def showEvent(self, event: QShowEvent | None) -> None:
        self._take_focus()

    def _take_focus(self) -> None:
        """No button is marked because another one went away."""
        focus = QApplication.focusWidget()
        if self.isVisible() and (focus is None or not self.isAncestorOf(focus)):
            self.setFocus()

    def _all_buttons(self) -> tuple[KeyButton, ...]:
        return (self.use, self.again, self.others, *self.buttons.values())

    def _press(self, key: Key) -> None:
        self.source.calibration.press(key)

    def _use(self) -> None:
        self._train()
        self.source.calibration.use()

    def _contact_rows(self) -> tuple[ContactRow, ...]:
        """Of every muscle with an electrode: that of the running calibration, else that of the session."""
        live = {} if self.view is None else self.view.live
        rows = []
        for unit in self.source.units():
            for site in unit.sites:
                side = next((side for side in SIDES if split_site(site)[1] == side), None)
                if side is None:
                    continue
                verdict, sentence = unit.contacts.get(site, (None, ""))
                if site in live:
                    verdict, sentence = live[side].verdict, live[side].text
                mark, word, remedy = calibrate_words.contact(verdict, sentence)
                rest_uv = unit.rest_uv.get(site)
                rest = _("rest {rest_uv:.1f} µV", rest_uv=rest_uv) if rest_uv is not None and rest_uv == rest_uv else ""
                name = glute_words(site)
                rows.append(ContactRow(side, site in SIDES, name[:1].upper() + name[1:], mark, word, remedy or rest))
        return tuple(sorted(rows, key=lambda row: not row.is_glute))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        margin, wide = self._margin(), self.height() >= 640
        width = self.width() - 2 * margin
        self.strip.setGeometry(margin, 84 if wide else 58, width, StepStrip.HEIGHT)
        rows = min(max(1, self.contacts.n_rows), 2 if wide else 1)
        buttons_top = self.height() - (76 if wide else 58)
        contacts_top = buttons_top - rows * ROW - (16 if wide else 4)
        self.contacts.setGeometry(margin, contacts_top, width, rows * ROW + 10)
        top = self.strip.geometry().bottom() + (12 if wide else 4)
        self.choosing.setGeometry(margin, 56, width, contacts_top - 64)
        for widget in (self.stage, self.result):
            widget.setGeometry(
                0 if widget is self.stage else margin,
                top,
                self.width() if widget is self.stage else width,
                contacts_top - top - 8,
            )
        line = _STEP_LINE if self.view is not None else 0
        above = 64 if self.view is None else top
        self.expert.setGeometry(margin, above + line, width, contacts_top - above - line - 8)
        self._place_buttons()

    def _margin(self) -> int:
        return 40 if self.width() >= 1090 else 32

    def _place_buttons(self) -> None:
        margin = self._margin()
        y = self.height() - (72 if self.height() >= 640 else 56)
        order = (self.use, self.again, self.others, *(self.buttons[key] for key in _BUTTONS if key != "hurts"))
        hurts = self.buttons["hurts"]
        taken = 0 if hurts.isHidden() else hurts.width() - 2 * RING + 24
        stand_in_row(order, margin + taken, self.width() - margin, y)
        hurts.move(margin - RING, y)
        place = 168 if self.view is not None else 0
        self.raw.move(self.width() - margin - place - self.raw.width() + 12, 24 if self.height() >= 640 else 10)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        baseline = 52 if self.height() >= 640 else 38
        margin, ink = self._margin(), self.colours
        x = margin + text.paint(painter, margin, baseline, [Run(_(calibrate_words.TITLE), 22, ink.text, SEMIBOLD)]) + 16
        if self.source.sign:
            text.paint(painter, x, baseline, [Run(self.source.sign, 16, ink.attention)])
        if self.view is not None:
            number, words = calibrate_words.time_left(self.view)
            runs = [Run(number, 18, ink.text, SEMIBOLD, tabular=True), Run(words, 17, ink.text2)]
            text.paint(painter, self.width() - margin, baseline, runs, "right")
            if not self.expert.isHidden():
                left = Run(f"   {calibrate_words.ring(self.view).number}", 22, ink.text2, tabular=True)
                text.paint(
                    painter, margin, self.expert.y() - 16, [Run(told(self.view.line), 22, ink.text, SEMIBOLD), left]
                )
        painter.end()
