"""Where the log goes: a file that the user named; its last lines are kept in memory for a problem report.

The terminal belongs to the user's own output.
"""

import logging
import logging.handlers
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
MAX_BYTES: Final = 2_000_000
LINES_KEPT: Final = 2000

_lines: deque[str] = deque(maxlen=LINES_KEPT)


class _Recent(logging.Handler):
    """Keeps the last lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record; a traceback makes many lines of it."""
        _lines.extend(self.format(record).splitlines())


def recent() -> tuple[str, ...]:
    """The last lines of the log, oldest first."""
    return tuple(_lines)


@contextmanager
def send_logs_to(path: Path | None) -> Iterator[str]:
    """Send every record of the application to `path` while the context lasts; None keeps the last ones alone.

    Yields
    ------
    str
        A sentence where the file cannot be written, else empty: it is no reason not to train, but it must be said.
    """
    trouble = ""
    root = logging.getLogger()
    kept: logging.Handler = _Recent()
    kept.setFormatter(logging.Formatter(FORMAT))
    root.setLevel(logging.INFO)
    root.addHandler(kept)
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        try:
            handler = logging.handlers.RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
        except OSError as error:
            trouble = f"No log is written, '{path}' cannot be opened ({error.strerror or error}); name another file."
        handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield trouble
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(kept)
        root.removeHandler(handler)
        handler.close()
