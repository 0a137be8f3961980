"""The Calibrate page on scripted views: by keyboard alone, in every step and size."""

from dataclasses import replace

import msgspec
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication

from app.recording.status import RecordingStatus
from app.session.calibrating.view import PAIN_KEYS
from app.ui.calibrate_step_words import line_and_detail
from tests.rigs.calibration_views import HARDENED, scripted_views
from tests.ui.calibrate_scenes import (
    BOTH,
    CALIBRATE_SCENES,
    DONE,
    HARDEN,
    IN_FORCE,
    PAIN,
    SCALE,
    SQUEEZE,
    STEP,
    TAP,
    showing,
)

SIZES = [(1440, 900), (1280, 800), (1024, 640), (960, 540)]


@pytest.fixture
def open_page(make_window):
    """Open windows on the Calibrate page."""

    def make(source, size=(1440, 900)):
        window = make_window(source=source, size=size)
        window.show_page(2)
        window.look_around()
        QApplication.processEvents()
        return window

    return make


def press(qtbot, window, *keys: str) -> None:
    """Type keys to whatever has the focus."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, getattr(Qt.Key, f"Key_{key}"))
        window.look_around()


def show(window, view) -> None:
    window.source.calibration.view = view
    window.pull()


def texts(read_text, window) -> str:
    return " ".join(words for words, *_ in read_text(window))


@pytest.mark.parametrize(("key", "kind"), [("Space", "quick"), ("D", "daily"), ("C", "clench-test"), ("F", "full")])
def test_a_calibration_is_chosen_by_one_key(qtbot, open_page, key, kind):
    source = showing(None)()
    source.status = RecordingStatus("off")
    window = open_page(source)
    press(qtbot, window, key)
    assert source.calibration.asked == [f"begin {kind}"]


def test_what_broke_off_is_gone_on_with_by_one_key(qtbot, open_page, read_text):
    source = CALIBRATE_SCENES["calibrate-go-on"]()
    source.status = RecordingStatus("off")
    window = open_page(source)
    assert "Quick, 4 minutes old: 6 of 9 steps are done." in texts(read_text, window)
    press(qtbot, window, "G")
    assert source.calibration.asked == ["go on"]
    source.calibration.unfinished = None
    window.look_around()
    press(qtbot, window, "G")
    assert source.calibration.asked == ["go on"]


def test_a_clench_test_stands_beside_the_one_before(open_page, read_text):
    said = texts(read_text, open_page(CALIBRATE_SCENES["calibrate-clench-again"]()))
    assert "now with the right on 13 November not yet" in said
    assert "now alone on 13 November alone" in said


def test_helping_muscles_follow_by_one_key_where_they_are_offered(qtbot, open_page):
    window = open_page(CALIBRATE_SCENES["calibrate-helpers"]())
    press(qtbot, window, "H")
    show(window, DONE)
    press(qtbot, window, "H")
    assert window.source.calibration.asked == ["helpers"]


def test_a_running_recording_ends_for_it_only_where_the_person_agrees(qtbot, open_page):
    window = open_page(showing(None)())
    press(qtbot, window, "Space")
    assert window.source.calibration.asked == []
    window.notice.buttons[1].click()
    assert window.source.calibration.asked == ["begin quick"]


def test_the_reference_in_force_is_said_with_its_age(open_page):
    window = open_page(showing(None, IN_FORCE)())
    said = window.calibrate.page.choice.reference
    assert "12 minutes old" in said
    assert "left 52 µV, right 60 µV" in said


def test_a_whole_calibration_is_gone_through_by_the_keyboard(qtbot, open_page, read_text):
    window = open_page(showing(None)())
    asked = window.source.calibration.asked
    steps = []
    for view in scripted_views(every_s=1.0):
        show(window, view)
        page = window.calibrate.page
        if not view.finished:
            assert page.stage.isVisible()
            assert page.stage.line.line == line_and_detail(view)[0]
        if view.step not in steps:
            steps.append(view.step)
        if view.question == HARDENED and "yes" not in asked:
            press(qtbot, window, "Y")
            assert asked[-1] == "yes"
    assert steps[0] == "contact"
    assert steps[-1] == "done"
    assert window.calibrate.page.result.isVisible()
    press(qtbot, window, "Space")
    assert asked[-1] == "use"
    assert window.train.isVisible()


@pytest.mark.parametrize(
    ("key", "meant"),
    [("Space", "go-on"), ("R", "redo"), ("B", "back"), ("P", "pause"), ("E", "end"), ("Escape", "hurts")],
)
def test_every_key_of_a_step_is_on_its_button_and_answers(qtbot, open_page, key, meant):
    window = open_page(showing(SQUEEZE)())
    press(qtbot, window, key)
    assert window.source.calibration.asked == [meant]
    button = window.calibrate.page.buttons[meant]
    assert button.isVisible()
    assert button.key == {"Escape": "Esc"}.get(key, key)


def test_escape_ends_a_step_in_which_nothing_can_hurt(qtbot, open_page):
    window = open_page(showing(STEP)())
    press(qtbot, window, "Escape")
    assert window.source.calibration.asked == ["end"]


def test_a_key_that_is_not_offered_does_nothing(qtbot, open_page):
    window = open_page(showing(replace(STEP, keys=("pause",), space=None))())
    press(qtbot, window, "R", "B", "Space", "Y", "X")
    assert window.source.calibration.asked == []


def test_space_answers_what_the_view_says_it_does(qtbot, open_page):
    window = open_page(showing(HARDEN)())
    press(qtbot, window, "Space")
    assert window.source.calibration.asked == ["no"]


def test_a_question_leaves_the_running_step_in_sight(open_page):
    stage = open_page(showing(HARDEN)()).calibrate.page.stage
    assert stage.line.isVisible()
    assert stage.question.isVisible()
    assert all(pillar.isVisible() for pillar in stage.pillars.values())


def test_a_question_at_the_end_has_the_screen_for_itself(open_page):
    stage = open_page(showing(replace(HARDEN, step="answers"))()).calibrate.page.stage
    assert stage.question.large
    assert not stage.line.isVisible()


@pytest.mark.parametrize(("key", "pain"), [("0", 0), ("4", 4), ("X", 10)])
def test_pain_is_answered_by_its_number(qtbot, open_page, key, pain):
    view = replace(STEP, kind="full", step="pain", question=PAIN, space=None)
    window = open_page(showing(view)())
    press(qtbot, window, key)
    assert window.source.calibration.asked == [PAIN_KEYS[pain]]


def test_the_other_scale_is_a_choice_before_the_reference_is_used(qtbot, open_page):
    window = open_page(showing(replace(DONE, question=SCALE, space="no"))())
    press(qtbot, window, "L")
    assert window.source.calibration.asked == ["scale-left"]
    show(window, DONE)
    assert window.calibrate.page.use.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_the_caveat_of_unequal_references_is_said_at_the_end(open_page, read_text, size):
    window = open_page(showing(DONE)(), size)
    said = texts(read_text, window)
    assert "left over right 0.33" in said
    assert "its bar reads higher than it should" in said


def test_a_side_on_the_others_scale_never_shows_its_tries_as_its_own(open_page, read_text):
    assert DONE.record is not None
    record = msgspec.structs.replace(DONE.record, scaled_to={"left": "right"})
    said = texts(read_text, open_page(showing(replace(DONE, record=record))()))
    assert "reference of the right" in said
    assert "19,  20,  18" not in said
    assert "19,  20,  18" in texts(read_text, open_page(showing(DONE)()))


def test_the_strip_shows_what_each_cheek_did(open_page):
    window = open_page(showing(BOTH)())
    assert window.calibrate.page.strip.names[4:6] == ("Left: joins in", "Right: alone")


def test_the_circles_fill_one_by_one_and_a_screen_reader_hears_how_many(open_page):
    window = open_page(showing(replace(TAP, taps=0))())
    circles = window.calibrate.page.stage.circles
    heard = []
    for taps in (0, 1, 2, 3, 5):
        show(window, replace(TAP, taps=taps))
        heard.append((circles.value(), circles.accessibleDescription()))
    assert heard == [(0, "0 of 3"), (1, "1 of 3"), (2, "2 of 3"), (3, "3 of 3"), (3, "3 of 3")]


@pytest.mark.parametrize("size", SIZES)
def test_one_key_swaps_the_sides_during_a_tap(qtbot, open_page, size):
    window = open_page(showing(TAP)(), size)
    swap = window.calibrate.page.stage.swap
    assert swap.isVisible()
    press(qtbot, window, "X")
    swap.click()
    assert window.source.calibration.asked == ["swap", "swap"]
    show(window, SQUEEZE)
    assert not swap.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_which_trace_moved_is_said_while_it_is_tapped(open_page, read_text, size):
    window = open_page(showing(TAP)(), size)
    assert "The left trace moved." in texts(read_text, window)
    show(window, replace(TAP, taps=0, touched="right"))
    assert "The right trace moved." in texts(read_text, window)


@pytest.mark.parametrize("size", SIZES)
def test_why_a_tap_waits_is_said_in_place_of_what_moved(open_page, read_text, size):
    window = open_page(showing(replace(TAP, interrupted="Left: lost for a moment."))(), size)
    said = texts(read_text, window)
    assert "Left: lost for a moment." in said
    assert "moved" not in said


@pytest.mark.parametrize("size", SIZES)
def test_what_a_squeeze_was_is_ticked_among_three_quiet_words(open_page, read_text, size):
    window = open_page(showing(SQUEEZE)(), size)
    words = window.calibrate.page.stage.words
    assert words.words.words == ("alone", "with the right", "not yet")
    assert words.words.found is None
    show(window, replace(SQUEEZE, phase="relax", found="alone", results={"left": "with-the-other"}))
    assert words.words.found == 0
    said = texts(read_text, window)
    assert "This try: alone. The try before: with the right." in said
    assert "Any of the three is a fine answer." in said


def test_a_squeeze_that_nobody_can_tell_yet_ticks_nothing(open_page):
    words = open_page(showing(replace(SQUEEZE, phase="relax", found="no-signal"))()).calibrate.page.stage.words
    assert words.words.found is None
    assert words.words.sentences[0] == "This try: no signal yet."


def test_bars_stand_on_one_round_scale_with_the_line_above_rest(open_page, read_text):
    said = texts(read_text, open_page(showing(SQUEEZE)()))
    assert "µV" in said
    assert " 100 " in said
    assert said.count("above rest") == 2


def test_a_scale_in_counts_never_says_microvolts(open_page, read_text):
    source = showing(replace(SQUEEZE, full=5.0))()
    source.calibration.unit = "counts"
    window = open_page(source)
    pillars = window.calibrate.page.stage.pillars.values()
    shown = {words for words, _, _, widget in read_text(window) if widget in pillars}
    assert {"counts", "2.5", "5"} <= shown
    assert "µV" not in shown


def test_a_lost_side_is_hatched_with_its_remedy_and_never_zero(open_page, read_text):
    window = open_page(CALIBRATE_SCENES["calibrate-lost"]())
    assert window.calibrate.page.stage.pillars["right"].view.mode == "lost"
    assert "Finished steps are kept" in texts(read_text, window)


def test_why_a_source_cannot_be_opened_stands_in_the_step(open_page, read_text):
    source = showing(STEP)()
    source.trouble = "There is no sensor in reach. Switch it on, then try again."
    window = open_page(source)
    assert "There is no sensor in reach." in texts(read_text, window)


def test_without_a_known_gain_levels_are_counts(open_page, read_text):
    source = showing(replace(STEP, live={side: replace(one, level=312.0) for side, one in STEP.live.items()}))()
    source.calibration.unit = "counts"
    window = open_page(source)
    assert "µV" not in " ".join(
        words for words, _, _, widget in read_text(window) if widget in window.calibrate.page.stage.pillars.values()
    )
    assert "312 counts" in texts(read_text, window)


@pytest.mark.parametrize("name", list(CALIBRATE_SCENES))
def test_no_word_is_used_that_judges(open_page, read_text, name):
    said = texts(read_text, open_page(CALIBRATE_SCENES[name]())).lower()
    for word in ("asleep", "abnormal", "fail", "bad", "wrong", "railed"):
        assert word not in said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", list(CALIBRATE_SCENES))
def test_no_words_are_cut_or_overlap(open_page, read_text, name, size):
    window = open_page(CALIBRATE_SCENES[name](), size)
    page = window.calibrate.page
    found = [
        (words, px, box) for words, px, box, widget in read_text(window) if page.isAncestorOf(widget) or widget is page
    ]
    assert found
    for place, (words, px, box) in enumerate(found):
        assert px >= 14
        assert "…" not in words
        assert box.left() >= 0, words
        assert box.right() <= window.width(), words
        for other, _, other_box in found[place + 1 :]:
            assert not box.adjusted(1, 1, -1, -1).intersects(other_box), (words, other)


@pytest.mark.parametrize("size", SIZES)
def test_what_each_kind_means_stays_in_its_box(open_page, read_text, size):
    window = open_page(showing(None)(), size)
    answers = window.calibrate.page.choice.answers.values()
    for _, _, box, widget in read_text(window):
        if widget in answers:
            assert box.bottom() <= widget.mapTo(window, widget.rect().bottomLeft()).y() - 6


@pytest.mark.parametrize("name", list(CALIBRATE_SCENES))
def test_no_button_is_marked_before_somebody_reaches_for_the_keyboard(open_page, name):
    window = open_page(showing(STEP)())
    show(window, CALIBRATE_SCENES[name]().calibration.view)
    QApplication.processEvents()
    assert not isinstance(QApplication.focusWidget(), QAbstractButton)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", list(CALIBRATE_SCENES))
def test_no_buttons_overlap(open_page, name, size):
    page = open_page(CALIBRATE_SCENES[name](), size).calibrate.page
    boxes = [button.geometry() for button in page._all_buttons() if button.isVisible()]
    for place, box in enumerate(boxes):
        assert page.rect().contains(box)
        assert not any(box.intersects(other.adjusted(8, 8, -8, -8)) for other in boxes[place + 1 :])


def test_the_train_page_says_that_a_calibration_runs(open_page):
    window = open_page(showing(STEP)())
    window.show_page(0)
    window.source.now = replace(window.source.now, t_s=window.source.now.t_s + 1.0)
    window.pull()
    window.look_around()
    assert window.train.cue.line.text == "A calibration runs"
