"""Where the log goes: a file that the user named, else nowhere. The terminal belongs to the user's own output."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
MAX_BYTES: Final = 2_000_000


@contextmanager
def send_logs_to(path: Path | None) -> Iterator[str]:
    """Send every record of the application to `path` while the context lasts; None drops them.

    Yields
    ------
    str
        A sentence where the file cannot be written, else empty: it is no reason not to train, but it must be said.
    """
    trouble = ""
    root = logging.getLogger()
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        try:
            handler = logging.handlers.RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
        except OSError as error:
            trouble = f"No log is written, '{path}' cannot be opened ({error.strerror or error}); name another file."
        handler.setFormatter(logging.Formatter(FORMAT))
        root.setLevel(logging.INFO)
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield trouble
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        handler.close()
