"""Makes XDF files byte by byte (XDF specification 1.0)."""

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BOUNDARY = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
_CODES = {"float32": "<f4", "double64": "<f8", "int16": "<i2", "int32": "<i4"}


def chunk(tag: int, content: bytes) -> bytes:
    body = struct.pack("<H", tag) + content
    return b"\x04" + struct.pack("<I", len(body)) + body


def header(
    number: int,
    *,
    kind: str,
    rate: float,
    labels: Sequence[str],
    units: Sequence[str] = (),
    form: str = "float32",
    name: str = "unit",
) -> bytes:
    channels = "".join(
        f"<channel><label>{label}</label><unit>{unit}</unit></channel>"
        for label, unit in zip(labels, units or [""] * len(labels), strict=True)
    )
    described = f"<desc><channels>{channels}</channels></desc>" if units else "<desc/>"
    xml = (
        f'<?xml version="1.0"?><info><name>{name}</name><type>{kind}</type><channel_count>{len(labels)}</channel_count>'
        f"<nominal_srate>{rate}</nominal_srate><channel_format>{form}</channel_format>"
        f"<created_at>0</created_at>{described}</info>"
    )
    return chunk(2, struct.pack("<I", number) + xml.encode())


def samples(number: int, times: Sequence[float], rows: npt.NDArray[np.float64], form: str = "float32") -> bytes:
    content = struct.pack("<I", number) + b"\x04" + struct.pack("<I", len(times))
    for at, row in zip(times, rows, strict=True):
        content += b"\x08" + struct.pack("<d", at) + row.astype(_CODES[form]).tobytes()
    return chunk(3, content)


def texts(number: int, marks: Sequence[tuple[float, str]]) -> bytes:
    content = struct.pack("<I", number) + b"\x04" + struct.pack("<I", len(marks))
    for at, text in marks:
        raw = text.encode()
        content += b"\x08" + struct.pack("<d", at) + b"\x01" + bytes([len(raw)]) + raw
    return chunk(3, content)


def clock(number: int, at: float, offset: float) -> bytes:
    return chunk(4, struct.pack("<Idd", number, at, offset))


def footer(number: int) -> bytes:
    return chunk(6, struct.pack("<I", number) + b"<info><clock_offsets/></info>")


def make(*chunks: bytes) -> bytes:
    return b"XDF:" + chunk(1, b'<?xml version="1.0"?><info><version>1.0</version></info>') + b"".join(chunks)
