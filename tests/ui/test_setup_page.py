from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtWidgets import QAbstractButton, QLineEdit, QScrollArea, QWidget

from app import language
from app.preferences import Preferences
from app.ui.main_window import MainWindow
from app.ui.setup_page import SetupPage
from app.ui.setup_source import Moving
from app.ui.theme import enlarge_text
from app.ui.widgets.setup_rows import Press, SetupRow
from tests.ui.scenes import StagedSource
from tests.ui.setup_staged import PEOPLE, StagedData, StagedPeople, StagedSetup

SIZES = [(1440, 900), (1024, 640), (960, 540)]
OpenSetup = Callable[..., MainWindow]


@pytest.fixture
def open_setup(qtbot, make_window) -> OpenSetup:
    def make(source: StagedSource | None = None, size: tuple[int, int] = (1440, 900)) -> MainWindow:
        window: MainWindow = make_window(source=source or StagedSource(people=StagedPeople("P-014", PEOPLE)), size=size)
        window.show_page(len(window.pages) - 1)
        qtbot.waitUntil(lambda: not window.setup.page.counting.busy)
        return window

    return make


def page_of(window: MainWindow) -> SetupPage:
    page: SetupPage = window.setup.page
    return page


def row(window: MainWindow, name: str) -> SetupRow:
    page = page_of(window)
    return next(one for one in (*page.rows.rows, *page.numbers.rows) if one.name == name)


@pytest.mark.parametrize(
    ("name", "keys", "value"),
    [
        ("volume", "Left Left", 60),
        ("voice", "Return", False),
        ("quiet", "Right", True),
        ("theme", "Right", "light"),
        ("text_pct", "Return", 115),
        ("language", "Right", "de"),
        ("distance_m", "Right Right", 2.2),
        ("smoothness", "Return", "plain"),
        ("traces", "Return", False),
        ("tone", "Left", 95),
        ("delay_ms", "Right", 5),
    ],
)
def test_each_row_changes_by_keys_alone_and_goes_back_to_its_standard(qtbot, open_setup, name, keys, value):
    window = open_setup()
    page_of(window).show_view("rows" if row(window, name) in page_of(window).rows.rows else "expert")
    for key in keys.split():
        qtbot.keyClick(row(window, name), getattr(Qt.Key, f"Key_{key}"))
    assert getattr(window.source.setup.preferences, name) == value
    assert row(window, name).value == value
    qtbot.keyClick(row(window, name), Qt.Key.Key_Delete)

    assert getattr(window.source.setup.preferences, name) == getattr(Preferences(), name)


def test_a_level_ends_at_its_bounds(qtbot, open_setup):
    window = open_setup()
    for _step in range(9):
        qtbot.keyClick(row(window, "volume"), Qt.Key.Key_Right)

    assert window.source.setup.preferences.volume == 100


def test_a_level_follows_the_mouse(qtbot, open_setup):
    window = open_setup()
    volume = row(window, "volume")
    left, right = volume._track()  # type: ignore[attr-defined]
    qtbot.mouseClick(volume, Qt.MouseButton.LeftButton, pos=QPoint(round((left + right) / 2), 24))

    assert window.source.setup.preferences.volume == 50


def test_a_word_is_chosen_where_it_is_clicked(qtbot, open_setup):
    window = open_setup()
    theme = row(window, "theme")
    qtbot.mouseClick(theme, Qt.MouseButton.LeftButton, pos=QPoint(theme.width() - 20, 24))

    assert window.source.setup.preferences.theme == "contrast"


@pytest.mark.parametrize("name", ["theme", "language", "text_pct"])
def test_what_is_drawn_otherwise_everywhere_has_the_window_made_anew(qtbot, open_setup, name):
    window = open_setup()
    made: list[str] = []
    page_of(window)._make_anew = lambda: made.append(name)
    qtbot.keyClick(row(window, name), Qt.Key.Key_Right)
    qtbot.keyClick(row(window, "volume"), Qt.Key.Key_Right)

    assert made == [name]


