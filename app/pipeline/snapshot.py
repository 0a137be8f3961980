"""`Snapshot`: everything the screen shows, frozen, cut by the engine and pulled by whoever draws.

There is only ever the newest one. It is published by one attribute assignment and read by one attribute read, so
no lock is needed and a slow screen never sees the past.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.session.course import PauseReason, Stage
from app.session.events import CueKind, Feedback, PhaseKind, Rep, Scheme, Side, SideOrBoth, SideState, Verdict
from app.session.story import Story

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SideView:
    """One pillar.

    Attributes
    ----------
    level_pct : float or None
        Height of the bar in % of the reference; None when there is no signal. Never clipped here.
    level_raw : float or None
        The same level in the stream's unit (V or counts), for a device without a reference yet.
    unit : str
        ``'uV'`` if ``level_raw`` is in volts, ``'counts'`` if the gain is unknown.
    state : str
        The word on the pillar, see design section 4.
    joined_late : bool
        True while "joins late" stands (from joining late until that attempt ends).
    target_pct, attempt_pct : float
        The goal line and the attempt line, in % of the reference.
    peak_pct : float or None
        Highest level of the running or last attempt; None before the first.
    onset_s : float or None
        Onset in the running attempt, seconds from the start of the source.
    verdict, verdict_text : str
        Contact in one word and in one sentence with its remedy.
    band_top_pct : float or None
        Where the band of the strong side ends, which has no goal to pass; None on the other side.
    """

    level_pct: float | None
    level_raw: float | None
    unit: str
    state: SideState
    joined_late: bool
    target_pct: float
    attempt_pct: float
    peak_pct: float | None
    onset_s: float | None
    verdict: Verdict
    verdict_text: str
    band_top_pct: float | None = None


@dataclass(frozen=True, slots=True)
class CompensatorView:
    """One small bar: ``word`` is quiet, working, eased or taking over."""

    site: str
    level_pct: float | None
    line_pct: float
    word: str


@dataclass(frozen=True, slots=True)
class CueView:
    """The one cue that stands now."""

    side: SideOrBoth
    kind: CueKind
    t_s: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the person is in the programme.

    Attributes
    ----------
    phase : str
        ``check``, ``wake-up``, ``work`` or ``free``.
    resting : bool
        True in a planned rest; ``rest_left_s`` counts down.
    set_number, set_total : int or None
        The running set and how many there are, where the phase has sets.
    done, total : int or None
        Attempts (wake-up) or counted reps done, and how many are asked for; total None if open-ended.
    hold_s, hold_total_s : float or None
        Seconds held and asked for in a hold; None elsewhere.
    finished : bool
        True once the last phase is over.
    scheme : str
        Which sides this set compares: ``both``, ``left`` or ``right``.
    feedback : str
        ``full``, ``bandwidth`` or ``none``: with ``none`` the bars are not drawn (a check).
    stage : str
        What the session does now.
    countdown_s : float or None
        Seconds until the first set; None outside a countdown.
    asks_felt : bool
        Whether the person is asked where it is felt.
    pause_reason : str or None
        Why it paused by itself: ``no-effort`` or ``no-signal``; None where a person did it.
    ask : str
        What to do in this phase, in English; empty where the set-up says it.
    """

    phase: PhaseKind
    resting: bool
    rest_left_s: float | None
    set_number: int | None
    set_total: int | None
    done: int
    total: int | None
    hold_s: float | None
    hold_total_s: float | None
    finished: bool
    scheme: Scheme
    feedback: Feedback
    stage: Stage = "going"
    countdown_s: float | None = None
    asks_felt: bool = False
    pause_reason: PauseReason | None = None
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Flags:
    """What holds over the last reps; shown as one line between reps.

    ``weak_undecided`` stands for "cannot tell yet: three more squeezes for reference"; ``late_count`` and
    ``weak_count`` are (failed, looked at) over the last reps of the flagged side.
    """

    late: Side | None = None
    weak: Side | None = None
    sleeping_side: SideOrBoth | None = None
    compensating: tuple[str, ...] = ()
    weak_undecided: bool = False
    late_count: tuple[int, int] = (0, 0)
    weak_count: tuple[int, int] = (0, 0)
    woke_at: int | None = None
    """Number of the first attempt of the run that ended the wake-up phase."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The last ten seconds of one site, one value per 5 ms hop, oldest first; NaN where there is no signal.

    Attributes
    ----------
    site : str
    level_pct, low_pct, high_pct : ndarray of float32, shape (n_hops,)
        Envelope, and least and greatest band-passed sample of each hop, in % of the reference.
    onsets_s : tuple of float
        Onsets within the window, seconds from the start of the source.
    """

    site: str
    level_pct: Float32Array
    low_pct: Float32Array
    high_pct: Float32Array
    onsets_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the screen shows.

    Attributes
    ----------
    t_s : float
        Source time of the newest hop, seconds from the start of the source.
    received_ns : int
        ``perf_counter_ns`` when the block that holds that hop reached the hub; 0 if unpaced.
    position : str
    simulated : bool
    method : str or None
        How the reference was made; None before there is one, then the pillars show ``level_raw``.
    sides : mapping of side to SideView
    compensators : tuple of CompensatorView
    attempt_open, together : bool
        ``together``: every working side joined in time in this attempt; stands for a moment after it.
    cue : CueView or None
    hint : str or None
        What to try, one small line beneath the cue; the English text of the programme.
    order : tuple of str
        Sites in the order in which they joined in the running or last attempt.
    progress : Progress
    flags : Flags
    last_rep : Rep or None
    timing_in_s : float or None
        Seconds until the clocks of two units are aligned ("timing in 20 s"); None when lag is known.
    traces : tuple of Trace
        Of left and right. ``trace_end_s`` is the source time of their right edge.
    go_times_s : tuple of float
        Goes of a paced tempo within the window of the traces.
    n_lost, n_received : int
        Samples since the start, over all streams.
    story : Story or None
        What happened in the set or phase that ended last; None before the first.
    """

    t_s: float
    received_ns: int
    position: str
    simulated: bool
    method: str | None
    sides: dict[Side, SideView]
    compensators: tuple[CompensatorView, ...]
    attempt_open: bool
    together: bool
    cue: CueView | None
    hint: str | None
    order: tuple[str, ...]
    progress: Progress
    flags: Flags
    last_rep: Rep | None
    timing_in_s: float | None
    traces: tuple[Trace, ...]
    trace_end_s: float
    go_times_s: tuple[float, ...]
    n_lost: int
    n_received: int
    story: Story | None = None
