"""One try to squeeze: when it opens, what it holds, when it is over."""

import pytest

from app.session.attempt import GO_AFTER_QUIET_S, AttemptTracker, OpenAttempt
from app.session.programme import Tempo
from app.session.tick import TICK_S, Edge

LEFT, RIGHT, HELPER = 0, 1, 2
TEMPO = Tempo(squeeze_s=2.0, rest_s=2.0)


class Session:
    """Runs a tracker over scripted edges: (time of decision, site, rises, back-dated time)."""

    def __init__(self, *edges: tuple[float, int, bool, float], tempo: Tempo | None = None) -> None:
        self.tracker = AttemptTracker((LEFT, RIGHT))
        self.tempo = tempo
        self.closed: list[tuple[float, OpenAttempt]] = []
        self.gos: list[float] = []
        self._edges = {round(t_s / TICK_S): [Edge(site, rises, edge_s)] for t_s, site, rises, edge_s in edges}
        self._tick = 0

    def until(self, t_s: float, lost: frozenset[int] = frozenset()) -> "Session":
        while self._tick < round(t_s / TICK_S):
            self._tick += 1
            now_s = self._tick * TICK_S
            closed, go_s = self.tracker.tick(now_s, self._edges.get(self._tick, []), set(lost), self.tempo)
            if closed is not None:
                self.closed.append((now_s, closed))
            if go_s is not None:
                self.gos.append(go_s)
        return self


def squeeze(site: int, start_s: float, stop_s: float) -> tuple[tuple[float, int, bool, float], ...]:
    return (start_s + 0.05, site, True, start_s), (stop_s + 0.20, site, False, stop_s)


def test_the_first_rise_opens_an_attempt_that_starts_at_the_back_dated_onset():
    session = Session(*squeeze(RIGHT, 1.0, 2.0)).until(1.5)
    assert session.tracker.open is not None
    assert session.tracker.open.start_s == 1.0
    assert session.tracker.open.opened_s == pytest.approx(1.05)


def test_it_is_over_when_all_glutes_that_fired_are_quiet_again():
    session = Session(*squeeze(RIGHT, 1.0, 2.0), *squeeze(LEFT, 1.21, 2.1)).until(4.0)
    ((closed_s, attempt),) = session.closed
    assert closed_s == pytest.approx(2.3)
    assert (attempt.bursts[RIGHT].offset_s, attempt.bursts[LEFT].offset_s) == (2.0, 2.1)
    assert attempt.fired(LEFT, closed_s)
    assert attempt.fired(RIGHT, closed_s)


def test_a_helper_alone_opens_an_attempt_in_which_no_glute_fired():
    session = Session(*squeeze(HELPER, 1.0, 2.0)).until(4.0)
    ((closed_s, attempt),) = session.closed
    assert [site for site in (LEFT, RIGHT, HELPER) if attempt.fired(site, closed_s)] == [HELPER]


def test_a_helper_that_outlasts_the_glutes_does_not_hold_the_attempt_open_and_is_seen_to_have_worked():
    session = Session(*squeeze(HELPER, 1.0, 3.5), *squeeze(LEFT, 1.11, 2.0)).until(4.0)
    ((closed_s, attempt),) = session.closed
    assert closed_s == pytest.approx(2.2)
    assert attempt.fired(HELPER, closed_s)
    assert attempt.bursts[HELPER].offset_s is None


def test_a_twitch_of_a_sleeping_glute_does_not_end_the_attempt_of_the_helpers():
    session = Session(*squeeze(HELPER, 1.0, 3.0), *squeeze(LEFT, 1.41, 1.5)).until(4.0)
    ((closed_s, attempt),) = session.closed
    assert closed_s == pytest.approx(3.2)
    assert not attempt.fired(LEFT, closed_s)
    assert LEFT not in attempt.bursts


def test_a_burst_that_pauses_and_goes_on_is_one_burst():
    session = Session(*squeeze(RIGHT, 1.0, 3.0), *squeeze(LEFT, 1.11, 1.5), *squeeze(LEFT, 1.81, 2.9)).until(4.0)
    ((_, attempt),) = session.closed
    assert (attempt.bursts[LEFT].onset_s, attempt.bursts[LEFT].offset_s) == (1.11, 2.9)


def test_a_fall_that_no_rise_went_before_means_nothing():
    session = Session((1.0, LEFT, False, 0.8)).until(3.0)
    assert session.tracker.open is None
    assert not session.closed


def test_a_site_without_signal_opens_nothing():
    session = Session(*squeeze(LEFT, 1.0, 2.0)).until(3.0, frozenset({LEFT}))
    assert not session.closed


def test_a_side_that_loses_its_signal_stops_there_and_did_not_fire():
    session = Session(*squeeze(LEFT, 1.0, 2.0)).until(1.5).until(3.0, frozenset({LEFT}))
    ((closed_s, attempt),) = session.closed
    assert closed_s == pytest.approx(1.5, abs=2 * TICK_S)
    assert attempt.lost == {LEFT}
    assert not attempt.fired(LEFT, closed_s)


def test_where_nothing_rises_the_go_opens_an_attempt_and_the_tempo_goes_on():
    session = Session(tempo=TEMPO).until(GO_AFTER_QUIET_S + 9.0)
    assert session.gos == pytest.approx([8.0, 12.0, 16.0])
    assert [closed_s for closed_s, _ in session.closed] == pytest.approx([10.0, 14.0])
    assert all(attempt.by_go and not attempt.bursts for _, attempt in session.closed)


def test_there_is_no_go_without_a_tempo():
    assert not Session().until(30.0).gos


def test_a_twitch_after_the_go_neither_ends_the_attempt_nor_breaks_the_rhythm():
    session = Session(*squeeze(LEFT, 8.5, 8.58), tempo=TEMPO).until(13.0)
    assert session.gos == pytest.approx([8.0, 12.0])
    assert [closed_s for closed_s, _ in session.closed] == pytest.approx([10.0])


def test_a_squeeze_that_is_seen_stops_the_go_until_it_is_quiet_again_for_long():
    session = Session(*squeeze(LEFT, 8.5, 9.5), tempo=TEMPO).until(19.0)
    assert session.gos == pytest.approx([8.0, 9.7 + GO_AFTER_QUIET_S], abs=2 * TICK_S)


def test_nobody_is_told_to_go_while_no_side_has_a_signal():
    session = Session(tempo=TEMPO).until(20.0, frozenset({LEFT, RIGHT}))
    assert not session.gos
    assert session.until(21.0 + GO_AFTER_QUIET_S).gos == pytest.approx([20.0 + GO_AFTER_QUIET_S], abs=2 * TICK_S)


def test_one_side_without_signal_leaves_the_go_to_the_other():
    assert Session(tempo=TEMPO).until(9.0, frozenset({LEFT})).gos


def test_after_a_pause_it_begins_anew():
    session = Session(*squeeze(LEFT, 1.0, 2.0)).until(1.5)
    session.tracker.restart(1.5)
    assert not session.until(3.0).closed
