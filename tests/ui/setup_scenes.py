"""The Setup page in each of its views."""

from collections.abc import Callable

from app.ui.main_window import MainWindow

SETUP_SCENES: dict[str, Callable[[MainWindow], None]] = {
    "setup": lambda window: None,
    "setup-expert": lambda window: window.setup.page.show_view("expert"),
    "setup-people": lambda window: window.setup.page.show_view("people"),
    "setup-folder": lambda window: window.setup.page.show_view("folder"),
}
