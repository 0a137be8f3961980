"""Where the stage stands: on a second screen as a second window, or on the only one over the first."""

from collections.abc import Callable, Mapping
from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QScreen
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui.stage import Stage
from app.ui.stage_layout import dots_of
from app.ui.theme import Colours
from app.ui.train_scene import Scene
from app.ui.words import THIN, Line

CLOSE_KEYS: Final = ("F10", "Esc")


class StageDesk:
    """Opens the stage, feeds it and closes it.

    Parameters
    ----------
    colours : Colours
    window : QWidget
        The window that it belongs to.
    distance_m : callable
        From how far away it is to be read.
    tell : callable
        Takes a sentence for whoever sits at the window.
    """

    def __init__(
        self, colours: Colours, window: QWidget, distance_m: Callable[[], float], tell: Callable[[str], None]
    ) -> None:
        self._colours = colours
        self._window = window
        self._distance_m = distance_m
        self._tell = tell
        self.actions: Mapping[str, Callable[[], None]] = {}
        """What the keys of Train do; they do it on the stage as well."""
        self.stage: Stage | None = None
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenRemoved.connect(self._on_screen_removed)

    @property
    def is_open(self) -> bool:
        """Whether the stage is there."""
        return self.stage is not None

    @property
    def covers_the_window(self) -> bool:
        """Whether it stands over the window rather than beside it."""
        return self.stage is not None and self.stage.screen() is self._window.screen()

    def toggle(self) -> None:
        """Open the stage, on another screen than the window's where there is one, or close it."""
        if self.stage is not None:
            self.close()
            return
        screen = self._best_screen()
        if screen is None:
            return
        self.stage = stage = Stage(self._colours, self._distance_m(), self._window)
        stage.pressed.connect(self._on_key)
        stage.closed.connect(self._on_closed)
        stage.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, screen is not self._window.screen())
        stage.open_on(screen)
        if self.covers_the_window:
            stage.activateWindow()  # its keys work at once, also where no window manager hands out the focus
        self._tell(self.note())

    def close(self) -> None:
        """Close the stage."""
        if self.stage is not None:
            self.stage.close()

    def show_scene(self, scene: Scene, *, sign: str, records: bool) -> None:
        """Show what the Train page shows, where the stage is open."""
        if self.stage is not None:
            self.stage.show_scene(scene)
            self.stage.corner.show_signs(sign=sign, records=records)

    def show_waiting(self, line: Line) -> None:
        """Show that there is nothing to show yet, or any more."""
        if self.stage is not None:
            self.stage.show_waiting(line)

    def describe(self) -> None:
        """Bring what a screen reader finds on the open stage up to date; call it a few times a second."""
        if self.stage is not None:
            for gauge in (*self.stage.pillars.values(), self.stage.ring):
                gauge.describe()

    def note(self) -> str:
        """From how far away the open stage can be read, and where that is a guess; empty where it is not open."""
        stage = self.stage
        if stage is None:
            return ""
        if stage.distance_m != self._distance_m():
            stage.change_distance(self._distance_m())
        readable = f"{min(stage.readable_m, 9.9):.1f}{THIN}m"
        if dots_of(stage.screen()).told:
            return _("Stage view: readable from up to {distance}.", distance=readable)
        return _(
            "Stage view: readable from about {distance}; this screen does not tell its size, so 96 dpi is assumed.",
            distance=readable,
        )

    def _best_screen(self) -> QScreen | None:
        mine = self._window.screen()
        return next((screen for screen in QGuiApplication.screens() if screen is not mine), mine)

    def _on_key(self, event: QKeyEvent) -> None:
        key = QKeySequence(event.keyCombination()).toString()
        if key in CLOSE_KEYS:
            self.close()
        elif key in self.actions:
            self.actions[key]()

    def _on_closed(self) -> None:
        if self.stage is not None:
            self.stage.deleteLater()
        self.stage = None
        self._window.activateWindow()
        self._window.setFocus()  # no button is marked unasked

    def _on_screen_removed(self, screen: QScreen) -> None:
        """Close rather than move over the window: Qt would put the stage on the screen that is left."""
        if self.stage is not None and not self.covers_the_window and self.stage.screen() is screen:
            self.close()
            self._tell(_("The second screen is gone; the stage view was closed."))
