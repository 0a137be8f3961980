"""Make a readable folder out of a journal, after a crash or at any time. The journal itself is never touched.

Beside the journal come to stand: one CSV per stream (as ``file:`` reads them) on an even time axis with ``nan`` where
samples are missing, ``events.jsonl`` with every line of the session, and ``recovery.json`` with the report.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from app.recording.disk import open_locked, sync_folder
from app.recording.errors import RecordingError, explain
from app.recording.writer import RESERVE_NAME
from drivers.errors import DriverError
from drivers.replay.formats.journal import JOURNAL_NAME, Journal, ends_well, open_journal
from drivers.replay.formats.journal_timeline import clock_text, tell
from drivers.types import Float32Array, StreamInfo

REPORT_NAME = "recovery.json"
EVENTS_NAME = "events.jsonl"
_LONGEST_FILLED_GAP_S = 3600.0
"""A stream that was away for longer goes on in a second file instead of in an hour of empty lines."""
_FILL_ROWS = 100_000
_NOT_IN_A_NAME = str.maketrans({mark: " " for mark in ",;=()\n\r\t#"})


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What was made of a journal.

    Attributes
    ----------
    folder : Path
    files : tuple of str
        Names of what was written into it.
    recovered_s : dict of str to float
        Seconds of signal of each stream, without what is missing.
    missing_s : dict of str to float
        Seconds that are missing between the first and the last sample of each stream.
    n_events : int
        Lines in ``events.jsonl``.
    was_closed : bool
        False if the session ended without being closed.
    sentences : tuple of str
        All that in plain words, and where what is missing.
    """

    folder: Path
    files: tuple[str, ...]
    recovered_s: dict[str, float]
    missing_s: dict[str, float]
    n_events: int
    was_closed: bool
    sentences: tuple[str, ...]


def recover(folder: Path) -> RecoveryReport:
    """Write the content of a journal beside it in files that anybody can open. Doing it again gives the same.

    Parameters
    ----------
    folder : Path
        Session folder, or the journal in it.

    Returns
    -------
    RecoveryReport

    Raises
    ------
    RecordingError
        If it is being recorded now, there is no journal, nothing of it can be read, or the folder takes no files.
    """
    if folder.name == JOURNAL_NAME and not folder.is_dir():
        folder = folder.parent
    if not folder.is_dir() or not (folder / JOURNAL_NAME).exists():
        raise RecordingError(f"'{folder}' holds no recording; name a session folder or its {JOURNAL_NAME}.")
    try:
        lock = open_locked(folder / JOURNAL_NAME)
    except OSError as error:
        raise RecordingError(f"'{folder}' cannot be read; check who may open it.", str(error)) from error
    if lock is None:
        raise RecordingError(f"'{folder}' is in use by another GluteWake; stop that session first.")
    try:
        with contextlib.closing(open_journal(folder)) as journal:
            return _write_all(folder, journal)
    except DriverError as error:
        raise RecordingError(error.sentence, error.detail) from error
    except OSError as error:
        raise RecordingError(explain(error, folder), str(error)) from error
    finally:
        os.close(lock)


def find_unfinished(root: Path) -> list[Path]:
    """List the session folders that crashed and have not been recovered yet, oldest name first.

    Parameters
    ----------
    root : Path
        Folder of all sessions; where there is none, nothing is unfinished.
    """
    found = []
    for journal in sorted(root.glob(f"*/{JOURNAL_NAME}")):
        with contextlib.suppress(OSError):  # a folder that may not be read is nothing to recover
            if (journal.parent / REPORT_NAME).exists() or ends_well(journal):
                continue
            lock = open_locked(journal)
            if lock is not None:
                os.close(lock)
                found.append(journal.parent)
    return found


