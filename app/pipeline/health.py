"""How the machinery is doing: frozen counters for the status bar, the log and the recording's end."""

from dataclasses import dataclass

from app.session.events import Percentiles
from drivers.types import LinkState


@dataclass(frozen=True, slots=True)
class LinkView:
    """One stream's link in the status bar.

    Attributes
    ----------
    stream_id : str
    sites : tuple of str
        Target sites (``left``, ``right``) that this stream carries.
    state : LinkState
    reason : str
        One sentence where the state needs one, else empty.
    since_ns : int
        ``perf_counter_ns`` when the state began.
    """

    stream_id: str
    sites: tuple[str, ...]
    state: LinkState
    reason: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class Health:
    """Everything the status bar shows apart from the recording.

    Attributes
    ----------
    links : tuple of LinkView
    lost_pct : float or None
        Share of samples lost since the start; None where the source has no counter ("not measurable").
    n_lost, n_received : int
    dsp_overruns : int
        How often the DSP thread came too late for the ring.
    reconnects : int
    arrival_to_snapshot_ms, arrival_to_paint_ms, decision_to_sound_ms : Percentiles or None
    """

    links: tuple[LinkView, ...]
    lost_pct: float | None
    n_lost: int
    n_received: int
    dsp_overruns: int
    reconnects: int
    arrival_to_snapshot_ms: Percentiles | None
    arrival_to_paint_ms: Percentiles | None
    decision_to_sound_ms: Percentiles | None
