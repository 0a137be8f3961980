import pytest
from PyQt6.QtCore import QRectF, Qt

from app import language
from app.recording.status import RecordingStatus
from app.ui import tour_words
from app.ui.tour import Tour
from tests.ui.scenes import SCENES, StagedSource

SIZES = [(1440, 900), (1024, 640), (960, 540), (2560, 1440)]


@pytest.fixture
def tour_of(make_window):
    def make(size=(1440, 900)):
        window = make_window(source=StagedSource(first_start=True), size=size)
        tour = window.tour.tour
        assert isinstance(tour, Tour)
        return window, tour

    return make


def test_the_first_start_shows_the_tour_unasked_and_never_again(qtbot, tour_of):
    window, tour = tour_of()
    assert tour.isVisible()
    window.source.first_start = False
    qtbot.keyClick(window, Qt.Key.Key_Escape)

    assert not window.tour.runs
    assert window.source.setup.preferences.tour_taken
    window.look_around()
    assert not window.tour.runs


def test_whoever_knows_it_is_not_bothered(make_window):
    assert not make_window().tour.runs


def test_space_leads_through_all_six_steps_and_ends_it(qtbot, tour_of):
    window, tour = tour_of()
    titles = []
    for _step in tour_words.steps():
        titles.append(tour.accessibleName())
        qtbot.keyClick(tour, Qt.Key.Key_Space)

    assert titles == [step.title for step in tour_words.steps()]
    assert len(titles) == 6
    assert not window.tour.runs


def test_the_step_before_is_shown_once_more(qtbot, tour_of):
    _window, tour = tour_of()
    qtbot.keyClick(tour, Qt.Key.Key_Right)
    qtbot.keyClick(tour, Qt.Key.Key_Left)

    assert tour.at == 0


def test_the_keys_of_training_do_nothing_beneath_it(qtbot, tour_of):
    window, tour = tour_of()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_T):
        qtbot.keyClick(tour, key)

    assert window.source.acts == []
    assert window.train.traces_wanted


def test_no_key_changes_the_page_that_it_speaks_of(qtbot, tour_of):
    window, tour = tour_of()
    for key in (Qt.Key.Key_2, Qt.Key.Key_4, Qt.Key.Key_6):
        qtbot.keyClick(tour, key, Qt.KeyboardModifier.ControlModifier)
        assert window.train.isVisible()
        assert tour.isVisible()

    window.source.first_start = False
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.sensors.isVisible()


def test_it_waits_until_a_notice_is_read(make_window):
    window = make_window(source=StagedSource())
    window.asking.tell("The disk is nearly full.")
    window.source.first_start = True
    window.look_around()
    assert not window.tour.runs

    window.notice.buttons[0].click()
    window.look_around()
    assert window.tour.runs


def test_asked_for_it_waits_until_a_notice_is_read_too(make_window):
    window = make_window(SCENES["first-seconds"])
    window.show_page(len(window.pages) - 1)
    window.asking.tell("The disk is nearly full.")
    window.setup.page.tour.click()
    assert not window.tour.runs

    window.notice.buttons[0].click()
    window.look_around()
    assert window.tour.runs


def test_it_is_taken_again_from_setup(make_window):
    window = make_window(SCENES["first-seconds"])
    window.show_page(len(window.pages) - 1)
    window.setup.page.tour.click()

    assert window.tour.runs
    assert window.train.isVisible()


def test_a_living_person_is_asked_before_the_simulated_one_takes_over(make_window):
    window = make_window(source=StagedSource(status=RecordingStatus("recording")))
    window.show_page(len(window.pages) - 1)
    window.setup.page.tour.click()
    assert not window.tour.runs
    window.notice.buttons[1].click()

    assert window.source.sensors.asked == ["simulate"]
    assert window.tour.runs


@pytest.mark.parametrize("size", SIZES)
def test_the_card_never_hides_what_it_speaks_of(tour_of, size):
    _window, tour = tour_of(size)
    for at in range(len(tour.steps)):
        tour.at = at
        tour._show_step()
        assert QRectF(tour.rect()).contains(tour.card)
        hidden = tour.card.intersected(tour.lit)
        assert hidden.width() * hidden.height() <= 0.2 * tour.lit.width() * tour.lit.height(), tour.steps[at].place


@pytest.fixture(params=["en", "de"])
def either_language(request):
    language.use(request.param)
    yield
    language.use("en")


@pytest.mark.usefixtures("either_language")
@pytest.mark.parametrize("size", SIZES)
def test_no_word_of_the_tour_is_cut_or_lies_on_another(tour_of, read_text, size):
    window, tour = tour_of(size)
    for at in range(len(tour.steps)):
        tour.at = at
        tour._show_step()
        shown = read_text(window)
        boxes = [(words, box) for words, _px, box, widget in shown if widget is tour or widget.parentWidget() is tour]
        for number, (words, box) in enumerate(boxes):
            assert "…" not in words
            for other, beside in boxes[number + 1 :]:
                assert not box.adjusted(1, 1, -1, -1).intersects(beside), f"{words!r} lies on {other!r}"


def test_what_is_simulated_is_said_on_every_step(tour_of, read_text):
    window, _tour = tour_of()

    assert "Simulated signal." in {words for words, *_ in read_text(window)}
