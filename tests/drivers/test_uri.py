"""One string names any source, and whatever is wrong with it is said with what would be right."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import SourceUriError
from drivers.uri import SITES, parse_uri

SCHEMES = ("sim", "file", "text")


def refusal(text: str) -> str:
    with pytest.raises(SourceUriError) as refused:
        parse_uri(text, SCHEMES)
    return refused.value.sentence


def test_scheme_address_and_options_are_told_apart():
    uri = parse_uri("sim:waking-left?seed=7&speed=max", SCHEMES)

    assert (uri.scheme, uri.address, uri.options) == ("sim", "waking-left", {"seed": "7", "speed": "max"})


def test_a_file_name_may_hold_a_question_mark_and_a_colon():
    assert parse_uri("file:C:\\why?.csv", SCHEMES).address == "C:\\why?.csv"


def test_options_may_be_percent_encoded():
    assert parse_uri("sim:healthy?truth=a%26b.jsonl", SCHEMES).options["truth"] == "a&b.jsonl"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "SCHEME:ADDRESS"),
        ("recording.csv", "SCHEME:ADDRESS"),
        ("C:\\recording.csv", "SCHEME:ADDRESS"),
        ("simm:healthy", "did you mean 'sim:'?"),
        ("bluetooth:x", "there are file:, sim:, text:"),
        ("sim:", "nothing stands after 'sim:'"),
        ("sim:healthy?seed=", "'seed=' is not an option"),
        ("sim:healthy?seed=1&seed=2", "given twice"),
        ("sim:healthy?map=lft:1", "did you mean 'left'?"),
        ("sim:healthy?map=left:0", "a channel number from 1"),
        ("sim:healthy?map=left:²", "a channel number from 1"),
        ("sim:healthy?map=left", "a channel number from 1"),
        ("sim:healthy?map=left:1,left:2", "twice"),
        ("sim:healthy?map=left:1,right:1", "two sites"),
    ],
)
def test_a_wrong_source_is_refused_with_the_part_that_is_wrong(text, part):
    assert part in refusal(text)


def test_a_map_gives_each_site_its_channel():
    assert parse_uri("file:x.csv?map=left:2,hamstring-left:1", SCHEMES).channel_map == {"left": 2, "hamstring-left": 1}


def test_without_a_map_there_is_none():
    assert parse_uri("file:x.csv", SCHEMES).channel_map is None


@pytest.mark.parametrize("text", ["fast", "", "nan", "11", "-1"])
def test_a_number_out_of_range_is_refused_with_the_range(text):
    uri = parse_uri("sim:healthy", SCHEMES)
    uri = type(uri)(uri.text, uri.scheme, uri.address, {"gain": text})

    with pytest.raises(SourceUriError, match="from 0 to 10"):
        uri.number("gain", 1.0, low=0.0, high=10.0)


def test_a_broken_number_is_no_whole_number():
    with pytest.raises(SourceUriError, match="whole number"):
        parse_uri("sim:healthy?seed=1.5", SCHEMES).integer("seed", 1, low=0, high=9)


@pytest.mark.parametrize(("text", "speed"), [("max", float("inf")), ("4", 4.0), ("0.5", 0.5)])
def test_speed_is_a_number_or_max(text, speed):
    assert parse_uri(f"sim:healthy?speed={text}", SCHEMES).speed == speed


@pytest.mark.parametrize("text", ["0", "inf", "nan", "quick"])
def test_any_other_speed_is_refused(text):
    with pytest.raises(SourceUriError, match="or max"):
        _ = parse_uri(f"sim:healthy?speed={text}", SCHEMES).speed


def test_an_unknown_option_is_refused_with_the_nearest_one():
    with pytest.raises(SourceUriError, match="did you mean 'seed'"):
        parse_uri("sim:healthy?sed=1", SCHEMES).refuse_unknown_options({"seed"})


def test_common_options_are_known_to_every_driver():
    parse_uri("sim:healthy?map=left:1&calibration=none", SCHEMES).refuse_unknown_options(())


@given(st.text())
def test_any_text_is_parsed_or_refused(text):
    with contextlib.suppress(SourceUriError):  # anything else that is raised fails the test
        parse_uri(text, SCHEMES)


@given(st.dictionaries(st.sampled_from(SITES), st.integers(1, 99), min_size=1))
def test_a_map_is_read_back_as_it_was_written(sites):
    text = ",".join(f"{site}:{channel}" for site, channel in sites.items())
    if len(set(sites.values())) == len(sites):
        assert parse_uri(f"file:x.csv?map={text}", SCHEMES).channel_map == sites
    else:
        assert "two sites" in refusal(f"file:x.csv?map={text}")


@pytest.mark.parametrize(("text", "bounds"), [("seed=x", "0 to 4294967295"), ("seed=0.5", "whole number")])
def test_bounds_are_written_out(text: str, bounds: str):
    uri = parse_uri(f"sim:healthy?{text}", ["sim"])
    with pytest.raises(SourceUriError, match=bounds):
        uri.integer("seed", 1, low=0, high=2**32 - 1)


def test_the_nearest_scheme_is_offered_as_it_is_written():
    with pytest.raises(SourceUriError, match="did you mean 'sim:'"):
        parse_uri("simm:healthy", ["sim", "file"])
