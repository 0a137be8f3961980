"""The expert view: every electrode raw, each number with its name, in words where a sensor cannot tell."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from app.ui import expert_words
from app.ui.theme import load_colours
from app.ui.widgets.expert import ExpertView
from app.ui.widgets.expert_plots import raw_half
from tests.rigs.electrodes import FLOW, NUMBERS, electrode, humming, raw
from tests.ui.calibrate_scenes import BOTH, showing
from tests.ui.sensor_scenes import with_two

VIEWS = (electrode(), humming())


def numbers(view):
    return {one.name: one.value.replace("\u2009", " ") for one in expert_words.numbers(view)}


@pytest.fixture
def open_raw(make_window, qtbot):
    """Open a window on a page and press the key of the expert view."""

    def make(source, page, size=(1440, 900)):
        source.electrode_views = VIEWS
        window = make_window(source=source, size=size)
        window.show_page(page)
        window.look_around()
        qtbot.keyClick(window, Qt.Key.Key_V)
        window.look_around()
        QApplication.processEvents()
        return window

    return make


def test_one_key_shows_the_electrodes_raw_from_sensors_and_esc_leads_back(qtbot, open_raw):
    window = open_raw(with_two(), 1)
    assert window.sensors.expert.isVisible()
    assert window.sensors.expert.views == VIEWS
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.sensors.expert.isVisible()
    assert window.sensors.cards["left"].isVisible()


def test_while_somebody_calibrates_the_step_stays_in_sight_and_goes_on(open_raw, read_text):
    window = open_raw(showing(BOTH)(), 2)
    page = window.calibrate.page
    assert page.expert.isVisible()
    assert not page.stage.isVisible()
    said = " ".join(words for words, *_ in read_text(window))
    assert BOTH.line in said
    window.source.calibration.view = replace(BOTH, step="done", finished=True)
    window.pull()
    assert page.expert.isVisible()
    page.toggle_expert()
    assert page.result.isVisible()


def test_each_number_has_a_name_and_a_unit():
    assert numbers(humming()) == {
        "rest": "3.4 µV",
        "now": "4.2 µV",
        "reference over rest": "24 dB",
        "hum": "14 µV at 50 Hz",
        "mains filter": "50 Hz taken out",
        "below 20 Hz": "× 0.3",
        "middle of the band": "92 Hz",
        "clipped": "0.0 %",
        "lost": "0.2 %",
        "clock": "999.8 Hz, −200 ppm",
        "packets late": "up to 3 ms",
    }


def test_what_is_not_known_is_a_dash_and_what_cannot_be_known_a_word():
    view = electrode()
    unsure = replace(NUMBERS, snr_db=float("nan"), rest=float("nan"))
    told = numbers(replace(view, numbers=unsure, flow=replace(FLOW, lost_pct=None, sfreq=None, jitter_ms=None)))
    assert (told["rest"], told["reference over rest"], told["lost"]) == ("–", "–", "not measurable")
    assert "clock" not in told


def test_a_device_without_a_known_gain_shows_counts_and_no_microvolts():
    told = numbers(replace(electrode(), unit="counts", scale=1.0, numbers=replace(NUMBERS, rest=12.0)))
    assert told["rest"] == "12 counts"
    assert not any("µV" in value for value in told.values())


def test_an_envelope_has_no_spectrum_and_says_so(read_text, make_window):
    nothing = np.empty(0)
    view = replace(electrode(), kind="envelope", hz=nothing, density=nothing)
    source = with_two()
    source.electrode_views = (view,)
    window = make_window(source=source)
    window.show_page(1)
    window.sensors.show_view("expert")
    said = [words for words, *_ in read_text(window)]
    assert "This sensor sends an envelope: no raw signal, no spectrum." in said
    assert "hum" not in said


def test_both_sides_are_drawn_on_one_scale_that_rest_does_not_fill():
    assert raw_half([electrode(samples=raw(3.0)), electrode(samples=raw(3.0, squeeze_uv=40.0))]) == 200.0
    assert raw_half([electrode(samples=raw(1.0))]) == 20.0


def test_nobody_is_asked_for_samples_while_the_view_is_not_seen(application, qtbot):
    asked = []

    def electrodes():
        asked.append(1)
        return VIEWS

    view = ExpertView(load_colours(), electrodes)
    qtbot.addWidget(view)
    assert asked == []
    view.show()
    assert asked
    view.hide()
    assert not view._timer.isActive()


@pytest.mark.parametrize("views", [(), VIEWS[:1], (*VIEWS, electrode("hamstring-left"), electrode("erector-left"))])
@pytest.mark.parametrize("size", [(1200, 700), (860, 380), (300, 120)])
def test_any_number_of_electrodes_is_drawn_in_any_size(application, qtbot, views, size):
    view = ExpertView(load_colours(), lambda: views)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.grab()


def test_lost_samples_are_drawn_and_scaled_without_them(application, qtbot):
    lost = raw(3.0)
    lost[:] = np.nan
    view = ExpertView(load_colours(), lambda: (electrode(samples=lost), VIEWS[1]))
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    view.grab()
    assert raw_half([electrode(samples=lost)]) == 20.0
