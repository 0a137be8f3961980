"""All words of the status bar: the recording, the sides, what was lost, how old the picture is."""

from dataclasses import dataclass
from typing import Literal

from app.language import _, mark, n_
from app.numbers import THIN, number, percent
from app.pipeline.health import Health
from app.pipeline.snapshot import Snapshot
from app.pipeline.units import UnitView
from app.recording.status import RecordingStatus
from app.said import said
from app.session.events import SIDES, Side, Verdict
from drivers.types import LinkState

TELL_LEFT_S = 3600.0
"""Room for longer is no news."""
LEAST_RISK_S = 2.0
"""A second is always on its way to the disk."""
STATE_WORDS: dict[LinkState, str] = {
    LinkState.CONNECTING: mark("connecting"),
    LinkState.STREAMING: mark("streaming"),
    LinkState.STALLED: mark("stalled"),
    LinkState.RECONNECTING: mark("reconnecting"),
    LinkState.UNAVAILABLE: mark("unavailable"),
    LinkState.CLOSED: mark("closed"),
}
_FAULT_WORDS: dict[Verdict, str] = {
    "no-contact": mark("no contact"),
    "clipping": mark("signal too strong"),
    "ok": mark("no signal"),
}


def clock(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


EntryKind = Literal["recording", "idle", "fault", "plain"]


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One piece of the status bar: a strong and a plain stretch, in the order in which they stand.

    ``keep`` is higher the longer it stays when space is short; its plain words give way before, where a number follows
    them. ``by_side`` are the numbers of ``strong`` again, each to be painted after the mark of its side.
    """

    strong: str
    plain: str
    kind: EntryKind = "plain"
    keep: int = 0
    strong_first: bool = True
    by_side: tuple[tuple[Side, str], ...] = ()


def status_entries(snapshot: Snapshot | None, health: Health, recording: RecordingStatus) -> tuple[StatusEntry, ...]:
    """The status bar from left to right. Loss and latency stand only while samples flow."""
    entries = [recording_entry(recording)]
    if snapshot is not None:
        entries.append(_sides_entry(snapshot, health))
    if any(link.state is LinkState.STREAMING for link in health.links):
        entries.append(_loss_entry(health))
        paint_ms = health.arrival_to_paint_ms
        if paint_ms is not None:
            entries.append(StatusEntry(f"{paint_ms.p95:.0f} ms", _("latency") + " ", keep=1, strong_first=False))
    return tuple(entries)


def battery_entry(units: tuple[UnitView, ...]) -> tuple[StatusEntry, ...]:
    """The charge of the units that tell it, by side; nothing where none does."""
    charges = tuple(
        (side, percent(unit.vitals.battery_pct))
        for side in SIDES
        for unit in units
        if side in unit.sites and unit.vitals.battery_pct is not None
    )
    if not charges:
        return ()
    said_aloud = ", ".join(f"{_(side)} {charge}" for side, charge in charges)
    return (StatusEntry(said_aloud, _("battery") + " ", keep=2, strong_first=False, by_side=charges),)


def recording_entry(recording: RecordingStatus) -> StatusEntry:
    """What is said of the recording; in trouble the cause, and the seconds at risk."""
    if recording.state == "recording":
        left_s = recording.left_s
        left = "" if left_s is None or left_s >= TELL_LEFT_S else _(", room for {left_s:.0f} min", left_s=left_s / 60)
        return StatusEntry("REC ", clock(recording.recorded_s) + left, "recording", keep=9)
    if recording.state == "error":
        cause = said(recording.cause) if recording.cause else _("The recording has a fault.")
        risk = (
            " " + _("{at_risk_s:.0f} s are at risk.", at_risk_s=recording.at_risk_s)
            if recording.at_risk_s >= LEAST_RISK_S
            else ""
        )
        return StatusEntry(cause + risk, "", "fault", keep=9)
    if recording.state == "stopped":
        return StatusEntry("", _("recorded {clock}", clock=clock(recording.recorded_s)), "idle", keep=9)
    if recording.cause:
        return StatusEntry(said(recording.cause), "", "fault", keep=9)
    return StatusEntry("", _("not recording"), "idle", keep=9)


def _sides_entry(snapshot: Snapshot, health: Health) -> StatusEntry:
    sides = [side for side in SIDES if side in snapshot.sides]
    lost = [side for side in sides if snapshot.sides[side].state == "no-signal"]
    if not lost:
        return StatusEntry("", _sides_words(len(sides), len(sides)), keep=5)
    side = lost[0]
    links = {site: link.state for link in health.links for site in link.sites}
    state = links.get(side, LinkState.STREAMING)
    why = (
        _FAULT_WORDS.get(snapshot.sides[side].verdict, mark("no signal"))
        if state is LinkState.STREAMING
        else STATE_WORDS[state]
    )
    whom = "both" if len(lost) == 2 else side
    words = f"{_sides_words(len(sides) - len(lost), len(sides))}, {_(whom)} {_(why)}"
    return StatusEntry(words, "", "fault", keep=8)


def _sides_words(n: int, of: int) -> str:
    return n_("{well} of {n} side", "{well} of {n} sides", of, well=n)


def _loss_entry(health: Health) -> StatusEntry:
    if health.lost_pct is None:
        return StatusEntry("", _("loss not measurable"), keep=3)
    # a single lost sample must never read as none
    shown = f"<{THIN}{number(0.1, 1)}" if 0.0 < health.lost_pct < 0.1 else number(health.lost_pct, 1)
    return StatusEntry(f"{shown}{THIN}%", " " + _("lost"), keep=4)
