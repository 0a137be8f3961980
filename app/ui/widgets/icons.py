"""Icons of the rail, as strokes."""

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF


def train(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """Two pillars: left square, right round."""
    x, y = centre.x(), centre.y()
    pen = QPen(ink, 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(x - 8, y - 3, 6, 11))
    round_top = QPainterPath(QPointF(x + 2, y + 8))
    round_top.lineTo(x + 2, y - 4)
    round_top.arcTo(QRectF(x + 2, y - 7, 6, 6), 180, -180)
    round_top.lineTo(x + 8, y + 8)
    round_top.closeSubpath()
    painter.drawPath(round_top)


def sensors(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """Two pads and the wire between them."""
    x, y = centre.x(), centre.y()
    painter.setPen(QPen(ink, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(x - 5, y + 4), 3.4, 3.4)
    painter.drawEllipse(QPointF(x + 5, y - 4), 3.4, 3.4)
    painter.drawLine(QPointF(x - 2.4, y + 1.8), QPointF(x + 2.4, y - 1.8))


def history(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """A line that goes up."""
    x, y = centre.x(), centre.y()
    painter.setPen(_stroke(ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = [QPointF(x - 8, y + 5), QPointF(x - 2, y - 1), QPointF(x + 2, y + 2), QPointF(x + 8, y - 5)]
    painter.drawPolyline(QPolygonF(points))


def review(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """Play once more."""
    x, y = centre.x(), centre.y()
    painter.setPen(_stroke(ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawLine(QPointF(x - 7, y - 7), QPointF(x - 7, y + 7))
    painter.drawPolygon(QPolygonF([QPointF(x - 3, y - 6), QPointF(x + 8, y), QPointF(x - 3, y + 6)]))


def _stroke(ink: QColor) -> QPen:
    pen = QPen(ink, 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def calibrate(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """A gauge with its needle."""
    x, y = centre.x(), centre.y()
    pen = QPen(ink, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(x - 8, y - 7, 16, 16), -30 * 16, 240 * 16)
    painter.drawLine(QPointF(x, y + 1), QPointF(x + 4, y - 3))


def setup(painter: QPainter, centre: QPointF, ink: QColor) -> None:
    """Two sliders."""
    x, y = centre.x(), centre.y()
    painter.setPen(_stroke(ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for row, knob in ((y - 4, x + 3), (y + 4, x - 3)):
        painter.drawLine(QPointF(x - 8, row), QPointF(knob - 3, row))
        painter.drawLine(QPointF(knob + 3, row), QPointF(x + 8, row))
        painter.drawEllipse(QPointF(knob, row), 3, 3)
