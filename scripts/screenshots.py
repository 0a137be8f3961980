"""Draws the Train page in each of its states, without a display.

    .venv/bin/python -m scripts.screenshots             into build/screenshots
    .venv/bin/python -m scripts.screenshots docs/images train

Without arguments, and where the mock-ups lie beside the repository, it also makes a sheet "mock-up | real" of each.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QImage, QPainter

from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from tests.ui.scenes import SCENES, StagedSource

ROOT = Path(__file__).resolve().parents[1]
MOCKUPS = ROOT.parent / "shared" / "mockups"
SIZES = (((1440, 900), 1, ""), ((1024, 640), 1, "-1024"), ((960, 540), 2, "-960@2x"))


def draw(name: str, size: tuple[int, int], scale: int) -> QImage:
    """Draw one scene in a window of `size`, at `scale`."""
    title = "Isometric hold, prone" if name == "train-hold" else "Prone ankle squeeze"
    window = MainWindow(StagedSource(now=SCENES[name], title=title), Bridge(), load_colours())
    window.resize(*size)
    window.show()
    window.pull()
    window.look_around()
    image = QImage(size[0] * scale, size[1] * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    window.render(painter, QPoint())
    painter.end()
    window.deleteLater()
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


def main(arguments: list[str]) -> int:
    """Draw the scenes that are named, or all."""
    folder = Path(arguments[0]) if arguments else ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    for name in arguments[1:] or SCENES:
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
