"""The palette as people with dichromatic vision see it.

Matrices of Machado, Oliveira, Fernandes 2009 (IEEE TVCG 15(6), 1291-1298), table 1, severity 1.0, for linear RGB;
differences are CIE 1976 dE*ab under D65: 2.3 is just noticeable, 20 is another colour at a glance.
"""

import numpy as np
import numpy.typing as npt
import pytest
from PyQt6.QtGui import QColor

from app.ui.theme import load_colours

FloatArray = npt.NDArray[np.float64]
THEMES = ("dark", "light", "contrast")
VISION: dict[str, FloatArray] = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
D65 = np.array([0.95047, 1.0, 1.08883])
AT_A_GLANCE = 20.0
TOLD_APART = (
    ("left", "right"), ("left_text", "right_text"), ("left_rest", "right_rest"), ("left_raw", "right_raw"),
    ("left", "ground"), ("right", "ground"), ("left", "well"), ("right", "well"), ("left", "left_rest"),
    ("right", "right_rest"), ("left", "text"), ("right", "text"), ("attention", "ground"), ("rec", "rail"),
)  # fmt: skip


def seen(colour: QColor, vision: str) -> FloatArray:
    """Linear RGB, within what a screen can show."""
    rgb = np.array(colour.getRgbF()[:3])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.clip(VISION[vision] @ linear, 0.0, 1.0)


def lab(linear: FloatArray) -> FloatArray:
    """CIE L*a*b* under D65."""
    ratio = TO_XYZ @ linear / D65
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: QColor, other: QColor, vision: str) -> float:
    return float(np.linalg.norm(lab(seen(one, vision)) - lab(seen(other, vision))))


def test_white_and_black_are_a_hundred_apart():
    assert difference(QColor("white"), QColor("black"), "usual") == pytest.approx(100.0, abs=0.01)


def test_red_and_green_are_what_cannot_be_told_apart():
    red, green = QColor("#c04040"), QColor("#4a7a20")
    assert difference(red, green, "deuteranopia") < 0.5 * difference(red, green, "usual")


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", TOLD_APART)
def test_what_carries_meaning_is_told_apart_at_a_glance(theme, vision, pair):
    colours = load_colours(theme)
    assert difference(getattr(colours, pair[0]), getattr(colours, pair[1]), vision) >= AT_A_GLANCE
