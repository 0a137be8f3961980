"""What a trend of checks says since the first visit."""

from collections.abc import Sequence
from typing import Literal

from app.history.views import CheckPoint
from app.session.change import Change, Point, judge_change, share_pm_pct
from app.session.events import Side

Measure = Literal["fired-left", "fired-right", "lag", "lsi"]


def changes(points: Sequence[CheckPoint]) -> dict[Measure, Change]:
    """Judge each number of a trend; see `app.session.change`.

    Parameters
    ----------
    points : sequence of CheckPoint
        Of one series, oldest first.

    Returns
    -------
    dict of Measure to Change
        Shares and symmetry in %, lag in ms with its sign. Symmetry is compared within the kind of reference that is
        used now. Empty without points.
    """
    if not points:
        return {}
    now = points[-1]
    comparable = [
        point for point in points if (point.reference, point.check.lsi_basis) == (now.reference, now.check.lsi_basis)
    ]
    return {
        "fired-left": judge_change(_shares(points, "left")),
        "fired-right": judge_change(_shares(points, "right")),
        "lag": judge_change(
            [
                Point(point.started.date(), point.check.lag_ms, point.check.lag_pm_ms)
                for point in points
                if point.check.lag_ms is not None
            ]
        ),
        "lsi": judge_change(
            [
                Point(point.started.date(), point.check.lsi_pct, point.check.lsi_pm_pct)
                for point in comparable
                if point.check.lsi_pct is not None
            ]
        ),
    }


def _shares(points: Sequence[CheckPoint], side: Side) -> list[Point]:
    return [
        Point(point.started.date(), share, share_pm_pct(point.check.fired[side] or 0, point.check.attempts))
        for point in points
        if (share := point.check.fired_pct(side)) is not None
    ]
