"""A recorder on a fake disk and a fake clock."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.recording.recorder import Recorder
from drivers.types import StreamInfo
from tests.recording.fake_disk import FakeClock, FakeDisk
from tests.recording.known_signal import CALIBRATION, SESSION, STREAM


@pytest.fixture
def disk() -> FakeDisk:
    return FakeDisk()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(tmp_path: Path, disk: FakeDisk, clock: FakeClock):
    started: list[Recorder] = []

    def start(*streams: StreamInfo, folder: Path = tmp_path) -> Recorder:
        folder.mkdir(exist_ok=True)
        recorder = Recorder(
            folder,
            streams or [STREAM],
            SESSION,
            CALIBRATION,
            disk=disk.calls(),
            clock=clock,
            utc_now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
        )
        started.append(recorder)
        return recorder

    yield start
    disk.go.set()
    for recorder in started:
        recorder.stop()
