"""What the page says is what the lines of the session carry, and nothing more."""

from datetime import UTC, datetime

import msgspec
import pytest

from app.numbers import THIN
from app.report import headline, sentences
from app.report.advice import next_steps
from app.report.facts import Facts, gather
from app.report.figures import figures
from app.report.language import Words
from app.report.squeezes import Area
from app.report.trend import NO_TREND
from app.session.events import Gap, Quality, Rating, Rep
from tests.rigs.told import reference, session, side, squeeze

EN, DE = Words("en"), Words("de")


def joined_from(number: int, hint: str | None = None) -> Facts:
    squeezes = [squeeze(n, ("right",)) for n in range(1, number)]
    squeezes += [squeeze(n, hint=hint) for n in range(number, number + 12)]
    return gather(session(squeezes, calibration=reference()))


def test_the_title_says_from_which_squeeze_on_a_side_joined():
    assert headline.title(joined_from(9), EN) == "Left joined from squeeze 9 on"
    assert headline.title(joined_from(9), DE) == "Links macht ab Anspannung 9 mit"


def test_the_hint_before_it_joined_stands_beneath():
    text = headline.subtitle(joined_from(9, hint="inner-heels"), EN)
    assert text.startswith("after the hint “Inner heels, not ankle bones”, and together in 12 of the 12 squeezes")


def test_two_silent_sides_are_neither_side_yet_and_carry_no_number():
    facts = gather(session([squeeze(n, ()) for n in range(1, 31)], calibration=reference()))
    assert headline.title(facts, EN) == "Neither side yet"
    symmetry, lag, clean = figures(facts, EN)
    assert (symmetry.value, lag.value) == ("–", "–")
    assert (clean.value, clean.rest) == ("0", "of 30")


def test_one_silent_side_is_named_and_the_other_counted():
    facts = gather(session([squeeze(n, ("right",)) for n in range(1, 21)], calibration=reference()))
    assert headline.title(facts, EN) == "Left: not yet"
    assert headline.subtitle(facts, EN) == "Right joined in every squeeze."


def test_a_side_that_starts_later_is_named_in_the_title():
    facts = gather(session([squeeze(n, lag_ms=180.0 + n) for n in range(1, 11)], calibration=reference()))
    assert headline.title(facts, EN) == "Left joined late"
    assert figures(facts, EN)[1].title == "Left behind right"


def test_a_lag_within_its_own_interval_names_no_side():
    lags = [30.0, -30.0, 25.0, -28.0, 12.0, -9.0]
    facts = gather(session([squeeze(n, lag_ms=lag) for n, lag in enumerate(lags, 1)], calibration=reference()))
    assert figures(facts, EN)[1].title == "Between left and right"


def test_a_weaker_side_is_called_less_only_when_the_interval_says_so():
    unsure = gather(session([squeeze(n, lr_log=(-1) ** n * 0.2) for n in range(1, 11)], calibration=reference()))
    sure = gather(session([squeeze(n, lr_log=-0.7 + 0.01 * n) for n in range(1, 11)], calibration=reference()))
    assert "is less" not in figures(unsure, EN)[0].note
    assert figures(sure, EN)[0].note.startswith("left is less")
    assert headline.title(sure, EN) == "Left joined with less than right"


def test_every_squeeze_that_was_not_clean_is_counted_once_with_its_first_reason():
    squeezes = [squeeze(1, ()), squeeze(2, ("right",)), squeeze(3, not_clean=["late:left", "weak:left"]), squeeze(4)]
    facts = gather(session(squeezes, calibration=reference()))
    assert dict(facts.not_clean) == {"neither": 1, "not-fired:left": 1, "late:left": 1}
    assert facts.n_clean == 1


def test_a_squeeze_without_signal_stands_on_the_chart_without_number_and_level():
    facts = gather(
        session([squeeze(1), squeeze(2, ("right",), why="signal lost"), squeeze(3)], calibration=reference())
    )
    assert [one.number for one in facts.squeezes] == [1, None, 2]
    assert facts.squeezes[1].level_pct("right") is None
    assert (facts.n, facts.n_lost) == (2, 1)


def test_a_squeeze_that_was_too_weak_is_left_out():
    facts = gather(session([squeeze(1), squeeze(2, why="too weak")], calibration=reference()))
    assert facts.n == len(facts.squeezes) == 1


def test_the_involved_side_comes_first():
    record = session([squeeze(1)], calibration=reference())
    assert gather(record).sides == ("left", "right")
    assert gather(record, "right").sides == ("right", "left")


def test_the_order_is_told_in_words_before_and_after_a_side_joined():
    squeezes = [squeeze(n, ("right",), helpers={"hamstring-left": side(4.0 * n - 0.1, 50.0)}) for n in range(1, 9)]
    squeezes += [squeeze(n, helpers={"hamstring-left": side(None, 10.0)}) for n in range(9, 20)]
    facts = gather(session(squeezes, calibration=reference()))
    assert sentences.order_line(facts, EN) == "Order at first: hamstring, right; at the end: right, left."
    assert sentences.helpers_line(facts, EN) == "Helpers: hamstring eased."


