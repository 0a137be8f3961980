import subprocess
import sys
import threading

from app.ui.faults import caught
from app.ui.unexpected import HAPPENED


def test_an_error_in_a_slot_is_told_and_does_not_end_the_process():
    told: list[str] = []
    with caught(told.append):
        sys.excepthook(ValueError, ValueError("x"), None)
    assert told == [HAPPENED]


def test_an_error_in_any_thread_is_told():
    told: list[str] = []

    def fail() -> None:
        raise ValueError

    with caught(told.append):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert told == [HAPPENED]


def test_the_hooks_are_given_back():
    before = sys.excepthook, threading.excepthook
    with caught(lambda sentence: None):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook) == before


def test_importing_the_window_imports_no_qt():
    code = "import sys, app.ui; sys.exit(any(name.startswith('PyQt6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
