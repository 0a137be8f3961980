"""Where the pads of a muscle go: a drawing from behind, left on the left, and the steps in three chapters."""

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files

from PyQt6.QtCore import QByteArray, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QPainter, QResizeEvent
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QMenu, QWidget

from app.language import _
from app.session.events import SIDES, Side
from app.ui import marks, text
from app.ui.placement_words import CHAPTERS, steps_of
from app.ui.sensor_words import LANDMARKS, PLACEMENTS, STEPS
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, REGULAR, SEMIBOLD, Colours, load_colours, room_px
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.painted import Canvas
from app.ui.widgets.room import seen_height

_TOP = 96
_STEP_PX, _SMALL_STEP_PX, _STEP_LINE = 16, 15, 24
_STEP_GAP = 8
_TIGHT_LINE = 20
_LEAST_DRAWING = 170
_LEAST_SCALE = 0.75
"""Of a smaller drawing the landmarks have no names: they would cover it."""
_FOOT = 64
_WAIST = 0.2
"""Where the body begins at the height of the sides' names, as a share of the drawing; names are never on it."""
_PADS = (281.0, 202.0)
"""The middle of the right pads of the gluteus maximus in its drawing."""


@cache
def drawing(name: str, palette: tuple[str, ...]) -> QSvgRenderer:
    """Load a drawing in the colours of a theme, see `palette_of`; the files hold those of the dark one."""
    svg = (files("assets") / "drawings" / f"{name}.svg").read_text(encoding="utf-8")
    dark = {one: place for place, one in enumerate(palette_of(load_colours("dark")))}
    svg = re.sub("#[0-9a-f]{6}", lambda match: palette[dark[match[0].lower()]], svg, flags=re.IGNORECASE)
    return QSvgRenderer(QByteArray(svg.encode()))


def palette_of(colours: Colours) -> tuple[str, ...]:
    """The colours that a drawing may have."""
    inks = (colours.ground, colours.well, colours.edge, colours.text, colours.text2, colours.left, colours.right)
    return tuple(ink.name() for ink in inks)


class Placement(Canvas):
    """The drawing of one muscle with its steps; another is chosen by a key or its button."""

    chosen = pyqtSignal(str)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Where the pads go"), parent)
        self.muscle = "gluteus-maximus"
        self.scheme = ""
        self.chapter = 0
        self.other = KeyButton(colours, _("Another muscle"), "P", parent=self)
        self.other.clicked.connect(self.offer)
        self.next = KeyButton(colours, "", "G", parent=self)
        self.next.clicked.connect(self.turn)
        self.menu = QMenu(self)
        self.menu.setAccessibleName(_("Muscles"))
        for name, words in PLACEMENTS.items():
            action = QAction(_(words), self.menu)
            action.triggered.connect(lambda _checked, name=name: self.show_muscle(name))
            self.menu.addAction(action)
        self.show_muscle(self.muscle)

    def show_muscle(self, name: str) -> None:
        """Show where the pads of a muscle go."""
        self.muscle = name
        self.chosen.emit(name)
        self._show_chapter(0)

    def show_device(self, scheme: str) -> None:
        """Speak of the leads of the device in use, by the scheme of its source."""
        if scheme != self.scheme:
            self.scheme = scheme
            self._show_chapter(self.chapter)

    def turn(self) -> None:
        """Show the next chapter; after the last the first."""
        self._show_chapter((self.chapter + 1) % len(CHAPTERS))

    def steps(self) -> tuple[str, ...]:
        """The steps of the chapter."""
        return steps_of(self.chapter, STEPS[self.muscle], self.scheme)

    def _show_chapter(self, chapter: int) -> None:
        self.chapter = chapter
        self.say(f"{_(PLACEMENTS[self.muscle])}. {' '.join(self.steps())}")
        self._ask_for_height()
        self._place_buttons()
        self.update()

    def offer(self) -> None:
        """Let the person choose a muscle."""
        self.menu.popup(self.other.mapToGlobal(self.other.rect().topLeft()))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._ask_for_height()
        self._place_buttons()

    def _place_buttons(self) -> None:
        y = self.height() - self.other.height() - 8 + RING
        later = _(CHAPTERS[(self.chapter + 1) % len(CHAPTERS)])
        for words, more in ((_("Another muscle"), later), (_("Another muscle"), _("More")), (_("Muscle"), _("More"))):
            self.other.set_label(words)
            self.next.set_label(more)
            if self.other.width() + self.next.width() <= self.width():
                break
        self.other.move(-RING, y)
        self.next.move(self.other.width() + 12 - 3 * RING, y)

    def _steps(self, px: int) -> list[list[str]]:
        """The steps in lines that fit."""
        return [text.wrap(step, px, REGULAR, self.width() - 28) for step in self.steps()]

    def _told(self) -> tuple[int, int, list[list[str]]]:
        """Size, leading and lines of the steps: smaller where the drawing would have no room."""
        one_line = all(len(lines) == 1 for lines in self._steps(_STEP_PX))
        px = _STEP_PX if one_line else _SMALL_STEP_PX
        if seen_height(self) - _TOP - _FOOT - self._height_of(self._steps(px), _STEP_LINE) >= _LEAST_DRAWING:
            return px, _STEP_LINE, self._steps(px)
        return LEAST_TEXT_PX, _TIGHT_LINE, self._steps(LEAST_TEXT_PX)

    @staticmethod
    def _height_of(steps: list[list[str]], leading: int) -> int:
        return sum(leading * len(lines) + _STEP_GAP for lines in steps) + 24

    def _ask_for_height(self) -> None:
        """Ask for as much height as all steps need, and the drawing beside the first of them."""
        _px, leading, steps = self._told()
        drawn = _TOP + _LEAST_DRAWING if self.chapter == 0 else _TOP - 36
        self.setMinimumHeight(drawn + self._height_of(steps, leading) + _FOOT)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        left = text.paint(painter, 0, 52, [Run(_("Where the pads go"), 22, ink.text, SEMIBOLD)])
        word = Run(_(PLACEMENTS[self.muscle]), 16, ink.text2)
        if left + 16 + text.width([word]) <= self.width():
            text.paint(painter, left + 16, 52, [word])
        px, leading, steps = self._told()
        room = QRectF(0, _TOP, self.width(), self.height() - _TOP - _FOOT - self._height_of(steps, leading))
        if room.height() >= _LEAST_DRAWING:
            view = Run(_("from behind"), 15, ink.text3)
            names = [Run(_(side).upper(), 16, ink.text, SEMIBOLD) for side in SIDES]  # they may stand beside it
            if text.width([view]) + 2 * max(text.width([name]) for name in names) + 56 <= self.width():
                text.paint(painter, self.width() / 2, 86, [view], "centre")
            draw_body(painter, ink, self.muscle, room)
        else:  # a chapter that is long takes the room of the drawing
            room.setBottom(_TOP - 36)
        y = room.bottom() + 32
        for number, lines in enumerate(steps, start=1):
            text.paint(painter, 0, y, [Run(str(number), px, ink.text, SEMIBOLD)])
            for line in lines:
                text.paint(painter, 28, y, [Run(line, px, ink.text)])
                y += leading
            y += _STEP_GAP


