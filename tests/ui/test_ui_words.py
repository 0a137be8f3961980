from dataclasses import replace

import pytest

from app.pipeline.snapshot import CueView, Flags, SideView
from app.recording.status import RecordingStatus
from app.session.events import SIDES, Side
from app.ui import number_words, words
from app.ui.attention import LEAST_STAND_S, Watch
from app.ui.status_words import status_entries
from drivers.types import LinkState
from tests.ui.scenes import NOT_YET, SCENES, WORK, StagedSource, cued, rep, side


def sentence(kind, who, compensating=()):
    line = words.cue_line(CueView(who, kind, 0.0), compensating, None)
    return line.address + line.text


@pytest.mark.parametrize("who", SIDES)
@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("not-firing", "squeeze now"), ("late", "start sooner"), ("low", "a little more"), ("fading", "hold on"),
    ],
)  # fmt: skip
def test_each_cue_says_what_to_do_and_to_whom(kind, says, who):
    assert sentence(kind, who) == f"{who.upper()}: {says}"


def test_both_sides_are_cued_in_one_sentence():
    assert sentence("not-firing", "both") == "Both: squeeze now"


@pytest.mark.parametrize(
    ("muscle", "says"),
    [
        ("hamstring", "LEFT thigh: softer"), ("erector", "LEFT low back: softer"),
        ("adductor", "LEFT inner thigh: softer"), ("tfl", "LEFT outer hip: softer"),
        ("quad", "LEFT front thigh: softer"),
    ],
)  # fmt: skip
def test_a_compensating_cue_names_the_muscle_of_its_side(muscle, says):
    assert sentence("compensating", "left", (f"{muscle}-right", f"{muscle}-left")) == says


def test_a_side_that_came_late_is_told_so_only_once_it_has_joined():
    assert words.state_word("left", side(3, "late")) == "not yet"
    assert words.state_word("left", side(50, "late", late=True)) == "joins late"
    assert words.state_word("left", side(50, "firing", late=True)) == "joins late"


def test_each_state_has_its_word():
    said = [words.state_word("right", side(3, state)) for state in ("asleep", "weak", "fading", "firing", "quiet")]
    assert said == ["not yet", "less than left", "fading", "joining", "quiet"]
    assert words.state_word("left", side(None, "no-signal")) == "no signal"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("train", "Wake-up, until the left side joins"),
        ("train-both-not-yet", "Wake-up, until a side joins"),
        ("train-together", "Wake-up, left joined from squeeze 20 on"),
        ("train-late", "Set 1 of 3, left joins late in 3 of the last 4"),
        ("train-weak", "Set 1 of 3, left is less than right in 4 of the last 5"),
        ("train-rest", "Set 1 of 3 done"),
        ("train-hold", "10 holds of 10 seconds"),
    ],
)
def test_the_line_beside_the_title_says_where_the_person_is(name, says):
    assert "".join(words.subtitle(SCENES[name])) == says


def test_too_few_squeezes_for_a_verdict_are_said():
    snapshot = replace(NOT_YET, progress=WORK, flags=Flags(weak_undecided=True))
    assert words.subtitle(snapshot)[1] == ", cannot tell yet: three more squeezes for reference"


@pytest.mark.parametrize(
    ("status", "says"), [("left-not-fired", "left: not yet"), ("right-not-fired", "right: not yet")]
)
def test_a_side_that_did_not_join_gives_words_and_no_lag(status, says):
    reading = number_words.lag(replace(NOT_YET, last_rep=rep(None, None, status)))
    assert (reading.value, reading.words) == (None, says)


def test_no_lag_before_the_clocks_agree():
    reading = number_words.lag(replace(NOT_YET, last_rep=rep(88, None, "not-synced"), timing_in_s=20.0))
    assert (reading.value, reading.words) == (None, "timing in 20 s")


