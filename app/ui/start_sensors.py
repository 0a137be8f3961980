"""What the start page shows of the sensors of last time: in columns where there is room, else on a line each."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter

from app.language import _
from app.pipeline.units import UnitView
from app.session.events import SIDES, Side
from app.ui import marks, start_words, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours, room_px


def draw(painter: QPainter, colours: Colours, units: Sequence[UnitView], room: QRectF, helpers_y: float | None) -> None:
    """Paint the two sides.

    Parameters
    ----------
    painter : QPainter
    colours : Colours
    units : sequence of UnitView
    room : QRectF
        Between the line beside today's step and the right margin, down to the line above pain.
    helpers_y : float or None
        Baseline of what is known of the helpers; given where there is room for columns.
    """
    text.paint(painter, room.left(), room.top() + 34, [Run(_("Sensors of last time"), 18, colours.text, SEMIBOLD)])
    pitch = min(88.0, (room.height() - 110) / 2)
    for number, side in enumerate(SIDES):
        y, words = room.top() + 34 + min(56, pitch) + number * pitch, start_words.sensor(side, units)
        if helpers_y is not None:
            _draw_columns(painter, colours, side, words, room, y)
        else:
            _draw_line(painter, colours, side, words, room, y)
            if pitch > 44:
                name = text.elide(words.name, 16, REGULAR, room.width() - 34)
                text.paint(painter, room.left() + 34, y + 26, [Run(name, 16, colours.text2)])
    others = text.elide(start_words.helpers(units), 17, REGULAR, room.width())
    if helpers_y is not None and others:
        text.paint(painter, room.left(), helpers_y, [Run(others, 17, colours.text2)])


def _draw_line(
    painter: QPainter, ink: Colours, side: Side, words: start_words.SensorWords, room: QRectF, y: float
) -> None:
    """Paint whether a sensor is there, and its battery."""
    left = room.left()
    marks.glyph(painter, side, QPointF(left + 9, y - 7), 9, ink.of(side).full)
    title = Run(_(side).upper(), 20, ink.of(side).text, SEMIBOLD)
    x = left + 34 + text.paint(painter, left + 34, y, [title]) + 24
    said = " · ".join(filter(None, (words.state, words.battery)))
    px, said = text.in_line(said, 16, REGULAR, room.right() - x)
    text.paint(painter, x, y, [Run(said, px, ink.text)])


def _draw_columns(
    painter: QPainter, ink: Colours, side: Side, words: start_words.SensorWords, room: QRectF, y: float
) -> None:
    """Paint what is known of one sensor in three columns: which it is, its battery, whether it is there."""
    left = room.left()
    pads = Run(words.pads, 16, ink.text2)
    last = min(0.56 * room.width(), room.width() - 28 - text.width([pads]))  # longer words come nearer to the names
    columns = 34.0, min(0.34 * room.width(), last - room_px(56)), last
    marks.glyph(painter, side, QPointF(left + 10, y - 7), 10, ink.of(side).full)
    text.paint(painter, left + 34, y, [Run(_(side).upper(), 22, ink.of(side).text, SEMIBOLD)])
    px, name = text.in_line(words.name, 17, REGULAR, columns[1] - columns[0] - 12)
    text.paint(painter, left + 34, y + 28, [Run(name, px, ink.text2)])
    if words.battery:
        text.paint(painter, left + columns[1], y, [Run(words.battery, 18, ink.text, SEMIBOLD, tabular=True)])
        text.paint(painter, left + columns[1], y + 28, [Run(_("battery"), 16, ink.text2)])
    if words.found:
        marks.tick(painter, QPointF(left + columns[2] + 8, y - 6), 8, ink.text, 2.4)
    x = left + columns[2] + (28 if words.found else 0)
    for row, line in enumerate([*text.wrap(words.state, 18, MEDIUM, room.right() - x), words.pads][:2]):
        run = Run(line, 18, ink.text, MEDIUM) if row == 0 or line != words.pads else pads
        text.paint(painter, x, y + 28 * row, [run])
