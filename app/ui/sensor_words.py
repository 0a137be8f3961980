"""All words of the Sensors page and of the step that keeps the mains away. Pure: from what is known to sentences."""

from dataclasses import dataclass
from typing import Final

from app import numbers
from app.language import _, mark
from app.pipeline.condition import Sync
from app.pipeline.discovery import Finds, FoundDevice
from app.pipeline.mains import UNPLUG, Power
from app.pipeline.tap import KNOCKS, Taps
from app.pipeline.units import GATHERS_MS, UnitView
from app.said import said as told
from app.session.events import SIDES, Side, Verdict
from app.ui.words import MINUS, MUSCLES, THIN, sentences, site_words, split_site
from drivers.types import LinkState

PLACEMENTS: Final[dict[str, str]] = {
    "gluteus-maximus": mark("Gluteus maximus"),
    "gluteus-medius": mark("Gluteus medius"),
    "hamstring": mark("Hamstrings"),
    "erector": mark("Low back"),
    "adductor": mark("Inner thighs"),
    "tfl": mark("Outer hips"),
    "quad": mark("Front thighs"),
}
"""Drawings in ``assets/drawings`` and what they are called."""

_WIPE: Final = mark("Shave, wipe with alcohol, let it dry, press for 5 seconds.")
_TAP: Final = mark("Tap the LEFT pad, then the RIGHT: its own bar moves.")
_HARDEN: Final = mark("Squeeze: did that cheek harden under your fingers?")
STEPS: Final[dict[str, tuple[str, ...]]] = {
    "gluteus-maximus": (
        mark("Two fingers: top of the tailbone, bony knob of the hip. Halfway is the spot."),
        mark("Both pads there on the dashed line, 2 cm apart."), _WIPE, _TAP, _HARDEN,
    ),
    "gluteus-medius": (
        mark("Feel the top of the hip bone and the bony point of the hip."),
        mark("Both pads mid-way between them, 2 cm apart."), _WIPE, _TAP,
        mark("Lift the leg sideways: did it harden under your fingers?"),
    ),
    "hamstring": (
        mark("Feel the sitting bone and the outside of the knee."),
        mark("Both pads mid-way on the dashed line, 2 cm apart."),
        _WIPE, _TAP, mark("Bend the knee: did the back of the thigh harden?"),
    ),
    "erector": (
        mark("Feel the spine at the height of the waist."),
        mark("Both pads two fingers beside it, 2 cm apart."), _WIPE, _TAP,
        mark("Lift the chest a little: did that side harden?"),
    ),
    "adductor": (
        mark("Sit with the knees apart."), mark("Both pads on the inner thigh, a hand below the groin."), _WIPE, _TAP,
        mark("Press the knees together: did the inner thigh harden?"),
    ),
    "tfl": (
        mark("Feel the point of the hip bone in front."),
        mark("Both pads a hand below it, on the front edge: open rings."), _WIPE,
        _TAP, mark("Lift the straight leg: did it harden under your fingers?"),
    ),
    "quad": (
        mark("Feel the hip bone in front and the kneecap."),
        mark("Both pads mid-way, on the front: open rings."), _WIPE, _TAP,
        mark("Straighten the knee: did the front of the thigh harden?"),
    ),
}  # fmt: skip
LANDMARKS: Final[dict[str, tuple[tuple[str, float, float], ...]]] = {
    "gluteus-maximus": ((mark("sacrum"), 200, 138), (mark("trochanter"), 322, 284), (mark("trochanter"), 78, 284)),
    "gluteus-medius": (
        (mark("hip bone"), 256, 66),
        (mark("hip bone"), 144, 66),
        (mark("trochanter"), 322, 284),
        (mark("trochanter"), 78, 284),
    ),
    "hamstring": ((mark("sitting bone"), 200, 320), (mark("knee"), 270, 752), (mark("knee"), 130, 752)),
    "erector": ((mark("waist"), 200, -14),),
    "adductor": ((mark("groin"), 200, 330),),
    "tfl": ((mark("hip bone, in front"), 200, 132),),
    "quad": ((mark("hip bone, in front"), 200, 220), (mark("kneecap"), 270, 752), (mark("kneecap"), 130, 752)),
}
"""Labels of the drawings and where their middle stands, in the drawings' own units."""

