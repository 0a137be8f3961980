"""Where the log goes: a file that the user named, else nowhere. The terminal belongs to the user's own output."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

FORMAT: Final = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
MAX_BYTES: Final = 2_000_000


@contextmanager
def send_logs_to(path: Path | None) -> Iterator[None]:
    """Send every record of the application to `path` while the context lasts; None drops them.

    A file that cannot be opened is no reason not to train: it is left out.
    """
    root = logging.getLogger()
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        with suppress(OSError):
            handler = logging.handlers.RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter(FORMAT))
        root.setLevel(logging.INFO)
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        handler.close()
