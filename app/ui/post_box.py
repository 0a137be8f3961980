"""`PostBox`: what the session has to tell a window that may not be there yet."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.bridge import Bridge


class PostBox:
    """Keeps what is told until there is a window, then hands everything on at once. From any thread."""

    def __init__(self) -> None:
        self._bridge: Bridge | None = None
        self._kept: list[Callable[[Bridge], None]] = []
        self._lock = threading.Lock()

    def open(self, bridge: "Bridge") -> None:
        """Hand on to this window what was told so far, in that order, and whatever follows; in the GUI thread."""
        while True:
            with self._lock:
                kept, self._kept = self._kept, []
                if not kept:  # only now, or what is told meanwhile would overtake what was kept
                    self._bridge = bridge
                    return
            for tell in kept:
                tell(bridge)

    def put(self, tell: "Callable[[Bridge], None]") -> None:
        """Tell something; returns at once."""
        with self._lock:
            if self._bridge is None:
                self._kept.append(tell)
                return
        tell(self._bridge)
