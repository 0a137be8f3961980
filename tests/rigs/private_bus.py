"""A D-Bus daemon of the test's own: no root, no system bus, nothing left behind."""

import subprocess
from pathlib import Path

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""


class PrivateBus:
    """A bus daemon on a socket in `folder`; who sets ``DBUS_SYSTEM_BUS_ADDRESS`` to `address` talks to it.

    Parameters
    ----------
    folder : Path
        For the socket; its path must stay below the 107 bytes that a socket may have.
    """

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "bus"
        self._config = folder / "bus.conf"
        self._process: subprocess.Popen[str] | None = None
        self.address = f"unix:path={self._socket}"

    def __enter__(self) -> "PrivateBus":
        self._config.write_text(_CONFIG.format(socket=self._socket), encoding="ascii")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start the daemon; returns when it listens."""
        command = ["dbus-daemon", f"--config-file={self._config}", "--nofork", "--nopidfile", "--print-address"]
        try:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
            )
        except FileNotFoundError:
            raise RuntimeError("There is no dbus-daemon here; install it (Debian: apt-get install dbus).") from None
        assert self._process.stdout is not None
        if not self._process.stdout.readline().startswith("unix:"):
            self.kill()
            raise RuntimeError(f"dbus-daemon does not start; see what it says: {' '.join(command)}")

    def kill(self) -> None:
        """Let the daemon die as in a crash: everybody on it sees the end of the file."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None
        self._socket.unlink(missing_ok=True)
