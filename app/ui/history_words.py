"""All words and charts of the History page. Pure: from a person's story to sentences and charts, in the past.

Only checks are compared, and only within the same exercise, position, muscle and device. A change is called one by
`app.history.trend.changes` alone.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from app import numbers
from app.history.trend import Measure, changes
from app.history.views import LOOKED_AT, CheckPoint, Person, ReferenceChange, SessionLine, SessionRatings
from app.language import _, mark, n_
from app.pipeline.programmes import all_programmes
from app.session.change import FIRST_DAYS
from app.session.events import OTHER, SIDES, Side
from app.session.readiness import DAYS_NEEDED, LOOK_BACK_DAYS, TrainingDay, readiness
from app.ui.past import WEEKS, Story, first_day_shown
from app.ui.widgets.day_cells import Day, Days
from app.ui.widgets.trend import Chart, Dot, Line
from app.ui.words import MINUS, THIN

NOTHING_YET = (
    mark("No history yet"),
    mark("A session enters it when it is one of a person, who has a code. Simulated sessions and replays never do."),
)
FOOTNOTE = mark("Checks are without bars. Lines break where reference, electrodes, sensor or muscle changed.")
FELT = {1: mark("felt in the glute"), 2: mark("felt in the thigh"), 3: mark("felt in the back")}
"""By the value of a ``felt`` rating."""
POSITIONS = (
    mark("prone"), mark("supine"), mark("sitting"), mark("standing"), mark("side-lying"), mark("hands and knees"),
    mark("any"),
)  # fmt: skip
_PLUS_MINUS = "\u00b1"
_CHANGED = {
    "reference": mark("reference"),
    "electrode": mark("electrodes"),
    "device": mark("sensor"),
    "muscle": mark("muscle"),
}


def subtitle(story: Story) -> str:
    """Whose story it is, and within what its numbers are compared."""
    if story.person is None:
        return ""
    name = f"{story.person.display_name} ({story.person.code})" if story.person.display_name else story.person.code
    if story.series is None:
        return name
    return ", ".join((name, _(story.series.position), _(story.series.muscle), story.series.device))


def headline(story: Story, plan: str = "") -> tuple[Side | None, str, str]:
    """The story in one sentence: whose side it begins with (painted in its colour), the rest, and what explains it.

    Parameters
    ----------
    story : Story
    plan : str
        What the person's plan asks for; without one, what the checks say of the usual way.
    """
    if story.person is None or not story.sessions:
        return None, _(NOTHING_YET[0]), _(NOTHING_YET[1])
    side, rest, before = _news(story)
    return side, rest, " ".join(filter(None, (before, plan or _next_step(story))))


def _news(story: Story) -> tuple[Side | None, str, str]:
    newest = story.sessions[-1]
    known = [one for one in story.wake_ups if one.squeezes is not None]
    lines = {line.id: line for line in story.sessions}
    if known and (last := known[-1]).squeezes is not None:
        first, line = known[0], lines.get(last.session_id)
        side = None if line is None else line.sleeping_side
        before = ""
        if first.session_id != last.session_id:
            before = _("On {day} it was squeeze {squeezes}.", day=_day(first.started.date()), squeezes=first.squeezes)
        before = " ".join(filter(None, (_helped(line), before)))
        if side in SIDES:
            return (
                ("left" if side == "left" else "right"),
                _(" now joins from squeeze {squeezes} on", squeezes=last.squeezes),
                before,
            )
        return None, _("Both join from squeeze {squeezes} on", squeezes=last.squeezes), before
    if story.checks:
        check = story.checks[-1].check
        side = min(
            (one for one in SIDES if check.fired[one] is not None), key=lambda one: check.fired[one] or 0, default=None
        )
        if side is not None:
            words = _(" joined in {fired} of {attempts} squeezes", fired=check.fired[side], attempts=check.attempts)
            return (
                ("left" if side == "left" else "right"),
                words,
                _("In the check of {day}.", day=_day(story.checks[-1].started.date())),
            )
    words = n_("{n} session so far", "{n} sessions so far", len(story.sessions))
    return (
        None,
        words,
        _("The last one was on {day}. Numbers are compared from check to check only.", day=_day(newest.day)),
    )


def _helped(line: SessionLine | None) -> str:
    """After which hint a side joined; empty where none was given, or it is not there any more."""
    if line is None or line.woke_after_hint is None:
        return ""
    hints = (hint for one in all_programmes().all if one.id == line.series.exercise for hint in one.hints)
    said = next((_(hint.text) for hint in hints if hint.id == line.woke_after_hint), "")
    return _("It joined after the hint “{hint}”.", hint=said) if said else ""


def _next_step(story: Story) -> str:
    ready = story.readiness
    if ready is None or not ready.days or not story.checks:
        return ""
    if ready.ready:
        return _(
            "The check passed on {n} of the last {of} training days: the bridge is proposed.",
            n=DAYS_NEEDED,
            of=LOOK_BACK_DAYS,
        )
    passed = sum(day.passes for day in ready.days)
    return n_(
        "The check passed on {passed} of the last {n} training day; at {need} the bridge is proposed.",
        "The check passed on {passed} of the last {n} training days; at {need} the bridge is proposed.",
        len(ready.days),
        passed=passed,
        need=DAYS_NEEDED,
    )


def days_of(story: Story) -> Days:
    """The cells of the last weeks."""
    passed = {point.started.date() for point in story.checks if _passes(point)}
    trained = story.days.trained if story.days is not None else ()
    kinds: dict[date, Day] = {day: "passed" if day in passed else "trained" for day in trained}
    since = min((line.day for line in story.sessions), default=None)
    lately = [day for day in trained if day > story.today - timedelta(days=LOOKED_AT)]
    first = first_day_shown(story.today)
    return Days(first, story.today, since, kinds, len(lately), LOOKED_AT)


def _passes(point: CheckPoint) -> bool:
    return readiness([TrainingDay(point.started.date(), point.check)]).days[0].passes


def span(story: Story, *, whole: bool) -> tuple[date, date]:
    """The ends of the axis: the last four weeks, or since the first visit."""
    first = min((line.day for line in story.sessions), default=story.today)
    start = first if whole else max(first, story.today - timedelta(days=7 * WEEKS))
    return min(start, story.today - timedelta(days=7)), story.today


def breaks(marks: Sequence[ReferenceChange]) -> tuple[tuple[date, str], ...]:
    """Where lines break, and why; one mark a day."""
    by_day: dict[date, list[str]] = {}
    for change in marks:
        by_day.setdefault(change.started.date(), []).append(_(_CHANGED[change.what]))
    return tuple((day, words[0] if len(words) == 1 else _("new ground")) for day, words in sorted(by_day.items()))


def charts(story: Story) -> tuple[Chart, ...]:
    """The four charts, and that of pain where somebody said how much there is."""
    pain = (_pain(story),) if any(one.pain for one in story.ratings) else ()
    return _joined(story), _lag(story), _symmetry(story), _wake_up(story), *pain


def _joined(story: Story) -> Chart:
    lines = []
    for side in reversed(SIDES):
        dots = tuple(
            Dot(point.started.date(), 10.0 * n / point.check.attempts, None, point.session_id)
            for point in story.checks
            if (n := point.check.fired[side]) is not None
        )
        lines.append(Line(dots, side))
    note = _("of 10 in the check")
    weaker = min((line for line in lines if line.dots), key=lambda line: line.dots[-1].value, default=None)
    measure: Measure = "fired-left" if weaker is not None and weaker.side == "left" else "fired-right"
    if weaker is not None and (verdict := _verdict(story, measure, f"{THIN}%")):
        note = f"{note}; {_(weaker.side or '')} {verdict}"
    return Chart(
        _("Squeezes in which each side joined"), note, tuple(lines), (0.0, 5.0, 10.0), band=(9.0, 10.0, _("goal")),
        empty=_("No check yet"),
    )  # fmt: skip


def _lag(story: Story) -> Chart:
    known = [(point, point.check.lag_ms) for point in story.checks if point.check.lag_ms is not None]
    sign = 1.0 if not known or known[0][1] >= 0 else -1.0
    later: Side = "left" if sign > 0 else "right"
    dots = tuple(Dot(point.started.date(), sign * lag, point.check.lag_pm_ms, point.session_id) for point, lag in known)
    top = max([200.0, *(100.0 * -(-(dot.value + (dot.pm or 0.0)) // 100.0) for dot in dots)])
    crosses = any(dot.value < 0 for dot in dots)
    ticks = ((-100.0,) if crosses else ()) + (0.0, 100.0, *((top,) if top <= 200 else (200.0, top)))
    note = _note(story, "lag", f"{THIN}ms")
    return Chart(
        _("{Side} behind {other}", Side=_(later).capitalize(), other=_(OTHER[later])), note, (Line(dots),), ticks,
        f"{THIN}ms", (-100.0 if crosses else 0.0, 100.0, _("together")), _latest(dots, f"{THIN}ms"),
        empty=_("No check with a lag yet"),
    )  # fmt: skip


def _symmetry(story: Story) -> Chart:
    dots = tuple(
        Dot(point.started.date(), point.check.lsi_pct, point.check.lsi_pm_pct, point.session_id)
        for point in story.checks
        if point.check.lsi_pct is not None
    )
    low = min([50.0, *(25.0 * ((dot.value - (dot.pm or 0.0)) // 25.0) for dot in dots)])
    ticks = tuple(25.0 * number for number in range(max(0, int(low // 25)), 5))
    own = any(point.check.lsi_basis == "own-best" for point in story.checks[-1:])
    title = _("Symmetry of own best") if own else _("Symmetry")
    return Chart(
        title, _note(story, "lsi", f"{THIN}%"), (Line(dots),), ticks, f"{THIN}%", (85.0, 100.0, _("alike")),
        _latest(dots, f"{THIN}%"), empty=_("No check with a symmetry yet"),
    )  # fmt: skip


def _wake_up(story: Story) -> Chart:
    dots = tuple(
        Dot(one.started.date(), float(one.squeezes), None, one.session_id)
        for one in story.wake_ups
        if one.squeezes is not None
    )
    top = max([30.0, *(15.0 * -(-dot.value // 15.0) for dot in dots)])
    never = sum(one.squeezes is None for one in story.wake_ups)
    note = _("before both join") + (n_("; not within {n} session", "; not within {n} sessions", never) if never else "")
    ticks = tuple(15.0 * number for number in range(int(top // 15) + 1))
    return Chart(
        _("Wake-up squeezes"), note, (Line(dots),), ticks, latest=_latest(dots, ""), empty=_("No wake-up phase yet")
    )


def _pain(story: Story) -> Chart:
    known = [one for one in story.ratings if one.pain]
    dots = tuple(Dot(one.started.date(), one.pain[-1], None, one.session_id) for one in known)
    before = _("before: {n}", n=numbers.number(known[-1].pain[0])) if len(known[-1].pain) > 1 else ""
    efforts = [one.effort for one in story.ratings if one.effort is not None]
    effort = "; " + _("effort last {n} of 10", n=numbers.number(efforts[-1])) if efforts else ""
    return Chart(
        _("Pain"), _("0 to 10, after the session") + effort, (Line(dots),), (0.0, 5.0, 10.0),
        latest=(numbers.number(known[-1].pain[-1]), before),
    )  # fmt: skip


def _said(ratings: SessionRatings | None) -> list[str]:
    """What somebody said of a session, in a few words."""
    if ratings is None:
        return []
    pain = [_("pain {n} of 10", n=_(" then ").join(map(numbers.number, ratings.pain)))] if ratings.pain else []
    effort = [_("effort {n} of 10", n=numbers.number(ratings.effort))] if ratings.effort is not None else []
    return [*pain, *effort, *([_(FELT[ratings.felt])] if ratings.felt in FELT else [])]


def _latest(dots: Sequence[Dot], unit: str) -> tuple[str, str]:
    if not dots:
        return "", ""
    newest = dots[-1]
    value = f"{newest.value:.0f}".replace("-", MINUS)
    return value, f"{_PLUS_MINUS}{THIN}{newest.pm:.0f}{unit}" if newest.pm is not None else unit.strip(THIN)


def _note(story: Story, measure: Measure, unit: str) -> str:
    verdict = _verdict(story, measure, unit)
    return "; ".join(filter(None, (_("in the check"), verdict)))


def _verdict(story: Story, measure: Measure, unit: str) -> str:
    """Whether the newest check differs from the first ones by more than the days do among themselves."""
    change = changes(story.checks).get(measure)
    if change is None or not change.n_days:
        return ""
    if change.verdict == "too-few":
        missing = FIRST_DAYS + 1 - change.n_days
        return n_("{n} day more until a change can be told", "{n} days more until a change can be told", missing)
    if change.verdict == "usual" or change.difference is None:
        return _("within the usual range")
    much = f"{abs(change.difference):.0f}{unit}"
    if change.difference > 0:
        return _("up by {much} since the first days", much=much)
    return _("down by {much} since the first days", much=much)


def described(story: Story) -> dict[str, str]:
    """Each session that has a dot, in words, the oldest first."""
    said: dict[str, str] = {}
    checks = {point.session_id: point for point in story.checks}
    squeezes = {one.session_id: one.squeezes for one in story.wake_ups if one.squeezes is not None}
    ratings = {one.session_id: one for one in story.ratings}
    for line in story.sessions:
        parts = []
        if line.id in checks:
            check = checks[line.id].check
            parts += [
                _("{side} joined in {n} of {attempts}", side=_(side), n=n, attempts=check.attempts)
                for side in SIDES
                if (n := check.fired[side]) is not None
            ]
            parts += [_("lag {lag_ms:.0f} ms", lag_ms=check.lag_ms)] if check.lag_ms is not None else []
            parts += (
                [_("symmetry {lsi_pct}", lsi_pct=numbers.percent(check.lsi_pct))] if check.lsi_pct is not None else []
            )
        if line.id in squeezes:
            parts.append(n_("{n} wake-up squeeze", "{n} wake-up squeezes", squeezes[line.id]))
        parts += _said(ratings.get(line.id))
        if parts:
            said[line.id] = _("{day}: {parts}. Return opens it.", day=_day(line.day), parts=", ".join(parts))
    return said


def _day(day: date) -> str:
    return numbers.day(day)


def person_detail(person: Person) -> str:
    """What stands beneath a person in the list."""
    last = _(", the last on {day}", day=_day(person.last_started.date())) if person.last_started is not None else ""
    return n_("{n} session", "{n} sessions", person.n_sessions) + last
