"""Two short squeezes are a sign; nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.gesture import Gesture
from app.session.tick import Edge


def heard(*squeezes: tuple[float, float], site: int = 0, lost: set[int] | None = None) -> list[float]:
    """When the sign is heard in squeezes of (start, end)."""
    edges = [Edge(site, *one) for start_s, end_s in squeezes for one in ((True, start_s), (False, end_s))]
    return heard_by(Gesture((0, 1)), edges, lost or set())


def heard_by(gesture: Gesture, edges: list[Edge], lost: set[int]) -> list[float]:
    return [edge.t_s for edge in edges if gesture.hear(edge.t_s, [edge], lost)]


@pytest.mark.parametrize("site", [0, 1])
def test_two_short_squeezes_of_whichever_side_are_the_sign(site):
    assert heard((1.0, 1.5), (2.0, 2.5), site=site) == [2.5]


def test_a_late_side_does_not_make_two_squeezes_of_one():
    edges = [Edge(0, True, 1.0), Edge(1, True, 1.25), Edge(0, False, 1.6), Edge(1, False, 1.7)]
    assert heard_by(Gesture((0, 1)), edges, set()) == []


@pytest.mark.parametrize(
    "squeezes",
    [
        [(1.0, 1.5)],
        [(1.0, 2.5), (3.0, 3.5)],
        [(1.0, 1.1), (1.5, 1.6)],
        [(1.0, 1.5), (3.1, 3.6)],
        [(1.0, 1.5), (2.0, 3.5)],
    ],
)
def test_one_squeeze_a_long_one_a_twitch_or_two_far_apart_are_no_sign(squeezes):
    assert heard(*squeezes) == []


def test_who_moves_about_makes_no_sign():
    restless = [(1.0 + 0.6 * n, 1.0 + 0.6 * n + (0.15 if n % 2 else 0.4)) for n in range(20)]
    assert heard(*restless) == []


def test_a_squeeze_of_a_helper_is_no_sign():
    assert heard((1.0, 1.5), (2.0, 2.5), site=2) == []


def test_a_pad_that_comes_off_is_no_squeeze():
    gesture = Gesture((0, 1))
    assert not gesture.hear(1.0, [Edge(0, True, 1.0)], set())
    assert not gesture.hear(1.4, [], {0})
    assert heard_by(gesture, [Edge(0, False, 1.5), Edge(0, True, 2.0), Edge(0, False, 2.5)], set()) == []


def test_the_sign_is_heard_once():
    assert heard((1.0, 1.5), (2.0, 2.5), (3.0, 3.5)) == [2.5]


@settings(max_examples=100)
@given(st.lists(st.floats(0.01, 3.0), min_size=2, max_size=40))
def test_whatever_comes_a_sign_has_two_squeezes_of_its_length_close_to_each_other(steps):
    at_s, edges = 0.0, []
    for number, step in enumerate(steps):
        at_s += step
        edges.append(Edge(0, number % 2 == 0, at_s))
    gesture = Gesture((0,))
    for number, edge in enumerate(edges):
        if gesture.hear(edge.t_s, [edge], set()):
            first, end, second, last = (one.t_s for one in edges[number - 3 : number + 1])
            assert 0.2 <= end - first <= 1.0
            assert 0.2 <= last - second <= 1.0
            assert second - first <= 2.0
