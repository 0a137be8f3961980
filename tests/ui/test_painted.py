"""What a screen reader is told of things painted by hand: what stands there, and not at every change of a number."""

import pytest

from app.ui.theme import load_colours
from app.ui.widgets.painted import Gauge, Painted, PaintedButton, Rarely


@pytest.fixture
def button(application):
    return PaintedButton(load_colours(), "Yes")


def test_words_are_let_through_at_once():
    rarely = Rarely()
    assert [rarely.lets(words) for words in ("3 %, quiet", "3 %, joining", "3 %, quiet")] == [True] * 3


def test_numbers_alone_wait_for_the_fourth_look():
    rarely = Rarely()
    looks = [rarely.lets(f"{number} %, quiet") for number in range(9)]
    assert looks == [True, False, False, False, True, False, False, False, True]


def test_what_stands_there_unchanged_is_not_told_again():
    rarely = Rarely()
    assert [rarely.lets("3 %, quiet") for _look in range(9)] == [True, *[False] * 8]


def test_what_is_painted_is_in_the_name(application):
    painted = Painted(load_colours(), "Symmetry")
    assert painted.accessibleName() == "Symmetry"
    painted.say("71\u2009%")
    assert painted.accessibleName() == "Symmetry: 71 %"


def test_a_gauge_without_a_value_tells_none(application):
    class Level(Gauge):
        level: float | None = 42.0

        def spoken(self):
            return ("no signal" if self.level is None else "joining"), self.level

    gauge = Level(load_colours(), "Left side", 120)
    gauge.describe()
    assert (gauge.value(), gauge.accessibleDescription()) == (42, "joining")
    gauge.level = None
    gauge.describe()
    assert gauge.value() < gauge.minimum()
    assert gauge.accessibleDescription() == "no signal"


def test_what_a_screen_reader_toggles_is_pressed(qtbot, button):
    button.setCheckable(True)
    with qtbot.waitSignal(button.clicked, timeout=1000):
        button.toggle()


def test_a_click_is_one_press_and_what_is_only_shown_is_none(button):
    presses: list[bool] = []
    button.setCheckable(True)
    button.clicked.connect(presses.append)
    button.click()
    button.show_checked(False)
    assert presses == [True]