def test_the_goal_is_said_in_words_and_by_experts_in_numbers(qtbot, open_setup):
    window = open_setup()
    goal, number = (
        one for one in (*page_of(window).rows.rows, *page_of(window).numbers.rows) if "target_pct" in one.name
    )
    assert goal.spoken() == "by the exercise"
    qtbot.keyClick(goal, Qt.Key.Key_Right)
    assert (goal.spoken(), window.source.setup.goal.target_pct) == ("strong", 45)
    qtbot.keyClick(number, Qt.Key.Key_Right)
    assert (goal.spoken(), window.source.setup.goal.target_pct) == ("50\u2009%", 50)
    qtbot.keyClick(number, Qt.Key.Key_Delete)

    assert window.source.setup.goal.target_pct is None


def test_the_arrow_keys_go_from_row_to_row(qtbot, open_setup):
    window = open_setup()
    row(window, "volume").setFocus()
    qtbot.keyClick(row(window, "volume"), Qt.Key.Key_Down)
    assert window.focusWidget() is row(window, "voice")
    qtbot.keyClick(row(window, "voice"), Qt.Key.Key_Up)

    assert window.focusWidget() is row(window, "volume")


def test_a_row_that_gets_the_focus_is_scrolled_to(qtbot, open_setup):
    window = open_setup(size=(960, 540))
    area: QScrollArea = page_of(window).rows
    focused = row(window, "volume")
    focused.setFocus()
    while focused is not row(window, "do:report"):
        qtbot.keyClick(focused, Qt.Key.Key_Down)
        focused = window.focusWidget()

    top = focused.mapTo(area, QPoint(0, 0)).y()
    assert 0 <= top <= area.height() - focused.height()


def test_every_row_says_its_value_to_those_who_listen(open_setup):
    window = open_setup()

    assert row(window, "volume").accessibleName() == "Volume: 70\u2009%"
    assert row(window, "voice").accessibleName() == "Spoken cues and hints: on"
    assert row(window, "theme").accessibleName() == "Theme: dark"


def test_every_control_has_a_name(open_setup):
    window = open_setup()
    for view in ("rows", "expert", "people", "folder"):
        page_of(window).show_view(view)
        for control in (*page_of(window).findChildren(QAbstractButton), *page_of(window).findChildren(QLineEdit)):
            if control.isVisible():
                assert control.accessibleName(), f"{control} in {view} has no name"


