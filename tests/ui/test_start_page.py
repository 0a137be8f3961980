from collections.abc import Callable
from datetime import date

import pytest
from PyQt6.QtCore import Qt

from app import language
from app.pipeline.programmes import load_programme
from app.session.care import CareCheck
from app.ui import care_words, start_words
from app.ui.main_window import MainWindow
from app.ui.theme import enlarge_text
from tests.ui import setup_scenes
from tests.ui.past_scenes import CHECKED, FAILED, standing
from tests.ui.scenes import StagedSource
from tests.ui.setup_staged import MEIER, NEW, PEOPLE, StagedPeople, StagedPlan
from tests.ui.staged_desks import StagedCare

PROGRAMME = load_programme("prone-ankle-squeeze")


def waiting(person: str = "P-014", people=PEOPLE) -> StagedSource:
    """A living person's session that waits for the big key."""
    return StagedSource(
        now=None,
        care=StagedCare("pain-before", CareCheck(), began=False),
        people=StagedPeople(person, people),
        programme=PROGRAMME,
    )


@pytest.fixture
def start(qtbot, make_window) -> Callable[[StagedSource], MainWindow]:
    def make(source: StagedSource, size: tuple[int, int] = (1440, 900)) -> MainWindow:
        window: MainWindow = make_window(source=source, size=size)
        qtbot.waitUntil(lambda: not window.steps.start.work.busy)
        return window

    return make


def press(qtbot, window: MainWindow, *keys: str) -> None:
    for key in keys:
        qtbot.keyClick(window.steps.start, getattr(Qt.Key, f"Key_{key}"))
    window.look_around()


@pytest.mark.parametrize(("keys", "pain"), [(["0"], 0), (["7"], 7), (["X"], 10), ([], None), (["3", "3"], None)])
def test_pain_is_one_key_and_may_be_skipped(qtbot, start, keys, pain):
    window = start(waiting())
    press(qtbot, window, *keys, "Space")

    assert window.source.care.rated == [pain]
    assert window.steps.shown is None


def test_the_big_key_leads_to_the_pads(qtbot, start):
    window = start(waiting())
    press(qtbot, window, "Space")

    assert window.calibrate.isVisible()


def test_the_stop_words_are_said_before_each_session(start, read_text):
    said = " ".join(words for words, *_ in read_text(start(waiting())))

    assert care_words.STOP in said


def test_everybody_has_a_tile_where_there_are_several(start):
    window = start(waiting())

    assert [tile.name for tile in window.steps.start.tiles] == ["P-014", "P-021", "P-030", "Someone else"]
    assert [tile.here for tile in window.steps.start.tiles] == [True, False, False, False]


@pytest.mark.parametrize("people", [(), (MEIER,)])
def test_one_person_alone_needs_no_tile(start, people):
    assert start(waiting(people=people)).steps.start.tiles == []


def test_a_tile_begins_a_session_of_that_person(qtbot, start):
    window = start(waiting())
    qtbot.keyClick(window.steps.start, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)

    assert window.source.people.asked == ["choose P-021"]


def test_someone_else_leads_to_the_people(start):
    window = start(waiting())
    window.steps.start.tiles[-1].click()

    assert window.setup.page.view == "people"
    assert window.setup.isVisible()


def test_the_sensors_can_be_looked_at_before_the_session_begins(start):
    window = start(waiting())
    window.steps.start.other_sensors.click()
    assert window.sensors.isVisible()
    window.show_page(0)

    assert window.steps.shown is window.steps.start


@pytest.fixture(params=["en-100", "de-100", "en-130", "de-130"])
def words_and_size(request):
    reader, _dash, pct = request.param.partition("-")
    language.use(reader)
    enlarge_text(100 if pct == "100" else 130)
    yield
    language.use("en")
    enlarge_text(100)


