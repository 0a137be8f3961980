"""The replay stands where it should, whatever the frame rate."""

import pytest

from app.ui.player import SPEEDS, Player

S = 1_000_000_000


@pytest.fixture
def player() -> Player:
    made = Player()
    made.duration_s = 60.0
    return made


def test_it_plays_by_the_clock_and_not_by_frames(player):
    player.toggle(0)
    for now in (1, 2, 3 * S // 2, 2 * S):
        player.tick(now)
    assert player.position_s == pytest.approx(2.0)


@pytest.mark.parametrize("speed", SPEEDS)
def test_speed_is_seconds_of_the_recording_a_second(player, speed):
    player.change_speed(SPEEDS.index(speed) - SPEEDS.index(1.0))
    player.toggle(0)
    player.tick(3 * S)
    assert player.position_s == pytest.approx(3.0 * speed)


def test_it_pauses_at_the_end_and_plays_from_the_beginning_again(player):
    player.seek(59.0)
    player.toggle(0)
    player.tick(5 * S)
    assert (player.position_s, player.playing) == (60.0, False)
    player.toggle(6 * S)
    player.tick(7 * S)
    assert player.position_s == pytest.approx(1.0)


def test_no_seek_and_no_speed_goes_beyond_the_ends(player):
    player.seek(-5.0)
    assert player.position_s == 0.0
    player.seek(1e9)
    assert player.position_s == 60.0
    player.change_speed(99)
    assert player.speed == SPEEDS[-1]
    player.change_speed(-99)
    assert player.speed == SPEEDS[0]


def test_nothing_is_played_before_something_is_open():
    player = Player()
    player.toggle(0)
    assert not player.playing
