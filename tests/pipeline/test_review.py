"""A review shows at every moment what the session showed, and tells the same lines."""

import msgspec
import numpy as np
import pytest

from app.main import main
from app.pipeline.build import SessionPlan, build_engine, describe
from app.pipeline.programmes import load_programme
from app.pipeline.review import StoppedError, load_review
from app.pipeline.runner import SessionRun
from app.pipeline.snapshot import Snapshot
from app.pipeline.sources import Sources, open_unpaced
from app.session.events import Event

URI = "sim:waking-left?seed=4&wake=4&compensators=1&speed=max&reps=8"
PROGRAMME = load_programme("prone-ankle-squeeze")
PLAN = SessionPlan(PROGRAMME)


@pytest.fixture(scope="module")
def review():
    return load_review([URI], PLAN)


def the_session() -> tuple[list[Event], list[Snapshot]]:
    """Lines and pictures of the session itself."""
    with open_unpaced(Sources.create([URI])) as (sources, blocks):
        engine, calibration = build_engine(sources, PLAN)
        events: list[Event] = []
        pictures: list[Snapshot] = []
        run = SessionRun(engine, describe(sources, PLAN, engine, calibration), [lambda event, ns: events.append(event)])
        run.begin()
        sources.start()
        for block in blocks:
            run.push(block)
            pictures.append(engine.snapshot())
        run.finish()
        return events[1:], pictures


def test_a_review_tells_the_lines_of_the_session_and_shows_its_pictures(review):
    events, pictures = the_session()
    assert list(review.events) == events
    assert review.reps
    for picture in pictures[200::97]:
        shown = review.at(picture.t_s - 0.0025)
        assert shown.t_s == pytest.approx(picture.t_s, abs=0.005)
        assert shown.progress.done in (picture.progress.done, picture.progress.done - 1)
        for side, view in picture.sides.items():
            assert shown.sides[side].level_pct == pytest.approx(view.level_pct, rel=1e-4)
        for trace, true in zip(shown.traces, picture.traces, strict=True):
            np.testing.assert_allclose(trace.level_pct, true.level_pct, rtol=1e-4)
            np.testing.assert_allclose(trace.high_pct, true.high_pct, rtol=1e-4)
            assert set(trace.onsets_s) >= set(true.onsets_s)


def test_a_moment_beyond_the_ends_is_the_nearest_end(review):
    assert review.at(-3.0) is None or review.at(-3.0).t_s == 0.0
    assert review.at(1e9).t_s == review.duration_s


def test_another_goal_changes_the_score_and_nothing_recorded(review):
    harder = msgspec.structs.replace(PROGRAMME, target_pct=90.0)
    again = load_review([URI], SessionPlan(harder))
    assert [rep.start_s for rep in again.reps] == [rep.start_s for rep in review.reps]
    assert again.reps[0].target_pct != review.reps[0].target_pct
    assert again.strips.keys() == review.strips.keys()


def test_a_long_recording_is_shown_before_all_of_it_is_loaded(tmp_path):
    seen = []
    main(["live", "--source", "sim:healthy?seed=1&speed=max&reps=8", "--record", str(tmp_path), "--json"])
    (folder,) = tmp_path.iterdir()
    whole = load_review([f"file:{folder}?speed=max"], SessionPlan(None), lambda part, share: seen.append((part, share)))
    part, share = seen[0]
    assert 0.0 < share < 1.0
    assert part.duration_s < whole.duration_s
    early, late = part.at(4.0), whole.at(4.0)
    assert early is not None
    assert late is not None
    assert early.sides == late.sides


def test_a_review_that_nobody_wants_is_given_up():
    with pytest.raises(StoppedError):
        load_review([URI], PLAN, stopped=lambda: True)