VERDICTS: Final[dict[Verdict, str]] = {
    "ok": mark("Good contact"),
    "no-contact": mark("No contact"),
    "clipping": mark("Signal too strong"),
    "hum": mark("Mains hum"),
    "movement": mark("Movement"),
    "heartbeat": mark("Heartbeat"),
    "too-quiet": mark("Too quiet"),
    "too-coarse": mark("Too coarse"),
    "crosstalk": mark("Crosstalk"),
    "swapped": mark("Sides swapped"),
    "pressure": mark("Pressed on"),
}
_STATES: Final[dict[LinkState, str]] = {
    LinkState.CONNECTING: mark("connecting …"),
    LinkState.STREAMING: mark("streaming"),
    LinkState.STALLED: mark("no data just now"),
    LinkState.RECONNECTING: mark("reconnecting …"),
    LinkState.UNAVAILABLE: mark("not connected"),
    LinkState.CLOSED: mark("ended"),
}
_TEST_SIGNAL: Final = (mark("The unit makes this signal itself; it is no muscle."), mark("Switch its test off."))
WEAK_DBM: Final = -85
_STRENGTHS: Final = (-92, -80, -70, -60)
"""dBm from which one, two, three and four of the bars of the signal are filled."""
LOW_BATTERY_PCT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its unit and what it is."""

    value: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a side does: a mark, a word, why, and what to do.

    Attributes
    ----------
    mark : {'tick', 'warning', ''}
    word, why : str
    remedy : tuple of str
        One sentence a line.
    loud : bool
        True for what must not be overlooked: a signal that is no muscle's.
    """

    mark: str
    word: str
    why: str = ""
    remedy: tuple[str, ...] = ()
    loud: bool = False


def bars_of(rssi_dbm: int) -> int:
    """How many of the four bars of the signal are filled."""
    return sum(rssi_dbm >= least for least in _STRENGTHS)


def dbm(rssi_dbm: int) -> str:
    """The strength of a signal as a number."""
    return f"{rssi_dbm} dBm".replace("-", MINUS)


def subtitle(units: tuple[UnitView, ...]) -> str:
    """What the page is about now."""
    if not units:
        return _("no sensor yet")
    if len(units) == 1:
        both = sum(side in units[0].sites for side in SIDES) > 1
        return _("one unit, both sides") if both else _("one unit, {site}", site=site_words(units[0].sites[0]))
    return _("two units, one per side") if len(units) == 2 else _("{n} units, one per side", n=len(units))


def state_words(unit: UnitView, clock: str) -> str:
    """What a unit does, and since when (`clock`, hours and minutes)."""
    return _("since {clock}", clock=clock) if unit.state is LinkState.STREAMING and clock else _(_STATES[unit.state])


def head_facts(unit: UnitView) -> tuple[Fact, ...]:
    """The three numbers that stand beside the name: battery, rate and what was lost lately."""
    battery = unit.vitals.battery_pct
    facts = [Fact(f"{battery:.0f}", f"{THIN}%", _("battery"))] if battery is not None else []
    flow = unit.flow if unit.state is LinkState.STREAMING else None
    sfreq = flow.sfreq if flow is not None else None
    lost_pct = flow.lost_lately_pct if flow is not None else None
    facts.append(Fact("–", "", _("rate")) if sfreq is None else Fact(f"{sfreq:.0f}", " Hz", _("rate")))
    facts.append(
        Fact("–", "", _("lost")) if lost_pct is None else Fact(_share(lost_pct), f"{THIN}%", _("lost in 10 s"))
    )
    return tuple(facts)


