"""All words of a running step of a calibration: large, beneath it, and on the scale of its bars. Pure."""

from dataclasses import dataclass
from typing import Final

from app.language import _, mark
from app.numbers import number
from app.said import said as told
from app.session.calibrating.view import CalibrationView, StepId
from app.session.calibration import SideResult
from app.session.events import OTHER, Side
from app.ui.calibrate_words import Unit, result_word

_FOUND: Final[tuple[SideResult, ...]] = ("alone", "with-the-other", "not-yet")
_TAP: Final = mark("Three times with one finger, lightly. A helper may do it.")
_SQUEEZE: Final = mark("Comfortably, fingers on that cheek")
_LINES: Final[dict[StepId, tuple[str, str]]] = {
    "tap-left": (mark("Tap the left pad"), _TAP),
    "tap-right": (mark("Tap the right pad"), _TAP),
    "squeeze-left": (mark("Squeeze left"), _SQUEEZE),
    "squeeze-right": (mark("Squeeze right"), _SQUEEZE),
}
"""Short enough to be read from afar; the voice says the whole line."""
SWAP: Final = mark("If the other trace moves, one key swaps the sides.")
ABOVE_REST: Final = mark("above rest")
FINE: Final = mark("Any of the three is a fine answer.")


def line_and_detail(view: CalibrationView) -> tuple[str, str]:
    """What to do, as it stands large on the screen, and the small line beneath it."""
    if view.step not in _LINES:
        return told(view.line), told(view.detail)
    line, detail = _LINES[view.step]
    return _(line), _(detail)


def step_sentences(view: CalibrationView) -> tuple[str, ...]:
    """What stands beneath the ring: why it waits, what a tap showed, or what was found last."""
    if view.interrupted:
        return (told(view.interrupted),)
    if view.step.startswith("tap"):
        if view.paused:
            return (_("paused").capitalize(),)
        return () if view.touched is None else touch_sentences(view.touched, asked=view.touched == view.side)
    return tuple(map(told, view.sentences[-1:]))


def touch_sentences(touched: Side, *, asked: bool) -> tuple[str, ...]:
    """Which trace moved at a tap, and what that means."""
    moved = _("The {side} trace moved.", side=_(touched))
    if asked:
        return moved, _("Left and right are not swapped, whatever the muscle can do.")
    return moved, _("If you tapped the {side} pad, the sides are swapped.", side=_(OTHER[touched]))


@dataclass(frozen=True, slots=True)
class TryWords:
    """What a squeeze of one cheek can show, and which of it was found.

    Attributes
    ----------
    words : tuple of str
        All that it can be.
    found : int or None
        Which of them it was; None as long as that is not known.
    sentences : tuple of str
        Beneath them.
    """

    words: tuple[str, ...]
    found: int | None
    sentences: tuple[str, ...]


def try_words(view: CalibrationView) -> TryWords | None:
    """Of the running squeeze of one cheek; None in any other step, or where it waits."""
    if view.step not in ("squeeze-left", "squeeze-right") or view.interrupted:
        return None
    side: Side = "left" if view.step == "squeeze-left" else "right"
    found, before = view.found, view.results.get(side)
    tries = [_("This try: {word}.", word=result_word(found, side))] if found is not None else []
    if before is not None:
        tries.append(_("The try before: {word}.", word=result_word(before, side)))
    return TryWords(
        words=tuple(result_word(one, side) for one in _FOUND),
        found=_FOUND.index(found) if found in _FOUND else None,
        sentences=(*([" ".join(tries)] if tries else []), _(FINE)),
    )


def axis(view: CalibrationView, unit: Unit) -> tuple[str, str, str] | None:
    """Unit, half and whole of the scale of both bars; None while there is none."""
    if view.full is None:
        return None
    whole, name = (view.full * 1e6, "µV") if unit == "uV" else (view.full, _("counts"))
    half, whole = round(whole / 2, 6), round(whole, 6)
    return name, number(half, 0 if half == int(half) else 1), number(whole, 0 if whole == int(whole) else 1)