def _write_all(folder: Path, journal: Journal) -> RecoveryReport:
    files: list[str] = []
    for place, info in enumerate(journal.streams, start=1):
        if info.stream_id in journal.timelines:
            files.extend(_write_stream(folder, journal, info, place))
    lines = [bytes(journal.meta.session), *(line for line in journal.events if line != journal.meta.session)]
    with _replacing(folder / EVENTS_NAME) as file:
        file.writelines(line + b"\n" for line in lines)
    files.append(EVENTS_NAME)
    report = _report(folder, journal, tuple(files), len(lines))
    with _replacing(folder / REPORT_NAME) as file:
        file.write(msgspec.json.format(msgspec.json.encode(report, enc_hook=lambda path: path.name)) + b"\n")
    sync_folder(folder)
    with contextlib.suppress(OSError):
        (folder / RESERVE_NAME).unlink()  # what a crash left of the recorder
    return report


def _report(folder: Path, journal: Journal, files: tuple[str, ...], n_events: int) -> RecoveryReport:
    recovered, missing = {}, {}
    for info in journal.streams:
        timeline = journal.timelines.get(info.stream_id)
        recovered[info.stream_id] = round(timeline.n_samples / info.sfreq, 3) if timeline else 0.0
        missing[info.stream_id] = round((timeline.n_rows - timeline.n_samples) / info.sfreq, 3) if timeline else 0.0
    sentences = [
        f"{seconds:.1f} s of {stream_id} are recovered, from 00:00:00 to {clock_text(journal.duration_s)}."
        for stream_id, seconds in recovered.items()
    ]
    return RecoveryReport(
        folder=folder,
        files=files,
        recovered_s=recovered,
        missing_s=missing,
        n_events=n_events,
        was_closed=journal.is_closed_well,
        sentences=(*sentences, *tell(journal.missing, name_streams=len(recovered) > 1), *journal.closing_notes),
    )


def _write_stream(folder: Path, journal: Journal, info: StreamInfo, place: int) -> list[str]:
    """Write one stream; a very long absence begins another file."""
    names: list[str] = []
    row = 0
    blocks = journal.stream_blocks(info.stream_id)
    pending = next(blocks, None)
    while pending is not None:
        row += pending[0]
        part = f"-{len(names) + 1}" if names else ""
        name = f"emg-{place}-{_plain(info.stream_id)}{part}.csv"
        start_s = (journal.timelines[info.stream_id].start_ns - journal.start_ns) / 1e9 + row / info.sfreq
        with _replacing(folder / name) as file:
            file.write(_heading(info, start_s, journal.utc_ns))
            gap, block = 0, pending[1]
            while True:
                for rows in _filled(gap, block.samples):
                    file.write(_as_text(rows, info))
                row += gap + block.n_samples
                pending = next(blocks, None)
                if pending is None or pending[0] > _LONGEST_FILLED_GAP_S * info.sfreq:
                    break
                gap, block = pending
        names.append(name)
    return names


def _heading(info: StreamInfo, start_s: float, utc_ns: int) -> bytes:
    unit = "uV" if info.unit == "V" else "counts"
    names = ", ".join(name.translate(_NOT_IN_A_NAME).strip() or f"ch{i}" for i, name in enumerate(info.ch_names, 1))
    start = datetime.fromtimestamp(utc_ns * 1e-9 + start_s, UTC).isoformat(timespec="microseconds")
    heading = f"# rate_hz={info.sfreq!r}\n# columns: {names} ({unit})\n# start_s={start_s:.6f}\n# start_utc={start}\n"
    return heading.encode()


def _filled(gap: int, samples: Float32Array) -> Iterator[Float32Array]:
    for start in range(0, gap, _FILL_ROWS):
        yield np.full((min(_FILL_ROWS, gap - start), samples.shape[1]), np.nan, np.float32)
    yield samples


def _as_text(samples: Float32Array, info: StreamInfo) -> bytes:
    """Nine digits: enough to have the same float32 again."""
    scaled = samples.astype(np.float64) * (1e6 if info.unit == "V" else 1.0)
    line = ",".join(["%.9g"] * samples.shape[1]) + "\n"
    return (line * len(samples) % tuple(scaled.ravel().tolist())).encode()


def _plain(stream_id: str) -> str:
    kept = "".join(mark if mark.isascii() and mark.isalnum() else "-" for mark in stream_id)
    return "-".join(filter(None, kept.split("-")))[:60] or "stream"


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes its place only when it is whole and on the disk; readable by its owner alone."""
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
