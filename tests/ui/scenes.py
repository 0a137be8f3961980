"""Hand-made snapshots: the Train page in each of its states, with invented numbers, and a source that serves them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from app.pipeline.condition import Sync
from app.pipeline.electrodes import ElectrodeView
from app.pipeline.health import Health, LinkView
from app.pipeline.mains import Power
from app.pipeline.programmes import load_programme
from app.pipeline.snapshot import CompensatorView, CueView, Flags, Progress, SideView, Snapshot, Trace
from app.pipeline.units import UnitView
from app.recording.status import RecordingStatus
from app.session.course import Stage
from app.session.events import (
    Act,
    ActKind,
    CueKind,
    LagStatus,
    MainsAnswer,
    Percentiles,
    Rep,
    Side,
    SideOrBoth,
    SideState,
    Verdict,
)
from app.session.programme import Programme
from app.session.story import Joining, Story
from drivers.types import LinkState
from tests.ui.setup_staged import StagedData, StagedPeople, StagedPlan, StagedSetup
from tests.ui.staged_desks import StagedCalibration, StagedCare, StagedKits, StagedRescue, StagedSensors

Bursts = Sequence[tuple[float, float, float]]

N_HOPS = 2000
HOP_S = 0.005
END_S = 60.0
FULL: Bursts = ((0.5, 1.8, 60), (3.0, 4.4, 64), (5.6, 7.0, 58), (8.3, 10.8, 62))
LATE: Bursts = ((0.68, 1.8, 50), (3.18, 4.4, 53), (5.78, 7.0, 50), (8.48, 10.8, 50))
TOGETHER: Bursts = ((0.52, 1.8, 52), (3.03, 4.4, 55), (5.61, 7.0, 57), (8.32, 10.8, 58))
LOW: Bursts = tuple((start, stop, 32) for start, stop, _ in TOGETHER)
SLIGHT: Bursts = ((0.81, 1.7, 11), (3.24, 4.3, 15), (5.812, 6.9, 22), (8.6, 10.8, 3))


def trace(site: str, bursts: Bursts, *, seed: int, lost_from_s: float | None = None, rest_pct: float = 2.5) -> Trace:
    """Ten seconds of bursts given as (start, stop, % of the reference)."""
    random = np.random.default_rng(seed)
    time_s = HOP_S * np.arange(N_HOPS)
    level = np.full(N_HOPS, rest_pct)
    for start, stop, pct in bursts:
        rise = 1 / (1 + np.exp(-(time_s - start - 0.06) / 0.025))
        fall = 1 / (1 + np.exp((time_s - stop + 0.1) / 0.045))
        level += pct * rise * fall * (1 + 0.1 * np.convolve(random.standard_normal(N_HOPS), np.ones(21) / 9, "same"))
    low, high = -level * (1.2 + 1.6 * random.random(N_HOPS)), level * (1.2 + 1.6 * random.random(N_HOPS))
    if lost_from_s is not None:
        for series in (level, low, high):
            series[time_s >= lost_from_s] = np.nan
    onsets = tuple(END_S - 10 + start for start, _, pct in bursts if pct > 8 and start < (lost_from_s or 10))
    return Trace(site, level.astype(np.float32), low.astype(np.float32), high.astype(np.float32), onsets)


def side(
    level: float | None, state: SideState, *, peak: float | None = None, late: bool = False, target: float = 45.0,
    verdict: Verdict = "ok", text: str = "", raw: float | None = None,
) -> SideView:  # fmt: skip
    """One pillar."""
    return SideView(level, raw, "uV", state, late, target, 8.0, peak, None, verdict, text)


def both(left: SideView, right: SideView) -> dict[Side, SideView]:
    """Both pillars."""
    return {"left": left, "right": right}


def compensators(
    hamstring: tuple[float, float, str], back: tuple[float, float, str] = (30, 34, "quiet")
) -> tuple[CompensatorView, ...]:
    """Hamstrings and low back as (left, right, word)."""
    return tuple(
        CompensatorView(f"{muscle}-{where}", level, 60.0, word if level > 60 or word != "taking over" else "quiet")
        for muscle, (left, right, word) in (("hamstring", hamstring), ("erector", back))
        for where, level in (("left", left), ("right", right))
    )


EASED = compensators((22, 20, "eased"), (14, 15, "eased"))


def rep(lsi: float | None, lag: float | None, status: LagStatus = "ok") -> Rep:
    """The last rep, as far as the screen shows it."""
    return Rep(
        index=11, set=None, phase="wake-up", scheme="both", start_s=50.0, end_s=51.3, counted=True, clean=False,
        not_clean=[], lag_ms=lag, lag_pm_ms=6.0 if lag is not None else None, late=None, lag_status=status,
        lsi_pct=lsi, lsi_pm_pct=5.0 if lsi is not None else None, weaker="left", lr_log=None, ref="best-clench",
        target_pct={"left": 45.0, "right": 45.0}, feedback="full", hint=None, sides={}, compensators={},
    )  # fmt: skip


QUIET = both(side(2, "quiet"), side(3, "quiet"))
STORY = Story(
    set_number=3, n=20, sides={"left": Joining(14, 20, 12), "right": Joining(20, 20, 5)}, about="left", lag_ms=128.0,
    later="left", lsi_pct=86.0, weaker="left", n_together=11, woke_at=None, hint=None, next="together",
    each=tuple(
        (None if number % 7 < 2 else 30.0 + 1.6 * number - 4 * (number % 3), 58.0 - 3 * (number % 4))
        for number in range(20)
    ),
)  # fmt: skip
WAKE_UP = Progress("wake-up", False, None, None, None, 12, 30, None, None, False, "both", "full")
WORK = replace(WAKE_UP, phase="work", set_number=1, set_total=3, done=8, total=20)

NOT_YET = Snapshot(
    t_s=END_S, received_ns=0, position="prone", simulated=False,
    method="best-clench", sides={"left": side(4, "asleep"), "right": side(62, "firing", peak=67)},
    compensators=compensators((42, 38, "quiet")), attempt_open=True, together=False,
    cue=CueView("left", "not-firing", END_S), hint=None, order=("right", "hamstring-right", "left"), progress=WAKE_UP,
    flags=Flags(sleeping_side="left"), last_rep=rep(38, 212), timing_in_s=None,
    traces=(trace("left", SLIGHT, seed=3), trace("right", FULL, seed=4)), trace_end_s=END_S, go_times_s=(), n_lost=0,
    n_received=120_000,
)  # fmt: skip


def cued(kind: CueKind, who: SideOrBoth, **changes: object) -> Snapshot:
    """The not-yet scene with another cue."""
    return replace(NOT_YET, cue=CueView(who, kind, END_S), **changes)  # type: ignore[arg-type]


def traces(left: Bursts, right: Bursts = FULL) -> tuple[Trace, Trace]:
    """Both traces."""
    return trace("left", left, seed=3), trace("right", right, seed=4)


SCENES: dict[str, Snapshot] = {
    "train": NOT_YET,
    "train-together": replace(
        NOT_YET, sides={"left": side(58, "firing", peak=64), "right": side(61, "firing", peak=67)}, cue=None,
        together=True, compensators=EASED, order=("left", "right", "hamstring-left"),
        progress=replace(WAKE_UP, done=24), flags=Flags(sleeping_side="left", woke_at=20), last_rep=rep(95, 14),
        traces=traces(TOGETHER),
    ),
    "train-both-not-yet": cued(
        "not-firing", "both", sides={"left": side(3, "asleep"), "right": side(4, "asleep")},
        hint="Inner heels, not ankle bones", compensators=compensators((52, 55, "working")),
        order=("hamstring-right", "erector-left"), progress=replace(WAKE_UP, done=7), flags=Flags(sleeping_side="both"),
        last_rep=None, traces=traces((), ()), go_times_s=(50.4, 54.4, 58.4),
    ),
    "train-late": cued(
        "late", "left", sides={"left": side(49, "firing", late=True), "right": side(61, "firing", peak=67)},
        hint="Picture that cheek before you press", compensators=EASED, order=("right", "left", "hamstring-left"),
        progress=WORK, flags=Flags(late="left", late_count=(3, 4)), last_rep=rep(86, 180), traces=traces(LATE),
    ),
    "train-weak": cued(
        "low", "left",
        sides={"left": side(33, "weak", peak=37), "right": replace(side(60, "firing", peak=67), band_top_pct=92.0)},
        compensators=EASED, order=("right", "left", "hamstring-left"), progress=replace(WORK, done=11),
        flags=Flags(weak="left", weak_count=(4, 5)), last_rep=rep(56, 22), traces=traces(LOW),
    ),
    "train-compensator": cued(
        "compensating", "left", sides={"left": side(50, "firing"), "right": side(58, "firing", peak=64)},
        hint="Press half as hard, fingers on the cheek", compensators=compensators((86, 34, "taking over")),
        order=("hamstring-left", "right", "left"), progress=replace(WORK, done=14),
        flags=Flags(compensating=("hamstring-left",)), last_rep=rep(87, 31), traces=traces(TOGETHER),
    ),
    "train-rest": replace(
        NOT_YET, sides={"left": side(2, "quiet"), "right": side(3, "quiet")}, attempt_open=False, cue=None,
        compensators=EASED[:2], order=("right", "left", "hamstring-left"),
        progress=replace(WORK, resting=True, rest_left_s=42.0, stage="rest", done=20),
        flags=Flags(late="left", late_count=(3, 4)),
        last_rep=rep(91, 28), traces=traces(TOGETHER[:2], FULL[:2]),
    ),
    "train-hold": cued(
        "fading", "left", sides={"left": side(38, "fading", peak=56), "right": side(57, "firing", peak=62)},
        compensators=EASED, order=("right", "left", "hamstring-left"),
        progress=replace(WORK, set_total=1, done=2, total=10, hold_s=7.2, hold_total_s=10.0), flags=Flags(),
        last_rep=rep(81, 24), traces=traces(((2.92, 10.8, 53),), ((2.9, 10.8, 60),)),
    ),
    "lost": replace(
        NOT_YET, sides={
            "left": side(None, "no-signal", verdict="no-contact"), "right": side(3, "quiet"),
        }, attempt_open=False, cue=None,
        traces=(trace("left", ((0.52, 1.8, 30), (3.03, 4.4, 32)), seed=3, lost_from_s=5.6),
                trace("right", (*FULL[:3], (8.3, 9.2, 62)), seed=4)),
    ),
    "train-ready": replace(
        NOT_YET, sides=QUIET, attempt_open=False, cue=None, compensators=(), order=(), last_rep=None, flags=Flags(),
        progress=replace(WAKE_UP, stage="ready", done=0), traces=traces((), ()),
    ),
    "train-countdown": replace(
        NOT_YET, sides=QUIET, attempt_open=False, cue=None, compensators=(), order=(), last_rep=None, flags=Flags(),
        progress=replace(WAKE_UP, stage="countdown", countdown_s=14.0, done=0), traces=traces((), ()),
    ),
    "train-paused": replace(
        NOT_YET, sides=QUIET, attempt_open=False, cue=None, flags=Flags(late="left", late_count=(3, 4)),
        progress=replace(WORK, stage="paused", pause_reason="no-effort"), traces=traces(TOGETHER[:2], FULL[:2]),
    ),
    "train-told": replace(
        NOT_YET, sides=QUIET, attempt_open=False, cue=None, compensators=EASED, story=STORY,
        progress=replace(WORK, resting=True, rest_left_s=42.0, stage="rest", done=20), last_rep=rep(91, 28),
        traces=traces(TOGETHER[:2], FULL[:2]),
    ),
    "train-felt": replace(
        NOT_YET, sides=QUIET, attempt_open=False, cue=None, compensators=(), order=(), story=STORY,
        progress=replace(WORK, resting=True, rest_left_s=42.0, stage="rest", done=20, asks_felt=True),
        traces=traces(TOGETHER[:2], FULL[:2]),
    ),
    "train-summary": replace(
        NOT_YET, sides=QUIET, attempt_open=False, cue=None, compensators=(), order=(), story=STORY,
        progress=replace(WORK, stage="finished", finished=True, done=0), traces=traces(TOGETHER[:2], FULL[:2]),
    ),
    "first-seconds": replace(
        NOT_YET, t_s=4.0, trace_end_s=4.0, method=None, simulated=True, cue=None, attempt_open=False, last_rep=None,
        sides={"left": side(None, "quiet", raw=4.2e-6), "right": side(None, "quiet", raw=6.1e-6)}, compensators=(),
        order=(), progress=replace(WAKE_UP, done=0), flags=Flags(),
    ),
}  # fmt: skip


@dataclass
class StagedSource:
    """A session that shows what it is told to."""

    now: Snapshot | None = NOT_YET
    title: str = "Prone ankle squeeze"
    muted: bool = False
    no_sound: str = ""
    acts: list[Act] = field(default_factory=list)
    trained: list[str] = field(default_factory=list)
    trouble: str | None = None
    status: RecordingStatus = field(default_factory=lambda: RecordingStatus("recording", recorded_s=751.0))
    link: LinkState = LinkState.STREAMING
    reason: str = ""
    lost_pct: float | None = 0.0
    painted: list[Snapshot] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    sensors: StagedSensors = field(default_factory=StagedSensors)
    care: StagedCare = field(default_factory=StagedCare)
    calibration: StagedCalibration = field(default_factory=StagedCalibration)
    kits: StagedKits = field(default_factory=StagedKits)
    referral: StagedRescue = field(default_factory=StagedRescue)
    rescue: StagedRescue = field(default_factory=StagedRescue)
    programme: Programme | None = field(default_factory=partial(load_programme, "prone-ankle-squeeze"))
    first_start: bool = False
    setup: StagedSetup = field(default_factory=StagedSetup)
    people: StagedPeople = field(default_factory=StagedPeople)
    data: StagedData = field(default_factory=StagedData)
    plan: StagedPlan = field(default_factory=StagedPlan)
    unit_views: tuple[UnitView, ...] = ()
    electrode_views: tuple[ElectrodeView, ...] = ()
    clocks: Sync | None = None
    power: Power | None = None
    answered: list[MainsAnswer] = field(default_factory=list)
    muscle: str = "gluteus maximus"
    recordings: Path = Path("no recordings")

    @property
    def sign(self) -> str:
        """See `SessionSource`."""
        return "Simulated person" if self.now is not None and self.now.simulated else ""

    def start(self, pain: int | None) -> None:
        """See `SessionSource`."""
        self.care.rate_pain(pain)

    def snapshot(self) -> Snapshot | None:
        """See `SessionSource`."""
        return self.now

    def health(self) -> Health:
        """See `SessionSource`."""
        ms = Percentiles(20.0, 41.0, 50.0)
        link = LinkView("sim:waking-left", ("left", "right"), self.link, self.reason, 0)
        return Health((link,), self.lost_pct, 0, 1000, 0, 0, ms, ms, None)

    def units(self) -> tuple[UnitView, ...]:
        """See `SessionSource`."""
        return self.unit_views

    def guard(self) -> None:
        """See `SessionSource`; nobody listens here."""

    def sync(self) -> Sync | None:
        """See `SessionSource`."""
        return self.clocks

    def electrodes(self) -> tuple[ElectrodeView, ...]:
        """See `SessionSource`."""
        return self.electrode_views

    def mains_question(self) -> Power | None:
        """See `SessionSource`."""
        return self.power

    def answer_mains(self, answer: MainsAnswer) -> None:
        """See `SessionSource`."""
        self.answered.append(answer)
        self.power = None

    def try_again(self) -> None:
        """See `SessionSource`."""
        self.sensors.asked.append("try again")

    def recording(self) -> RecordingStatus:
        """See `SessionSource`."""
        return self.status

    def problem(self) -> str | None:
        """See `SessionSource`."""
        return self.trouble

    def sound_status(self) -> str:
        """See `SessionSource`."""
        return self.no_sound

    def train(self, programme: Programme) -> None:
        """See `SessionSource`."""
        self.trained.append(programme.id)

    def do(self, act: Act) -> None:
        """See `SessionSource`; what a session would do at once, this one does."""
        self.acts.append(act)
        leads_to: dict[ActKind, Stage] = {
            "start": "countdown", "pause": "paused", "go-on": "going", "end-rest": "going", "stop": "stopped",
        }  # fmt: skip
        if self.now is not None and act.what in leads_to:
            self.now = replace(self.now, progress=replace(self.now.progress, stage=leads_to[act.what]))

    @property
    def paused(self) -> bool:
        """Whether the person let it wait."""
        return self.now is not None and self.now.progress.stage == "paused"

    def set_muted(self, muted: bool) -> None:
        """See `SessionSource`."""
        self.muted = muted

    def speak(self, text: str) -> None:
        """See `SessionSource`."""
        self.spoken.append(text)

    def note_painted(self, snapshot: Snapshot, painted_ns: int) -> None:
        """See `SessionSource`."""
        self.painted.append(snapshot)
