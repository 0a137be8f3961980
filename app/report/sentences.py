"""The short rows of the page: whose session it was, order and helpers, how far to trust it. Pure."""

from datetime import datetime
from typing import Final

from app.language import mark
from app.numbers import THIN
from app.report.facts import Facts
from app.report.hints import hint_words
from app.report.language import Words
from app.report.muscles import MUSCLES
from app.session.calibration import ALIKE_REFERENCES
from drivers import registry

_DAY_S: Final = 86400.0
_EXERCISES: Final = {
    "prone-ankle-squeeze": mark("Prone ankle squeeze"),
    "check": mark("Check"),
    "free": mark("Free squeezes"),
}
_CONTACT: Final = {
    "no-contact": mark("no contact"),
    "clipping": mark("signal too large"),
    "hum": mark("mains hum"),
    "movement": mark("movement"),
    "heartbeat": mark("heartbeat in the signal"),
    "too-quiet": mark("very quiet"),
    "too-coarse": mark("coarse steps"),
    "crosstalk": mark("the other side shines through"),
    "swapped": mark("sides perhaps swapped"),
    "pressure": mark("lying on the pads"),
}


def fields(facts: Facts, words: Words, name: str | None) -> list[tuple[str, str]]:
    """Who, when, what and with which sensors, as label and value."""
    started = facts.record.started
    code = started.person or ""
    began = began_at(facts)
    exercise = words(_EXERCISES.get(started.programme, started.programme))
    if started.label:
        exercise += f", {started.label}"
    return [
        (words("Person"), f"{name} ({code})" if name and code else name or code or words("not given")),
        (words("Date"), words.moment(began) if began else words("not known")),
        (words("Exercise"), exercise),
        (words("Sensors"), _sensors(facts, words)),
    ]


def began_at(facts: Facts) -> datetime | None:
    """When the session began: on the person's own clock, by which its folder is named, else UTC."""
    record = facts.record
    try:
        return datetime.strptime(record.folder.name[:17], "%Y-%m-%d_%H%M%S")
    except ValueError:
        return datetime.fromisoformat(record.started.utc_start) if record.started.utc_start else None


def join_note(facts: Facts, words: Words) -> tuple[int, str] | None:
    """The squeeze from which a side joins, and what stands beside the line there."""
    began = [(of_side.number, side) for side, of_side in facts.joined.items() if of_side.number is not None]
    if not began:
        return None
    number, side = max(began)
    hint = hint_words(facts, words)
    if hint:
        text = words("{side} joins from here on, after “{hint}”", side=words(side), hint=hint)
    else:
        text = words("{side} joins from here on", side=words(side))
    return number, text


def order_line(facts: Facts, words: Words) -> str:
    """Who started first, second, third; empty without two muscles."""
    then, now = (_names(order, words) for order in (facts.order_at_first, facts.order))
    if not now:
        return ""
    if not then or then == now:
        return words("Order: {order}.", order=now)
    return words("Order at first: {first}; at the end: {last}.", first=then, last=now)


def helpers_line(facts: Facts, words: Words) -> str:
    """What the other muscles did, those of both sides together where they did the same; empty without any."""
    by_muscle: dict[str, dict[str, str]] = {}
    for site, word in facts.helpers.items():
        muscle, _, side = site.rpartition("-")
        by_muscle.setdefault(muscle, {})[side] = word
    parts = []
    for muscle, of_side in by_muscle.items():
        name = words(MUSCLES.get(muscle, muscle))
        if len(set(of_side.values())) == 1:
            parts.append(f"{name} {words(next(iter(of_side.values())))}")
        else:
            parts += [f"{name} {words(side)} {words(word)}" for side, word in of_side.items()]
    return words("Helpers: {list}.", list=", ".join(parts)) if parts else ""


def trust_rows(facts: Facts, words: Words) -> list[tuple[str, str]]:
    """How far to trust the page, as label and sentence."""
    rows = [(words("Signal"), _signal(facts, words)), (words("Contact"), _contact(facts, words))]
    rows.append((words("Reference"), _reference(facts, words)))
    ratio = _ratio(facts, words)
    if ratio:
        rows.append((f"{words.side('left', capital=True)}{THIN}:{THIN}{words('right')}", ratio))
    timing = []
    if facts.lag_pm_ms is not None:
        timing.append(words("one lag ± {ms} ms", ms=words.number(facts.lag_pm_ms)))
    if facts.latency_ms is not None:
        timing.append(words("latency to screen {ms} ms", ms=words.number(facts.latency_ms)))
    if timing:
        rows.append((words("Timing"), ", ".join(timing)))
    return rows


