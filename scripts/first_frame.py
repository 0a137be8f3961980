"""Starts the application as a user does, says ``live`` when the first frame with a signal is painted, and leaves.

A module of its own for ``bench window``: nothing may be loaded before the application loads it.
"""

import gc
import sys


def main() -> int:
    """Run the window with the arguments of ``glutewake``."""
    gc.disable()  # as `app.__main__` does before it loads anything
    from app.__main__ import start
    from app.pipeline.snapshot import Snapshot
    from app.studio import Studio

    def leave(studio: Studio, snapshot: Snapshot, painted_ns: int) -> None:
        from PyQt6.QtCore import QTimer
        from PyQt6.QtWidgets import QApplication

        Studio.note_painted = noted  # type: ignore[method-assign]
        sys.stdout.write("live\n")
        sys.stdout.flush()
        QTimer.singleShot(0, QApplication.closeAllWindows)

    noted, Studio.note_painted = Studio.note_painted, leave  # type: ignore[method-assign,assignment]
    return start()


if __name__ == "__main__":
    sys.exit(main())
