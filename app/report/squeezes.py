"""The chart of every squeeze: left and right, the goal, and where a side joined."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.report import sentences
from app.report.facts import Facts, Squeeze
from app.report.ink import SEMIBOLD, Ink, Stroke
from app.report.language import Words
from app.session.events import Side

_STEP_PCT: Final = 20.0
_TOP_PCT: Final = 80.0
_LARGEST, _SMALLEST = 6.5, 2.0
_MOST_NUMBERS: Final = 8
_NOTE_ROOM: Final = 320.0


@dataclass(frozen=True, slots=True)
class Area:
    """Where data are drawn; numbers and legend lie around it."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right end."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower end."""
        return self.y + self.height


def paint_squeezes(ink: Ink, area: Area, facts: Facts, words: Words) -> None:
    """Paint the chart."""
    _Chart(ink, area, facts, words).paint()


def paint_legend(ink: Ink, x: float, baseline: float, room: float, facts: Facts, words: Words) -> None:
    """Paint what the marks mean, and at the right end the order in which muscles started, in words."""
    end = x + room
    for side in facts.sides:
        ink.mark(side, x + 6, baseline - 6, 7)
        x += 22 + ink.text(x + 22, baseline, words(side), 17, f"{side}_text", SEMIBOLD) + 26
    if any(squeeze.number is not None and squeeze.rep is None for squeeze in facts.squeezes):
        for number, side in enumerate(facts.sides):
            ink.mark(side, x + 6 + 17 * number, baseline - 6, 6, hollow=True)
        x += 17 * len(facts.sides) + 8
        text = words("neither side yet") if len(facts.sides) > 1 else words("not yet")
        x += ink.text(x, baseline, text, 16, "text2") + 26
    if facts.n_lost:
        ink.hatch(x, baseline - 13, 22, 14)
        x += 30 + ink.text(x + 30, baseline, words("no signal, not counted"), 16, "text2") + 26
    ink.text(end, baseline, sentences.order_line(facts, words), 17, "text2", align="right", room=end - x)


class _Chart:
    def __init__(self, ink: Ink, area: Area, facts: Facts, words: Words) -> None:
        self.ink, self.area, self.facts, self.words = ink, area, facts, words
        levels = [squeeze.level_pct(side) for squeeze in facts.squeezes for side in facts.sides]
        highest = max((level for level in levels if level is not None), default=0.0)
        self.top_pct = max(_TOP_PCT, _STEP_PCT * math.ceil(highest / _STEP_PCT))
        self.pitch = (area.width - 40.0) / max(len(facts.squeezes) - 1, 1)
        self.radius = max(_SMALLEST, min(_LARGEST, 0.42 * self.pitch))
        self.columns = [(area.x + 20.0 + index * self.pitch, squeeze) for index, squeeze in enumerate(facts.squeezes)]

    def paint(self) -> None:
        self._paint_scale()
        if not self.columns:
            middle = self.area.x + self.area.width / 2
            self.ink.text(
                middle, self.area.y + self.area.height / 2, self.words("no squeeze"), 18, "text3", 400, "centre"
            )
            return
        for x, squeeze in self.columns:
            if squeeze.number is None:
                width = min(self.pitch, 24.0)
                self.ink.hatch(x - width / 2, self.area.y, width, self.area.height)
        self._paint_goals()
        self._paint_joining()
        for x, squeeze in self.columns:
            if squeeze.number is not None:
                self._paint_squeeze(x, squeeze)
        self._paint_numbers()

    def _y(self, level_pct: float) -> float:
        return self.area.bottom - level_pct / self.top_pct * self.area.height

    def _paint_scale(self) -> None:
        step_pct = _STEP_PCT * math.ceil(self.top_pct / (6 * _STEP_PCT))
        for number in range(int(self.top_pct / step_pct) + 1):
            level_pct = number * step_pct
            is_top = level_pct + step_pct > self.top_pct
            text = self.words.percent(level_pct) if is_top else self.words.number(level_pct)
            self.ink.line(self.area.x, self._y(level_pct), self.area.right, self._y(level_pct))
            self.ink.text(self.area.x - 14, self._y(level_pct) + 6, text, 16, "text3", align="right")

    def _paint_goals(self) -> None:
        """One line for both sides where they share the goal; it steps where the goal was changed."""
        goals = {tuple(self._goals(side)): side for side in self.facts.sides}
        for of_side, side in goals.items():
            if not of_side:
                continue
            points = [(self.area.x, self._y(of_side[0][1]))]
            for (before, old), (after, new) in pairwise(of_side):
                if new != old:
                    points += [((before + after) / 2, self._y(old)), ((before + after) / 2, self._y(new))]
            points.append((self.area.right, self._y(of_side[-1][1])))
            self.ink.steps(points, Stroke("text", 2.0))
            text = self.words("goal") if len(goals) == 1 else self.words("goal {side}", side=self.words(side))
            self.ink.text(self.area.right + 12, points[-1][1] + 6, text, 17)

    def _goals(self, side: Side) -> Sequence[tuple[float, float]]:
        reps = [(x, squeeze.rep) for x, squeeze in self.columns if squeeze.rep is not None]
        return [(x, rep.target_pct[side]) for x, rep in reps if side in rep.target_pct]

    def _paint_joining(self) -> None:
        note = sentences.join_note(self.facts, self.words)
        if note is None:
            return
        number, text = note
        x = next(x for x, squeeze in self.columns if squeeze.number == number) - self.pitch / 2
        self.ink.line(x, self.area.y - 4, x, self.area.bottom, Stroke("text2", 1.0, (3.0, 5.0)))
        room = self.area.right - x
        if room > _NOTE_ROOM:
            self.ink.text(x + 10, self.area.bottom - 14, text, 17, "text2", room=room - 10)
        else:
            self.ink.text(x - 10, self.area.bottom - 14, text, 17, "text2", align="right")

    def _paint_squeeze(self, x: float, squeeze: Squeeze) -> None:
        sides = self.facts.sides
        if squeeze.rep is None:
            radius = 0.7 * self.radius
            for row, side in enumerate(sides):
                self.ink.mark(side, x, self._y(0.0) - (3 * row + 2) * radius, radius, hollow=True)
            return
        levels = {side: level for side in sides if (level := squeeze.level_pct(side)) is not None}
        if len(levels) == len(sides):
            self.ink.line(x, self._y(min(levels.values())), x, self._y(max(levels.values())), Stroke("line", 2.0))
        apart = abs(self._y(levels["left"]) - self._y(levels["right"])) if len(levels) == 2 else math.inf
        shift = 0.4 * self.radius if apart < self.radius else 0.0  # neither mark may hide the other
        for side in reversed(sides):
            if side in levels:
                self.ink.mark(side, x + (shift if side == "right" else -shift), self._y(levels[side]), self.radius)

    def _paint_numbers(self) -> None:
        last = max((squeeze.number or 0 for _, squeeze in self.columns), default=0)
        step = next(step for step in (1, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if last <= step * _MOST_NUMBERS)
        for x, squeeze in self.columns:
            number = squeeze.number
            if number is not None and (number == 1 or number % step == 0):
                self.ink.text(x, self.area.bottom + 26, str(number), 16, "text3", align="centre")
