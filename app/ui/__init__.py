"""The window: the only place of the application that knows Qt widgets.

Importing this package imports no Qt, so that a command without a window stays quick; `run` does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.bridge import Bridge
    from app.ui.source import SessionSource


def run(
    source: "SessionSource",
    *,
    on_screen: Callable[[], None] | None = None,
    on_ready: "Callable[[Bridge], None] | None" = None,
) -> int:
    """Show the window until it is closed.

    Parameters
    ----------
    source : SessionSource
        The running session.
    on_screen : callable, optional
        Called once, in the GUI thread, when a window can be shown; what it begins goes on while the window is made.
    on_ready : callable, optional
        Called once, in the GUI thread, when the window stands; gets the `Bridge` whose ``post`` takes the rare
        events of other threads.

    Returns
    -------
    int
        Exit code of the application.
    """
    from app.ui.application import run as run_application  # Qt takes 0.2 s to import

    return run_application(source, on_screen=on_screen, on_ready=on_ready)
