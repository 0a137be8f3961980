"""What is said about a contact, and how patient it is."""

import math

import numpy as np
import pytest

from app.session.contact import TEXTS, ContactVerdict, judge
from app.session.events import Verdict
from dsp.quality import ChannelQuality

GOOD = {"lost": 0.0, "flat": 0.0, "clipped": 0.0, "hum": 1e-6, "hum_ratio": 0.1, "motion_ratio": 0.2, "noise": 4e-6}


def verdict(
    *, uv: float | None = 1e6, active: bool = False, envelope: bool = False, **changed: float
) -> Verdict | None:
    values = GOOD | changed
    quality = ChannelQuality(**{name: np.array([values.get(name, 0.0)]) for name in ChannelQuality._fields})
    return judge(quality, 0, raw_to_uv=uv, active=active, envelope=envelope)


def test_a_quiet_clean_channel_is_ok():
    assert verdict() == "ok"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"flat": 0.95}, "no-contact"),
        ({"clipped": 0.02}, "clipping"),
        ({"hum": 60e-6, "hum_ratio": 0.95}, "no-contact"),
        ({"hum": 5e-6, "hum_ratio": 0.6}, "hum"),
        ({"motion_ratio": 4.0, "noise": 100e-6}, "movement"),
        ({"flat": 0.6}, "too-coarse"),
    ],
)
def test_each_fault_has_its_word_and_its_sentence(changed, expected):
    assert verdict(**changed) == expected
    assert TEXTS[expected].endswith(".")


def test_nothing_is_said_of_a_step_that_is_mostly_missing_or_has_no_spectrum_yet():
    assert verdict(lost=0.6) is None
    assert verdict(hum=math.nan) is None


def test_hum_is_judged_at_rest_alone():
    assert verdict(hum=5e-6, hum_ratio=0.6, active=True) == "ok"


def test_without_a_gain_no_limit_in_microvolts_is_applied():
    assert verdict(uv=None, hum=1e9, hum_ratio=0.95, motion_ratio=9.0, noise=1e9) == "ok"


def test_an_envelope_can_only_be_flat_or_clipped():
    assert verdict(envelope=True, hum=math.nan, motion_ratio=9.0) == "ok"
    assert verdict(envelope=True, flat=1.0) == "no-contact"


def test_a_verdict_needs_two_seconds_of_agreement():
    contact = ContactVerdict(bad=False)
    assert [contact.update("ok") for _ in range(5)] == [False, False, False, True, False]
    assert contact.verdict == "ok"


def test_one_knock_is_no_new_word():
    contact = ContactVerdict(bad=False)
    for word in ("ok",) * 4 + ("movement",) + ("ok",) * 4:
        contact.update(word)
        assert contact.verdict in (None, "ok")


def test_red_takes_the_side_out_at_once_and_its_word_comes_after_two_seconds():
    contact = ContactVerdict(bad=False)
    for _ in range(4):
        contact.update("ok")
    assert not contact.update("no-contact")
    assert contact.bad
    assert contact.verdict == "ok"
    assert [contact.update("no-contact") for _ in range(3)] == [False, False, True]


def test_a_side_is_back_after_two_seconds_without_red():
    contact = ContactVerdict(bad=False)
    contact.update("clipping")
    bad = []
    for _ in range(4):
        contact.update("ok")
        bad.append(contact.bad)
    assert bad == [True, True, True, False]


def test_amber_words_that_take_turns_do_not_keep_a_side_out():
    contact = ContactVerdict(bad=False)
    contact.update("no-contact")
    for word in ("ok", "hum", "ok", "hum"):
        contact.update(word)
    assert not contact.bad


def test_amber_never_takes_a_side_out():
    contact = ContactVerdict(bad=False)
    for word in ("hum", "movement", "too-coarse"):
        for _ in range(6):
            contact.update(word)
            assert not contact.bad


def test_live_a_side_is_out_until_its_first_judgement():
    contact = ContactVerdict(bad=True)
    contact.update("hum")
    assert not contact.bad
