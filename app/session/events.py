"""Everything a session says, as the lines of the JSON contract (design, section 7).

Each class is one ``type`` of line and its fields are the keys, so that the journal, ``live --json``, ``analyze`` and
the tests share one definition; ``assets/schema/events.schema.json`` is generated from it. Times are seconds from
the start of the source, and None stands where the data do not carry the number. Numbers are rounded when an event
is made, never when it is printed: the same journal gives the same lines byte for byte.
"""

from collections.abc import Mapping
from typing import Final, Literal, Self

import msgspec

Side = Literal["left", "right"]
SideOrBoth = Literal["left", "right", "both"]
SideState = Literal["no-signal", "quiet", "asleep", "late", "weak", "firing", "fading"]
CueKind = Literal["not-firing", "late", "low", "fading", "compensating"]
Channel = Literal["tone", "speech", "screen"]
PhaseKind = Literal["check", "wake-up", "work", "free"]
Scheme = Literal["both", "left", "right"]
ReferenceMethod = Literal["mvc", "best-clench", "session"]
Feedback = Literal["full", "bandwidth", "none"]
LagStatus = Literal["ok", "left-not-fired", "right-not-fired", "neither", "not-synced", "single"]
Verdict = Literal[
    "ok", "no-contact", "clipping", "hum", "movement", "heartbeat", "too-quiet", "too-coarse", "crosstalk",
    "swapped", "pressure",
]  # fmt: skip
MainsAnswer = Literal["on-battery", "unplugged", "isolator"]
"""How a session with a wired sensor may begin: the system says that the computer runs on its battery, somebody says
that everything is unplugged (where the system does not tell), or somebody confirms an isolator."""
ActKind = Literal[
    "start", "pause", "go-on", "end-rest", "discard", "repeat-set", "stop", "felt", "target", "lock-target",
]  # fmt: skip
"""What changes how a session goes: ``start`` (value: seconds of countdown), ``discard`` (value: index of the rep
that is taken back, and then done again), ``felt`` (value: 1 glute, 2 thigh, 3 back), ``target`` (side, value: percent),
``lock-target`` (value: 0 or 1)."""
Actor = Literal["person", "muscle", "coach"]
"""By a key of whoever is there, by two squeezes or by going on with them, or by the coach (nothing comes)."""
SayKind = Literal[
    "ready", "get-into-position", "countdown", "contact", "set", "side", "count", "count-down", "hold-seconds",
    "halfway", "let-go", "gesture", "hint", "felt", "woke", "enough", "set-done", "rest", "ten-seconds", "paused",
    "going-on", "side-lost", "side-back", "discarded", "repeat-set", "target", "stopped", "finished",
]  # fmt: skip
"""What the coach has to tell by voice or by a sound, in words of no language."""
Link = Literal["connecting", "streaming", "stalled", "reconnecting", "unavailable", "closed"]

SIDES: tuple[Side, Side] = ("left", "right")
OTHER: Final[Mapping[Side, Side]] = {"left": "right", "right": "left"}


