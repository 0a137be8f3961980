"""Runs the real application in its window along a story, for benchmarks, screenshots and tests.

A story is a generator: it yields what it waits for, acts when that has come, and the window is closed at its end.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PyQt6 import sip
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from app.logs import send_logs_to
from app.main import SWITCH_INTERVAL_S
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.studio import Studio
from app.ui import run
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow

LOOK_EVERY_MS: Final = 10

Condition = Callable[[], bool]
Story = Callable[[MainWindow], Iterator[Condition]]


class StoryTimeoutError(Exception):
    """What a story waited for did not come."""


def plan(programme: str = "prone-ankle-squeeze") -> SessionPlan:
    """A session of one programme, as the window starts it."""
    return SessionPlan(programme=load_programme(programme), skip_rests=False)


def tell(studio: Studio, story: Story, *, limit_s: float = 60.0) -> int:
    """Show the window of a session and follow a story; returns the exit code of the window.

    Raises
    ------
    StoryTimeoutError
        If the story is not over after `limit_s`.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    timer = QTimer()
    late = False

    def on_ready(bridge: Bridge) -> None:
        studio.attach(bridge)
        window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
        steps = story(window)
        waits_for: list[Condition] = [lambda: True]
        ends_s = time.perf_counter() + limit_s

        def look() -> None:
            nonlocal late
            late = time.perf_counter() > ends_s
            if not late and not waits_for[0]():
                return
            following = None if late else next(steps, None)
            if following is not None:
                waits_for[0] = following
                return
            timer.stop()
            window.close()

        timer.timeout.connect(look)
        timer.start(LOOK_EVERY_MS)

    with send_logs_to(None):
        code = run(studio, on_screen=studio.begin_work, on_ready=on_ready)
    if late:
        raise StoryTimeoutError(f"the story was not over after {limit_s:g} s")
    return code


def grab(window: MainWindow, path: Path) -> None:
    """Save what stands on the screen, as the X server has it."""
    screen = window.screen()
    assert screen is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    screen.grabWindow(sip.voidptr(0)).save(str(path))
