from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtWidgets import QWidget

from app.pipeline.snapshot import Snapshot
from app.ui import stage as stage_module
from app.ui.stage import Stage
from app.ui.stage_layout import NUMBER_ARCMIN, READ_ARCMIN, Dots, height_px
from app.ui.theme import load_colours
from app.ui.train_scene import Scenes
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.test_stage_layout import LAPTOP, MONITOR

OpenStage = Callable[..., Stage]


@pytest.fixture
def open_stage(application, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenStage]:
    """Open stages on screens of any fineness."""
    host = QWidget()

    def make(scene: Snapshot, size: tuple[int, int] = (1280, 800), dots: Dots = LAPTOP) -> Stage:
        monkeypatch.setattr(stage_module, "dots_of", lambda screen: dots)
        stage = Stage(load_colours(), 2.0, host)
        stage.resize(*size)
        stage.show()
        stage.show_scene(Scenes().look(scene, reasons={}))
        application.processEvents()
        return stage

    yield make
    host.deleteLater()


def picture(stage: Stage) -> QImage:
    image = QImage(stage.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    stage.render(painter, QPoint())
    painter.end()
    return image


def ink_height(image: QImage, left: int, right: int, top: int, bottom: int, colour: QColor) -> int:
    """Rows between the first and the last in which `colour` stands in full."""
    wanted = colour.rgb()
    rows = [y for y in range(top, bottom) if any(image.pixel(x, y) == wanted for x in range(left, right, 2))]
    return rows[-1] - rows[0] + 1 if rows else 0


@pytest.mark.parametrize(("size", "dots"), [((1280, 800), LAPTOP), ((3840, 2160), MONITOR)])
def test_the_painted_rep_is_45_minutes_of_arc_high_from_two_metres(open_stage, size, dots):
    stage = open_stage(SCENES["train"], size, dots)
    x, y, radius = stage.layout_now.train.ring
    half = int(0.6 * radius)
    box = (int(x) - half, int(x) + half, int(y) - half, int(y) + half)
    assert ink_height(picture(stage), *box, load_colours().text) >= height_px(NUMBER_ARCMIN, 2.0, dots)


@pytest.mark.parametrize(("size", "dots"), [((1280, 800), LAPTOP), ((3840, 2160), MONITOR)])
def test_the_painted_total_is_22_minutes_of_arc_high_from_two_metres(open_stage, size, dots):
    stage = open_stage(SCENES["train"], size, dots)
    train, px = stage.layout_now.train, stage.layout_now.caption_px
    left = int(train.middle)  # the digits alone: letters with descenders are higher
    box = (left, left + int(1.4 * px), int(train.number_y - 1.2 * px), int(train.number_y + 2))
    assert ink_height(picture(stage), *box, load_colours().text2) >= height_px(READ_ARCMIN, 2.0, dots) - 1


@pytest.mark.parametrize("name", ["train", "train-weak", "train-late", "lost", "train-rest", "train-hold"])
@pytest.mark.parametrize("size", [(1280, 800), (3840, 2160), (1024, 768)])
def test_no_word_of_the_stage_is_cut_or_meets_another(open_stage, name, size):
    stage = open_stage(SCENES[name], size)
    (left_start, left_end), (right_start, right_end) = (stage.pillars[side].word_span() for side in ("left", "right"))
    assert 0 <= left_start < left_end <= right_start < right_end <= size[0]


def test_a_lost_side_is_hatched_on_the_stage_too(open_stage):
    stage = open_stage(SCENES["lost"])
    view = stage.pillars["left"].view
    assert view is not None
    assert (view.mode, view.level_pct) == ("lost", None)
    assert stage.cue.line.text == "press the pad on"


def test_the_stage_says_that_nobody_is_measured(open_stage):
    stage = open_stage(SCENES["train"])
    before = picture(stage)
    stage.corner.show_signs(sign="Simulated person", records=True)
    assert picture(stage) != before
    assert "Simulated person" in stage.corner.accessibleName()


def test_stage_and_page_show_the_same(make_window):
    window = make_window(SCENES["train-late"])
    window.desk.stage.toggle()
    window._shown = None
    window.pull()
    stage = window.desk.stage.stage
    assert stage.cue.line == window.train.cue.line
    assert {side: pillar.view for side, pillar in stage.pillars.items()} == {
        side: pillar.view for side, pillar in window.train.pillars.items()
    }


@pytest.mark.parametrize("key", [Qt.Key.Key_F10, Qt.Key.Key_Escape])
def test_a_key_closes_the_stage_and_nothing_else(qtbot, make_window, key):
    window = make_window(SCENES["train"])
    qtbot.keyClick(window, Qt.Key.Key_F10)
    stage = window.desk.stage.stage
    qtbot.keyClick(stage, key)
    assert not window.desk.stage.is_open
    assert window.source.acts == []


def test_the_big_key_works_on_the_stage(qtbot, make_window):
    window = make_window(SCENES["train"])
    window.desk.stage.toggle()
    qtbot.keyClick(window.desk.stage.stage, Qt.Key.Key_PageDown)
    assert [act.what for act in window.source.acts] == ["pause"]


def test_opening_the_stage_says_from_how_far_away_it_can_be_read(make_window):
    window = make_window(SCENES["train"])
    window.desk.stage.toggle()
    window.look_around()
    assert any("readable from" in entry.plain for entry in window.status.entries)


def test_closing_the_window_closes_the_stage(make_window):
    window = make_window(source=StagedSource(now=SCENES["first-seconds"]))
    window.desk.stage.toggle()
    assert window.close()
    assert not window.desk.stage.is_open
