from dataclasses import replace

from app.ui.shown import REST_FRAME_S, is_due
from tests.ui.scenes import NOT_YET

SOON_S = REST_FRAME_S / 2
REST = replace(NOT_YET, attempt_open=False)


def later(snapshot, by_s: float, **changes):
    return replace(snapshot, t_s=snapshot.t_s + by_s, **changes)


def test_every_frame_of_a_squeeze_is_shown():
    assert is_due(later(NOT_YET, SOON_S), NOT_YET)


def test_the_first_frame_of_a_squeeze_does_not_wait():
    assert is_due(later(REST, SOON_S, attempt_open=True), REST)


def test_the_first_frame_after_a_squeeze_does_not_wait():
    assert is_due(later(NOT_YET, SOON_S, attempt_open=False), NOT_YET)


def test_at_rest_what_is_hardly_newer_waits_for_the_next_frame():
    assert not is_due(later(REST, SOON_S), REST)
    assert is_due(later(REST, REST_FRAME_S + 0.001), REST)


def test_what_somebody_did_between_two_samples_is_shown_at_once():
    assert is_due(replace(REST, simulated=not REST.simulated), REST)


def test_another_session_is_shown_at_once():
    assert is_due(later(REST, -30.0), REST)
