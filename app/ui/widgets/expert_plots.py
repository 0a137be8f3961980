"""The raw signal of an electrode and its spectrum, painted. Nothing is filtered; scales are printed beside them."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from app.language import _
from app.numbers import number
from app.pipeline.electrodes import RAW_S, ElectrodeView
from app.ui import expert_words, marks, text
from app.ui.text import Run
from app.ui.theme import Colours
from dsp.spectrum import MAINS_HZ

FloatArray = npt.NDArray[np.float64]

LEAST_HALF: Final = 20.0
"""Below it a resting signal would fill the picture and look like work."""
DECADES: Final = 4
SHOWN_HZ: Final = 500.0
_LABEL = 14


def raw_half(views: Iterable[ElectrodeView]) -> float:
    """One scale for all electrodes: 1, 2 or 5 times a power of ten that holds the largest sample of any."""
    largest = max((float(np.nanmax(np.abs(one.raw))) for one in views if np.isfinite(one.raw).any()), default=0.0)
    largest = max(largest, LEAST_HALF)
    decade = 10.0 ** math.floor(math.log10(largest))
    return next(step * decade for step in (1.0, 2.0, 5.0, 10.0) if step * decade >= largest)


def top_decade(views: Iterable[ElectrodeView]) -> int:
    """The power of ten at the top of all spectra."""
    largest = max((float(np.nanmax(one.density)) for one in views if np.isfinite(one.density).any()), default=1.0)
    return math.ceil(math.log10(max(largest, 1e-6)))


def draw_raw(painter: QPainter, view: ElectrodeView, box: QRectF, half: float, ink: QColor, colours: Colours) -> None:
    """Draw the newest two seconds; where nothing came it is hatched."""
    middle = box.center().y()
    painter.fillRect(QRectF(box.left(), middle, box.width(), 1), colours.edge)
    n_columns = int(box.width())
    n_whole = round(RAW_S * view.sfreq)
    samples = np.full(n_whole, np.nan)
    samples[n_whole - min(len(view.raw), n_whole) :] = view.raw[-n_whole:]
    edges = (np.arange(n_columns) * n_whole) // n_columns
    low, high = np.fmin.reduceat(samples, edges), np.fmax.reduceat(samples, edges)
    low[1:], high[1:] = np.fmin(low[1:], high[:-1]), np.fmax(high[1:], low[:-1])  # no holes in a steep slope
    y_low, y_high = (middle - side / half * box.height() / 2 for side in (low, high))
    known = np.isfinite(low)
    painter.setPen(marks.pen(ink, 1.0))
    lines = [
        QLineF(box.left() + x + 0.5, y_high[x] - 0.5, box.left() + x + 0.5, y_low[x] + 0.5)
        for x in np.flatnonzero(known).tolist()
    ]
    painter.drawLines(lines)  # type: ignore[call-overload]  # PyQt takes lists, its stubs know arrays alone
    first = int(known.argmax()) if known.any() else 0
    steps = np.diff(np.concatenate(([False], ~known[first:], [False])).astype(np.int8))
    for start, stop in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
        gap = QPainterPath()
        gap.addRect(QRectF(box.left() + first + int(start), box.top(), int(stop - start), box.height()))
        marks.hatch(painter, gap, colours.line)
    text.paint(painter, box.left(), box.top() + _LABEL - 2, [_small(expert_words.raw_scale(half, view), colours)])
    text.paint(painter, box.right(), box.top() + _LABEL - 2, [_small(_("2 s, unfiltered"), colours)], "right")


def draw_spectrum(painter: QPainter, view: ElectrodeView, box: QRectF, top: int, ink: QColor, colours: Colours) -> None:
    """Draw the spectrum up to 500 Hz over four decades, with strokes where the mains would be."""
    end_hz = min(SHOWN_HZ, view.sfreq / 2)
    plot = box.adjusted(0, 0, 0, -18)

    def x_of(hz: float) -> float:
        return plot.left() + hz / end_hz * plot.width()

    painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), colours.edge)
    mains_hz = view.numbers.hum_hz if view.numbers is not None and view.numbers.hum_hz in MAINS_HZ else MAINS_HZ[0]
    painter.setPen(marks.pen(colours.text3, 1.0, dashes=[2, 4]))
    for harmonic in range(1, 4):
        if harmonic * mains_hz < end_hz:
            painter.drawLine(
                QLineF(x_of(harmonic * mains_hz), plot.top() + 18, x_of(harmonic * mains_hz), plot.bottom())
            )
    end = text.paint(painter, plot.right(), box.bottom() - 2, [_small(f"{end_hz:.0f} Hz", colours)], "right")
    free = plot.left()
    for hz in (mains_hz, 100.0, 200.0, 300.0, 400.0):
        run = _small(f"{hz:.0f}", colours)
        half = text.width([run]) / 2
        if free < x_of(hz) - half and x_of(hz) + half + 12 < plot.right() - end:
            text.paint(painter, x_of(hz), box.bottom() - 2, [run], "centre")
            free = x_of(hz) + half + 12
    shown = (view.hz > 0.0) & (view.hz <= end_hz) & np.isfinite(view.density) if view.density.size else view.hz > 0.0
    if shown.any():
        decades = np.log10(np.maximum(view.density[shown], 1e-12)) - (top - DECADES)
        y = plot.bottom() - np.clip(decades / DECADES, 0.0, 1.0) * (plot.height() - 18)
        x = plot.left() + view.hz[shown] / end_hz * plot.width()
        painter.setPen(marks.pen(ink, 1.4))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))
    low, high = (number(10.0**power, max(0, -power)) for power in (top - DECADES, top))
    scale = _("{low} to {high} {unit}/√Hz", low=low, high=high, unit=expert_words.unit(view))
    if text.width([_small(scale, colours)]) <= box.width():
        text.paint(painter, box.left(), box.top() + _LABEL - 2, [_small(scale, colours)])


def _small(words: str, colours: Colours) -> Run:
    return Run(words, 14, colours.text3)
