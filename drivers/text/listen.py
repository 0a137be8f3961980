"""Hearing a Bluetooth unit for a while before its samples are wanted: what it sends is not known from elsewhere."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from drivers.ble_errors import LinkError
from drivers.gatt import GattPeer

_WAIT_S = 0.05


async def listen(peer: GattPeer, uuid: str, is_done: Callable[[bytes, int], bool]) -> None:
    """Hear the notifications of a characteristic until enough is known.

    Parameters
    ----------
    peer : GattPeer
    uuid : str
    is_done : callable
        Takes each notification with the time of its arrival in nanoseconds, or no bytes and the time now when nothing
        came for a while; says whether that is enough, or raises `DriverError`.

    Raises
    ------
    DriverError
        If the link breaks, or what `is_done` raises.
    """
    heard: asyncio.Queue[tuple[bytes, int]] = asyncio.Queue()
    await peer.subscribe(uuid, lambda data, arrival_ns: heard.put_nowait((data, arrival_ns)))
    enough = False
    while not enough:
        data, now_ns = b"", time.perf_counter_ns()
        with contextlib.suppress(TimeoutError):
            data, now_ns = await asyncio.wait_for(heard.get(), _WAIT_S)
        if peer.lost.is_set():
            raise LinkError(f"The link to '{peer.name}' broke; hold it nearer to the computer.")
        enough = is_done(data, now_ns)
    await peer.unsubscribe(uuid)
