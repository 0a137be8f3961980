"""States and cues at this very moment of an attempt."""

import math

import numpy as np
import pytest

from app.session.attempt import GO_REACTION_S, Burst, OpenAttempt
from app.session.events import SIDES, Cue, Side, SideState
from app.session.flags import Measured, SetFlags
from app.session.live import BOTH_AFTER_S, CUE_STANDS_S, LEVEL_AFTER_S, LiveJudge
from app.session.tick import TICK_S, Scale, Track

LEFT, RIGHT, HELPER = 0, 1, 2
NEVER = 1e9


class Moment:
    """A live judge in scripted attempts: levels in %, times at which each site is seen to fire."""

    def __init__(
        self, flags: SetFlags | None = None, *, verdicts: bool = True, sides: tuple[Side, ...] = SIDES
    ) -> None:
        targets: dict[Side, int] = {side: {"left": LEFT, "right": RIGHT}[side] for side in sides}
        self.judge = LiveJudge(targets, {HELPER: "left"})
        self.flags = flags or SetFlags()
        self.track = Track(3)
        self.scale = Scale(np.full(3, 1e-3), np.full(3, 100.0), np.full(3, 0.05), verdicts)
        self.cues: list[Cue] = []
        self.states: list[tuple[Side, SideState]] = []
        self.lost: set[int] = set()
        self.holds = False

    @property
    def t_s(self) -> float:
        return self.track.n_ticks * TICK_S

    def _tick(self, attempt: OpenAttempt | None, levels: np.ndarray) -> None:
        self.track.extend(levels[np.newaxis] ** 2, levels[np.newaxis])
        if attempt is not None:
            attempt.lose(self.lost, self.t_s)
            self.cues += self.judge.cues(
                self.t_s, attempt, self.flags, self.track, self.scale, compensator_line_pct=60.0, holds=self.holds
            )
        self.states += self.judge.tick(self.t_s, attempt, self.lost)

    def rest(self, seconds: float) -> "Moment":
        for _ in range(round(seconds / TICK_S)):
            self._tick(None, np.ones(3))
        return self

    def squeeze(
        self, *, left: float = NEVER, right: float = NEVER, helper: float = NEVER, seconds: float = 1.2,
        pct: tuple[float, float, float] = (40.0, 40.0, 40.0), by_go: bool = False,
    ) -> "Moment":  # fmt: skip
        """An attempt; each site is seen to fire that many seconds after it opened."""
        start_s = self.t_s
        attempt = OpenAttempt(opened_s=start_s + TICK_S, start_s=start_s, by_go=by_go)
        self.judge.begin()
        for tick in range(1, round(seconds / TICK_S) + 1):
            for site, seen_s in enumerate((left, right, helper)):
                if tick * TICK_S > seen_s and site not in attempt.bursts and site not in self.lost:
                    attempt.bursts[site] = Burst(start_s + seen_s, start_s + tick * TICK_S)
                    attempt.active.add(site)
            self._tick(attempt, np.where([site in attempt.active for site in range(3)], pct, 1.0))
        self._tick(None, np.ones(3))
        self.judge.end(self.t_s)
        return self

    def said(self) -> list[tuple[str, str]]:
        return [(cue.side, cue.kind) for cue in self.cues]

    def words(self, side: Side) -> list[SideState]:
        return [state for who, state in self.states if who == side]


def flagged(*reps: Measured) -> SetFlags:
    flags = SetFlags()
    for rep in reps:
        flags.update(rep, (0.02, 0.02))
    return flags


BOTH_FIRED: dict[Side, bool] = {"left": True, "right": True}


def late() -> SetFlags:
    return flagged(*[Measured(BOTH_FIRED, {"left": False, "right": True}, 250.0, 250.0)] * 4)


def asleep() -> SetFlags:
    return flagged(*[Measured({"left": False, "right": True}, {"left": False, "right": True})] * 4)


