"""Sessions of living persons on the disk, written by the real recorder without anybody waiting."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from app.recording.folders import create_session_folder
from app.recording.recorder import Recorder
from app.session.calibration import Calibration
from app.session.events import (
    Attempt,
    ChannelInfo,
    Cue,
    Event,
    Note,
    Rating,
    Rep,
    RepSide,
    SessionStarted,
    Side,
    Summary,
)
from drivers.types import Float32Array, SampleBlock, StreamInfo

SFREQ = 1000.0
N_BLOCK = 100
STREAM = StreamInfo("unit", SFREQ, ("left", "right"), lsb=(1e-7, 1e-7))
CALIBRATION = Calibration(
    id="Anna in March", method="mvc", rest={"left": 2e-6, "right": 3e-6}, reference={"left": 50e-6, "right": 60e-6},
    tries={"left": [48e-6, 50e-6], "right": [60e-6]},
)  # fmt: skip


def samples(n: int) -> Float32Array:
    """Row k is k and -k steps of 0.1 µV."""
    rows: Float32Array = (np.arange(n, dtype=np.float64)[:, None] * [1e-7, -1e-7]).astype(np.float32)
    return rows


def rep(index: int, lag_ms: float | None) -> Rep:
    def side(onset_s: float | None, mean_pct: float) -> RepSide:
        return RepSide(onset_s, 3.0 * index + 1.5, mean_pct, mean_pct + 10, mean_pct / 2, "firing")

    return Rep(
        index=index, set=1, phase="check", scheme="both", start_s=3.0 * index, end_s=3.0 * index + 1.5, counted=True,
        clean=lag_ms is not None and abs(lag_ms) < 100, not_clean=[] if lag_ms else ["late:left"], lag_ms=lag_ms,
        lag_pm_ms=6.0, late="left" if lag_ms and lag_ms > 100 else None,
        lag_status="ok" if lag_ms else "left-not-fired",
        lsi_pct=80.0 + index, lsi_pm_pct=9.0, weaker="left", lr_log=-0.2 - index / 100, ref="mvc",
        target_pct={"left": 35.0, "right": 35.0}, feedback="none", hint=None,
        sides={"left": side(3.0 * index + 0.1, 30.0 + index), "right": side(3.0 * index, 40.0)},
        compensators={"hamstring-left": side(None, 12.0)},
    )  # fmt: skip


def attempt(index: int, fired: Sequence[Side]) -> Attempt:
    return Attempt(index, 3.0 * index, 3.0 * index + 1.5, list(fired), counted=True)


EVENTS: tuple[Event, ...] = (
    attempt(1, ["left", "right"]), rep(1, 40.0), Cue(4.6, "left", "late", "tone"),
    attempt(2, ["right"]), rep(2, None), attempt(3, ["left", "right"]), rep(3, 120.0),
    Rating(12.0, "pain", 2.0), Note(13.0, "Anna Muster says hello"),
    Summary(3, 3, 1, False, None, "left", {"left": 66.7, "right": 100.0}, 82.0, 80.0, None, 0.0),
)  # fmt: skip


def write_session(
    root: Path,
    *,
    person: str | None,
    start: str,
    simulated: bool = False,
    source: str = "umyo:Annas Sensor",
    label: str | None = "Anna, knee",
    events: Sequence[Event] = EVENTS,
    n_blocks: int = 5,
    lost_before: int | None = 3,
) -> Path:
    """Record one session; 50 samples are lost before block `lost_before`."""
    started = SessionStarted(
        v=1, app="0.1.0", chain="1", utc_start=start, person=person, programme="check", position="prone",
        source=[source], isolation="wireless", simulated=simulated, seed=None, label=label,
        channels=[
            ChannelInfo("left", "gluteus maximus", "uV", SFREQ, 1),
            ChannelInfo("right", "gluteus maximus", "uV", SFREQ, 2),
        ],
        calibration=CALIBRATION.info({"left": 1e6, "right": 1e6}),
    )  # fmt: skip
    folder = create_session_folder(root, datetime.fromisoformat(start), simulated=simulated, person=person)
    recorder = Recorder(folder, [STREAM], started, CALIBRATION, utc_now=lambda: datetime.fromisoformat(start))
    index = 0
    for number in range(n_blocks):
        n_lost = 50 if number == lost_before else 0
        index += n_lost
        rows = samples(index + N_BLOCK)[index:]
        index += N_BLOCK
        recorder.push_block(SampleBlock("unit", rows, index - N_BLOCK, 0, round(index * 1e9 / SFREQ), n_lost))
    for event in events:
        recorder.push_event(event)
    recorder.stop()
    return folder
