"""Pen and type of the page: the colours of the light theme, the bundled fonts, and text that always fits.

Lengths are those of a page of 1240 × 1754, A4 at 150 dots per inch.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, Literal

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from app.session.events import Side

Align = Literal["left", "centre", "right"]
REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600
FONT_FILES: Final = (
    ("Inter", 400, "Inter-Regular.ttf"),
    ("Inter", 500, "Inter-Medium.ttf"),
    ("Inter", 600, "Inter-SemiBold.ttf"),
    ("Inter Display", 400, "InterDisplay-Regular.ttf"),
    ("Inter Display", 600, "InterDisplay-SemiBold.ttf"),
)
"""Family, weight and file of every face on the page; the HTML file carries the same ones."""
_DISPLAY_FROM: Final = 28.0
_LEAST: Final = 13.0
_HATCH_PITCH: Final = 8.0
_PAPER: Final = QColor("#FFFFFF")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line: its colour by the name in the token file, its width, and the lengths of dashes and gaps."""

    colour: str = "line"
    width: float = 1.0
    dashes: tuple[float, ...] = ()


@cache
def _colours() -> dict[str, QColor]:
    table = tomllib.loads((files("assets") / "themes" / "tokens.toml").read_text(encoding="utf-8"))["light"]
    return {name: QColor(value) for name, value in table.items()} | {"paper": _PAPER}


@cache
def load_fonts() -> None:
    """Register the bundled fonts; needs a QGuiApplication."""
    for _, _, name in FONT_FILES:
        QFontDatabase.addApplicationFontFromData((files("assets") / "fonts" / name).read_bytes())


@cache
def _font(px: float, weight: int) -> QFont:
    made = QFont(["Inter Display" if px >= _DISPLAY_FROM else "Inter", "sans-serif"])
    made.setPixelSize(round(px))
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("calt"), 0)  # browsers are told the same, so both set text alike
    return made


def text_width(text: str, px: float, weight: int = REGULAR) -> float:
    """Width of a text on one line."""
    return QFontMetricsF(_font(round(px), weight)).horizontalAdvance(text)


def wrap(text: str, px: float, room: float) -> list[str]:
    """Break a text into the lines that it needs."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, px) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Ink:
    """Draws on one page.

    Parameters
    ----------
    painter : QPainter
        Scaled so that the page is 1240 wide.
    """

    def __init__(self, painter: QPainter) -> None:
        load_fonts()
        self._painter = painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        px: float,
        colour: str = "text",
        weight: int = REGULAR,
        align: Align = "left",
        room: float = 0.0,
    ) -> float:
        """Draw one line and return its width; with `room` it gets smaller until it fits, and is cut at the smallest."""
        size = round(px)
        while room and size > _LEAST and text_width(text, size, weight) > room:
            size -= 1
        if room and text_width(text, size, weight) > room:
            text = QFontMetricsF(_font(size, weight)).elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = text_width(text, size, weight)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        self._painter.setFont(_font(size, weight))
        self._painter.setPen(_colours()[colour])
        self._painter.drawText(QPointF(left, baseline), text)
        return width

    def paragraph(self, x: float, baseline: float, lines: list[str], px: float, colour: str, step: float) -> float:
        """Draw lines below each other; returns the baseline after them."""
        for line in lines:
            self.text(x, baseline, line, px, colour)
            baseline += step
        return baseline

    def line(self, x0: float, y0: float, x1: float, y1: float, stroke: Stroke | None = None) -> None:
        """Draw a straight line."""
        stroke = stroke or Stroke()
        pen = QPen(_colours()[stroke.colour], stroke.width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if stroke.dashes:
            pen.setDashPattern([length / stroke.width for length in stroke.dashes])
        self._painter.setPen(pen)
        self._painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))

    def steps(self, points: list[tuple[float, float]], stroke: Stroke) -> None:
        """Draw straight lines from point to point."""
        for (x0, y0), (x1, y1) in pairwise(points):
            self.line(x0, y0, x1, y1, stroke)

    def box(self, x: float, y: float, width: float, height: float, colour: str, opacity: float = 1.0) -> None:
        """Fill a rectangle."""
        fill = QColor(_colours()[colour])
        fill.setAlphaF(opacity)
        self._painter.fillRect(QRectF(x, y, width, height), fill)

    def hatch(self, x: float, y: float, width: float, height: float) -> None:
        """Fill with slanted lines: there was no signal."""
        bottom, path, start = y + height, QPainterPath(), x - height
        while start < x + width:
            # Cut here and not by the painter: an SVG file knows no clipping.
            ends = max(start, x), min(start + height, x + width)
            path.moveTo(ends[0], bottom - (ends[0] - start))
            path.lineTo(ends[1], bottom - (ends[1] - start))
            start += _HATCH_PITCH
        self._painter.setPen(QPen(_colours()["edge"], 1.0))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)

    def band(self, upper: list[tuple[float, float]], lower: list[tuple[float, float]]) -> None:
        """Fill what lies between two lines: the ± of a measurement."""
        fill = QColor(_colours()["edge"])
        fill.setAlphaF(0.42)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QBrush(fill))
        self._painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in (*upper, *reversed(lower))]))

    def mark(self, side: Side, x: float, y: float, radius: float, *, hollow: bool = False) -> None:
        """Draw the mark of a side: left is a square, right a disc, so that grey paper tells them apart too."""
        colour = _colours()[side]
        self._painter.setPen(QPen(colour, 1.5) if hollow else QPen(Qt.PenStyle.NoPen))
        self._painter.setBrush(_PAPER if hollow else colour)
        if side == "left":
            half = radius * 0.9
            self._painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
        else:
            self._painter.drawEllipse(QPointF(x, y), radius, radius)

    def dot(self, x: float, y: float, radius: float) -> None:
        """Draw one value of a trend that belongs to no side."""
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(_colours()["text"])
        self._painter.drawEllipse(QPointF(x, y), radius, radius)

    def triangle(self, x: float, y: float) -> None:
        """Draw a small triangle whose tip is at a point: something changed here."""
        path = QPainterPath(QPointF(x, y))
        path.lineTo(x + 5, y + 8)
        path.lineTo(x - 5, y + 8)
        path.closeSubpath()
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(_colours()["text2"])
        self._painter.drawPath(path)
