"""All words of the status bar: the recording, the sides, what was lost, how old the picture is."""

from dataclasses import dataclass
from typing import Literal

from app.pipeline.health import Health
from app.pipeline.snapshot import Snapshot
from app.pipeline.units import UnitView
from app.recording.status import RecordingStatus
from app.session.events import SIDES, Verdict
from app.ui.words import THIN, count
from drivers.types import LinkState

TELL_LEFT_S = 3600.0
"""Room for longer is no news."""
LEAST_RISK_S = 2.0
"""A second is always on its way to the disk."""
_FAULT_WORDS: dict[Verdict, str] = {"no-contact": "no contact", "clipping": "signal too strong", "ok": "no signal"}


def clock(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


EntryKind = Literal["recording", "idle", "fault", "plain"]


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One piece of the status bar: a strong and a plain stretch, in the order in which they stand.

    ``keep`` is higher the longer it stays when space is short.
    """

    strong: str
    plain: str
    kind: EntryKind = "plain"
    keep: int = 0
    strong_first: bool = True


def status_entries(snapshot: Snapshot | None, health: Health, recording: RecordingStatus) -> tuple[StatusEntry, ...]:
    """The status bar from left to right. Loss and latency stand only while samples flow."""
    entries = [_recording_entry(recording)]
    if snapshot is not None:
        entries.append(_sides_entry(snapshot, health))
    if any(link.state is LinkState.STREAMING for link in health.links):
        entries.append(_loss_entry(health))
        paint_ms = health.arrival_to_paint_ms
        if paint_ms is not None:
            entries.append(StatusEntry(f"{paint_ms.p95:.0f} ms", "latency ", keep=1, strong_first=False))
    return tuple(entries)


def battery_entry(units: tuple[UnitView, ...]) -> tuple[StatusEntry, ...]:
    """The charge of the units that tell it, by side; nothing where none does."""
    charges = [
        f"{side} {unit.vitals.battery_pct:.0f}{THIN}%"
        for side in SIDES
        for unit in units
        if side in unit.sites and unit.vitals.battery_pct is not None
    ]
    return (StatusEntry(", ".join(charges), "battery ", keep=2, strong_first=False),) if charges else ()


def _recording_entry(recording: RecordingStatus) -> StatusEntry:
    if recording.state == "recording":
        left_s = recording.left_s
        left = "" if left_s is None or left_s >= TELL_LEFT_S else f", room for {left_s / 60:.0f} min"
        return StatusEntry("REC ", clock(recording.recorded_s) + left, "recording", keep=9)
    if recording.state == "error":
        cause = recording.cause or "The recording has a fault."
        risk = f" {recording.at_risk_s:.0f} s are at risk." if recording.at_risk_s >= LEAST_RISK_S else ""
        return StatusEntry(cause + risk, "", "fault", keep=9)
    if recording.state == "stopped":
        return StatusEntry("", f"recorded {clock(recording.recorded_s)}", "idle", keep=9)
    if recording.cause:
        return StatusEntry(recording.cause, "", "fault", keep=9)
    return StatusEntry("", "not recording", "idle", keep=9)


def _sides_entry(snapshot: Snapshot, health: Health) -> StatusEntry:
    sides = [side for side in SIDES if side in snapshot.sides]
    lost = [side for side in sides if snapshot.sides[side].state == "no-signal"]
    if not lost:
        return StatusEntry("", f"{len(sides)} of {count(len(sides), 'side')}", keep=5)
    side = lost[0]
    links = {site: link.state for link in health.links for site in link.sites}
    state = links.get(side, LinkState.STREAMING)
    why = _FAULT_WORDS.get(snapshot.sides[side].verdict, "no signal") if state is LinkState.STREAMING else state.value
    whom = "both" if len(lost) == 2 else side
    words = f"{len(sides) - len(lost)} of {count(len(sides), 'side')}, {whom} {why}"
    return StatusEntry(words, "", "fault", keep=8)


def _loss_entry(health: Health) -> StatusEntry:
    if health.lost_pct is None:
        return StatusEntry("", "loss not measurable", keep=3)
    # a single lost sample must never read as none
    shown = f"<{THIN}0.1" if 0.0 < health.lost_pct < 0.1 else f"{health.lost_pct:.1f}"
    return StatusEntry(f"{shown}{THIN}%", " lost", keep=4)
