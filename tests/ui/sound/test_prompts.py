"""The recordings: there is one for everything that is said, in every language, and it ends in time."""

import io
import json
import wave
from importlib.resources import files
from typing import get_args

import numpy as np
import pytest

from app import language
from app.pipeline.programmes import all_programmes
from app.session.events import CueKind, SayKind, Side
from app.session.story import Joining, Story
from app.ui.sound import prompts
from app.ui.sound.prompts import (
    LONGEST_S,
    NUMBERS,
    TEXTS,
    UNHURRIED,
    duration_s,
    names,
    words_of,
    words_of_cue,
    words_of_story,
)
from app.ui.sound.tones import SFREQ

MOST_BYTES = 4_000_000
VALUES = {
    "count": NUMBERS,
    "countdown": range(21),
    "hold-seconds": range(1, 11),
    "count-down": (1, 2, 3),
    "set": range(1, 11),
    "hint": [name.removeprefix("hint-") for name in TEXTS if name.startswith("hint-")],
    "woke": ("left", "right", "both"),
    "contact": ("left", "right", "both"),
    "paused": ("no-effort", "no-signal", None),
    "set-done": (1, 2, None),
    "rest": (60, None),
    **{what: ("left", "right") for what in ("side", "side-lost", "side-back", "target", "battery-low")},
}
OF_THE_WINDOW = ("battery-low", "unplug", "safety", "output-back", "tap", "squeeze", "lie-still")
SAID = [
    (what, value)
    for what in (*get_args(SayKind), *OF_THE_WINDOW)
    if what not in ("let-go", "gesture")
    for value in VALUES.get(what, (None,))
]


@pytest.fixture(params=language.LANGUAGES)
def tongue(request):
    language.use(request.param)
    yield request.param
    language.use("en")


@pytest.mark.parametrize(("what", "value"), SAID)
def test_everything_that_the_coach_tells_has_words(what, value):
    assert words_of(what, value)


def test_every_hint_of_every_programme_is_recorded_in_its_own_words():
    hints = {(hint.id, hint.text) for programme in all_programmes().shipped for hint in programme.hints}
    assert hints
    for name, words in hints:
        assert TEXTS[f"hint-{name}"] == words


def test_everything_that_is_said_is_recorded_and_ends_before_the_next_go(tongue):
    for what, value in SAID:
        words = words_of(what, value)
        longest_s = float("inf") if UNHURRIED.issuperset(words) else LONGEST_S
        assert duration_s(words, tongue) <= longest_s, (what, value)
        assert duration_s(words, tongue) < 6.0, (what, value)


def test_every_cue_is_recorded_and_ends_before_the_next_go(tongue):
    for kind in get_args(CueKind):
        for side in ("left", "right", "both"):
            assert duration_s(words_of_cue(side, kind), tongue) <= LONGEST_S


def test_the_spoken_word_is_the_written_one(tongue):
    said = json.loads((files("assets") / "prompts" / tongue / "texts.json").read_text(encoding="utf-8"))
    assert said == {name: prompts.text(name) for name in names()}


def test_every_recording_is_mono_trimmed_and_equally_loud(tongue):
    recorded = prompts.recordings(tongue)
    assert set(recorded) == set(names())
    levels = []
    for name, samples in recorded.items():
        with wave.open(io.BytesIO((files("assets") / "prompts" / tongue / f"{name}.wav").read_bytes())) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000), name
        level = np.abs(samples / 32768.0)
        heard = np.flatnonzero(level > 0.02 * level.max())
        assert heard[0] <= 0.02 * 16_000, name
        assert len(samples) - heard[-1] <= 0.02 * 16_000, name
        assert level.max() <= 0.91, name
        assert max(level[0], level[-1]) < 0.005, name  # neither begins nor ends with a click
        levels.append(np.sqrt(np.mean(level[level > 0.02] ** 2)))
    assert max(levels) / min(levels) < 2.0  # 6 dB


def test_all_languages_together_stay_small():
    folders = [files("assets") / "prompts" / tongue for tongue in language.LANGUAGES]
    assert sum(len(file.read_bytes()) for folder in folders for file in folder.iterdir()) <= MOST_BYTES


def test_words_are_said_one_after_the_other_at_the_rate_of_the_mixer():
    words = ("left", "squeeze-now")
    samples = prompts.spoken(words, "en")
    assert samples.dtype == np.float32
    assert len(samples) / SFREQ == pytest.approx(duration_s(words, "en"), abs=1e-3)
    assert 0.1 < np.max(np.abs(samples)) <= 1.0


def story(n, of, about="left"):
    sides: dict[Side, Joining] = {"left": Joining(n, of, None), "right": Joining(of, of, None)}
    return Story(
        set_number=1, n=of, sides=sides, about=about, lag_ms=96.0, later="left", lsi_pct=None, weaker=None,
        n_together=0, woke_at=None, hint=None, next="together", each=(),
    )  # fmt: skip


def test_prompts_tell_who_joined_how_often():
    assert words_of_story(story(14, 20)) == ("left", "joined-in", "number-14", "of", "number-20")
    assert words_of_story(story(14, 20, about=None)) == ("both", "joined-in", "number-14", "of", "number-20")


def test_a_story_whose_numbers_nobody_recorded_is_only_shown():
    assert words_of_story(story(23, 37)) == ()


def test_a_number_that_nobody_recorded_is_left_to_the_screen():
    assert words_of("count", 37) == ()
    assert words_of("something-new") == ()
