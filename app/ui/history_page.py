"""The History page: what came of it, the sentence first, then the days, then the checks on one axis of dates."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from PyQt6.QtCore import QRect
from PyQt6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.session.events import Side
from app.session.following import Standing
from app.ui import history_words, plan_words, text
from app.ui.history_plan import INSET, PlanView
from app.ui.past import WEEKS, Story, first_day_shown, read_story
from app.ui.printing import ask_page, write_page
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.asked_entry import AskedEntry
from app.ui.widgets.bars import Header
from app.ui.widgets.buttons import HEIGHT, KeyButton
from app.ui.widgets.choices import Choice, Choices
from app.ui.widgets.day_cells import WIDTH, DayCells
from app.ui.widgets.plan_block import PlanBlock
from app.ui.widgets.trend import Trend
from app.ui.work import Told, Work

View = Literal["story", "people", "plan"]
_HEADER = 80
_BESIDE = 1000
_FOOTNOTE = 30
_PLAN = 150
"""Least room beneath the cells that a plan needs; without it the keys of the cells go first."""


class HistoryPage(QFrame):
    """The page.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
        Tells where the history is, and who trains now: their story is told first.
    review : callable
        Shows the session of a folder once more.
    confirm : callable
        Does what ends the running session, once the person agrees.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        review: Callable[[Path], None],
        confirm: Callable[[Callable[[], None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("History"))
        self.colours = colours
        self._source, self._review = source, review
        self.view: View = "story"
        self.story: Story | None = None
        self.whole = False
        self._sentence = _("Reading …")
        self._here = source.people.person
        self._code: str | None = self._here or None
        self._number = 0
        self.told = ""
        self.work, self.printer = Work("history", self), Work("report", self)
        self.back = KeyButton(colours, _("Back"), "Esc")
        self.plan = KeyButton(colours, _("Plan"), "L")
        self.person = KeyButton(colours, _("Person"), "W")
        self.other = KeyButton(colours, _("Other sensor"), "D")
        self.since = KeyButton(colours, _("Since the first visit"), "A")
        self.report = KeyButton(colours, _("Report"), "P")
        keys = (self.plan, self.person, self.other, self.since, self.report)
        self.header = Header(colours, (self.back, *keys), self)
        self.days = DayCells(colours, self)
        self.trend = Trend(colours, self)
        self.block = PlanBlock(colours, self)
        self.steps = PlanView(colours, source, confirm, self)
        self.people = Choices(colours, _("People"), self)
        self.entry = AskedEntry(colours, self._show, self)
        self.work.told.connect(self._on_told)
        self.printer.told.connect(self._on_printed)
        self.trend.opened.connect(self._open)
        self.people.picked.connect(self._on_person)
        self.back.clicked.connect(self.go_back)
        self.plan.clicked.connect(self.show_plan)
        self.steps.changed.connect(self._show)
        self.person.clicked.connect(self._ask_person)
        self.other.clicked.connect(self._next_series)
        self.since.clicked.connect(self._toggle_since)
        self.report.clicked.connect(self._ask_report)
        for button in keys:
            shortcut = QShortcut(QKeySequence(button.key), self)
            shortcut.activated.connect(lambda button=button: button.click() if button.isVisible() else None)
        self._show()

    def read(self) -> None:
        """Read the history; returns at once."""
        root, code, number = self._source.recordings, self._code, self._number
        today = datetime.now().astimezone().date()
        self.work.begin(lambda task: read_story(root, today, code, number))

    def go_back(self) -> bool:
        """Go back to the story; False if it is there already."""
        if self.entry.isVisible():
            self.entry.put_away()
            return True
        if self.view == "story":
            return False
        self.view = "story"
        self._show()
        return True

    def show_story(self, story: Story) -> None:
        """Show a person's story."""
        if story.sessions and (self.story is None or self.story.person != story.person):
            self.whole = story.sessions[-1].day < first_day_shown(story.today)  # else the charts would be empty
        self.story, self._sentence = story, ""
        self.people.show_choices(
            [
                Choice(
                    one.display_name or one.code, history_words.person_detail(one), one.code if one.display_name else ""
                )
                for one in story.people
            ]
        )
        self._show()

    def _on_told(self, told: Told) -> None:
        if isinstance(told.result, Story):
            self.show_story(told.result)
        else:
            self._sentence = told.sentence
            self._show()

    def _on_person(self, number: int) -> None:
        if self.story is not None:
            self._code, self._number = self.story.people[number].code, 0
            self.view = "story"
            self.read()
            self._show()

    def show_plan(self) -> None:
        """Show the plan of whoever trains, with its keys."""
        self.view, self.steps.told = "plan", ""
        self._show()
        self.steps.setFocus()

    def _standing(self) -> Standing | None:
        """Where the person whose story it is stands in the plan; None for anybody but the one who trains."""
        mine = self.story is None or self.story.person is None or self.story.person.code == self._here
        return self._source.plan.standing if mine else None

    def _ask_person(self) -> None:
        self.view = "people"
        self._show()
        if self.people.rows:
            self.people.rows[0].setFocus()

    def _next_series(self) -> None:
        self._number += 1
        self.read()

    def _toggle_since(self) -> None:
        self.whole = not self.whole
        self._show()

    def _ask_report(self) -> None:
        """Print the session that is marked on the charts, else the newest."""
        if self.story is None or not self.story.sessions:
            return
        folder = self.story.folder_of(self.trend.chosen or self.story.sessions[-1].id)
        if folder is not None:
            place = self.story.root.parent / f"{folder.name}.pdf"
            ask_page(self.entry, self, place, lambda output, name: self._print(folder, output, name))

    def _print(self, folder: Path, output: Path, name: str) -> None:
        self.told = _("Writing '{name}' …", name=output.name)
        self.printer.begin(lambda task: write_page(folder, "", output, name))
        self._show()

    def _on_printed(self, told: Told) -> None:
        self.told = told.sentence or str(told.result)
        self._show()

    def _open(self, session_id: str) -> None:
        folder = self.story.folder_of(session_id) if self.story is not None else None
        if folder is not None:
            self._review(folder)

    def _show(self) -> None:
        side, words, explained = self._headline()
        told = f"{_(side).capitalize() if side else ''}{words}. {explained}".removeprefix(". ")
        self.setAccessibleName(_("{label}: {value}", label=_("History"), value=told))
        story, asks, standing = self.story, self.view != "story", self._standing()
        tells = story is not None and bool(story.sessions) and not asks and not self._sentence
        self.people.setVisible(self.view == "people")
        self.steps.setVisible(self.view == "plan")
        self.steps.look()
        self.block.setVisible(tells)
        self.block.show_plan(
            () if standing is None else plan_words.rows(standing),
            _(plan_words.NO_PLAN) if standing is None else plan_words.foot(standing),
        )
        self.days.setVisible(tells)
        self.trend.setVisible(tells)
        self.back.setVisible(asks)
        self.plan.setVisible(not asks)
        self.person.setVisible(story is not None and len(story.people) > 1 and not asks)
        self.other.setVisible(story is not None and len(story.all_series) > 1 and not asks)
        self.since.setVisible(tells)
        self.report.setVisible(tells and self.entry.isHidden())
        self.since.set_label(_("Last {n} weeks", n=WEEKS) if self.whole else _("Since the first visit"))
        titles = {"people": _("Whose history?"), "plan": _("Plan"), "story": _("History")}
        self.header.show_words(titles[self.view], (self._subtitle(), ""), sign="")
        self.header.place_buttons()
        if story is not None and tells:
            self.days.show_days(history_words.days_of(story))
            days = history_words.span(story, whole=self.whole)
            changes = history_words.breaks(story.changes)
            self.trend.show_charts(history_words.charts(story), changes, days, history_words.described(story))
        self._place()

    def _headline(self) -> tuple[Side | None, str, str]:
        if self.story is None or self._sentence:
            return None, "", self._sentence
        standing, plan = self._standing(), ""
        if standing is not None:
            plan = plan_words.proposal(standing.today.offer) or plan_words.today(standing)
        side, words, explained = history_words.headline(self.story, plan)
        return side, words, self.told or explained

    def _subtitle(self) -> str:
        if self.view == "plan":
            return self._here
        return history_words.subtitle(self.story) if self.story is not None and self.view == "story" else ""

    def showEvent(self, event: QShowEvent | None) -> None:
        self.told = ""
        if self._here != self._source.people.person:
            self._here = self._source.people.person
            self._code, self._number = self._here or None, 0
        self.read()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self.view != "story":
            return
        painter = QPainter(self)
        left, room = self._margin(), self.width() - 2.0 * self._margin()
        side, words, explained = self._headline()
        px = 36 if self._roomy() else 28
        name = _(side).capitalize() if side else ""
        runs = [Run(name, px, self.colours.of(side).text, SEMIBOLD)] if side is not None else []
        rest = text.elide(words, px, SEMIBOLD, room - text.width(runs))
        baseline = _HEADER + (44 if self._roomy() else 28)
        if self.entry.isHidden():  # it stands in their place
            text.paint(painter, left, baseline, [*runs, Run(rest, px, self.colours.text, SEMIBOLD)])
            below = baseline + (34 if self._roomy() else 26)
            px, lines = self._explained(explained)
            for row, line in enumerate(lines):
                text.paint(painter, left, below + 24 * row, [Run(line, px, self.colours.text2)])
        if self.trend.isVisible() and self._roomy():
            right = self.width() - self._margin()
            px, lines = text.fit(_(history_words.FOOTNOTE), 15, REGULAR, right - self.trend.x())
            note = Run(lines[0], px, self.colours.text3)
            if len(lines) == 1:  # told whole or not at all
                x = min(self.trend.x() + 68, right - text.width([note]))
                text.paint(painter, x, self.height() - 14, [note])
        painter.end()

    def _explained(self, words: str) -> tuple[int, list[str]]:
        """Size and lines of what the headline means: smaller where it would take a third line."""
        return text.within(words, 17, REGULAR, self.width() - 2.0 * self._margin(), 2)

    def _roomy(self) -> bool:
        return self.width() >= _BESIDE and self.height() >= 640

    def _margin(self) -> int:
        return 40 if self.width() >= _BESIDE else 32

    def _place(self) -> None:
        width, height, margin = self.width(), self.height(), self._margin()
        self.header.setGeometry(0, 0, width, _HEADER)
        self.entry.setGeometry(margin, _HEADER + 6, width - 2 * margin, HEIGHT)
        self.people.setGeometry(margin, _HEADER + 8, width - 2 * margin, height - _HEADER - 16)
        self.steps.setGeometry(margin - INSET, _HEADER + 8, width - 2 * (margin - INSET), height - _HEADER - 16)
        n_lines = len(self._explained(self._headline()[2])[1])
        top = _HEADER + (130 if n_lines > 1 else 112) if self._roomy() else _HEADER + 96
        top += 24 * max(0, n_lines - 2)
        whole = DayCells.height_for(WEEKS, keys=True)
        cells = whole if height - top - whole >= _PLAN else DayCells.height_for(WEEKS, keys=False)
        self.days.setGeometry(QRect(margin, top, WIDTH, min(cells, height - top)))
        beneath = top + cells + (24 if self._roomy() else 8)
        self.block.setGeometry(QRect(margin, beneath, WIDTH, max(0, height - beneath - 8)))
        left = margin + WIDTH + (40 if self._roomy() else 16)
        foot = _FOOTNOTE if self._roomy() else 4
        self.trend.setGeometry(QRect(left, top - 8, width - left - 16, height - top - foot + 8))
        self.update()
