import pytest

from app.pipeline.montage import make_montage, source_sites
from drivers.errors import SourceUriError
from drivers.types import StreamInfo

NAMED = (StreamInfo("unit", 1000.0, ("hamstring-left", "right", "left")),)
PLAIN = (StreamInfo("unit", 1000.0, ("ch1", "ch2")),)
FOUR = (StreamInfo("walk", 1000.0, ("gluteus medius", "gluteus maximus", "biceps", "semitendinosus")),)
TWO_STREAMS = (StreamInfo("one", 1000.0, ("ch1",)), StreamInfo("two", 1000.0, ("ch1",)))


def test_map_counts_channels_from_one_through_all_streams():
    assert source_sites("x:y", TWO_STREAMS, {"right": 1, "left": 2}) == {"right": ("one", 0), "left": ("two", 0)}


def test_without_a_map_the_names_of_the_channels_say_where_they_lie():
    assert source_sites("x:y", NAMED, None) == {
        "hamstring-left": ("unit", 0),
        "right": ("unit", 1),
        "left": ("unit", 2),
    }


def test_two_channels_without_names_are_left_and_right():
    assert source_sites("x:y", PLAIN, None) == {"left": ("unit", 0), "right": ("unit", 1)}


def test_channels_that_could_be_anything_are_asked_for_by_name_and_number():
    with pytest.raises(SourceUriError, match=r"map=left:1,right:2 .*; its channels are 1 gluteus medius, 2 glut"):
        source_sites("file:walk.csv", FOUR, None)


def test_a_map_to_a_channel_that_is_not_there_names_those_that_are():
    with pytest.raises(SourceUriError, match=r"right on channel 5; its channels are 1 gluteus medius"):
        source_sites("file:walk.csv", FOUR, {"right": 5})


def test_one_channel_is_spoken_of_as_one():
    with pytest.raises(SourceUriError, match="its channels are 1 ch1"):
        source_sites("x:y", TWO_STREAMS[:1], {"right": 2})


def test_sites_stand_left_and_right_first_whatever_the_order_of_the_channels():
    montage = make_montage([source_sites("x:y", NAMED, None)])

    assert montage.sites == ("left", "right", "hamstring-left")
    assert montage.columns == {"unit": ((2, 0), (1, 1), (0, 2))}
    assert montage.targets_of("unit") == ("left", "right")


def test_two_sources_that_claim_one_side_are_told_how_to_part():
    with pytest.raises(SourceUriError, match="Two sources give the site 'left'"):
        make_montage([{"left": ("one", 0)}, {"left": ("two", 0)}])


def test_a_source_that_carries_no_side_has_no_targets():
    montage = make_montage([{"left": ("one", 0)}, {"hamstring-left": ("two", 0)}])

    assert montage.targets_of("two") == ()
    assert montage.targets_of("stranger") == ()
