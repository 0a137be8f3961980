"""What the pages read: training days, trends, and where numbers stand on another ground."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.history.trend import changes
from app.history.views import Series
from app.session.calibration import Calibration, Electrode
from app.session.events import Rating
from tests.rigs.lived import FIRST_DAY, everything, lived, squeezes

DAY = timedelta(days=1)
CHECKS = Series("check", "prone", "gluteus maximus", "umyo")


def test_training_days_are_those_of_the_last_fourteen(history, tmp_path):
    for days in (0, 5, 5.2, 12, 13, 40):
        history.add_session(lived(tmp_path, FIRST_DAY + timedelta(days=days)))
    days = history.training_days("P-017", today=date(2026, 3, 15))
    assert (days.first, days.last) == (date(2026, 3, 2), date(2026, 3, 15))
    assert [day.day for day in days.trained] == [2, 7, 14, 15]


def test_a_day_tells_the_steps_of_plans_that_its_sessions_belonged_to(history, tmp_path):
    for hours, step in ((0, "first-weeks/squeeze"), (1, "first-weeks/bridge"), (2, None), (24, None)):
        history.add_session(lived(tmp_path, FIRST_DAY + timedelta(hours=hours), plan_step=step))
    steps = [line.plan_step for line in history.sessions("P-017")]
    assert sorted(step for step in steps if step is not None) == ["first-weeks/bridge", "first-weeks/squeeze"]
    assert [day.plan_steps for day in history.days("P-017")] == [
        {"first-weeks/squeeze", "first-weeks/bridge"},
        frozenset(),
    ]


def test_checks_come_oldest_first_and_only_those_that_may_be_compared(history, tmp_path):
    history.add_session(lived(tmp_path, FIRST_DAY + 2 * DAY))
    history.add_session(lived(tmp_path, FIRST_DAY, events=squeezes(asleep=5)))
    history.add_session(lived(tmp_path, FIRST_DAY + DAY, device="ganglion:X"))
    history.add_session(everything(tmp_path, FIRST_DAY + 3 * DAY))
    points = history.checks("P-017", CHECKS)
    assert [(point.started, point.check.fired["left"]) for point in points] == [
        (FIRST_DAY, 5),
        (FIRST_DAY + 2 * DAY, 10),
    ]
    assert [series.device for series in history.series("P-017")] == ["umyo", "ganglion"]


def test_wake_up_phases_tell_how_many_squeezes_they_took(history, tmp_path):
    history.add_session(lived(tmp_path))
    history.add_session(everything(tmp_path, FIRST_DAY + DAY))
    never = lived(tmp_path, FIRST_DAY + 2 * DAY, squeezes(asleep=10, phase="wake-up"), programme="prone-ankle-squeeze")
    history.add_session(never)
    assert [wake_up.squeezes for wake_up in history.wake_up_squeezes("P-017")] == [3, None]


def test_another_kind_of_reference_or_device_is_marked_where_it_begins(history, tmp_path):
    history.add_session(lived(tmp_path, FIRST_DAY))
    history.add_session(lived(tmp_path, FIRST_DAY + DAY))
    history.add_session(lived(tmp_path, FIRST_DAY + 2 * DAY, reference="mvc"))
    history.add_session(everything(tmp_path, FIRST_DAY + 3 * DAY))
    history.add_session(lived(tmp_path, FIRST_DAY + 4 * DAY, reference="mvc", device="cyton:X"))
    changed = history.reference_changes("P-017", "check")
    assert [(one.started - FIRST_DAY, one.what, one.before, one.after) for one in changed] == [
        (2 * DAY, "reference", "best-clench", "mvc"),
        (4 * DAY, "device", "umyo", "cyton"),
    ]


def test_other_electrodes_are_marked_and_unknown_ones_are_not(history, tmp_path):
    round_pads, oval_pads = Electrode(type="Ag/AgCl", size_mm=10.0, spacing_mm=20.0), Electrode(type="Ag/AgCl, oval")
    for number, pads in enumerate((round_pads, Electrode(), round_pads, oval_pads)):
        calibration = Calibration(id="c", method="mvc", rest={}, reference={}, electrode=pads)
        history.add_session(replace(lived(tmp_path, FIRST_DAY + number * DAY), calibration=calibration))
    (changed,) = history.reference_changes("P-017", "check")
    assert (changed.started - FIRST_DAY, changed.what) == (3 * DAY, "electrode")
    assert (changed.before, changed.after) == ("Ag/AgCl, 10 mm, 20 mm apart", "Ag/AgCl, oval")


def test_the_trend_says_what_changed_since_the_first_days(history, tmp_path):
    for number, (asleep, lag_ms) in enumerate([(9, 150.0), (8, 158.0), (9, 152.0), (8, 160.0), (0, 20.0)]):
        events = squeezes(10, asleep=asleep, lag_ms=lag_ms, ratio=0.8)
        history.add_session(lived(tmp_path, FIRST_DAY + number * DAY, events))
    found = changes(history.checks("P-017", CHECKS))
    assert {what: change.verdict for what, change in found.items()} == {
        "fired-left": "changed",
        "fired-right": "usual",
        "lag": "changed",
        "lsi": "usual",
    }


def test_symmetry_on_another_reference_is_not_compared(history, tmp_path):
    for number in range(5):
        reference = "mvc" if number == 4 else "best-clench"
        history.add_session(lived(tmp_path, FIRST_DAY + number * DAY, reference=reference))
    found = changes(history.checks("P-017", CHECKS))
    assert found["lsi"].verdict == "too-few"
    assert found["lag"].n_days == 5


def test_a_trend_of_nothing_is_none():
    assert changes(()) == {}


def test_the_bridge_is_proposed_after_three_good_days(history, tmp_path):
    for number in range(3):
        assert not history_ready(history)
        history.add_session(lived(tmp_path, FIRST_DAY + number * DAY, squeezes(10)))
    assert history.readiness("P-017").ready


def history_ready(history):
    return bool(history.people()) and history.readiness("P-017").ready


def test_pain_of_a_whole_day_decides(history, tmp_path):
    before = lived(tmp_path, FIRST_DAY, [Rating(0.0, "pain", 2.0), Rating(1.0, "effort", 9.0), *squeezes(10)])
    after = lived(tmp_path, FIRST_DAY + timedelta(hours=1), [*squeezes(3, phase="work"), Rating(9.0, "pain", 3.0)],
                  programme="prone-ankle-squeeze")  # fmt: skip
    history.add_session(before)
    assert history.readiness("P-017").days[0].passes
    history.add_session(after)
    assert history.readiness("P-017").days[0].lacks == ("pain-rose",)


def test_what_somebody_said_of_a_session_comes_back_with_it(history, tmp_path):
    said = [Rating(0.0, "pain", 2.0), Rating(5.0, "felt", 2.0), Rating(8.0, "felt", 1.0), Rating(9.0, "pain", 3.0)]
    history.add_session(lived(tmp_path, FIRST_DAY, [*said[:1], *squeezes(10), *said[1:], Rating(9.5, "effort", 6.0)]))
    history.add_session(lived(tmp_path, FIRST_DAY + DAY, squeezes(10)))
    (ratings,) = history.ratings("P-017")
    assert (ratings.pain, ratings.effort, ratings.felt) == ((2.0, 3.0), 6.0, 1)
    assert ratings.session_id == history.sessions("P-017")[0].id


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2027, 3, 1)])
def test_days_without_training_are_no_error(history, tmp_path, today):
    history.add_session(lived(tmp_path))
    assert history.training_days("P-017", today).trained == ()