@pytest.mark.usefixtures("words_and_size")
@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540), (2560, 1440)])
def test_no_text_of_the_start_page_lies_on_another(start, read_text, size):
    window = start(waiting(), size)
    page = window.steps.start
    shown = read_text(window)
    boxes = [(words, box) for words, _px, box, widget in shown if widget is page or page.isAncestorOf(widget)]

    for number, (words, box) in enumerate(boxes):
        for other, beside in boxes[number + 1 :]:
            assert not box.adjusted(1, 1, -1, -1).intersects(beside), f"{words!r} lies on {other!r}"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "here today"), (1, "here yesterday"), (3, "Tuesday"), (11, "9 November")],
)
def test_when_somebody_was_here_is_said_as_people_say_it(days, words):
    day = date(2026, 11, 20)
    assert MEIER.last_started is not None
    last = MEIER.last_started.replace(day=20 - days)

    assert start_words.last_here(last, day) == words


def test_who_is_new_is_said_to_be_new():
    assert start_words.last_here(NEW.last_started, date(2026, 11, 20)) == "new here"


def test_the_steps_of_today_are_those_of_the_programme():
    names = [name for name, _detail, _minutes in start_words.steps(PROGRAMME)]

    assert names == ["Pads on", "Wake-up", "Work"]
    assert start_words.steps(load_programme("free")) == (*start_words.steps(None), ("Free", "as long as you like", 1))


def test_a_side_without_a_sensor_is_said_to_have_none(start, read_text):
    shown = " ".join(words for words, *_ in read_text(start(waiting())))

    assert "no sensor yet" in shown


def test_who_trains_stands_in_the_status_bar(start):
    window = start(waiting())

    assert "P-014" in {entry.plain for entry in window.status.entries}


def planned(at: str = "squeeze", *checks) -> StagedSource:
    source = waiting()
    source.plan = StagedPlan(standing(at, *checks))
    return source


def test_the_plan_says_where_the_person_stands_and_what_follows(start, read_text):
    shown = " ".join(words for words, *_ in read_text(start(planned("bridge"))))

    assert "The first weeks: Bridge, 0 of 3" in shown
    assert "Afterwards: Check, Bridge." in shown


def test_a_day_of_rest_is_said_and_nobody_is_kept_from_training(qtbot, start, read_text):
    window = start(planned("squeeze", *[CHECKED] * 6))
    shown = " ".join(words for words, *_ in read_text(window))
    assert "A day of rest: you trained on 6 of the last 7 days." in shown
    press(qtbot, window, "Space")

    assert window.source.care.rated == [None]


def test_a_proposed_step_is_one_key_away_and_nobody_has_to_take_it(qtbot, start):
    window = start(planned("bridge", FAILED, FAILED))
    page = window.steps.start
    assert page.accept.text() == "Back to Prone ankle squeeze"
    press(qtbot, window, "G")
    qtbot.waitUntil(lambda: not page.plan_work.busy)

    assert window.source.plan.asked == ["go to squeeze"]


def test_without_a_plan_nothing_is_proposed(start):
    assert start(waiting()).steps.start.accept.isHidden()


@pytest.mark.usefixtures("words_and_size")
@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540)])
def test_no_text_of_a_plan_lies_on_another(start, read_text, size):
    window = start(planned("bridge", FAILED, FAILED), size)
    page = window.steps.start
    boxes = [
        (words, box) for words, _px, box, widget in read_text(window) if page is widget or page.isAncestorOf(widget)
    ]

    for number, (words, box) in enumerate(boxes):
        for other, beside in boxes[number + 1 :]:
            assert not box.adjusted(1, 1, -1, -1).intersects(beside), f"{words!r} lies on {other!r}"


def test_another_exercise_is_one_key_away_and_nobody_has_to_take_it(qtbot, start):
    window = start(waiting())
    page = window.steps.start
    press(qtbot, window, "O")
    assert page.exercises.isVisible()
    window.go_back()
    assert not page.exercises.isVisible()
    assert window.source.trained == []

    press(qtbot, window, "O")
    next(row for row in page.exercises.rows if row.programme.id == "bridge").click()
    assert window.source.trained == ["bridge"]


def test_how_often_somebody_trained_lately_stands_at_the_top(start, read_text):
    shown = " ".join(words for words, *_ in read_text(start(waiting())))

    assert "Training days 11 of the last 14" in " ".join(shown.split())


def test_pads_that_are_not_on_yet_are_said_to_be_missing_beside_the_sensor_that_is_found(start, read_text):
    shown = " ".join(words for words, *_ in read_text(start(setup_scenes.waiting())))

    assert "found" in shown
    assert "pads not on yet" in shown
