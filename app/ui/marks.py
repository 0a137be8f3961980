"""The marks of the product: a side is always a shape, a word, a place and a colour."""

import math

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.session.events import Side
from app.ui.theme import Colours

ROUND_TOP = 0.34
"""Radius of the right pillar's top corners, as a share of its width."""


def pen(colour: QColor, width: float = 1.0, *, dashes: list[float] | None = None) -> QPen:
    """Make a pen; `dashes` are lengths in px."""
    made = QPen(colour, width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    made.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dashes:
        made.setDashPattern([length / width for length in dashes])
    return made


def side_shape(side: Side, rect: QRectF) -> QPainterPath:
    """Outline of a pillar or its bar: left square, right with a round top."""
    path = QPainterPath()
    if side == "left" or rect.height() <= 0:
        path.addRect(rect)
        return path
    radius = min(rect.width() * ROUND_TOP, rect.height(), rect.width() / 2)
    box = QRectF(rect.left(), rect.top(), 2 * radius, 2 * radius)
    path.moveTo(rect.left(), rect.bottom())
    path.lineTo(rect.left(), rect.top() + radius)
    path.arcTo(box, 180, -90)
    box.moveRight(rect.right())
    path.arcTo(box, 90, -90)
    path.lineTo(rect.bottomRight())
    path.closeSubpath()
    return path


def glyph(painter: QPainter, side: Side, centre: QPointF, radius: float, colour: QColor) -> None:
    """Square for left, disc for right."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if side == "left":
        half = 0.9 * radius
        painter.drawRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half))
    else:
        painter.drawEllipse(centre, radius, radius)


def warning(painter: QPainter, centre: QPointF, radius: float, colours: Colours) -> None:
    """Triangle with an exclamation mark."""
    x, y = centre.x(), centre.y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.attention)
    foot = y + 0.8 * radius
    painter.drawPolygon(QPolygonF([QPointF(x, y - radius), QPointF(x + radius, foot), QPointF(x - radius, foot)]))
    painter.setBrush(colours.ground)
    painter.drawRect(QRectF(x - 0.1 * radius, y - 0.35 * radius, 0.2 * radius, 0.6 * radius))
    painter.drawRect(QRectF(x - 0.1 * radius, y + 0.4 * radius, 0.2 * radius, 0.2 * radius))


def arrow(painter: QPainter, side: Side, tip: QPointF, half_height: float, colour: QColor) -> None:
    """Solid arrow head whose tip points at the pillar of a side."""
    back = tip.x() + 1.25 * half_height * (1 if side == "left" else -1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, QPointF(back, tip.y() - half_height), QPointF(back, tip.y() + half_height)]))


def tick(painter: QPainter, centre: QPointF, radius: float, colour: QColor, width: float) -> None:
    """A tick: done."""
    x, y = centre.x(), centre.y()
    stroke = QPen(colour, width)
    stroke.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroke.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(stroke)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(x - radius, y),
                QPointF(x - 0.25 * radius, y + 0.7 * radius),
                QPointF(x + radius, y - 0.75 * radius),
            ]
        )
    )


def hatch(painter: QPainter, shape: QPainterPath, colour: QColor, *, pitch: float = 14.0, width: float = 2.0) -> None:
    """Diagonal hatching: there is no signal here, which is not the same as zero."""
    box = shape.boundingRect()
    step = pitch * math.sqrt(2)
    n_lines = math.ceil((box.width() + box.height()) / step) + 1
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.setPen(pen(colour, width))
    for k in range(n_lines):
        top = box.left() + k * step
        painter.drawLine(QLineF(top, box.top(), top - box.height(), box.bottom()))
    painter.restore()


def goal_line(y: float, left: float, right: float, height: int = 3) -> QRectF:
    """A goal line on whole pixels, so that the stretches of a joined one meet without a seam."""
    # not round(): it takes halves to the even neighbour, and another one in another widget's coordinates
    return QRectF(left, math.floor(y + 0.5) - height // 2, right - left, height)


def fill(painter: QPainter, path: QPainterPath, colour: QColor) -> None:
    """Fill a shape without an outline."""
    painter.fillPath(path, QBrush(colour))


def stroke(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
    """Outline a shape without filling it."""
    painter.strokePath(path, pen(colour, width))
