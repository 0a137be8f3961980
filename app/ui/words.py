"""All words of the Train page.

A state is an observation of this squeeze, never a verdict on a person; a cue says what to do, never what is wrong.
Everything here is pure: from a snapshot to sentences.
"""

from dataclasses import dataclass

from app import numbers
from app.language import _, mark, n_
from app.pipeline.snapshot import CueView, Flags, Progress, SideView, Snapshot
from app.said import said
from app.session.events import OTHER, CueKind, Side, SideOrBoth, SideState, Summary, Verdict

THIN = "\u2009"
MINUS = "\u2212"
SIDE_WORDS: dict[SideOrBoth, str] = {"left": mark("left"), "right": mark("right"), "both": mark("both")}

MUSCLES: dict[str, tuple[str, str]] = {
    "hamstring": (mark("hamstring"), mark("hamstrings")),
    "erector": (mark("low back"), mark("low back")),
    "adductor": (mark("inner thigh"), mark("inner thighs")),
    "tfl": (mark("outer hip"), mark("outer hips")),
    "quad": (mark("front thigh"), mark("front thighs")),
    "lat": (mark("upper back"), mark("upper back")),
}
_CUED_AS = {"hamstring": (mark("thigh"), mark("thighs"))}
"""What a cue calls a muscle, where a person has a simpler word than the strip."""

_STATE_WORDS: dict[SideState, str] = {
    "no-signal": mark("no signal"),
    "quiet": mark("quiet"),
    "asleep": mark("not yet"),
    "late": mark("not yet"),  # it has not joined; "joins late" stands once it has
    "fading": mark("fading"),
    "firing": mark("joining"),
}
_CUE_WORDS: dict[CueKind, str] = {
    "not-firing": mark("squeeze now"),
    "late": mark("start sooner"),
    "low": mark("a little more"),
    "fading": mark("hold on"),
    "compensating": mark("softer"),
}
_FAULT_CUES: dict[Verdict, str] = {"no-contact": mark("press the pad on"), "ok": mark("check the sensor")}
_PADS_REMEDY = mark("Wipe the skin dry, press both pads for 5 seconds. If they no longer stick, use new ones.")


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


def percent(value: float) -> str:
    """Whole percent with the thin space that belongs there."""
    return numbers.percent(value)


def split_site(site: str) -> tuple[str, str]:
    """Split ``hamstring-left`` into muscle and side; the glutes themselves have no muscle."""
    muscle, _, side = site.rpartition("-")
    return muscle, side


def site_words(site: str) -> str:
    """``left`` or ``left hamstring``."""
    muscle, side = split_site(site)
    return _("{side} {muscle}", side=_(side), muscle=_(MUSCLES.get(muscle, (muscle, muscle))[0])) if muscle else _(site)


def state_word(side: Side, view: SideView) -> str:
    """The word on a pillar."""
    if view.joined_late and view.state in ("firing", "late"):
        return _("joins late")
    if view.state == "weak":
        return _("less than {other}", other=_(OTHER[side]))
    return _(_STATE_WORDS[view.state])


def level_words(view: SideView) -> str:
    """The level as a number, in microvolt or counts where there is no reference yet; empty where there is none."""
    if view.level_pct is not None:
        return percent(view.level_pct)
    if view.level_raw is None:
        return ""
    return (
        f"{view.level_raw * 1e6:.0f}{THIN}µV"
        if view.unit == "uV"
        else _("{level_raw:.0f} counts", level_raw=view.level_raw)
    )


def goal_runs(target_pct: float) -> tuple[str, str]:
    """The label of the goal line, the number apart."""
    return _("goal") + " ", percent(target_pct)


def cue_line(cue: CueView, compensating: tuple[str, ...], hint: str | None) -> Line:
    """What a cue says; `compensating` are the sites above their line."""
    part = ""
    if cue.kind == "compensating":
        muscles = [split_site(site)[0] for site in compensating if cue.side in ("both", split_site(site)[1])]
        muscle = muscles[0] if muscles else ""
        one, many = _CUED_AS.get(muscle) or MUSCLES.get(muscle, ("", ""))
        part = f" {_(many if cue.side == 'both' else one)}".rstrip()
    hint = _(hint or "")
    if cue.side == "both":
        return Line(
            "",
            _("Both{part}: {cue_words}", part=part, cue_words=_(_CUE_WORDS[cue.kind])),
            "both",
            quiet=False,
            hint=hint,
        )
    return Line(f"{_(cue.side).upper()}{part}: ", _(_CUE_WORDS[cue.kind]), cue.side, quiet=False, hint=hint)


def lost_line(lost: dict[Side, SideView]) -> Line:
    """What to do about electrodes without a signal."""
    verdicts: set[Verdict] = {view.verdict for view in lost.values()}
    if len(lost) == 2:
        text = _("press the pads on") if verdicts == {"no-contact"} else _("check the sensors")
        return Line("", _("Both: {text}", text=text), "both", quiet=False)
    (side,) = lost
    return Line(
        f"{_(side).upper()}: ", _(_FAULT_CUES.get(lost[side].verdict, mark("check the pads"))), side, quiet=False
    )