def draw_body(painter: QPainter, colours: Colours, muscle: str, room: QRectF, tapped: Side | None = None) -> None:
    """Draw where the pads of a muscle go, from behind, left on the left; a ring around those that are tapped."""
    palette = palette_of(colours)
    body = drawing("body", palette)
    if tapped is not None:  # the pads of the other side step back
        palette = palette_of(replace(colours, **{one: colours.of(one).raw for one in SIDES if one != tapped}))
    over = drawing(muscle, palette)
    box = over.viewBoxF()
    scale = min(room.width() / box.width(), room.height() / box.height())
    place = QRectF(0, 0, box.width() * scale, box.height() * scale)
    place.moveCenter(room.center())
    body.setViewBox(box)
    painter.save()
    painter.setClipRect(place)
    body.render(painter, place)
    over.render(painter, place)
    painter.restore()

    def at(x: float, y: float) -> QPointF:
        return QPointF(place.left() + (x - box.left()) * scale, place.top() + (y - box.top()) * scale)

    runs = {side: Run(_(side).upper(), 16, colours.of(side).text, SEMIBOLD) for side in SIDES}
    widths = {side: text.width([run]) + 20 for side, run in runs.items()}
    beside = {side: max(0.0, place.left() + 0.1 * place.width() - widths[side] - 14 - room.left()) for side in SIDES}
    waist = place.left() + _WAIST * place.width()
    covers = any(room.left() + beside[side] + widths[side] + 8 > waist for side in SIDES)  # both stand on one line
    y = place.top() + (-10 if covers else 30)
    for side, run in runs.items():
        x = room.left() + beside[side] if side == "left" else room.right() - beside[side] - widths[side]
        marks.glyph(painter, side, QPointF(x + 6, y - 6), 6.5, colours.of(side).full)
        text.paint(painter, x + 20, y, [run])
    for label, x, y in LANDMARKS[muscle] if scale >= _LEAST_SCALE * room_px(100) / 100 and tapped is None else ():
        text.paint(painter, at(x, y).x(), at(x, y).y(), [Run(_(label), 14, colours.text2)], "centre")
    if tapped is not None:
        x, y = _PADS
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(marks.pen(colours.text, 2))
        middle = at(x if tapped == "right" else box.width() - x, y)
        painter.drawEllipse(middle, 34 * scale, 34 * scale)
        painter.setPen(marks.pen(colours.edge, 2))
        painter.drawEllipse(middle, 46 * scale, 46 * scale)
