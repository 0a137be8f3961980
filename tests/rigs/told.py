"""Sessions made of lines alone, for whatever stands on `SessionRecord`: no samples, no journal."""

from collections.abc import Sequence
from pathlib import Path

from app.recording.record import SessionRecord
from app.session.events import (
    Attempt,
    CalibrationInfo,
    ChannelInfo,
    Event,
    Rep,
    RepSide,
    SessionStarted,
    Side,
)

FOLDER = Path("2026-11-20_182900_P-014")


def side(onset_s: float | None, mean_pct: float) -> RepSide:
    fired = onset_s is not None
    return RepSide(onset_s, None, mean_pct, mean_pct, mean_pct, "firing" if fired else "asleep")


def squeeze(
    number: int,
    fired: Sequence[Side] = ("left", "right"),
    *,
    lag_ms: float | None = 20.0,
    lr_log: float | None = -0.05,
    why: str | None = None,
    hint: str | None = None,
    not_clean: Sequence[str] = (),
    helpers: dict[str, RepSide] | None = None,
    phase: str = "wake-up",
) -> list[Event]:
    """One attempt, and its rep if a glute fired; it begins at second ``4 * number``."""
    start_s = 4.0 * number
    attempt = Attempt(number, start_s, start_s + 1.5, list(fired), why is None, why)
    if not fired:
        return [attempt]
    both = len(fired) == 2
    silent = next((name for name in ("left", "right") if name not in fired), None)
    reasons = [f"not-fired:{silent}"] if silent else list(not_clean)
    rep = Rep(
        index=number,
        set=None,
        phase=phase,  # type: ignore[arg-type]
        scheme="both",
        start_s=start_s,
        end_s=start_s + 1.4,
        counted=why is None,
        clean=why is None and not reasons,
        not_clean=reasons,
        lag_ms=lag_ms if both else None,
        lag_pm_ms=12.0 if both and lag_ms is not None else None,
        late=None,
        lag_status="ok" if both else f"{silent}-not-fired",  # type: ignore[arg-type]
        lsi_pct=95.0 if both else 8.0,
        lsi_pm_pct=8.0,
        weaker="left",
        lr_log=lr_log if both else -2.5,
        ref="best-clench",
        target_pct={"left": 45.0, "right": 45.0},
        feedback="full",
        hint=hint,
        sides={
            "left": side(
                start_s + (lag_ms or 0.0) / 1000 if "left" in fired else None, 50.0 if "left" in fired else 4.0
            ),
            "right": side(start_s if "right" in fired else None, 52.0 if "right" in fired else 4.0),
        },
        compensators=helpers or {},
    )
    return [attempt, rep]


def session(
    squeezes: Sequence[Sequence[Event]],
    others: Sequence[Event] = (),
    *,
    sites: Sequence[str] = ("left", "right"),
    simulated: bool = False,
    calibration: CalibrationInfo | None = None,
    missing_s: float = 0.0,
    folder: Path = FOLDER,
) -> SessionRecord:
    """A recorded session of person P-014 with these lines."""
    started = SessionStarted(
        v=1,
        app="0.1.0",
        chain="chain/4",
        utc_start="2026-11-20T17:29:00.000+00:00",
        person=None if simulated else "P-014",
        programme="prone-ankle-squeeze",
        position="prone",
        source=["sim:healthy"] if simulated else ["umyo:A", "umyo:B"],
        isolation="wireless",
        simulated=simulated,
        seed=1 if simulated else None,
        channels=[ChannelInfo(site, "gluteus maximus", "uV", 1000.0) for site in sites],
        calibration=calibration,
    )
    events = tuple(event for of_squeeze in squeezes for event in of_squeeze)
    return SessionRecord(
        folder=folder,
        started=started,
        events=(*events, *others),
        calibration=None,
        duration_s=600.0,
        missing_s={"a": missing_s, "b": 0.0},
        ended_well=True,
        sha256="ab" * 32,
    )


def reference(left_uv: float = 52.0, right_uv: float = 60.0, age_s: float | None = 420.0) -> CalibrationInfo:
    """Three comfortable squeezes a side."""
    return CalibrationInfo(
        id="c1",
        age_s=age_s,
        method="best-clench",
        rest_uv={"left": 3.0, "right": 3.0},
        ref_uv={"left": left_uv, "right": right_uv},
        tries_uv={"left": [left_uv] * 3, "right": [right_uv] * 3},
        ratio=round(left_uv / right_uv, 3),
    )
