"""A calibration as it is heard, from the views of one that runs by itself."""

from dataclasses import replace

import numpy as np
import pytest

from app.session.calibrating.view import CalibrationView
from app.ui.sound import Go, Sound
from app.ui.sound.guiding import Guiding
from app.ui.sound.tones import SFREQ

VIEW = CalibrationView("quick", "contact", 1, 9, None, "", "wait", "Lie comfortably and let both legs rest.")


class Notebook(Sound):
    def __init__(self):
        super().__init__()
        self.told: list[object] = []

    def tell(self, text, words=()):
        self.told.append((text, words))

    def play(self, sound):
        self.told.append(sound)

    def submit(self, event, decided_ns):
        self.told.append(event)


def step(name, number, phase="ready", line="Do it."):
    return replace(VIEW, step=name, number=number, phase=phase, line=line)


def told(*views):
    sound = Notebook()
    guiding = Guiding(sound)
    for view in views:
        guiding.look(view)
    return sound.told


def test_each_step_is_told_once_with_its_line_and_what_prompts_say_of_it():
    views = [step("squeeze-left", 5, line="Squeeze your left cheek alone.")] * 3
    assert told(*views) == [("Squeeze your left cheek alone.", ("left",))]


def test_every_try_is_told_anew():
    assert len(told(step("squeeze-both", 7), step("squeeze-both", 8))) == 2


def test_a_tick_begins_and_two_notes_let_go():
    _first, *rest = told(*(step("squeeze-left", 5, phase) for phase in ("ready", "do", "do", "relax", "ready")))
    assert rest == [Go(), "hold-end"]


def test_an_interruption_is_not_a_step():
    assert told(replace(step("rest", 2), interrupted="Left: press the pad.")) == []


@pytest.mark.parametrize("pause_s", [1.0, 4.0])
def test_the_words_of_the_next_step_are_heard_soon_after_the_last(pause_s):
    sound = Sound()
    guiding = Guiding(sound)
    guiding.look(step("squeeze-left", 5, "do"))
    run(sound, 2.0)
    guiding.look(step("squeeze-left", 5, "relax"))
    run(sound, pause_s)
    guiding.look(step("squeeze-right", 6, "ready"))
    assert run(sound, 0.3).any()


def run(sound, seconds):
    return np.concatenate([sound._mixer.render(240) for _ in range(round(seconds * SFREQ / 240))])
