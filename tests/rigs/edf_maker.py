"""Makes EDF and BDF files byte by byte, also those that no library would write."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its digital values, and what the header says of them."""

    label: str
    values: npt.NDArray[np.int64]
    n_per_record: int = 10
    unit: str = "uV"
    physical: tuple[str, str] = ("-3276.8", "3276.7")
    digital: tuple[str, str] = ("-32768", "32767")


def make(
    channels: Sequence[Channel],
    *,
    bdf: bool = False,
    plus: str = "",
    onsets: Sequence[float] | None = None,
    notes: Sequence[bytes] = (),
    record_s: str = "0.01",
    n_records: str | None = None,
    date: str = "01.01.85",
    time: str = "00.00.00",
    text_first: bool = False,
) -> bytes:
    """Make a file; `plus` is C or D and brings the text, of `notes` one a record."""
    width = 3 if bdf else 2
    n = len(channels[0].values) // channels[0].n_per_record
    name = "BDF" if bdf else "EDF"
    n_text = 60 if plus else 0
    fields = [(c.label, "", c.unit, *c.physical, *c.digital, "", str(c.n_per_record), "") for c in channels]
    if plus:
        own = (f"{name} Annotations", "", "", "-1", "1", "-32768", "32767", "", str(n_text // width), "")
        fields = [own, *fields] if text_first else [*fields, own]
    head = b"\xffBIOSEMI" if bdf else b"0       "
    for value, size in (
        ("X X X X", 80), ("Startdate X X X X", 80), (date, 8), (time, 8), (str(256 * (len(fields) + 1)), 8),
        (f"{name}+{plus}" if plus else "", 44), (n_records or str(n), 8), (record_s, 8), (str(len(fields)), 4),
    ):  # fmt: skip
        head += value.encode("latin-1").ljust(size)
    for place, size in enumerate(_WIDTHS):
        head += b"".join(row[place].encode("latin-1").ljust(size) for row in fields)
    records = []
    for k in range(n):
        parts = [
            c.values[k * c.n_per_record : (k + 1) * c.n_per_record].astype("<i4").view(np.uint8).reshape(-1, 4)
            for c in channels
        ]
        signal = b"".join(part[:, :width].tobytes() for part in parts)
        if plus:
            onset = onsets[k] if onsets is not None else k * float(record_s)
            text = f"+{onset:.6f}".rstrip("0").rstrip(".").encode() + b"\x14\x14\0"
            tal = (text + (notes[k] if k < len(notes) else b"")).ljust(n_text, b"\0")
            signal = tal + signal if text_first else signal + tal
        records.append(signal)
    return head + b"".join(records)
