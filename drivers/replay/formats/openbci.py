"""What the OpenBCI GUI saves as text: ``%`` lines, in newer versions a line of names, then microvolts. Pure.

The GUI does not number samples without end: Cyton counts to 255 and begins anew, and every row carries the time at
which the computer had it. Together they tell how many samples are missing.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.errors import SourceFormatError
from drivers.replay.formats.columns import Column, channel_names
from drivers.replay.formats.csv import CsvRecording
from drivers.replay.formats.grid import Segment
from drivers.replay.formats.text_tables import read_numbers, text_of
from drivers.types import Carried, StreamInfo

Float64Array = npt.NDArray[np.float64]

_RATE: Final = re.compile(r"%\s*Sample Rate\s*=\s*([\d.]+)\s*Hz\s*", re.IGNORECASE)
_N_CHANNELS: Final = re.compile(r"%\s*Number of channels\s*=\s*(\d+)\s*", re.IGNORECASE)
_WRAP: Final = 256
_N_ACCEL: Final = 3
_FIRST_EPOCH_S: Final = 1e9
"""A time below is no time of day: 2001."""
_FIRST_EPOCH_MS: Final = 1e11


def open_openbci(path: Path, raw: bytes, *, rate: float | None, notes: list[str]) -> CsvRecording:
    """Read a text file of the OpenBCI GUI, of its versions 2 to 6.

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
    CsvRecording
        EXG channels in volts, acceleration beside them in its own unit.

    Raises
    ------
    SourceFormatError
        With what is wrong and the remedy.
    """
    lines = text_of(path, raw)
    n_heading = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("%")), len(lines))
    heading = [line.strip() for line in lines[:n_heading]]
    stated = next((float(found[1]) for line in heading if (found := _RATE.fullmatch(line))), None)
    sfreq = rate or stated
    if sfreq is None or not 0 < sfreq < 1e6:
        raise SourceFormatError(
            f"'{path}' does not say its rate; write rate=... (samples per second) after the file name."
        )
    if n_heading < len(lines) and lines[n_heading].lstrip().lower().startswith("sample index"):
        names = [name.strip() for name in lines[n_heading].split(",")]
        n_heading += 1
    else:
        names = _names_of_old(path, heading, lines[n_heading : n_heading + 1])
    channels = [i for i, name in enumerate(names) if name.startswith(("EXG Channel", "Accel Channel"))]
    if not any(names[i].startswith("EXG") for i in channels):
        raise SourceFormatError(f"'{path}' holds no EXG channel; record it with the EXG channels on.")
    stamp = [names.index("Timestamp")] if "Timestamp" in names else []
    table = read_numbers(
        path, lines[n_heading:], delimiter=",", columns=[0, *stamp, *channels], n_before=n_heading, notes=notes
    )
    times = table[:, 1] * (1e-3 if stamp and table[0, 1] > _FIRST_EPOCH_MS else 1.0) if stamp else None
    columns = [Column(names[i], "uV" if names[i].startswith("EXG") else "g") for i in channels]
    scale = np.array([column.volts_per_unit for column in columns])
    with np.errstate(over="ignore"):
        samples = (table[:, 1 + len(stamp) :] * scale).astype(np.float32)
    samples[~np.isfinite(samples)] = np.nan
    samples.flags.writeable = False
    has_epoch = times is not None and _FIRST_EPOCH_S < times[0] < _FIRST_EPOCH_MS
    return CsvRecording(
        StreamInfo(stream_id=f"file:{path}", sfreq=sfreq, ch_names=channel_names(columns), unit="V"),
        samples,
        _segments(table[:, 0], times if has_epoch else None, sfreq),
        Carried(notes=tuple(notes), utc_ns=round(times[0] * 1e6) * 1000 if has_epoch and times is not None else None),
    )


def _names_of_old(path: Path, heading: Sequence[str], first: Sequence[str]) -> list[str]:
    """Columns of a file without a line of names: number, EXG, acceleration, time of day, and maybe milliseconds."""
    cells = [cell.strip() for cell in first[0].split(",")] if first else []
    clock = next((i for i, cell in enumerate(cells) if ":" in cell), len(cells))
    stated = next((int(found[1]) for line in heading if (found := _N_CHANNELS.fullmatch(line))), None)
    n_exg = clock - 1 - _N_ACCEL if stated is None else stated
    if not 1 <= n_exg < len(cells):
        raise SourceFormatError(f"'{path}' holds no samples, or its first line of them is damaged; copy it again.")
    n_accel = max(0, min(_N_ACCEL, clock - 1 - n_exg))
    names = ["Sample Index", *(f"EXG Channel {i}" for i in range(n_exg))]
    names += [f"Accel Channel {i}" for i in range(n_accel)]
    names += [""] * (len(cells) - len(names))
    if clock + 1 < len(cells):
        names[clock + 1] = "Timestamp"
    return names


def _segments(counter: Float64Array, times: Float64Array | None, sfreq: float) -> list[Segment]:
    """Rows between lost samples, as far as counter and times tell."""
    steps = np.diff(counter) % _WRAP
    if not len(steps) or not np.isfinite(steps).all() or np.mean(steps == 1) < 0.5:
        return [Segment(0, len(counter))]  # boards that count otherwise: 16 channels, or two samples a number
    segments: list[Segment] = []
    start, first_index, n_before = 0, 0, 0
    for row in np.flatnonzero(steps != 1).tolist():
        n_lost = int(steps[row] - 1) % _WRAP
        if times is not None:
            n_lost += _WRAP * max(0, round((_shift_s(times, row + 1, sfreq) * sfreq - n_lost) / _WRAP))
        segments.append(Segment(start, row + 1, first_index, n_before))
        first_index += row + 1 - start + n_lost
        start, n_before = row + 1, n_lost
    return [*segments, Segment(start, len(counter), first_index, n_before)]


def _shift_s(times: Float64Array, row: int, sfreq: float) -> float:
    """How much later than even spacing the rows from `row` on came; the earliest of a second, as radio only delays."""
    n = max(1, round(sfreq))
    late = times[max(0, row - n) : row + n] - np.arange(max(0, row - n), min(len(times), row + n)) / sfreq
    at = min(row, n)
    shift = float(np.min(late[at:]) - np.min(late[:at]))
    return shift if np.isfinite(shift) and abs(shift) < 86_400.0 else 0.0
