"""Keys of the window: one action a key, never repeated while it is held down."""

from collections.abc import Callable, Mapping
from typing import Final

from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget

PRESENTER_KEYS: Final = (
    "PgDown", "PgUp", "F5", "B", ".", "Media Play", "Toggle Media Play/Pause", "Media Next", "Media Previous",
    "Return", "Enter",
)  # fmt: skip
"""What presenters and pedals send, which are keyboards with few keys: forward and back, begin (F5, in turn with Esc),
black screen (``.`` by Logitech, B by others), those of headphones, and Enter, which presses the button that has the
focus where one has. Whoever lies face down cannot tell one from the other, so each of them is the one big key."""


def bind(window: QWidget, actions: Mapping[str, Callable[[], None]]) -> dict[str, QShortcut]:
    """Make a shortcut of `window` for each key and return them by key, so that a page can take its own away."""
    shortcuts: dict[str, QShortcut] = {}
    for key, action in actions.items():
        shortcut = shortcuts[key] = QShortcut(QKeySequence(key), window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(action)
    return shortcuts
