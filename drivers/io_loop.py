"""The one asyncio loop for everything that speaks Bluetooth, in the daemon thread ``bluetooth``.

bleak wants one loop for the life of the process (its docs, "troubleshooting"), away from the window's thread. It starts
when it is first needed and ends with the process, in order: goodbyes are waited for, everything else is cancelled.
"""

import asyncio
import atexit
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

THREAD_NAME = "bluetooth"
FAREWELL_S = 3.5
"""How long the end of the process waits for links to be let go; BlueZ takes 2 s."""
_JOIN_S = 10.0

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_guard = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None
_farewells: set[asyncio.Task[None]] = set()
_at_end: list[Callable[[], Coroutine[Any, Any, None]]] = []


def run(coroutine: Coroutine[Any, Any, _T], timeout_s: float) -> _T:
    """Run a coroutine on the loop and wait for its result; from any thread but the loop's own.

    Parameters
    ----------
    coroutine : coroutine
        Cancelled if it takes too long, or if the waiting thread is interrupted.
    timeout_s : float
        Seconds that it may take.

    Raises
    ------
    TimeoutError
        If it took too long.
    """
    if threading.current_thread() is _thread:
        coroutine.close()
        raise RuntimeError("io_loop.run() waits for its own thread; await the coroutine instead")
    future = asyncio.run_coroutine_threadsafe(coroutine, _running_loop())
    try:
        return future.result(timeout_s)
    finally:
        future.cancel()  # does nothing to what is done


def see_off(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Let a goodbye run by itself, on the loop and called there; `shutdown` waits for it."""
    task = asyncio.get_running_loop().create_task(coroutine)
    _farewells.add(task)
    task.add_done_callback(_farewells.discard)
    return task


def at_end(last_word: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Have `shutdown` await something before the loop ends, once."""
    _at_end.append(last_word)


def shutdown() -> None:
    """End the loop and its thread, and wait for both; the next `run` starts a new one. Idempotent."""
    global _loop, _thread
    with _guard:
        loop, thread = _loop, _thread
        _loop = _thread = None
    if loop is None or thread is None:
        return
    loop.call_soon_threadsafe(loop.stop)
    thread.join(_JOIN_S)
    if thread.is_alive():
        _log.error("the thread %s does not end", THREAD_NAME)


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop, _thread
    with _guard:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            _loop.set_exception_handler(_on_exception)
            _thread = threading.Thread(target=_main, args=(_loop,), name=THREAD_NAME, daemon=True)
            _thread.start()
        return _loop


def _main(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(_wind_up())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def _wind_up() -> None:
    while _at_end:
        see_off(_at_end.pop()())
    if _farewells:
        await asyncio.wait(set(_farewells), timeout=FAREWELL_S)
    # bleak watches its bus in a task of its own, which must not be left to the garbage collector
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=FAREWELL_S)


def _on_exception(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.error("in the thread %s: %s", THREAD_NAME, context["message"], exc_info=context.get("exception"))


atexit.register(shutdown)
