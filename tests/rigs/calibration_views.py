"""A guided calibration that runs by itself without a signal: what a page can be built against."""

from collections.abc import Iterator

from app.session.calibrating.view import CalibrationView, Key, Kind, Phase, Question, SideLive, StepId
from app.session.calibration import Calibration, SideResult
from app.session.events import Side, SideOrBoth

STEP_KEYS: tuple[Key, ...] = ("go-on", "redo", "back", "pause", "end")

_QUICK: tuple[tuple[StepId, SideOrBoth | None, float, str], ...] = (
    ("contact", None, 10.0, "Lie comfortably and let both legs rest."),
    ("rest", None, 10.0, "Rest: let both cheeks go quite soft."),
    ("tap-left", "left", 5.0, "Tap the left pad three times with a finger."),
    ("tap-right", "right", 5.0, "Tap the right pad three times with a finger."),
    ("squeeze-left", "left", 10.0, "Squeeze your left cheek alone."),
    ("squeeze-right", "right", 10.0, "Squeeze your right cheek alone."),
    ("squeeze-both", "both", 11.0, "Squeeze both cheeks comfortably."),
    ("squeeze-both", "both", 11.0, "Squeeze both cheeks comfortably."),
    ("squeeze-both", "both", 11.0, "Squeeze both cheeks comfortably."),
)

HARDENED = Question(
    "hardened",
    "left",
    "Two fingers on the middle of the left cheek, squeeze: did it harden?",
    (("yes", "Yes, it hardened"), ("no", "No, it stayed soft")),
)
SWAPPED = Question(
    "swapped", None, "The left pad seems to lie on the right cheek, and the right one on the left: exchange them?",
    (("swap", "Exchange left and right"), ("no", "Leave them")),
)  # fmt: skip
RECORD = Calibration(
    "scripted", "best-clench", {"left": 4e-6, "right": 5e-6}, {"left": 20e-6, "right": 60e-6},
    {"left": [19e-6, 20e-6, 18e-6], "right": [60e-6, 55e-6, 57e-6]}, made_utc="2026-11-20T09:00:00.000+00:00",
    kind="quick", results={"left": "with-the-other", "right": "alone"},
)  # fmt: skip


def scripted_views(
    every_s: float = 0.1, kind: Kind = "quick", *, asleep: Side | None = "left"
) -> Iterator[CalibrationView]:
    """All views of a quick calibration of a person whose `asleep` side does not join, one every `every_s` seconds."""
    total_s = sum(seconds for *_, seconds, _ in _QUICK)
    results: dict[Side, SideResult] = {}
    sentences: tuple[str, ...] = ()
    done_s = 0.0
    for number, (step, side, seconds, line) in enumerate(_QUICK, 1):
        for tick in range(round(seconds / every_s)):
            t_s = tick * every_s
            squeezes = step.startswith("squeeze")
            phase: Phase = "wait"
            phase_left_s = seconds - t_s
            if squeezes:
                phase = "ready" if t_s < 3.0 else "do" if t_s < seconds - 3.0 else "relax"
                phase_left_s = {"ready": 3.0, "do": seconds - 3.0, "relax": seconds}[phase] - t_s
            elif step.startswith("tap"):
                phase = "do"
            works = {one: phase == "do" and squeezes and side in (one, "both") and one != asleep for one in _SIDES}
            yield CalibrationView(
                kind, step, number, len(_QUICK), side, "prone", phase, line,
                detail=f"{number - 6} of 3" if step == "squeeze-both" else "",
                phase_left_s=phase_left_s, step_left_s=seconds - t_s, total_left_s=total_s - done_s - t_s,
                step_s=seconds,
                live={
                    one: SideLive(50e-6 if works[one] else 4e-6, 0.9 if works[one] else 0.07, "ok", "Good contact.",
                                  works[one])
                    for one in _SIDES
                },
                results=dict(results), sentences=sentences, keys=STEP_KEYS,
                space="no" if asleep in results and results[asleep] == "not-yet" else "go-on",
                question=HARDENED if asleep in results and results[asleep] == "not-yet" else None,
            )  # fmt: skip
        done_s += seconds
        if step in ("squeeze-left", "squeeze-right") and side in _SIDES:
            results[side] = "not-yet" if side == asleep else "alone"
            sentences = (*sentences, f"{side}: {'not yet' if side == asleep else 'alone'}.")
    yield CalibrationView(
        kind, "done", len(_QUICK), len(_QUICK), None, "prone", "wait", "Done.", results=results, sentences=sentences,
        keys=("redo", "back"), finished=True, record=RECORD,
    )  # fmt: skip


_SIDES: tuple[Side, Side] = ("left", "right")