def test_the_lag_names_the_side_that_came_later():
    late_left, late_right = (number_words.lag(replace(NOT_YET, last_rep=rep(90, lag))) for lag in (180, -40))
    assert (late_left.later, late_left.value) == ("left", 180)
    assert (late_right.later, late_right.value) == ("right", 40)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("left-not-fired", "left: not yet"), ("right-not-fired", "right: not yet"), ("neither", "neither side yet"),
    ],
)  # fmt: skip
def test_rest_noise_is_no_symmetry(status, says):
    reading = number_words.symmetry(replace(NOT_YET, last_rep=rep(7, None, status)))
    assert (reading.value, reading.words) == (None, says)


def test_a_comparison_needs_both_sides():
    assert number_words.symmetry(SCENES["lost"]).words == "needs both sides"


def test_a_lost_pad_brings_its_remedy_and_says_that_the_set_waits():
    lost: dict[Side, SideView] = {"left": SCENES["lost"].sides["left"]}
    lines = words.lost_block(lost, 4, NOT_YET.progress, {})
    assert lines[0] == "The left pads lost contact 4 seconds ago."
    assert lines[-1] == "The set waits at 12 and goes on by itself."


def test_a_lost_link_brings_the_reason_of_the_link():
    lost: dict[Side, SideView] = {"right": side(None, "no-signal")}
    lines = words.lost_block(lost, 1, NOT_YET.progress, {"right": "The cable was unplugged."})
    assert lines[:2] == ["The right side has had no signal for 1 second.", "The cable was unplugged."]


def bar(source=None, snapshot=NOT_YET):
    source = source or StagedSource()
    return [entry.strong + entry.plain for entry in status_entries(snapshot, source.health(), source.recording())]


def test_the_status_bar_says_what_is_recorded():
    assert bar()[0] == "REC 00:12:31"
    assert bar(StagedSource(status=RecordingStatus("off")))[0] == "not recording"
    assert bar(StagedSource(status=RecordingStatus("error", cause="The disk is full.")))[0] == "The disk is full."


def test_a_loss_that_cannot_be_measured_is_never_shown_as_none():
    assert "loss not measurable" in bar(StagedSource(lost_pct=None))


def test_a_small_loss_is_never_shown_as_none():
    assert "<\u20090.1\u2009% lost" in bar(StagedSource(lost_pct=0.004))


def test_loss_and_latency_stand_only_while_samples_flow():
    assert not [entry for entry in bar(StagedSource(link=LinkState.RECONNECTING)) if "lost" in entry or "ms" in entry]


def test_the_status_bar_names_the_lost_side():
    assert "1 of 2 sides, left no contact" in bar(snapshot=SCENES["lost"])


def test_a_cue_never_waits():
    watch = Watch()
    quiet = replace(NOT_YET, cue=None)
    watch.look(quiet)
    line = watch.look(replace(NOT_YET, t_s=quiet.t_s + 0.01)).line
    assert line.text == "squeeze now"


def test_a_quiet_line_changes_at_most_twice_a_second():
    watch = Watch()
    watch.look(NOT_YET)
    soon = watch.look(replace(NOT_YET, t_s=NOT_YET.t_s + 0.1, cue=None)).line
    later = watch.look(replace(NOT_YET, t_s=NOT_YET.t_s + LEAST_STAND_S, cue=None)).line
    assert (soon.text, later.text) == ("squeeze now", "Squeeze when ready")


def test_a_compensator_cue_leaves_its_glute_lit():
    modes = Watch().look(SCENES["train-compensator"]).modes
    assert modes == {"left": "lit", "right": "rest"}


def test_a_lost_side_is_cued_before_anything_else():
    sides = {"left": side(None, "no-signal", verdict="no-contact"), "right": side(62, "firing")}
    attention = Watch().look(cued("not-firing", "right", sides=sides))
    assert attention.line.text == "press the pad on"


def test_time_since_a_side_was_lost_is_counted_in_source_time():
    watch = Watch()
    watch.look(SCENES["lost"])
    assert watch.look(replace(SCENES["lost"], t_s=64.0)).lost_s == pytest.approx(4.0)