def _share(pct: float) -> str:
    # a single lost sample must never read as none
    return f"<{THIN}{numbers.number(0.1, 1)}" if 0.0 < pct < 0.1 else numbers.number(pct, 1)


def small_facts(unit: UnitView, sync: Sync | None) -> tuple[str, ...]:
    """What else was measured, each with its name."""
    flow, running = unit.flow, unit.state is LinkState.STREAMING
    facts = []
    if flow is not None:
        lost_pct = flow.lost_pct
        facts.append(
            _("loss not measurable")
            if lost_pct is None
            else _("lost in all {share}", share=_share(lost_pct) + f"{THIN}%")
        )
    if running and flow is not None and flow.jitter_ms is not None:
        facts.append(_("jitter {ms:.0f} ms", ms=flow.jitter_ms))
    if running and sync is not None:
        facts.append(sync_words(sync))
    return tuple(facts)


def sync_words(sync: Sync) -> str:
    """How well the clocks of two units agree."""
    if sync.pm_ms is not None:
        return _("SYNCED ±\u2009{ms:.0f} ms", ms=max(sync.pm_ms, 1.0))
    if sync.in_s is None or sync.in_s != sync.in_s:
        return _("SYNCING")
    return _("SYNCING, {s:.0f} s", s=sync.in_s)


def judgement(unit: UnitView | None, side: Side) -> Judgement:
    """How a side does, and what to do about it: first whatever keeps the signal away, then the contact."""
    if unit is None:
        return Judgement("", _("No sensor yet"), remedy=(_("Find one, then say that it lies here."),))
    if unit.state in (LinkState.UNAVAILABLE, LinkState.STALLED, LinkState.RECONNECTING):
        word = _(_STATES[unit.state]).removesuffix(" …")
        remedy = sentences(told(unit.reason)) or [_("Switch the unit on and bring it near; it comes back by itself.")]
        return Judgement("warning", word[:1].upper() + word[1:], remedy=tuple(remedy))
    if unit.state is LinkState.CONNECTING:
        return Judgement("", _("Connecting"), remedy=tuple(sentences(told(unit.reason))))
    if unit.state is LinkState.CLOSED:
        return Judgement("", _("Ended"), remedy=(_("Try again to begin anew."),))
    if unit.vitals.test_signal:
        return Judgement("warning", _("TEST SIGNAL"), remedy=tuple(map(_, _TEST_SIGNAL)), loud=True)
    judged = _contact(unit, side)
    if judged is None:
        return Judgement("", _("Listening"))
    site, (verdict, text) = judged
    muscle = split_site(site)[0]
    whose = f"{_(MUSCLES[muscle][0])}: " if muscle else ""
    rest_uv = unit.rest_uv.get(side)
    if verdict == "ok":
        known = rest_uv is not None and rest_uv == rest_uv
        why = _("Rest noise {rest_uv:.1f} µV.", rest_uv=rest_uv) if known else ""
        return Judgement("tick", _(VERDICTS["ok"]), why, hints(unit))
    word = f"{whose}{_(VERDICTS[verdict])}"
    said = _remedy(told(text))
    return Judgement("warning", word[:1].upper() + word[1:], remedy=tuple(line[:1].upper() + line[1:] for line in said))


def _remedy(text: str) -> list[str]:
    return sentences(text.partition(": ")[2] or text)


def _contact(unit: UnitView, side: Side) -> tuple[str, tuple[Verdict, str]] | None:
    """The contact of a side: that of its glute, or of another of its muscles if that one is worse."""
    own = {site: words for site, words in unit.contacts.items() if split_site(site)[1] == side}
    if side not in own:
        return None
    worse = [(site, words) for site, words in own.items() if words[0] != "ok"]
    if own[side][0] == "ok" and worse:
        return worse[0]
    return side, own[side]


