"""Levels of sites as a person types them."""

import pytest

from app.session.levels import LevelsError, parse_levels


def test_levels_are_read_by_site():
    assert parse_levels("--mvc", "left:52.1,right:60") == {"left": 52.1, "right": 60.0}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "site ''"),
        ("leg:5", "site 'leg'"),
        ("left", "after 'left:'"),
        ("left:", "after 'left:'"),
        ("left:x", "after 'left:'"),
        ("left:0", "above zero"),
        ("left:-3", "above zero"),
        ("left:nan", "above zero"),
        ("left:inf", "above zero"),
        ("left:1,left:2", "twice"),
        ("left:1,,right:2", "site ''"),
    ],
)
def test_a_wrong_text_is_refused_with_the_part_that_is_wrong(text, reason):
    with pytest.raises(LevelsError, match=reason) as refusal:
        parse_levels("--rest", text)
    assert str(refusal.value).startswith("--rest")
    assert str(refusal.value).endswith(".")
