"""A sensor on its way to being used: nothing is guessed, nothing is asked twice."""

from app.pipeline.discovery import Choice, FoundDevice
from app.settings import Sensor
from app.ui.sensor_draft import MOST_CHANNELS, Draft
from app.ui.sensor_words import WHERE, WHICH_DEVICE

SURE = FoundDevice("uMyo", "A", "A", (Choice("umyo:A", "uMyo"),), True)
UNSURE = FoundDevice("USB", "/dev/x", "", (Choice("text:/dev/x", "Text"), Choice("chords:/dev/x", "Chords")), False)


def test_a_device_that_is_not_sure_is_never_chosen_for_the_user():
    draft = Draft.of_device(UNSURE, None)
    draft.lie_on("left")
    assert draft.is_ambiguous
    assert draft.missing() == WHICH_DEVICE
    draft.chosen = 1

    assert draft.missing() == ""
    assert draft.sensor().uri == "chords:/dev/x"


def test_a_sensor_without_a_place_is_not_used():
    assert Draft.of_device(SURE, None).missing() == WHERE


def test_a_device_that_was_used_before_lies_where_it_lay_under_the_name_it_had():
    draft = Draft.of_device(UNSURE, Sensor("chords:/dev/x", {"right": 2}, name="Blue"))

    assert (draft.chosen, draft.channels, draft.name, draft.lie) == (1, [None, "right"], "Blue", "right")


def test_one_side_takes_the_first_channel_and_both_take_two():
    draft = Draft.of_device(SURE, None)
    draft.lie_on("right")
    assert draft.sensor().sites == {"right": 1}
    draft.lie_on("both")
    assert draft.sensor().sites == {"left": 1, "right": 2}
    draft.lie_on("left")
    assert draft.sensor().sites == {"left": 1}


def test_a_helper_keeps_its_channel_when_the_side_changes():
    draft = Draft.of_device(SURE, None)
    draft.lie_on("both")
    draft.add_channel()
    draft.put(2, "hamstring-left")
    draft.lie_on("right")

    assert draft.sensor().sites == {"right": 2, "hamstring-left": 3}


def test_channels_may_lie_the_other_way_round():
    draft = Draft.of_device(SURE, None)
    draft.lie_on("both")
    draft.put(0, "right")

    assert draft.channels == ["right", None]
    draft.put(1, "left")
    assert draft.sensor().sites == {"left": 2, "right": 1}


def test_there_is_an_end_to_channels():
    draft = Draft.of_device(SURE, None)
    for _ in range(20):
        draft.add_channel()

    assert len(draft.channels) == MOST_CHANNELS


def test_a_sensor_that_is_changed_begins_as_it_is():
    sensor = Sensor("umyo:A?rate=500", {"left": 1, "hamstring-left": 3}, "A", "Blue")

    assert Draft.of_sensor(sensor).sensor() == sensor
