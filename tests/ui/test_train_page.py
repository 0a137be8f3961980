from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QWidget

from app import language
from app.session.events import SIDES
from app.ui.main_window import MainWindow
from app.ui.theme import LEAST_TEXT_PX, load_colours
from app.ui.widgets.pillar import Pillar
from app.ui.words import Line
from tests.ui.scenes import NOT_YET, SCENES, StagedSource, both, cued, side

SIZES = ((1440, 900), (1024, 640), (960, 540), (1366, 768), (1240, 748), (1920, 1080), (2560, 1440))
NEVER = ("asleep", "awake", "woke", "abnormal", "firing", "streak")


def said(read_text, window: MainWindow, part: QWidget | None = None) -> str:
    return " ".join(words for words, _, _, widget in read_text(window) if part in (None, widget))


def column_colours(pillar: Pillar) -> set[str]:
    """Every colour on the vertical line through the middle of the pillar, its outline and all."""
    image: QImage = pillar.grab().toImage()
    x = int(pillar._column.center().x())
    return {QColor(image.pixel(x, y)).name() for y in range(image.height())}


def has_outline(pillar: Pillar) -> bool:
    """True if the pillar's outer edge carries its full colour above the bar."""
    image = pillar.grab().toImage()
    y = int(pillar.level_y(80.0))
    edge = pillar._column.left()
    full = load_colours().of(pillar.side).full
    return any(QColor(image.pixel(int(edge) + dx, y)) == full for dx in (-1, 0, 1))


def test_silent_electrode_is_shown_as_no_signal_not_as_zero(make_window, read_text):
    window = make_window(SCENES["lost"])
    left = said(read_text, window, window.train.pillars["left"])
    assert left == "LEFT no signal"


def test_lost_side_is_hatched(make_window):
    window = make_window(SCENES["lost"])
    assert load_colours().edge.name() in column_colours(window.train.pillars["left"])


def test_lost_side_leaves_the_other_side_as_it_is(make_window, read_text):
    window = make_window(SCENES["lost"])
    assert "3\u2009% quiet" in said(read_text, window, window.train.pillars["right"])


def test_level_that_is_missing_draws_no_bar(make_window):
    sides = both(side(None, "quiet"), side(3, "quiet"))
    window = make_window(replace(NOT_YET, sides=sides, cue=None))
    assert window.train.pillars["left"].view.level_pct is None


def test_side_without_an_electrode_is_never_told_to_press_it_on(make_window, read_text):
    source = StagedSource(now=SCENES["lost"])
    health = source.health()
    one = replace(health, links=(replace(health.links[0], sites=("right",)),))
    source.health = lambda: one  # type: ignore[method-assign]
    window = make_window(source=source)
    assert "press" not in said(read_text, window)
    assert "not measured" in said(read_text, window, window.train.pillars["left"])


@pytest.mark.parametrize("who", SIDES)
def test_the_addressed_side_alone_is_outlined(make_window, who):
    other = "right" if who == "left" else "left"
    sides = {who: side(4, "asleep"), other: side(62, "firing")}
    window = make_window(cued("not-firing", who, sides=sides))
    assert has_outline(window.train.pillars[who])
    assert not has_outline(window.train.pillars[other])


def test_both_sides_are_outlined_when_both_are_addressed(make_window):
    window = make_window(SCENES["train-both-not-yet"])
    assert all(has_outline(pillar) for pillar in window.train.pillars.values())


def test_both_sides_are_full_only_when_together(make_window):
    colours = load_colours()
    window = make_window(SCENES["train-together"])
    assert all(colours.of(s).full.name() in column_colours(window.train.pillars[s]) for s in SIDES)
    window = make_window(SCENES["train-late"])
    assert colours.right_rest.name() in column_colours(window.train.pillars["right"])


def test_the_strong_side_shows_its_band_and_the_other_one_a_goal_alone(make_window):
    window = make_window(SCENES["train-weak"])
    bands = {side: pillar.view.band_top_pct for side, pillar in window.train.pillars.items()}
    assert bands == {"left": None, "right": 92.0}


def test_goal_lines_join_when_together(make_window):
    window = make_window(SCENES["train-together"])
    goal_y = window.train.pillars["left"].level_y(45) + window.train.pillars["left"].y()
    middle = QPoint(int(window.train.layout_now.middle), round(goal_y))
    joined = QColor(window.train.grab().toImage().pixel(middle))
    window.train.show_snapshot(SCENES["train"], reasons={})
    apart = QColor(window.train.grab().toImage().pixel(middle))
    assert (joined, apart) == (load_colours().text, load_colours().ground)


