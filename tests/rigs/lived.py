"""Sessions as people might have had them: lines made by hand, and the record that a session folder would give."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from app.recording.recorder import Recorder
from app.session.calibration import Calibration
from app.session.events import (
    Attempt,
    CalibrationInfo,
    ChannelInfo,
    Cue,
    Event,
    Note,
    PhaseKind,
    Quality,
    Rating,
    ReferenceMethod,
    Rep,
    RepSide,
    SessionStarted,
    Side,
    Summary,
)
from drivers.types import SampleBlock, StreamInfo

LOCAL = timezone(timedelta(hours=1))
FIRST_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)
EVERY_S = 3.0


def line(
    began: datetime = FIRST_DAY,
    *,
    person: str | None = "P-017",
    programme: str = "check",
    reference: ReferenceMethod = "best-clench",
    device: str = "umyo:L",
    simulated: bool = False,
    plan_step: str | None = None,
) -> SessionStarted:
    """The first line of a session."""
    levels = {"left": 50.0, "right": 60.0}
    return SessionStarted(
        v=1,
        app="0.1.0",
        chain="1",
        utc_start=began.astimezone(UTC).isoformat(timespec="milliseconds"),
        person=person,
        programme=programme,
        position="prone",
        source=[device],
        isolation="wireless",
        simulated=simulated,
        seed=None,
        channels=[ChannelInfo(side, "gluteus maximus", "uV", 1000.0) for side in ("left", "right")],
        calibration=CalibrationInfo(
            id="c1",
            age_s=60.0,
            method=reference,
            rest_uv={"left": 2.0, "right": 2.5},
            ref_uv=levels,
            tries_uv={side: [0.97 * level, level, 1.03 * level] for side, level in levels.items()},
            ratio=0.833,
        ),
        plan_step=plan_step,
    )


def squeeze(
    number: int,
    fired: Sequence[Side] = ("left", "right"),
    *,
    phase: PhaseKind = "check",
    lag_ms: float = 0.0,
    ratio: float = 1.0,
    counted: bool = True,
    ref: ReferenceMethod = "best-clench",
    clock_ms: float = 0.0,
) -> list[Event]:
    """Attempt `number` (from 1), and its rep if a side fired; `ratio` is left over right."""
    start_s = 4.0 + EVERY_S * (number - 1)
    attempt = Attempt(number, start_s, start_s + 1.5, list(fired), counted, None if counted else "gap")
    if not fired:
        return [attempt]
    both = len(fired) == 2
    sides = {
        side: RepSide(
            onset_s=start_s if side in fired else None,
            offset_s=start_s + 1.4 if side in fired else None,
            mean_pct=30.0 if side in fired else 2.0,
            peak_pct=40.0,
            mean_uv=15.0,
            state="firing" if side in fired else "asleep",
        )
        for side in ("left", "right")
    }
    rep = Rep(
        index=number,
        set=1 if phase == "work" else None,
        phase=phase,
        scheme="both",
        start_s=start_s,
        end_s=start_s + 1.5,
        counted=counted,
        clean=both,
        not_clean=[] if both else [f"not-fired:{'left' if 'right' in fired else 'right'}"],
        lag_ms=lag_ms if both else None,
        lag_pm_ms=20.0 if both else None,
        late=None,
        lag_status="ok" if both else "left-not-fired" if "right" in fired else "right-not-fired",
        lsi_pct=round(100.0 * math.exp(-abs(math.log(ratio))), 1) if both else None,
        lsi_pm_pct=12.0 if both else None,
        weaker=None if ratio == 1.0 or not both else "left" if ratio < 1.0 else "right",
        lr_log=round(math.log(ratio), 3) if both else None,
        ref=ref,
        target_pct={"left": 30.0, "right": 30.0},
        feedback="none" if phase == "check" else "full",
        hint=None,
        sides=sides,
        compensators={},
        lag_clock_ms=clock_ms if both else None,
    )
    return [attempt, rep]


def summary(events: Sequence[Event], *, wake_up_squeezes: int | None = None) -> Summary:
    """The last line."""
    reps = [event for event in events if isinstance(event, Rep)]
    return Summary(
        attempts=sum(isinstance(event, Attempt) for event in events),
        reps=len(reps),
        clean_reps=sum(rep.clean for rep in reps),
        woke=wake_up_squeezes is not None,
        wake_up_squeezes=wake_up_squeezes,
        sleeping_side=None,
        fired_pct={},
        lsi_pct=None,
        lag_ms=None,
        recording=None,
        lost_pct=0.0,
    )


def squeezes(
    n: int = 10,
    *,
    asleep: int = 0,
    lag_ms: float = 0.0,
    ratio: float = 1.0,
    phase: PhaseKind = "check",
    clock_ms: float = 0.0,
) -> list[Event]:
    """`n` squeezes around these numbers; the left side stays out of the first `asleep` of them."""
    events: list[Event] = []
    for number in range(1, n + 1):
        fired: tuple[Side, ...] = ("right",) if number <= asleep else ("left", "right")
        wobble = (number % 3) - 1
        events += squeeze(
            number,
            fired,
            phase=phase,
            lag_ms=lag_ms + 10.0 * wobble,
            ratio=ratio * math.exp(0.05 * wobble),
            clock_ms=clock_ms,
        )
    return events


@dataclass(frozen=True)
class Lived:
    """A record without a folder on any disk."""

    folder: Path
    started: SessionStarted
    events: tuple[Event, ...]
    duration_s: float = 40.0
    missing_s: dict[str, float] = field(default_factory=lambda: {"one": 0.5})
    calibration: Calibration | None = None

    @property
    def sha256(self) -> str:
        """As different as the session."""
        return hashlib.sha256(repr((self.folder.name, self.started, self.events)).encode()).hexdigest()

    def moved(self, to: Path) -> "Lived":
        """The same recording elsewhere."""
        return _Moved(to, self.started, self.events, sha=self.sha256)


@dataclass(frozen=True)
class _Moved(Lived):
    sha: str = ""

    @property
    def sha256(self) -> str:
        return self.sha


def lived(root: Path, began: datetime = FIRST_DAY, events: Sequence[Event] | None = None, **line_fields) -> Lived:
    """A session whose folder would lie in `root`; ends with a summary of its own where `events` have none."""
    told = squeezes() if events is None else list(events)
    started = line(began, **line_fields)
    folder = root / f"{began:%Y-%m-%d_%H%M%S}_{started.person or 'nobody'}"
    last = [] if told and isinstance(told[-1], Summary) else [summary(told)]
    return Lived(folder, started, (*told, *last))


def everything(root: Path, began: datetime = FIRST_DAY, person: str = "P-017") -> Lived:
    """A session with a line of every kind that the history keeps."""
    told = [*squeezes(4, phase="wake-up", asleep=2), *squeezes(3, phase="work")]
    record = lived(root, began, told, person=person, programme="prone-ankle-squeeze")
    more = (
        Cue(5.0, "left", "not-firing", "tone"),
        Rating(0.0, "pain", 2.0),
        Rating(39.0, "pain", 1.0),
        Note(20.0, "a pillow under the belly"),
        Quality(8.0, "left", "hum", "mains hum"),
        Quality(12.0, "left", "ok", ""),
    )
    return replace(record, events=(*told, *more, summary(told, wake_up_squeezes=3)))


def on_disk(root: Path, began: datetime = FIRST_DAY, events: Sequence[Event] | None = None, **line_fields) -> Path:
    """A session folder with a journal that tells such a session, and a tenth of a second of signal."""
    record = lived(root, began, events, **line_fields)
    record.folder.mkdir(parents=True)
    stream = StreamInfo("one", 1000.0, ("left", "right"), lsb=(1e-6, 1e-6), paced=False)
    recorder = Recorder(record.folder, [stream], record.started)
    recorder.push_block(SampleBlock("one", np.zeros((100, 2), np.float32), 0, 0, 10**8))
    for event in record.events:
        recorder.push_event(event)
    assert recorder.stop().state == "stopped"
    return record.folder
