"""What a search has found, one row each; a row is pressed to put the device on a side."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget

from app.language import _
from app.numbers import percent
from app.pipeline.discovery import Finds, FoundDevice, sites_of
from app.session.events import SIDES
from app.settings import Sensor
from app.ui import marks, text
from app.ui.sensor_words import WHICH_DEVICE, device_detail, nothing_found
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, Colours, room_px
from app.ui.widgets.painted import Canvas, PaintedRow
from app.ui.widgets.unit_card import signal_bars
from app.ui.words import site_words

ROW = 72


class DeviceRow(PaintedRow):
    """One device."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, "", parent)
        self.device: FoundDevice | None = None
        self._sites: tuple[str, ...] = ()

    def show_device(self, device: FoundDevice, sites: tuple[str, ...]) -> None:
        """Show a device, and where it lay when it was used last."""
        if (device, sites) == (self.device, self._sites):
            return
        self.device, self._sites = device, sites
        self.setAccessibleName(device.name)
        said = [device_detail(device), "" if device.sure else _(WHICH_DEVICE)]
        charge = device.battery_pct
        said += [_("battery {charge}", charge=percent(charge)) if charge is not None else ""]
        said += [_("used on {sites}", sites=_(" and ").join(map(site_words, sites))) if sites else ""]
        self.setAccessibleDescription(". ".join(filter(None, said)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, ROW)

    def draw(self, painter: QPainter) -> None:
        device, ink = self.device, self.colours
        if device is None:
            return
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), ink.line)
        if self.underMouse():
            painter.fillRect(QRectF(0, 1, self.width(), self.height() - 2), ink.well)
        right = self._draw_right(painter, device)
        x = 14.0
        for side in SIDES:
            if side in self._sites:
                marks.glyph(painter, side, QPointF(x + 6, 27), 6, ink.of(side).full)
                x += 20
        text.paint(painter, x, 32, [Run(text.elide(device.name, 18, MEDIUM, right - x - 16), 18, ink.text, MEDIUM)])
        left = 14.0
        if not device.sure:
            marks.warning(painter, QPointF(22, 52), 8, ink)
            left = 38 + text.paint(painter, 38, 57, [Run(_(WHICH_DEVICE), 15, ink.text)]) + 12
        detail = text.elide(device_detail(device), 15, REGULAR, max(40.0, right - left - 16))
        text.paint(painter, left, 57, [Run(detail, 15, ink.text2)])
        if self.hasFocus():
            painter.setPen(marks.pen(ink.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 3, -1, -4), 6, 6)

    def _draw_right(self, painter: QPainter, device: FoundDevice) -> float:
        right = self.width() - 34.0
        text.paint(painter, self.width() - 14, 44, [Run("\u203a", 20, self.ink(self.colours.text3))], "right")
        if device.battery_pct is not None:
            run = [Run(f"{device.battery_pct:.0f}\u2009%", 15, self.colours.text, MEDIUM, tabular=True)]
            text.paint(painter, right, 32, run, "right")
            text.paint(painter, right, 57, [Run(_("battery"), 15, self.colours.text2)], "right")
            right -= room_px(76)
        if device.rssi_dbm is not None:
            left = right - room_px(92)
            signal_bars(painter, left, 32, device.rssi_dbm, self.colours)
            text.paint(painter, left, 57, [Run(_("signal"), 15, self.colours.text2)])
            right = left - 20
        return right


class _Sentences(Canvas):
    """Lines beneath the rows: what keeps devices from being found, and what to do."""

    def __init__(self, colours: Colours, parent: QWidget) -> None:
        super().__init__(colours, _("What to do"), parent)
        self.problems: tuple[str, ...] = ()
        self.advice: tuple[str, ...] = ()

    def show_sentences(self, problems: tuple[str, ...], advice: tuple[str, ...]) -> None:
        self.problems, self.advice = problems, advice
        self.say(" ".join((*problems, *advice)))
        self.update()

    def _lines(self, width: float) -> list[tuple[str, bool, bool]]:
        """Lines of (text, whether a problem begins there, whether it is the first)."""
        lines = []
        for problem in self.problems:
            wrapped = text.wrap(problem, 16, REGULAR, width - 38)
            lines += [(line, not number, True) for number, line in enumerate(wrapped)]
        for sentence in self.advice:
            lines += [(line, False, False) for line in text.wrap(sentence, 16, REGULAR, width - 14)]
        return lines

    def height_for(self, width: float) -> int:
        return 24 + 27 * len(self._lines(width))

    def draw(self, painter: QPainter) -> None:
        for row, (line, begins, of_problem) in enumerate(self._lines(self.width())):
            y = 32 + 27 * row
            if begins:
                marks.warning(painter, QPointF(22, y - 5), 8, self.colours)
            text.paint(painter, 38 if of_problem else 14, y, [Run(line, 16, self.colours.text)])


class FoundList(QScrollArea):
    """The rows."""

    picked = pyqtSignal(object)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Devices that were found"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.colours = colours
        self.rows: list[DeviceRow] = []
        self._body = QWidget()
        self._sentences = _Sentences(colours, self._body)
        self.setWidget(self._body)

    @property
    def shown_rows(self) -> list[DeviceRow]:
        """The rows that hold a device now."""
        return [row for row in self.rows if not row.isHidden()]

    def show_finds(self, finds: Finds, remembered: tuple[Sensor, ...]) -> None:
        """Show what has been found so far; the scenarios of the simulator are no devices."""
        devices = [device for device in finds.devices if not device.simulated]
        for _number in range(len(self.rows), len(devices)):
            row = DeviceRow(self.colours, self._body)
            row.clicked.connect(lambda _checked, row=row: self.picked.emit(row.device))
            self.rows.append(row)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(devices))
            if number < len(devices):
                row.show_device(devices[number], sites_of(devices[number], remembered))
        self._sentences.show_sentences(finds.problems, nothing_found() if finds.done and not devices else ())
        self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        viewport = self.viewport()
        width = viewport.width() if viewport is not None else self.width()
        y = 0
        for row in self.rows:
            if not row.isHidden():
                row.setGeometry(0, y, width, ROW)
                y += ROW
        height = self._sentences.height_for(width)
        self._sentences.setGeometry(0, y, width, height)
        self._body.resize(width, y + height)
