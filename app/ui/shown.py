"""What of a snapshot the window shows, by what it knows of the links. Pure."""

from dataclasses import replace
from typing import Final

from app.pipeline.health import Health
from app.pipeline.snapshot import Snapshot
from app.session.events import SIDES, Side
from drivers.types import LinkState

LISTEN_S: Final = 1.5
"""The first judgement of the contacts takes a second; until then nothing is known and nothing is wrong."""


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
