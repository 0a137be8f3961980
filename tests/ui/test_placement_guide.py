"""The guide to the pads beside the sensors: drawings, muscles and chapters, by one key each."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from app.ui.placement_words import steps_of
from app.ui.sensor_words import PLACEMENTS
from app.ui.theme import load_colours
from app.ui.widgets.placement import drawing, palette_of
from drivers.registry import BUILTIN
from tests.ui.sensor_scenes import source, unit, with_two

SIZES = [(1440, 900), (1280, 800), (1024, 640), (960, 540)]


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("name", [*PLACEMENTS, "body"])
def test_every_drawing_is_drawn_in_every_theme(application, name, theme):
    renderer = drawing(name, palette_of(load_colours(theme)))

    assert renderer.isValid()
    assert renderer.viewBoxF().width() == 400.0


def test_another_muscle_is_one_key_away(qtbot, open_sensors):
    window = open_sensors(source(unit("left")))
    qtbot.keyClick(window, Qt.Key.Key_P)
    menu = QApplication.activePopupWidget()
    assert menu is window.sensors.placement.menu
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)

    assert window.sensors.placement.muscle == "gluteus-medius"


def test_the_guide_tells_of_skin_reference_and_cables_by_one_key(qtbot, open_sensors, read_text):
    window = open_sensors(with_two())
    placement = window.sensors.placement
    assert "Halfway is the spot." in placement.steps()[0]
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert "shave" in placement.accessibleName()
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert "uMyo" in placement.steps()[0]
    assert any("photograph" in step for step in placement.steps())
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert placement.chapter == 0


@pytest.mark.parametrize("scheme", [*BUILTIN, "a-plugin"])
def test_every_sensor_has_a_place_for_its_reference_but_the_one_without_leads(scheme):
    said = " ".join(steps_of(2, (), scheme))
    assert ("reference" in said and "pelvis" in said) or "no leads" in said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("turns", [0, 1, 2])
@pytest.mark.parametrize("scheme", ["umyo", "bitalino", "ganglion", "chords"])
def test_a_chapter_of_the_guide_fits_into_its_column(open_sensors, read_text, size, turns, scheme):
    window = open_sensors(with_two(), size)
    placement = window.sensors.placement
    placement.show_device(scheme)
    for _ in range(turns):
        placement.turn()
    boxes = [box for _, _, box, widget in read_text(window) if widget is placement]
    foot = placement.mapTo(window, placement.other.pos()).y()
    assert all(box.bottom() <= foot + 4 for box in boxes)
    assert placement.rect().contains(placement.next.geometry().adjusted(4, 4, -4, -4))
