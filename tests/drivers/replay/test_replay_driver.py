"""The ``file:`` source: order, schedule, end."""

import threading
from pathlib import Path

import numpy as np
import pytest

from drivers import conformance
from drivers.errors import DriverError, SourceNotFoundError, SourceUriError
from drivers.pace import Pace
from drivers.registry import create
from drivers.replay.driver import ReplayDriver
from drivers.types import LinkState, SampleBlock
from drivers.uri import parse_uri


class Listener:
    """Collects what a driver says, and waits for its end."""

    def __init__(self) -> None:
        self.blocks: list[SampleBlock] = []
        self.states: list[tuple[LinkState, str]] = []
        self.closed = threading.Event()
        self.first = threading.Event()

    def on_block(self, block: SampleBlock) -> None:
        assert not self.closed.is_set()
        self.blocks.append(block)
        self.first.set()

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        self.states.append((state, reason))
        if state is LinkState.CLOSED:
            self.closed.set()

    @property
    def samples(self) -> list[float]:
        return [float(value) for block in self.blocks for value in block.samples[:, 0]]


class OversleptClock:
    """A clock that only waiting moves, and always 3 ms too far."""

    def __init__(self) -> None:
        self.now_ns = 7_000_000_000
        self.reached_ns: list[int] = []

    def __call__(self) -> int:
        return self.now_ns

    def wait(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9) + 3_000_000

    def pace(self, speed: float) -> Pace:
        return Pace(speed, clock=self, wait=self.wait)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("# rate_hz=1000\n" + "".join(f"{i}\n" for i in range(100)))
    return tmp_path / "a.csv"


def play(driver: ReplayDriver) -> Listener:
    listener = Listener()
    driver.open(listener)
    driver.start()
    assert listener.closed.wait(10)
    driver.close()
    return listener


def replay(text: str, clock: OversleptClock | None = None) -> ReplayDriver:
    uri = parse_uri(text, ["file"])
    return ReplayDriver(uri) if clock is None else ReplayDriver(uri, pace=clock.pace)


@pytest.mark.parametrize("speed", ["1", "7", "max"])
def test_the_replay_keeps_the_promises_of_a_driver(path: Path, speed: str):
    conformance.check(lambda: create(f"file:{path}?speed={speed}"))


def test_every_sample_comes_once_and_in_order_at_any_speed(path: Path):
    for speed in ("max", "1", "20"):
        listener = play(replay(f"file:{path}?speed={speed}"))
        assert listener.samples == list(range(100))
        assert [state for state, _ in listener.states] == [LinkState.STREAMING, LinkState.CLOSED]


def test_the_stamps_are_the_same_at_any_speed_but_true_speed(path: Path):
    stamps = [[b.arrival_ns for b in play(replay(f"file:{path}?speed={s}")).blocks] for s in ("20", "4.5")]
    assert stamps[0] == stamps[1] == [10_000_000 * k for k in range(1, 11)]


@pytest.mark.parametrize("speed", ["max", "20"])
def test_a_stamp_is_the_end_of_its_block_whatever_its_size(path: Path, speed: str):
    for block in play(replay(f"file:{path}?speed={speed}")).blocks:
        assert block.arrival_ns == 1_000_000 * (block.first_index + block.n_samples)


def test_where_nobody_watches_blocks_are_large(path: Path):
    assert len(play(replay(f"file:{path}?speed=max")).blocks) == 1


def test_at_true_speed_the_stamps_are_on_the_host_clock_and_nothing_drifts(path: Path):
    clock = OversleptClock()
    listener = play(replay(f"file:{path}", clock))
    assert [block.arrival_ns for block in listener.blocks] == [7_000_000_000 + 10_000_000 * k for k in range(1, 11)]
    assert clock.now_ns == 7_000_000_000 + 103_000_000  # overslept once, not ten times


def test_twice_the_speed_takes_half_the_time(path: Path):
    clock = OversleptClock()
    play(replay(f"file:{path}?speed=2", clock))
    assert clock.now_ns == 7_000_000_000 + 53_000_000


def test_only_speed_max_is_unpaced(path: Path):
    assert not replay(f"file:{path}?speed=max").open(Listener())[0].paced
    assert replay(f"file:{path}?speed=4").open(Listener())[0].paced


def test_no_block_arrives_after_stop(path: Path):
    driver, listener = replay(f"file:{path}?speed=0.5"), Listener()
    driver.open(listener)
    driver.start()
    assert listener.first.wait(10)
    driver.stop()
    n_blocks = len(listener.blocks)
    assert listener.states[-1] == (LinkState.CLOSED, "stopped")
    driver.close()
    driver.close()
    assert len(listener.blocks) == n_blocks < 10


def test_a_second_start_plays_from_the_beginning(path: Path):
    driver = replay(f"file:{path}?speed=max")
    assert play(driver).samples == play(driver).samples == list(range(100))


def test_the_user_may_give_the_rate(tmp_path: Path):
    (tmp_path / "a.csv").write_text("1\n2\n")
    assert replay(f"file:{tmp_path}/a.csv?rate=250").open(Listener())[0].sfreq == 250.0


def test_notes_about_the_file_are_carried(tmp_path: Path):
    (tmp_path / "a.csv").write_text("# rate_hz=10\n1,2\n3")
    driver = replay(f"file:{tmp_path}/a.csv")
    driver.open(Listener())
    assert "cut" in driver.carried.notes[0]


def test_a_failing_listener_ends_the_replay_and_says_so(path: Path):
    class Failing(Listener):
        def on_block(self, block: SampleBlock) -> None:
            raise RuntimeError("bug")

    driver, listener = replay(f"file:{path}?speed=max"), Failing()
    driver.open(listener)
    driver.start()
    assert listener.closed.wait(10)
    assert [state for state, _ in listener.states] == [LinkState.STREAMING, LinkState.UNAVAILABLE, LinkState.CLOSED]
    driver.close()


def test_missing_lines_reach_the_listener_as_lost_samples(tmp_path: Path):
    (tmp_path / "a.csv").write_text("time_s,a\n0,1\n0.1,1\n0.2,1\n0.7,1\n0.8,1\n")
    listener = play(replay(f"file:{tmp_path}/a.csv?speed=max"))
    assert [(b.first_index, b.n_lost) for b in listener.blocks] == [(0, 0), (2, 0), (7, 4)]
    assert np.isfinite(listener.samples).all()


@pytest.mark.parametrize("query", ["speed=0", "speed=fast", "rate=0", "rate=x", "baud=9600"])
def test_a_wrong_option_is_refused_before_anything_is_opened(query: str):
    with pytest.raises(SourceUriError, match=query.partition("=")[0]):
        create(f"file:nowhere.csv?{query}")


def test_a_missing_file_is_told_at_open(tmp_path: Path):
    with pytest.raises(SourceNotFoundError):
        create(f"file:{tmp_path}/none.csv").open(Listener())


def test_start_before_open_is_refused(path: Path):
    with pytest.raises(DriverError):
        replay(f"file:{path}").start()
