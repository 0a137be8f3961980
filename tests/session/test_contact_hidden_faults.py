"""Faults that show only at rest or only while a side fires, and the patience that this takes."""

import math

import numpy as np
import pytest

from app.session.contact import TEXTS, ContactVerdict, hidden_from, judge
from app.session.events import Verdict
from dsp.quality import ChannelQuality

GOOD = {"hum": 1e-6, "hum_ratio": 0.1, "motion_ratio": 0.2, "noise": 4e-6, "level_ratio": 1.0}
NOTHING_HIDDEN: frozenset[Verdict] = frozenset()


def verdict(*, firing=False, rested_s=0.0, reference_db=math.nan, **changed):
    values = GOOD | changed
    quality = ChannelQuality(**{name: np.array([values.get(name, 0.0)]) for name in ChannelQuality._fields})
    return judge(
        quality,
        0,
        raw_to_uv=1e6,
        active=firing,
        envelope=False,
        firing=firing,
        rested_s=rested_s,
        reference_db=reference_db,
    )


def test_a_heart_is_named_after_three_seconds_of_rest_alone():
    assert verdict(heart_hz=1.2, rested_s=3.0) == "heartbeat"
    assert verdict(heart_hz=1.2, rested_s=2.5) == "ok"
    assert verdict(heart_hz=math.nan, rested_s=9.0) == "ok"


@pytest.mark.parametrize(
    ("alike", "level_ratio", "expected"),
    [
        (0.35, 1.0, "crosstalk"),
        (0.25, 1.0, "ok"),
        (0.6, 0.2, "ok"),
        (0.9, 0.2, "crosstalk"),
        (0.9, 5.0, "crosstalk"),
        (0.95, 0.1, "ok"),
        (math.nan, math.nan, "ok"),
    ],
)
def test_one_signal_on_both_sides_is_crosstalk_while_a_side_fires(alike, level_ratio, expected):
    assert verdict(firing=True, alike=alike, level_ratio=level_ratio) == expected
    assert verdict(firing=False, alike=alike, level_ratio=level_ratio) == "ok"


@pytest.mark.parametrize(("reference_db", "expected"), [(5.0, "too-quiet"), (7.0, "ok"), (math.nan, "ok")])
def test_a_reference_hardly_above_rest_is_too_quiet(reference_db, expected):
    assert verdict(reference_db=reference_db) == expected


@pytest.mark.parametrize("word", ["heartbeat", "crosstalk", "too-quiet", "swapped", "hum"])
def test_each_word_has_a_sentence_with_a_remedy(word):
    cause, remedy = TEXTS[word].split(":")
    assert cause
    assert remedy.endswith(".")


def test_what_cannot_be_seen_now_is_hidden():
    assert hidden_from(active=False, firing=False, rested_s=5.0) == {"crosstalk"}
    assert hidden_from(active=False, firing=False, rested_s=1.0) == {"crosstalk", "heartbeat"}
    assert hidden_from(active=True, firing=True, rested_s=0.0) == {"hum", "heartbeat"}


def test_hum_between_short_rests_adds_up_to_its_word():
    contact = ContactVerdict(bad=False)
    active, resting = (hidden_from(active=on, firing=on, rested_s=0.0) for on in (True, False))
    steps: list[tuple[Verdict, frozenset[Verdict]]] = [("hum", resting), ("ok", active), ("ok", active)]
    changed = [contact.update(*step) for step in steps * 4]
    assert changed.index(True) == 9
    assert contact.verdict == "hum"


def test_a_fault_is_not_cleared_while_it_could_not_be_seen():
    contact = ContactVerdict(bad=False)
    for _ in range(4):
        contact.update("crosstalk", NOTHING_HIDDEN)
    while_hidden = [contact.update("ok", frozenset({"crosstalk"})) for _ in range(20)]
    assert (any(while_hidden), contact.verdict) == (False, "crosstalk")
    assert [contact.update("ok", NOTHING_HIDDEN) for _ in range(4)] == [False, False, False, True]


def test_red_clears_also_while_amber_is_hidden():
    contact = ContactVerdict(bad=False)
    contact.update("hum", NOTHING_HIDDEN)
    contact.update("no-contact", NOTHING_HIDDEN)
    for _ in range(4):
        contact.update("ok", frozenset({"hum"}))
    assert not contact.bad
