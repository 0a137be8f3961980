"""The Review page by keyboard alone, in every size, and that it tells what was recorded."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget

from app.pipeline.build import SessionPlan
from app.recording.notes import read_notes
from app.recording.record import sha256_of
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.past import Opened, kept_sessions, open_past
from app.ui.review_page import ReviewPage
from app.ui.review_words import EXPORT_FROM_ELSEWHERE, FROM_ELSEWHERE
from app.ui.theme import load_colours
from app.ui.work import Told
from tests.rigs.lived import FIRST_DAY, on_disk
from tests.ui.past_scenes import record
from tests.ui.scenes import StagedSource

SIZES = [(1440, 900), (1280, 800), (1024, 640), (960, 540)]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    made: Path = tmp_path_factory.mktemp("recordings")
    record(made, "waking-left?seed=4&wake=4&reps=8", "--programme", "prone-ankle-squeeze")
    return made


@pytest.fixture(scope="module")
def opened(root) -> Opened:
    (folder,) = (path for path in root.iterdir() if path.is_dir())
    loaded = open_past(folder, SessionPlan(None))
    assert isinstance(loaded, Opened)
    return loaded


@pytest.fixture
def open_window(application: QApplication, root: Path) -> Iterator[Callable[..., MainWindow]]:
    windows: list[MainWindow] = []

    def make(size=(1440, 900), recordings=root) -> MainWindow:
        window = MainWindow(StagedSource(recordings=recordings), Bridge(), load_colours())
        windows.append(window)
        window.resize(*size)
        window.show()
        window.pull()
        window.look_around()
        number = [page.name for page in window.pages].index("Review")
        window.show_page(number)
        application.processEvents()
        return window

    yield make
    for window in windows:
        window.source.now = None  # type: ignore[attr-defined]
        window._shown = None
        window.close()
        window.deleteLater()
    application.processEvents()


@pytest.fixture
def page(open_window, opened) -> ReviewPage:
    return laid_open(open_window(), opened)


def laid_open(window: MainWindow, opened: Opened) -> ReviewPage:
    """The page with a recording on it that was loaded before."""
    review = window.review.page
    review.desk._on_loaded(Told(opened))
    review.show_view("lanes")
    review.table.setFocus()
    return review


def press(qtbot, page: ReviewPage, *keys: str) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or page.window(), getattr(Qt.Key, f"Key_{key}"))


def test_a_kept_session_is_opened_by_keyboard_alone(qtbot, open_window, opened):
    page = open_window().review.page
    qtbot.waitUntil(lambda: bool(page.choices.rows), timeout=20_000)
    press(qtbot, page, "Return")
    qtbot.waitUntil(lambda: page.desk.opened is not None and not page.desk.busy, timeout=60_000)
    assert page.desk.reps == opened.reps
    assert [row.number for row in page.table.rows] == [str(rep.index) for rep in opened.reps]


def test_the_page_is_made_only_when_it_is_needed(make_window):
    window = make_window()
    assert not window.review.is_built
    assert not window.history.is_built


def test_space_plays_and_pauses(qtbot, page):
    press(qtbot, page, "Space")
    assert page.desk.player.playing
    assert page.transport.play.accessibleName() == "Pause"
    press(qtbot, page, "Space")
    assert not page.desk.player.playing


def test_space_in_the_review_does_not_pause_the_session(qtbot, page):
    press(qtbot, page, "Space")
    assert not page.window().source.paused


def test_arrow_keys_seek_five_seconds(qtbot, page):
    press(qtbot, page, "Right", "Right", "Left")
    assert page.desk.player.position_s == pytest.approx(5.0)
    press(qtbot, page, "End")
    assert page.desk.player.position_s == page.desk.player.duration_s
    press(qtbot, page, "Home")
    assert page.desk.player.position_s == 0.0


def test_page_keys_go_from_rep_to_rep_and_the_table_follows(qtbot, page, opened):
    press(qtbot, page, "PageDown", "PageDown", "PageDown")
    assert page.desk.player.position_s == opened.reps[2].start_s
    assert page.table.current == 2
    press(qtbot, page, "PageUp")
    assert page.table.current == 1


def test_a_row_of_the_table_jumps_to_its_rep(qtbot, page, opened):
    press(qtbot, page, "Down", "Down")
    assert page.desk.player.position_s == opened.reps[1].start_s
    at = QPoint(40, 40 + 4 * 32 + 10)
    qtbot.mouseClick(page.table, Qt.MouseButton.LeftButton, pos=at)
    assert page.desk.player.position_s == opened.reps[4].start_s


def test_plus_and_minus_change_the_speed(qtbot, page):
    press(qtbot, page, "Plus")
    assert page.transport.speed.text() == "1.5×"
    press(qtbot, page, "Minus", "Minus")
    assert page.transport.speed.text() == "0.5×"


def test_the_bars_stand_as_they_stood(qtbot, page, opened):
    page.go_to_row(6)
    page.seek(opened.reps[6].start_s + 0.6)
    press(qtbot, page, "B")
    snapshot = opened.review.at(opened.reps[6].start_s + 0.6)
    assert page.bars is not None
    assert page.bars.pillars["right"].view.number == f"{snapshot.sides['right'].level_pct:.0f}\u2009%"
    press(qtbot, page, "Escape")
    assert page.view == "lanes"


def test_the_order_of_the_chosen_rep_stands_in_words(page, opened):
    page.go_to_row(7)
    assert any(sentence.startswith("Order of rep 8: ") for sentence in page.story.sentences)


def test_a_note_is_typed_and_kept_beside_the_journal_which_stays_as_it_is(qtbot, page, opened):
    journal = opened.path / "journal.emj"
    before = sha256_of(journal)
    page.seek(12.0)
    press(qtbot, page, "N")
    assert not page.transport.isVisible()
    qtbot.keyClicks(page.entry, "inner heels, softer")
    press(qtbot, page, "Return")
    assert page.transport.isVisible()
    qtbot.waitUntil(lambda: bool(read_notes(opened.path)), timeout=20_000)
    (note,) = read_notes(opened.path)
    assert (note.t_s, note.text) == (12.0, "inner heels, softer")
    assert sha256_of(journal) == before
    assert "Note at 0:12: inner heels, softer" in page.story.sentences
    (opened.path / "notes.jsonl").unlink()


def test_a_note_about_a_file_from_elsewhere_is_refused_in_one_sentence(qtbot, page, opened):
    from dataclasses import replace

    page.desk._on_loaded(Told(replace(opened, record=None)))
    press(qtbot, page, "N")
    assert page.window().notice.sentence == FROM_ELSEWHERE


@pytest.mark.parametrize(
    ("number", "inside"),
    [(0, "reps.tsv"), (1, "*.parquet"), (2, "*.zip")],
)
def test_a_session_is_exported_into_a_chosen_folder(qtbot, page, tmp_path, monkeypatch, number, inside):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: str(tmp_path))
    press(qtbot, page, "E")
    assert page.view == "export"
    page.kinds.rows[number].click()
    qtbot.waitUntil(lambda: not page.desk.busy, timeout=20_000)
    (folder,) = tmp_path.iterdir()
    assert list(folder.rglob(inside))
    assert page.desk.told == f"The export is in '{folder}'."
    assert page.view == "lanes"


def test_an_export_is_never_written_over_another(qtbot, page, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *asked: str(tmp_path))
    for _ in range(2):
        page._export_as(0)
        qtbot.waitUntil(lambda: not page.desk.busy, timeout=20_000)
    assert "never" in page.desk.told or "is there already" in page.desk.told


def test_a_file_from_elsewhere_is_not_exported_and_it_says_why(qtbot, page, opened):
    from dataclasses import replace

    page.desk._on_loaded(Told(replace(opened, record=None)))
    press(qtbot, page, "E")
    assert page.window().notice.sentence == EXPORT_FROM_ELSEWHERE
    assert page.view == "lanes"


def test_escape_leads_back_from_the_export(qtbot, page):
    press(qtbot, page, "E")
    press(qtbot, page, "Escape")
    assert page.view == "lanes"


def test_scored_again_it_stands_beside_what_was_recorded(qtbot, page, opened):
    press(qtbot, page, "S")
    assert page.view == "score"
    while QApplication.focusWidget() is not page.panel.buttons[1]:
        press(qtbot, page, "Tab")
    for _ in range(4):
        press(qtbot, page, "Return")
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.desk.beside is not None, timeout=60_000)
    assert page.desk.beside.review.programme.target_pct > opened.review.programme.target_pct
    assert page.desk.reps == opened.reps
    assert page.table.beside.name == "as recorded"
    assert [sentence.partition(":")[0] for sentence in page.story.sentences] == ["As recorded", "Scored again"]
    press(qtbot, page, "Escape")
    assert page.table.beside is None


def test_another_session_is_laid_beside_it(qtbot, page, root):
    press(qtbot, page, "C")
    qtbot.waitUntil(lambda: bool(page.choices.rows) and not page.desk.listing, timeout=20_000)
    assert page.header.title == "Compare with"
    press(qtbot, page, "Return")
    qtbot.waitUntil(lambda: page.desk.beside is not None, timeout=60_000)
    assert page.table.beside is not None


def test_a_foreign_file_asks_which_channel_is_which(qtbot, open_window, tmp_path):
    path = tmp_path / "three.csv"
    time_s = np.arange(0, 20, 0.001)
    random = np.random.default_rng(1)
    loud = np.where(time_s % 4 > 2, 50e-6, 3e-6)
    columns = [time_s, *(loud * random.standard_normal(time_s.size) for _ in range(3))]
    np.savetxt(
        path, np.stack(columns, axis=1), delimiter=",", header="time_s,a (V),b (V),c (V)", comments="", fmt="%.9g"
    )
    page = open_window().review.page
    page.open_path(path)
    qtbot.waitUntil(lambda: page.view == "map", timeout=20_000)
    assert page.panel.buttons[0].accessibleName() == "Left: channel 1: a"
    press(qtbot, page, "Return")
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.desk.busy, timeout=60_000)
    assert page.desk.opened is None  # both sides on channel 2
    assert page.desk.told


def test_what_cannot_be_read_is_said_in_one_sentence(qtbot, open_window, tmp_path):
    path = tmp_path / "broken.edf"
    path.write_bytes(b"no recording at all")
    page = open_window().review.page
    page.open_path(path)
    qtbot.waitUntil(lambda: not page.desk.busy, timeout=20_000)
    assert "broken.edf" in page.desk.told
    assert page.story.news == page.desk.told


def test_a_folder_without_sessions_says_what_to_do(qtbot, open_window, tmp_path, read_text):
    window = open_window(recordings=tmp_path / "none")
    qtbot.waitUntil(lambda: not window.review.page.desk.listing, timeout=20_000)
    assert window.review.page.choices.rows == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["lanes", "bars", "score"])
def test_no_text_is_smaller_than_14_and_none_is_cut_at_the_edge(open_window, opened, read_text, size, view):
    window = open_window(size)
    page = laid_open(window, opened)
    page.go_to_row(5)
    page.ask_settings() if view == "score" else page.show_view(view)
    for words, px, box, _ in read_text(window):
        assert px >= 14, words
        assert box.left() >= 0, words
        assert box.right() <= window.width(), words


@pytest.mark.parametrize("size", SIZES)
def test_every_control_can_be_pressed_and_has_a_name(open_window, opened, size):
    page = laid_open(open_window(size), opened)
    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= 44
            assert button.height() >= 44
            assert button.accessibleName()
    painted = [widget for widget in page.findChildren(QWidget) if hasattr(widget, "draw")]
    assert [type(widget).__name__ for widget in painted if not widget.accessibleName()] == []


def test_names_of_channels_are_proposed_and_a_foreign_file_then_opens(qtbot, open_window, tmp_path):
    path = tmp_path / "named.csv"
    time_s = np.arange(0, 24, 0.001)
    random = np.random.default_rng(1)
    loud = np.where(time_s % 4 > 2, 50e-6, 3e-6)
    columns = [time_s, *(loud * random.standard_normal(time_s.size) for _ in range(3))]
    header = "time_s,knee (V),EMG R (V),EMG L (V)"
    np.savetxt(path, np.stack(columns, axis=1), delimiter=",", header=header, comments="", fmt="%.9g")
    page = open_window().review.page
    page.open_path(path)
    qtbot.waitUntil(lambda: page.view == "map", timeout=20_000)
    assert [setting.chosen for setting in page.panel.settings] == [3, 2]
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.desk.busy, timeout=60_000)
    assert page.desk.opened is not None, page.desk.told
    assert page.desk.opened.record is None
    assert len(page.desk.reps) >= 4
    assert page.header.sign == ""


@pytest.mark.parametrize("keys", [("B", "B"), ("B", "Escape"), ("S", "Escape"), ("E", "Escape")])
def test_the_focus_stays_on_the_page_whatever_is_shown(qtbot, page, keys):
    press(qtbot, page, keys[0])
    assert page.isAncestorOf(QApplication.focusWidget())
    press(qtbot, page, keys[1])
    assert page.table.hasFocus()


def test_the_page_to_hand_over_is_written(qtbot, page, tmp_path, monkeypatch):
    output = tmp_path / "page.html"
    monkeypatch.setattr("app.ui.printing.QFileDialog.getSaveFileName", lambda *asked, **how: (str(output), ""))
    press(qtbot, page, "P")
    qtbot.keyClicks(page.entry, "Anna <M.>")
    press(qtbot, page, "Return")
    qtbot.waitUntil(lambda: not page.desk.busy, timeout=60_000)
    assert page.story.news == f"The report is written: '{output}'."
    assert b"Anna &lt;M.&gt;" in output.read_bytes()
    press(qtbot, page, "PageDown")
    assert page.desk.told == ""


def test_a_report_that_cannot_be_written_is_refused_in_one_sentence(qtbot, page, tmp_path, monkeypatch):
    output = tmp_path / "nowhere" / "page.docx"
    monkeypatch.setattr("app.ui.printing.QFileDialog.getSaveFileName", lambda *asked, **how: (str(output), ""))
    press(qtbot, page, "P", "Return")
    qtbot.waitUntil(lambda: not page.desk.busy, timeout=60_000)
    assert "page.docx" in page.story.news


def test_sessions_of_whoever_trains_are_listed_first(tmp_path):
    folders = {
        person: on_disk(tmp_path, FIRST_DAY + timedelta(days=day), person=person)
        for day, person in enumerate(("P-1", "P-2", "P-3"))
    }

    assert [one.folder for one in kept_sessions(tmp_path)] == [folders["P-3"], folders["P-2"], folders["P-1"]]
    assert [one.folder for one in kept_sessions(tmp_path, "P-1")] == [folders["P-1"], folders["P-3"], folders["P-2"]]


def test_the_list_follows_the_folder_and_the_person_in_force(qtbot, open_window, tmp_path):
    window = open_window()
    qtbot.waitUntil(lambda: not window.review.page.desk.listing, timeout=20_000)
    on_disk(tmp_path, person="P-1")
    window.source.recordings = tmp_path
    window.source.people.person = "P-1"
    window.show_page(0)
    window.show_page([page.name for page in window.pages].index("Review"))
    desk = window.review.page.desk
    qtbot.waitUntil(lambda: not desk.listing, timeout=20_000)

    assert [one.started.person for one in desk.kept] == ["P-1"]
