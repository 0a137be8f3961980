"""Where the person is: wake-up by attempts, work by reps, sets, rests, and free practice after the end."""

from app.session.programme import Phase, Programme
from app.session.progress import ProgrammeProgress


def progress(*phases: Phase, skip_rests: bool = False) -> ProgrammeProgress:
    return ProgrammeProgress(Programme("p", "P", "", "prone", phases), skip_rests=skip_rests)


WAKE_UP = Phase("wake-up", reps=30, max_squeezes=60, max_s=480.0)
WORK = Phase("work", reps=2, sets=2, rest_s=60.0)


def test_a_wake_up_phase_counts_every_attempt_even_where_no_glute_fired():
    at = progress(WAKE_UP)
    at.count(1.0, is_rep=False, woke=False)
    at.count(2.0, is_rep=True, woke=False)
    assert at.at.done == 2


def test_a_wake_up_phase_ends_when_the_side_woke_and_not_at_its_number_of_squeezes():
    at = progress(WAKE_UP, WORK)
    assert not any(at.count(float(t_s), is_rep=True, woke=False) for t_s in range(40))
    assert at.count(41.0, is_rep=True, woke=True)
    assert at.phase.kind == "work"


def test_a_wake_up_phase_ends_kindly_after_its_most_squeezes_or_its_longest_time():
    by_number = progress(WAKE_UP, WORK)
    assert [by_number.count(1.0, is_rep=False, woke=False) for _ in range(60)].index(True) == 59
    by_time = progress(WAKE_UP, WORK)
    assert not by_time.count(479.0, is_rep=False, woke=False)
    assert by_time.count(480.0, is_rep=False, woke=False)


def test_work_counts_reps_alone():
    at = progress(WORK)
    assert not at.count(1.0, is_rep=False, woke=False)
    assert at.at.done == 0


def test_a_full_set_is_followed_by_its_rest_and_then_by_the_next_set():
    at = progress(WORK)
    assert [at.count(t_s, is_rep=True, woke=False) for t_s in (1.0, 2.0)] == [False, True]
    assert at.resting(2.0)
    assert at.set_number == 1
    assert at.resting(61.9)
    assert not at.resting(62.0)
    assert (at.set_number, at.at.done) == (2, 0)


def test_no_rest_follows_the_last_set_and_free_practice_goes_on_after_it():
    at = progress(WORK)
    for t_s in (0.0, 1.0, 100.0, 101.0):
        at.resting(t_s)
        at.count(t_s, is_rep=True, woke=False)
    assert at.finished
    assert (at.phase.kind, at.set_number, at.resting(102.0)) == ("free", None, False)
    assert not at.count(103.0, is_rep=True, woke=False)
    assert at.at.done == 1


def test_without_a_window_rests_are_skipped():
    at = progress(WORK, skip_rests=True)
    at.count(1.0, is_rep=True, woke=False)
    at.count(2.0, is_rep=True, woke=False)
    assert not at.resting(2.0)
    assert at.set_number == 2


def test_a_rest_can_be_ended_early():
    at = progress(WORK)
    at.count(1.0, is_rep=True, woke=False)
    at.count(2.0, is_rep=True, woke=False)
    at.end_rest(10.0)
    assert not at.resting(10.0)
    assert at.set_number == 2


def test_ending_a_rest_that_does_not_run_skips_nothing():
    at = progress(WORK)
    at.count(1.0, is_rep=True, woke=False)
    at.end_rest(2.0)
    assert (at.set_number, at.at.done) == (1, 1)


def test_the_longest_time_of_a_wake_up_counts_from_the_start_of_its_phase():
    at = progress(Phase("free", reps=1), WAKE_UP)
    at.count(400.0, is_rep=True, woke=False)
    assert not at.count(500.0, is_rep=False, woke=False)
