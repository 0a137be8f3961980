"""All words of the Review page. Pure: from what was judged to sentences, in the past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app import numbers
from app.language import _, language, localised, mark, n_
from app.pipeline.programmes import load_programme, programme_ids
from app.recording.notes import LaterNote
from app.session.events import OTHER, SIDES, Event, Rating, Rep, SessionStarted, Side, Summary
from app.session.joining import joined_at, mostly_from
from app.session.programme import Programme
from app.ui.widgets.choices import Choice
from app.ui.widgets.settings_panel import Setting
from app.ui.words import MINUS, MUSCLES, THIN, percent, site_words, split_site

TOGETHER_MS = 100.0
SMALL_PRINT = mark("Percent of the reference; none below the effort floor.")
NO_SESSIONS = mark("No session has been kept yet. Train once, or open a file of your own.")
EXPORT_FROM_ELSEWHERE = mark("Recordings of GluteWake's own can be exported; this file is from elsewhere.")
FROM_ELSEWHERE = mark("Notes are kept beside recordings of GluteWake's own; this file is from elsewhere.")
SCORE_AGAIN = mark("What was recorded stays as it is; the new result stands beside the recorded one.")
WHICH_CHANNEL = mark("'{name}' does not say which channel lies on which side of the person.")
OPEN_IT_FIRST = mark("That file does not say which channel is which; open it by itself first.")
_GOALS_PCT = (15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 60.0, 70.0)
_NOT_FIRED = {
    "left-not-fired": mark("left: not yet"),
    "right-not-fired": mark("right: not yet"),
    "neither": mark("neither side yet"),
}


@dataclass(frozen=True, slots=True)
class RepRow:
    """One row of the rep table; ``words`` stand in place of symmetry and lag where the rep carries neither."""

    number: str
    left: str
    right: str
    symmetry: str
    lag: str
    words: str
    clean: bool
    reason: str
    counted: bool

    @property
    def spoken(self) -> str:
        """The row as a sentence."""
        said = [
            _("Rep {number}", number=self.number),
            _("left {left}", left=self.left) if self.left else "",
            _("right {right}", right=self.right) if self.right else "",
        ]
        said += [
            _("symmetry {symmetry}", symmetry=self.symmetry) if self.symmetry else "",
            _("lag {lag}", lag=self.lag) if self.lag else "",
            self.words,
        ]
        said += ["" if self.counted else _("not counted"), _("clean") if self.clean else self.reason]
        return ", ".join(filter(None, said))


def rep_row(rep: Rep) -> RepRow:
    """The row of a rep."""
    levels = {
        side: percent(rep.sides[side].mean_pct or 0.0)
        if side in rep.sides and rep.sides[side].mean_pct is not None
        else ""
        for side in SIDES
    }
    return RepRow(
        number=str(rep.index),
        left=levels["left"],
        right=levels["right"],
        symmetry=percent(rep.lsi_pct) if rep.lsi_pct is not None else "",
        lag=lag_words(rep.lag_ms),
        words=_(_NOT_FIRED.get(rep.lag_status, "")),
        clean=rep.clean,
        reason=_reason(rep),
        counted=rep.counted,
    )


def lag_words(lag_ms: float | None) -> str:
    """A lag with its sign: positive is left later."""
    return "" if lag_ms is None else f"{round(lag_ms)}{THIN}ms".replace("-", MINUS)


def _reason(rep: Rep) -> str:
    """Why a rep is not clean, in a word."""
    if rep.clean:
        return ""
    for reason in rep.not_clean:
        kind, _colon, where = reason.partition(":")
        if kind == "compensator":
            muscle = split_site(where)[0]
            return _(MUSCLES.get(muscle, (muscle, muscle))[0])
    if rep.lag_status in _NOT_FIRED:
        return ""  # the words of its row say so
    kinds = {reason.partition(":")[0] for reason in rep.not_clean}
    if "late" in kinds:
        return _("late")
    if kinds & {"weak", "low"}:
        return _("less")
    return _("harder") if "overdrive" in kinds else MINUS


def clock(seconds: float, *, tenths: bool = False) -> str:
    """``1:34``, ``1:02:07``, or with tenths ``0:52.1``."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    front = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{front}:{whole % 60:02d}" + (localised(f".{int(seconds * 10) % 10}", language()) if tenths else "")


