"""The window in front of a staged session, without a display."""

import os
from collections.abc import Callable, Iterator

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


@pytest.fixture
def read_text(monkeypatch: pytest.MonkeyPatch) -> Callable[[MainWindow], PaintedText]:
    """Paint every visible widget alone and tell what text stands where, in the window's coordinates."""

    def read(window: MainWindow) -> PaintedText:
        found: PaintedText = []
        paint = text.paint
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
                    left += width
                return paint(painter, x, baseline, runs, align)

            monkeypatch.setattr(text, "paint", note)
            canvas = QImage(widget.size(), QImage.Format.Format_ARGB32)
            widget.render(canvas, QPoint(), QRegion(), QWidget.RenderFlag(0))
            monkeypatch.setattr(text, "paint", paint)
        return found

    return read
