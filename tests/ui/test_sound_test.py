"""The piece of Setup that tries the volume and finds the delay of headphones."""

import pytest
from PyQt6.QtCore import Qt

from app.ui.sound import Sound
from app.ui.sound.delay import AHEAD_MS, LEAST_TAPS
from app.ui.theme import load_colours
from app.ui.widgets.sound_test import SoundTest

SECOND = 1_000_000_000


class FakeSound(Sound):
    def __init__(self):
        super().__init__()
        self.heard: list[object] = []

    def play(self, sound):
        self.heard.append(sound)

    def say(self, what, value=None):
        self.heard.append((what, value))


class Bench:
    def __init__(self, qtbot):
        self.qtbot = qtbot
        self.now_ns = 0
        self.sound = FakeSound()
        self.widget = SoundTest(load_colours(), self.sound, clock_ns=lambda: self.now_ns)
        qtbot.addWidget(self.widget)
        self.widget.resize(480, 260)
        self.widget.show()
        self.found: list[float] = []
        self.widget.measured.connect(self.found.append)

    def tap_along(self, delay_ms, n_taps=LEAST_TAPS):
        self.widget.toggle()
        for number in range(n_taps):
            self.now_ns = number * SECOND
            self.widget.tick()
            self.now_ns += round(delay_ms * 1e6)
            self.qtbot.keyClick(self.widget.beat, Qt.Key.Key_Return)


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot)


def test_each_sound_can_be_tried_by_keyboard(bench, qtbot):
    widget = bench.widget
    for button in (widget.left, widget.right, widget.together, widget.spoken):
        qtbot.keyClick(button, Qt.Key.Key_Return)
    assert bench.sound.heard == ["left", "right", "chord", ("countdown", 3)]


def test_tapping_along_tells_the_delay_once_and_ends_the_ticks(bench):
    bench.tap_along(150.0)
    assert bench.found == [150.0 + AHEAD_MS]
    assert "180 ms" in bench.widget.line
    assert bench.sound.heard.count("go") == LEAST_TAPS
    assert not bench.widget.beat.isVisible()
    assert bench.widget.begin.hasFocus()


def test_taps_that_lie_far_apart_are_said_so_and_measured_on(bench):
    bench.widget.toggle()
    for number, delay_ms in enumerate((0, 700, 300, 500, 100, 650, 250, 400)):
        bench.now_ns = number * SECOND
        bench.widget.tick()
        bench.now_ns += delay_ms * 1_000_000
        bench.widget.tap()
    assert bench.found == []
    assert "far apart" in bench.widget.line
    assert bench.widget.beat.isVisible()


def test_nothing_ticks_behind_another_page(bench):
    bench.widget.toggle()
    bench.widget.hide()
    assert not bench.widget._timer.isActive()


def test_every_button_lies_inside_also_where_it_is_narrow(bench):
    for width in (300, 480, 700):
        bench.widget.resize(width, bench.widget.sizeHint().height() + 80)
        bench.widget.toggle()
        for button in (bench.widget.left, bench.widget.spoken, bench.widget.begin, bench.widget.beat):
            assert bench.widget.rect().contains(button.geometry()), width
        bench.widget.toggle()
