"""A session of a living person is in the history as soon as it has ended, with a window and without."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from app import archive
from app.calibration_desk import CalibrationDesk
from app.history.store import NAME
from app.live_session import LiveSession
from app.main import main
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.ui.sound import Sound
from drivers import registry
from tests.system.serial_device import SerialDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")


@pytest.fixture
def device(tmp_path):
    noise = np.random.default_rng(1).normal(0.0, 5.0, (3000, 2)).astype(np.float32)
    with SerialDevice(tmp_path / "tty", noise) as device:
        device.begin()
        yield device


def source(device: SerialDevice) -> str:
    return f"text:{device.port}?rate=1000&map=left:1,right:2"


def live(device: SerialDevice, root: Path, *more: str) -> int:
    options = ("--duration", "1", "--record", str(root), "--isolator-confirmed", "--json")
    return main(["live", "--source", source(device), *options, *more])


def test_without_a_window_it_enters_and_its_person_is_added(device, tmp_path, capsys):
    root = tmp_path / "kept"
    assert live(device, root, "--person", "P-017", "--programme", "check") == 0
    assert capsys.readouterr().err == ""
    with archive.open_history(root) as history:
        (line,) = history.sessions("P-017")
    assert (line.series.exercise, line.series.device) == ("check", "text")


def test_without_a_person_there_is_no_history(device, tmp_path):
    assert live(device, tmp_path / "kept") == 0
    assert not (tmp_path / "kept" / NAME).exists()


def test_a_history_that_cannot_take_it_is_one_sentence_and_no_reason_to_fail(device, tmp_path, capsys):
    root = tmp_path / "kept"
    root.mkdir()
    (root / NAME).write_bytes(b"garbage" * 1000)
    assert live(device, root, "--person", "P-017") == 0
    error = capsys.readouterr().err
    assert "history rebuild" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("is_damaged", [False, True])
def test_behind_the_window_it_enters_once_the_session_is_closed(device, tmp_path, monkeypatch, is_damaged):
    finishing: list[Path] = []
    monkeypatch.setattr("app.live_session.start_finishing", lambda root, *more: finishing.append(root))
    root = tmp_path / "kept"
    root.mkdir()
    if is_damaged:
        (root / NAME).write_bytes(b"garbage" * 1000)
    warnings: list[str] = []
    sound = cast(Sound, SimpleNamespace(submit=lambda event, decided_ns: None, latency=None, follow=lambda look: None))
    plan = SessionPlan(programme=load_programme("check"), person="P-017", mains="isolator")
    desk = CalibrationDesk(lambda kind: None, lambda channels: None, sound)
    session = LiveSession(plan, root, sound, post=lambda event: None, warn=warnings.append, desk=desk)
    session.open([registry.create(source(device))])
    device.join()
    session.close()
    session.close()
    assert finishing == [root]
    if is_damaged:
        assert len(warnings) == 1
        assert "history rebuild" in warnings[0]
    else:
        assert warnings == []
        with archive.open_history(root) as history:
            assert len(history.sessions("P-017")) == 1
