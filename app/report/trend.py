"""The trend of the checks: four small charts on one axis of days, each with its goal and its ±."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.history.views import CheckPoint, ReferenceChange, TrainingDays, WakeUp
from app.report.ink import MEDIUM, Ink, Stroke
from app.report.language import Words
from app.report.squeezes import Area
from app.session.events import SIDES, Side
from app.session.following import Standing
from app.session.readiness import Readiness

_X = (34.0, 300.0, 566.0, 834.0)
_WIDTH, _HEIGHT = 186.0, 140.0


@dataclass(frozen=True, slots=True)
class Trend:
    """What the history knows of this person, for the same exercise, position, muscle and device.

    Attributes
    ----------
    checks : sequence of CheckPoint
        Oldest first.
    wake_ups : sequence of WakeUp
    changes : sequence of ReferenceChange
        Where lines break.
    days : TrainingDays or None
    readiness : Readiness or None
    plan : Standing or None
        Where the person stands in a plan; None without one.
    """

    checks: Sequence[CheckPoint] = ()
    wake_ups: Sequence[WakeUp] = ()
    changes: Sequence[ReferenceChange] = ()
    days: TrainingDays | None = None
    readiness: Readiness | None = None
    plan: Standing | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is a line to draw: two checks, or two sessions that began with a wake-up."""
        return len(self.checks) > 1 or len(self.wake_ups) > 1

    @property
    def first_day(self) -> date:
        """The first day on the axis."""
        return min(self._days)

    @property
    def last_day(self) -> date:
        """The last day on the axis."""
        return max(self._days)

    @property
    def _days(self) -> list[date]:
        return [check.started.date() for check in self.checks] + [wake_up.started.date() for wake_up in self.wake_ups]


@dataclass(frozen=True, slots=True)
class _Point:
    day: date
    value: float
    pm: float = 0.0


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    ticks: tuple[float, ...]
    unit: str = ""
    goal: tuple[float, float] | None = None


NO_TREND: Final = Trend()


def trend_title(trend: Trend, words: Words) -> tuple[str, str]:
    """The heading, and what stands at its right end."""
    note = words("from the checks: squeezes without bars, before training")
    if trend.days is not None:
        n_days = (trend.days.last - trend.days.first).days + 1
        note += "; " + words("training days {n} of the last {of}", n=str(len(trend.days.trained)), of=str(n_days))
    return words("Since {day}", day=words.day(trend.first_day)), note


def paint_trend(ink: Ink, x: float, y: float, trend: Trend, sides: tuple[Side, ...], words: Words) -> None:
    """Paint the four charts and their legend; `y` is the baseline of their headings."""
    areas = [Area(x + offset, y + 18, _WIDTH, _HEIGHT) for offset in _X]
    headings = [words("Joined, of 10"), _lag_heading(trend, sides, words), words("Symmetry"), words("Wake-up squeezes")]
    for area, heading in zip(areas, headings, strict=True):
        ink.text(area.x, y, heading, 18, weight=MEDIUM, room=_WIDTH + 10)
    chart = _Charts(ink, trend, words)
    share = _Scale(0.0, 11.0, (0.0, 5.0, 10.0), goal=(9.0, 11.0))
    chart.scale(areas[0], share)
    for side in reversed(sides):
        chart.plot(areas[0], share, _shares(trend, side), side)
    lags = _lags(trend, sides)
    chart.only(areas[1], _lag_scale(lags), lags)
    symmetry = _symmetries(trend)
    chart.only(areas[2], _lsi_scale(symmetry), symmetry)
    squeezes = [_Point(one.started.date(), float(one.squeezes)) for one in trend.wake_ups if one.squeezes is not None]
    chart.only(areas[3], _count_scale(squeezes), squeezes)
    _paint_legend(ink, x + _X[0], y + 18 + _HEIGHT + 62, trend, words)


class _Charts:
    """Draws lines of values over days."""

    def __init__(self, ink: Ink, trend: Trend, words: Words) -> None:
        self._ink, self._trend, self._words = ink, trend, words
        self._n_days = max((trend.last_day - trend.first_day).days, 1)

    def only(self, area: Area, scale: _Scale, points: list[_Point]) -> None:
        """A chart with one line, or a dash where there is nothing."""
        self.scale(area, scale)
        self.plot(area, scale, points, None)
        if not points:
            self._ink.text(area.x + area.width / 2, area.y + area.height / 2, "–", 20, "text3", align="centre")

    def scale(self, area: Area, scale: _Scale) -> None:
        """Goal, ticks, days, and where something changed."""
        if scale.goal is not None:
            top, bottom = (_y(area, scale, min(max(value, scale.low), scale.high)) for value in reversed(scale.goal))
            self._ink.box(area.x, top, area.width, bottom - top, "well")
        for number, tick in enumerate(scale.ticks):
            y = _y(area, scale, tick)
            text = self._words.number(tick) + (scale.unit if number == len(scale.ticks) - 1 else "")
            self._ink.line(area.x, y, area.right, y)
            self._ink.text(area.x - 12, y + 5, text, 15, "text3", align="right")
        for day in sorted({change.started.date() for change in self._trend.changes}):
            x = self._x(area, day)
            self._ink.line(x, area.y - 4, x, area.bottom, Stroke("text2", 1.2, (2.0, 5.0)))
            self._ink.triangle(x, area.bottom + 4)
        baseline = area.bottom + 30
        self._ink.text(area.x, baseline, self._words.day(self._trend.first_day, short=True), 15, "text3")
        if self._trend.last_day > self._trend.first_day:
            last = self._words.day(self._trend.last_day, short=True)
            self._ink.text(area.right, baseline, last, 15, "text3", align="right")

    def plot(self, area: Area, scale: _Scale, points: list[_Point], side: Side | None) -> None:
        """One line with its ±; it breaks where numbers stand on another ground."""
        breaks = sorted(change.started.date() for change in self._trend.changes)
        for part in _parts(points, breaks):
            xy = [(self._x(area, point.day), _y(area, scale, point.value)) for point in part]
            if side is None and len(part) > 1:
                ends = [[_y(area, scale, point.value + sign * point.pm) for point in part] for sign in (1, -1)]
                upper, lower = ([(x, _within(area, y)) for (x, _), y in zip(xy, end, strict=True)] for end in ends)
                self._ink.band(upper, lower)
            self._ink.steps(xy, Stroke(side or "text", 2.0))
            for x, y in xy:
                if side is None:
                    self._ink.dot(x, y, 3.2)
                else:
                    self._ink.mark(side, x, y, 3.6)

    def _x(self, area: Area, day: date) -> float:
        return area.x + area.width * (day - self._trend.first_day).days / self._n_days


