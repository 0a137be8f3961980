"""What every driver promises, as checks that need no test framework; for plugin authors too.

One call in a test holds a driver to all of it::

    def test_my_driver_keeps_the_promises_of_a_driver():
        conformance.check(lambda: registry.create("mine:PORT"))

The source behind ``make_driver`` must bring a few blocks by itself: a fake port, a recording, a simulated device.
"""

import itertools
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from drivers import io_loop
from drivers.base import Driver
from drivers.errors import DriverError, SourceUriError
from drivers.types import DeviceInfo, LinkState, SampleBlock, StreamInfo

MakeDriver = Callable[[], Driver]

SCAN_TIMEOUT_S = 0.5
SCAN_GRACE_S = 1.0
QUIET_S = 0.1
"""How long nothing may arrive after ``stop`` has returned."""


class BrokenPromiseError(AssertionError):
    """A driver does not do what every driver does; the message is one sentence that says what."""


class Witness:
    """A listener that keeps everything, and on which one can wait."""

    def __init__(self) -> None:
        self.blocks: list[SampleBlock] = []
        self.states: list[tuple[str, LinkState, str]] = []
        self.threads: set[int] = set()
        self.watched = threading.Condition()

    def on_block(self, block: SampleBlock) -> None:
        """Keep a block."""
        with self.watched:
            self.blocks.append(block)
            self.threads.add(threading.get_ident())
            self.watched.notify_all()

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        """Keep a change of state."""
        with self.watched:
            self.states.append((stream_id, state, reason))
            self.watched.notify_all()

    def closed(self) -> list[str]:
        """Streams that were reported closed, in the order of the reports."""
        return [stream_id for stream_id, state, _ in self.states if state is LinkState.CLOSED]

    def wait_for_blocks(self, n_blocks: int, timeout_s: float) -> bool:
        """Wait until `n_blocks` have come; False after `timeout_s` or once a stream was reported closed."""
        with self.watched:
            self.watched.wait_for(lambda: len(self.blocks) >= n_blocks or bool(self.closed()), timeout_s)
            return len(self.blocks) >= n_blocks

    def wait_until_closed(self, n_streams: int, timeout_s: float) -> bool:
        """Wait until `n_streams` were reported closed; False after `timeout_s`."""
        with self.watched:
            return self.watched.wait_for(lambda: len(self.closed()) >= n_streams, timeout_s)


def check(make_driver: MakeDriver, *, n_blocks: int = 20, timeout_s: float = 10.0) -> None:
    """Hold a driver to everything that all drivers promise.

    Parameters
    ----------
    make_driver : callable
        Makes a new driver for the same source each time.
    n_blocks : int
        Blocks to look at; a source that ends earlier is looked at to its end.
    timeout_s : float
        How long they may take.

    Raises
    ------
    BrokenPromiseError
        For the first promise that is not kept.
    """
    check_scan(make_driver)
    check_refuses_unknown_options(make_driver)
    check_may_be_closed_at_any_time(make_driver)
    check_stream_ids_last(make_driver)
    check_flow(make_driver, n_blocks=n_blocks, timeout_s=timeout_s)


def check_scan(make_driver: MakeDriver) -> None:
    """Hold `scan` to its time, to what it returns, and to leaving no thread behind."""
    kind = type(make_driver())
    before = set(threading.enumerate())
    began_ns = time.perf_counter_ns()
    found: Sequence[object] = kind.scan(SCAN_TIMEOUT_S)
    took_s = (time.perf_counter_ns() - began_ns) * 1e-9
    if took_s > SCAN_TIMEOUT_S + SCAN_GRACE_S:
        raise BrokenPromiseError(f"scan({SCAN_TIMEOUT_S:g}) took {took_s:.1f} s; it must end with its timeout.")
    for item in found:
        if not isinstance(item, DeviceInfo) or item.uri.partition(":")[0] not in kind.schemes:
            raise BrokenPromiseError(f"scan() found {item!r}; it must be a DeviceInfo with a URI of this driver.")
    new = {thread for thread in set(threading.enumerate()) - before if thread.is_alive()}
    left = [
        thread.name for thread in new if thread.name != io_loop.THREAD_NAME
    ]  # that one lives as long as the process
    if left:
        raise BrokenPromiseError(f"scan() left the thread {left[0]!r} running; it must open nothing.")


def check_refuses_unknown_options(make_driver: MakeDriver) -> None:
    """Hold the constructor to refusing what it does not know, by name."""
    driver = make_driver()
    wrong = replace(driver.uri, options={**driver.uri.options, "no_such_option": "1"})
    try:
        type(driver)(wrong)
    except SourceUriError as error:
        if "no_such_option" not in error.sentence:
            raise BrokenPromiseError(f"the refusal '{error.sentence}' does not name the unknown option.") from None
    else:
        raise BrokenPromiseError("an unknown option was taken; the constructor must raise SourceUriError.")


def check_may_be_closed_at_any_time(make_driver: MakeDriver) -> None:
    """Hold `close` to working before `open`, before `start`, and twice."""
    for name, ready in (("before open", False), ("before start", True)):
        driver = make_driver()
        try:
            if ready:
                driver.open(Witness())
            driver.close()
            driver.close()
        except Exception as error:
            raise BrokenPromiseError(
                f"close() {name} raised {error!r}; it must work at any time, twice too."
            ) from error


def check_stream_ids_last(make_driver: MakeDriver) -> None:
    """Hold `open` to bringing streams with names of their own, and the same ones next time."""
    opened = []
    for _ in range(2):
        driver = make_driver()
        try:
            opened.append([stream.stream_id for stream in _open(driver, Witness())])
        finally:
            driver.close()
    if opened[0] != opened[1]:
        raise BrokenPromiseError(f"the streams were {opened[0]}, and {opened[1]} when opened again; they must stay.")


