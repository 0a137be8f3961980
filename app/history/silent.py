"""Which side never rose above rest, session after session: for somebody who knows more than an application."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.history import models
from app.history.views import SilentSide
from app.session.care import SideInSession, never_rose
from app.session.contact import RED
from app.session.events import SIDES, Side


def silent_sides(session: Session, owner: str) -> tuple[SilentSide, ...]:
    """Sides of a person that never rose in their last sessions with good contact, each with the newest session."""
    rows = session.scalars(
        select(models.Session)
        .where(models.Session.person_id == owner)
        .order_by(models.Session.started_utc.desc(), models.Session.id)
    ).all()
    if not rows:
        return ()
    return tuple(SilentSide(side, rows[0].rel_path) for side in SIDES if never_rose(_in_sessions(session, rows, side)))


def _in_sessions(session: Session, rows: Sequence[models.Session], side: Side) -> Iterator[SideInSession]:
    for row in rows:
        fired = session.scalars(select(models.Attempt.fired).where(models.Attempt.session_id == row.id)).all()
        schemes = set(session.scalars(select(models.ExerciseSet.scheme).where(models.ExerciseSet.session_id == row.id)))
        # Without a rep there is no set: neither side rose, and both were asked.
        is_asked = not schemes or not schemes.isdisjoint({"both", side})
        yield SideInSession(
            n_asked=len(fired) if is_asked else 0,
            rose=any(side in sides for sides in fired),
            good_contact=RED.isdisjoint(row.quality.get(side, {})),
        )
