"""Where everything stands on the Review page, from its size alone; in device-independent px of the page."""

from dataclasses import dataclass

from PyQt6.QtCore import QRect

from app.ui.theme import room_px

HEADER = 80
_TRANSPORT = 52
_OVERVIEW = 50
_ROOMY = 1000


@dataclass(frozen=True, slots=True)
class ReviewLayout:
    """Places of the parts; ``divider`` is the x of the line between traces and table."""

    body: QRect
    lanes: QRect
    overview: QRect
    transport: QRect
    wide_transport: QRect
    divider: int
    table: QRect
    story: QRect
    panel: QRect
    bars: QRect
    entry: QRect


def lay_out_review(width: int, height: int) -> ReviewLayout:
    """Place everything on a page of `width` x `height`."""
    margin = 40 if width >= _ROOMY else 32
    table_width = min(max(int(0.32 * width), room_px(352)), room_px(460), width // 2)
    divider = width - margin - table_width - 24
    left_width = divider - margin - 20
    transport = height - _TRANSPORT - 14
    overview = transport - _OVERVIEW - 10
    story_height = room_px(208 if height >= 560 else 182)
    right = divider + 24
    return ReviewLayout(
        body=QRect(margin, HEADER, width - 2 * margin, height - HEADER),
        lanes=QRect(margin, HEADER - 10, left_width, overview - HEADER + 4),
        overview=QRect(margin, overview, left_width, _OVERVIEW),
        transport=QRect(margin, transport, left_width, _TRANSPORT),
        wide_transport=QRect(margin, transport, width - 2 * margin, _TRANSPORT),
        divider=divider,
        table=QRect(right, HEADER - 6, table_width, height - HEADER - story_height - 14),
        story=QRect(right, height - story_height - 6, table_width, story_height),
        panel=QRect(right - 4, HEADER, table_width, height - HEADER),
        bars=QRect(0, HEADER - 8, width, transport - HEADER),
        entry=QRect(margin, transport - 4, left_width, 44),
    )
