"""`CalibrationView`: what a guided calibration shows at one moment, frozen, and the keys that answer it.

Whoever shows it draws the newest view and hands back keys; nothing about a calibration is decided anywhere else. All
sentences are English and whole; a translation takes them as its keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from app.session.calibration import Calibration, SideResult
from app.session.events import Side, SideOrBoth, Verdict

Kind = Literal["quick", "full", "daily", "clench-test"]
StepId = Literal[
    "pain", "contact", "rest", "tap-left", "tap-right", "squeeze-left", "squeeze-right", "squeeze-both",
    "mvc-left", "mvc-right", "pause", "compensator", "answers", "done",
]  # fmt: skip
"""``squeeze-left`` and ``-right`` ask what each cheek does by itself, ``squeeze-both`` is one comfortable squeeze of
the reference, ``mvc-*`` one maximal try, ``pause`` the rest between maximal tries, ``compensator`` one squeeze of a
helping muscle, ``answers`` a last moment for open questions."""
Phase = Literal["wait", "ready", "do", "relax"]
"""``wait``: nothing to do but what the line says; ``ready``: about to begin; ``do``: now; ``relax``: let go."""
Key = Literal[
    "go-on", "redo", "back", "pause", "yes", "no", "swap", "scale-left", "scale-right", "hurts", "end", "helpers",
    "pain-0", "pain-1", "pain-2", "pain-3", "pain-4", "pain-5", "pain-6", "pain-7", "pain-8", "pain-9", "pain-10",
]  # fmt: skip
"""``go-on`` skips what is left of a step; ``redo`` does the running step again; ``back`` the one before; ``pause``
pauses and goes on again; ``swap`` exchanges left and right, in the question for it and during a tap; ``scale-left``
shows the left on the right's scale; ``hurts`` cancels a try; ``end`` stops with what is there; ``helpers`` goes on,
after the end, with a squeeze of each helping muscle."""
QuestionId = Literal["pain", "swapped", "hardened", "scale"]
PAIN_KEYS: Final[tuple[Key, ...]] = (
    "pain-0", "pain-1", "pain-2", "pain-3", "pain-4", "pain-5", "pain-6", "pain-7", "pain-8", "pain-9", "pain-10",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """Something that no signal tells.

    Attributes
    ----------
    id : str
        ``pain``, ``swapped``, ``hardened`` or ``scale``.
    side : str or None
        The side that it is about.
    text : str
        The whole question.
    answers : tuple of (Key, str)
        What can be pressed, and what to write on each key. A question never blocks; unanswered it stays open.
    """

    id: QuestionId
    side: Side | None
    text: str
    answers: tuple[tuple[Key, str], ...]


@dataclass(frozen=True, slots=True)
class SideLive:
    """One side now.

    Attributes
    ----------
    level : float or None
        RMS of 100 ms in the stream's unit (V or counts); None where there is no signal.
    bar : float or None
        Height from 0 to 1.2: `level` over the full scale, which is one for both sides, so that a sleeping side stays
        low. None where there is no signal.
    verdict : str or None
        Contact in one word; None until it is known.
    text : str
        Contact in one sentence with its remedy; empty until it is known.
    works : bool
        True while the muscle is clearly above rest.
    line : float or None
        Height from which on it is; None while rest or the scale is not known.
    """

    level: float | None
    bar: float | None
    verdict: Verdict | None
    text: str
    works: bool
    line: float | None = None


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """Everything that a calibration shows.

    Attributes
    ----------
    kind : str
        ``quick``, ``full``, ``daily`` or ``clench-test``.
    step : str
        The running step; ``done`` at the end.
    number, total : int
        Which step this is, counted from 1, and how many there are now (a fourth try may be added, others left out).
    side : str or None
        Whose turn it is; ``both``, or None where it is nobody's.
    position : str
        In which position the step is done, in words; empty where that does not matter.
    phase : str
        ``wait``, ``ready``, ``do`` or ``relax``; a sound belongs to each change to ``do`` and to ``relax``.
    line : str
        The one thing to do, to be read from afar and spoken when it changes.
    detail : str
        One smaller line beneath; may be empty.
    phase_left_s, step_left_s, total_left_s : float
        Seconds until the phase, the step and the whole end, if nothing comes between; 0 when done.
    step_s : float
        How long the step takes altogether, for a ring.
    live : mapping of side to SideLive
    full : float or None
        Level of a full bar in the stream's unit: 1, 2, 5, 10, ... It grows from step to step and stands still within
        one; None while nothing is known.
    taps : int
        How often the pad that is asked for was touched in this step so far.
    touched : side or None
        The pad that moved in this step, as far as one clearly did.
    found : SideResult or None
        What a squeeze of one cheek shows, from its end on while it lets go; then it stands in `results`.
    results : mapping of side to str
        ``alone``, ``with-the-other``, ``not-yet`` or ``no-signal``; sides that were not asked yet are missing.
    sentences : tuple of str
        What was found so far, for a person to read, newest last.
    keys : tuple of Key
        What may be pressed now, besides the answers of `question`.
    space : Key or None
        What the space bar means now; None for nothing.
    question : Question or None
        The oldest open question.
    paused : bool
    interrupted : str
        Why the step waits, and how to go on; empty where it does not wait. Finished steps are kept.
    exchanged : bool
        Left and right were exchanged by the key ``swap``: the sources must be, too, before the next session.
    finished : bool
    record : Calibration or None
        What was measured, as far as it makes a calibration; kept up to date with answers given after the end. Always
        None before the end, and at the end of a clench test or where no rest or squeeze was measured.
    """

    kind: Kind
    step: StepId
    number: int
    total: int
    side: SideOrBoth | None
    position: str
    phase: Phase
    line: str
    detail: str = ""
    phase_left_s: float = 0.0
    step_left_s: float = 0.0
    total_left_s: float = 0.0
    step_s: float = 0.0
    live: Mapping[Side, SideLive] = field(default_factory=dict)
    full: float | None = None
    taps: int = 0
    touched: Side | None = None
    found: SideResult | None = None
    results: Mapping[Side, SideResult] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    space: Key | None = None
    question: Question | None = None
    paused: bool = False
    interrupted: str = ""
    exchanged: bool = False
    finished: bool = False
    record: Calibration | None = None

    @property
    def lacks(self) -> tuple[Side, ...]:
        """Sides that are measured and have no reference in the record: no session can judge them by it."""
        return () if self.record is None else tuple(side for side in self.live if side not in self.record.reference)

    @property
    def usable(self) -> bool:
        """Whether a session can begin with the record."""
        return self.record is not None and not self.lacks
