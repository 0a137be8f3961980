"""Whatever the chain hands over - falls without rises, NaN levels, flapping contacts - the coach keeps its contract."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.coach import Coach
from app.session.events import Attempt, Cue, Event, Feedback, Rep, StateChanged, to_json
from app.session.programme import Phase, Programme, Tempo
from app.session.tick import TICK_S, Edge, Scale, Ticks

SCHEMA = Path(__file__).resolve().parents[2] / "assets" / "schema" / "events.schema.json"
SITES = ("left", "right", "hamstring-left")
STATES = {"no-signal", "quiet", "asleep", "late", "weak", "firing", "fading"}

levels = st.one_of(st.floats(0.0, 3e-4), st.sampled_from([math.nan, 0.0, 1e-300, 1.0]))
sites = st.integers(0, len(SITES) - 1)


@st.composite
def stretches(draw: st.DrawFn) -> Ticks:
    """A stretch of 5 ms to 1 s with steady levels, and edges that need not make sense; times are put right later."""
    n_ticks = draw(st.integers(1, 200))
    level = np.tile(draw(st.lists(levels, min_size=3, max_size=3)), (n_ticks, 1))
    lost = np.zeros(level.shape, np.bool_)
    for site in draw(st.lists(sites, max_size=2)):
        lost[draw(st.integers(0, n_ticks)) :: draw(st.sampled_from([1, 2, 60])), site] = True
    edges: dict[int, list[Edge]] = {}
    for _ in range(draw(st.integers(0, 4))):
        edge = Edge(draw(sites), draw(st.booleans()), -draw(st.floats(0.0, 0.4)))
        edges.setdefault(draw(st.integers(0, n_ticks - 1)), []).append(edge)
    return Ticks(level**2, level, lost, edges)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    tempo = draw(st.sampled_from([None, Tempo(0.5, 0.5), Tempo()]))
    feedback: Feedback = draw(st.sampled_from(["full", "none"]))
    rest_s = draw(st.sampled_from([0.0, 1.0]))
    wake_up = Phase("wake-up", reps=3, max_squeezes=3, tempo=tempo, feedback=feedback)
    work = Phase("work", reps=2, sets=2, rest_s=rest_s, tempo=tempo, feedback=feedback)
    return Programme(
        "p", "P", "", "any", (wake_up, work), scheme=draw(st.sampled_from(["both", "both", "left", "right"])),
        compensators=("hamstring",), effort_floor_pct=10.0,
    )  # fmt: skip


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    rest, reference = draw(st.sampled_from([(5e-6, 1e-4), (math.nan, 1e-4), (5e-6, math.nan), (1e-4, 1e-5)]))
    return Scale(np.full(3, rest), np.full(3, reference), np.full(3, 0.08), draw(st.booleans()))


def coach_of(programme: Programme, scale: Scale) -> Coach:
    return Coach(programme, SITES, scale, raw_to_uv=1e6, method="mvc", skip_rests=False)


def in_time(stretch: Ticks, n_before: int) -> Ticks:
    """The stretch with its edges dated back from the tick that decides them."""
    edges = {
        tick: [Edge(edge.site, edge.rises, (n_before + tick + 1) * TICK_S + edge.t_s) for edge in found]
        for tick, found in stretch.edges.items()
    }
    return Ticks(stretch.energy, stretch.level, stretch.lost, edges)


def run(coach: Coach, session: list[Ticks], clock_s: float | None) -> list[Event]:
    events: list[Event] = []
    for stretch in session:
        events += coach.advance(in_time(stretch, coach.track.n_ticks), clock_s)
    events += coach.finish(coach.track.n_ticks * TICK_S)
    return [*events, coach.summary(recording=None, lost_pct=0.0)]


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [value] if isinstance(value, float) else []


sessions = st.lists(stretches(), min_size=1, max_size=30)
clocks = st.sampled_from([None, 0.0, 0.01])


@settings(max_examples=60, deadline=None)
@given(session=sessions, programme=programmes(), scale=scales(), clock_s=clocks)
def test_every_line_keeps_the_contract_whatever_comes(session, programme, scale, clock_s):
    events = run(coach_of(programme, scale), session, clock_s)
    for event in events:
        line = json.loads(to_json(event))
        validator().validate(line)
        assert all(math.isfinite(number) for number in numbers(line))
    indices = [event.index for event in events if isinstance(event, Attempt)]
    assert indices == list(range(1, len(indices) + 1))
    rep_indices = [event.index for event in events if isinstance(event, Rep)]
    assert rep_indices == list(range(1, len(rep_indices) + 1))
    assert {event.state for event in events if isinstance(event, StateChanged)} <= STATES


@settings(max_examples=40, deadline=None)
@given(session=sessions, programme=programmes(), scale=scales(), clock_s=clocks)
def test_a_cue_comes_only_inside_an_attempt_and_never_on_a_side_without_signal(session, programme, scale, clock_s):
    coach = coach_of(programme, scale)
    for stretch in session:
        whole = in_time(stretch, coach.track.n_ticks)
        for tick in range(len(whole)):
            rows = slice(tick, tick + 1)
            one = Ticks(whole.energy[rows], whole.level[rows], whole.lost[rows], {0: whole.edges.get(tick, [])})
            for event in coach.advance(one, clock_s):
                if not isinstance(event, Cue):
                    continue
                assert coach.attempt is not None
                lost = {site for site, gone in zip(SITES, whole.lost[tick], strict=True) if gone}
                if event.kind != "compensating":
                    addressed = {"left", "right"} if event.side == "both" else {event.side}
                    assert not addressed & lost
                    assert addressed <= set(coach.targets)


@settings(max_examples=40, deadline=None)
@given(session=sessions, programme=programmes(), scale=scales(), clock_s=clocks)
def test_the_same_ticks_give_the_same_lines_in_one_go_or_one_by_one(session, programme, scale, clock_s):
    single = [
        Ticks(
            stretch.energy[tick : tick + 1], stretch.level[tick : tick + 1], stretch.lost[tick : tick + 1],
            {0: stretch.edges[tick]} if tick in stretch.edges else {},
        )
        for stretch in session
        for tick in range(len(stretch))
    ]  # fmt: skip
    together = run(coach_of(programme, scale), session, clock_s)
    assert run(coach_of(programme, scale), single, clock_s) == together
    assert run(coach_of(programme, scale), session, clock_s) == together
