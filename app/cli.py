"""The commands without a window: lines of JSON, or two bars in the terminal. Writes to stdout and nowhere else."""

import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType
from typing import Any, Final, TextIO

import msgspec

from app.pipeline.device_lines import AnyLine, DriverLine, ProblemLine, device_line
from app.pipeline.discovery import FoundDevice, search, sites_of
from app.pipeline.doctor import Finding
from app.pipeline.snapshot import Snapshot
from app.pipeline.tap import TapResult
from app.session.events import Event, LinkChanged, Note, Quality, Summary, to_json
from app.settings import Sensor
from drivers import registry

BAR_CELLS: Final = 24
BAR_TOP_PCT: Final = 120.0
CLEAR_LINE: Final = "\r\x1b[K"
PROGRESS_EVERY_S: Final = 10.0
WORDS: Final = {
    "no-signal": "no signal",
    "quiet": "quiet",
    "asleep": "not yet",
    "late": "not yet",  # it has not joined; "joins late" stands once it has
    "weak": "less",
    "firing": "joining",
    "fading": "fading",
}


_BESIDE_BARS: Final = 2 * len("RIGHT []   0 % joins late ") + len("  000") + 2


def write_line(event: Event, out: TextIO | None = None) -> None:
    """Write one line of the JSON contract and hand it on at once, so that a pipe sees it when it happens."""
    out = out or sys.stdout
    out.write(to_json(event).decode() + "\n")
    out.flush()


def write_lines(events: "SimpleQueue[Event | None]", out: TextIO | None = None) -> None:
    """Write lines as they come in from another thread, until None comes."""
    while (event := events.get()) is not None:
        write_line(event, out)


def write_words(event: Event, out: TextIO | None = None) -> None:
    """Say to whoever sits at a terminal what has to be done: a lost link, a bad contact, what a source lacks."""
    match event:
        case Quality() if event.verdict != "ok":
            words = f"{event.site}: {event.text}"
        case LinkChanged(state="stalled" | "reconnecting" | "unavailable"):
            words = event.reason or f"{event.stream}: {event.state}"
        case Note(t_s=0.0):  # later ones tell of goals and scales, which the bars show
            words = event.text
        case _:
            return
    out = out or sys.stdout
    out.write(f"{CLEAR_LINE if out.isatty() else ''}{words}\n")
    out.flush()


