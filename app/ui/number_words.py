"""The words of what Train measures: symmetry and lag with their intervals, helpers, and who came first. Pure."""

from dataclasses import dataclass

from app.language import _
from app.pipeline.snapshot import CompensatorView, Snapshot
from app.session.events import Side
from app.ui.words import MUSCLES, site_words, split_site


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with its interval, or the words that stand where the data carry none.

    Attributes
    ----------
    title, note : str
        What it is, and of which rep.
    value, pm : float or None
        The number and half of its 95 % interval; None where ``words`` stand instead.
    prefix : str
        Words before the number.
    later : {'left', 'right'} or None
        For a lag: the side that came later.
    words : str
    """

    title: str
    note: str = ""
    value: float | None = None
    pm: float | None = None
    prefix: str = ""
    later: Side | None = None
    words: str = ""


def symmetry(snapshot: Snapshot) -> Reading:
    """How alike the sides were in the last rep; the rest noise of a side that did not fire is no effort to compare."""
    rep = snapshot.last_rep
    words = _why_no_comparison(snapshot) or _not_fired_words(snapshot)
    if not words and rep is not None and rep.lsi_pct is not None:
        note = _("of own best") if rep.lsi_basis == "own-best" else _of_which(snapshot)
        return Reading(_("Symmetry"), note, rep.lsi_pct, rep.lsi_pm_pct)
    return Reading(_("Symmetry"), words=words or _("cannot tell yet"))


def lag(snapshot: Snapshot) -> Reading:
    """How far apart the sides came in the last rep; positive lag means left later."""
    rep = snapshot.last_rep
    words = _why_no_comparison(snapshot)
    if not words and rep is not None and rep.lag_ms is not None:
        later: Side = "left" if rep.lag_ms >= 0 else "right"
        return Reading(_("Lag"), _of_which(snapshot), abs(rep.lag_ms), rep.lag_pm_ms, f"{_(later)} +", later)
    if not words and snapshot.timing_in_s is not None:
        words = _("timing in {timing_in_s:.0f} s", timing_in_s=snapshot.timing_in_s)
    return Reading(_("Lag"), words=words or _not_fired_words(snapshot) or _("cannot tell yet"))


def _of_which(snapshot: Snapshot) -> str:
    """What a person calls the one that was counted last."""
    return _("last rep") if snapshot.progress.hold_total_s is None else _("last hold")


def _why_no_comparison(snapshot: Snapshot) -> str:
    if len(snapshot.sides) < 2 or any(view.state == "no-signal" for view in snapshot.sides.values()):
        return _("needs both sides")
    if snapshot.progress.scheme != "both":
        return _("one side at a time")
    if all(view.state == "asleep" for view in snapshot.sides.values()):
        return _("neither side yet")
    return "" if snapshot.last_rep is not None else _("after a squeeze")


def _not_fired_words(snapshot: Snapshot) -> str:
    status = snapshot.last_rep.lag_status if snapshot.last_rep is not None else "ok"
    return {
        "left-not-fired": _("left: not yet"),
        "right-not-fired": _("right: not yet"),
        "neither": _("neither side yet"),
    }.get(status, "")


@dataclass(frozen=True, slots=True)
class CompensatorRow:
    """One muscle on both sides: levels and lines in % of their scale, None where it is not measured."""

    name: str
    word: str
    left: CompensatorView | None
    right: CompensatorView | None


def compensator_rows(views: tuple[CompensatorView, ...]) -> tuple[CompensatorRow, ...]:
    """Pair the compensators; the word is that of the side that works more."""
    by_muscle: dict[str, dict[str, CompensatorView]] = {}
    for view in views:
        muscle, side = split_site(view.site)
        by_muscle.setdefault(muscle, {})[side] = view
    rank = ("eased", "quiet", "working", "taking over")
    return tuple(
        CompensatorRow(
            _(MUSCLES.get(muscle, (muscle, muscle))[1]),
            max((view.word for view in pair.values()), key=lambda word: rank.index(word) if word in rank else 0),
            pair.get("left"),
            pair.get("right"),
        )
        for muscle, pair in by_muscle.items()
    )


def order_words(order: tuple[str, ...]) -> str:
    """Who came first, second, third."""
    return ", ".join(site_words(site) for site in order)