def test_joined_goal_line_keeps_clear_of_the_ring(make_window):
    sides = {s: replace(view, target_pct=70.0) for s, view in SCENES["train-together"].sides.items()}
    page = make_window(replace(SCENES["train-together"], sides=sides)).train
    y = page.layout_now.left.bottom() - 70 / 120 * page.layout_now.left.height()
    ring = page.ring.geometry()
    stretches = page._free_stretches(y)
    assert len(stretches) == 2
    assert all(stop < ring.left() or start > ring.right() for start, stop in stretches)


def test_before_there_is_a_reference_the_raw_level_stands_without_scale_or_goal(make_window, read_text):
    window = make_window(SCENES["first-seconds"])
    assert said(read_text, window, window.train.pillars["left"]) == "LEFT 4\u2009µV quiet"


def test_a_device_of_unknown_gain_shows_no_microvolt(make_window, read_text):
    sides = {s: replace(side(None, "quiet", raw=412.0), unit="counts") for s in SIDES}
    window = make_window(replace(SCENES["first-seconds"], sides=sides))
    assert "µV" not in said(read_text, window)


def test_a_check_hides_the_bars(make_window, read_text):
    progress = replace(NOT_YET.progress, phase="check", feedback="none")
    window = make_window(replace(NOT_YET, progress=progress, cue=None))
    assert said(read_text, window, window.train.pillars["right"]) == "RIGHT joining"


def test_the_bar_is_clipped_at_the_scale_and_the_number_is_not(make_window, read_text):
    sides = both(side(160, "firing"), side(50, "firing"))
    window = make_window(replace(NOT_YET, sides=sides, cue=None))
    pillar = window.train.pillars["left"]
    assert pillar.view.level_pct == 120
    assert "160\u2009%" in said(read_text, window, pillar)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_no_text_overlaps_or_is_clipped_or_too_small(make_window, read_text, name, size):
    window = make_window(SCENES[name], size)
    boxes = read_text(window)
    assert min(px for _, px, _, _ in boxes) >= LEAST_TEXT_PX
    for words, _, box, widget in boxes:
        place = widget.rect().translated(widget.mapTo(window, QPoint()))
        assert box.left() >= place.left() - 1, f"{words!r} is cut at the left of {widget.accessibleName()}"
        assert box.right() <= place.right() + 2, f"{words!r} is cut at the right of {widget.accessibleName()}"
        assert box.top() >= place.top() - 1, f"{words!r} is cut at the top of {widget.accessibleName()}"
        assert box.bottom() <= place.bottom() + 2, f"{words!r} is cut at the bottom of {widget.accessibleName()}"
    for number, (words, _, box, _) in enumerate(boxes):
        for more, _, other, _ in boxes[number + 1 :]:
            assert not box.adjusted(1, 1, -1, -1).intersects(other), f"{words!r} overlaps {more!r}"


@pytest.mark.parametrize("name", SCENES)
def test_no_word_on_screen_judges_the_person(make_window, read_text, name):
    shown = said(read_text, make_window(SCENES[name])).lower()
    assert not [word for word in NEVER if word in shown]


@pytest.mark.parametrize("goal", [15, 25, 37, 38, 60, 75, 90, 105, 119])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540)])
def test_the_goal_can_be_anywhere_without_hitting_other_words(make_window, read_text, goal, size):
    sides = {s: replace(view, target_pct=float(goal)) for s, view in NOT_YET.sides.items()}
    boxes = read_text(make_window(replace(NOT_YET, sides=sides), size))
    goals = [
        (box, widget) for words, _, box, widget in boxes if words.startswith("goal") and isinstance(widget, Pillar)
    ]
    assert goals
    for box, _ in goals:
        assert sum(box.intersects(other.adjusted(1, 1, -1, -1)) for _, _, other, _ in boxes) == 1


def test_a_small_window_keeps_cue_pillars_rep_and_recording(make_window, read_text):
    shown = said(read_text, make_window(SCENES["train"], (960, 540)))
    for part in ("LEFT:", "squeeze now", "not yet", "62\u2009%", "12", "of 30", "REC"):
        assert part in shown


@pytest.mark.parametrize("size", [(1440, 900), (1240, 748), (1024, 640), (960, 540)])
def test_a_cue_that_is_too_long_shrinks_then_wraps_and_is_never_cut(make_window, read_text, size):
    page = make_window(SCENES["train"], size).train
    page.cue.show_line(Line("RECHTS Oberschenkelrückseite: ", "deutlich lockerer lassen", "right", quiet=False))
    boxes = [(box, px) for _, px, box, widget in read_text(page.window()) if widget is page.cue]
    place = page.cue.rect().translated(page.cue.mapTo(page.window(), QPoint()))
    assert all(place.left() <= box.left() and box.right() <= place.right() + 2 for box, _ in boxes)
    assert all(place.top() <= box.top() and box.bottom() <= place.bottom() for box, _ in boxes)
    assert all(px >= 28 for _, px in boxes)


