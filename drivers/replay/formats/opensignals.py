"""OpenSignals (BITalino, biosignalsplux) recordings: HDF5, one group a device, raw counts. Pure.

Layout: ``/<MAC address>`` with the attributes ``sampling rate``, ``channels`` and ``resolution`` (bits per
channel); ``raw/channel_<n>`` of shape (n_samples, 1) with ``sensor`` and ``label``. Checked on the recordings of
biosignalsnotebooks. ``raw/nSeq`` is left alone: it saturates at 65535 in longer recordings.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from drivers.errors import SourceFormatError
from drivers.replay.formats.grid import ReadAhead, Segment, cut_blocks
from drivers.replay.formats.opensignals_check import check_readable
from drivers.replay.formats.recording import distinct_names
from drivers.types import Carried, Float32Array, SampleBlock, StreamInfo

_DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What h5py raises, and what absent or odd attributes lead to, when a file is damaged."""


@dataclass(frozen=True, slots=True)
class _Device:
    stream: StreamInfo
    datasets: tuple[h5py.Dataset, ...]
    n_samples: int


class OpenSignalsRecording:
    """An OpenSignals file; samples are read when their turn comes."""

    def __init__(self, path: Path, file: h5py.File, devices: tuple[_Device, ...]) -> None:
        self.streams = tuple(device.stream for device in devices)
        self.carried = Carried()
        self.duration_s = max(device.n_samples / device.stream.sfreq for device in devices)
        self._path = path
        self._file = file
        self._devices = devices

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield blocks of `block_s` seconds, of all devices in order of time."""
        each = [
            cut_blocks(device.stream, [Segment(0, device.n_samples)], _reader(device), block_s)
            for device in self._devices
        ]
        try:
            yield from heapq.merge(*each, key=lambda block: (block.arrival_ns, block.stream_id))
        except _DAMAGE as error:
            raise _damaged(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _reader(device: _Device) -> ReadAhead:
    def read(start: int, stop: int) -> Float32Array:
        parts = [np.asarray(data[start:stop]).reshape(stop - start) for data in device.datasets]
        return np.stack(parts, axis=1).astype(np.float32)

    return ReadAhead(read, device.n_samples)


def open_opensignals(path: Path, *, rate: float | None) -> OpenSignalsRecording:
    """Open an OpenSignals HDF5 file.

    Parameters
    ----------
    path : Path
        The file.
    rate : float or None
        Samples per second, where the user says so; goes before the file's own.

    Returns
    -------
    OpenSignalsRecording
        One stream a device; ``unit`` is counts, ``full_scale`` the largest code of the converter.

    Raises
    ------
    SourceFormatError
        If it is damaged or another kind of HDF5 file.
    """
    check_readable(path, rate=rate)
    return open_checked(path, rate=rate)


def open_checked(path: Path, *, rate: float | None) -> OpenSignalsRecording:
    """Open a file of which is known that HDF5 reads it to its end; as `open_opensignals`."""
    try:
        file = h5py.File(path, "r", locking=False)  # a read-only or network disk may refuse locks
    except (OSError, RuntimeError) as error:
        raise _damaged(path, error) from None
    try:
        groups = {name: item for name, item in file.items() if isinstance(item, h5py.Group) and "raw" in item}
        devices = tuple(_device(path, name, group, rate, len(groups)) for name, group in sorted(groups.items()))
    except SourceFormatError:
        file.close()
        raise
    except _DAMAGE as error:
        file.close()
        raise _damaged(path, error) from None
    if not devices:
        file.close()
        raise SourceFormatError(
            f"'{path}' is an HDF5 file, but not one of OpenSignals; export it as CSV from the program that wrote it."
        )
    return OpenSignalsRecording(path, file, devices)


def _device(path: Path, name: str, group: h5py.Group, rate: float | None, n_devices: int) -> _Device:
    raw = group["raw"]
    numbers = sorted(int(key.removeprefix("channel_")) for key in raw if key.startswith("channel_"))
    datasets = tuple(raw[f"channel_{number}"] for number in numbers)
    n_samples = min((data.shape[0] for data in datasets), default=0)
    if n_samples == 0:
        raise SourceFormatError(f"'{path}' holds no samples; choose another recording.")
    if any(data.size != data.shape[0] or data.dtype.kind not in "iuf" for data in datasets):
        raise ValueError("a channel is not one column of numbers")
    sfreq = rate or float(group.attrs["sampling rate"])
    if not 0 < sfreq < 1e6:
        raise ValueError(f"sampling rate {sfreq}")
    bits = {int(value) for value in np.atleast_1d(group.attrs["resolution"])}
    stream = StreamInfo(
        stream_id=f"file:{path}" if n_devices == 1 else f"file:{path}#{name}",
        sfreq=sfreq,
        ch_names=distinct_names([_channel_name(*pair) for pair in zip(datasets, numbers, strict=True)]),
        unit="counts",
        lsb=(1.0,) * len(datasets),
        full_scale=2.0 ** bits.pop() - 1 if len(bits) == 1 else None,  # one number cannot stand for two converters
    )
    return _Device(stream, datasets, n_samples)


def _channel_name(data: h5py.Dataset, number: int) -> str:
    words = [str(data.attrs[key]) for key in ("sensor", "label") if data.attrs.get(key)]
    return " ".join(words) or f"channel {number}"


def _damaged(path: Path, error: Exception) -> SourceFormatError:
    return SourceFormatError(
        f"'{path}' is damaged or was not copied whole; copy it again from where it was recorded.",
        f"{type(error).__name__}: {error}",
    )
