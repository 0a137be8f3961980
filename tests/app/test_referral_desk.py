"""A side that never rose above rest in five sessions with good contact is for a professional, said once."""

from datetime import timedelta

import pytest

from app.archive import open_history
from app.history.store import NAME
from app.referral_desk import REPORT_NAME, ReferralDesk
from app.session.care import CareCheck, SideInSession, never_rose
from app.session.events import Quality
from app.settings import Settings
from tests.rigs.lived import FIRST_DAY, lived, on_disk, squeeze

SILENT = SideInSession(20, rose=False, good_contact=True)
ROSE = SideInSession(20, rose=True, good_contact=True)
LOST = SideInSession(20, rose=False, good_contact=False)
FEW = SideInSession(3, rose=False, good_contact=True)


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ([SILENT] * 5, True),
        ([SILENT] * 4, False),
        ([SILENT] * 4 + [ROSE] + [SILENT] * 9, False),
        ([SILENT] * 5 + [ROSE], True),
        ([LOST, FEW] * 20, False),
        ([SILENT, LOST, FEW] * 5, True),
        ([], False),
    ],
)
def test_five_sessions_with_good_contact_and_no_rise_are_enough_and_nothing_less(newest_first, expected):
    assert never_rose(newest_first) is expected


def session_of(fired, *more):
    return [*(event for number in range(1, 21) for event in squeeze(number, fired)), *more]


def days(tmp_path, *sessions):
    """A history with these sessions, one a day; gives its folder."""
    with open_history(tmp_path) as history:
        for number, events in enumerate(sessions):
            history.add_session(lived(tmp_path, FIRST_DAY + timedelta(days=number), events, person="P-1"))
    return tmp_path


def desk(root, settings=None):
    made = ReferralDesk(settings or Settings(), lambda: root, lambda: "P-1")
    made.look_now()
    return made


def test_the_silent_side_is_named_and_asked_about_once_for_ever(tmp_path):
    settings = Settings()
    root = days(tmp_path, *[session_of(("right",))] * 5)
    first = desk(root, settings)
    assert first.take_question().startswith("Left has not joined in 5 sessions with good contact")
    assert first.take_question() == ""
    assert settings.care_of("P-1") == CareCheck(person="P-1", referred=["left"])
    assert desk(root, settings).take_question() == ""


def test_both_sides_that_never_rose_are_named_together(tmp_path):
    assert desk(days(tmp_path, *[session_of(())] * 5)).take_question().startswith("Both sides have not joined")


def test_a_lost_pad_is_never_a_silent_muscle(tmp_path):
    lost = Quality(3.0, "left", "no-contact", "No contact")
    assert desk(days(tmp_path, *[session_of(("right",), lost)] * 9)).take_question() == ""


def test_a_side_that_rose_lately_is_not_named(tmp_path):
    sessions = [*[session_of(("right",))] * 6, session_of(("left", "right"))]
    assert desk(days(tmp_path, *sessions)).take_question() == ""


def test_without_a_history_nothing_is_asked_and_none_is_made(tmp_path):
    assert desk(tmp_path).take_question() == ""
    assert not (tmp_path / NAME).exists()


def test_the_report_lies_with_the_session_and_where_it_lies_is_said(tmp_path, qapp):
    folder = on_disk(tmp_path, events=session_of(("right",)), person="P-1")
    made = desk(tmp_path)
    made.write(folder)
    assert (folder / REPORT_NAME).stat().st_size > 10_000
    assert str(folder / REPORT_NAME) in made.take_news()
    made.write(folder)
    assert made.take_news()


def test_a_report_that_cannot_be_made_is_one_sentence(tmp_path):
    made = desk(tmp_path)
    made.write(tmp_path / "gone")
    assert made.take_news().count(".") >= 1