def check_flow(make_driver: MakeDriver, *, n_blocks: int = 20, timeout_s: float = 10.0) -> None:
    """Hold a run from `open` to `close` to the shape, numbering and order of blocks and states."""
    driver, witness = make_driver(), Witness()
    try:
        streams = _open(driver, witness)
        if witness.blocks:
            raise BrokenPromiseError("a block arrived before start().")
        driver.start()
        enough = witness.wait_for_blocks(n_blocks, timeout_s)
        if not enough and not (witness.blocks and witness.closed()):
            raise BrokenPromiseError(f"{len(witness.blocks)} of {n_blocks} blocks arrived within {timeout_s:g} s.")
        driver.stop()
        n_before = len(witness.blocks)
        with witness.watched:
            witness.watched.wait_for(lambda: len(witness.blocks) > n_before, QUIET_S)
        driver.close()
        driver.close()
        if not witness.wait_until_closed(len(streams), timeout_s):
            raise BrokenPromiseError("not every stream was reported closed after stop() and close().")
    except DriverError as error:
        raise BrokenPromiseError(f"an ordinary run raised {error!r}.") from error
    finally:
        driver.close()
    if len(witness.blocks) != n_before:
        raise BrokenPromiseError("a block arrived after stop() had returned.")
    if threading.get_ident() in witness.threads:
        raise BrokenPromiseError("blocks came on the thread that called start(); they must come on the driver's own.")
    _check_states(witness, streams)
    _check_blocks(witness.blocks, streams)


def _open(driver: Driver, witness: Witness) -> Sequence[StreamInfo]:
    streams = driver.open(witness)
    if not streams:
        raise BrokenPromiseError("open() brought no stream.")
    names = [stream.stream_id for stream in streams]
    if len(set(names)) != len(names):
        raise BrokenPromiseError(f"open() brought streams of the same name: {names}.")
    for stream in streams:
        n_channels = len(stream.ch_names)
        if not n_channels or len(set(stream.ch_names)) != n_channels:
            raise BrokenPromiseError(f"{stream.stream_id}: channels need names of their own, not {stream.ch_names}.")
        if not 0.0 < stream.sfreq < math.inf:
            raise BrokenPromiseError(f"{stream.stream_id}: sfreq is {stream.sfreq}; it must be a number above zero.")
        if stream.lsb is not None and (len(stream.lsb) != n_channels or min(stream.lsb) <= 0.0):
            raise BrokenPromiseError(f"{stream.stream_id}: lsb needs one number above zero per channel.")
    return streams


def _check_states(witness: Witness, streams: Sequence[StreamInfo]) -> None:
    for stream in streams:
        states = [state for stream_id, state, _ in witness.states if stream_id == stream.stream_id]
        if states.count(LinkState.CLOSED) != 1 or states[-1] is not LinkState.CLOSED:
            raise BrokenPromiseError(f"{stream.stream_id}: the states were {states}; CLOSED comes once, and last.")
        if LinkState.STREAMING not in states:
            raise BrokenPromiseError(f"{stream.stream_id}: the states were {states}; STREAMING was never reported.")
    strange = {stream_id for stream_id, _, _ in witness.states} - {stream.stream_id for stream in streams}
    if strange:
        raise BrokenPromiseError(f"a state was reported of {strange}, which open() did not bring.")


def _check_blocks(blocks: Sequence[SampleBlock], streams: Sequence[StreamInfo]) -> None:
    by_stream: dict[str, list[SampleBlock]] = defaultdict(list)
    for block in blocks:
        by_stream[block.stream_id].append(block)
    known = {stream.stream_id: stream for stream in streams}
    for stream_id, own in by_stream.items():
        if stream_id not in known:
            raise BrokenPromiseError(f"a block came of {stream_id!r}, which open() did not bring.")
        for block in own:
            _check_block(block, known[stream_id])
        for before, block in itertools.pairwise(own):
            _check_succession(before, block)


def _check_block(block: SampleBlock, stream: StreamInfo) -> None:
    samples, where = block.samples, f"{stream.stream_id}, block at {block.first_index}"
    if samples.dtype != np.float32 or samples.ndim != 2:
        raise BrokenPromiseError(f"{where}: samples are {samples.ndim}-D {samples.dtype}; they must be 2-D float32.")
    if samples.shape[0] < 1 or samples.shape[1] != len(stream.ch_names):
        raise BrokenPromiseError(
            f"{where}: the shape is {samples.shape}; it must be (1 or more, {len(stream.ch_names)}), time first."
        )
    if np.isinf(samples).any():
        raise BrokenPromiseError(f"{where}: a sample is infinite; a missing sample is NaN.")
    if block.n_lost < 0 or block.first_index < block.n_lost:
        raise BrokenPromiseError(f"{where}: n_lost is {block.n_lost}, more than the epoch had room for.")


def _check_succession(before: SampleBlock, block: SampleBlock) -> None:
    where = f"{block.stream_id}, block at {block.first_index} of epoch {block.epoch}"
    if block.arrival_ns < before.arrival_ns:
        raise BrokenPromiseError(f"{where}: it arrived before the block that was handed over before it.")
    if block.epoch < before.epoch:
        raise BrokenPromiseError(f"{where}: the epoch fell from {before.epoch}; it only grows.")
    if block.epoch > before.epoch:
        return
    due = before.first_index + before.n_samples
    if block.first_index < due:
        raise BrokenPromiseError(f"{where}: sample numbers must grow; {due} was next.")
    if block.first_index - due != block.n_lost:
        raise BrokenPromiseError(
            f"{where}: n_lost is {block.n_lost}, but {block.first_index - due} sample numbers were left out."
        )