def weak() -> SetFlags:
    return flagged(*[Measured(BOTH_FIRED, BOTH_FIRED, 0.0, 0.0, math.log(0.5))] * 4)


def test_a_side_not_seen_300_ms_after_the_other_is_cued():
    moment = Moment().squeeze(right=0.0)
    assert moment.said() == [("left", "not-firing")]
    assert moment.cues[0].t_s == pytest.approx(0.300, abs=2 * TICK_S)
    assert moment.cues[0].channel == "tone"


@pytest.mark.parametrize(("flags", "kind"), [(late(), "late"), (asleep(), "not-firing")])
def test_a_side_known_to_be_late_or_asleep_is_cued_after_150_ms(flags, kind):
    moment = Moment(flags).squeeze(right=0.0)
    assert moment.said() == [("left", kind)]
    assert moment.cues[0].t_s == pytest.approx(0.150, abs=2 * TICK_S)


def test_the_other_side_is_not_hurried_by_the_first_ones_flag():
    moment = Moment(late()).squeeze(left=0.0)
    assert moment.said() == [("right", "not-firing")]
    assert moment.cues[0].t_s == pytest.approx(0.300, abs=2 * TICK_S)


@pytest.mark.parametrize("flags", [late(), asleep(), weak()])
def test_a_flag_alone_sounds_nothing_on_a_squeeze_that_passes(flags):
    assert Moment(flags).squeeze(left=0.05, right=0.0).said() == []


def test_a_side_that_joins_after_200_ms_is_cued_only_if_it_is_known_to_be_late():
    assert Moment().squeeze(left=0.2, right=0.0).said() == []
    assert Moment(late()).squeeze(left=0.2, right=0.0).said() == [("left", "late")]


def test_one_squeeze_gives_one_cue_to_a_side():
    assert len(Moment(asleep()).squeeze(right=0.0, seconds=5.0).cues) == 1


def test_both_sides_are_addressed_at_once_when_the_helpers_work_alone():
    moment = Moment().squeeze(helper=0.0)
    assert moment.said() == [("both", "not-firing")]
    assert moment.cues[0].t_s == pytest.approx(BOTH_AFTER_S, abs=2 * TICK_S)


def test_both_sides_are_addressed_when_nobody_follows_the_go():
    moment = Moment().squeeze(by_go=True, seconds=2.0)
    assert moment.said() == [("both", "not-firing")]
    assert moment.cues[0].t_s == pytest.approx(GO_REACTION_S, abs=2 * TICK_S)


def test_helpers_may_start_a_third_of_a_second_before_the_glutes():
    assert Moment(late()).squeeze(helper=0.0, left=0.37, right=0.37).said() == []


def test_a_side_without_signal_is_never_cued_and_never_asleep():
    moment = Moment()
    moment.lost = {LEFT}
    moment.squeeze(right=0.0)
    assert moment.said() == []
    assert set(moment.words("left")) <= {"no-signal"}
    assert moment.judge.state("left") == "no-signal"


def test_with_one_side_lost_the_other_is_still_cued_for_itself():
    moment = Moment()
    moment.lost = {LEFT}
    assert moment.squeeze(helper=0.0).said() == [("right", "not-firing")]


def test_a_weak_side_is_cued_low_when_its_plateau_is_reached():
    moment = Moment(weak()).squeeze(left=0.0, right=0.0, pct=(20.0, 40.0, 0.0))
    assert moment.said() == [("left", "low")]
    assert moment.cues[0].t_s == pytest.approx(LEVEL_AFTER_S, abs=2 * TICK_S)
    assert "weak" in moment.words("left")
    assert "weak" not in moment.words("right")


