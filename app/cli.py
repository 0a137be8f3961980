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

from app.language import _, mark, n_
from app.numbers import number
from app.pipeline.device_lines import AnyLine, DriverLine, ProblemLine, device_line
from app.pipeline.discovery import FoundDevice, search, sites_of
from app.pipeline.doctor import Finding
from app.pipeline.snapshot import Snapshot
from app.pipeline.tap import TapResult
from app.said import said
from app.session.events import SIDES, Event, LinkChanged, Note, Quality, Summary, to_json
from app.settings import Sensor
from drivers import registry

BAR_CELLS: Final = 24
BAR_TOP_PCT: Final = 120.0
JOINS_LATE: Final = mark("joins late")
CLEAR_LINE: Final = "\r\x1b[K"
PROGRESS_EVERY_S: Final = 10.0
WORDS: Final = {
    "no-signal": mark("no signal"),
    "quiet": mark("quiet"),
    "asleep": mark("not yet"),
    "late": mark("not yet"),  # it has not joined; "joins late" stands once it has
    "weak": mark("less"),
    "firing": mark("joining"),
    "fading": mark("fading"),
}


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
            words = f"{_(event.site)}: {said(event.text)}"
        case LinkChanged(state="stalled" | "reconnecting" | "unavailable"):
            words = said(event.reason) or f"{event.stream}: {_(event.state)}"
        case Note(t_s=0.0):  # later ones tell of goals and scales, which the bars show
            words = said(event.text)
        case _:
            return
    out = out or sys.stdout
    out.write(f"{CLEAR_LINE if out.isatty() else ''}{words}\n")
    out.flush()


def bars(snapshot: Snapshot, width: int) -> str:
    """Draw both sides as one line of text of at most `width` characters; numbers and words go before long bars."""
    len_side = max(len(_(side)) for side in SIDES)
    len_word = max(len(_(word)) for word in (JOINS_LATE, *WORDS.values()))
    beside = 2 * (len_side + len(" []   0 %  ") + len_word) + len("  000") + 2
    n_cells = min(BAR_CELLS, max(0, (width - beside) // 2))
    parts = []
    for side in SIDES:
        view = snapshot.sides[side]
        if view.level_pct is None:
            bar, share = "/" * n_cells, "  - %"
        else:
            filled = round(min(view.level_pct, BAR_TOP_PCT) / BAR_TOP_PCT * n_cells)
            bar, share = "#" * filled + "." * (n_cells - filled), f"{view.level_pct:3.0f} %"
        word = _(JOINS_LATE if view.joined_late else WORDS[view.state])
        parts.append(f"{_(side).upper():<{len_side}} [{bar}] {share} {word:<{len_word}}")
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
            sys.stderr.write(f"\r{_('{n:.1f} minutes', n=t_s / 60)}\x1b[K")
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
    out.write(f"{said(result.sentence)}\n")
    out.write(_("From now on use:") + " " + " ".join(f"--source '{uri}'" for uri in uris) + "\n")


def _with_delay(uri: str, delay_ms: int) -> str:
    """A source with another ``delay``."""
    address, _mark, query = uri.partition("?")
    options = [option for option in query.split("&") if option and not option.startswith("delay=")]
    options += [f"delay={delay_ms}"] if delay_ms else []
    return address + ("?" if options else "") + "&".join(options)


def write_findings(findings: Iterable[Finding], out: TextIO | None = None) -> int:
    """Say what works and what does not; returns 1 if anything does not."""
    out = out or sys.stdout
    code = 0
    for finding in findings:
        out.write(f"{_('ok') if finding.works else _('NOT'):<5} {said(finding.name):<23} {said(finding.detail)}\n")
        if not finding.works:
            out.write(f"{'':<5} {'':<23} {said(finding.remedy)}\n")
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
            begins = " ".join(number(start, 2) for start, _end in onsets)
            out.write(_("{Side} squeezes begin at {begins} s.", Side=_(side).capitalize(), begins=begins) + "\n")
    for side, fatigue in result["fatigue"].items():
        if fatigue["slope_pct_per_min"] is not None:
            out.write(
                _(
                    "{Side} median frequency: {mdf_start_hz:.1f} to {mdf_end_hz:.1f} Hz, "
                    "{slope_pct_per_min:.1f} ± {slope_pm_pct_per_min:.1f} % a minute.",
                    Side=_(side).capitalize(),
                    **fatigue,
                )
                + "\n"
            )
        if fatigue["flag"] is not None:
            out.write(f"{said(fatigue['flag'])}\n")
    for note in result["notes"]:
        out.write(f"{said(note)}\n")


def write_summary(summary: Summary, out: TextIO | None = None) -> None:
    """Say in words what a session was."""
    out = out or sys.stdout
    lines = [_("No squeeze was counted.")]
    if summary.attempts:
        reps = n_("{n} rep", "{n} reps", summary.reps)
        squeezes = n_("{n} squeeze", "{n} squeezes", summary.attempts)
        lines = [_("{reps} in {squeezes}, {n} of them clean.", reps=reps, squeezes=squeezes, n=summary.clean_reps)]
    for side, share in summary.fired_pct.items():
        if share is not None:
            lines.append(_("{Side} joined in {share:.0f} % of them.", Side=_(side).capitalize(), share=share))
    if summary.lag_ms is not None:
        lag_ms = round(summary.lag_ms)
        later = "left" if lag_ms > 0 else "right"
        lines.append(
            _("Usual lag: {ms} ms, {side} later.", ms=abs(lag_ms), side=_(later)) if lag_ms else _("Usual lag: none.")
        )
    if summary.lsi_pct is not None:
        lines.append(_("Symmetry: {share:.0f} %.", share=summary.lsi_pct))
    if summary.recording is not None:
        lines.append(_("Recorded in {path}.", path=summary.recording))
    out.write((CLEAR_LINE if out.isatty() else "") + "\n".join(lines) + "\n")


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
    *_earlier, finds = search(timeout_s)
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
        out.write(_("No sensor found. Plug one in, or try the simulated person: --source sim:waking-left") + "\n")
    for problem in finds.problems:
        out.write(f"{said(problem)}\n")
    for entry in broken:
        out.write(
            _(
                "The driver '{scheme}:' of {origin} does not load: {error}",
                scheme=entry.scheme, origin=entry.origin, error=entry.error,
            )
            + "\n"
        )  # fmt: skip


def _write_device(device: FoundDevice, sites: tuple[str, ...], out: TextIO) -> None:
    facts = [
        device.name,
        device.detail,
        f"{device.rssi_dbm} dBm" if device.rssi_dbm is not None else "",
        _("battery {charge}", charge=f"{device.battery_pct:.0f} %") if device.battery_pct is not None else "",
        _("used on {sites}", sites=_(" and ").join(map(_, sites))) if sites else "",
        "" if device.sure or len(device.choices) > 1 else _("not sure what it is"),
    ]
    out.write(f"{device.uri:<44} {', '.join(filter(None, facts))}\n")
    if not device.sure and len(device.choices) > 1:
        out.write(f"{'':<44} {_('not sure which device it is; it may be:')}\n")
        out.writelines(f"{'':<46} {choice.uri} {said(choice.family)}\n" for choice in device.choices)