def title(started: SessionStarted, name: str, *, short: bool = False) -> str:
    """When it was; the name of the file where that is not known."""
    try:
        began = datetime.fromisoformat(started.utc_start or "").astimezone()
    except ValueError:
        return name
    return f"{numbers.short_day(began) if short else numbers.day(began)}, {began:%H:%M}"


def subtitle(programme: Programme, reps: Sequence[Rep]) -> str:
    """What was done."""
    return f"{_(programme.title)}, {n_('{n} squeeze', '{n} squeezes', len(reps))}"


def order_of(rep: Rep) -> tuple[str, ...]:
    """Sites in the order in which they joined in a rep."""
    joined = [(part.onset_s, site) for site, part in (*rep.sides.items(), *rep.compensators.items())]
    return tuple(site for onset_s, site in sorted((onset, site) for onset, site in joined if onset is not None))


def joined_from(reps: Sequence[Rep], side: Side) -> int | None:
    """Number of the rep from which on a side joined in three of every four; None if it never did, or always."""
    fired = [side in rep.sides and rep.sides[side].onset_s is not None for rep in reps]
    first = joined_at(fired)
    return reps[first].index if first is not None else None


def together_from(reps: Sequence[Rep]) -> int | None:
    """Number of the rep from which on both sides were together in three of every four."""
    first = mostly_from([rep.lag_ms is not None and abs(rep.lag_ms) < TOGETHER_MS for rep in reps])
    return reps[first].index if first is not None else None


def hint_words(programme: Programme, hint_id: str | None) -> str:
    """A hint of a programme in words; empty without one."""
    return next((_(hint.text) for hint in programme.hints if hint.id == hint_id), "")


def ratings(events: Iterable[Event]) -> str:
    """What the person said of the session: pain, effort, where it was felt; empty where nothing was said."""
    said: dict[str, list[float]] = {}
    for event in events:
        if isinstance(event, Rating):
            said.setdefault(event.kind, []).append(event.value)
    parts = []
    if pain := said.get("pain"):
        parts.append(_("pain {before:g} before, {after:g} after", before=pain[0], after=pain[-1]))
    if effort := said.get("effort"):
        parts.append(_("effort {effort:g}", effort=effort[-1]))
    if felt := said.get("felt"):
        places = {1: _("felt in the glute"), 2: _("felt in the thigh"), 3: _("felt in the back")}
        parts.append(places.get(round(felt[-1]), ""))
    return ", ".join(filter(None, parts))


def story(reps: Sequence[Rep], summary: Summary | None, programme: Programme) -> str:
    """The session in one sentence."""
    counted = [rep for rep in reps if rep.counted]
    if not counted:
        return _("No squeeze was counted.")
    both = [rep for rep in counted if rep.scheme == "both"]
    together = together_from(both)
    for side in SIDES:
        joined = joined_from(both, side)
        if joined is not None:
            hint = hint_words(programme, next((rep.hint for rep in both if rep.index == joined), None))
            more = _(", after “{hint}”", hint=hint) if hint else ""
            if together is not None and together > joined:
                more += _(", together from {together} on", together=together)
            return _("{Side} joined from rep {joined} on{more}.", Side=_(side).capitalize(), joined=joined, more=more)
    pct = summary.fired_pct if summary is not None else {}
    for side in SIDES:
        share, opposite = pct.get(side), pct.get(OTHER[side])
        if share is not None and share < 50.0 and opposite is not None and opposite >= 50.0:
            return _("{Side} joined in {share:.0f}\u2009% of the squeezes.", Side=_(side).capitalize(), share=share)
    if together is not None:
        return (
            _("Both together throughout.")
            if together == both[0].index
            else _("Together from rep {together} on.", together=together)
        )
    clean = sum(rep.clean for rep in counted)
    return _("{n} of {of} reps were clean.", n=clean, of=len(counted))


