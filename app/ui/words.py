"""All words of the Train page.

A state is an observation of this squeeze, never a verdict on a person; a cue says what to do, never what is wrong.
Everything here is pure: from a snapshot to sentences.
"""

from dataclasses import dataclass

from app.pipeline.snapshot import CompensatorView, CueView, Flags, Progress, SideView, Snapshot
from app.session.events import CueKind, Side, SideOrBoth, SideState, Summary, Verdict

THIN = "\u2009"
MINUS = "\u2212"

MUSCLES: dict[str, tuple[str, str]] = {
    "hamstring": ("hamstring", "hamstrings"),
    "erector": ("low back", "low back"),
    "adductor": ("inner thigh", "inner thighs"),
    "tfl": ("outer hip", "outer hips"),
    "quad": ("front thigh", "front thighs"),
    "lat": ("upper back", "upper back"),
}
_CUED_AS = {"hamstring": "thigh"}
"""What a cue calls a muscle, where a person has a simpler word than the strip."""

_STATE_WORDS: dict[SideState, str] = {
    "no-signal": "no signal",
    "quiet": "quiet",
    "asleep": "not yet",
    "late": "not yet",  # it has not joined; "joins late" stands once it has
    "fading": "fading",
    "firing": "joining",
}
_CUE_WORDS: dict[CueKind, str] = {
    "not-firing": "squeeze now",
    "late": "start sooner",
    "low": "a little more",
    "fading": "hold on",
    "compensating": "softer",
}
_FAULT_CUES: dict[Verdict, str] = {"no-contact": "press the pad on", "ok": "check the sensor"}
_PADS_REMEDY = "Wipe the skin dry, press both pads for 5 seconds. If they no longer stick, use new ones."


@dataclass(frozen=True, slots=True)
class Line:
    """The one line that stands in the place of the cue.

    Attributes
    ----------
    address : str
        Whom it speaks to (``"LEFT: "``), painted in the colour of the side; empty if nobody in particular.
    text : str
    side : {'left', 'right', 'both'} or None
        The pillars that the arrows point at.
    done : bool
        True paints a tick.
    quiet : bool
        True for a line that may wait: it never replaces another within half a second.
    faint : bool
        True for a line that asks for nothing now; it is grey.
    hint : str
        One small line beneath.
    """

    address: str
    text: str
    side: SideOrBoth | None = None
    done: bool = False
    quiet: bool = True
    faint: bool = False
    hint: str = ""


def other(side: Side) -> Side:
    """The opposite side."""
    return "right" if side == "left" else "left"


def percent(value: float) -> str:
    """Whole percent with the thin space that belongs there."""
    return f"{value:.0f}{THIN}%".replace("-", MINUS)