def bars(snapshot: Snapshot, width: int) -> str:
    """Draw both sides as one line of text of at most `width` characters; numbers and words go before long bars."""
    n_cells = min(BAR_CELLS, max(0, (width - _BESIDE_BARS) // 2))
    parts = []
    for side in ("left", "right"):
        view = snapshot.sides[side]
        if view.level_pct is None:
            bar, number = "/" * n_cells, "  - %"
        else:
            filled = round(min(view.level_pct, BAR_TOP_PCT) / BAR_TOP_PCT * n_cells)
            bar, number = "#" * filled + "." * (n_cells - filled), f"{view.level_pct:3.0f} %"
        word = "joins late" if view.joined_late else WORDS[view.state]
        parts.append(f"{side.upper():<5} [{bar}] {number} {word:<10}")
    return ("  ".join(parts) + f"  {snapshot.progress.done}")[:width]


def show_bars(snapshot: Snapshot, out: TextIO | None = None) -> None:
    """Draw both sides over the line that is there."""
    out = out or sys.stdout
    out.write("\r" + bars(snapshot, shutil.get_terminal_size().columns - 1) + "\x1b[K")
    out.flush()


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Whoever ends a command by SIGTERM gets what was done so far, as with Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_line() -> Iterator[Callable[[float], None] | None]:
    """A line on the terminal that says now and then how far a long run is; None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    due_s = PROGRESS_EVERY_S

    def show(t_s: float) -> None:
        nonlocal due_s
        if t_s >= due_s:
            due_s = t_s + PROGRESS_EVERY_S
            sys.stderr.write(f"\r{t_s / 60:.1f} minutes\x1b[K")
            sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")


def write_taps(result: TapResult, uris: Sequence[str], *, as_json: bool, out: TextIO | None = None) -> None:
    """Say how much two units differ by, and the sources that take it off."""
    out = out or sys.stdout
    if len(uris) == 2:
        uris = [_with_delay(uri, delay_ms) for uri, delay_ms in zip(uris, result.delays_ms(), strict=True)]
    if as_json:
        line = {
            "left_later_ms": round(result.left_later_s * 1e3, 1),
            "pm_ms": round(result.pm_s * 1e3, 1),
            "knocks": result.n_knocks,
            "source": list(uris),
        }
        out.write(msgspec.json.encode(line).decode() + "\n")
        return
    out.write(f"{result.sentence}\n")
    out.write("From now on use: " + " ".join(f"--source '{uri}'" for uri in uris) + "\n")


def _with_delay(uri: str, delay_ms: int) -> str:
    """A source with another ``delay``."""
    address, _, query = uri.partition("?")
    options = [option for option in query.split("&") if option and not option.startswith("delay=")]
    options += [f"delay={delay_ms}"] if delay_ms else []
    return address + ("?" if options else "") + "&".join(options)


def write_findings(findings: Iterable[Finding], out: TextIO | None = None) -> int:
    """Say what works and what does not; returns 1 if anything does not."""
    out = out or sys.stdout
    code = 0
    for finding in findings:
        out.write(f"{'ok ' if finding.works else 'NOT'} {finding.name:<14} {finding.detail}\n")
        if not finding.works:
            out.write(f"    {'':<14} {finding.remedy}\n")
            code = 1
    return code


def write_analysis(result: dict[str, Any], *, as_json: bool, out: TextIO | None = None) -> None:
    """Write the analysis of one file."""
    out = out or sys.stdout
    if as_json:
        out.write(msgspec.json.encode(result).decode() + "\n")
        return
    out.write(f"{result['file']}: {result['duration_s']} s\n")
    write_summary(msgspec.convert(result["summary"], Summary), out)
    for side, onsets in result["onsets"].items():
        if onsets:
            out.write(f"{side.capitalize()} squeezes begin at {' '.join(f'{start:.2f}' for start, _ in onsets)} s.\n")
    for side, fatigue in result["fatigue"].items():
        if fatigue["slope_pct_per_min"] is not None:
            out.write(
                "{side} median frequency: {mdf_start_hz:.1f} to {mdf_end_hz:.1f} Hz, "
                "{slope_pct_per_min:.1f} ± {slope_pm_pct_per_min:.1f} % a minute.\n".format(
                    side=side.capitalize(), **fatigue
                )
            )
        if fatigue["flag"] is not None:
            out.write(f"{fatigue['flag']}\n")
    for note in result["notes"]:
        out.write(f"{note}\n")


def write_summary(summary: Summary, out: TextIO | None = None) -> None:
    """Say in words what a session was."""
    out = out or sys.stdout
    lines = ["No squeeze was counted."]
    if summary.attempts:
        reps, squeezes = _counted(summary.reps, "rep"), _counted(summary.attempts, "squeeze")
        lines = [f"{reps} in {squeezes}, {summary.clean_reps} of them clean."]
    for side, share in summary.fired_pct.items():
        if share is not None:
            lines.append(f"{side.capitalize()} joined in {share:.0f} % of them.")
    if summary.lag_ms is not None:
        lag_ms = round(summary.lag_ms)
        later = "left" if lag_ms > 0 else "right"
        lines.append(f"Usual lag: {abs(lag_ms)} ms, {later} later." if lag_ms else "Usual lag: none.")
    if summary.lsi_pct is not None:
        lines.append(f"Symmetry: {summary.lsi_pct:.0f} %.")
    if summary.recording is not None:
        lines.append(f"Recorded in {summary.recording}.")
    out.write((CLEAR_LINE if out.isatty() else "") + "\n".join(lines) + "\n")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def write_devices(
    timeout_s: float, *, as_json: bool, remembered: Iterable[Sensor] = (), out: TextIO | None = None
) -> None:
    """List what could be connected now, what could not be looked for, and the drivers that do not load.

    Parameters
    ----------
    timeout_s : float
        Seconds to look.
    as_json : bool
    remembered : iterable of Sensor
        Those of the window: each device says where it lay.
    out : text file, optional
    """
    out = out or sys.stdout
    sensors = tuple(remembered)
    *_, finds = search(timeout_s)
    broken = [entry for entry in map(registry.entry, registry.schemes()) if entry.driver is None]
    if as_json:
        lines: list[AnyLine] = [device_line(device, sites_of(device, sensors)) for device in finds.devices]
        lines += [ProblemLine(problem) for problem in finds.problems]
        lines += [DriverLine(entry.scheme, entry.origin, entry.error) for entry in broken]
        out.writelines(msgspec.json.encode(line).decode() + "\n" for line in lines)
        return
    for device in finds.devices:
        _write_device(device, sites_of(device, sensors), out)
    if not finds.devices:
        out.write("No sensor found. Plug one in, or try the simulated person: --source sim:waking-left\n")
    for problem in finds.problems:
        out.write(f"{problem}\n")
    for entry in broken:
        out.write(f"The driver '{entry.scheme}:' of {entry.origin} does not load: {entry.error}\n")


def _write_device(device: FoundDevice, sites: tuple[str, ...], out: TextIO) -> None:
    facts = [
        device.name,
        device.detail,
        f"{device.rssi_dbm} dBm" if device.rssi_dbm is not None else "",
        f"battery {device.battery_pct:.0f} %" if device.battery_pct is not None else "",
        f"used on {' and '.join(sites)}" if sites else "",
        "" if device.sure or len(device.choices) > 1 else "not sure what it is",
    ]
    out.write(f"{device.uri:<44} {', '.join(filter(None, facts))}\n")
    if not device.sure and len(device.choices) > 1:
        out.write(f"{'':<44} not sure which device it is; it may be:\n")
        out.writelines(f"{'':<46} {choice.uri} {choice.family}\n" for choice in device.choices)
