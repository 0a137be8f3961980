"""The run that ends the wake-up phase, and the question that follows where no helper is measured."""

from app.session.tick import Edge
from app.session.waking import FeltQuestion, WakeUp


def after(*in_time: bool, eased: bool = True, hints: tuple[str | None, ...] | None = None) -> WakeUp:
    wake_up = WakeUp()
    for number, ok in enumerate(in_time):
        wake_up.update(in_time=ok, eased=eased, hint=None if hints is None else hints[number])
    return wake_up


def test_four_of_the_last_five_in_time_end_it_and_the_first_of_them_is_the_headline():
    assert after(False, False, True, True, False, True, True).woke_at == 3


def test_three_of_five_are_not_enough():
    assert after(True, False, True, False, True, False, True).woke_at is None


def test_who_is_awake_from_the_start_is_through_after_four():
    assert after(True, True, True, True).woke_at == 1
    assert after(True, True, True, True).tried == 4


def test_it_does_not_end_while_a_helper_has_not_eased():
    wake_up = after(True, True, True, True, True, eased=False)
    assert wake_up.woke_at is None
    wake_up.update(in_time=True, eased=True)
    assert wake_up.woke_at == 2


def test_what_comes_after_changes_neither_the_number_nor_the_count():
    wake_up = after(*[True] * 4, *[False] * 10)
    assert (wake_up.woke_at, wake_up.tried) == (1, 4)


def test_the_hint_after_which_it_woke_is_that_of_the_first_squeeze_of_the_run():
    hints = ("a", "a", "a", "b", "b", "c", "c")
    assert after(False, False, False, True, True, True, True, hints=hints).woke_after_hint == "b"


def asked() -> FeltQuestion:
    question = FeltQuestion()
    question.due = True
    assert question.ask()
    return question


def test_nobody_is_asked_before_it_is_due():
    assert not FeltQuestion().ask()


def test_it_is_asked_once():
    assert not asked().ask()


def test_one_squeeze_of_a_glute_answers_it():
    question = asked()
    assert not question.hear([Edge(1, True, 10.0)], (0, 1))
    assert question.hear([Edge(1, False, 10.6)], (0, 1))


def test_a_twitch_or_another_muscle_is_no_answer():
    question = asked()
    assert not question.hear([Edge(1, True, 10.0), Edge(1, False, 10.1)], (0, 1))
    assert not question.hear([Edge(2, True, 11.0), Edge(2, False, 12.0)], (0, 1))


def test_a_squeeze_that_began_before_the_question_is_no_answer():
    assert not asked().hear([Edge(0, False, 10.6)], (0, 1))


def test_once_it_is_closed_a_squeeze_means_nothing():
    question = asked()
    question.close()
    assert not question.hear([Edge(0, True, 10.0), Edge(0, False, 11.0)], (0, 1))
