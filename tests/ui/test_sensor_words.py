"""What is said of a sensor: observations with a remedy, and no number that the data do not carry."""

import math
from dataclasses import replace

import pytest

from app.pipeline.condition import Sync
from app.pipeline.discovery import Finds
from app.pipeline.flow import FlowView
from app.session.contact import TEXTS
from app.ui import sensor_words
from app.ui.sensor_words import LANDMARKS, PLACEMENTS, STEPS, judgement
from app.ui.status_words import battery_entry
from drivers.types import LinkState, Vitals
from tests.ui.sensor_scenes import SENSOR_SCENES, unit

NOT_USED = ("asleep", "awake", "woke", "abnormal", "firing", "streak")


def test_good_contact_is_said_with_its_rest_noise():
    judged = judgement(unit("left"), "left")

    assert (judged.mark, judged.word, judged.why) == ("tick", "Good contact", "Rest noise 3.1 µV.")


def test_a_device_whose_gain_is_unknown_has_no_microvolts():
    assert "µV" not in judgement(unit("left", rest_uv={}), "left").why
    assert "µV" not in judgement(unit("left", rest_uv={"left": math.nan}), "left").why


@pytest.mark.parametrize("verdict", [verdict for verdict in TEXTS if verdict != "ok"])
def test_every_bad_contact_has_a_mark_a_word_and_a_remedy(verdict):
    judged = judgement(unit("left", verdict), "left")

    assert judged.mark == "warning"
    assert judged.word
    assert judged.remedy


def test_a_helper_without_contact_is_said_where_the_glute_is_good():
    contacts = {"left": ("ok", TEXTS["ok"]), "hamstring-left": ("no-contact", TEXTS["no-contact"])}
    judged = judgement(unit("left", sites=("left", "hamstring-left"), contacts=contacts), "left")

    assert judged.word == "Hamstring: No contact"


@pytest.mark.parametrize("state", [LinkState.RECONNECTING, LinkState.STALLED, LinkState.UNAVAILABLE])
def test_a_link_that_is_down_comes_before_the_contact(state):
    judged = judgement(unit("left", "hum", state=state, reason="It is off. Switch it on."), "left")

    assert judged.mark == "warning"
    assert judged.remedy == ("It is off.", "Switch it on.")


def test_a_link_that_is_down_without_a_reason_still_has_a_remedy():
    assert judgement(unit("left", state=LinkState.RECONNECTING), "left").remedy


def test_a_test_signal_is_never_taken_for_a_muscle():
    judged = judgement(unit("left", vitals=Vitals(test_signal=True)), "left")

    assert judged.loud
    assert judged.word == "TEST SIGNAL"


def test_a_side_without_a_unit_says_what_to_do():
    assert judgement(None, "right").word == "No sensor yet"


def test_a_slow_usb_chip_is_named_with_what_mends_it():
    slow = unit("left", vitals=Vitals(latency_timer_ms=16.0))
    assert "gathers data for 16 ms; set its latency timer to 1 ms" in judgement(slow, "left").remedy[0]

    assert not judgement(unit("left", vitals=Vitals(latency_timer_ms=1.0)), "left").remedy


def test_loss_that_is_not_measurable_is_never_shown_as_none():
    uncounted = unit("left", flow=FlowView("s", None, None, 500.0, 4.0))

    assert [fact.value for fact in sensor_words.head_facts(uncounted) if fact.label == "lost"] == ["–"]
    assert "loss not measurable" in sensor_words.small_facts(uncounted, None)


def test_a_single_lost_sample_never_reads_as_none():
    flow = FlowView("s", 0.004, 0.02, 1000.0, 4.0)

    assert sensor_words.head_facts(unit("left", flow=flow))[-1].value == "<\u20090.1"
    assert "lost in all <\u20090.1\u2009%" in sensor_words.small_facts(unit("left", flow=flow), None)


def test_numbers_of_a_link_that_is_down_are_not_shown_as_if_it_ran():
    facts = sensor_words.head_facts(unit("left", state=LinkState.RECONNECTING))

    assert {fact.value for fact in facts if fact.label in ("rate", "lost")} == {"–"}


@pytest.mark.parametrize(
    ("sync", "words"),
    [
        (Sync(4.2, None), "SYNCED ±\u20094 ms"),
        (Sync(None, 7.6), "SYNCING, 8 s"),
        (Sync(None, math.nan), "SYNCING"),
        (Sync(None, None), "SYNCING"),
    ],
)
def test_two_clocks_are_syncing_until_their_difference_is_known(sync, words):
    assert sensor_words.sync_words(sync) == words


@pytest.mark.parametrize(("rssi_dbm", "bars"), [(-50, 4), (-65, 3), (-75, 2), (-90, 1), (-100, 0)])
def test_strength_is_shown_by_bars(rssi_dbm, bars):
    assert sensor_words.bars_of(rssi_dbm) == bars


def test_a_search_says_that_it_runs_and_what_it_found():
    assert sensor_words.finds_subtitle(Finds(done=False)) == "searching …"
    assert sensor_words.finds_subtitle(Finds()) == "nothing found"


def test_the_status_bar_tells_the_charge_of_each_side_that_is_known():
    (entry,) = battery_entry((unit("left"), unit("right", vitals=Vitals(battery_pct=80.4))))

    assert entry.plain + entry.strong == "battery left 78\u2009%, right 80\u2009%"
    assert battery_entry((unit("left", vitals=Vitals()),)) == ()


def test_every_muscle_has_a_drawing_steps_and_labels():
    assert PLACEMENTS.keys() == STEPS.keys() == LANDMARKS.keys()
    assert all(len(steps) == 5 for steps in STEPS.values())


def test_no_word_that_is_not_used_is_used():
    said = [sensor_words.subtitle(scene.source().unit_views) for scene in SENSOR_SCENES.values()]
    said += [text for steps in STEPS.values() for text in steps]
    for scene in SENSOR_SCENES.values():
        for one in scene.source().unit_views:
            judged = [judgement(replace(one, sites=("left", "right")), side) for side in ("left", "right")]
            said += [part for verdict in judged for part in (verdict.word, verdict.why, *verdict.remedy)]
    for word in NOT_USED:
        assert not [text for text in said if word in text.lower()]
