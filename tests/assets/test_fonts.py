"""The bundled fonts serve Qt on a system that has none."""

from importlib.resources import as_file, files

import pytest
from PyQt6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF
from PyQt6.QtWidgets import QApplication

WEIGHTS = (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold)


@pytest.fixture
def families(qapp: QApplication):
    ids = []
    for entry in files("assets").joinpath("fonts").iterdir():
        if entry.name.endswith(".ttf"):
            with as_file(entry) as path:
                ids.append(QFontDatabase.addApplicationFont(str(path)))
    yield {family for number in ids for family in QFontDatabase.applicationFontFamilies(number)}
    for number in ids:
        QFontDatabase.removeApplicationFont(number)


@pytest.mark.parametrize("family", ["Inter", "Inter Display"])
@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_weight_is_drawn_from_the_bundled_files(families: set[str], family: str, weight: QFont.Weight) -> None:
    assert family in families
    font = QFont(family, 40, weight)
    assert (QFontInfo(font).family(), QFontInfo(font).weight()) == (family, weight)


@pytest.mark.parametrize("family", ["Inter", "Inter Display"])
@pytest.mark.parametrize("weight", WEIGHTS)
def test_tabular_digits_have_one_width(families: set[str], family: str, weight: QFont.Weight) -> None:
    font = QFont(family, 40, weight)
    assert widths(font) > 1
    font.setFeature(QFont.Tag("tnum"), 1)
    assert widths(font) == 1


@pytest.mark.parametrize("character", "µ±×−–·→●▂°Äéñçřő")
def test_the_signs_on_our_screens_are_in_the_font(families: set[str], character: str) -> None:
    assert QFontMetricsF(QFont("Inter", 20)).inFont(character)


def widths(font: QFont) -> int:
    """Count the different widths of the ten digits."""
    metrics = QFontMetricsF(font)
    return len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"})
