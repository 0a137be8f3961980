"""A device on a serial port that prints a real recording at true speed."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from drivers import registry
from drivers.conformance import Witness
from drivers.replay.formats import open_recording
from drivers.types import Float32Array
from tests.system.command import Line, live, start
from tests.system.serial_device import SerialDevice

WALK = "glute_right_walk_1000hz.csv"
LEAD_S = 2.0
"""Rest before the recording: in its first second a live session knows neither the contact nor the rest."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")


def walk(folder: Path) -> Float32Array:
    """The recording in µV, with a quiet moment of its own over and over in front of it."""
    driver = registry.create(f"file:{folder / WALK}?speed=max&map=right:2")
    witness = Witness()
    driver.open(witness)
    driver.start()
    with witness.watched:
        witness.watched.wait_for(witness.closed, 20.0)
    driver.close()
    samples = np.concatenate([block.samples for block in witness.blocks]) * np.float32(1e6)
    lead = np.resize(samples[900:1150], (round(LEAD_S * 1000), samples.shape[1]))
    return np.vstack([lead, samples])


def source(device: SerialDevice) -> tuple[str, ...]:
    """How to open it; no charger hangs on a pseudo terminal."""
    return "--source", f"text:{device.port}?rate=1000&map=right:2", "--isolator-confirmed"


class Session:
    """One live session as a process of its own, read line by line."""

    def __init__(self, *arguments: str) -> None:
        self.process: subprocess.Popen[str] = start("live", "--json", *arguments)
        self.lines: list[Line] = []
        self.started = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            self.lines.append(json.loads(text))
            if self.lines[-1]["type"] == "link":
                self.started.set()

    def stop(self) -> int:
        """Press Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20.0)
        self._reader.join(20.0)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return code

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.lines if line["type"] == kind]


def test_a_real_recording_over_a_serial_line_gives_the_same_reps(emg_folder: Path, tmp_path: Path):
    scale = ("--mvc", "right:70", "--rest", "right:3.6")
    with SerialDevice(tmp_path / "tty", walk(emg_folder)) as device:
        session = Session(*source(device), "--record", str(tmp_path), *scale)
        assert session.started.wait(20.0)
        device.begin()
        device.join()
        assert session.stop() == 0

    of_the_file = [rep["start_s"] for rep in live(f"file:{emg_folder / WALK}?speed=max&map=right:2", *scale).reps]
    onsets_s = np.array([rep["start_s"] for rep in session.of("rep")])
    assert len(onsets_s) == len(of_the_file) == 7
    offsets_s = onsets_s - of_the_file
    np.testing.assert_allclose(offsets_s, np.median(offsets_s), atol=0.020)
    assert session.lines[-1]["lost_pct"] is None  # lines carry no counter: not measurable, never 0.0

    (folder,) = (path.parent for path in tmp_path.glob("*/journal.emj"))
    uncalibrated = [rep["start_s"] for rep in live(f"file:{folder}?speed=max", "--calibration", "none").reps]
    assert uncalibrated == pytest.approx(onsets_s.tolist(), abs=0.050)


def test_a_device_that_is_unplugged_and_replugged_goes_on_in_the_same_session(emg_folder: Path, tmp_path: Path):
    with SerialDevice(tmp_path / "tty", walk(emg_folder)) as device:
        session = Session(*source(device), "--record", str(tmp_path / "kept"))
        assert session.started.wait(20.0)
        device.begin(unplug_at_s=4.0, for_s=3.0)
        device.join()
        assert session.stop() == 0

    (gap,) = session.of("gap")
    (folder,) = (path.parent for path in tmp_path.glob("kept/*/journal.emj"))
    with contextlib.closing(open_recording(folder)) as recording:
        came = {
            epoch: [block.arrival_ns for block in recording.blocks(0.01) if block.epoch == epoch] for epoch in (0, 1)
        }
    silent_s = (came[1][0] - came[0][-1]) * 1e-9
    assert gap["end_s"] - gap["start_s"] == pytest.approx(silent_s, abs=0.030)
    assert device.unplugged_s - 0.030 <= silent_s <= device.unplugged_s + 0.500  # a busy system opens a port later
    states = [link["state"] for link in session.of("link")]
    assert states.index("reconnecting") < len(states) - 1 - states[::-1].index("streaming")
    assert len(session.of("session")) == len(session.of("summary")) == 1
    onsets_s = [rep["start_s"] for rep in session.of("rep") if rep["counted"]]
    assert [onset_s for onset_s in onsets_s if gap["start_s"] < onset_s < gap["end_s"] + 0.2] == []  # no click
    assert onsets_s[-1] > gap["end_s"]
    assert len(list((tmp_path / "kept").glob("*/journal.emj"))) == 1
