"""One side on the Sensors page: which unit lies there, how it does, and what to do about it."""

from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.pipeline.condition import Sync
from app.pipeline.snapshot import Snapshot
from app.pipeline.units import UnitView
from app.session.events import Side
from app.ui import marks, text
from app.ui.sensor_words import Fact, bars_of, dbm, head_facts, judgement, small_facts, state_words
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours, room_px
from app.ui.widgets.buttons import HEIGHT, KeyButton
from app.ui.widgets.painted import Canvas
from app.ui.widgets.traces import Lane
from drivers.types import LinkState

ROOMY = 280
"""Least height with a lane of the signal."""
_INDENT = 36
_BARS = 30
"""Room for the four bars of a radio."""
_LEAST_NAME = 56
"""A name with less room than this tells units apart no more."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """Baselines and sizes for one height of the card; ``lane`` is the top of the signal, None without."""

    first: int
    second: int
    small: int
    judged: int
    step: int
    side_px: int
    word_px: int
    lane: int | None = None


def _lines(height: int) -> _Lines:
    if height >= ROOMY:
        return _Lines(52, 80, 109, 214, 24, 26, 22, lane=124)
    if height >= 240:
        return _Lines(48, 74, 104, 148, 23, 24, 20)
    return _Lines(40, 64, 90, 124, 22, 22, 19)


def _row() -> int:
    """From one row of small facts to the next."""
    return text.leading(16) + 2


def signal_bars(painter: QPainter, left: float, baseline: float, rssi_dbm: int, colours: Colours) -> float:
    """Paint the strength of a radio as four bars and a number; returns the width."""
    for bar in range(4):
        height = 5 + 3.5 * bar
        filled = bar < bars_of(rssi_dbm)
        painter.fillRect(QRectF(left + 6 * bar, baseline - height, 4, height), colours.text if filled else colours.line)
    return _BARS + text.paint(painter, left + _BARS, baseline, [Run(dbm(rssi_dbm), 15, colours.text3, tabular=True)])


class UnitCard(Canvas):
    """A side with its unit; the page connects the buttons.

    Attributes
    ----------
    share : int
        Height that the page has for it; `needed_height` may be more.
    """

    def __init__(self, colours: Colours, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("{Side} sensor", Side=_(side).capitalize()), parent)
        self.side = side
        self.share = ROOMY
        self.unit: UnitView | None = None
        self._sync: Sync | None = None
        self._muscle = ""
        self._since = ""
        self._snapshot: Snapshot | None = None
        self._lane = Lane(colours, side)
        self.look_for = self._button(_("Find a sensor"))
        self.again = self._button(_("Try again"))
        self.change = self._button(_("Change"))
        self.forget = self._button(_("Forget"))

    def _button(self, label: str) -> KeyButton:
        button = KeyButton(self.colours, label, "", flat=True, parent=self)
        button.setAccessibleName(_("{label}, {side} side", label=label, side=_(self.side)))
        return button

    def show_unit(self, unit: UnitView | None, sync: Sync | None, muscle: str, since: str) -> None:
        """Show a unit, or that there is none; `since` is the clock time at which its state began."""
        if (unit, sync, muscle, since) == (self.unit, self._sync, self._muscle, self._since):
            return
        self.unit, self._sync, self._muscle, self._since = unit, sync, muscle, since
        verdict = judgement(unit, self.side)
        said = [] if unit is None else [unit.name, state_words(unit, since)]
        words = (*said, verdict.word, verdict.why, *verdict.remedy)
        self.say(". ".join(one.rstrip(".") for one in words if one))
        self._place()
        self.update()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the newest ten seconds, where there is room."""
        self._snapshot = snapshot
        lane = self._lines().lane
        if lane is not None:
            self.update(0, lane, self.width(), 56)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def needed_height(self) -> int:
        """Height without which words would be lost, and no less than its share, at the width that it has."""
        at = self._lines()
        words = at.judged + 4 + at.step * len(self._remedy())
        return max(self.share, round(words + HEIGHT - (2 if at.lane is not None else 30 - text.leading(16))))

    @property
    def buttons_right(self) -> int:
        """Where its row of buttons ends."""
        return max((button.geometry().right() for button in self._buttons() if not button.isHidden()), default=0)

    def _buttons(self) -> tuple[KeyButton, ...]:
        return self.look_for, self.again, self.change, self.forget

    def _place(self) -> None:
        unit = self.unit
        broken = unit is not None and unit.state in (LinkState.UNAVAILABLE, LinkState.CLOSED)
        self.look_for.setVisible(unit is None)
        self.again.setVisible(broken)
        self.change.setVisible(unit is not None and unit.remembered)
        self.forget.setVisible(unit is not None and unit.remembered)
        x = _INDENT - 12
        for button in self._buttons():
            if not button.isHidden():
                button.move(x, self.height() - HEIGHT - (6 if self.share >= ROOMY else 0))
                x += button.width()

    def _lines(self) -> _Lines:
        """Where everything stands; the signal gives way to words that need its room."""
        at = replace(_lines(self.share), step=max(_lines(self.share).step, text.leading(16)))
        if self.unit is not None and self._is_narrow(self.unit):
            return replace(
                at, judged=at.small + (len(self._small_rows(self.unit)) - 1) * _row() + _row() + 10, lane=None
            )
        if at.lane is None or at.judged + 4 + at.step * len(self._remedy()) <= self.share - HEIGHT + 2:
            return at
        return replace(at, judged=at.small + 46, lane=None)

    def _remedy(self) -> list[str]:
        parts = judgement(self.unit, self.side).remedy
        return [line for part in parts for line in text.wrap(part, 16, REGULAR, self.width() - _INDENT)]

    def draw(self, painter: QPainter) -> None:
        ink, hue, at = self.colours, self.colours.of(self.side), self._lines()
        painter.fillRect(QRectF(0, 0, self.width(), 1), ink.line)
        marks.glyph(painter, self.side, QPointF(11, at.first - 9), 11, hue.full)
        text.paint(painter, _INDENT, at.first, [Run(_(self.side).upper(), at.side_px, hue.text, SEMIBOLD)])
        if self.unit is None:
            self._draw_judgement(painter, at, at.small + 16)
            return
        muscle = text.paint(painter, _INDENT, at.second, [Run(_(self._muscle), 15, ink.text2)])
        if self._is_narrow(self.unit):
            self._draw_narrow_head(painter, self.unit, at, muscle)
        else:
            self._draw_head(painter, self.unit, at.first, at.second)
        self._draw_small(painter, self.unit, at.small)
        if at.lane is not None:
            self._draw_lane(painter, at.lane)
        self._draw_judgement(painter, at, at.judged)

    @property
    def _name_px(self) -> int:
        return 18 if self.width() >= 600 else 16

    def _columns(self, unit: UnitView) -> tuple[float, float, list[float]]:
        """Where the name stands, where the numbers begin, and how wide each of them is."""
        wide = self.width() >= 600
        columns = [max(94 if wide else 82, 16.0 + self._width_of(fact)) for fact in head_facts(unit)]
        return 0.34 * self.width() if wide else 162.0, self.width() - sum(columns) + 8.0, columns

    def _is_narrow(self, unit: UnitView) -> bool:
        """Whether there is no room for name, state and numbers beside each other: then the numbers go beneath."""
        name_x, left, _columns = self._columns(unit)
        name, state = (
            Run(unit.name, self._name_px, self.colours.text, MEDIUM),
            Run(state_words(unit, self._since), 15, self.colours.text),
        )
        muscle = _INDENT + text.width([Run(_(self._muscle), 15, self.colours.text)])
        needed = max(text.width([state]), min(text.width([name]), room_px(_LEAST_NAME)))
        return needed > left - name_x - 8 or muscle + 12 > name_x

    def _draw_narrow_head(self, painter: QPainter, unit: UnitView, at: _Lines, muscle: float) -> None:
        ink = self.colours
        x = _INDENT + text.width([Run(_(self.side).upper(), at.side_px, ink.text, SEMIBOLD)]) + 20
        px, name = text.in_line(unit.name, self._name_px, MEDIUM, self.width() - x)
        text.paint(painter, x, at.first - 2, [Run(name, px, ink.text, MEDIUM)])
        x = max(x, _INDENT + muscle + 20)
        state = state_words(unit, self._since)
        px = text.shrunk(state, 15, REGULAR, self.width() - x)
        text.paint(painter, x, at.second, [Run(state, px, ink.text2)])

    def _draw_head(self, painter: QPainter, unit: UnitView, first: float, second: float) -> None:
        ink = self.colours
        name_x, left, columns = self._columns(unit)
        px, name = text.in_line(unit.name, self._name_px, MEDIUM, left - name_x - 16)
        text.paint(painter, name_x, first - 2, [Run(name, px, ink.text, MEDIUM)])
        text.paint(painter, name_x, second, [Run(state_words(unit, self._since), 15, ink.text2)])
        for fact, width in zip(head_facts(unit), columns, strict=True):
            value, label = self._fact_runs(fact)
            text.paint(painter, left, first - 2, value)
            text.paint(painter, left, second, label)
            left += width

    def _fact_runs(self, fact: Fact) -> tuple[list[Run], list[Run]]:
        ink = self.colours
        value = [Run(fact.value, 20, ink.text, SEMIBOLD, tabular=True), Run(fact.unit, 16, ink.text2)]
        return value, [Run(fact.label, 15, ink.text2)]

    def _width_of(self, fact: Fact) -> float:
        return max(map(text.width, self._fact_runs(fact)))

    def _small_items(self, unit: UnitView) -> list[tuple[list[Run], int | None]]:
        """What was measured besides, each as runs; with the strength of a radio that is painted before it."""
        ink = self.colours
        items: list[tuple[list[Run], int | None]] = []
        if self._is_narrow(unit):
            for fact in head_facts(unit):
                value = Run(fact.value, 16, ink.text, SEMIBOLD, tabular=True)
                items.append(([value, Run(f"{fact.unit} {fact.label}", 15, ink.text2)], None))
        rssi = unit.vitals.rssi_dbm
        items += [] if rssi is None else [([], round(rssi))]
        return items + [([Run(words, 15, ink.text3)], None) for words in small_facts(unit, self._sync)]

    def _small_rows(self, unit: UnitView) -> list[list[tuple[list[Run], int | None, float]]]:
        """The same in rows, each with its left end; where the card is not narrow, what has no room is left out."""
        rows: list[list[tuple[list[Run], int | None, float]]] = [[]]
        x = float(_INDENT)
        for runs, rssi in self._small_items(unit):
            width = text.width(runs) if rssi is None else _BARS + text.width([Run(dbm(rssi), 15, self.colours.text)])
            if x + width > self.width():
                if not self._is_narrow(unit):
                    break
                rows.append([])
                x = float(_INDENT)
            rows[-1].append((runs, rssi, x))
            x += width + 20
        return rows

    def _draw_small(self, painter: QPainter, unit: UnitView, baseline: float) -> None:
        for number, row in enumerate(self._small_rows(unit)):
            y = baseline + number * _row()
            for runs, rssi, x in row:
                if rssi is not None:
                    signal_bars(painter, x, y, rssi, self.colours)
                text.paint(painter, x, y, runs)

    def _draw_lane(self, painter: QPainter, top: int) -> None:
        snapshot = self._snapshot
        trace = next((one for one in snapshot.traces if one.site == self.side), None) if snapshot is not None else None
        if snapshot is None or trace is None or snapshot.method is None:
            painter.fillRect(QRectF(0, top + 32, self.width(), 1), self.colours.edge)
            return
        strip = QRectF(0, top, self.width(), 56)
        self._lane.draw(painter, trace, snapshot.trace_end_s, strip, self.devicePixelRatioF())

    def _draw_judgement(self, painter: QPainter, at: _Lines, baseline: float) -> None:
        ink, judged = self.colours, judgement(self.unit, self.side)
        px = 30 if judged.loud else at.word_px
        if judged.mark == "tick":
            marks.tick(painter, QPointF(11, baseline - 8), 9, ink.text, 2.6)
        elif judged.mark == "warning":
            marks.warning(painter, QPointF(11, baseline - 8), 11, ink)
        x = _INDENT + text.paint(painter, _INDENT, baseline, [Run(judged.word, px, ink.text, SEMIBOLD)]) + 16
        why = Run(judged.why, 16, ink.text2)
        if x + text.width([why]) <= self.width():
            text.paint(painter, x, baseline, [why])
        y = baseline + at.step + 4
        for line in self._remedy():
            text.paint(painter, _INDENT, y, [Run(line, 16, ink.text)])
            y += at.step
