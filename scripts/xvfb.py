"""A screen in memory for windows that must be real: Xvfb on whichever display is free."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


def has_xvfb() -> bool:
    """Whether Xvfb is installed."""
    return shutil.which("Xvfb") is not None


@contextmanager
def xvfb(width: int = 1440, height: int = 900) -> Iterator[str]:
    """Run an X server while the context lasts and yield its display, such as ``:7``."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        command, pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            number = pipe.readline().strip()  # empty if the server ended without one
        if not number:
            raise OSError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def on_display(display: str) -> dict[str, str]:
    """Environment of a process whose windows are to appear there."""
    return {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
