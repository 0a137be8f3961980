from dataclasses import dataclass
from itertools import pairwise

import msgspec
import pytest
from PyQt6.QtCore import QPoint, QRect, Qt

from app.pipeline.programmes import all_programmes
from app.ui.theme import load_colours
from app.ui.widgets.exercise_list import ExerciseList, ExerciseRow


@dataclass(frozen=True, slots=True)
class Shelf:
    """The list, and what is chosen in it."""

    page: ExerciseList
    chosen: list[str]


@pytest.fixture
def many(qtbot):
    """The list with forty exercises of one's own, in a small window."""
    shipped = all_programmes().shipped
    own = [msgspec.structs.replace(shipped[0], id=f"own-{number}", title=f"My own {number}") for number in range(40)]
    page = ExerciseList(load_colours("dark"))
    qtbot.addWidget(page)
    page.resize(896, 424)
    page.show()
    chosen: list[str] = []
    page.chosen.connect(lambda programme: chosen.append(programme.id))
    page.show_programmes(shipped, own, shipped[0].id)
    return Shelf(page, chosen)


def in_sight(page: ExerciseList, row: ExerciseRow) -> bool:
    viewport = page.area.viewport()
    assert viewport is not None
    return viewport.rect().contains(QRect(row.mapTo(viewport, QPoint()), row.size()))


def focused(page: ExerciseList) -> ExerciseRow:
    return next(row for row in page.rows if row.hasFocus())


def test_more_exercises_than_fit_are_scrolled_and_none_is_squeezed(many):
    rows = many.page.rows
    assert len(rows) == len(all_programmes().shipped) + 40
    assert all(row.height() >= 44 for row in rows)
    assert not all(in_sight(many.page, row) for row in rows)
    for one, other in pairwise(rows):
        assert not one.geometry().intersects(other.geometry())


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Tab])
def test_the_row_that_the_keyboard_reaches_is_always_in_sight(qtbot, many, key):
    many.page.rows[0].setFocus()
    for _ in many.page.rows[:-1]:
        qtbot.keyClick(focused(many.page), key)
        assert in_sight(many.page, focused(many.page))


def test_arrows_lead_from_the_first_row_to_the_last_and_to_the_next_column(qtbot, many):
    first, last = many.page.rows[0], many.page.rows[-1]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Up)
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Down)
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert focused(many.page).x() > first.x()
    assert in_sight(many.page, focused(many.page))


def test_the_last_row_is_reached_and_chosen_by_keys_alone(qtbot, many):
    last = many.page.rows[-1]
    many.page.rows[0].setFocus()
    qtbot.keyClick(many.page.rows[0], Qt.Key.Key_Up)
    qtbot.keyClick(last, Qt.Key.Key_Return)
    assert many.chosen == [last.programme.id]


def test_the_exercise_in_force_is_in_sight_when_the_list_opens(many):
    shipped = all_programmes().shipped
    own = [row.programme for row in many.page.rows if row.programme.id.startswith("own-")]
    many.page.show_programmes(shipped, own, "free")
    assert focused(many.page).programme.id == "free"
    assert in_sight(many.page, focused(many.page))


def test_a_smaller_window_keeps_the_chosen_row_in_sight(many):
    many.page.rows[-1].setFocus()
    many.page.resize(700, 300)
    assert in_sight(many.page, focused(many.page))


def test_nothing_scrolls_where_everything_fits(many):
    many.page.resize(1700, 3000)
    assert all(in_sight(many.page, row) for row in many.page.rows)
