"""The blur test of the mock-ups: whoever sees no detail still sees cue and ring first, in every state of Train."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QImage, qGray
from PyQt6.QtWidgets import QWidget

from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from app.ui.train_page import TrainPage
from tests.ui.every_scene import settle
from tests.ui.scenes import SCENES, StagedSource

CELL = 48
"""At two metres a person whose sight is a tenth of the usual tells no smaller things apart on a usual monitor."""
STEP = 12
Blurred = dict[tuple[int, int], float]
CUED = sorted(name for name, scene in SCENES.items() if scene.progress.stage not in ("ready", "finished")
              and not scene.progress.asks_felt)  # fmt: skip


@pytest.fixture
def blurred(application, request):
    """Open a state of Train and return its page and how much each cell of it stands out when it is blurred."""
    windows: list[MainWindow] = []

    def make(name: str, theme, size: tuple[int, int]) -> tuple[TrainPage, Blurred]:
        window = MainWindow(StagedSource(now=SCENES[name]), Bridge(), load_colours(theme))
        windows.append(window)
        window.resize(*size)
        window.show()
        settle(window)
        application.processEvents()
        return window.train, standing_out(window.train)

    yield make
    for window in windows:
        window.retire()


def standing_out(page: QWidget) -> Blurred:
    """How far each stretch of `CELL` px is from the ground, in grey, at each step of `STEP` px."""
    picture = page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    columns, rows = picture.width() // STEP, picture.height() // STEP
    small = picture.scaled(columns, rows, transformMode=Qt.TransformationMode.SmoothTransformation)
    ground = qGray(page.palette().window().color().rgb())
    grey = np.array([[qGray(small.pixel(x, y)) for x in range(columns)] for y in range(rows)], dtype=float)
    windows = np.lib.stride_tricks.sliding_window_view(np.abs(grey - ground), (CELL // STEP, CELL // STEP))
    blurred = windows.mean(axis=(2, 3))
    return {(x * STEP, y * STEP): float(blurred[y, x]) for y, x in np.ndindex(*blurred.shape)}


def most(cells: Blurred, box: QRect) -> float:
    """How much what is in a box stands out."""
    return max(grey for (x, y), grey in cells.items() if box.contains(QPoint(x + CELL // 2, y + CELL // 2)))


def touches(place: tuple[int, int], box: QRect) -> bool:
    return box.intersects(QRect(*place, CELL, CELL))


def meant(page: TrainPage) -> list[QRect]:
    """The pillars that the cue sends the eye to, or that are both in time."""
    return [pillar.geometry() for pillar in page.pillars.values() if pillar.view and pillar.view.mode in ("due", "lit")]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540)])
@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("name", CUED)
def test_blurred_the_cue_and_the_ring_stay_what_is_seen_first(blurred, name, theme, size):
    page, cells = blurred(name, theme, size)
    seen_first = [page.cue.geometry(), page.ring.geometry(), *meant(page)]
    others = {place: grey for place, grey in cells.items() if not any(touches(place, box) for box in seen_first)}

    strongest = max(others.values())
    assert strongest < most(cells, page.cue.geometry())
    assert strongest < most(cells, page.ring.geometry())