def test_traces_give_way_before_the_compensators_and_the_axes(make_window):
    page = make_window(SCENES["train"], (1440, 800)).train
    assert page.traces.isHidden()
    assert not page.butterfly.isHidden()
    page = make_window(SCENES["train"], (1024, 640)).train
    assert page.layout_now.order_y is None


def test_numbers_change_five_times_a_second_and_bars_with_every_snapshot(make_window):
    window = make_window(SCENES["train"])
    pillar = window.train.pillars["right"]
    soon = {**NOT_YET.sides, "right": side(70, "firing", peak=70)}
    window.train.show_snapshot(replace(NOT_YET, t_s=NOT_YET.t_s + 0.05, sides=soon), reasons={})
    assert (pillar.view.level_pct, pillar.view.number) == (70, "62\u2009%")
    window.train.show_snapshot(replace(NOT_YET, t_s=NOT_YET.t_s + 0.25, sides=soon), reasons={})
    assert pillar.view.number == "70\u2009%"


def test_the_same_view_again_paints_nothing(make_window, application):
    window = make_window(SCENES["train"])
    painted = []
    for widget in window.train.findChildren(QWidget):
        if widget is not window.train.traces and hasattr(widget, "draw"):
            widget.draw = lambda painter, widget=widget: painted.append(widget)
    window.train.show_snapshot(NOT_YET, reasons={})
    window.train.show_snapshot(NOT_YET, reasons={})
    application.processEvents()
    names = {widget.accessibleName() for widget in painted}
    assert "Cue" not in names
    assert "Progress" not in names
    assert "Left side" not in names


def test_pillars_and_ring_tell_their_values(make_window):
    window = make_window(SCENES["train"])
    assert window.train.pillars["left"].accessibleDescription() == "4 %, not yet, goal 45 %"
    assert window.train.ring.accessibleDescription() == "12 of 30"
    assert window.train.cue.accessibleName() == "LEFT: squeeze now"


def test_the_first_frame_is_noted(make_window):
    window = make_window(SCENES["train"])
    assert window.source.painted == [NOT_YET]


def test_a_pause_steps_both_sides_back(make_window):
    window = make_window(SCENES["train-both-not-yet"])
    window.desk.go()
    window.pull()
    assert {pillar.view.mode for pillar in window.train.pillars.values() if pillar.view} == {"rest"}


@pytest.mark.parametrize("level", [31.0, 33.0, 60.0, 110.0])
def test_the_goal_can_be_read_in_front_of_any_bar(make_window, level):
    views = both(side(level, "firing", target=30.0), side(level, "firing", target=30.0))
    window = make_window(replace(SCENES["train-together"], sides=views))
    for pillar in window.train.pillars.values():
        image = pillar.grab().toImage()
        y, left = round(pillar.level_y(30.0)) - 16, int(pillar._column.left())
        behind = {QColor(image.pixel(left + dx, y)).name() for dx in (5, 8, 10)}
        assert behind == {load_colours().well.name()}


def test_a_finished_programme_shows_a_tick_and_no_zero(make_window, read_text):
    done = replace(NOT_YET.progress, finished=True, done=0, total=None)
    window = make_window(replace(SCENES["train-rest"], progress=done))
    assert said(read_text, window, window.train.ring) == ""
    assert window.train.ring.view.done


def test_a_joined_goal_line_leaves_no_stub_between_the_numbers(make_window):
    views = both(side(40, "firing", target=30.0), side(40, "firing", target=30.0))
    train = make_window(replace(SCENES["train-together"], sides=views)).train
    y = train.layout_now.left.bottom() - 30 / 120 * train.layout_now.left.height()
    inner = train.layout_now.left.right() + 28, train.layout_now.right.left() - 28
    assert all(start == inner[0] or stop == inner[1] for start, stop in train._free_stretches(y))


@pytest.mark.parametrize("size", SIZES[:3])
def test_a_joined_goal_line_has_no_step(make_window, size):
    views = both(side(40, "firing", target=30.0), side(40, "firing", target=30.0))
    window = make_window(replace(SCENES["train-together"], sides=views), size)
    train, image = window.train, window.grab().toImage()
    layout = train.layout_now
    y = layout.left.bottom() - 30 / 120 * layout.left.height()
    inside, outside = int(layout.left.right()) + 20, int(layout.left.right()) + 34
    origin = train.mapTo(window, QPoint())
    rows = [
        {
            dy
            for dy in range(-4, 5)
            if QColor(image.pixel(origin.x() + x, origin.y() + int(y) + dy)) == load_colours().text
        }
        for x in (inside, outside)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 3


def test_the_side_that_joins_alone_keeps_its_colour_in_every_language(make_window, monkeypatch):
    monkeypatch.setattr(language._Reader, "language", "de")
    cue = make_window(SCENES["train"]).train.cue
    cue.line = Line("LINKS: ", "macht mit", done=True)
    assert cue._runs(62)[0].colour == load_colours().of("left").text
