"""The line of one rep: signs, words, and null where the data carry no number."""

import math

import pytest

from app.session.aim import Aim
from app.session.events import Rep, Side
from app.session.programme import Phase, Programme
from app.session.rep import RepContext, make_rep
from app.session.scoring import AttemptScore, Comparison, SiteScore

PROGRAMME = Programme("p", "P", "", "prone", (Phase("work", reps=5),), target_pct=30.0, compensator_line_pct=60.0)
SITES = ("left", "right", "hamstring-left")


def site(pct: float = 40.0, *, fired: bool = True, lost: bool = False, peak_pct: float | None = None) -> SiteScore:
    onset_s = 1.23456 if fired else None
    offset_s = 2.34567 if fired else None
    return SiteScore(fired, lost, onset_s, offset_s, pct, pct if peak_pct is None else peak_pct, pct * 1e-6, None)


def line(
    left: SiteScore | None = None, right: SiteScore | None = None, helper: SiteScore | None = None,
    comparison: Comparison | None = None, *, counted: bool = True, synced: bool = True, verdicts: bool = True,
    compared: bool = True, gain_known: bool = True, own_best: bool = False,
) -> Rep:  # fmt: skip
    targets: dict[Side, int] = {"left": 0, "right": 1} if compared else {"left": 0}
    context = RepContext(
        index=7, set_number=2, phase=PROGRAMME.phases[0], programme=PROGRAMME, method="mvc", sites=SITES,
        targets=targets, compensators=(2,), compared=compared, synced=synced, verdicts=verdicts,
        raw_to_uv=1e6 if gain_known else None, own_best=own_best,
        aim=Aim("both" if compared else "left", {"left": 30.0, "right": 30.0}),
    )  # fmt: skip
    sites = dict(enumerate((left or site(), right or site(), helper or site(10.0, fired=False))))
    return make_rep(context, AttemptScore(1.0, 2.5, sites, 0.5), comparison or Comparison(), counted=counted)


def apart(lag_ms: float = 0.0, lsi: float = 95.0, pm: float = 5.0) -> Comparison:
    return Comparison(lag_ms / 1e3, 0.006, lag_ms / 1e3, lsi, pm, -0.05)


def test_a_good_rep_is_clean():
    rep = line(comparison=apart())
    assert (rep.clean, rep.not_clean, rep.late, rep.lag_status) == (True, [], None, "ok")
    assert (rep.index, rep.set, rep.phase, rep.scheme) == (7, 2, "work", "both")


@pytest.mark.parametrize(("lag_ms", "late"), [(96.0, None), (104.0, "left"), (-104.0, "right"), (-96.0, None)])
def test_a_positive_lag_is_the_left_side_that_comes_later(lag_ms, late):
    rep = line(comparison=apart(lag_ms))
    assert (rep.lag_ms, rep.late) == (lag_ms, late)
    assert rep.not_clean == ([f"late:{late}"] if late else [])


def test_the_late_side_is_called_late():
    rep = line(comparison=apart(250.0))
    assert (rep.sides["left"].state, rep.sides["right"].state) == ("late", "firing")


def test_the_weaker_side_is_named_and_weak_only_if_the_whole_interval_is_below():
    unsure, sure = (line(site(31.0), comparison=apart(lsi=78.0, pm=pm)) for pm in (8.0, 5.0))
    assert unsure.weaker == sure.weaker == "left"
    assert unsure.not_clean == []
    assert sure.not_clean == ["weak:left"]
    assert (unsure.sides["left"].state, sure.sides["left"].state) == ("firing", "weak")


def test_with_a_stand_in_reference_nobody_is_weak():
    assert line(site(31.0), comparison=apart(lsi=50.0), verdicts=False).clean


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_side_that_did_not_fire_is_said_so_and_asleep(side):
    quiet = site(3.0, fired=False)
    rep = line(quiet, None) if side == "left" else line(None, quiet)
    assert rep.lag_status == f"{side}-not-fired"
    assert rep.not_clean == [f"not-fired:{side}"]
    assert rep.sides[side].state == "asleep"
    assert (rep.lag_ms, rep.sides[side].onset_s) == (None, None)


def test_a_side_that_did_not_fire_is_not_also_weak():
    rep = line(site(3.0, fired=False), comparison=Comparison(lsi_pct=8.0, lsi_pm_pct=2.0, lr_log=-2.5))
    assert rep.not_clean == ["not-fired:left"]


def test_a_side_without_signal_is_no_signal_and_not_asleep():
    rep = line(site(math.nan, fired=False, lost=True), counted=False)
    assert rep.not_clean == ["no-signal:left"]
    assert rep.sides["left"].state == "no-signal"
    assert rep.lag_status == "single"
    assert (rep.sides["left"].mean_pct, rep.sides["left"].mean_uv) == (None, None)
    assert not rep.clean


def test_a_rep_that_misses_its_target_says_which_side():
    assert line(site(20.0), comparison=apart()).not_clean == ["below-target:left"]


def test_a_helper_above_its_line_is_named():
    rep = line(helper=site(80.0), comparison=apart())
    assert rep.not_clean == ["compensator:hamstring-left"]
    assert rep.compensators["hamstring-left"].state == "firing"


def test_one_side_alone_is_single_and_has_no_other():
    rep = line(compared=False)
    assert (rep.scheme, rep.lag_status, set(rep.sides)) == ("left", "single", {"left"})


def test_clocks_that_are_not_aligned_are_said_so():
    assert line(synced=False).lag_status == "not-synced"


def test_without_a_gain_there_are_no_microvolts():
    assert line(gain_known=False).sides["left"].mean_uv is None
    assert line().sides["left"].mean_uv == 40.0


def test_numbers_that_are_none_are_null():
    rep = line(comparison=Comparison(lag_s=0.01, lag_pm_s=math.nan, lsi_pct=90.0, lsi_pm_pct=math.nan))
    assert (rep.lag_pm_ms, rep.lsi_pm_pct, rep.lr_log) == (None, None, None)


def test_a_rep_that_is_not_counted_is_never_clean():
    assert not line(comparison=apart(), counted=False).clean


def test_numbers_are_rounded_when_the_line_is_made():
    left = line().sides["left"]
    assert (left.onset_s, left.offset_s) == (1.2346, 2.346)


def test_references_too_far_apart_are_told_beside_the_symmetry():
    assert line(comparison=apart()).lsi_basis == "reference"
    assert line(comparison=apart(), own_best=True).lsi_basis == "own-best"
