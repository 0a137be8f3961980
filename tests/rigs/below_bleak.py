"""How a rig takes the place of bleak's own backend, so that bleak's front end and all of ours run above it."""

from typing import Any, Self

import pytest
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner


class PlainClient(BaseBleakClient):
    """What no rig needs of a client: pairing and descriptors."""

    @property
    def name(self) -> str:
        return self.address

    async def pair(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError

    async def read_gatt_descriptor(self, *_: Any, **__: Any) -> bytearray:
        raise NotImplementedError

    async def write_gatt_descriptor(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError


class _NobodyLeftOver(BaseBleakAdapter):
    """An adapter to which nothing is connected before we connect."""

    @classmethod
    async def get(cls, **_: Any) -> Self:
        return cls()

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        return []


def put_below_bleak(
    monkeypatch: pytest.MonkeyPatch, air: object, *, client: type[BaseBleakClient], scanner: type[BaseBleakScanner]
) -> None:
    """Let bleak make these from now on; both find `air` as an attribute of their own."""
    backends: dict[str, type] = {"client": client, "scanner": scanner, "adapter": _NobodyLeftOver}
    for kind, base in backends.items():
        backend = type(base.__name__, (base,), {"air": air})
        monkeypatch.setattr(f"bleak.get_platform_{kind}_backend_type", lambda backend=backend: (backend, "rig"))