def _signal(facts: Facts, words: Words) -> str:
    record = facts.record
    lost_pct = 100.0 * facts.missing_s / record.duration_s if record.duration_s > 0.0 else 0.0
    parts = [words("{share} lost", share=words.percent(lost_pct, 1))]
    if facts.missing_s >= 0.05:
        gaps = words.n_("{n} gap", "{n} gaps", facts.n_gaps) if facts.n_gaps else words("gaps")
        parts.append(words("{s} in {gaps}", s=words.seconds(facts.missing_s), gaps=gaps))
    if facts.n_lost:
        parts.append(words.n_("{n} squeeze not counted", "{n} squeezes not counted", facts.n_lost))
    if not record.ended_well:
        parts.append(words("broke off before its end"))
    return ", ".join(parts)


def _contact(facts: Facts, words: Words) -> str:
    parts = []
    for site, verdicts in facts.contact.items():
        muscle, _, side = site.rpartition("-")
        where = f"{words(MUSCLES.get(muscle, muscle))} {words(side)}" if muscle else words(site)
        kinds = list(dict.fromkeys(verdicts))
        parts.append(f"{where}: " + ", ".join(words(_CONTACT.get(kind, kind)) for kind in kinds))
    if parts:
        return "; ".join(parts)
    return words("good on both sides") if len(facts.sides) == 2 else words("good")


def _reference(facts: Facts, words: Words) -> str:
    calibration = facts.record.started.calibration
    if calibration is None or calibration.method == "session":
        return words("none: the session’s own largest level")
    n_tries = min((len(calibration.tries_uv.get(side, [])) for side in facts.sides), default=0)
    if calibration.method == "mvc":
        kind = words("largest of {n} maximal squeezes", n=str(n_tries)) if n_tries > 1 else words("maximal squeeze")
    else:
        kind = words("best of {n} comfortable squeezes", n=str(n_tries)) if n_tries > 1 else words("best squeeze")
    return f"{kind}, {_age(calibration.age_s, words)}"


def _age(age_s: float | None, words: Words) -> str:
    if age_s is None:
        return words("age not known")
    days = int(age_s // _DAY_S)
    if days:
        return words.n_("{n} day old", "{n} days old", days)
    minutes = round(age_s / 60.0)
    if minutes < 1:
        return words("made just before")
    if minutes < 120:
        return words.n_("{n} minute old", "{n} minutes old", minutes)
    return words.n_("{n} hour old", "{n} hours old", minutes // 60)


def _ratio(facts: Facts, words: Words) -> str:
    """The references of both sides and their ratio, with what follows from it (design, section 4)."""
    calibration = facts.record.started.calibration
    if calibration is None or calibration.method == "session" or calibration.ratio is None:
        return ""
    left, right = calibration.ref_uv.get("left"), calibration.ref_uv.get("right")
    if left is None or right is None:
        return ""
    digits = 0 if min(left, right) >= 10.0 else 1
    unit = "µV" if all(channel.unit == "uV" for channel in facts.record.started.channels) else words("counts")
    low, high = ALIKE_REFERENCES
    caveat = (
        words("noted outside {low} to {high}", low=words.number(low, 1), high=words.number(high, 1))
        if low <= calibration.ratio <= high
        else words("so relative to own best")
    )
    levels = f"{words.number(left, digits)} : {words.number(right, digits)} {unit}"
    return words(
        "{levels}, ratio {ratio} ({caveat})", levels=levels, ratio=words.number(calibration.ratio, 2), caveat=caveat
    )


def not_published(words: Words) -> str:
    """What nobody may read into the numbers."""
    return words(
        "Normal left/right values of this exercise are not published: the sides are compared with each other, progress "
        "with the first sessions."
    )


def origin(facts: Facts, words: Words) -> list[str]:
    """Where the page comes from, and what it is not."""
    record = facts.record
    return [
        words(
            "A training aid, not a medical device. Made offline by GluteWake {app} from the recording {name}.",
            app=record.started.app,
            name=record.folder.name,
        ),
        words("SHA-256 {sha}, signal chain {chain}", sha=record.sha256, chain=record.started.chain),
    ]


def _sensors(facts: Facts, words: Words) -> str:
    started = facts.record.started
    names = [_family(source, words) for source in started.source]
    text = f"{len(names)} × {names[0]}" if len(names) > 1 and len(set(names)) == 1 else " + ".join(names)
    rates = {round(channel.sfreq) for channel in started.channels if channel.site in facts.sides}
    return f"{text}, {min(rates)} Hz" if rates else text


def _family(source: str, words: Words) -> str:
    scheme = source.partition(":")[0]
    if scheme == "sim":
        return words("simulator")
    if scheme == "file":
        return words("file")
    driver = registry.entry(scheme).driver if scheme in registry.schemes() else None
    return driver.name if driver is not None else scheme


def _names(order: tuple[str, ...], words: Words) -> str:
    return ", ".join(words(MUSCLES.get(muscle, muscle)) for muscle in order) if len(order) > 1 else ""
