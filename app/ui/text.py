"""All text of the hand-painted widgets goes through `paint`: one baseline, runs of different size and colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from app.ui.theme import LEAST_TEXT_PX, REGULAR, font, font_as_is, grown

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one font and one colour.

    Attributes
    ----------
    text : str
    px : int
        Size in device-independent pixels.
    colour : QColor
    weight : int
    tabular : bool
        All digits equally wide.
    """

    text: str
    px: int
    colour: QColor
    weight: int = REGULAR
    tabular: bool = False


def _advance(text: str, px: int, weight: int, tabular: bool) -> float:
    return _measured(text, grown(px), weight, tabular)


@lru_cache(maxsize=2048)
def _measured(text: str, px: int, weight: int, tabular: bool) -> float:
    return QFontMetricsF(font_as_is(px, weight, tabular)).horizontalAdvance(text)


def width(runs: Sequence[Run]) -> float:
    """Width of the runs side by side, in device-independent pixels."""
    return sum(_advance(run.text, run.px, run.weight, run.tabular) for run in runs)


def paint(painter: QPainter, x: float, baseline: float, runs: Sequence[Run], align: Align = "left") -> float:
    """Paint runs on one baseline and return their width; `x` is their left, middle or right end."""
    total = width(runs)
    left = x - {"left": 0.0, "centre": total / 2, "right": total}[align]
    for run in runs:
        painter.setFont(font(run.px, run.weight, tabular=run.tabular))
        painter.setPen(run.colour)
        painter.drawText(QPointF(left, baseline), run.text)
        left += _advance(run.text, run.px, run.weight, run.tabular)
    return total


def wrap(sentence: str, px: int, weight: int, width_px: float) -> list[str]:
    """Break a sentence into lines that fit; a single word that does not is elided in the middle."""
    lines: list[str] = []
    for word in filter(None, sentence.split(" ")):  # a thin space does not break
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _advance(longer, px, weight, False) <= width_px:
            lines[-1] = longer
        else:
            lines.append(elide(word, px, weight, width_px))
    return lines


def leading(px: int) -> int:
    """From one baseline to the next, for sentences of a size."""
    return round(1.4 * grown(px))


def shrunk(text: str, px: int, weight: int, width_px: float) -> int:
    """The size at which a text fits, down to `LEAST_TEXT_PX`; at that size it may still be too wide."""
    while px > LEAST_TEXT_PX and _advance(text, px, weight, False) > width_px:
        px -= 1
    return px


def fit(sentence: str, px: int, weight: int, width_px: float) -> tuple[int, list[str]]:
    """Size and lines of a sentence: one line if it can be made small enough, else wrapped as large as it is."""
    smaller = shrunk(sentence, px, weight, width_px)
    if _advance(sentence, smaller, weight, False) <= width_px:
        return smaller, [sentence]
    return px, wrap(sentence, px, weight, width_px)


def within(sentence: str, px: int, weight: int, width_px: float, most: int) -> tuple[int, list[str]]:
    """Size and lines of a sentence: smaller where it would take more than `most` lines, down to `LEAST_TEXT_PX`."""
    while px > LEAST_TEXT_PX and len(wrap(sentence, px, weight, width_px)) > most:
        px -= 1
    return px, wrap(sentence, px, weight, width_px)


def in_line(words: str, px: int, weight: int, width_px: float) -> tuple[int, str]:
    """Size and words that fit on one line: smaller first, and shortened in the middle only where that is not enough."""
    smaller = shrunk(words, px, weight, width_px)
    return smaller, elide(words, smaller, weight, width_px)


def elide(text: str, px: int, weight: int, width_px: float) -> str:
    """Shorten a text in its middle until it fits."""
    if _advance(text, px, weight, False) <= width_px:
        return text
    keep = len(text) - 1
    while keep > 1 and _advance(_without_middle(text, keep), px, weight, False) > width_px:
        keep -= 1
    return _without_middle(text, keep)


def _without_middle(text: str, keep: int) -> str:
    return text[: (keep + 1) // 2].rstrip() + "…" + text[len(text) - keep // 2 :].lstrip()
