"""What stands in the place of the cue while no squeeze is asked for: before the first set, in a rest, paused, over."""

from app.language import _
from app.pipeline.snapshot import Snapshot
from app.session.course import COUNTDOWN_S
from app.ui.words import Line, Ring


def waiting_line(snapshot: Snapshot) -> Line | None:
    """The line for what the session does now; None while it goes."""
    if snapshot.progress.asks_felt:
        return Line("", _("Where do you feel it?"), hint=_("Keys 1, 2, 3; one squeeze means: in the glute."))
    match snapshot.progress.stage:
        case "ready":
            return Line("", _("Ready?"), hint=_("Press Space to count down, or squeeze twice in position."))
        case "countdown":
            return Line("", _("Get into position"))
        case "rest":
            return Line("", _("Rest"))
        case "paused":
            return Line("", _("Paused"), quiet=False)
        case "stopped":
            return Line("", _("Done") if snapshot.progress.finished else _("Stopped"))
        case "finished":
            return Line("", _("Done"))
    return None


def how_to_go_on(snapshot: Snapshot) -> tuple[str, ...]:
    """What leads on from here, in one sentence; empty where nothing is waited for."""
    match snapshot.progress.stage:
        case "countdown":
            return (_("To start at once, squeeze twice."),)
        case "paused" if snapshot.progress.pause_reason == "no-effort":
            return (_("No squeeze came for a while."), _("Squeeze twice, or press Space, to go on."))
        case "paused":
            return (_("Squeeze twice, or press Space, to go on."),)
    return ()


def countdown_ring(snapshot: Snapshot) -> Ring | None:
    """The seconds until the first set; None outside a countdown."""
    left_s = snapshot.progress.countdown_s
    if left_s is None:
        return None
    return Ring(min(left_s / COUNTDOWN_S, 1.0), f"{left_s:.0f}", _("seconds"))
