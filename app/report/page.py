"""The whole page on one painter: A4, black on white, and it prints in grey as well."""

from dataclasses import dataclass
from typing import Final

from PyQt6.QtGui import QPainter

from app.report import headline, sentences
from app.report.advice import next_steps
from app.report.facts import Facts
from app.report.figures import figures
from app.report.ink import MEDIUM, SEMIBOLD, Ink, Stroke, text_width, wrap
from app.report.language import Words
from app.report.squeezes import Area, paint_legend, paint_squeezes
from app.report.trend import NO_TREND, Trend, paint_trend, trend_title

WIDTH: Final = 1240
HEIGHT: Final = 1754
"""A4 at 150 dots per inch, the unit of every length here."""
_LEFT, _RIGHT = 110.0, 1130.0
_ROOM: Final = _RIGHT - _LEFT
_TREND_HEIGHT: Final = 330.0
_ROWS_HEIGHT: Final = 176.0
_ROW_SIZES: Final = ((18.0, 26.0, 4.0), (17.0, 23.0, 4.0), (16.0, 21.0, 3.0), (15.0, 19.0, 2.0), (13.0, 16.0, 1.0))
"""Size, line and gap of the rows at the end of the page, from the usual to the smallest."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed, and for whom.

    Attributes
    ----------
    facts : Facts
    words : Words
    trend : Trend
    name : str or None
        Typed when the page is made; it stands on the page and nowhere else.
    """

    facts: Facts
    words: Words
    trend: Trend = NO_TREND
    name: str | None = None


def paint_page(painter: QPainter, width: float, report: Report) -> None:
    """Paint the page.

    Parameters
    ----------
    painter : QPainter
        On any device: screen, SVG or PDF.
    width : float
        Width of the page on that device.
    report : Report
    """
    painter.save()
    painter.scale(width / WIDTH, width / WIDTH)
    ink = Ink(painter)
    _paint_head(ink, report)
    _paint_figures(ink, report)
    extra = 0.0 if report.trend.is_shown else _TREND_HEIGHT
    _paint_squeezes(ink, report, extra)
    if report.trend.is_shown:
        _paint_trend(ink, report)
    _paint_end(ink, report)
    painter.restore()


def _paint_head(ink: Ink, report: Report) -> None:
    facts, words = report.facts, report.words
    banner = headline.banner(facts, words)
    if banner:
        ink.box(_LEFT, 52, _ROOM, 40, "text")
        ink.text(_LEFT + _ROOM / 2, 78, banner, 19, "paper", SEMIBOLD, "centre", _ROOM - 40)
    ink.text(_LEFT, 128, "GluteWake", 20, weight=SEMIBOLD)
    ink.text(_RIGHT, 128, words("Session report, page 1 of 1"), 18, "text2", align="right")
    ink.line(_LEFT, 150.5, _RIGHT, 150.5, Stroke("text"))
    ink.text(_LEFT, 236, headline.title(facts, words), 50, weight=SEMIBOLD, room=_ROOM)
    ink.text(_LEFT, 276, headline.subtitle(facts, words), 24, "text2", room=_ROOM)
    columns = (0.0, 250.0, 520.0, 800.0)
    fields = sentences.fields(facts, words, report.name)
    ends = (*columns[1:], _ROOM + 20.0)
    for (label, value), x, end in zip(fields, columns, ends, strict=True):
        ink.text(_LEFT + x, 336, label, 17, "text3")
        room = end - x - 20
        name, before, code = value.rpartition(" (")  # a long name leaves its code to a second line
        for row, line in enumerate([name, f"({code}"] if before and text_width(value, 19, MEDIUM) > room else [value]):
            ink.text(_LEFT + x, 362 + 23 * row, line, 19, weight=MEDIUM, room=room)
    ink.line(_LEFT, 396.5, _RIGHT, 396.5)


