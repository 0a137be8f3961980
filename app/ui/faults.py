"""Where every error ends that nobody expected: in the log, and as one calm sentence on the screen.

Without this, an exception in a slot would end the process (PyQt6 calls ``qFatal``) and the recording with it.
"""

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from PyQt6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.language import _, mark
from app.ui.unexpected import HAPPENED

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
NO_WINDOW = mark(
    "No window can be opened here: there is no screen, or a library that Qt needs is missing "
    "('python3 scripts/dev.py setup' names it). Without a window use: glutewake live --source sim:waking-left"
)

_log = logging.getLogger(__name__)


def send_qt_messages_to_log() -> None:
    """Send what Qt says to the log: its warnings about a missing sound server mean nothing to a user.

    Its one fatal message says that it found no screen or not the libraries to use one. Qt would abort the process once
    the handler returns; so it does not return.
    """

    def on_message(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
        _log.log(_LEVELS.get(kind, logging.INFO), "Qt: %s", message)
        if kind == QtMsgType.QtFatalMsg and QCoreApplication.startingUp():
            sys.stderr.write(f"glutewake: {_(NO_WINDOW)}\n")
            sys.stderr.flush()
            os._exit(1)

    qInstallMessageHandler(on_message)


@contextmanager
def caught(tell: Callable[[str], None]) -> Iterator[None]:
    """Send unexpected errors of all threads to the log and to `tell`, which must be callable from any thread."""
    before, before_in_threads = sys.excepthook, threading.excepthook

    def on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.critical("unexpected error", exc_info=(kind, error, trace))
        tell(HAPPENED)

    def on_thread_error(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            name = args.thread.name if args.thread is not None else "?"
            _log.critical("unexpected error in thread %s", name, exc_info=args.exc_value)
            tell(HAPPENED)

    sys.excepthook, threading.excepthook = on_error, on_thread_error
    if sys.stderr is not None and not faulthandler.is_enabled():  # a window without a console has no stderr
        faulthandler.enable()
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before, before_in_threads
