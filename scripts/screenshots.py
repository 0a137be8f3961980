"""Draws the pages in each of their states, without a display.

    .venv/bin/python -m scripts.screenshots             into build/screenshots
    .venv/bin/python -m scripts.screenshots docs/images train
    .venv/bin/python -m scripts.screenshots docs/images past    Review and History alone, in both themes
    .venv/bin/python -m scripts.screenshots docs/images themes  Setup and start in every theme and size of text
    .venv/bin/python -m scripts.screenshots --language de build/german lost
    .venv/bin/python -m scripts.screenshots --live docs/screenshot-train.png

The last one is the picture of the README: the application itself, in a window on a screen of its own (Xvfb), in the
moment in which the simulated person's left side is cued.

Without arguments, and where the mock-ups lie beside the repository, it also makes a sheet "mock-up | real" of each.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QApplication, QWidget

from app import language
from app.preferences import TextPct
from app.studio import Studio
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.review_page import View
from app.ui.stage import Stage
from app.ui.theme import ThemeName, enlarge_text, load_colours
from app.ui.train_scene import Scenes
from scripts.stories import Condition, grab, plan, tell
from scripts.xvfb import on_display, xvfb
from tests.ui.calibrate_scenes import CALIBRATE_SCENES
from tests.ui.care_scenes import CARE_SCENES
from tests.ui.past_scenes import opened_session, show_history, show_review
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.sensor_scenes import SENSOR_SCENES
from tests.ui.setup_scenes import SETUP_SCENES
from tests.ui.test_stage_layout import LAPTOP, MONITOR

ROOT = Path(__file__).resolve().parents[1]
MOCKUPS = ROOT.parent / "shared" / "mockups"
LIVE = "sim:waking-left?seed=4&wake=100&effort=62"
THEMED: dict[str, ThemeName] = {"train-light": "light", "train-contrast": "contrast"}
STAGED = ("train", "train-together", "train-weak", "train-hold", "train-rest", "train-countdown", "lost")
SIZES = (((1440, 900), 1, ""), ((1280, 800), 1, "-1280"), ((1024, 640), 1, "-1024"), ((960, 540), 2, "-960@2x"))


def draw(name: str, size: tuple[int, int], scale: int) -> QImage:
    """Draw one scene in a window of `size`, at `scale`."""
    title = "Isometric hold, prone" if name == "train-hold" else "Prone ankle squeeze"
    scene = SENSOR_SCENES.get(name)
    setup = SETUP_SCENES.get(name)
    theme: ThemeName = THEMED.get(name, "dark")
    if name in CARE_SCENES:
        source = CARE_SCENES[name]()
    elif name in CALIBRATE_SCENES:
        source = CALIBRATE_SCENES[name]()
    elif setup is not None:
        source = setup.source()
    else:
        source = (
            scene.source()
            if scene is not None
            else StagedSource(now=SCENES["train" if name in THEMED else name], title=title)
        )
    window = MainWindow(source, Bridge(), load_colours(theme))
    window.resize(*size)
    window.show()
    window.setFocus()  # as it is when it opens
    if scene is not None:
        window.show_page(1)
    if name in CALIBRATE_SCENES:
        window.show_page(2)
        if name == "calibrate-raw":
            window.calibrate.page.toggle_expert()
    window.pull()
    window.look_around()
    if scene is not None:
        scene.act(window)
        window.look_around()
    if setup is not None:
        setup.act(window)
    image = take(window, scale)
    window.deleteLater()
    return image


def draw_stage(folder: Path) -> None:
    """Draw the stage on a small laptop and on a large monitor, to be read from two metres."""
    host = QWidget()
    for name in STAGED:
        for (width, height), dots in (((1280, 800), LAPTOP), ((3840, 2160), MONITOR)):
            with patch("app.ui.stage.dots_of", lambda screen, dots=dots: dots):
                stage = Stage(load_colours(), 2.0, host)
                stage.resize(width, height)
                stage.show()
                stage.corner.show_signs(sign="", records=True)
                stage.show_scene(Scenes().look(SCENES[name], reasons={}))
                take(stage, 1).save(str(folder / f"stage-{name}-{width}.png"))
                stage.deleteLater()


def draw_exercises(folder: Path) -> None:
    """Draw the list of exercises, and Train as seen from the front."""
    for size, scale, suffix in SIZES:
        window = MainWindow(StagedSource(now=SCENES["train-ready"]), Bridge(), load_colours())
        window.resize(*size)
        window.show()
        window.pull()
        window.look_around()
        window.desk.offer_exercises()
        take(window, scale).save(str(folder / f"exercises{suffix}.png"))
        window.desk.go_back()
        window.source.now = SCENES["train"]  # type: ignore[attr-defined]
        window.pull()
        window.desk.toggle_front()
        window.look_around()
        take(window, scale).save(str(folder / f"train-front{suffix}.png"))
        window.deleteLater()


def draw_themes(folder: Path) -> None:
    """Draw Setup and the start page in the other themes and with the largest small text."""
    for name in ("setup", "start"):
        for theme, pct in product(get_args(ThemeName), get_args(TextPct)):
            enlarge_text(pct)
            for (width, height), scale, suffix in SIZES[:3]:
                window = MainWindow(SETUP_SCENES[name].source(), Bridge(), load_colours(theme))
                window.resize(width, height)
                window.show()
                window.look_around()
                SETUP_SCENES[name].act(window)
                take(window, scale).save(str(folder / f"{name}-{theme}-{pct}{suffix}.png"))
                window.deleteLater()
    enlarge_text(100)


def draw_past(folder: Path) -> None:
    """Draw the pages about what is over, in every size and theme; a session is recorded for it."""
    reader = language.language()
    with TemporaryDirectory() as root:
        opened = opened_session(Path(root))
        language.use(reader)  # the command that recorded it spoke the system's
        for theme in ("dark", "light"):
            for (width, height), scale, suffix in SIZES:
                window = MainWindow(StagedSource(recordings=Path(root)), Bridge(), load_colours(theme))
                window.resize(width, height)
                window.show()
                name = f"{suffix}{'' if theme == 'dark' else '-light'}.png"
                views: dict[View, str] = {"lanes": "review", "bars": "review-bars", "score": "review-score"}
                for view, what in views.items():
                    show_review(window, opened, view)
                    take(window, scale).save(str(folder / f"{what}{name}"))
                for whole in (False, True):
                    show_history(window, whole=whole)
                    take(window, scale).save(str(folder / f"history{'-whole' if whole else ''}{name}"))
                window.deleteLater()
        for page in ("review", "history"):
            mockup = QImage(str(MOCKUPS / f"{page}.png"))
            if not mockup.isNull():
                sheet(mockup, QImage(str(folder / f"{page}.png"))).save(str(folder / f"{page}-sheet.png"))


def take(window: QWidget, scale: int) -> QImage:
    """Take a picture of a window."""
    QApplication.processEvents()
    image = QImage(window.width() * scale, window.height() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    window.render(painter, QPoint())
    painter.end()
    return image


def sheet(mockup: QImage, real: QImage) -> QImage:
    """Put the mock-up and the real page side by side."""
    both = QImage(mockup.width() + real.width() + 16, max(mockup.height(), real.height()), QImage.Format.Format_RGB32)
    both.fill(0xFF808080)
    painter = QPainter(both)
    painter.drawImage(0, 0, mockup)
    painter.drawImage(mockup.width() + 16, 0, real)
    painter.end()
    return both


def live(picture: Path) -> int:
    """Take the picture of a running session, here and now."""

    def story(window: MainWindow) -> Iterator[Condition]:
        def is_the_moment() -> bool:
            snapshot = window.source.snapshot()
            if snapshot is None or snapshot.cue is None or snapshot.cue.side != "left" or snapshot.progress.done < 8:
                return False
            left, right = snapshot.sides["left"], snapshot.sides["right"]
            return left.state == "asleep" and right.state == "firing" and 55 <= (right.level_pct or 0.0) <= 72

        def is_painted() -> bool:
            snapshot = window.source.snapshot()
            return snapshot is not None and snapshot.t_s > moment_s + 0.1

        yield is_the_moment
        moment_s = snapshot.t_s if (snapshot := window.source.snapshot()) is not None else 0.0
        yield is_painted
        grab(window, picture)

    with TemporaryDirectory() as folder, Studio([LIVE], plan(), Path(folder)) as studio:
        return tell(studio, story, limit_s=300)


def main(arguments: list[str]) -> int:
    """Draw the scenes that are named, or all; or take the live picture."""
    if arguments[:1] == ["--live"]:
        if os.environ.get("QT_QPA_PLATFORM") == "xcb":
            return live(Path(arguments[1]))
        with xvfb() as display:
            command = [sys.executable, "-m", "scripts.screenshots", *arguments]
            return subprocess.run(command, env=on_display(display), check=False).returncode
    if arguments[:1] == ["--language"]:
        language.use("de" if arguments[1] == "de" else "en")
        arguments = arguments[2:]
    folder = Path(arguments[0]) if arguments else ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    scenes = (*SCENES, *THEMED, *SENSOR_SCENES, *CARE_SCENES, *CALIBRATE_SCENES, *SETUP_SCENES)
    sheets = {"past": draw_past, "stage": draw_stage, "exercises": draw_exercises, "themes": draw_themes}
    asked = arguments[1:] or [*scenes, *sheets]
    for name in asked:
        if name in sheets:
            sheets[name](folder)
            continue
        for size, scale, suffix in SIZES:
            image = draw(name, size, scale)
            image.save(str(folder / f"{name}{suffix}.png"))
            mockup = QImage(str(MOCKUPS / f"{name}.png"))
            if not arguments and not suffix and not mockup.isNull():
                sheet(mockup, image).save(str(folder / f"{name}-sheet.png"))
    application.processEvents()
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
