"""Where everything stands on the stage, and how large it must be to be read from a distance. Pure.

Sizes follow the mock-up in proportion to the window, and grow where the distance asks for more: what is read must be 22
minutes of arc high, the number of the rep 45 (ISO 9241-3 asks for 16 as the least and 20 to 22 as the good height).
"""

import math
from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QRect, QRectF
from PyQt6.QtGui import QScreen

from app.ui.layout import PillarSizes, TrainLayout

CAP_SHARE: Final = 1490 / 2048
"""Height of Inter's capitals and digits, as a share of the size of the font."""
READ_ARCMIN: Final = 22.0
NUMBER_ARCMIN: Final = 45.0
MM_PER_INCH: Final = 25.4
USUAL_DPI: Final = 96.0
PLAUSIBLE_DPI: Final = (40.0, 400.0)
"""Some screens tell nothing, or the size of their picture tube's box: what lies outside is not believed."""
_DRAWN = (1920.0, 1080.0)
"""The mock-up."""
_WORD, _TITLE, _CUE, _RADIUS = 102.0, 100.0, 152.0, 222.0
_NUMBER_PER_RADIUS: Final = 88 / 84
"""Size of the number in a ring, as `app.ui.widgets.ring` paints it."""
_MOST_WORD, _MOST_RADIUS = 0.14, 0.27
"""Largest sizes, as shares of the height: beyond them nothing else would fit."""


@dataclass(frozen=True, slots=True)
class Dots:
    """How fine a screen is: device-independent px per millimetre, and whether the screen itself told so."""

    per_mm: float
    told: bool


def dots_of(screen: QScreen | None) -> Dots:
    """How fine a screen is; 96 to the inch where it does not tell, or tells nonsense."""
    dpi = screen.physicalDotsPerInch() if screen is not None else 0.0
    told = PLAUSIBLE_DPI[0] <= dpi <= PLAUSIBLE_DPI[1]
    return Dots((dpi if told else USUAL_DPI) / MM_PER_INCH, told)


def height_px(arcmin: float, distance_m: float, dots: Dots) -> float:
    """Height, in device-independent px, of what is `arcmin` minutes of arc high from `distance_m` metres."""
    return 2.0 * 1000.0 * distance_m * math.tan(math.radians(arcmin / 60.0) / 2.0) * dots.per_mm


@dataclass(frozen=True, slots=True)
class StageLayout:
    """Places on the stage.

    Attributes
    ----------
    train : TrainLayout
        What pillars, ring and cue take theirs from.
    caption_px : int
        Size of what stands beneath the ring ("of 30"), on the baseline of the pillars' words.
    corner : QRect
        For the small signs that are not read from afar: recording, simulated.
    corner_px : int
    """

    train: TrainLayout
    caption_px: int
    corner: QRect
    corner_px: int

    def readable_m(self, dots: Dots) -> float:
        """From how far away numbers and words can be read."""
        per_m = height_px(READ_ARCMIN, 1.0, dots), height_px(NUMBER_ARCMIN, 1.0, dots)
        number_px = self.train.ring[2] * _NUMBER_PER_RADIUS
        return min(CAP_SHARE * self.caption_px / per_m[0], CAP_SHARE * number_px / per_m[1])


def lay_out_stage(width: int, height: int, distance_m: float, dots: Dots) -> StageLayout:
    """Place everything on a screen of `width` x `height` px that is seen from `distance_m` metres."""
    unit = min(width / _DRAWN[0], height / _DRAWN[1])
    needed = math.ceil(height_px(READ_ARCMIN, distance_m, dots) / CAP_SHARE)
    word = round(min(max(_WORD * unit, needed), _MOST_WORD * height))
    number = math.ceil(height_px(NUMBER_ARCMIN, distance_m, dots) / CAP_SHARE)
    radius = min(max(_RADIUS * unit, number / _NUMBER_PER_RADIUS + 1), _MOST_RADIUS * height, 0.15 * width)
    cue = round(max(_CUE * unit, 1.1 * word))
    margin, pillar = 0.0417 * width, 0.21875 * width
    number_y = height - 0.66 * word
    cue_y = 0.0415 * height + 1.02 * cue
    top = cue_y + 0.63 * cue
    bottom = number_y - CAP_SHARE * word - 0.039 * height
    left = QRectF(round(margin), round(top), round(pillar), round(bottom - top))
    right = QRectF(width - round(margin) - round(pillar), left.top(), left.width(), left.height())
    title = round(min(max(_TITLE * unit, needed), 0.33 * pillar))
    corner_px = max(18, round(28 * unit))
    stage = TrainLayout(
        kind="stage", width=width, height=height, left=left, right=right,
        pillar=PillarSizes(0, word, title, scale=False, line_px=max(4, round(8 * unit))),
        title_y=left.top() + 1.3 * title, number_y=number_y,
        cue=QRect(round(0.02 * width), round(0.045 * height), round(0.96 * width), round(top - 0.045 * height) - 4),
        cue_y=cue_y, hint_y=round(top) - 12, cue_px=cue, hint_px=0,
        ring=(width / 2, (top + bottom) / 2, min(radius, 0.5 * (bottom - top) - 8)),
        block_y=0, meters_y=0, compensators_y=None, order_y=None, traces=None,
    )  # fmt: skip
    corner = QRect(width // 2, round(0.0165 * height), width // 2 - round(0.018 * width), 2 * corner_px)
    return StageLayout(stage, word, corner, corner_px)