def hints(unit: UnitView) -> tuple[str, ...]:
    """What could be better, where nothing is wrong."""
    vitals = unit.vitals
    said = []
    if vitals.latency_timer_ms is not None and vitals.latency_timer_ms > GATHERS_MS:
        timer_ms = vitals.latency_timer_ms
        said.append(_("This USB chip gathers data for {ms:.0f} ms; set its latency timer to 1 ms.", ms=timer_ms))
    if vitals.battery_pct is not None and vitals.battery_pct < LOW_BATTERY_PCT:
        said.append(_("The battery is low: charge it after this session."))
    if vitals.rssi_dbm is not None and vitals.rssi_dbm < WEAK_DBM:
        said.append(_("The radio is weak: bring the computer nearer, and lie on the other side of the unit."))
    return tuple(said[:2])


def foot_words(units: tuple[UnitView, ...]) -> tuple[str, ...]:
    """Which helpers are measured, and why it is worth it."""
    others = [site for unit in units for site in unit.sites if site not in SIDES]
    if others:
        return (_("Also measured: {sites}.", sites=", ".join(map(site_words, others))),)
    return (
        _("Hamstrings and low back are not worn today."),
        _("With them, the app can tell a clean rep from one that the leg has done."),
    )


def tap_words(taps: Taps) -> tuple[str, ...]:
    """What to do while two units are knocked together, and what came of it; nothing before."""
    if not taps.running:
        return (told(taps.sentence),) if taps.sentence else ()
    felt = (
        _("Felt by both: {n} of {of}.", n=taps.n_knocks, of=KNOCKS) if taps.n_knocks else _("Nothing felt by both yet.")
    )
    return (_("Hold both units against each other and knock them on a table, once a second."), felt)


def finds_subtitle(finds: Finds) -> str:
    """How far a search is."""
    n_found = sum(not device.simulated for device in finds.devices)
    if not finds.done:
        return _("searching …")
    return _("{n} found", n=n_found) if n_found else _("nothing found")


def nothing_found() -> tuple[str, ...]:
    """What to do where a search has found nothing."""
    return (
        _("No sensor is in reach."),
        _("Switch it on, charge it if its light stays dark, or plug in its cable. Then search again."),
    )


def device_detail(device: FoundDevice) -> str:
    """What tells a device from its neighbours."""
    family = told(device.choices[0].family) if device.sure else ""
    return ", ".join(part for part in (family, device.detail) if part not in ("", device.name))


WHICH_DEVICE: Final = mark("Which device is it?")
MAY_BE: Final = mark("Its chip sits in several devices; the box or the board says which one it is.")
WHERE: Final = mark("Where does it lie?")
ENDS_SESSION: Final = mark("This ends the running session. What was recorded is kept.")
NOT_USED: Final = mark("not used")


def glute_words(site: str) -> str:
    """``left glute``, ``left hamstring``."""
    return _("{side} glute", side=_(site)) if site in SIDES else site_words(site)


def mains_title() -> tuple[str, str]:
    """The large words of the step that keeps the mains away, in two lines."""
    return _("Unplug the charger, the monitor"), _("and other mains devices now")


def mains_state(power: Power) -> tuple[str, str]:
    """What the system tells of its power, as a mark and a sentence."""
    return {
        "mains": ("warning", _("The charger is still in. The session waits.")),
        "battery": ("tick", _("The charger is out. Is the monitor unplugged too?")),
        "unknown": ("warning", _("This computer does not tell. A desktop computer is always on the mains.")),
    }[power]


UNPLUGGED_ANSWER: Final = (mark("It is all unplugged"), mark("Only the battery runs this computer now."))
ISOLATOR_ANSWER: Final = (mark("An isolator is in between"), mark("It separates the sensor from this computer."))
MAINS_FOOT: Final = mark("The answer is kept with the session. Never use a stimulator on the same person.")
MAINS_SENTENCE: Final = UNPLUG
