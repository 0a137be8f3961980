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


def single(rest_s: float = 0.0) -> ProgrammeProgress:
    phase = Phase("work", reps=2, sets=2, rest_s=rest_s)
    return ProgrammeProgress(
        Programme("p", "P", "", "prone", (phase,), scheme="single", first="right"), skip_rests=False
    )


def test_one_side_does_its_reps_and_then_the_other_does():
    at = single()
    sides = []
    for number in range(8):
        sides.append((at.asked, at.set_number, at.at.done))
        at.count(float(number), is_rep=True, woke=False)
    assert sides == [
        ("right", 1, 0), ("right", 1, 1), ("left", 1, 0), ("left", 1, 1),
        ("right", 2, 0), ("right", 2, 1), ("left", 2, 0), ("left", 2, 1),
    ]  # fmt: skip
    assert at.finished


def test_between_the_sides_there_is_a_rest_to_turn_over():
    at = single(rest_s=30.0)
    for t_s in (1.0, 2.0):
        at.count(t_s, is_rep=True, woke=False)
    assert at.resting(31.9)
    assert not at.resting(32.0)
    assert (at.asked, at.set_number) == ("left", 1)


def test_sides_that_take_turns_change_with_every_rep():
    programme = Programme("p", "P", "", "prone", (Phase("work", reps=2),), scheme="alternating")
    at = ProgrammeProgress(programme, skip_rests=True)
    assert at.total == 4
    sides = []
    while not at.finished:
        sides.append(at.asked)
        at.count(1.0, is_rep=True, woke=False)
    assert sides == ["left", "right", "left", "right"]


def test_each_phase_can_ask_for_sides_of_its_own():
    phases = (Phase("work", reps=1, scheme="left"), Phase("work", reps=1, scheme="right"), Phase("work", reps=1))
    at = progress(*phases)
    asked = []
    while not at.finished:
        asked.append(at.asked)
        at.count(1.0, is_rep=True, woke=False)
    assert asked == ["left", "right", "both"]


def test_a_phase_of_rest_is_a_rest_and_skipped_with_all_rests():
    phases = (Phase("work", reps=1), Phase("rest", rest_s=10.0), Phase("work", reps=1))
    at = progress(*phases)
    at.count(1.0, is_rep=True, woke=False)
    assert at.resting(10.9)
    assert not at.resting(11.0)
    assert at.at.phase_index == 2
    skipping = progress(*phases, skip_rests=True)
    skipping.count(1.0, is_rep=True, woke=False)
    assert skipping.at.phase_index == 2
    assert not skipping.resting(1.0)


def test_a_set_that_has_not_begun_repeats_the_one_before_it():
    at = progress(WORK, skip_rests=True)
    for t_s in (1.0, 2.0):
        at.count(t_s, is_rep=True, woke=False)
    assert at.repeat_set(3.0)
    assert (at.set_number, at.at.done) == (1, 0)
    assert not at.repeat_set(3.0)


def test_a_finished_programme_can_repeat_its_last_set():
    at = progress(WORK, skip_rests=True)
    for t_s in range(4):
        at.count(float(t_s), is_rep=True, woke=False)
    assert at.finished
    assert at.repeat_set(5.0)
    assert (at.set_number, at.finished) == (2, False)