class Event(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of all lines. What was told never changes, so that a copy of what refers to it refers to the same."""

    def __deepcopy__(self, memo: object) -> Self:
        return self


class ChannelInfo(msgspec.Struct, frozen=True):
    """One measured site."""

    site: str
    muscle: str
    unit: Literal["uV", "counts"]
    sfreq: float
    channel: int | None = None
    """Which channel of the source, counted from 1 through all its streams; None in lines of older versions."""


class CalibrationInfo(msgspec.Struct, frozen=True):
    """The calibration in force; ``*_uv`` hold the stream's own unit where that is counts."""

    id: str
    age_s: float | None
    method: ReferenceMethod
    rest_uv: dict[str, float]
    ref_uv: dict[str, float]
    tries_uv: dict[str, list[float]]
    ratio: float | None = None
    """Reference of the left over that of the right, in microvolts: always stated."""
    muscle: str = ""
    """What the pads lay on; empty where nobody said."""


class SessionStarted(Event, frozen=True, tag="session"):
    """First line of every session."""

    v: int
    app: str
    chain: str
    utc_start: str | None
    person: str | None
    programme: str
    position: str
    source: list[str]
    isolation: str
    simulated: bool
    seed: int | None
    channels: list[ChannelInfo]
    calibration: CalibrationInfo | None
    label: str | None = None
    """What the user calls this session."""
    mains: MainsAnswer | None = None
    """Why a wired sensor was safe to begin with; None where the sensor itself keeps the mains away."""
    rests: bool = False
    """Whether planned rests are kept, and the session pauses where nothing comes; not so without a window."""
    ready: bool = False
    """Whether it waits before its first set until somebody starts it."""
    first_hint: str | None = None
    """Id of the hint that the session began with, the one after which the side woke last time."""
    calibrates: Literal["quick", "full", "daily", "clench-test"] | None = None
    """Kind of calibration that this is a recording of; None for a session of training."""
    plan_step: str | None = None
    """Plan and step that it belongs to, as ``plan/step``; None where the exercise is of none, or nobody said."""


class Attempt(Event, frozen=True, tag="attempt"):
    """One try to squeeze, whether or not a glute fired."""

    index: int
    start_s: float
    end_s: float
    fired: list[Side]
    counted: bool
    why: str | None = None
    """Why it is not counted, in a word; None if it is."""
    hint: str | None = None
    """Id of the hint in force."""


class RepSide(msgspec.Struct, frozen=True):
    """One muscle in one rep."""

    onset_s: float | None
    offset_s: float | None
    mean_pct: float | None
    peak_pct: float | None
    mean_uv: float | None
    state: SideState


class Rep(Event, frozen=True, tag="rep"):
    """One attempt in which at least one glute fired."""

    index: int
    set: int | None
    phase: PhaseKind
    scheme: Scheme
    start_s: float
    end_s: float
    counted: bool
    clean: bool
    not_clean: list[str]
    lag_ms: float | None
    lag_pm_ms: float | None
    late: Side | None
    lag_status: LagStatus
    lsi_pct: float | None
    lsi_pm_pct: float | None
    weaker: Side | None
    lr_log: float | None
    ref: ReferenceMethod
    target_pct: dict[str, float]
    feedback: Feedback
    hint: str | None
    sides: dict[str, RepSide]
    compensators: dict[str, RepSide]
    lsi_basis: Literal["reference", "own-best"] = "reference"
    """``own-best``: the two references differ beyond 0.6-1.6, so a high LSI does not mean that the sides are alike."""
    lag_clock_ms: float | None = None
    """The part of ``lag_pm_ms`` that is the clocks' and the same in all reps: it does not average out."""


class Cue(Event, frozen=True, tag="cue"):
    """What the person is told, at the moment it is told."""

    t_s: float
    side: SideOrBoth
    kind: CueKind
    channel: Channel


class StateChanged(Event, frozen=True, tag="state"):
    """The word on a pillar changed."""

    t_s: float
    side: Side
    state: SideState


class Quality(Event, frozen=True, tag="quality"):
    """The contact of one site, in words with a remedy."""

    t_s: float
    site: str
    verdict: Verdict
    text: str


class LinkChanged(Event, frozen=True, tag="link"):
    """A link changed; host time, so not part of the byte-for-byte promise."""

    t_s: float
    stream: str
    state: Link
    reason: str
    lost: int


class Gap(Event, frozen=True, tag="gap"):
    """Samples that never came."""

    stream: str
    start_s: float
    end_s: float
    samples: int


class TargetChanged(Event, frozen=True, tag="target"):
    """A target or a reference changed, visibly."""

    t_s: float
    side: Side
    pct: float
    why: str


class Rating(Event, frozen=True, tag="rating"):
    """A number the person gave."""

    t_s: float
    kind: Literal["pain", "felt", "effort"]
    value: float


class Note(Event, frozen=True, tag="note"):
    """Free text, or something the session itself has to say."""

    t_s: float
    text: str


class Act(Event, frozen=True, tag="act"):
    """Something was done that changes how the session goes; a replay does it again at the same time."""

    t_s: float
    """A tick of session time: the ticks up to it were judged before, the next one after it."""
    what: ActKind
    by: Actor = "person"
    side: Side | None = None
    value: float | None = None
    why: str | None = None
    """Why the coach did it, as an identifier: ``no-effort`` or ``no-signal``."""


class Say(Event, frozen=True, tag="say"):
    """What the coach tells now; window and voice find the words for it in the language of the person."""

    t_s: float
    what: SayKind
    value: int | str | None = None
    """A number (of a count, seconds or a set), a side, or the id of a hint."""


class Step(Event, frozen=True, tag="step"):
    """What a guided calibration asks for from here on."""

    t_s: float
    step: str
    phase: Literal["wait", "ready", "do", "relax"]
    side: SideOrBoth | None = None


class Percentiles(msgspec.Struct, frozen=True):
    """Milliseconds."""

    p50: float
    p95: float
    p99: float


class Latency(Event, frozen=True, tag="latency"):
    """How old the picture and the sound are; host time, so not part of the byte-for-byte promise."""

    arrival_to_snapshot_ms: Percentiles | None
    arrival_to_paint_ms: Percentiles | None
    decision_to_sound_ms: Percentiles | None


class Summary(Event, frozen=True, tag="summary"):
    """Last line of every session."""

    attempts: int
    reps: int
    clean_reps: int
    woke: bool
    wake_up_squeezes: int | None
    sleeping_side: SideOrBoth | None
    fired_pct: dict[str, float | None]
    lsi_pct: float | None
    lag_ms: float | None
    recording: str | None
    lost_pct: float | None
    synchrony_pct: float | None = None
    """Share of the reps with a lag in which both sides started within 100 ms."""
    wake_up_tried: int | None = None
    """Squeezes of the wake-up phase, up to that which ended it; None in lines of older versions."""
    woke_after_hint: str | None = None
    """Id of the hint in force when the run began that ended it; tomorrow starts with it."""


AnyEvent = (
    SessionStarted | Attempt | Rep | Cue | StateChanged | Quality | LinkChanged | Gap | TargetChanged | Rating | Note
    | Act | Say | Step | Latency | Summary
)  # fmt: skip

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyEvent)


def to_json(event: Event) -> bytes:
    """Encode one event as one line without its line end."""
    return _encoder.encode(event)


def from_json(line: bytes | str) -> AnyEvent:
    """Decode one line; raises `msgspec.ValidationError` with the place that is wrong."""
    event: AnyEvent = _decoder.decode(line)
    return event


def json_schema() -> dict[str, object]:
    """Make the JSON Schema of one line."""
    schema = msgspec.json.schema(AnyEvent)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "GluteWake line, version 1", **schema}
