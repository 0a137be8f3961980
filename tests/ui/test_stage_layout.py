import math

import pytest

from app.ui.stage_layout import (
    CAP_SHARE,
    NUMBER_ARCMIN,
    READ_ARCMIN,
    USUAL_DPI,
    Dots,
    dots_of,
    height_px,
    lay_out_stage,
)

LAPTOP = Dots(1280 / 286.5, told=True)
"""13.3 inches, 1280 x 800."""
MONITOR = Dots(3840 / 596.7, told=True)
"""27 inches, 3840 x 2160."""


def arcmin(height: float, distance_m: float, dots: Dots) -> float:
    return math.degrees(2 * math.atan(height / dots.per_mm / 2000 / distance_m)) * 60


class FakeScreen:
    def __init__(self, dpi: float) -> None:
        self._dpi = dpi

    def physicalDotsPerInch(self) -> float:  # noqa: N802 - Qt's name
        return self._dpi


def test_minutes_of_arc_become_dots():
    assert height_px(60.0, 1.0, Dots(1.0, told=True)) == pytest.approx(17.45, abs=0.01)  # one degree at one metre


@pytest.mark.parametrize(("size", "dots"), [((1280, 800), LAPTOP), ((3840, 2160), MONITOR)])
@pytest.mark.parametrize("distance_m", [0.6, 1.0, 2.0, 2.5])
def test_numbers_can_be_read_from_the_chosen_distance(size, dots, distance_m):
    layout = lay_out_stage(size[0], size[1], distance_m, dots)
    assert arcmin(CAP_SHARE * layout.caption_px, distance_m, dots) >= READ_ARCMIN
    assert layout.readable_m(dots) >= distance_m


def test_a_screen_too_small_for_the_distance_says_how_near_one_must_be():
    layout = lay_out_stage(1280, 800, 3.0, LAPTOP)
    assert 2.2 < layout.readable_m(LAPTOP) < 3.2


def test_nearer_than_needed_nothing_becomes_smaller_than_drawn():
    assert lay_out_stage(1920, 1080, 0.6, Dots(3.78, told=True)).caption_px == 102


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (3840, 2160), (1024, 768), (1080, 1920), (2560, 1080)])
@pytest.mark.parametrize("distance_m", [0.6, 2.0, 3.0])
def test_cue_pillars_ring_and_words_do_not_stand_in_each_others_way(size, distance_m):
    layout = lay_out_stage(size[0], size[1], distance_m, LAPTOP)
    train = layout.train
    x, y, radius = train.ring
    assert train.cue_y < train.left.top() < y - radius
    assert y + radius < train.left.bottom() < train.number_y - CAP_SHARE * layout.caption_px
    assert train.left.right() < x - radius
    assert x + radius < train.right.left()
    assert train.number_y < size[1]
    assert NUMBER_ARCMIN > READ_ARCMIN


@pytest.mark.parametrize(("dpi", "told"), [(113.0, True), (0.0, False), (8000.0, False)])
def test_a_screen_that_tells_no_size_or_nonsense_is_not_believed(dpi, told):
    dots = dots_of(FakeScreen(dpi))  # type: ignore[arg-type]
    assert dots.told is told
    assert dots.per_mm == pytest.approx((dpi if told else USUAL_DPI) / 25.4)
