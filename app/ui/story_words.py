"""What happened in a set, as three short sentences to be shown and spoken while the person still lies there."""

from collections.abc import Callable
from typing import Final

from app.language import _
from app.numbers import percent
from app.session.events import SIDES, Side
from app.session.flags import LATE_ENTER_MS, WEAK_BELOW_PCT
from app.session.story import NextStep, Story


def sentences(story: Story) -> list[str]:
    """Say what happened, how alike it was, and what to do next; what the data do not carry is left out.

    Parameters
    ----------
    story : Story

    Returns
    -------
    list of str
        One to three sentences, in the language in force.
    """
    if not story.n:
        return [_("No squeeze could be counted.")]
    return [sentence for sentence in (_joined(story), _alike(story), _NEXT[story.next](story)) if sentence]


def _joined(story: Story) -> str:
    if all(joining.n == 0 for joining in story.sides.values()) and len(story.sides) == len(SIDES):
        return _("Neither side yet, in {n} squeezes.", n=story.n)
    if story.woke_at is not None and story.about is not None:
        side, hint = _capital(story.about), _(story.hint or "")
        if hint:
            return _("{Side} joined from squeeze {n} on, after “{hint}”.", Side=side, n=story.woke_at, hint=hint)
        return _("{Side} joined from squeeze {n} on.", Side=side, n=story.woke_at)
    if story.about is None:
        if all(joining.is_every for joining in story.sides.values()):
            return _("Both sides joined in every squeeze.")
        fewest = min(story.sides.values(), key=lambda joining: joining.n)
        return _("Both sides joined in {n} of {of} squeezes.", n=fewest.n, of=fewest.of)
    joining = story.sides[story.about]
    side = _capital(story.about)
    if joining.n == 0:
        return _("{Side}: not yet, in {n} squeezes.", Side=side, n=joining.of)
    if joining.best is None:
        return _("{Side} joined in {n} of {of} squeezes.", Side=side, n=joining.n, of=joining.of)
    return _(
        "{Side} joined in {n} of {of} squeezes, best in number {best}.",
        Side=side,
        n=joining.n,
        of=joining.of,
        best=joining.best,
    )


def _alike(story: Story) -> str:
    if story.lag_ms is None:
        return ""
    if story.lag_ms > LATE_ENTER_MS and story.later is not None:
        return _(
            "{Side} usually started {ms} ms later than {other}.",
            Side=_capital(story.later),
            ms=round(story.lag_ms),
            other=_(_other(story.later)),
        )
    if story.lsi_pct is not None and story.lsi_pct < WEAK_BELOW_PCT and story.weaker is not None:
        share, other = percent(story.lsi_pct), _(_other(story.weaker))
        return _("{Side} usually with {share} of {other}.", Side=_capital(story.weaker), share=share, other=other)
    together = _("Both started together in {n} of {of} squeezes.", n=story.n_together, of=story.n)
    return together if story.n_together else ""


def _wake(story: Story) -> str:
    if story.about is None or all(joining.n == 0 for joining in story.sides.values()):
        return _("Next: short, soft squeezes until both sides join.")
    return _("Next: short, soft squeezes until {side} joins.", side=_(story.about))


def _together(story: Story) -> str:
    return _("Next: {side} first, the other side follows.", side=_(story.later or "both"))


def _more(story: Story) -> str:
    return _("Next: a little more on {side}.", side=_(story.weaker or "both"))


_NEXT: Final[dict[NextStep, Callable[[Story], str]]] = {
    "softer": lambda _story: _("Next: half as hard, so that thigh and back can rest."),
    "wake": _wake,
    "together": _together,
    "alike": _more,
    "go-on": lambda _story: _("Next: go on just like this."),
    "tomorrow": lambda _story: _("Enough for today. This usually takes one to two weeks."),
}


def _capital(side: Side) -> str:
    word = _(side)
    return word[:1].upper() + word[1:]


def _other(side: Side) -> Side:
    return SIDES[1 - SIDES.index(side)]