def test_references_that_differ_too_much_are_said_to_be_relative_to_own_best():
    rows = dict(sentences.trust_rows(gather(session([squeeze(1)], calibration=reference(20.0, 60.0))), EN))
    assert rows[f"Left{THIN}:{THIN}right"] == "20 : 60 µV, ratio 0.33 (so relative to own best)"
    alike = dict(sentences.trust_rows(gather(session([squeeze(1)], calibration=reference())), EN))
    assert alike[f"Left{THIN}:{THIN}right"] == "52 : 60 µV, ratio 0.87 (noted outside 0.6 to 1.6)"


@pytest.mark.parametrize(
    ("age_s", "words"),
    [(10.0, "made just before"), (420.0, "7 minutes old"), (3 * 86400.0, "3 days old"), (None, "age not known")],
)
def test_the_reference_is_told_with_its_age(age_s, words):
    rows = dict(sentences.trust_rows(gather(session([squeeze(1)], calibration=reference(age_s=age_s))), EN))
    assert rows["Reference"] == f"best of 3 comfortable squeezes, {words}"


def test_a_session_without_a_reference_says_so_and_gives_no_ratio():
    rows = dict(sentences.trust_rows(gather(session([squeeze(1), squeeze(2)])), EN))
    assert rows["Reference"] == "none: the session’s own largest level"
    assert len(rows) == 4


def test_gaps_and_contact_are_told_in_words():
    others = [
        Gap("a", 40.0, 43.2, 3200),
        Quality(3.0, "left", "no-contact", "No contact: wipe the skin dry."),
        Quality(9.0, "left", "ok", "Good contact."),
    ]
    rows = dict(sentences.trust_rows(gather(session([squeeze(1)], others, missing_s=3.2)), EN))
    assert rows["Signal"] == f"0.5{THIN}% lost, 3.2 s in 1 gap"
    assert rows["Contact"] == "left: no contact"


def test_one_measured_side_needs_no_symmetry():
    facts = gather(session([squeeze(n, ("right",)) for n in range(1, 6)], sites=("right",)))
    assert headline.title(facts, EN) == "Right joined in every squeeze"
    assert figures(facts, EN)[0].note == "one side was measured"


def test_a_session_without_a_squeeze_says_so():
    facts = gather(session([]))
    assert headline.title(facts, EN) == "No squeeze could be counted"
    assert figures(facts, EN)[2].value == "–"


def test_only_simulated_and_replayed_sessions_carry_a_banner():
    assert headline.banner(gather(session([squeeze(1)])), EN) == ""
    assert headline.banner(gather(session([squeeze(1)], simulated=True)), EN) == (
        "Simulated: nobody was on the electrodes"
    )


def test_pain_is_the_first_and_the_last_rating():
    ratings = [Rating(0.0, "pain", 2.0), Rating(300.0, "effort", 7.0), Rating(600.0, "pain", 3.0)]
    assert gather(session([squeeze(1)], ratings)).pain == (2.0, 3.0)


def test_what_the_person_said_of_it_stands_first_among_the_next_steps():
    ratings = [Rating(0.0, "pain", 2.0), Rating(9.0, "felt", 2.0), Rating(300.0, "effort", 7.0)]
    steps = next_steps(gather(session([squeeze(1)], [*ratings, Rating(600.0, "pain", 3.0)])), NO_TREND, EN)
    assert steps[0] == "Pain 2 before, 3 after, of 10. Effort 7 of 10. Felt in the thigh."


def test_where_nothing_was_said_nothing_is_told_of_it():
    steps = next_steps(gather(session([squeeze(1)])), NO_TREND, EN)
    assert not [step for step in steps if "of 10" in step or "Felt" in step]


def test_one_goal_is_told_once_and_two_goals_by_their_sides():
    one = squeeze(1)
    apart = {"left": 30.0, "right": 40.0}
    two = [msgspec.structs.replace(line, target_pct=apart) if isinstance(line, Rep) else line for line in one]
    assert next_steps(gather(session([one])), NO_TREND, EN)[-1] == f"Goal 45{THIN}% of the reference."
    steps = next_steps(gather(session([two])), NO_TREND, EN)
    assert steps[-1] == f"Goal: left 30{THIN}%, right 40{THIN}% of the reference."


def test_numbers_follow_the_language():
    assert (EN.number(-1.25, 1), DE.number(-1.25, 1), EN.number(-0.01)) == ("−1.2", "−1,2", "0")
    assert EN.moment(datetime(2026, 11, 20, 18, 29)) == "20 November 2026, 18:29"
    assert DE.moment(datetime(2026, 11, 20, 18, 29, tzinfo=UTC)) == "20. November 2026, 18:29 UTC"


def test_the_date_is_the_one_in_the_name_of_the_session_folder():
    assert sentences.began_at(gather(session([]))) == datetime(2026, 11, 20, 18, 29)


def test_an_area_knows_its_ends():
    assert (Area(1.0, 2.0, 3.0, 4.0).right, Area(1.0, 2.0, 3.0, 4.0).bottom) == (4.0, 6.0)


def test_sensors_without_a_common_time_or_with_envelopes_carry_no_lag():
    squeezes = [squeeze(n, lag_ms=None) for n in range(1, 6)]
    unsynced = [[attempt, msgspec.structs.replace(rep, lag_status="not-synced")] for attempt, rep in squeezes]
    lag = figures(gather(session(unsynced, calibration=reference())), EN)[1]
    assert (lag.value, lag.note) == ("–", "no common time, or only envelopes")
