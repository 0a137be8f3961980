"""The Setup page: everything that can be chosen, in two columns of rows. Whatever is changed holds at once."""

from collections.abc import Callable, Sequence
from typing import Final, Literal

from PyQt6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app import numbers
from app.history.views import Person
from app.language import _
from app.pipeline.build import app_version
from app.ui import guide, setup_words, text
from app.ui.asking import Asking
from app.ui.setup_folder import FolderView
from app.ui.setup_people import PeopleView
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import REGULAR, Colours
from app.ui.widgets.bars import Header
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.lazy_page import LazyPage
from app.ui.widgets.row_columns import RowColumns, Section
from app.ui.widgets.setup_rows import Level, Press, SetupRow, Switch, Words
from app.ui.widgets.sound_test import SoundTest
from app.ui.work import Told, Work

View = Literal["rows", "expert", "people", "sound", "folder"]
_OPENED: Final[dict[str, View]] = {"people": "people", "sound": "sound", "folder": "folder"}
_HEADER = 80
_TALL = 800
_LOOKS = frozenset({"language", "theme", "text_pct"})
"""What is drawn otherwise everywhere, so that the window is made anew."""


class SetupPage(QFrame):
    """The page.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    asking : Asking
        Tells what came of it.
    confirm : callable
        Does what ends the running session, once the person agrees.
    make_anew : callable
        Makes the window anew.
    take_tour : callable
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        asking: Asking,
        confirm: Callable[[Callable[[], None]], None],
        make_anew: Callable[[], None],
        take_tour: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Setup"))
        self.colours, self.source = colours, source
        self._asking, self._make_anew = asking, make_anew
        self.view: View = "rows"
        self._n_people: int | None = None
        self.counting = Work("people", self)
        self.counting.told.connect(self._on_people)
        self.back = KeyButton(colours, _("Back"), "Esc")
        self.expert = KeyButton(colours, _("Expert"), "E")
        self.tour = KeyButton(colours, _("Take the tour"), "T")
        self.guide = KeyButton(colours, _("Guide"), "F1")
        self.header = Header(colours, (self.back, self.expert, self.tour, self.guide), self)
        self.rows = RowColumns(colours, _("Preferences"), self._sections(), self)
        self.numbers = RowColumns(colours, _("Expert"), self._expert_sections(), self)
        self.people = LazyPage(lambda parent: PeopleView(colours, source.people, confirm, self.look, parent), self)
        self.folder = LazyPage(lambda parent: FolderView(colours, source.data, confirm, make_anew, parent), self)
        self.sound = LazyPage(self._make_sound_test, self)
        self._views: dict[View, QWidget] = {
            "rows": self.rows,
            "expert": self.numbers,
            "people": self.people,
            "sound": self.sound,
            "folder": self.folder,
        }
        self.back.clicked.connect(self.go_back)
        self.expert.clicked.connect(lambda: self.show_view("rows" if self.view == "expert" else "expert"))
        self.tour.clicked.connect(take_tour)
        self.guide.clicked.connect(lambda: guide.open_at(guide.PAGES.index("setup"), asking.tell))
        for button in (self.expert, self.tour):
            shortcut = QShortcut(QKeySequence(button.key), self)
            shortcut.activated.connect(lambda button=button: button.click() if button.isVisible() else None)
        for row in (*self.rows.rows, *self.numbers.rows):
            self._connect(row)
        self.show_view("rows")

    def _sections(self) -> tuple[Sequence[Section], Sequence[Section]]:
        ink = self.colours
        left = (
            Section(
                _("Sound and speech"),
                (
                    Level(ink, _("Volume"), (0, 100, 5), numbers.percent, "volume"),
                    Switch(ink, _("Spoken cues and hints"), "voice"),
                    Switch(ink, _("Quiet, for one earbud"), "quiet"),
                    Press(ink, _("Test the sound and the headphones"), "view:sound"),
                ),
            ),
            Section(
                _("Screen"),
                (
                    Words(ink, _("Theme"), setup_words.themes(), "theme"),
                    Words(ink, _("Small text"), setup_words.text_sizes(), "text_pct"),
                    Words(ink, _("Language"), setup_words.languages(), "language"),
                    Level(ink, _("My distance from the stage view"), (0.6, 3.0, 0.1), setup_words.metres, "distance_m"),
                ),
            ),
        )
        right = (
            Section(
                _("Training"),
                (
                    Words(ink, _("Goal"), setup_words.goals(self.source.setup.goal), "goal:target_pct"),
                    Switch(ink, _("The goal stays where it starts"), "goal:locked"),
                    Words(ink, _("Smoothness of the bars"), setup_words.smoothnesses(), "smoothness"),
                    Switch(ink, _("10 s traces under the bars"), "traces"),
                ),
            ),
            Section(
                _("People and data"),
                (
                    Press(ink, _("Who trains"), "view:people"),
                    Press(ink, _("Folder"), "view:folder"),
                    Press(ink, _("Free for recordings"), "shown:free", can_press=False),
                    Press(ink, _("Problem report"), "do:report"),
                    Press(ink, _("Network"), "shown:network", can_press=False),
                ),
            ),
        )
        return left, right

    def _expert_sections(self) -> tuple[Sequence[Section], Sequence[Section]]:
        ink, percent = self.colours, numbers.percent
        left = (
            Section(
                _("Layers of the sound"),
                (
                    Level(ink, _("Tone of the side that is late"), (0, 100, 5), percent, "tone"),
                    Level(ink, _("Go, both in time, end of a hold"), (0, 100, 5), percent, "events"),
                    Level(ink, _("Speech"), (0, 100, 5), percent, "speech"),
                    Level(ink, _("Headphones sound late by"), (0, 500, 5), setup_words.milliseconds, "delay_ms"),
                ),
            ),
        )
        right = (
            Section(
                _("Goal and bars"),
                (
                    Level(ink, _("Goal starts at"), (10, 100, 5), self._goal_words, "goal:target_pct"),
                    Switch(ink, _("The goal stays where it starts"), "goal:locked"),
                    Press(ink, _("Bars, picture alone"), "shown:filter", can_press=False),
                ),
            ),
        )
        return left, right

    def _goal_words(self, number: float) -> str:
        goal = self.source.setup.goal
        return _("exercise") if goal.target_pct is None else numbers.percent(number)

    def _make_sound_test(self, parent: QWidget) -> SoundTest:
        made = SoundTest(self.colours, self.source.setup.sound, parent)
        made.measured.connect(lambda delay_ms: self._change("delay_ms", round(delay_ms)))
        return made

    def _connect(self, row: SetupRow) -> None:
        row.chosen.connect(lambda value, name=row.name: self._on_row(name, value))
        row.standard_wanted.connect(lambda name=row.name: self._reset(name))

    def look(self) -> None:
        """Show what is in force."""
        setup, data = self.source.setup, self.source.data
        shown: dict[str, object] = {
            "view:sound": setup_words.delay(setup.preferences),
            "view:people": setup_words.who(self.source.people.person, self._n_people),
            "view:folder": str(data.folder),
            "shown:free": setup_words.free(data.free()),
            "shown:network": _("off, always"),
            "shown:filter": setup_words.bar_filter(setup.preferences.smoothness),
            "do:report": _("save it"),
            "goal:target_pct": setup.goal.target_pct,
            "goal:locked": setup.goal.locked,
        }
        for row in (*self.rows.rows, *self.numbers.rows):
            if isinstance(row, Words) and row.name == "goal:target_pct":
                row.values = setup_words.goals(setup.goal)
            row.show_value(shown[row.name] if row.name in shown else getattr(setup.preferences, row.name))

    def show_view(self, view: View) -> None:
        """Show the rows, the expert's, or what a row opens."""
        self.view = view
        for name, widget in self._views.items():
            widget.setVisible(name == view)
        self.back.setVisible(view != "rows")
        self.expert.setVisible(view == "rows")
        self.tour.setVisible(view == "rows")
        self.guide.setVisible(view == "rows")
        titles = {
            "rows": (_("Setup"), _("everything stays on this computer")),
            "expert": (_("Setup"), _("for experts")),
            "people": (_("People"), _("names stay in the database of this computer")),
            "sound": (_("Sound"), _("test it with your headphones")),
            "folder": (_("Folder of the recordings"), ""),
        }
        title, subtitle = titles[view]
        self.header.show_words(title, (subtitle, ""), sign="")
        self.header.place_buttons()
        self.look()

    def focused_row(self) -> str:
        """Name of the row that the keyboard is at; empty if it is elsewhere."""
        focused = self.focusWidget()
        return focused.name if isinstance(focused, SetupRow) else ""

    def focus_row(self, name: str) -> None:
        """Put the keyboard to a row, scrolled into sight."""
        for row in self.rows.rows:
            if row.name and row.name == name:
                row.setFocus()
                self.rows.ensureWidgetVisible(row)

    def go_back(self) -> bool:
        """Go back to the rows; False if they are shown already."""
        if self.view == "rows":
            return False
        self.show_view("rows")
        return True

    def _on_row(self, name: str, value: object) -> None:
        what, _colon, of = name.rpartition(":")
        if what == "view":
            self.show_view(_OPENED[of])
        elif what == "do":
            self._asking.save_report()
        elif what == "goal":
            self.source.setup.set_goal(**{of: value})
        elif not what:
            self._change(name, value)
        self.look()

    def _change(self, name: str, value: object) -> None:
        self.source.setup.change(**{name: value})
        if name in _LOOKS:
            self._make_anew()

    def _reset(self, name: str) -> None:
        what, _colon, of = name.rpartition(":")
        if what == "goal":
            self.source.setup.set_goal(**{of: None if of == "target_pct" else False})
        elif not what:
            self.source.setup.reset(name)
            if name in _LOOKS:
                self._make_anew()
        self.look()

    def _on_people(self, told: Told) -> None:
        people = told.result if isinstance(told.result, tuple) else ()
        self._n_people = sum(isinstance(one, Person) for one in people)
        self.look()

    def showEvent(self, event: QShowEvent | None) -> None:
        self.counting.begin(lambda task: self.source.people.read())
        self.look()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        width, height = self.width(), self.height()
        self.header.setGeometry(0, 0, width, _HEADER)
        margin = 40 if width >= 1000 else 32
        top = _HEADER + (14 if height >= _TALL else 0)
        for widget in self._views.values():
            widget.setGeometry(margin - 6, top, width - 2 * margin + 12, height - top - 64)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self.view not in ("rows", "expert"):
            return
        painter, ink = QPainter(self), self.colours
        margin = 40 if self.width() >= 1000 else 32
        room = self.width() - 2 * margin
        for row, sentence in enumerate((setup_words.keys(), setup_words.footer(app_version()))):
            px, words = text.in_line(sentence, 15, REGULAR, room)
            text.paint(painter, margin, self.height() - 40 + 24 * row, [Run(words, px, ink.text3)])
        painter.end()
