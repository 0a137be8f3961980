"""The start page, from the second start on: who, today's step, the sensors of last time, pain, and one big key."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QKeySequence, QPainter, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QWidget

from app.history.views import Person
from app.language import _, mark
from app.pipeline.programmes import all_programmes
from app.session.care import MOST_PAIN
from app.session.events import SIDES
from app.session.plan import Offer
from app.session.programme import Programme
from app.ui import care_words, marks, plan_words, start_sensors, start_words, text
from app.ui.care_page import Choice
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours, grown
from app.ui.widgets.big_key import BigKey
from app.ui.widgets.buttons import HEIGHT, RING, KeyButton
from app.ui.widgets.exercise_list import ExerciseList
from app.ui.widgets.painted import Canvas
from app.ui.widgets.person_tile import PersonTile
from app.ui.widgets.room import seen_height
from app.ui.work import Told, Work

_MOST_TILES: Final = 3
_ROOMY: Final = 760
_MIDDLING: Final = 560
_WIDE: Final = 1200
_NAME_PX, _BENEATH_NAME = 36, 30
"""Size of the exercise's name where there is little room, and from it to what is said of it."""
_BELOW_STEPS: Final = 16
_WHERE: Final = mark("hip, knee or back")


class StartPage(Canvas):
    """The page.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    begun : callable
        Is told once the person began.
    sensors, others : callable
        Show the sensors, and the other people.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        *,
        begun: Callable[[], None],
        sensors: Callable[[], None],
        others: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(colours, _("Today"), parent)
        self._source, self._begun, self._others = source, begun, others
        self.pain: int | None = None
        self._n_days = 0
        self.day = date.today()
        self.tiles: list[PersonTile] = []
        self.work = Work("start", self)
        self.work.told.connect(self._on_people)
        self.numbers = [Choice(colours, str(n), _("Pain"), self) for n in range(MOST_PAIN + 1)]
        for number, (button, key) in enumerate(zip(self.numbers, care_words.pain_keys(), strict=True)):
            button.clicked.connect(lambda _checked, number=number: self._rate(number))
            QShortcut(QKeySequence(key), self).activated.connect(button.click)
        self.skip = KeyButton(colours, _("Skip"), "", flat=True, parent=self)
        self.skip.clicked.connect(lambda: self._rate(None))
        self.other_sensors = KeyButton(colours, _("Other sensors"), "", flat=True, parent=self)
        self.other_sensors.clicked.connect(sensors)
        self.other_exercise = KeyButton(colours, _("Another exercise"), "O", flat=True, parent=self)
        self.other_exercise.clicked.connect(self._offer_exercises)
        QShortcut(QKeySequence("O"), self).activated.connect(self._offer_exercises)
        self.accept = KeyButton(colours, _("Go on"), "G", parent=self)
        self.accept.clicked.connect(self._accept)
        QShortcut(QKeySequence("G"), self).activated.connect(self._press_accept)
        self.plan_work = Work("plan", self)
        self.plan_work.told.connect(lambda told: self.look())
        self.start = BigKey(colours, _("Start with the pads"), "Space", self)
        self.start.clicked.connect(self._start)
        QShortcut(QKeySequence("Space"), self).activated.connect(self.start.click)
        for number in range(_MOST_TILES):
            shortcut = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            shortcut.activated.connect(lambda number=number: self._press_tile(number))
        self.exercises = ExerciseList(colours, self)
        self.exercises.chosen.connect(self._train)
        self.exercises.closed.connect(self.go_back)
        self.exercises.hide()

    def look(self) -> None:
        """Show the sensors and the plan as they are now."""
        self._place()
        units = self._source.units()
        sensors = [(side, start_words.sensor(side, units)) for side in SIDES]
        told = [
            _(self._source.title),
            start_words.plan_lines(self._source.plan.standing, self._source.programme),
            *(" ".join(filter(None, (_(side), one.name, one.state, one.battery, one.pads))) for side, one in sensors),
            start_words.helpers(units),
            _(care_words.STOP),
        ]
        self.say(". ".join(one.rstrip(".") for one in told if one))

    def _offer(self) -> Offer | None:
        """Another step that the person may go to."""
        plan = self._source.plan
        return None if plan.standing is None or plan.is_study else plan.standing.today.offer

    def _offer_exercises(self) -> None:
        shelf, now = all_programmes(), self._source.programme
        self.exercises.show_programmes(shelf.shipped, shelf.own, "" if now is None else now.id)
        self.exercises.show()
        self.exercises.raise_()

    def _train(self, programme: Programme) -> None:
        self.go_back()
        self._source.train(programme)

    def go_back(self) -> bool:
        """Leave the list of exercises; False if it is not shown."""
        shown = not self.exercises.isHidden()
        self.exercises.hide()
        if shown:
            self.other_exercise.setFocus()
        return shown

    def _accept(self) -> None:
        offer = self._offer()
        if offer is not None:
            self.plan_work.begin(lambda task: self._source.plan.go_to(offer.step.id))

    def _press_accept(self) -> None:
        if self.accept.isVisible():
            self.accept.click()

    def _rate(self, pain: int | None) -> None:
        self.pain = None if pain == self.pain else pain
        for number, button in enumerate(self.numbers):
            button.show_checked(number == self.pain)
        self.update()

    def _start(self) -> None:
        pain = self.pain
        self._rate(None)
        self._source.start(pain)
        self._begun()

    def _press_tile(self, number: int) -> None:
        if number < len(self.tiles) - 1:
            self.tiles[number].click()

    def _on_people(self, told: Told) -> None:
        if isinstance(told.result, tuple):
            self.show_people(*told.result)

    def _read(self, task: object) -> tuple[tuple[Person, ...], int]:
        return self._source.people.read(), self._source.people.days_trained()

    def show_people(self, people: tuple[Person, ...], n_days: int) -> None:
        """Make a tile of each of those who were here last; one person alone needs none.

        `n_days` of the last 14 who trains did so.
        """
        self._n_days = n_days
        for tile in self.tiles:
            tile.hide()  # it is deleted later, and nobody is to meet it until then
            tile.deleteLater()
        self.tiles = []
        here = self._source.people.person
        if len(people) > 1:
            shown = sorted(people, key=lambda one: one.code != here)[:_MOST_TILES]
            for number, one in enumerate(shown):
                detail = start_words.last_here(one.last_started, self.day)
                mine = one.code == here
                tile = PersonTile(self.colours, one.code, detail, f"Alt {number + 1}", here=mine, parent=self)
                tile.clicked.connect(lambda _checked, code=one.code: self._choose(code))
                self.tiles.append(tile)
            other = PersonTile(self.colours, _("Someone else"), "", "", parent=self)
            other.clicked.connect(self._others)
            self.tiles.append(other)
        before: QWidget = self.numbers[0]
        for tile in reversed(self.tiles):
            self.setTabOrder(tile, before)
            before = tile
            tile.show()
        self._place()

    def _choose(self, code: str) -> None:
        self._source.people.choose(code)
        self.work.begin(self._read)

    def showEvent(self, event: QShowEvent | None) -> None:
        self.work.begin(self._read)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _margin(self) -> int:
        return 40 if self.width() >= 1000 else 32

    def _rows(self) -> tuple[int, int, int]:
        """Top of the tiles; the line above pain; the line above the big key."""
        seen, height = seen_height(self), self.height()
        key = 152 if seen >= _ROOMY else 104 if seen >= _MIDDLING else 84
        px, lines = self._stop()
        key = max(key, text.leading(px) * len(lines) + 24)
        pain = 132 if seen >= _ROOMY else 100 if seen >= _MIDDLING else 84
        return (84 if seen >= _ROOMY else 62), height - key - pain, height - key

    def _stop(self) -> tuple[int, list[str]]:
        """Size and lines of when to stop: smaller where it would take more than two lines."""
        left = self._margin() - RING + self._start_width() + 28
        return text.within(_(care_words.STOP), 17, MEDIUM, self.width() - self._margin() - left, 2)

    def _start_width(self) -> int:
        return min(428, self.width() // 2)

    def _begin(self) -> int:
        """Where today's step and the sensors begin."""
        top = self._rows()[0]
        return top + (self.tiles[0].height() + (32 if self._spacious else 8) if self.tiles else -16)

    def _needed_height(self) -> int:
        """How high the page must be for every word of it; today's plan goes first."""
        _top, pain_y, _key_y = self._rows()
        programme = self._source.programme
        lines = len(text.wrap(start_words.subtitle(programme), 18, REGULAR, self._step_room()))
        rows = round(1.15 * grown(18) * len(start_words.steps(programme)))
        step = _NAME_PX + _BENEATH_NAME + text.leading(18) * lines + rows + _BELOW_STEPS
        return self._begin() + step + self.height() - pain_y

    def _step_room(self) -> float:
        return self._split() - self._margin() - 32

    def _place(self) -> None:
        margin, (top, pain_y, key_y) = self._margin(), self._rows()
        roomy = seen_height(self) >= _ROOMY
        width, high = self.width(), 84 if roomy else 62
        if self.tiles:
            each = min(252, (width - 2 * margin) // len(self.tiles))
            for number, tile in enumerate(self.tiles):
                wide = each - 2 * RING if tile is not self.tiles[-1] else min(each - 2 * RING, 200 + 2 * RING)
                tile.setGeometry(margin - RING + number * each, top - RING, wide, high)
        self.exercises.setGeometry(self.rect())
        self.setMinimumHeight(self._needed_height())
        y = pain_y + (28 if roomy else 16 if key_y - pain_y >= 100 else 10)
        said = (Run(_("Pain now"), 17, self.colours.text, SEMIBOLD), Run(_(_WHERE), LEAST_TEXT_PX, self.colours.text2))
        left = margin + max(176 if width >= 1200 else 124, *(round(text.width([run])) + 12 for run in said))
        step = min(62, (width - margin - left - self.skip.width() - 12) // len(self.numbers))
        for number, button in enumerate(self.numbers):
            button.setGeometry(left + step * number, y, min(step + 2, 62), 54)
        self.skip.move(width - margin - self.skip.width() + 12, y + 5)
        high = 92 if self.height() - key_y > 120 else 64
        y = key_y + (self.height() - key_y - high) // 2
        self.start.setGeometry(margin - RING, y, self._start_width(), high)
        y = pain_y - (82 if self._spacious else 54)
        self.other_sensors.move(round(self._split()) + 44 - 12, y)
        x = self.other_sensors.x() + self.other_sensors.width()
        beside = x + self.other_exercise.width() <= width - margin + 12
        self.other_exercise.setVisible(beside or self._spacious)
        self.other_exercise.move(x if beside else self.other_sensors.x(), y if beside else y + HEIGHT)
        offer = self._offer()
        self.accept.setVisible(offer is not None)
        if offer is not None:
            self.accept.set_label(plan_words.accept(offer))
            y = 52 if roomy else 40
            self.accept.move(width - margin - self.accept.width() + RING, y - 6 - self.accept.height() // 2)
        self.update()

    @property
    def _spacious(self) -> bool:
        """Whether what is shown of the sensors stands in columns."""
        return seen_height(self) >= _ROOMY and self.width() >= _WIDE

    def _split(self) -> float:
        return self._margin() + 0.525 * (self.width() - 2 * self._margin())

    def draw(self, painter: QPainter) -> None:
        ink, margin = self.colours, self._margin()
        right = float(self.width() - margin)
        _top, pain_y, key_y = self._rows()
        baseline = 52 if seen_height(self) >= _ROOMY else 40
        person = self._source.people.person
        x = margin + text.paint(painter, margin, baseline, [Run(_("Today"), 22, ink.text, SEMIBOLD)]) + 14
        if not self.accept.isHidden():
            right = self.accept.x() - 12
        elif person:
            right -= text.paint(painter, right, baseline, self._days(person), "right") + 24
        day, place = start_words.today(self.day), start_words.plan_place(self._source.plan.standing)
        both = f"{day} · {place}" if place else day
        if x + text.width([Run(both, 17, ink.text2)]) > right:
            both = day
        text.paint(painter, x, baseline, [Run(both, 17, ink.text2)])
        right = self.width() - margin
        begin = self._begin()
        self._draw_step(painter, begin, pain_y)
        split = self._split()
        painter.fillRect(QRectF(split, begin + 12, 1, pain_y - begin - 36), ink.line)
        room = QRectF(split + 44, begin, right - split - 44, pain_y - begin)
        start_sensors.draw(
            painter, ink, self._source.units(), room, self.other_sensors.y() - 14 if self._spacious else None
        )
        for y in (pain_y, key_y):
            painter.fillRect(QRectF(margin, y, right - margin, 1), ink.line)
        self._draw_pain(painter)
        self._draw_key(painter)

    def _days(self, person: str) -> list[Run]:
        """How often somebody trained lately; before the first time, who it is."""
        before, n, after = start_words.days_trained(self._n_days)
        if not self._n_days or self.width() < _WIDE:
            return [Run(person, 16, self.colours.text2, MEDIUM)] if not self.tiles else []
        ink = self.colours
        return [Run(before, 16, ink.text2), Run(n, 18, ink.text, SEMIBOLD), Run(after, 16, ink.text2)]

    def _draw_step(self, painter: QPainter, top: float, bottom: float) -> None:
        ink, left, room = self.colours, self._margin(), self._step_room()
        programme = self._source.programme
        px = 54 if bottom - top > 300 else _NAME_PX
        while px > 28 and text.width([Run(_(self._source.title), px, ink.text, SEMIBOLD)]) > room:
            px -= 2
        y = top + px + (8 if px > 40 else 0)
        text.paint(
            painter, left, y, [Run(text.elide(_(self._source.title), px, SEMIBOLD, room), px, ink.text, SEMIBOLD)]
        )
        y += 38 if px > 40 else _BENEATH_NAME
        standing, rows = self._source.plan.standing, start_words.steps(programme)
        said = start_words.plan_lines(standing, programme)
        rests = standing is not None and standing.today.why != "train" and bottom - y <= 190
        for line in text.wrap(said if rests else start_words.subtitle(programme), 18, REGULAR, room):
            text.paint(painter, left, y, [Run(line, 18, ink.text2)])
            y += text.leading(18)
        more = [] if rests else text.wrap(said, 16, REGULAR, room)
        if bottom - y - 40 - 30 * len(rows) < 24 * len(more):
            more = []  # told whole or not at all
        below = 24.0 * len(more) + (28 if more else 0)
        pitch = min(46.0, (bottom - y - _BELOW_STEPS - below) / max(1, len(rows)))
        for number, line in enumerate(more):
            text.paint(painter, left, bottom - 24 - 24 * (len(more) - 1 - number), [Run(line, 16, ink.text)])
        names = max(text.width([Run(name, 18, ink.text, MEDIUM)]) for name, _detail, _n in rows)
        y += min(pitch, 34)
        for number, (name, detail, minutes) in enumerate(rows):
            at = y + number * pitch
            painter.setPen(marks.pen(ink.text if number == 0 else ink.edge, 1.8))
            painter.setBrush(ink.text if number == 0 else ink.ground)
            if number:
                painter.drawLine(QPointF(left + 8, at - 6 - pitch + 9), QPointF(left + 8, at - 15))
            painter.drawEllipse(QPointF(left + 8, at - 6), 7, 7)
            text.paint(painter, left + 32, at, [Run(name, 18, ink.text, MEDIUM)])
            time = _("{n} min", n=minutes)
            end = left + room - text.paint(painter, left + room, at, [Run(time, 17, ink.text2, tabular=True)], "right")
            about = Run(detail, 17, ink.text2)
            x = left + 32 + names + 20
            if x + text.width([about]) <= end - 12:
                text.paint(painter, x, at, [about])

    def _draw_pain(self, painter: QPainter) -> None:
        ink, box = self.colours, self.numbers[0].geometry()
        left, y = self._margin(), box.y() + RING
        text.paint(painter, left, y + 18, [Run(_("Pain now"), 17, ink.text, SEMIBOLD)])
        px = text.shrunk(_(_WHERE), 15, REGULAR, box.x() - left - 8)
        text.paint(painter, left, y + 41, [Run(_(_WHERE), px, ink.text2)])
        last = self.numbers[-1].geometry()
        none, worst = (Run(_(words), LEAST_TEXT_PX, ink.text3) for words in care_words.PAIN_ENDS)
        text.paint(painter, box.x() + RING, box.bottom() + 16, [none])
        text.paint(painter, last.right() - RING, box.bottom() + 16, [worst], "right")

    def _draw_key(self, painter: QPainter) -> None:
        ink, key = self.colours, self.start.geometry()
        left, middle = key.right() + 28, key.center().y()
        room, (px, lines) = self.width() - self._margin() - left, self._stop()
        said = _("From here to the first squeeze takes about a minute.")
        more = key.height() > 80 and text.width([Run(said, 16, ink.text2)]) <= room
        first = middle + 6 - text.leading(px) / 2 * (len(lines) - 1 + more)  # all lines together in the middle
        for row, line in enumerate(lines):
            text.paint(painter, left, first + text.leading(px) * row, [Run(line, px, ink.text, MEDIUM)])
        if more:
            text.paint(painter, left, first + text.leading(px) * len(lines) + 4, [Run(said, 16, ink.text2)])
