"""The one loop for Bluetooth: any thread may use it, nothing hangs on it, and it ends without a word."""

import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest

from drivers import io_loop


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    io_loop.shutdown()


async def thread_name() -> str:
    return threading.current_thread().name


async def forever() -> None:
    await asyncio.Event().wait()


def test_everything_runs_on_one_thread_of_its_own():
    assert {io_loop.run(thread_name(), 1.0) for _ in range(3)} == {io_loop.THREAD_NAME}


def test_what_takes_too_long_is_given_up_and_cancelled():
    cancelled = threading.Event()

    async def stubborn() -> None:
        try:
            await forever()
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        io_loop.run(stubborn(), 0.01)
    assert cancelled.wait(1.0)


def test_its_own_thread_may_not_wait_for_itself():
    async def ask() -> None:
        io_loop.run(thread_name(), 1.0)

    with pytest.raises(RuntimeError, match="its own thread"):
        io_loop.run(ask(), 1.0)


def test_the_end_waits_for_goodbyes_and_cancels_the_rest():
    done = []

    async def say_goodbye() -> None:
        await asyncio.sleep(0.05)
        done.append("goodbye")

    async def work() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            done.append("cancelled")
            raise

    async def begin() -> None:
        io_loop.see_off(say_goodbye())
        tasks.add(asyncio.get_running_loop().create_task(work()))

    tasks: set[asyncio.Task[None]] = set()
    io_loop.run(begin(), 1.0)
    io_loop.shutdown()

    assert done == ["goodbye", "cancelled"]
    assert io_loop.THREAD_NAME not in {thread.name for thread in threading.enumerate()}


def test_it_can_be_ended_twice_and_begun_again():
    io_loop.run(thread_name(), 1.0)
    io_loop.shutdown()
    io_loop.shutdown()

    assert io_loop.run(thread_name(), 1.0) == io_loop.THREAD_NAME


def test_what_nobody_catches_on_the_loop_is_logged(caplog: pytest.LogCaptureFixture):
    async def begin() -> None:
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)

    with caplog.at_level(logging.ERROR):
        io_loop.run(begin(), 1.0)
        io_loop.shutdown()

    assert "ZeroDivisionError" in caplog.text