def count(number: int, noun: str) -> str:
    """``1 second``, ``2 seconds``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def split_site(site: str) -> tuple[str, str]:
    """Split ``hamstring-left`` into muscle and side; the glutes themselves have no muscle."""
    muscle, _, side = site.rpartition("-")
    return muscle, side


def site_words(site: str) -> str:
    """``left`` or ``left hamstring``."""
    muscle, side = split_site(site)
    return f"{side} {MUSCLES.get(muscle, (muscle, muscle))[0]}" if muscle else site


def state_word(side: Side, view: SideView) -> str:
    """The word on a pillar."""
    if view.joined_late and view.state in ("firing", "late"):
        return "joins late"
    if view.state == "weak":
        return f"less than {other(side)}"
    return _STATE_WORDS[view.state]


def level_words(view: SideView) -> str:
    """The level as a number, in microvolt or counts where there is no reference yet; empty where there is none."""
    if view.level_pct is not None:
        return percent(view.level_pct)
    if view.level_raw is None:
        return ""
    return f"{view.level_raw * 1e6:.0f}{THIN}µV" if view.unit == "uV" else f"{view.level_raw:.0f} counts"


def goal_runs(target_pct: float) -> tuple[str, str]:
    """The label of the goal line, the number apart."""
    return "goal ", percent(target_pct)


def cue_line(cue: CueView, compensating: tuple[str, ...], hint: str | None) -> Line:
    """What a cue says; `compensating` are the sites above their line."""
    part = ""
    if cue.kind == "compensating":
        muscles = [split_site(site)[0] for site in compensating if cue.side in ("both", split_site(site)[1])]
        muscle = muscles[0] if muscles else ""
        one, many = MUSCLES.get(muscle, ("side", "sides"))
        one, many = (_CUED_AS[muscle], _CUED_AS[muscle] + "s") if muscle in _CUED_AS else (one, many)
        part = f" {many if cue.side == 'both' else one}"
    hint = hint or ""
    if cue.side == "both":
        return Line("", f"Both{part}: {_CUE_WORDS[cue.kind]}", "both", quiet=False, hint=hint)
    return Line(f"{cue.side.upper()}{part}: ", _CUE_WORDS[cue.kind], cue.side, quiet=False, hint=hint)


def lost_line(lost: dict[Side, SideView]) -> Line:
    """What to do about electrodes without a signal."""
    verdicts: set[Verdict] = {view.verdict for view in lost.values()}
    if len(lost) == 2:
        text = "press the pads on" if verdicts == {"no-contact"} else "check the sensors"
        return Line("", f"Both: {text}", "both", quiet=False)
    (side,) = lost
    return Line(f"{side.upper()}: ", _FAULT_CUES.get(lost[side].verdict, "check the pads"), side, quiet=False)


def lost_block(lost: dict[Side, SideView], seconds: int, progress: Progress, reasons: dict[Side, str]) -> list[str]:
    """Explain a lost side: since when, the remedy, and what happens meanwhile. The first line is the news."""
    (side, view), *more = lost.items()
    whose = "Both sides" if more else f"The {side} side"
    since = count(max(seconds, 1), "second")
    if view.verdict == "no-contact":
        whose_pads = "The pads of both sides" if more else f"The {side} pads"
        news = f"{whose_pads} lost contact {since} ago."
        remedy = _PADS_REMEDY
    else:
        news = f"{whose} {'have' if more else 'has'} had no signal for {since}."
        remedy = reasons.get(side, "") or view.verdict_text
    waits = progress.phase in ("wake-up", "work") and not progress.resting
    return [news, *sentences(remedy), *([f"The set waits at {progress.done} and goes on by itself."] if waits else [])]


def sentences(text: str) -> list[str]:
    """Split a text into its sentences, each with its full stop."""
    return [part.strip().rstrip(".") + "." for part in text.split(". ") if part.strip()]


def neutral_line(snapshot: Snapshot) -> Line:
    """The line that stands when there is nothing to cue."""
    progress = snapshot.progress
    if progress.finished:
        return Line("", "Done")
    if progress.resting:
        return Line("", "Rest")
    if snapshot.together:
        if progress.scheme == "both":
            return Line("", "Both together", done=True)
        return Line(f"{progress.scheme.upper()}: ", "joining", done=True)
    if progress.hold_total_s is not None:
        return Line("", "Squeeze and hold", faint=True)
    return Line("", "Squeeze when ready", faint=True)


def subtitle(snapshot: Snapshot) -> tuple[str, str]:
    """Where the person is, and what holds over the last reps; the second part gives way where space is short."""
    progress, flags = snapshot.progress, snapshot.flags
    if progress.finished:
        return "All done", ""
    if progress.phase == "check":
        return "Check", ", at your own pace"
    if progress.phase == "free":
        return "No plan", _flag_words(flags)
    if progress.phase == "wake-up":
        return "Wake-up", _wake_up_words(flags)
    if progress.set_number is None:
        return "Work", _flag_words(flags)
    if progress.hold_total_s is not None and progress.set_total in (None, 1):
        holds = count(progress.total, "hold") if progress.total else "Holds"
        return f"{holds} of {progress.hold_total_s:.0f} seconds", _flag_words(flags)
    of = f" of {progress.set_total}" if progress.set_total else ""
    head = f"Set {progress.set_number}{of}"
    return (f"{head} done", "") if progress.resting else (head, _flag_words(flags))


def _wake_up_words(flags: Flags) -> str:
    if flags.woke_at is not None:
        who = {"left": "left joined", "right": "right joined"}.get(flags.sleeping_side or "both", "both sides joined")
        return f", {who} from squeeze {flags.woke_at} on"
    if flags.sleeping_side is None:
        return ""
    return ", until " + ("a side joins" if flags.sleeping_side == "both" else f"the {flags.sleeping_side} side joins")


def _flag_words(flags: Flags) -> str:
    if flags.sleeping_side == "both":
        return ", both sides: not yet"
    if flags.sleeping_side is not None:
        return f", {flags.sleeping_side}: not yet"
    if flags.late is not None:
        return f", {flags.late} joins late in {flags.late_count[0]} of the last {flags.late_count[1]}"
    if flags.weak is not None:
        failed, looked_at = flags.weak_count
        return f", {flags.weak} is less than {other(flags.weak)} in {failed} of the last {looked_at}"
    if flags.weak_undecided:
        return ", cannot tell yet: three more squeezes for reference"
    return ""


def end_sentences(summary: Summary) -> tuple[str, ...]:
    """What stands once the source has ended."""
    fired = " and ".join(f"{side} in {pct:.0f}{THIN}%" for side, pct in summary.fired_pct.items() if pct is not None)
    counted = f"{count(summary.attempts, 'squeeze')} counted" + (f", {fired}." if fired and summary.attempts else ".")
    return "The source has ended.", counted


def rest_sentence(flags: Flags) -> str:
    """One sentence that sums up, in a rest; empty if there is nothing to say."""
    words = _flag_words(flags).removeprefix(", ")
    return words[:1].upper() + words[1:] + "." if words else ""


@dataclass(frozen=True, slots=True)
class Ring:
    """What the ring says: ``fraction`` in 0..1, a number, a small caption inside and a line below.

    ``done`` paints a tick in place of the number.
    """

    fraction: float
    number: str
    caption: str
    below: str = ""
    done: bool = False


def ring(snapshot: Snapshot, rest_total_s: float) -> Ring:
    """The ring: reps, seconds held, or seconds of rest left of `rest_total_s`."""
    progress = snapshot.progress
    if progress.finished:
        return Ring(1.0, f"{progress.done}", "more") if progress.done else Ring(1.0, "", "", done=True)
    if progress.resting and progress.rest_left_s is not None:
        left = progress.rest_left_s
        return Ring(left / rest_total_s if rest_total_s > 0 else 0.0, f"{left:.0f}", "seconds")
    if progress.hold_s is not None and progress.hold_total_s:
        of = f" of {progress.total}" if progress.total else ""
        below = f"hold {min(progress.done + 1, progress.total or progress.done + 1)}{of}"
        seconds = f"of {progress.hold_total_s:.0f} s"
        return Ring(min(progress.hold_s / progress.hold_total_s, 1.0), f"{int(progress.hold_s)}", seconds, below)
    if progress.total:
        fraction = 1.0 if snapshot.together else min(progress.done / progress.total, 1.0)
        return Ring(fraction, f"{progress.done}", f"of {progress.total}")
    return Ring(1.0 if snapshot.together else 0.0, f"{progress.done}", "squeeze" if progress.done == 1 else "squeezes")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with its interval, or the words that stand where the data carry none.

    Attributes
    ----------
    title, note : str
        What it is, and of which rep.
    value, pm : float or None
        The number and half of its 95 % interval; None where ``words`` stand instead.
    prefix : str
        Words before the number.
    later : {'left', 'right'} or None
        For a lag: the side that came later.
    words : str
    """

    title: str
    note: str = ""
    value: float | None = None
    pm: float | None = None
    prefix: str = ""
    later: Side | None = None
    words: str = ""


