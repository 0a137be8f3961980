"""From which squeeze on a side joined."""

import pytest

from app.session.joining import joined_at, mostly_from


def squeezes(text: str) -> list[bool]:
    return [mark == "x" for mark in text]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("....xxxxxx", 4),
        (".x..xxxxxx", 4),
        ("....xxx.xxxx", 4),
        ("xxxxxxxx", None),  # from the start
        ("........", None),
        ("......xx", None),  # too few to say
        ("x.x.x.x.x.", None),
        ("xx.xxxxxxx", None),  # it had joined before
        ("", None),
    ],
)
def test_a_side_joined_where_it_stays_and_had_not_been_before(text, at):
    assert joined_at(squeezes(text)) == at


def test_what_holds_from_the_start_holds_from_the_first():
    assert mostly_from(squeezes("xxxx.xxx")) == 0
