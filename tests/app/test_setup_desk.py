"""What a person likes holds at once: for the ear, the bars, the language and the goal."""

import msgspec
import pytest

from app import language
from app.pipeline.chain import Bars
from app.preferences import Goal
from app.settings import Settings
from app.setup_desk import SetupDesk
from app.ui.sound import Sound


@pytest.fixture(autouse=True)
def english():
    yield
    language.use("en")


def test_what_was_liked_before_is_heard_from_the_start():
    settings, sound = Settings(), Sound()
    settings.prefer(volume=30, tone=50, voice=False, quiet=True, delay_ms=180)
    SetupDesk(settings, sound)

    assert (sound.volume, sound.layers["tone"], sound.voice, sound.quiet, sound.delay_ms) == (
        0.3,
        0.5,
        False,
        True,
        180,
    )


def test_a_change_is_heard_at_once_and_kept():
    settings, sound, saved = Settings(), Sound(), []
    desk = SetupDesk(settings, sound, save=lambda: saved.append(settings.preferences))
    desk.change(volume=20, speech=0)

    assert (sound.volume, sound.layers["speech"]) == (0.2, 0.0)
    assert saved == [settings.preferences]


def test_what_did_not_change_is_not_kept_again():
    saved: list[None] = []
    desk = SetupDesk(Settings(), Sound(), save=lambda: saved.append(None))
    desk.change(volume=70)

    assert saved == []


def test_a_reset_brings_one_thing_back_and_no_other():
    desk = SetupDesk(Settings(), Sound())
    desk.change(volume=20, quiet=True)
    desk.reset("volume")

    assert (desk.preferences.volume, desk.preferences.quiet) == (70, True)


def test_the_bars_are_drawn_as_they_are_liked():
    bars, settings = Bars(), Settings()
    settings.prefer(smoothness="plain")
    desk = SetupDesk(settings, Sound(), bars=bars)
    assert bars.plain
    desk.change(smoothness="standard")

    assert not bars.plain


def test_the_language_is_that_of_what_is_shown_next():
    SetupDesk(Settings(), Sound()).change(language="de")

    assert language.language() == "de"


def test_a_value_that_there_is_not_changes_nothing():
    desk = SetupDesk(Settings(), Sound())
    with pytest.raises(msgspec.ValidationError):
        desk.change(volume=200)

    assert (desk.preferences.volume, desk.sound.volume) == (70, 0.7)


def test_each_person_has_a_goal_of_their_own():
    people = ["P-7"]
    told: list[Goal] = []
    desk = SetupDesk(Settings(), Sound(), person=lambda: people[0], aim=told.append)
    desk.set_goal(target_pct=45, locked=True)
    people[0] = "P-8"

    assert desk.goal == Goal("P-8")
    assert told == [Goal("P-7", 45, True)]


def test_a_goal_out_of_reach_is_refused():
    desk = SetupDesk(Settings(), Sound())
    with pytest.raises(msgspec.ValidationError):
        desk.set_goal(target_pct=200)

    assert desk.goal == Goal()


def test_a_new_session_hears_of_a_goal_only_where_the_person_has_one():
    told: list[Goal] = []
    desk = SetupDesk(Settings(), Sound(), aim=told.append)
    desk.aim()
    assert told == []
    desk.set_goal(locked=True)
    desk.aim()

    assert told == [Goal(locked=True)] * 2
