"""Where the squeeze is felt: three big answers, for whoever has no electrode on thigh and back."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.ui.theme import Colours
from app.ui.widgets.answer import Answer

_GAP, _MOST = 8, 158


class Felt(QFrame):
    """The answers; ``answered`` carries 1 for glute, 2 for thigh, 3 for back, as the lines do."""

    answered = pyqtSignal(int)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Where do you feel it?"))
        answers = (
            (_("Glute"), _("In the cheek that works.")),
            (_("Thigh"), _("At the back or the inside.")),
            (_("Low back"), _("Low, beside the spine.")),
        )
        self.answers = [Answer(colours, words, str(number), self) for number, words in enumerate(answers, start=1)]
        for number, answer in enumerate(self.answers, start=1):
            answer.clicked.connect(lambda _checked, number=number: self.answered.emit(number))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        n = len(self.answers)
        wide = self.width() >= n * 230
        height = min(self.height() if wide else self.height() // n - _GAP, _MOST)
        width = (self.width() - (n - 1) * _GAP) // n if wide else self.width()
        top = (self.height() - (height if wide else n * (height + _GAP) - _GAP)) // 2
        for number, answer in enumerate(self.answers):
            x, y = (number * (width + _GAP), top) if wide else (0, top + number * (height + _GAP))
            answer.setGeometry(x, y, width, height)
