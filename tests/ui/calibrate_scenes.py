"""The Calibrate page in each of its steps, with invented people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.session.calibrating.steps import MVC_POSITIONS, rest
from app.session.calibrating.unfinished import FinishedStep, Unfinished
from app.session.calibrating.view import PAIN_KEYS, CalibrationView, Question, SideLive
from app.session.calibration import Calibration
from app.session.clench import ClenchTest
from app.session.contact import TEXTS
from app.session.events import Side, Verdict
from tests.rigs.calibration_views import HARDENED, RECORD, STEP_KEYS, SWAPPED
from tests.rigs.electrodes import electrode, humming
from tests.ui.scenes import NOT_YET, StagedSource, traces
from tests.ui.sensor_scenes import unit
from tests.ui.staged_desks import StagedCalibration

IN_FORCE = Calibration(
    "earlier", "best-clench", {"left": 3e-6, "right": 3e-6}, {"left": 52e-6, "right": 60e-6}, age_s=720.0
)


def live(uv: float, *, works: bool = False, verdict: Verdict = "ok") -> SideLive:
    """One side now, on a scale of 100 µV."""
    return SideLive(uv * 1e-6, uv / 100.0, verdict, TEXTS[verdict], works, 0.08)


QUIET: dict[Side, SideLive] = {"left": live(3.1), "right": live(2.8)}
STEP = CalibrationView(
    "quick", "contact", 1, 9, None, "prone", "wait", "Lie comfortably, as for the exercise, and let both legs rest.",
    phase_left_s=7.2, step_left_s=7.2, total_left_s=87.0, step_s=10.0, live=QUIET, keys=STEP_KEYS, space="go-on",
    full=100e-6,
)  # fmt: skip
TAP = replace(
    STEP, step="tap-left", number=3, side="left", phase="do",
    line="Tap the left pad three times, or let somebody press it.", detail="Only that pad; leave the muscles soft.",
    phase_left_s=3.0, step_left_s=3.0, step_s=5.0, total_left_s=66.0, keys=(*STEP_KEYS, "swap"), taps=2,
    touched="left",
)  # fmt: skip
SQUEEZE = replace(
    STEP, step="squeeze-left", number=5, side="left", phase="do", line="Squeeze your left cheek alone.",
    detail="It is fine if the other side joins in, or nothing comes yet.", phase_left_s=2.0, step_left_s=3.0,
    step_s=10.0, total_left_s=42.0, live={"left": live(36.0, works=True), "right": live(4.0)},
    keys=(*STEP_KEYS, "hurts"),
)  # fmt: skip
HARDEN = replace(
    STEP, step="squeeze-right", number=6, side="right", phase="do", line="Squeeze your right cheek alone.",
    detail="It is fine if the other side joins in, or nothing comes yet.", phase_left_s=5.0, step_left_s=6.0,
    total_left_s=36.0, live={"left": live(3.3), "right": live(48.0, works=True)}, question=HARDENED,
    results={"left": "no-signal"}, space="no", keys=(*STEP_KEYS, "hurts"), sentences=("Left: no signal yet.",),
)  # fmt: skip
BOTH = replace(
    STEP, step="squeeze-both", number=8, side="both", phase="do", line="Squeeze both cheeks, comfortably firm.",
    detail="Squeeze 2 of 3.", phase_left_s=4.0, step_left_s=7.0, step_s=11.0, total_left_s=18.0,
    live={"left": live(30.0, works=True), "right": live(61.0, works=True)},
    results={"left": "with-the-other", "right": "alone"}, keys=(*STEP_KEYS, "hurts"),
    sentences=("Left: joins in, both sides together.", "Right: joins alone."),
)  # fmt: skip
DONE = replace(
    STEP, step="done", number=9, line="Done. Keep the pads on and begin the exercise.", phase_left_s=0.0,
    step_left_s=0.0, total_left_s=0.0, results={"left": "with-the-other", "right": "alone"}, keys=(), space=None,
    finished=True, record=RECORD,
    sentences=(
        "Left: joins in, both sides together.", "Right: joins alone.",
        "Best squeezes: left 20 µV, right 60 µV; left over right 0.33. Pads, skin and what lies beneath them change "
        "this number too.",
        "The left's best clench is itself smaller, so its bar reads higher than it should.",
    ),
)  # fmt: skip
SCALE = Question(
    "scale", "left", "Show the left on the right's scale?",
    (("scale-left", "Scale the left to the right"), ("no", "Keep its own")),
)  # fmt: skip
PAIN = Question(
    "pain", None, "How much does it hurt now, from 0 (not at all) to 10?",
    tuple((key, key.removeprefix("pain-")) for key in PAIN_KEYS),
)  # fmt: skip
LOST = "No contact: wipe the skin dry, press the pads on for five seconds; if they come off, use new ones."


def showing(view: CalibrationView | None, in_force: Calibration | None = None) -> Callable[[], StagedSource]:
    """A source in this step."""
    return lambda: StagedSource(
        calibration=StagedCalibration(view, in_force=in_force), unit_views=(unit("left"), unit("right"))
    )


TAPS = (5.0, 5.34, 72), (7.6, 7.94, 68)


def _tapping() -> StagedSource:
    staged = showing(TAP)()
    staged.now = replace(NOT_YET, traces=traces(TAPS, ()))
    return staged


def _tapping_the_other() -> StagedSource:
    staged = showing(replace(TAP, taps=0, touched="right"))()
    staged.now = replace(NOT_YET, traces=traces((), TAPS))
    return staged


def _raw() -> StagedSource:
    staged = showing(BOTH)()
    staged.electrode_views = (electrode(), humming())
    return staged


CLENCHED = replace(
    DONE,
    kind="clench-test",
    record=None,
    sentences=DONE.sentences[:2],
    line="Done. Do it again next week, in the same position, to see what changes.",
)


def _clenched_again() -> StagedSource:
    staged = showing(CLENCHED)()
    staged.calibration.clench_before = ClenchTest(
        "2026-11-13T09:00:00+00:00", None, False, (), "gluteus maximus", "prone", {"left": "not-yet", "right": "alone"}
    )
    return staged


def _broken_off() -> StagedSource:
    staged = showing(None, IN_FORCE)()
    nothing = FinishedStep(rest(10.0), (), (), (), {}, {})
    since = (datetime.now(UTC) - timedelta(minutes=4)).isoformat()
    staged.calibration.unfinished = Unfinished(
        "quick", ("left", "right"), (), None, False, "prone", 9, (nothing,) * 6, broken_off_utc=since
    )
    return staged


CALIBRATE_SCENES: dict[str, Callable[[], StagedSource]] = {
    "calibrate-choose": showing(None, IN_FORCE),
    "calibrate-first": showing(None),
    "calibrate-contact": showing(
        replace(
            STEP,
            detail=f"Right: {LOST}",
            full=None,
            live={"left": replace(QUIET["left"], line=None), "right": SideLive(None, None, "no-contact", LOST, False)},
        )
    ),
    "calibrate-rest": showing(
        replace(STEP, step="rest", number=2, line="Rest: let both cheeks go quite soft.", total_left_s=76.0)
    ),
    "calibrate-tap": _tapping,
    "calibrate": showing(SQUEEZE),
    "calibrate-found": showing(
        replace(
            SQUEEZE,
            phase="relax",
            phase_left_s=1.0,
            step_left_s=1.0,
            total_left_s=40.0,
            found="alone",
            results={"left": "with-the-other"},
        )
    ),
    "calibrate-tap-other": _tapping_the_other,
    "calibrate-harden-live": showing(HARDEN),
    "calibrate-harden": showing(
        replace(HARDEN, step="answers", number=9, side=None, phase="wait", line="One question is open.", live=QUIET)
    ),
    "calibrate-swapped": showing(replace(HARDEN, question=SWAPPED, space="swap")),
    "calibrate-both": showing(BOTH),
    "calibrate-raw": _raw,
    "calibrate-go-on": _broken_off,
    "calibrate-helpers": showing(replace(DONE, keys=("helpers",))),
    "calibrate-helper": showing(
        replace(
            BOTH,
            step="compensator",
            side=None,
            line="Pull both heels towards you, against resistance.",
            detail="",
            number=11,
            total=13,
            total_left_s=18.0,
        )
    ),
    "calibrate-lost": showing(
        replace(
            BOTH,
            interrupted=f"Right: {LOST} Finished steps are kept; this one begins anew by itself.",
            live={**BOTH.live, "right": SideLive(None, None, "no-contact", LOST, False)},
        )
    ),
    "calibrate-paused": showing(replace(BOTH, paused=True)),
    "calibrate-mvc": showing(
        replace(
            BOTH,
            kind="full",
            step="mvc-left",
            number=12,
            total=22,
            side="left",
            position=MVC_POSITIONS[0],
            line="Squeeze the left cheek as hard as you can.",
            total_left_s=312.0,
            detail=f"{MVC_POSITIONS[0].capitalize()}. Try 2. Stop at once if it hurts.",
        )
    ),
    "calibrate-pain": showing(
        replace(STEP, kind="full", step="pain", line="Does anything hurt now?", question=PAIN, space=None)
    ),
    "calibrate-done": showing(DONE),
    "calibrate-scale": showing(replace(DONE, question=SCALE, space="no")),
    "calibrate-nothing": showing(
        replace(
            DONE,
            record=None,
            results={},
            line="Nothing was measured; check the contact and begin again.",
            sentences=(f"Left: {LOST}", f"Right: {LOST}"),
        )
    ),
    "calibrate-clench": showing(CLENCHED),
    "calibrate-clench-again": _clenched_again,
}
