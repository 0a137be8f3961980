"""Starts Qt, shows the window, and returns when it is closed."""

import signal
import sys
from collections.abc import Callable
from functools import cache

from PyQt6.QtWidgets import QApplication

from app.ui.bridge import Bridge
from app.ui.faults import caught, send_qt_messages_to_log
from app.ui.source import SessionSource
from app.ui.theme import font, load_colours, load_fonts


def make_application() -> QApplication:
    """Make the one application object, with the bundled fonts."""
    send_qt_messages_to_log()
    application = _application()
    application.setApplicationName("GluteWake")
    application.setDesktopFileName("glutewake")
    application.setStyle("Fusion")  # the same on all three systems
    load_fonts()
    application.setFont(font(16))
    application.setPalette(load_colours().palette())
    return application


@cache
def _application() -> QApplication:
    """Kept until the process ends: in whatever order Python lets go of the widgets, Qt has to outlive them."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(sys.argv[:1])


def run(
    source: SessionSource,
    *,
    on_screen: Callable[[], None] | None = None,
    on_ready: Callable[[Bridge], None] | None = None,
) -> int:
    """Show the window until it is closed; see `app.ui.run`."""
    application = make_application()
    bridge = Bridge()
    with caught(bridge.post_fault):
        if on_screen is not None:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # until there is a window it ends as by Ctrl-C
            on_screen()
        from app.ui.front import Front  # the pages are loaded and made while the sources open

        front = Front(application, source, bridge)
        signal.signal(signal.SIGINT, lambda *_: front.window.close())  # noticed at the next frame
        signal.signal(signal.SIGTERM, lambda *_: front.window.close_at_once())  # the system shuts down
        front.show()
        if on_ready is not None:
            on_ready(bridge)
        return application.exec()
