"""What comes back of a plan: the sessions of one person, in a file that can be taken in twice and counts once. Pure.

It names a session by the hash of its recording, as the history does, and holds no name and no samples.
"""

from typing import Literal

import msgspec

from app.session.checks import Check
from app.session.plan import PlanError


class SessionResult(msgspec.Struct, frozen=True):
    """One session.

    Attributes
    ----------
    sha256 : str
        Of its recording.
    started : str
        ISO 8601, with the time zone of the session.
    programme : str
    attempts, reps, clean_reps : int
    woke : bool or None
    wake_up_squeezes : int or None
    sleeping_side : str or None
    check : Check or None
        If it was one.
    pain : tuple of float
        Every rating of pain, in order.
    plan_step : str or None
        What it belonged to, as ``plan/step``; None where nobody said.
    """

    sha256: str
    started: str
    programme: str
    attempts: int
    reps: int
    clean_reps: int
    woke: bool | None = None
    wake_up_squeezes: int | None = None
    sleeping_side: str | None = None
    check: Check | None = None
    pain: tuple[float, ...] = ()
    plan_step: str | None = None


class PlanResults(msgspec.Struct, frozen=True):
    """The sessions of one person, oldest first; ``plan`` is the id of the plan that was followed, empty without one."""

    person: str
    plan: str
    sessions: tuple[SessionResult, ...]
    kind: Literal["glutewake-results"] = "glutewake-results"
    v: Literal[1] = 1


class Taken(msgspec.Struct, frozen=True):
    """How many sessions of whom were new, how many there are in all, and the file that keeps them."""

    person: str
    new: int
    in_all: int
    file: str


def merge(known: PlanResults | None, new: PlanResults) -> tuple[PlanResults, int]:
    """Take new results in.

    Parameters
    ----------
    known : PlanResults or None
        What was taken in before.
    new : PlanResults

    Returns
    -------
    merged : PlanResults
        Every session once.
    n_new : int
        How many were not known.

    Raises
    ------
    PlanError
        If they are of somebody else.
    """
    if known is None:
        known = PlanResults(new.person, new.plan, ())
    if known.person != new.person:
        raise PlanError(f"These results are of {new.person}, not of {known.person}; take each person's in alone.")
    before = {result.sha256: result for result in known.sessions}
    everything = before | {result.sha256: result for result in new.sessions}
    merged = sorted(everything.values(), key=lambda result: (result.started, result.sha256))
    return PlanResults(new.person, new.plan or known.plan, tuple(merged)), len(everything) - len(before)


def to_text(results: PlanResults) -> bytes:
    """Write results as JSON, indented, to be read by people too."""
    return msgspec.json.format(msgspec.json.encode(results)) + b"\n"


def parse_results(text: bytes, origin: str) -> PlanResults:
    """Read results; raises `PlanError` with `origin`, place and reason."""
    try:
        return msgspec.json.decode(text, type=PlanResults)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PlanError(f"The results {origin} cannot be read: {error}. Ask for the file once more.") from None
