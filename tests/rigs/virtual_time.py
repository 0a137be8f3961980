"""An asyncio loop whose clock jumps to the next deadline instead of waiting for it: an hour of radio in a minute."""

import asyncio
import selectors
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest


class _JumpingSelector(selectors.BaseSelector):
    """Waits for other threads and for sockets as ever, but not for time."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return self._real.select(None)
        ready = self._real.select(0)
        if not ready:
            self.now_s += max(0.0, timeout)
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop on virtual time, which begins at 0 s and passes only while nothing else is to be done."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds."""
        return self._jumping.now_s

    def perf_counter_ns(self) -> int:
        """The same time in nanoseconds, for whoever asks `time.perf_counter_ns`."""
        return round(self._jumping.now_s * 1e9)

    def rule(self, monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
        """Let the clock of these modules be this loop's."""
        for module in modules:
            monkeypatch.setattr(f"{module}.time", SimpleNamespace(perf_counter_ns=self.perf_counter_ns))
