"""The window in front of a staged session, without a display."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRectF
from PyQt6.QtDBus import QDBusConnection
from PyQt6.QtGui import QFontMetricsF, QImage, QPainter, QRegion
from PyQt6.QtWidgets import QApplication, QWidget

from app.pipeline.snapshot import Snapshot
from app.ui import awake, text
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import font, load_colours
from tests.ui.scenes import NOT_YET, StagedSource

MakeWindow = Callable[..., MainWindow]
PaintedText = list[tuple[str, int, QRectF, QWidget]]


class Loss(NamedTuple):
    """Words of which not all are painted.

    Attributes
    ----------
    words : str
    left : list of str
        What of them is painted.
    px : int
    is_sentence : bool
        False for one line, shortened in its middle.
    widget : QWidget
    """

    words: str
    left: list[str]
    px: int
    is_sentence: bool
    widget: QWidget


@pytest.fixture
def application(qapp: QApplication) -> QApplication:
    """The one application, with the bundled fonts."""
    return make_application()


@pytest.fixture(autouse=True)
def no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this computer's own sleep out of it."""
    monkeypatch.setattr(awake, "bus_of", lambda which: QDBusConnection("none"))


@pytest.fixture
def make_window(application: QApplication) -> Iterator[MakeWindow]:
    """Open windows of any size on any scene; they are closed at the end."""
    windows: list[MainWindow] = []

    def make(
        scene: Snapshot | None = NOT_YET, size: tuple[int, int] = (1440, 900), source: StagedSource | None = None
    ) -> MainWindow:
        window = MainWindow(source or StagedSource(now=scene), Bridge(), load_colours())
        windows.append(window)
        window.resize(*size)
        window.show()
        window.pull()
        window.look_around()
        application.processEvents()
        return window

    yield make
    for window in windows:
        window.source.now = None  # type: ignore[attr-defined]
        window._shown = None
        window.close()
        window.deleteLater()
    application.processEvents()


@pytest.fixture
def open_sensors(make_window: MakeWindow) -> MakeWindow:
    """Open windows on the Sensors page, in front of a staged source."""

    def make(staged: StagedSource, size: tuple[int, int] = (1440, 900)) -> MainWindow:
        window = make_window(size=size, source=staged)
        window.show_page(1)
        window.look_around()
        QApplication.processEvents()
        return window

    return make


def _is_whole(way: Loss, stood: set[str]) -> bool:
    """Whether these lines stand there, and say all the words."""
    return stood.issuperset(way.left) and " ".join(way.left).split() == way.words.split()


@pytest.fixture
def read_page(monkeypatch: pytest.MonkeyPatch) -> Callable[[MainWindow], tuple[PaintedText, list[Loss]]]:
    """Paint every visible widget alone and tell what text stands where, in the window's coordinates, and what is lost.

    Lost is what a widget breaks into lines or shortens while it paints, and does not paint whole.
    """
    paint, wrap, elide = text.paint, text.wrap, text.elide

    def read(window: MainWindow) -> tuple[PaintedText, list[Loss]]:
        found: PaintedText = []
        stood: set[str] = set()
        broken: dict[str, list[Loss]] = {}
        for widget in (window, *window.findChildren(QWidget)):
            if not widget.isVisible():
                continue

            def note(
                painter: QPainter, x: float, baseline: float, runs: list[text.Run], align: text.Align = "left",
                widget: QWidget = widget,
            ) -> float:  # fmt: skip
                total = text.width(runs)
                left = x - {"left": 0.0, "centre": total / 2, "right": total}[align]
                for run in runs:
                    width = text.width([run])
                    ink = QFontMetricsF(font(run.px, run.weight)).tightBoundingRect(run.text)
                    box = QRectF(left, baseline + ink.top(), width, ink.height())
                    if run.text.strip():
                        offset = QPointF(widget.mapTo(window, QPoint()))
                        found.append((run.text.strip(), run.px, box.translated(offset), widget))
                        stood.add(run.text)
                    left += width
                return paint(painter, x, baseline, runs, align)

            def note_lines(
                sentence: str, px: int, weight: int, width_px: float, widget: QWidget = widget
            ) -> list[str]:  # fmt: skip
                lines = wrap(sentence, px, weight, width_px)
                broken.setdefault(sentence, []).append(Loss(sentence, lines, px, True, widget))
                return lines

            def note_shorter(
                words: str, px: int, weight: int, width_px: float, widget: QWidget = widget
            ) -> str:  # fmt: skip
                shorter = elide(words, px, weight, width_px)
                if shorter != words:
                    broken.setdefault(words, []).append(Loss(words, [shorter], px, False, widget))
                return shorter

            with monkeypatch.context() as painting:
                for name, noting in (("paint", note), ("wrap", note_lines), ("elide", note_shorter)):
                    painting.setattr(text, name, noting)
                canvas = QImage(widget.size(), QImage.Format.Format_ARGB32)
                widget.render(canvas, QPoint(), QRegion(), QWidget.RenderFlag(0))
        losses = [
            ways[-1]._replace(left=[line for line in ways[-1].left if line in stood])
            for words, ways in broken.items()
            if words not in stood and not any(_is_whole(way, stood) for way in ways)
        ]
        return found, losses

    return read


@pytest.fixture
def read_text(read_page: Callable[[MainWindow], tuple[PaintedText, list[Loss]]]) -> Callable[[MainWindow], PaintedText]:
    """Tell what text stands where, as `read_page`."""
    return lambda window: read_page(window)[0]
