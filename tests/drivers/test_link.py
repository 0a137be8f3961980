"""`LinkMachine`: whatever happens in whatever order, a link is honest about its state and never gives up."""

import itertools
import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from drivers.backoff import JITTER, LONGEST_S, retry_delays
from drivers.link import LinkMachine, LinkTimes, Phase
from drivers.types import LinkState

S = 1_000_000_000
N_COURSES = 2000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 100
TIMES = LinkTimes(stalled_after_s=0.5, dead_after_s=4.0, proven_after_s=5.0)


def doubling() -> Iterator[float]:
    return (0.25 * 2.0**n for n in itertools.count())


def streaming(times: LinkTimes = TIMES) -> LinkMachine:
    machine = LinkMachine(doubling, times)
    machine.found()
    machine.connected(0)
    return machine


def wait_s(machine: LinkMachine, now_ns: int) -> float:
    assert machine.phase is Phase.WAITING
    assert machine.due_ns is not None
    return (machine.due_ns - now_ns) / S


def fail_again(machine: LinkMachine, now_ns: int) -> float:
    """End the wait, find the device, and fail once more; gives the next wait."""
    machine.tick(machine.due_ns or now_ns)
    machine.found()
    machine.lost(now_ns, "no answer")
    return wait_s(machine, now_ns)


def test_the_first_try_after_a_loss_is_made_at_once():
    machine = streaming()

    machine.lost(10 * S, "out of reach")

    assert wait_s(machine, 10 * S) == 0.0
    assert (machine.state, machine.reason) == (LinkState.RECONNECTING, "out of reach")


def test_each_further_failure_waits_longer():
    machine = streaming()
    machine.lost(10 * S, "out of reach")

    assert [fail_again(machine, 11 * S) for _ in range(4)] == [0.25, 0.5, 1.0, 2.0]


