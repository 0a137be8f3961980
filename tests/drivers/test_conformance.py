"""The conformance suite passes honest drivers and names the promise that a dishonest one breaks."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from drivers import conformance
from drivers.base import Driver, DriverListener
from drivers.conformance import BrokenPromiseError
from drivers.types import DeviceInfo, Isolation, LinkState, SampleBlock, StreamInfo
from drivers.uri import SourceUri, parse_uri

STREAM = StreamInfo("honest-1", 100.0, ("left", "right"), lsb=(1e-6, 1e-6))
BLOCKS = [
    SampleBlock("honest-1", np.zeros((5, 2), np.float32), 0, 0, 50),
    SampleBlock("honest-1", np.zeros((5, 2), np.float32), 5, 0, 100),
    SampleBlock("honest-1", np.zeros((5, 2), np.float32), 15, 0, 200, n_lost=5),
    SampleBlock("honest-1", np.zeros((5, 2), np.float32), 0, 1, 300),
]


class HonestDriver(Driver):
    """Hands over `BLOCKS` on a thread of its own, and ends."""

    name: ClassVar[str] = "Honest"
    schemes: ClassVar[tuple[str, ...]] = ("honest",)
    isolation: ClassVar[Isolation] = "unknown"
    streams: ClassVar[list[StreamInfo]] = [STREAM]
    blocks: ClassVar[list[SampleBlock]] = BLOCKS

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        uri.refuse_unknown_options(())
        self.thread: threading.Thread | None = None
        self.listener: DriverListener | None = None

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        return [DeviceInfo("honest:1", "Honest")]

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        self.listener = listener
        return self.streams

    def start(self) -> None:
        self.thread = threading.Thread(target=self.flow)
        self.thread.start()

    def stop(self) -> None:
        if self.thread is not None:
            self.thread.join()

    def close(self) -> None:
        self.stop()

    def flow(self) -> None:
        assert self.listener is not None
        self.listener.on_state("honest-1", LinkState.STREAMING, "")
        for block in self.blocks:
            self.listener.on_block(block)
        self.listener.on_state("honest-1", LinkState.CLOSED, "")


def maker(kind: type[Driver]) -> Callable[[], Driver]:
    return lambda: kind(parse_uri("honest:1", ("honest",)))


def with_blocks(*blocks: SampleBlock) -> type[Driver]:
    return type("WithBlocks", (HonestDriver,), {"blocks": list(blocks)})


def with_streams(*streams: StreamInfo) -> type[Driver]:
    return type("WithStreams", (HonestDriver,), {"streams": list(streams)})


def test_an_honest_driver_passes():
    conformance.check(maker(HonestDriver))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (with_streams(), "brought no stream"),
        (with_streams(STREAM, STREAM), "streams of the same name"),
        (with_streams(replace(STREAM, ch_names=("left", "left"))), "channels need names of their own"),
        (with_streams(replace(STREAM, lsb=(1e-6,))), "one number above zero per channel"),
        (with_streams(replace(STREAM, sfreq=0.0)), "must be a number above zero"),
        (with_blocks(replace(BLOCKS[0], samples=np.zeros((5, 2)))), "must be 2-D float32"),  # type: ignore[arg-type]
        (with_blocks(replace(BLOCKS[0], samples=np.zeros(5, np.float32))), "must be 2-D float32"),
        (with_blocks(replace(BLOCKS[0], samples=np.zeros((2, 5), np.float32))), "time first"),
        (with_blocks(replace(BLOCKS[0], samples=np.full((5, 2), np.inf, np.float32))), "missing sample is NaN"),
        (with_blocks(replace(BLOCKS[0], stream_id="other")), r"which open\(\) did not bring"),
        (with_blocks(BLOCKS[0], BLOCKS[0]), "sample numbers must grow"),
        (with_blocks(BLOCKS[0], replace(BLOCKS[2], n_lost=0)), "but 10 sample numbers were left out"),
        (with_blocks(BLOCKS[0], replace(BLOCKS[1], arrival_ns=49)), "arrived before the block"),
        (with_blocks(BLOCKS[3], replace(BLOCKS[1], arrival_ns=400)), "it only grows"),
        (with_blocks(replace(BLOCKS[0], n_lost=1)), "more than the epoch had room for"),
    ],
)
def test_a_wrong_stream_or_block_is_named(kind, sentence):
    with pytest.raises(BrokenPromiseError, match=sentence):
        conformance.check(maker(kind))


def test_a_block_after_stop_is_named():
    n_blocks = 3
    released = threading.Event()

    class LateByOne(HonestDriver):
        def flow(self) -> None:
            assert self.listener is not None
            self.listener.on_state("honest-1", LinkState.STREAMING, "")
            for index in range(n_blocks):
                self.listener.on_block(replace(BLOCKS[0], first_index=5 * index))
            released.wait(10.0)
            self.listener.on_block(replace(BLOCKS[0], first_index=5 * n_blocks))
            self.listener.on_state("honest-1", LinkState.CLOSED, "")

        def stop(self) -> None:
            released.set()

    with pytest.raises(BrokenPromiseError, match="after stop"):
        conformance.check_flow(maker(LateByOne), n_blocks=n_blocks)


def test_a_source_that_stays_silent_is_named():
    class Silent(HonestDriver):
        def flow(self) -> None:
            pass

    with pytest.raises(BrokenPromiseError, match="0 of 20 blocks arrived"):
        conformance.check_flow(maker(Silent), timeout_s=0.05)


def test_blocks_on_the_thread_of_the_caller_are_named():
    class Borrowing(HonestDriver):
        def start(self) -> None:
            self.flow()

    with pytest.raises(BrokenPromiseError, match="on the driver's own"):
        conformance.check(maker(Borrowing))


@pytest.mark.parametrize("n_closed", [0, 2])
def test_a_stream_that_does_not_close_once_is_named(n_closed):
    class Unclosed(HonestDriver):
        def flow(self) -> None:
            assert self.listener is not None
            self.listener.on_state("honest-1", LinkState.STREAMING, "")
            for block in self.blocks:
                self.listener.on_block(block)
            for _ in range(n_closed):
                self.listener.on_state("honest-1", LinkState.CLOSED, "")

    with pytest.raises(BrokenPromiseError, match=r"CLOSED comes once|reported closed"):
        conformance.check_flow(maker(Unclosed), n_blocks=4, timeout_s=0.05)


def test_a_driver_that_takes_any_option_is_named():
    class Careless(HonestDriver):
        def __init__(self, uri: SourceUri) -> None:
            super().__init__(replace(uri, options={}))
            self.uri = uri

    with pytest.raises(BrokenPromiseError, match="unknown option was taken"):
        conformance.check(maker(Careless))


def test_a_driver_that_cannot_be_closed_before_it_is_open_is_named():
    class Hasty(HonestDriver):
        def close(self) -> None:
            assert self.listener is not None

    with pytest.raises(BrokenPromiseError, match="before open"):
        conformance.check(maker(Hasty))


def test_a_scan_that_leaves_a_thread_behind_is_named():
    done = threading.Event()

    class Nosy(HonestDriver):
        @classmethod
        def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
            threading.Thread(target=done.wait, args=(10.0,), name="nosy").start()
            return []

    with pytest.raises(BrokenPromiseError, match="'nosy' running"):
        conformance.check(maker(Nosy))
    done.set()


def test_a_scan_that_finds_what_it_cannot_open_is_named():
    class Boastful(HonestDriver):
        @classmethod
        def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
            return [DeviceInfo("other:1", "Other")]

    with pytest.raises(BrokenPromiseError, match="a URI of this driver"):
        conformance.check(maker(Boastful))
