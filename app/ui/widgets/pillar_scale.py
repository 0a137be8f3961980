"""The scale outside a pillar: ticks and numbers at nothing, half and all, its unit above."""

from typing import Final

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QPainter

from app.ui import marks, text
from app.ui.text import Run

PERCENT: Final = ("%", "50", "100")
_PX: Final = 14


def draw_scale(
    painter: QPainter,
    ink: QColor,
    edge: float,
    outward: int,
    heights: tuple[float, float, float],
    names: tuple[str, str, str],
) -> None:
    """Draw it.

    Parameters
    ----------
    painter : QPainter
    ink : QColor
    edge : float
        Where the pillar ends.
    outward : int
        1 if the scale stands at the right of it, -1 at the left.
    heights : tuple of float
        Of 0, half and whole.
    names : tuple of str
        Unit, half and whole.
    """
    align: text.Align = "left" if outward > 0 else "right"
    unit, half, whole = names
    painter.setPen(marks.pen(ink, 1.5))
    for y in heights:
        painter.drawLine(QPointF(edge + 8 * outward, y), QPointF(edge + 14 * outward, y))
    for y, name in zip(heights, ("0", half, whole), strict=True):
        text.paint(painter, edge + 20 * outward, y + 5, [Run(name, _PX, ink)], align)
    text.paint(painter, edge + 20 * outward, heights[2] - 15, [Run(unit, _PX, ink)], align)