def lost_block(lost: dict[Side, SideView], seconds: int, progress: Progress, reasons: dict[Side, str]) -> list[str]:
    """Explain a lost side: since when, the remedy, and what happens meanwhile. The first line is the news."""
    (side, view), *more = lost.items()
    since = n_("{n} second", "{n} seconds", max(seconds, 1))
    if view.verdict == "no-contact":
        news = (
            _("The pads of both sides lost contact {since} ago.", since=since)
            if more
            else _("The {side} pads lost contact {since} ago.", side=_(side), since=since)
        )
        remedy = _(_PADS_REMEDY)
    else:
        news = (
            _("Both sides have had no signal for {since}.", since=since)
            if more
            else _("The {side} side has had no signal for {since}.", side=_(side), since=since)
        )
        remedy = said(reasons.get(side, "") or view.verdict_text)
    waits = progress.phase in ("wake-up", "work") and not progress.resting
    return [
        news,
        *sentences(remedy),
        *([_("The set waits at {done} and goes on by itself.", done=progress.done)] if waits else []),
    ]


def sentences(text: str) -> list[str]:
    """Split a text into its sentences, each with its full stop."""
    return [part.strip().rstrip(".") + "." for part in text.split(". ") if part.strip()]


def neutral_line(snapshot: Snapshot) -> Line:
    """The line that stands when there is nothing to cue."""
    progress = snapshot.progress
    if progress.finished:
        return Line("", _("Done"))
    if progress.resting:
        return Line("", _("Rest"))
    if snapshot.together:
        if progress.scheme == "both":
            return Line("", _("Both together"), done=True)
        return Line(f"{_(progress.scheme).upper()}: ", _("joining"), done=True)
    if progress.hold_total_s is not None:
        return Line("", _("Squeeze and hold"), faint=True)
    return Line("", _("Squeeze when ready"), faint=True)


def subtitle(snapshot: Snapshot) -> tuple[str, str]:
    """Where the person is, and what holds over the last reps; the second part gives way where space is short."""
    progress, flags = snapshot.progress, snapshot.flags
    if progress.finished:
        return _("All done"), ""
    if progress.phase == "check":
        return _("Check"), _(", at your own pace")
    if progress.phase == "free":
        return _("No plan"), _flag_words(flags)
    if progress.phase == "wake-up":
        return _("Wake-up"), _wake_up_words(flags)
    if progress.set_number is None:
        return _("Work"), _flag_words(flags)
    if progress.hold_total_s is not None and progress.set_total in (None, 1):
        seconds = f"{progress.hold_total_s:.0f}"
        holds = (
            n_("{n} hold of {seconds} seconds", "{n} holds of {seconds} seconds", progress.total, seconds=seconds)
            if progress.total
            else _("Holds of {seconds} seconds", seconds=seconds)
        )
        return holds, _flag_words(flags)
    head = (
        _("Set {set_number} of {set_total}", set_number=progress.set_number, set_total=progress.set_total)
        if progress.set_total
        else _("Set {set_number}", set_number=progress.set_number)
    )
    return (_("{head} done", head=head), "") if progress.resting else (head, _flag_words(flags))


def _wake_up_words(flags: Flags) -> str:
    if flags.woke_at is not None:
        if flags.sleeping_side in ("left", "right"):
            return _(", {side} joined from squeeze {n} on", side=_(flags.sleeping_side), n=flags.woke_at)
        return _(", both sides joined from squeeze {n} on", n=flags.woke_at)
    if flags.sleeping_side is None:
        return ""
    if flags.sleeping_side == "both":
        return _(", until a side joins")
    return _(", until the {side} side joins", side=_(flags.sleeping_side))


def _flag_words(flags: Flags) -> str:
    if flags.sleeping_side == "both":
        return _(", both sides: not yet")
    if flags.sleeping_side is not None:
        return _(", {side}: not yet", side=_(flags.sleeping_side))
    if flags.late is not None:
        return _(
            ", {side} joins late in {n} of the last {of}",
            side=_(flags.late),
            n=flags.late_count[0],
            of=flags.late_count[1],
        )
    if flags.weak is not None:
        failed, looked_at = flags.weak_count
        return _(
            ", {side} is less than {other} in {n} of the last {of}",
            side=_(flags.weak),
            other=_(OTHER[flags.weak]),
            n=failed,
            of=looked_at,
        )
    if flags.weak_undecided:
        return _(", cannot tell yet: three more squeezes for reference")
    return ""


def end_sentences(summary: Summary) -> tuple[str, ...]:
    """What stands once the source has ended."""
    shares = [(_(side), percent(pct)) for side, pct in summary.fired_pct.items() if pct is not None]
    fired = _(" and ").join(_("{side} in {share}", side=side, share=share) for side, share in shares)
    counted = n_("{n} squeeze counted", "{n} squeezes counted", summary.attempts)
    return _("The source has ended."), f"{counted}, {fired}." if fired and summary.attempts else f"{counted}."


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
        return Ring(1.0, f"{progress.done}", _("more")) if progress.done else Ring(1.0, "", "", done=True)
    if progress.resting and progress.rest_left_s is not None:
        left = progress.rest_left_s
        return Ring(left / rest_total_s if rest_total_s > 0 else 0.0, f"{left:.0f}", _("seconds"))
    if progress.hold_s is not None and progress.hold_total_s:
        below = (
            _("hold {n} of {of}", n=min(progress.done + 1, progress.total), of=progress.total)
            if progress.total
            else _("hold {n}", n=progress.done + 1)
        )
        seconds = _("of {hold_total_s:.0f} s", hold_total_s=progress.hold_total_s)
        return Ring(min(progress.hold_s / progress.hold_total_s, 1.0), f"{int(progress.hold_s)}", seconds, below)
    if progress.total:
        fraction = 1.0 if snapshot.together else min(progress.done / progress.total, 1.0)
        return Ring(fraction, f"{progress.done}", _("of {total}", total=progress.total))
    return Ring(
        1.0 if snapshot.together else 0.0, f"{progress.done}", _("squeeze") if progress.done == 1 else _("squeezes")
    )