def symmetry(snapshot: Snapshot) -> Reading:
    """How alike the sides were in the last rep."""
    rep = snapshot.last_rep
    words = _why_no_comparison(snapshot)
    if not words and rep is not None and rep.lsi_pct is not None:
        note = "of own best" if rep.lsi_basis == "own-best" else "last rep"
        return Reading("Symmetry", note, rep.lsi_pct, rep.lsi_pm_pct)
    return Reading("Symmetry", words=words or _not_fired_words(snapshot) or "cannot tell yet")


def lag(snapshot: Snapshot) -> Reading:
    """How far apart the sides came in the last rep; positive lag means left later."""
    rep = snapshot.last_rep
    words = _why_no_comparison(snapshot)
    if not words and rep is not None and rep.lag_ms is not None:
        later: Side = "left" if rep.lag_ms >= 0 else "right"
        return Reading("Lag", "last rep", abs(rep.lag_ms), rep.lag_pm_ms, f"{later} +", later)
    if not words and snapshot.timing_in_s is not None:
        words = f"timing in {snapshot.timing_in_s:.0f} s"
    return Reading("Lag", words=words or _not_fired_words(snapshot) or "cannot tell yet")


def _why_no_comparison(snapshot: Snapshot) -> str:
    if len(snapshot.sides) < 2 or any(view.state == "no-signal" for view in snapshot.sides.values()):
        return "needs both sides"
    if snapshot.progress.scheme != "both":
        return "one side at a time"
    if all(view.state == "asleep" for view in snapshot.sides.values()):
        return "neither side yet"
    return "" if snapshot.last_rep is not None else "after a squeeze"


def _not_fired_words(snapshot: Snapshot) -> str:
    status = snapshot.last_rep.lag_status if snapshot.last_rep is not None else "ok"
    return {"left-not-fired": "left: not yet", "right-not-fired": "right: not yet", "neither": "neither side yet"}.get(
        status, ""
    )


@dataclass(frozen=True, slots=True)
class CompensatorRow:
    """One muscle on both sides: levels and lines in % of their scale, None where it is not measured."""

    name: str
    word: str
    left: CompensatorView | None
    right: CompensatorView | None


def compensator_rows(views: tuple[CompensatorView, ...]) -> tuple[CompensatorRow, ...]:
    """Pair the compensators; the word is that of the side that works more."""
    by_muscle: dict[str, dict[str, CompensatorView]] = {}
    for view in views:
        muscle, side = split_site(view.site)
        by_muscle.setdefault(muscle, {})[side] = view
    rank = ("eased", "quiet", "working", "taking over")
    return tuple(
        CompensatorRow(
            MUSCLES.get(muscle, (muscle, muscle))[1],
            max((view.word for view in pair.values()), key=lambda word: rank.index(word) if word in rank else 0),
            pair.get("left"),
            pair.get("right"),
        )
        for muscle, pair in by_muscle.items()
    )


def order_words(order: tuple[str, ...]) -> str:
    """Who came first, second, third."""
    return ", ".join(site_words(site) for site in order)