def room_of(window: MainWindow, widget: QWidget) -> QRectF:
    """Where a widget can be seen: what is scrolled away is not."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is None:
        return QRectF(window.rect())
    return QRectF(QRect(above.mapTo(window, QPoint(0, 0)), above.size())).adjusted(0, 18, 0, -18)


@pytest.fixture(params=["en-100", "de-100", "en-130"])
def words_and_size(request):
    reader, _dash, pct = request.param.partition("-")
    language.use(reader)
    enlarge_text(int(pct))  # type: ignore[arg-type]
    yield
    language.use("en")
    enlarge_text(100)


@pytest.mark.usefixtures("words_and_size")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["rows", "expert", "people", "folder"])
def test_no_words_of_a_view_lie_on_others(qtbot, open_setup, read_text, view, size):
    window = open_setup(size=size)
    page_of(window).show_view(view)
    if view == "people":
        qtbot.waitUntil(lambda: not page_of(window).people.page.work.busy)
    shown = [
        (words, box)
        for words, _px, box, widget in read_text(window)
        if page_of(window).isAncestorOf(widget) and box.intersects(room_of(window, widget))
    ]

    for number, (words, box) in enumerate(shown):
        for other, beside in shown[number + 1 :]:
            assert not box.adjusted(1, 1, -1, -1).intersects(beside), f"{words!r} lies on {other!r}"


def test_the_network_is_off_and_nothing_to_press(open_setup):
    network = row(open_setup(), "shown:network")

    assert isinstance(network, Press)
    assert not network.can_press
    assert network.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_back_leads_to_the_rows(qtbot, open_setup):
    window = open_setup()
    qtbot.keyClick(page_of(window), Qt.Key.Key_E)
    assert page_of(window).view == "expert"
    qtbot.keyClick(window, Qt.Key.Key_Escape)

    assert page_of(window).view == "rows"


def test_a_problem_report_is_saved_and_said(qtbot, open_setup):
    window = open_setup()
    qtbot.keyClick(row(window, "do:report"), Qt.Key.Key_Return)

    assert window.source.data.asked == ["report"]
    assert "glutewake-problem.zip" in window.notice.sentence


def people_of(qtbot, window: MainWindow):
    page_of(window).show_view("people")
    view = page_of(window).people.page
    qtbot.waitUntil(lambda: not view.work.busy and bool(view.choices.rows))
    return view


def test_another_person_is_chosen(qtbot, open_setup):
    window = open_setup(StagedSource(people=StagedPeople("P-014", PEOPLE), now=None))
    view = people_of(qtbot, window)
    view.choices.rows[2].click()
    view.train.click()

    assert window.source.people.asked == ["choose P-021"]
    assert "P-021" in row(window, "view:people").spoken()


def test_another_person_ends_a_recording_only_where_somebody_agrees(qtbot, open_setup):
    window = open_setup()
    view = people_of(qtbot, window)
    view.choices.rows[2].click()
    view.train.click()
    assert window.source.people.asked == []
    window.notice.buttons[1].click()

    assert window.source.people.asked == ["choose P-021"]


def test_a_person_is_deleted_only_by_typing_the_code(qtbot, open_setup):
    window = open_setup()
    view = people_of(qtbot, window)
    view.choices.rows[2].click()
    view.delete.click()
    qtbot.keyClicks(view.typed, "P-02")
    assert not view.delete.isEnabled()
    qtbot.keyClicks(view.typed, "1")
    qtbot.keyClick(view.typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not view.work.busy)

    assert [person.code for person in window.source.people.people] == ["P-014", "P-030"]
    assert view.sentence == "P-021 is deleted, with 3 recordings."
    assert view.shown == "P-014"


def test_somebody_new_is_added_and_shown(qtbot, open_setup):
    window = open_setup()
    view = people_of(qtbot, window)
    qtbot.keyClicks(view.new_code, "P-040")
    qtbot.keyClicks(view.new_name, "Cem")
    qtbot.keyClick(view.new_name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.shown == "P-040")

    assert view.person is not None
    assert view.person.display_name == "Cem"
    assert view.new_code.text() == ""


def test_a_name_and_the_treated_side_are_kept_by_return_and_arrow_keys(qtbot, open_setup):
    window = open_setup()
    view = people_of(qtbot, window)
    view.name.clear()
    qtbot.keyClicks(view.name, "Ada")
    qtbot.keyClick(view.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not view.work.busy)
    qtbot.keyClick(view.side, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not view.work.busy)

    assert window.source.people.asked == ["rename P-014 Ada", "side P-014 right"]


def test_the_recordings_move_once_somebody_agrees_and_it_is_seen_how_far(qtbot, open_setup, read_text):
    window = open_setup()
    page_of(window).show_view("folder")
    view = page_of(window).folder.page
    assert not view.move_there.isEnabled()
    view.target.setText("/media/disk/glutewake")
    view.move_there.click()
    assert window.source.data.asked == []
    window.notice.buttons[1].click()
    assert window.source.data.asked == ["move /media/disk/glutewake"]
    assert "Moving: 42\u2009%" in {words for words, *_ in read_text(window)}


def test_what_came_of_a_move_is_said(open_setup, read_text):
    moving = Moving(1.0, "All recordings are in '/media/disk' now.")
    window = open_setup(StagedSource(data=StagedData(moving=moving)))
    page_of(window).show_view("folder")

    assert moving.sentence in {words for words, *_ in read_text(window)}


def test_traces_that_are_not_liked_are_not_shown(make_window):
    setup = StagedSetup(Preferences(theme="dark", language="en", traces=False, tour_taken=True))
    window = make_window(source=StagedSource(setup=setup))

    assert not window.train.traces_wanted