def test_a_link_that_proved_itself_starts_with_no_wait_again():
    machine = streaming()
    machine.lost(S, "out of reach")
    fail_again(machine, 2 * S)
    machine.tick(3 * S)
    machine.found()
    machine.connected(3 * S)
    for now_ns in range(3 * S, 8 * S + 1, S // 4):
        machine.data(now_ns)

    machine.lost(8 * S, "out of reach")

    assert wait_s(machine, 8 * S) == 0.0


def test_a_link_that_breaks_before_it_proved_itself_goes_on_to_wait_longer():
    machine = streaming()
    machine.lost(S, "out of reach")
    machine.tick(S)
    machine.found()
    machine.connected(S)
    machine.data(2 * S)

    machine.lost(2 * S, "out of reach")

    assert wait_s(machine, 2 * S) == 0.25


def test_silence_stalls_a_link_and_data_mend_it():
    machine = streaming()

    machine.tick(S // 2, "nothing comes")
    assert (machine.state, machine.reason) == (LinkState.STALLED, "nothing comes")
    machine.data(S)

    assert (machine.state, machine.reason) == (LinkState.STREAMING, "")


def test_a_link_that_stays_silent_is_given_up():
    machine = streaming()
    machine.tick(S // 2)

    machine.tick(4 * S)

    assert machine.state is LinkState.RECONNECTING


def test_a_wire_that_stays_silent_is_kept_for_ever():
    machine = streaming(LinkTimes(dead_after_s=None))
    machine.tick(S)

    machine.tick(3600 * S)

    assert machine.state is LinkState.STALLED
    assert machine.due_ns is None


def test_it_is_connecting_until_it_has_streamed_once():
    machine = LinkMachine(doubling, TIMES)
    machine.found()
    machine.lost(0, "no answer")

    assert machine.state is LinkState.CONNECTING


def test_bluetooth_off_is_told_until_it_is_on_again():
    machine = streaming()

    machine.unavailable("Bluetooth is off.")
    machine.tick(100 * S)
    assert (machine.state, machine.reason) == (LinkState.UNAVAILABLE, "Bluetooth is off.")
    machine.available()

    assert machine.phase is Phase.SEARCHING


@pytest.mark.parametrize("seed", range(5))
def test_waits_of_the_application_stay_within_their_bounds(seed: int):
    machine = LinkMachine(lambda: retry_delays(random.Random(seed)), TIMES)
    machine.found()
    machine.lost(0, "no answer")

    for _ in range(20):
        assert 0.0 < fail_again(machine, S) <= LONGEST_S * (1 + JITTER)


class AnyCourse(RuleBasedStateMachine):
    """Everything that an owner may tell a link, in any order, while time passes."""

    @initialize(dead=st.one_of(st.none(), st.floats(0.5, 5.0)))
    def begin(self, dead: float | None) -> None:
        self.machine = LinkMachine(doubling, LinkTimes(0.5, dead, 5.0))
        self.now_ns = 0
        self.is_connected = False
        self.has_streamed = False
        self.is_stopped = False
        self.lost_ns = 0

    @rule(seconds=st.floats(0.0, 6.0))
    def time_passes(self, seconds: float) -> None:
        self.now_ns += round(seconds * S)
        due_ns, phase = self.machine.due_ns, self.machine.phase
        self.machine.tick(self.now_ns)
        if self.machine.phase is Phase.WAITING and phase is not Phase.WAITING:
            self.lost_ns = self.now_ns
        if due_ns is None or self.now_ns < due_ns:
            assert self.machine.phase is phase
        else:
            assert self.machine.phase is not phase
        self.heed_loss()

    @rule()
    def found(self) -> None:
        self.machine.found()

    @rule()
    def appeared(self) -> None:
        self.machine.appeared()
        self.heed_loss()

    @rule()
    def connected(self) -> None:
        if self.machine.phase is Phase.CONNECTING:
            self.is_connected = self.has_streamed = True
        self.machine.connected(self.now_ns)

    @rule()
    def data(self) -> None:
        self.machine.data(self.now_ns)

    @rule()
    def lost(self) -> None:
        is_first = self.machine.phase in (Phase.STREAMING, Phase.STALLED) and self.machine._waits is None
        self.machine.lost(self.now_ns, "gone")
        self.lost_ns = self.now_ns
        if is_first:
            assert self.machine.due_ns == self.now_ns
        self.heed_loss()

    @rule()
    def unavailable(self) -> None:
        self.machine.unavailable("off")
        self.heed_loss()

    @rule()
    def available(self) -> None:
        self.machine.available()

    @precondition(lambda self: self.machine.phase is not Phase.STOPPED)
    @rule()
    def look_twice(self) -> None:
        """Ask `tick` again at the same moment: it has done all it had to, or one step more that is due now."""
        for _ in range(3):
            self.machine.tick(self.now_ns)
        due_ns = self.machine.due_ns
        assert due_ns is None or due_ns >= self.now_ns
        self.heed_loss()

    @rule(really=st.integers(0, 9))
    def stop(self, really: int) -> None:
        if really == 0:
            self.machine.stop()
            self.is_stopped = True
            self.heed_loss()

    def heed_loss(self) -> None:
        if self.machine.phase not in (Phase.STREAMING, Phase.STALLED):
            self.is_connected = False

    @invariant()
    def it_streams_only_while_it_is_connected(self) -> None:
        if self.machine.phase in (Phase.STREAMING, Phase.STALLED):
            assert self.is_connected

    @invariant()
    def it_is_reconnecting_only_after_it_has_streamed(self) -> None:
        if self.machine.state is LinkState.RECONNECTING:
            assert self.has_streamed

    @invariant()
    def no_wait_ends_before_it_began(self) -> None:
        if self.machine.phase is Phase.WAITING:
            assert self.machine.due_ns is not None
            assert self.machine.due_ns >= self.lost_ns

    @invariant()
    def stopped_is_final(self) -> None:
        assert (self.machine.phase is Phase.STOPPED) == self.is_stopped
        if self.is_stopped:
            assert self.machine.state is LinkState.CLOSED
            assert self.machine.due_ns is None

    @invariant()
    def a_link_that_streams_has_no_complaint(self) -> None:
        if self.machine.phase is Phase.STREAMING:
            assert self.machine.reason == ""


AnyCourse.TestCase.pytestmark = [pytest.mark.timeout(600)]  # type: ignore[attr-defined]
AnyCourse.TestCase.settings = settings(max_examples=N_COURSES, stateful_step_count=40)
TestAnyCourse = AnyCourse.TestCase
