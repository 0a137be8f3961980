"""The lines of a session once it is over: what somebody took back counts no more. Pure."""

from collections.abc import Iterable

import msgspec

from app.session.events import Act, Attempt, Event, Rep

WHY = "taken back"


def taken_back(events: Iterable[Event]) -> tuple[Event, ...]:
    """Let every rep that was taken back, and its attempt, stand as not counted.

    Parameters
    ----------
    events : iterable of Event
        All lines, in order; an attempt stands before its rep, and both before the act.

    Returns
    -------
    tuple of Event
        As many, in the same order.
    """
    lines = list(events)
    gone = {round(line.value) for line in lines if isinstance(line, Act) and line.what == "discard" and line.value}
    if not gone:
        return tuple(lines)
    attempt_at: int | None = None
    for at, line in enumerate(lines):
        if isinstance(line, Attempt):
            attempt_at = at
        elif isinstance(line, Rep) and line.index in gone:
            lines[at] = msgspec.structs.replace(line, counted=False, clean=False, not_clean=[*line.not_clean, WHY])
            attempt = None if attempt_at is None else lines[attempt_at]
            if attempt_at is not None and isinstance(attempt, Attempt) and attempt.start_s == line.start_s:
                lines[attempt_at] = msgspec.structs.replace(attempt, counted=False, why=WHY)
    return tuple(lines)
