"""Draws every page in each of its states, without a display.

    .venv/bin/python -m scripts.screenshots                      all, four sizes of window, into build/screenshots
    .venv/bin/python -m scripts.screenshots docs/images train    those whose name begins with "train"
    .venv/bin/python -m scripts.screenshots --theme all --language all --text all docs/images setup
    .venv/bin/python -m scripts.screenshots --sheet [FOLDER]     each mock-up beside the real page, on one sheet too
    .venv/bin/python -m scripts.screenshots --live docs/screenshot-train.png

The last one is the picture of the README: the application itself, in a window on a screen of its own (Xvfb), in the
moment in which the simulated person's left side is cued.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtDBus import QDBusConnection
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QApplication, QWidget

from app import language
from app.logs import send_logs_to
from app.preferences import TextPct
from app.report.page import paint_page
from app.studio import Studio
from app.ui import awake
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.past import Opened
from app.ui.stage import Stage
from app.ui.stage_layout import Dots
from app.ui.theme import ThemeName, enlarge_text, load_colours
from app.ui.train_scene import Scenes
from scripts.stories import Condition, grab, plan, tell
from scripts.xvfb import on_display, xvfb
from tests.report.test_report_page import report, trend
from tests.ui.every_scene import EVERY, settle
from tests.ui.past_scenes import REVIEWS, opened_session, show_review
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.test_stage_layout import LAPTOP, MONITOR

ROOT = Path(__file__).resolve().parents[1]
MOCKUPS = ROOT.parent / "shared" / "mockups"
LIVE = "sim:waking-left?seed=4&wake=100&effort=62"
STAGED = ("train", "train-together", "train-weak", "train-hold", "train-rest", "train-countdown", "lost")
SIZES = (((1440, 900), 1, ""), ((1280, 800), 1, "-1280"), ((1024, 640), 1, "-1024"), ((960, 540), 2, "-960@2x"))
NAMES = (*EVERY, *REVIEWS, *(f"stage-{name}" for name in STAGED), "report")
LIKE: dict[str, tuple[str, tuple[int, int], int, ThemeName, language.Language]] = {
    "history": ("history-with-plan", (1440, 900), 1, "dark", "en"),
    "train-rest": ("train-told", (1440, 900), 1, "dark", "en"),
    "train-light": ("train", (1440, 900), 1, "light", "en"),
    "train-contrast": ("train", (1440, 900), 1, "contrast", "en"),
    "train-1024-de": ("train", (1024, 640), 1, "dark", "de"),
    "train-200": ("train", (960, 540), 2, "dark", "en"),
    "stage": ("stage-train", (1920, 1080), 1, "dark", "en"),
}
"""Which page a mock-up shows, in which size, theme and language, where its name alone does not tell."""


class Artist:
    """Draws pages by name; the session that Review shows is recorded once, when it is asked for.

    Parameters
    ----------
    recordings : Path
        An empty folder for that session.
    """

    def __init__(self, recordings: Path) -> None:
        self._recordings = recordings
        self._opened: Opened | None = None

    def draw(self, name: str, size: tuple[int, int], scale: int, theme: ThemeName) -> QImage:
        """Draw one page in a window of `size`, at `scale`, in the language in force."""
        if name == "report":
            return draw_report()
        if name.startswith("stage-"):
            return draw_stage(name.removeprefix("stage-"), size, scale, theme)
        source = StagedSource(recordings=self._recordings) if name in REVIEWS else EVERY[name].source()
        window = MainWindow(source, Bridge(), load_colours(theme))
        window.resize(*size)
        window.show()
        window.setFocus()  # as it is when it opens
        settle(window)
        if name in REVIEWS:
            show_review(window, self._session(), REVIEWS[name])
        else:
            EVERY[name].act(window)
            settle(window)
        image = take(window, scale)
        window.retire()
        return image

    def _session(self) -> Opened:
        if self._opened is None:
            reader = language.language()
            self._opened = opened_session(self._recordings)
            language.use(reader)  # the command that recorded it spoke the system's
        return self._opened


def draw_stage(name: str, size: tuple[int, int], scale: int, theme: ThemeName) -> QImage:
    """Draw the stage on a small laptop or on a large monitor, to be read from two metres."""
    dots = MONITOR if size[0] > 3000 else Dots(1920 / 531.4, told=True) if size[0] > 1440 else LAPTOP
    host = QWidget()
    with patch("app.ui.stage.dots_of", lambda screen: dots):
        stage = Stage(load_colours(theme), 2.0, host)
        stage.resize(*size)
        stage.show()
        stage.corner.show_signs(sign="", records=True)
        stage.show_scene(Scenes().look(SCENES[name], reasons={}))
        return take(stage, scale)


def draw_report() -> QImage:
    """Draw the page about a session."""
    made = report(language=language.language(), trend_of=trend(21))
    image = QImage(1240, 1754, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_page(painter, image.width(), made)
    painter.end()
    return image


def take(window: QWidget, scale: int) -> QImage:
    """Take a picture of a window."""
    QApplication.processEvents()
    image = QImage(window.width() * scale, window.height() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    window.render(painter, QPoint())
    painter.end()
    return image


def beside(mockup: QImage, real: QImage) -> QImage:
    """Put the mock-up and the real page side by side."""
    both = QImage(mockup.width() + real.width() + 16, max(mockup.height(), real.height()), QImage.Format.Format_RGB32)
    both.fill(0xFF808080)
    painter = QPainter(both)
    for x, image in ((0, mockup), (mockup.width() + 16, real)):
        image.setDevicePixelRatio(1)
        painter.drawImage(x, 0, image)
    painter.end()
    return both


def draw_sheet(artist: Artist, folder: Path, begins: list[str]) -> None:
    """Lay each mock-up beside the real page: a picture of each pair, and one sheet with all of them."""
    pairs = []
    for path in sorted(MOCKUPS.glob("*.png")):
        if begins and not path.stem.startswith(tuple(begins)):
            continue
        name, size, scale, theme, reader = LIKE.get(path.stem, (path.stem, (1440, 900), 1, "dark", "en"))
        language.use(reader)
        pairs.append(beside(QImage(str(path)), artist.draw(name, size, scale, theme)))
        pairs[-1].save(str(folder / f"{path.stem}-sheet.png"))
    width, height, columns = 1000, 330, 2
    whole = QImage(columns * width, -(-len(pairs) // columns) * height, QImage.Format.Format_RGB32)
    whole.fill(0xFF808080)
    painter = QPainter(whole)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, pair in enumerate(pairs):
        share = min((width - 16) / pair.width(), (height - 16) / pair.height())
        small = pair.scaled(
            round(pair.width() * share), round(pair.height() * share),
            transformMode=Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        painter.drawImage(number % columns * width + 8, number // columns * height + 8, small)
    painter.end()
    whole.save(str(folder / "mockups-and-real.png"))


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
    """Draw what is asked for; or take the live picture."""
    if arguments[:1] == ["--live"]:
        if os.environ.get("QT_QPA_PLATFORM") == "xcb":
            return live(Path(arguments[1]))
        with xvfb() as display:
            command = [sys.executable, "-m", "scripts.screenshots", *arguments]
            return subprocess.run(command, env=on_display(display), check=False).returncode
    every = {"theme": get_args(ThemeName), "language": get_args(language.Language), "text": get_args(TextPct)}
    parser = argparse.ArgumentParser(prog="screenshots", description="Draw every page in each of its states.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("names", nargs="*", help="how the names begin")
    for what, choices in every.items():
        parser.add_argument(f"--{what}", choices=[*map(str, choices), "all"], default=str(choices[0]))
    parser.add_argument("--sheet", action="store_true", help="lay each mock-up beside the real page")
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with ExitStack() as stack:
        stack.enter_context(send_logs_to(None))
        stack.enter_context(patch.object(awake, "bus_of", lambda which: QDBusConnection("none")))
        artist = Artist(Path(stack.enter_context(TemporaryDirectory())))
        if asked.sheet:
            draw_sheet(artist, asked.folder, asked.names)
            print(asked.folder)
            return 0
        chosen = [
            [choice for choice in choices if getattr(asked, what) in (str(choice), "all")]
            for what, choices in every.items()
        ]
        names = [name for name in NAMES if name.startswith(tuple(asked.names) or "")]
        for theme, reader, pct in product(*chosen):
            language.use(reader)
            enlarge_text(pct)
            marks = [str(one) for one, all_ in zip((theme, reader, pct), every.values(), strict=True) if one != all_[0]]
            for name, (size, scale, suffix) in product(names, SIZES):
                image = artist.draw(name, size, scale, theme)
                image.save(str(asked.folder / f"{'-'.join([name, *marks])}{suffix}.png"))
        application.processEvents()
    print(asked.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