def _paint_figures(ink: Ink, report: Report) -> None:
    for number, figure in enumerate(figures(report.facts, report.words)):
        x = _LEFT + 350 * number
        ink.text(x, 442, figure.title, 19, "text2", MEDIUM, room=330)
        width = ink.text(x, 508, figure.value, 62, weight=SEMIBOLD)
        ink.text(x + width + 9, 508, figure.rest, 28, "text2")
        ink.paragraph(x, 544, wrap(figure.note, 16, 320), 16, "text2", 22)
    ink.line(_LEFT, 584.5, _RIGHT, 584.5)


def _paint_squeezes(ink: Ink, report: Report, extra: float) -> None:
    facts, words = report.facts, report.words
    ink.text(_LEFT, 628, words("Squeeze by squeeze"), 22, weight=SEMIBOLD)
    ink.text(_RIGHT, 628, _scale_note(facts, words), 17, "text2", align="right")
    area = Area(_LEFT + 60, 660, _ROOM - 130, 226 + extra)
    paint_squeezes(ink, area, facts, words)
    helpers = sentences.helpers_line(facts, words)
    baseline = area.bottom + (50 if helpers else 62)
    paint_legend(ink, area.x, baseline, _RIGHT - area.x, facts, words)
    ink.text(_RIGHT, baseline + 26, helpers, 17, "text2", align="right", room=_ROOM - 60)
    ink.line(_LEFT, area.bottom + 100.5, _RIGHT, area.bottom + 100.5)


def _scale_note(facts: Facts, words: Words) -> str:
    calibration = facts.record.started.calibration
    if calibration is None or calibration.method == "session":
        return words("mean activation, % of the session’s own largest level")
    return words("mean activation, % of the reference")


def _paint_trend(ink: Ink, report: Report) -> None:
    title, note = trend_title(report.trend, report.words)
    width = ink.text(_LEFT, 1028, title, 22, weight=SEMIBOLD)
    ink.text(_RIGHT, 1028, note, 17, "text2", align="right", room=_ROOM - width - 30)
    paint_trend(ink, _LEFT, 1068, report.trend, report.facts.sides, report.words)
    ink.line(_LEFT, 1316.5, _RIGHT, 1316.5)


def _paint_end(ink: Ink, report: Report) -> None:
    facts, words = report.facts, report.words
    ink.text(_LEFT, 1360, words("Next"), 22, weight=SEMIBOLD)
    _paint_rows(ink, _LEFT, 0.0, 460.0, [("", step) for step in next_steps(facts, report.trend, words)])
    ink.text(_LEFT + 510, 1360, words("How far to trust it"), 22, weight=SEMIBOLD)
    _paint_rows(ink, _LEFT + 510, 108.0, _ROOM - 510, sentences.trust_rows(facts, words))
    ink.line(_LEFT, 1568.5, _RIGHT, 1568.5)
    width = ink.text(_LEFT, 1602, words("Therapist’s note"), 18, "text2", MEDIUM)
    ink.line(_LEFT + width + 18, 1606.5, _RIGHT, 1606.5, Stroke("edge"))
    ink.line(_LEFT, 1642.5, _RIGHT, 1642.5, Stroke("edge"))
    ink.text(_LEFT, 1674, sentences.not_published(words), 15, "text2", room=_ROOM)
    for number, line in enumerate(sentences.origin(facts, words)):
        ink.text(_LEFT, 1698 + 22 * number, line, 14, "text3", room=_ROOM)


def _paint_rows(ink: Ink, x: float, indent: float, room: float, rows: list[tuple[str, str]]) -> None:
    """Labels and sentences, as large as the room beneath the heading allows."""

    def wrapped(px: float) -> list[tuple[str, list[str]]]:
        return [(label, wrap(text, px, room - indent)) for label, text in rows]

    def fits(size: tuple[float, float, float]) -> bool:
        px, step, gap = size
        return sum(step * len(lines) + gap for _, lines in wrapped(px)) <= _ROWS_HEIGHT

    px, step, gap = next(filter(fits, _ROW_SIZES), _ROW_SIZES[-1])
    baseline = 1396.0
    for label, lines in wrapped(px):
        ink.text(x, baseline, label, px, "text2", room=indent - 8)
        baseline = gap + ink.paragraph(x + indent, baseline, lines, px, "text", step)
