"""The check before the first session, and how much pain ends a day."""

import pytest

from app.session.care import CARE_QUESTIONS, CareCheck, today_ends

NO = dict.fromkeys(CARE_QUESTIONS, False)


def test_a_session_waits_until_every_question_is_answered():
    assert CareCheck().open_questions == CARE_QUESTIONS
    assert not CareCheck({question: False for question in CARE_QUESTIONS[:-1]}).passed
    assert CareCheck(NO).passed


@pytest.mark.parametrize("question", CARE_QUESTIONS)
def test_any_yes_holds_a_session_back_until_a_therapist_clears_it(question):
    check = CareCheck({**NO, question: True})
    assert check.yes == (question,)
    assert not check.passed
    assert CareCheck(check.answers, cleared="2026-11-20").passed


def test_clearing_answers_no_open_question():
    assert not CareCheck({"skin": True}, cleared="2026-11-20").passed


@pytest.mark.parametrize(
    ("pain", "before", "ends"),
    [(5, None, False), (6, None, True), (3, 2, False), (3, 1, True), (0, 5, False), (6, 5, True), (5, 4, False)],
)
def test_today_ends_above_five_or_up_by_two(pain, before, ends):
    assert today_ends(pain, before) is ends
