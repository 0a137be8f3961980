"""BrainFlow's C++ driver reads the virtual Cyton, and the codec reads the same bytes: both see the same microvolts.

It shows that the virtual board is one to a stranger too, and that nobody's arithmetic is off.
"""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from drivers.openbci.cyton_protocol import CytonCodec, channel_on
from tests.rigs.devices.cyton import CytonDevice
from tests.rigs.ptydev import PtyDevice

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows"),
    pytest.mark.skipif(importlib.util.find_spec("brainflow") is None, reason="BrainFlow has no wheel for this system"),
]

CYTON, CYTON_WITH_DAISY = 0, 2
N_SAMPLES = 60


class RecordedCyton(CytonDevice):
    """Remembers what it sent since the last start."""

    sent = b""

    def samples(self, n: int) -> bytes:
        data = super().samples(n)
        self.sent += data
        return data


def read_by_both(
    folder: Path, board: int, gain: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Counters and microvolts as BrainFlow tells them, and microvolts of the codec from the first byte on."""
    daisy = board == CYTON_WITH_DAISY
    settings = b"".join(channel_on(channel, gain) for channel in range(1, 17 if daisy else 9)).decode()
    pty = PtyDevice(RecordedCyton(daisy=daisy), folder / "port")
    try:
        script = str(Path(__file__).with_name("brainflow_cyton.py"))
        child = subprocess.run(
            [sys.executable, script, str(pty.link), str(board), str(N_SAMPLES), settings],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
    finally:
        pty.close()
    assert child.returncode == 0, child.stderr
    said = json.loads(child.stdout)
    assert "Failure" not in said["answer"]
    chunks = CytonCodec(gain=gain, daisy=daisy).feed(pty.device.sent, 0)
    assert not any(chunk.n_lost for chunk in chunks)
    ours = np.concatenate([chunk.samples.astype(np.float64) for chunk in chunks]) * 1e6
    return np.array(said["counters"][:N_SAMPLES]), np.array(said["uv"][:N_SAMPLES]), ours


def test_a_cyton_is_read_alike(tmp_path: Path):
    counters, theirs, ours = read_by_both(tmp_path, CYTON, gain=8)
    assert np.ptp(theirs) > 5.0
    np.testing.assert_allclose(ours[counters], theirs, rtol=1e-6, atol=1e-6)


def test_both_boards_of_a_daisy_are_read_alike(tmp_path: Path):
    # A row of theirs is a frame of the board, odd, and the Daisy's after it; ours a Daisy's and the board's after it.
    counters, theirs, ours = read_by_both(tmp_path, CYTON_WITH_DAISY, gain=24)
    odd = counters % 2 == 1
    rows = counters[odd] // 2  # frames 2 and 3 are the first sample
    np.testing.assert_allclose(ours[rows[1:] - 1, :8], theirs[odd][1:, :8], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours[rows, 8:], theirs[odd][:, 8:], rtol=1e-6, atol=1e-6)