def rep_sentences(rep: Rep | None, programme: Programme) -> tuple[str, ...]:
    """What stands beneath the table about the chosen rep."""
    if rep is None:
        return ()
    order, hint = order_of(rep), hint_words(programme, rep.hint)
    names = ", ".join(site_words(site) for site in order)
    first = [_("Order of rep {index}: {site_words}.", index=rep.index, site_words=names)] if len(order) > 1 else []
    if hint:
        first.append(_("Hint: “{hint}”.", hint=hint))
    said = [" ".join(first)] if first else []
    numbers = []
    if rep.lag_ms is not None:
        later: Side = "left" if rep.lag_ms >= 0 else "right"
        pm = f", ±{THIN}{rep.lag_pm_ms:.0f}{THIN}ms" if rep.lag_pm_ms is not None else ""
        numbers.append(_("Lag: {later} behind {earlier}{pm}.", later=_(later), earlier=_(OTHER[later]), pm=pm))
    if rep.lsi_pct is not None and rep.lsi_pm_pct is not None and rep.lag_status not in _NOT_FIRED:
        own = _(" of own best") if rep.lsi_basis == "own-best" else ""
        numbers.append(_("Symmetry{own} ±\u2009{lsi_pm_pct:.0f}\u2009%.", own=own, lsi_pm_pct=rep.lsi_pm_pct))
    if numbers:
        said.append(" ".join(numbers))
    if not rep.counted:
        said.append(_("This rep is not counted: the signal was interrupted."))
    return tuple(said)


def sum_up(name: str, reps: Sequence[Rep], summary: Summary | None) -> str:
    """What one judgement of a session comes to, for setting two beneath each other."""
    counted = [rep for rep in reps if rep.counted]
    said = [_("{n} of {of} clean", n=sum(rep.clean for rep in counted), of=len(counted))]
    shares = {} if summary is None else summary.fired_pct
    said += [
        _("{side} joined in {pct}", side=_(side), pct=percent(pct))
        for side in SIDES
        if (pct := shares.get(side)) is not None
    ]
    if summary is not None and summary.lsi_pct is not None:
        said.append(_("symmetry {lsi_pct}", lsi_pct=percent(summary.lsi_pct)))
    if summary is not None and summary.lag_ms is not None:
        said.append(_("lag {lag_words}", lag_words=lag_words(summary.lag_ms)))
    return f"{name[:1].upper()}{name[1:]}: {', '.join(said)}."


def sign(started: SessionStarted, *, bars: bool) -> str:
    """What stands at the top where nobody is measured."""
    return _("Simulated person") if started.simulated else _("Replay") if bars else ""


def choice(started: SessionStarted, name: str) -> Choice:
    """The row of a kept session."""
    titles = {one: _(load_programme(one).title) for one in programme_ids()}
    person = "" if started.simulated else started.person or _("no person named")
    word = _("simulated person") if started.simulated else started.label or ""
    detail = [titles.get(started.programme, started.programme), person]
    return Choice(title(started, name), ", ".join(filter(None, detail)), word)


def export_kinds() -> tuple[Choice, ...]:
    """As what a recording can be handed on."""
    return (
        Choice(_("Tables"), _("squeezes, cues, ratings: for R, Python, a spreadsheet")),
        Choice(_("Every sample"), _("Parquet, in microvolts or counts")),
        Choice(_("To be passed on"), _("both as a zip, without codes, dates, notes")),
    )


def note_at(notes: Sequence[LaterNote], position_s: float) -> tuple[str, ...]:
    """The last note about what was seen just now."""
    near = [note for note in notes if note.t_s <= position_s + 0.5]
    newest = max(near, key=lambda note: note.t_s, default=None)
    return () if newest is None else (_("Note at {clock}: {text}", clock=clock(newest.t_s), text=newest.text),)


def settings_of(programme: Programme, known: Mapping[str, Programme]) -> tuple[tuple[float, ...], tuple[Setting, ...]]:
    """The goals that can be chosen, and what can be set when a recording is judged once more."""
    goals = tuple(sorted({*_GOALS_PCT, programme.target_pct}))
    ids = tuple(known)
    return goals, (
        Setting(
            _("Exercise"),
            tuple(_(one.title) for one in known.values()),
            ids.index(programme.id) if programme.id in ids else 0,
        ),
        Setting(
            _("Goal"),
            tuple(_("{goal:g}\u2009% of the reference", goal=goal) for goal in goals),
            goals.index(programme.target_pct),
        ),
        Setting(_("Reference"), (_("as recorded"), _("from this session alone"))),
    )


def channel_settings(channels: Sequence[str], proposed: Mapping[str, int]) -> tuple[Setting, Setting]:
    """What can be said about the channels of a foreign file, beginning with what their names let guess."""
    choices = (
        _("not in this file"),
        *(_("channel {number}: {name}", number=number, name=name) for number, name in enumerate(channels, start=1)),
    )
    in_order = {"left": min(1, len(channels)), "right": 2 if len(channels) > 1 else 0}
    guess = proposed or in_order
    return Setting(_("Left"), choices, guess.get("left", 0)), Setting(_("Right"), choices, guess.get("right", 0))
