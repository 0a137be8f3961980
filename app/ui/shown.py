"""What of a snapshot the window shows, by what it knows of the links. Pure."""

from dataclasses import replace
from typing import Final

from app.pipeline.health import Health
from app.pipeline.snapshot import Snapshot
from app.session.events import SIDES, Side
from drivers.types import LinkState

LISTEN_S: Final = 1.5
"""The first judgement of the contacts takes a second; until then nothing is known and nothing is wrong."""
REST_FRAME_S: Final = 0.036
"""While nobody squeezes, 28 pictures a second look like 60, as in the traces: a bar at rest moves by a few pixels."""


def is_due(snapshot: Snapshot, before: Snapshot | None) -> bool:
    """Whether a snapshot is to be shown now, in the place of the one that is shown.

    Every frame of a squeeze is, and from its first on; at rest one that is hardly newer is not.
    """
    if snapshot is before or is_listening(snapshot):
        return False
    if before is None or before.attempt_open or snapshot.attempt_open:
        return True
    return not 0.0 < snapshot.t_s - before.t_s < REST_FRAME_S


def is_listening(snapshot: Snapshot) -> bool:
    """True in the first moments, while no contact has been judged."""
    unjudged = (view.state == "no-signal" and not view.verdict_text for view in snapshot.sides.values())
    return snapshot.t_s < LISTEN_S and any(unjudged)


def measured(snapshot: Snapshot, health: Health) -> Snapshot:
    """Leave out a side that has no electrode: nobody is to be told to press it on."""
    sites = {site for link in health.links for site in link.sites}
    if not sites or sites >= set(SIDES):
        return snapshot
    return replace(snapshot, sides={side: view for side, view in snapshot.sides.items() if side in sites})


def reasons(health: Health) -> dict[Side, str]:
    """Why the link of a side is not streaming, where it is not."""
    return {
        side: link.reason
        for link in health.links
        if link.state is not LinkState.STREAMING and link.reason
        for side in SIDES
        if side in link.sites
    }
