"""The window on one page after the other, for whoever reads the accessibility bus: a name a line in, the name out."""

import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtDBus import QDBusConnection
from PyQt6.QtWidgets import QApplication

from app import language
from app.ui import awake
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.past import Opened
from app.ui.review_page import View
from app.ui.theme import load_colours
from tests.ui.every_scene import EVERY, settle
from tests.ui.past_scenes import opened_session, show_review
from tests.ui.scenes import StagedSource

REVIEW: dict[str, View] = {"review": "lanes", "review-bars": "bars", "review-score": "score", "review-export": "export"}
NAMES = (*EVERY, *REVIEW)


class Showman(QObject):
    """Shows what is asked for, in the GUI thread."""

    asked = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._window: MainWindow | None = None
        self._opened: Opened | None = None
        self.asked.connect(self._show)
        threading.Thread(target=self._listen, name="asked", daemon=True).start()

    def _session(self) -> Opened:
        if self._opened is None:
            reader = language.language()
            with TemporaryDirectory() as folder:
                self._opened = opened_session(Path(folder))
            language.use(reader)  # the command that recorded it spoke the system's
        return self._opened

    def _listen(self) -> None:
        for line in sys.stdin:
            self.asked.emit(line.strip())
        QApplication.quit()

    def _show(self, name: str) -> None:
        before, view = self._window, REVIEW.get(name)
        source = StagedSource() if view is not None else EVERY[name].source()
        self._window = window = MainWindow(source, Bridge(), load_colours())
        window.resize(1440, 900)
        window.show()
        settle(window)
        if view is not None:
            show_review(window, self._session(), view)
        else:
            EVERY[name].act(window)
        settle(window)
        if before is not None:
            before.retire()
        QApplication.processEvents()
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()


def main() -> int:
    """Show until nothing more is asked for."""
    awake.bus_of = lambda which: QDBusConnection("none")
    language.use("de" if sys.argv[1:] == ["de"] else "en")
    application = make_application()
    application.setQuitOnLastWindowClosed(False)
    showman = Showman()
    code = application.exec()
    showman.deleteLater()
    return code


if __name__ == "__main__":
    sys.exit(main())
