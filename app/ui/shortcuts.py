"""Keys of the window: one action a key, never repeated while it is held down."""

from collections.abc import Callable, Mapping

from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget


def bind(window: QWidget, actions: Mapping[str, Callable[[], None]]) -> dict[str, QShortcut]:
    """Make a shortcut of `window` for each key and return them by key, so that a page can take its own away."""
    shortcuts: dict[str, QShortcut] = {}
    for key, action in actions.items():
        shortcut = shortcuts[key] = QShortcut(QKeySequence(key), window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(action)
    return shortcuts
