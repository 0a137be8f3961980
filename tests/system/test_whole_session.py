"""A whole session face down, from the sign to the last word, with no key but the muscle."""

from dataclasses import dataclass, field

import pytest

from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.pipeline.sources import Sources, open_unpaced
from app.session.events import Act, Event, Rep, Say, Summary
from app.wiring import wire


@dataclass
class Lived:
    """What a session said."""

    events: list[Event] = field(default_factory=list)

    def said(self, *kinds: str) -> list[tuple[str, object]]:
        says = [event for event in self.events if isinstance(event, Say)]
        return [(say.what, say.value) for say in says if say.what in kinds]

    @property
    def acts(self) -> list[tuple[str, str]]:
        return [(event.what, event.by) for event in self.events if isinstance(event, Act)]

    @property
    def summary(self) -> Summary:
        (summary,) = [event for event in self.events if isinstance(event, Summary)]
        return summary


def live_through(person: str, *keys: Act, duration_s: float) -> Lived:
    """A session that waits for its start, as in the window, as fast as it goes."""
    plan = SessionPlan(load_programme("prone-ankle-squeeze"), skip_rests=False, ready=True)
    lived = Lived()
    with open_unpaced(Sources.create([f"sim:{person}&seed=4&speed=max"])) as (sources, blocks):
        run, _ = wire(sources, plan, None, [lambda event, ns: lived.events.append(event)], duration_s=duration_s)
        sources.start()
        run.begin()
        for key in keys:
            run.do(key)
        for block in blocks:
            run.push(block)
            if run.is_over or run.engine.coach.course.stage == "finished":
                break
        run.finish()
    return lived


def test_from_the_sign_to_the_end_the_muscle_alone_leads_through_a_session():
    lived = live_through("waking-left?script=two-squeezes&wake=8&period=2.5", duration_s=700.0)

    assert lived.acts == [("start", "muscle")]
    assert lived.said("gesture", "countdown") == [("gesture", None), *(("countdown", n) for n in (3, 2, 1))]
    assert lived.said("woke", "rest", "ten-seconds", "set", "finished") == [
        ("set", None), ("woke", "left"), ("rest", 30), ("ten-seconds", None),
        ("set", 1), ("rest", 60), ("ten-seconds", None), ("set", 2), ("rest", 60), ("ten-seconds", None),
        ("set", 3), ("finished", None),
    ]  # fmt: skip
    counted = [event for event in lived.events if isinstance(event, Rep) and event.counted and event.phase == "work"]
    assert [sum(rep.set == number for rep in counted) for number in (1, 2, 3)] == [20, 20, 20]


@pytest.mark.parametrize(
    ("person", "keys"),
    [("sleepy-left?script=two-squeezes", ()), ("sleepy-both?", (Act(0.0, "start"),))],  # who cannot fire has a key
    ids=["one side", "both"],
)
def test_where_a_side_does_not_wake_it_ends_kindly_after_sixty_squeezes(person: str, keys: tuple[Act, ...]):
    lived = live_through(f"{person}&period=4", *keys, duration_s=500.0)

    assert lived.said("enough", "finished") == [("enough", None), ("finished", None)]
    assert (lived.summary.woke, lived.summary.wake_up_squeezes) == (False, None)
    assert ("pause", "coach") not in lived.acts
