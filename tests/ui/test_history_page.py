"""The History page: the sentence first, changes called only when they are, and the way into the review."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication

from app.archive import enter
from app.history.store import NAME, open_history
from app.ui import history_words
from app.ui.past import Story, read_story
from app.ui.widgets.day_cells import Days
from app.ui.work import Told
from tests.rigs.lived import FIRST_DAY, lived, on_disk, squeezes
from tests.ui.past_scenes import TODAY, rated, story

FORBIDDEN = ("asleep", "awake", "woke", "abnormal", "firing", "streak", "own usual", "own maximum")
SIZES = [(1440, 900), (1280, 800), (1024, 640), (960, 540)]


@pytest.fixture
def show_history(make_window):
    """A window on the History page, with a story on it."""

    def make(told: Story, size=(1440, 900)):
        window = make_window(size=size)
        number = [page.name for page in window.pages].index("History")
        window.show_page(number)
        page = window.history.page
        page.work.stop()
        page.show_story(told)
        return window, page

    return make


def test_the_sentence_says_from_which_squeeze_the_side_joins():
    side, words, explained = history_words.headline(story())
    assert side == "left"
    assert words.startswith(" now joins from squeeze ")
    assert explained.startswith(
        "It joined after the hint “Inner heels, not ankle bones”. On 27 October it was squeeze "
    )
    assert "at 3 the bridge is proposed" in explained


def test_a_rest_day_is_a_dash_and_no_day_before_the_first_is_one():
    days = history_words.days_of(story())
    assert date(2026, 10, 26) not in days.of
    assert days.since == date(2026, 10, 27)
    assert days.of[date(2026, 11, 16)] == "passed"
    assert days.of[date(2026, 11, 19)] == "trained"
    assert (days.trained, days.looked_at) == (11, 14)


def test_lines_break_where_the_ground_changed():
    assert history_words.breaks(story().changes) == ((date(2026, 11, 5), "sensor"), (date(2026, 11, 12), "reference"))


def test_before_four_days_no_change_is_called():
    notes = [chart.note for chart in history_words.charts(story(2))]
    assert "2 days more until a change can be told" in notes[1]


def test_a_change_is_called_one_only_when_it_exceeds_the_days_own_spread():
    _, lag, *_ = history_words.charts(story(8))
    assert "down by" in lag.note
    assert lag.note.endswith("since the first days")
    same = story(8)
    checks = tuple(
        replace(point, check=replace(point.check, lag_ms=100.0 + 30.0 * (number % 3)))
        for number, point in enumerate(same.checks)
    )
    assert history_words.charts(replace(same, checks=checks))[1].note.endswith("within the usual range")


def test_a_side_that_was_not_measured_has_no_line():
    told = story(5)
    checks = tuple(
        replace(point, check=replace(point.check, fired={"left": None, "right": 9}, lag_ms=None))
        for point in told.checks
    )
    joined, lag, *_ = history_words.charts(replace(told, checks=checks))
    assert {line.side: len(line.dots) for line in joined.lines} == {"right": 5, "left": 0}
    assert lag.lines[0].dots == ()
    assert lag.empty


def test_a_wake_up_that_did_not_come_is_told_and_not_drawn():
    told = story(4)
    never = (*told.wake_ups[:-1], replace(told.wake_ups[-1], squeezes=None))
    chart = history_words.charts(replace(told, wake_ups=never))[3]
    assert len(chart.lines[0].dots) == 3
    assert "not within 1 session" in chart.note


def test_since_the_first_visit_is_two_clicks_away(qtbot, show_history):
    told = replace(story(), today=TODAY + timedelta(days=10))
    _, page = show_history(told)
    assert page.trend._days[0] > date(2026, 10, 27)
    qtbot.mouseClick(page.since, Qt.MouseButton.LeftButton)  # the first click was that on the rail
    assert page.trend._days == (date(2026, 10, 27), told.today)
    assert page.since.text() == "Last 4 weeks"


def test_whoever_was_away_for_weeks_is_shown_what_there_is(show_history):
    _, page = show_history(replace(story(), today=TODAY + timedelta(days=60)))
    assert page.trend._days[0] == date(2026, 10, 27)
    assert page.since.text() == "Last 4 weeks"


def test_a_point_opens_its_session(qtbot, show_history, tmp_path):
    opened: list[Path] = []
    _, page = show_history(story(root=tmp_path))
    page._review = opened.append
    page.trend.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(page.trend, key)
    assert opened == [tmp_path / "c24"]
    assert "Return opens it" in page.trend.accessibleName()


def test_a_click_on_a_point_opens_its_session(qtbot, show_history, tmp_path):
    opened: list[Path] = []
    _, page = show_history(story(root=tmp_path))
    page._review = opened.append
    dot = page.trend.charts[1].lines[0].dots[3]
    at = page.trend._place(1, page.trend.charts[1], dot).toPoint()
    qtbot.mouseClick(page.trend, Qt.MouseButton.LeftButton, pos=at)
    assert opened == [tmp_path / "c3"]


def test_without_a_history_the_page_says_what_makes_one(show_history, tmp_path, read_text):
    told = read_story(tmp_path, TODAY)
    window, page = show_history(told)
    assert not (tmp_path / "history.db").exists()
    said = " ".join(words for words, *_ in read_text(window))
    assert "No history yet" in said
    assert not page.trend.isVisible()


def test_a_history_that_cannot_be_read_is_said_in_its_sentence(show_history, read_text):
    window, page = show_history(story())
    page._on_told(Told(sentence="The history is damaged; 'glutewake history rebuild' makes it anew."))
    assert page.accessibleName().startswith("History: The history is damaged")
    assert not page.trend.isVisible()
    assert any("The history is damaged" in words for words, *_ in read_text(window))


def test_the_sentence_is_told_to_whoever_cannot_see_it(show_history):
    _, page = show_history(story())
    assert page.accessibleName().startswith("History: Left now joins from squeeze ")


def test_somebody_without_a_check_sees_that_there_is_none(show_history, read_text):
    told = replace(story(3), checks=(), series=None, all_series=())
    window, _ = show_history(told)
    assert "No check yet" in [words for words, *_ in read_text(window)]


def test_the_history_itself_is_told(tmp_path):
    with open_history(tmp_path / NAME) as history:
        for day in range(4):
            history.add_session(lived(tmp_path, FIRST_DAY + timedelta(days=day)))
    told = read_story(tmp_path, (FIRST_DAY + timedelta(days=3)).date())
    assert told.person is not None
    assert told.person.code == "P-017"
    assert [len(line.dots) for line in history_words.charts(told)[0].lines] == [4, 4]
    assert history_words.days_of(told).trained == 4
    folder = told.folder_of(told.checks[0].session_id)
    assert folder is not None
    assert folder.parent == tmp_path


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_too_small_or_cut_and_no_word_is_one_that_is_not_used(show_history, read_text, size):
    window, page = show_history(story(), size)
    for words, px, box, _ in read_text(window):
        assert px >= 14, words
        assert box.left() >= 0, words
        assert box.right() <= window.width(), words
        assert not [word for word in FORBIDDEN if word in words.lower()], words
    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.height() >= 44
            assert button.accessibleName()


def test_cells_are_told_to_whoever_cannot_see_them(show_history):
    _, page = show_history(story())
    assert page.days.accessibleName() == "Training days: 11 of the last 14"
    assert isinstance(page.days.days, Days)


def test_somebody_new_is_not_shown_the_story_of_another(tmp_path):
    with open_history(tmp_path / "history.db") as history:
        history.add_person("P-7")
        history.add_person("P-8")

    story = read_story(tmp_path, date(2026, 11, 20), "P-9")
    assert story.person is None
    assert len(story.people) == 2


def press(qtbot, page, *keys: str) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or page.window(), getattr(Qt.Key, f"Key_{key}"))


@pytest.fixture
def told_of_somebody(show_history, tmp_path):
    """The page of a person with three checks that lie on the disk."""
    for day in range(3):
        enter(on_disk(tmp_path, FIRST_DAY + timedelta(days=day), squeezes(10, asleep=3 - day)))
    window, page = show_history(read_story(tmp_path, FIRST_DAY.date() + timedelta(days=2)))
    window.setFocus()
    return page


def print_to(output: Path, monkeypatch) -> list[str]:
    """The dialog chooses this file; returns what was proposed."""
    proposed: list[str] = []

    def choose(parent, title, place, *asked, **how):
        proposed.append(Path(place).name)
        return str(output), ""

    monkeypatch.setattr("app.ui.printing.QFileDialog.getSaveFileName", choose)
    return proposed


def test_the_report_of_the_newest_session_is_printed_with_a_name_that_is_kept_nowhere(
    qtbot, told_of_somebody, tmp_path, monkeypatch
):
    page = told_of_somebody
    proposed = print_to(tmp_path / "page.html", monkeypatch)
    press(qtbot, page, "P")
    qtbot.keyClicks(page.entry, "Anna M.")
    press(qtbot, page, "Return")
    qtbot.waitUntil(lambda: not page.printer.busy, timeout=60_000)
    assert proposed == [f"{page.story.sessions[-1].folder}.pdf"]
    assert page.told == f"The report is written: '{tmp_path / 'page.html'}'."
    assert b"Anna M. (P-017)" in (tmp_path / "page.html").read_bytes()
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "page.html"]
    assert not [path for path in kept if b"Anna" in path.read_bytes()]


def test_the_report_is_that_of_the_check_that_is_marked(qtbot, told_of_somebody, tmp_path, monkeypatch):
    page = told_of_somebody
    proposed = print_to(tmp_path / "page", monkeypatch)
    page.trend.setFocus()
    press(qtbot, page, "Right", "Left", "P", "Return")
    qtbot.waitUntil(lambda: not page.printer.busy, timeout=60_000)
    assert proposed == [f"{page.story.sessions[1].folder}.pdf"]
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_page_that_is_there_is_not_written_over_and_esc_forgets_the_name(
    qtbot, told_of_somebody, tmp_path, monkeypatch
):
    page = told_of_somebody
    (tmp_path / "page.pdf").write_bytes(b"mine")
    print_to(tmp_path / "page.pdf", monkeypatch)
    press(qtbot, page, "P")
    qtbot.keyClicks(page.entry, "Anna")
    press(qtbot, page, "Escape")
    assert page.entry.isHidden()
    assert page.entry.text() == ""
    press(qtbot, page, "P", "Return")
    qtbot.waitUntil(lambda: not page.printer.busy, timeout=60_000)
    assert "is there already" in page.told
    assert (tmp_path / "page.pdf").read_bytes() == b"mine"


def test_pain_and_effort_stand_beneath_the_checks_where_somebody_told_them(show_history):
    _, page = show_history(rated(story()))
    pain = page.trend.charts[-1]
    assert (pain.title, pain.latest) == ("Pain", ("2", "before: 2"))
    assert pain.note == "0 to 10, after the session; effort last 4 of 10"
    assert len(history_words.charts(story())) == 4


def test_where_five_charts_have_no_room_the_checks_stay(show_history):
    _, page = show_history(rated(story()), size=(960, 540))
    assert [chart.title for chart in page.trend.charts] == [chart.title for chart in history_words.charts(story())]


def test_what_was_said_of_a_session_is_told_with_it():
    last = list(history_words.described(rated(story())).values())[-1]
    assert "pain 2 then 2 of 10, effort 4 of 10, felt in the glute" in last
