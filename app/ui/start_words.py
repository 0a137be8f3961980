"""All words of the start page, in the language in force; called when they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app import numbers
from app.history.views import LOOKED_AT
from app.language import _, n_
from app.pipeline.units import UnitView
from app.session.events import SIDES, Side
from app.session.following import Standing
from app.session.programme import Phase, Programme
from app.ui import plan_words
from app.ui.plan_words import exercise_name
from app.ui.words import site_words
from drivers.types import LinkState

PADS_MIN: Final = 2
"""Contact, rest, taps and three squeezes a side take 90 s by the clock."""
_OWN_PACE_S: Final = 5.0
"""Of a squeeze at the person's own pace, with its rest."""
_DAYS_NAMED: Final = 7


def today(day: date) -> str:
    """The day, with its name."""
    return _("{weekday}, {day}", weekday=_weekday(day), day=numbers.day(day))


def _weekday(day: date) -> str:
    names = (
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    )  # fmt: skip
    return names[day.weekday()]


def last_here(last: datetime | None, day: date) -> str:
    """When somebody was here last."""
    if last is None:
        return _("new here")
    days = (day - last.date()).days
    if days <= 0:
        return _("here today")
    if days == 1:
        return _("here yesterday")
    return _weekday(last.date()) if days < _DAYS_NAMED else numbers.day(last.date())


def subtitle(programme: Programme | None) -> str:
    """What to lie down for, and how long it takes."""
    if programme is None:
        return ""
    lines = (_(programme.setup[0]),) if programme.setup else ()
    minutes = sum(n for _name, _detail, n in steps(programme))
    return " ".join((*lines, n_("About {n} minute.", "About {n} minutes.", minutes)))


def plan_place(standing: Standing | None) -> str:
    """Where the person stands in the plan; empty without one."""
    if standing is None:
        return ""
    step = _(standing.followed.step.title)
    return f"{_(standing.followed.plan.title)}: {step}, {plan_words.progress(standing)}"


def plan_lines(standing: Standing | None, programme: Programme | None) -> str:
    """What the plan says beside the exercise: what follows it, rest, what is proposed, the therapist's word."""
    if standing is None:
        return ""
    asked, plan = standing.today, standing.followed.plan
    later = [name for name in asked.programmes if programme is None or name != programme.id]
    said = plan_words.today(standing) if asked.why != "train" else ""
    if later:
        said = _("Afterwards: {exercises}.", exercises=", ".join(exercise_name(name) for name in later))
    notes = [_(note) for note in (plan.note, standing.followed.step.note) if note]
    return " ".join(filter(None, (said, plan_words.proposal(asked.offer), *notes)))


def steps(programme: Programme | None) -> tuple[tuple[str, str, int], ...]:
    """What comes one after the other: name, more about it, minutes."""
    pads = (_("Pads on"), _("new reference, three comfortable squeezes"), PADS_MIN)
    if programme is None:
        return (pads,)
    return (pads, *(_step(phase, programme) for phase in programme.phases if phase.kind != "rest"))


def _step(phase: Phase, programme: Programme) -> tuple[str, str, int]:
    kinds = {
        "check": _("Check"), "wake-up": _("Wake-up"), "work": _("Work"), "hold": _("Hold"), "free": _("Free"),
    }  # fmt: skip
    reps = phase.reps or 0
    if phase.kind == "check":
        detail = _("{n} squeezes at your own pace, no bars", n=reps)
    elif phase.kind == "wake-up":
        detail = _("about {n}, until both sides join", n=reps)
    elif not reps:
        detail = _("as long as you like")
    elif phase.hold_s is not None:
        detail = _("{n} times {s} seconds", n=reps * phase.sets, s=round(phase.hold_s))
    else:
        goal = numbers.percent(programme.target_pct)
        detail = n_(
            "{n} set of {reps}, goal {goal}", "{n} sets of {reps}, goal {goal}", phase.sets, reps=reps, goal=goal
        )
    return kinds[phase.kind], detail, _minutes(phase)


def _minutes(phase: Phase) -> int:
    pace = _OWN_PACE_S if phase.tempo is None else phase.tempo.squeeze_s + phase.tempo.rest_s
    pace += phase.hold_s or 0.0
    seconds = phase.sets * (phase.reps or 0) * pace + (phase.sets - 1) * phase.rest_s
    return max(1, round(seconds / 60))


@dataclass(frozen=True, slots=True)
class SensorWords:
    """What is known of a side's sensor: its name, its battery, whether it is there, and whether its pads are on."""

    name: str
    battery: str
    state: str
    pads: str = ""
    found: bool = False


def sensor(side: Side, units: Sequence[UnitView]) -> SensorWords:
    """A side's sensor."""
    unit = next((one for one in units if side in one.sites), None)
    if unit is None:
        return SensorWords("", "", _("no sensor yet"))
    battery = "" if unit.vitals.battery_pct is None else numbers.percent(unit.vitals.battery_pct)
    if unit.state is LinkState.STREAMING:
        no_contact = unit.contacts.get(side, ("ok", ""))[0] == "no-contact"
        return SensorWords(unit.name, battery, _("found"), _("pads not on yet") if no_contact else "", found=True)
    if unit.state is LinkState.UNAVAILABLE:
        return SensorWords(unit.name, battery, _("not found"))
    return SensorWords(unit.name, battery, _("is looked for when you start"))


def helpers(units: Sequence[UnitView]) -> str:
    """Which other muscles are measured; empty where none is."""
    others = [site for unit in units for site in unit.sites if site not in SIDES]
    return _("Also measured: {sites}.", sites=", ".join(map(site_words, others))) if others else ""


def days_trained(n: int) -> tuple[str, str, str]:
    """On how many of the last 14 days somebody trained: the words before the number, the number, those after it."""
    return _("Training days") + "  ", f"{n}", _(" of the last {looked_at}", looked_at=LOOKED_AT)