def _y(area: Area, scale: _Scale, value: float) -> float:
    return area.bottom - (value - scale.low) / (scale.high - scale.low) * area.height


def _within(area: Area, y: float) -> float:
    return min(max(y, area.y), area.bottom)


def _parts(points: list[_Point], breaks: list[date]) -> list[list[_Point]]:
    parts: list[list[_Point]] = []
    ground = None
    for point in points:
        now = sum(day <= point.day for day in breaks)
        if now != ground:
            parts.append([])
            ground = now
        parts[-1].append(point)
    return parts


def _shares(trend: Trend, side: Side) -> list[_Point]:
    return [
        _Point(point.started.date(), 10.0 * n_fired / point.check.attempts)
        for point in trend.checks
        if (n_fired := point.check.fired[side]) is not None
    ]


def _symmetries(trend: Trend) -> list[_Point]:
    return [
        _Point(point.started.date(), point.check.lsi_pct, point.check.lsi_pm_pct or 0.0)
        for point in trend.checks
        if point.check.lsi_pct is not None
    ]


def _later(trend: Trend, sides: tuple[Side, ...]) -> Side:
    """The side whose lag is drawn upwards: the one that was later at first."""
    lags = [point.check.lag_ms for point in trend.checks if point.check.lag_ms]
    if lags:
        return SIDES[0] if lags[0] > 0 else SIDES[1]
    return sides[0] if sides else SIDES[0]


def _lag_heading(trend: Trend, sides: tuple[Side, ...], words: Words) -> str:
    later = _later(trend, sides)
    earlier = SIDES[1] if later == SIDES[0] else SIDES[0]
    return words("{Side} behind {other}", Side=words.side(later, capital=True), other=words(earlier))


def _lags(trend: Trend, sides: tuple[Side, ...]) -> list[_Point]:
    sign = 1.0 if _later(trend, sides) == "left" else -1.0
    return [
        _Point(point.started.date(), sign * point.check.lag_ms, point.check.lag_pm_ms or 0.0)
        for point in trend.checks
        if point.check.lag_ms is not None
    ]


def _lag_scale(points: list[_Point]) -> _Scale:
    high = max([point.value for point in points], default=0.0)
    low = min([point.value for point in points], default=0.0)
    step = 100.0 * max(1, math.ceil((high - low) / 400.0))
    least = 0.0 if low > -20.0 else -step * math.ceil(-low / step)
    ticks = tuple(least + step * n for n in range(int((max(high, 200.0) - least) / step) + 1))
    return _Scale(min(least, low), max(high, 200.0) * 1.05, ticks, " ms", (max(least, -100.0), 100.0))


def _lsi_scale(points: list[_Point]) -> _Scale:
    lowest = min([point.value - point.pm for point in points], default=50.0)
    low = min(50.0, 25.0 * math.floor(max(lowest, 0.0) / 25.0))
    ticks = tuple(low + 25.0 * n for n in range(int((100.0 - low) / 25.0) + 1))
    return _Scale(low, 104.0, ticks, "\u2009%", (85.0, 100.0))


def _count_scale(points: list[_Point]) -> _Scale:
    step = 5.0 * max(1, math.ceil(max([point.value for point in points], default=10.0) / 10.0))
    return _Scale(0.0, 2.2 * step, (0.0, step, 2.0 * step))


def _paint_legend(ink: Ink, x: float, baseline: float, trend: Trend, words: Words) -> None:
    ink.box(x, baseline - 13, 22, 14, "well")
    x += 30 + ink.text(x + 30, baseline, words("goal"), 16, "text2") + 32
    ink.box(x, baseline - 13, 22, 14, "edge", 0.42)
    x += 30 + ink.text(x + 30, baseline, words("± of the measurement"), 16, "text2") + 36
    if trend.changes:
        ink.triangle(x, baseline - 11)
        text = words("another kind of reference, pad, sensor or muscle; the line breaks there")
        ink.text(x + 16, baseline, text, 16, "text2")