def test_a_weak_side_on_its_way_up_is_shown_as_weak_but_not_nagged():
    flags = weak()
    for _ in range(2):
        flags.update(Measured(BOTH_FIRED, BOTH_FIRED, 0.0, 0.0, math.log(0.75)), (0.02, 0.02))
    assert flags.sides["left"].weak.up
    moment = Moment(flags).squeeze(left=0.0, right=0.0, pct=(32.0, 40.0, 0.0))
    assert moment.said() == []
    assert "weak" in moment.words("left")


def test_low_is_never_said_without_a_reference_that_carries_it():
    assert Moment(weak(), verdicts=False).squeeze(left=0.0, right=0.0, pct=(20.0, 40.0, 0.0)).said() == []


def test_low_is_never_said_of_a_side_that_is_not_known_to_be_weak():
    assert Moment().squeeze(left=0.0, right=0.0, pct=(20.0, 40.0, 0.0)).said() == []


def test_a_more_urgent_cue_is_not_followed_by_a_lesser_one():
    flags = late()
    flags.sides["left"].weak = weak().sides["left"].weak
    assert Moment(flags).squeeze(left=0.2, right=0.0, pct=(20.0, 40.0, 80.0), helper=0.0).said() == [("left", "late")]


def test_a_helper_that_takes_over_is_shown_at_most_every_fifth_attempt():
    moment = Moment()
    cued: list[int] = []
    for number in range(12):
        moment.squeeze(left=0.0, right=0.0, helper=0.0, pct=(40.0, 40.0, 80.0)).rest(0.5)
        if len(moment.cues) > len(cued):
            cued.append(number)
    assert cued == [0, 5, 10]
    assert {(cue.kind, cue.side, cue.channel) for cue in moment.cues} == {("compensating", "left", "speech")}


def test_a_helper_below_its_line_is_left_alone():
    assert Moment().squeeze(left=0.0, right=0.0, helper=0.0, pct=(40.0, 40.0, 55.0)).said() == []


def test_the_word_goes_from_quiet_to_late_to_asleep():
    moment = Moment().rest(0.1).squeeze(right=0.0).rest(0.1)
    assert moment.words("left") == ["quiet", "late", "asleep", "quiet"]
    assert moment.words("right") == ["quiet", "firing", "quiet"]


def test_a_side_that_joins_late_says_so_by_a_second_late_and_keeps_it_to_the_end():
    moment = Moment().rest(0.1).squeeze(left=0.2, right=0.0)
    assert moment.words("left") == ["quiet", "late", "late", "quiet"]
    moment = Moment().rest(0.1).squeeze(left=0.5, right=0.0)
    assert moment.words("left") == ["quiet", "late", "asleep", "late", "quiet"]


def test_joins_late_does_not_reach_into_the_next_attempt():
    moment = Moment().squeeze(left=0.2, right=0.0)
    assert not moment.judge.joined_late("left")
    moment.states.clear()
    moment.rest(0.1).squeeze(left=0.0, right=0.0)
    assert moment.words("left") == ["firing", "quiet"]


def test_nothing_after_the_go_is_asleep_and_not_late():
    moment = Moment().rest(0.1).squeeze(by_go=True, seconds=2.0)
    assert moment.words("left") == moment.words("right") == ["quiet", "asleep", "quiet"]


def test_a_single_side_is_judged_without_the_other():
    moment = Moment(sides=("left",)).rest(0.1).squeeze(by_go=True, seconds=2.0)
    assert moment.said() == [("left", "not-firing")]
    assert moment.words("left") == ["quiet", "asleep", "quiet"]
    assert moment.judge.state("right") == "no-signal"


def test_the_last_cue_stays_readable_for_a_moment_after_its_attempt():
    moment = Moment().squeeze(right=0.0)
    assert moment.rest(CUE_STANDS_S - 0.1).judge.cue is not None
    assert moment.rest(0.2).judge.cue is None


def test_a_new_attempt_starts_without_the_old_cue():
    moment = Moment().squeeze(right=0.0).rest(0.2).squeeze(left=0.0, right=0.0)
    assert moment.judge.cue is None
