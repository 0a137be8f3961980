"""`Front`: the one window in front of the session, made anew where language, theme or size of text are chosen.

Texts and colours are read when a widget is made, so that no widget has to know how to change its own. The session goes
on behind the exchange: neither samples nor sound wait for it. Runs in the GUI thread.
"""

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.source import SessionSource
from app.ui.theme import enlarge_text, load_colours, theme_of

_FIRST_SIZE = (1440, 900)


class Front:
    """The window.

    Parameters
    ----------
    application : QApplication
    source : SessionSource
    bridge : Bridge

    Attributes
    ----------
    window : MainWindow
        The one that is there now.
    """

    def __init__(self, application: QApplication, source: SessionSource, bridge: Bridge) -> None:
        self._application, self._source, self._bridge = application, source, bridge
        self._due = False
        self.window = self._make()
        screen = application.primaryScreen()
        if screen is not None:
            room = screen.availableGeometry().size()
            self.window.resize(min(_FIRST_SIZE[0], room.width()), min(_FIRST_SIZE[1], room.height()))
        hints = application.styleHints()
        assert hints is not None  # there is an application
        hints.colorSchemeChanged.connect(self._follow_system)
        accessibility = hints.accessibility() if hasattr(hints, "accessibility") else None
        # PyQt 6.11 shows this signal as a method: there a change of contrast is seen at the next start.
        if accessibility is not None and hasattr(accessibility.contrastPreferenceChanged, "connect"):
            accessibility.contrastPreferenceChanged.connect(self._follow_system)

    def show(self) -> None:
        """Show the window and let it pull."""
        window = self.window
        window.show()
        window.setFocus()  # of its own: no button is marked before somebody reaches for the keyboard
        window.activateWindow()  # its keys work at once, also where no window manager hands out the focus
        window.start()

    def make_anew(self) -> None:
        """Put another window in the place of this one, once whoever asked for it is done with it."""
        if not self._due:
            self._due = True
            QTimer.singleShot(0, self._exchange)

    def _follow_system(self) -> None:
        if self._source.setup.preferences.theme == "system":
            self.make_anew()

    def _exchange(self) -> None:
        self._due = False
        before, quits = self.window, self._application.quitOnLastWindowClosed()
        self._application.setQuitOnLastWindowClosed(False)
        self.window = window = self._make()
        window.take_over(before)
        if before.isFullScreen():
            window.showFullScreen()
        elif before.isMaximized():
            window.showMaximized()
        self.show()
        before.retire()
        self._application.setQuitOnLastWindowClosed(quits)

    def _make(self) -> MainWindow:
        liked, hints = self._source.setup.preferences, self._application.styleHints()
        assert hints is not None  # there is an application
        enlarge_text(liked.text_pct)
        colours = load_colours(theme_of(liked.theme, hints))
        self._application.setPalette(colours.palette())
        return MainWindow(self._source, self._bridge, colours, make_anew=self.make_anew)
