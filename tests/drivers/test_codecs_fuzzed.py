"""Whatever bytes a codec is fed, it goes on, and gives samples of the width of its frames alone."""

import os
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from drivers.bitalino.protocol import BitalinoCodec
from drivers.chords.boards import BOARDS
from drivers.chords.npg_protocol import NpgCodec
from drivers.chords.protocol import ChordsCodec
from drivers.codec import Codec
from drivers.myoware.protocol import ReadingCodec
from drivers.openbci.cyton_protocol import CytonCodec
from drivers.openbci.ganglion_protocol import Ganglion2Codec, Ganglion3Codec
from drivers.spikerbox.protocol import SpikerBoxCodec
from drivers.text.protocol import LineParser
from drivers.umyo.base_protocol import UMyoBaseCodec
from drivers.umyo.protocol import LevelCodec, UMyoCodec

FULL = "GLUTEWAKE_FULL" in os.environ
N_FEEDS = 100_000 if FULL else 2_000
pytestmark = pytest.mark.timeout(3600 if FULL else 60)

CODECS: dict[str, tuple[Callable[[], Codec], int | None, bytes]] = {
    "text": (LineParser, None, b"a:512,b:513\r\n512,513\n-1.5e3;2\n"),
    "myoware": (lambda: ReadingCodec(is_raw=True), 1, b"512.00"),
    "chords": (lambda: ChordsCodec(BOARDS["UNO-R3"], 6, 250.0), 6, bytes.fromhex("c77c0002b000ff02ff039801ff01ff01")),
    "npg": (lambda: NpgCodec(3), 3, b"".join(bytes([n, 8, 0, 8, 1, 7, 255]) for n in range(10))),
    "bitalino": (lambda: BitalinoCodec(2, 1000.0), 2, bytes.fromhex("fffec307fffec314fffec321")),
    "cyton": (CytonCodec, 8, bytes.fromhex("a02a000000000001ffffff7fffff80000001e240fe1dc00003e8000000002000c0")),
    "ganglion 3": (Ganglion3Codec, 4, bytes.fromhex("64800031e84e7a12d6e3781e2722496819bd7d49")),
    "ganglion 2": (Ganglion2Codec, 4, bytes.fromhex("00800031e84e7a12d6e3781e2722496819bd7d49")),
    "umyo": (UMyoCodec, 1, bytes.fromhex("10000000") + bytes(range(48))),
    "umyo levels": (LevelCodec, 1, bytes(range(17))),
    "umyo base": (
        lambda: UMyoBaseCodec(["AABBCCDD"]),
        1,
        bytes.fromhex(
            "4fd53c053eaabbccdd5800c86500070064ff9c00030004000500060007fff8000100020003000400640000000000000000000003e8"
            "000000000000000a0014001e"
        ),
    ),
    "spikerbox": (lambda: SpikerBoxCodec(2, 14), 2, bytes.fromhex("c0004001ffff010180ff") + b"BRD:0;" + b"\xc0\0@\1"),
}


def bytes_of(chance: random.Random, frame: bytes) -> bytes:
    """Noise, whole frames, or frames with something wrong, in any mixture."""
    parts = []
    for _ in range(chance.randrange(1, 6)):
        part = bytearray(frame if chance.random() < 0.7 else chance.randbytes(chance.randrange(70)))
        if part and chance.random() < 0.5:
            part[chance.randrange(len(part))] = chance.randrange(256)
        if part and chance.random() < 0.3:
            del part[chance.randrange(len(part)) :]
        parts.append(bytes(part))
    return b"".join(parts) if chance.random() < 0.8 else parts[0]


@pytest.mark.parametrize("name", CODECS)
def test_no_bytes_break_a_codec_or_make_it_give_anything_but_whole_samples(name):
    make, n_channels, frame = CODECS[name]
    chance = random.Random(name)
    codec, due, now_ns = make(), dict[str, int](), 0
    for _ in range(N_FEEDS):
        if chance.random() < 0.01:
            codec.restart()
            due.clear()
        now_ns += chance.choice((0, 1_000_000, 20_000_000, 2_000_000_000))
        for chunk in codec.feed(bytes_of(chance, frame), now_ns):
            _check(chunk, n_channels, due, now_ns)


def _check(chunk: Any, n_channels: int | None, due: dict[str, int], now_ns: int) -> None:
    assert chunk.samples.dtype == np.float32
    assert chunk.samples.ndim == 2
    assert len(chunk.samples) > 0
    assert chunk.samples.shape[1] == (n_channels or chunk.samples.shape[1])
    assert not np.isinf(chunk.samples).any()
    assert chunk.arrival_ns == now_ns
    assert chunk.n_lost >= 0
    if chunk.unit in due and chunk.first_index:  # a device may begin anew by itself
        assert chunk.first_index - chunk.n_lost == due[chunk.unit]
    due[chunk.unit] = chunk.first_index + len(chunk.samples)
