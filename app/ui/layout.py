"""Where everything stands on the Train page, from its size alone.

All lengths are device-independent px in the coordinates of the page (beside the rail, beneath the header). The three
kinds are those of the mock-ups: ``regular`` (window of 1440 x 900), ``compact`` (1024 x 640) and ``small``
(960 x 540). Extra height goes to the pillars; extra width to the gap between them up to 760, then to the pillars.
"""

from dataclasses import dataclass
from typing import Literal

from PyQt6.QtCore import QRect, QRectF

from app.session.events import Side
from app.ui.theme import room_px

Kind = Literal["regular", "compact", "small", "stage"]

HEADER = 72
STATUS_BAR = 44
RAIL_WIDE, RAIL_NARROW = 144, 64
RAIL_WIDE_FROM = 1240
LEAST_WINDOW = (960, 540)

_WIDEST_GAP = 760
_WIDEST_PILLAR = 420
_TRACES = 152
"""Height that the traces take."""
_REGULAR = (1096, 632)
"""Least page of the regular kind, without traces."""
_COMPACT_HEIGHT = 524


@dataclass(frozen=True, slots=True)
class PillarSizes:
    """Sizes on and around a pillar: numbers, words, title; ``scale`` is the axis outside, ``line_px`` the goal line."""

    number_px: int
    word_px: int
    title_px: int
    scale: bool
    line_px: int = 3


@dataclass(frozen=True, slots=True)
class TrainLayout:
    """Places of the Train page.

    Attributes
    ----------
    kind : str
    left, right : QRectF
        The pillars themselves, at 0-120 %; where they stand on the screen.
    title_y, number_y : float
        Baselines above and beneath the pillars.
    cue : QRect
        Where the cue may spread; ``cue_y`` and ``hint_y`` are baselines.
    cue_px : int
    ring : tuple of float
        Centre x, centre y, radius.
    block_y : float
        Baseline of the first line beneath the ring.
    meters_y : float
        Baseline of the titles of symmetry and lag (of the whole line, where it is one line).
    compensators_y, order_y : float or None
        None where they have given way.
    traces : QRect or None
    front : bool
        Seen from the front: the left side stands at the right. Places alone swap.
    """

    kind: Kind
    width: int
    height: int
    left: QRectF
    right: QRectF
    pillar: PillarSizes
    title_y: float
    number_y: float
    cue: QRect
    cue_y: float
    hint_y: float
    cue_px: int
    hint_px: int
    ring: tuple[float, float, float]
    block_y: float
    meters_y: float
    compensators_y: float | None
    order_y: float | None
    traces: QRect | None
    front: bool = False

    def place_of(self, side: Side) -> Side:
        """Where on the screen a side stands."""
        return side if not self.front else "right" if side == "left" else "left"

    def pillar_of(self, side: Side) -> QRectF:
        """The pillar of a side."""
        return self.left if self.place_of(side) == "left" else self.right

    @property
    def middle(self) -> float:
        """The axis that everything between the pillars is centred on."""
        return self.width / 2


def rail_width(window_width: int) -> int:
    """The rail keeps its words as long as there is room; it widens as they grow."""
    wide = room_px(RAIL_WIDE)
    return wide if window_width >= RAIL_WIDE_FROM - RAIL_WIDE + wide else RAIL_NARROW


def lay_out(width: int, height: int, *, traces: bool = True) -> TrainLayout:
    """Place everything on a page of `width` x `height`; `traces` says whether they are wanted."""
    if width >= _REGULAR[0] and height >= _REGULAR[1]:
        return _regular(width, height, traces=traces and height >= _REGULAR[1] + _TRACES)
    return _compact(width, height) if height >= _COMPACT_HEIGHT else _small(width, height)


def _columns(width: int, margin: int, gap: float, least: float, top: float, height: float) -> tuple[QRectF, QRectF]:
    """Two pillars mirrored about the middle."""
    pillar = min(max((width - 2 * margin - gap) / 2, least), _WIDEST_PILLAR)
    gap = min(gap, width - 2 * margin - 2 * pillar)
    left = round((width - gap) / 2 - pillar)
    return QRectF(left, top, round(pillar), height), QRectF(width - left - round(pillar), top, round(pillar), height)


def _regular(width: int, height: int, *, traces: bool) -> TrainLayout:
    extra = height - _REGULAR[1] - (_TRACES if traces else 0)
    gap = min(max(688 + (width - 1296), 600), _WIDEST_GAP)
    left, right = _columns(width, 88, gap, 160, 68, 470 + extra)
    radius = 84 + min(0.15 * extra, 36)
    ring_y = 252 + 0.3 * extra
    below = 612 + extra
    return TrainLayout(
        kind="regular", width=width, height=height, left=left, right=right,
        pillar=PillarSizes(36, 26, 20, scale=True), title_y=46, number_y=584 + extra,
        cue=QRect(int(left.right()) + 32, 40, int(right.left() - left.right()) - 64, 112),
        cue_y=104, hint_y=139, cue_px=62, hint_px=22,
        ring=(width / 2, ring_y, radius), block_y=ring_y + radius + 44, meters_y=422 + 0.6 * extra,
        compensators_y=below - 60, order_y=below,
        traces=QRect(40, int(below) + 20, width - 80, 152) if traces else None,
    )  # fmt: skip


def _compact(width: int, height: int) -> TrainLayout:
    extra = height - _COMPACT_HEIGHT
    left, right = _columns(width, 64, min(576 + width - 960, _WIDEST_GAP), 128, 118, 330 + extra)
    ring_y = 212 + 0.4 * extra
    return TrainLayout(
        kind="compact", width=width, height=height, left=left, right=right,
        pillar=PillarSizes(32, 22, 18, scale=False), title_y=105, number_y=490 + extra,
        cue=QRect(24, 4, width - 48, 84), cue_y=62, hint_y=98, cue_px=54, hint_px=18,
        ring=(width / 2, ring_y, 84.0), block_y=ring_y + 84 + 38, meters_y=374 + 0.6 * extra,
        compensators_y=None, order_y=None, traces=None,
    )  # fmt: skip


def _small(width: int, height: int) -> TrainLayout:
    extra = height - 424
    left, right = _columns(width, 56, min(528 + width - 896, _WIDEST_GAP), 128, 98, 272 + extra)
    ring_y = 184 + 0.4 * extra
    return TrainLayout(
        kind="small", width=width, height=height, left=left, right=right,
        pillar=PillarSizes(28, 18, 18, scale=False), title_y=86, number_y=404 + extra,
        cue=QRect(24, 0, width - 48, 76), cue_y=50, hint_y=84, cue_px=54, hint_px=16 if ring_y >= 72 + 92 else 0,
        ring=(width / 2, ring_y, 72.0), block_y=ring_y + 72 + 30, meters_y=354 + 0.8 * extra,
        compensators_y=None, order_y=None, traces=None,
    )  # fmt: skip
