"""OpenSignals (BITalino, biosignalsplux) recordings as text: a line of JSON, then raw counts between tabs. Pure.

Several devices stand side by side in one line; each is its own stream. BITalino counts its samples to 15, which tells
how many are missing as long as they are fewer; the counter of biosignalsplux runs on.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from drivers.errors import SourceFormatError
from drivers.replay.formats.grid import Segment, cut_blocks, end_index, in_memory
from drivers.replay.formats.recording import distinct_names
from drivers.replay.formats.text_tables import read_numbers, text_of
from drivers.types import Carried, Float32Array, SampleBlock, StreamInfo

_BITALINO_WRAP: Final = 16
_LONGEST_GAP_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class _Device:
    stream: StreamInfo
    samples: Float32Array
    segments: tuple[Segment, ...]


class OpenSignalsText:
    """A text file of OpenSignals, held in memory; see `drivers.replay.formats.recording.Recording`."""

    def __init__(self, devices: Sequence[_Device], carried: Carried) -> None:
        self.streams = tuple(device.stream for device in devices)
        self.carried = carried
        self.duration_s = max(end_index(device.segments) / device.stream.sfreq for device in devices)
        self._devices = devices

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield blocks of `block_s` seconds, of all devices in order of time."""
        each = [
            cut_blocks(
                device.stream,
                device.segments,
                in_memory(device.samples),
                block_s,
            )
            for device in self._devices
        ]
        yield from heapq.merge(*each, key=lambda block: (block.arrival_ns, block.stream_id))

    def close(self) -> None:
        """Nothing to let go of: the file was closed after reading."""


def open_opensignals_text(path: Path, raw: bytes, *, rate: float | None, notes: list[str]) -> OpenSignalsText:
    """Read a text file of OpenSignals.

    Parameters
    ----------
    path : Path
        Names the stream and the file in sentences.
    raw : bytes
        Content of the file.
    rate : float or None
        Samples per second, where the user says so; goes before the file's own.
    notes : list of str
        What is known to be told about the file.

    Returns
    -------
    OpenSignalsText
        One stream a device; ``unit`` is counts, ``full_scale`` the largest code of the converter.

    Raises
    ------
    SourceFormatError
        With what is wrong and the remedy.
    """
    lines = text_of(path, raw)
    heading = [line for line in lines[:64] if line.startswith("#")]
    n_heading = len(heading)
    try:
        said = msgspec.json.decode(
            next(line.lstrip("# ") for line in heading if line.lstrip("# ").startswith("{")),
            type=dict[str, dict[str, Any]],
        )
        widths = [len(device["column"]) for device in said.values()]
        starts = [sum(widths[:i]) for i in range(len(widths))]
        table = read_numbers(
            path,
            lines[n_heading:],
            delimiter="\t",
            columns=list(range(sum(widths))),
            n_before=n_heading,
            notes=notes,
        )
        devices = [
            _device(path, name, device, table[:, start : start + width], rate, len(said))
            for (name, device), start, width in zip(said.items(), starts, widths, strict=True)
        ]
        utc_ns = _start(next(iter(said.values())))
    except (StopIteration, msgspec.DecodeError, KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise SourceFormatError(
            f"'{path}': the heading of OpenSignals is damaged or does not fit the numbers; export it again.",
            f"{type(error).__name__}: {error}",
        ) from None
    return OpenSignalsText(devices, Carried(notes=tuple(notes), utc_ns=utc_ns))


def _device(
    path: Path, name: str, said: Mapping[str, Any], table: npt.NDArray[np.float64], rate: float | None, n_devices: int
) -> _Device:
    columns = [str(column) for column in said["column"]]
    labels = [str(label) for label in said.get("label") or said["channels"]]
    sensors = [str(sensor) for sensor in said.get("sensor", [])]
    n_channels = len(labels)
    if not 1 <= n_channels <= len(columns):
        raise ValueError("no channel")
    sfreq = float(rate or said["sampling rate"])
    if not 0 < sfreq < 1e6:
        raise ValueError(f"sampling rate {sfreq}")
    resolution = [int(bits) for bits in said.get("resolution", [])]
    bits = set(resolution[-n_channels:])
    samples = table[:, -n_channels:].astype(np.float32)
    samples[~np.isfinite(samples)] = np.nan
    samples.flags.writeable = False
    stream = StreamInfo(
        stream_id=f"file:{path}" if n_devices == 1 else f"file:{path}#{name}",
        sfreq=sfreq,
        ch_names=distinct_names(
            [" ".join(filter(None, pair)) for pair in zip(sensors, labels, strict=True)]
            if len(sensors) == n_channels
            else labels
        ),
        unit="counts",
        lsb=None if said.get("convertedValues") else (1.0,) * n_channels,
        full_scale=2.0 ** bits.pop() - 1 if len(bits) == 1 and not said.get("convertedValues") else None,
    )
    counts_to_15 = len(resolution) > n_channels and resolution[0] == 4
    counter = table[:, 0] if columns[0].lower() == "nseq" else None
    return _Device(stream, samples, tuple(_segments(counter, len(table), counts_to_15, sfreq)))


def _segments(
    counter: npt.NDArray[np.float64] | None, n_rows: int, counts_to_15: bool, sfreq: float
) -> Iterator[Segment]:
    start, first_index, n_before = 0, 0, 0
    if counter is not None:
        steps = np.diff(counter)
        lost = (steps - 1) % _BITALINO_WRAP if counts_to_15 else steps - 1
        for row in np.flatnonzero((lost > 0) & (lost < _LONGEST_GAP_S * sfreq)).tolist():
            n_lost = int(lost[row])
            yield Segment(start, row + 1, first_index, n_before)
            first_index += row + 1 - start + n_lost
            start, n_before = row + 1, n_lost
    yield Segment(start, n_rows, first_index, n_before)


def _start(said: Mapping[str, Any]) -> int | None:
    """When the first device began, its local time taken as UTC; None if it does not say."""
    try:
        start = datetime.strptime(f"{said['date']} {said['time']}", "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return None
    return round(start.timestamp() * 1e6) * 1000
