"""Whether a recording is still what it was: every checksum, every hash, and signal against journal, byte by byte."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from app.recording.bids.session import Run, SessionFiles
from app.recording.errors import RecordingError
from app.recording.finalise import Finished, read_finished
from app.recording.record import record_of, sha256_of
from drivers.errors import DriverError
from drivers.replay.formats.journal import JOURNAL_NAME, Journal, open_journal

_LISTED: Final = 5
_JOINED: Final = 64
"""Wrong bytes that lie nearer are told as one stretch."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one session.

    Attributes
    ----------
    folder : Path
    is_sound : bool
    sentences : tuple of str
        What is wrong and where, or that all is well.
    """

    folder: Path
    is_sound: bool
    sentences: tuple[str, ...]


def verify(folder: Path) -> Verdict:
    """Check one session.

    Parameters
    ----------
    folder : Path
        Session folder, or the journal in it.

    Raises
    ------
    RecordingError
        If there is no recording, or it may not be read.
    """
    folder = folder.parent if folder.name == JOURNAL_NAME and not folder.is_dir() else folder
    if not (folder / JOURNAL_NAME).is_file():
        raise RecordingError(f"'{folder}' holds no recording; name a session folder or its {JOURNAL_NAME}.")
    try:
        finished = read_finished(folder)
        with contextlib.ExitStack() as stack:
            try:
                journal = stack.enter_context(contextlib.closing(open_journal(folder)))
            except DriverError as error:
                wrong, notes = [error.sentence], list[str]()
                wrong += [] if finished is None else _changed_files(folder, finished).values()
            else:
                wrong, notes = _journal_faults(journal)
                wrong += [] if finished is None else _file_faults(folder, finished, journal)
    except OSError as error:
        raise RecordingError(f"'{folder}' cannot be read; check who may open it.", str(error)) from error
    if finished is None:
        notes.append("Its files are not made yet, or not all of them are there; glutewake recover makes them.")
    elif not wrong:
        notes.append(f"Sound: {len(finished.files)} files are what they were, and the signal is that of the journal.")
    return Verdict(folder, is_sound=not wrong, sentences=(*wrong, *notes))


def _journal_faults(journal: Journal) -> tuple[list[str], list[str]]:
    """Read every checksum of the journal: what is wrong, and what is only torn off at the end."""
    wrong, notes = [], []
    for damage in journal.damages():
        start, stop = damage.start, damage.stop - 1
        if damage.n_chunks is None and not journal.is_closed_well:
            notes.append(
                f"{JOURNAL_NAME}: bytes {start} to {stop}, its last, were being written when the session broke off."
            )
        else:
            wrong.append(f"{JOURNAL_NAME}: bytes {start} to {stop} are damaged.")
    return wrong, notes


def _changed_files(folder: Path, finished: Finished) -> dict[str, str]:
    """What is no longer what it was, by its name, in words."""
    made = folder.parent / finished.dataset / finished.folder
    return {
        name: f"{name} is not what it was."
        for name, sha256 in sorted(finished.files.items())
        if sha256_of(made / name) != sha256
    }


def _file_faults(folder: Path, finished: Finished, journal: Journal) -> Iterator[str]:
    """Compare every hash, then the signal itself with what the journal gives."""
    journal_path = folder / JOURNAL_NAME
    journal_same = sha256_of(journal_path) == finished.journal_sha256
    if not journal_same:
        yield f"{JOURNAL_NAME} is not what it was when the files were made of it."
    source = folder.parent / finished.dataset / finished.source
    if not source.is_file():
        yield f"{finished.source} is missing in the data set."
    elif not source.samefile(journal_path) and sha256_of(source) != finished.journal_sha256:
        yield f"{finished.source} is not what it was."
    changed = _changed_files(folder, finished)
    signals = {name for name in finished.files if name.endswith(".bdf")}
    yield from (words for name, words in changed.items() if name not in signals)
    files = SessionFiles(journal, record_of(journal, journal_path))
    for run in files.runs:
        if (name := f"emg/{run.stem}_emg.bdf") in signals:
            bdf = folder.parent / finished.dataset / finished.folder / name
            yield from _signal_faults(bdf, files, run, is_changed=name in changed, journal_same=journal_same)


def _signal_faults(bdf: Path, files: SessionFiles, run: Run, *, is_changed: bool, journal_same: bool) -> Iterator[str]:
    stretches = list(_differences(bdf, files.bdf(run)))
    if not stretches:
        return
    if not is_changed and not journal_same:
        yield f"{bdf.name} is what it was, and whole: the damage is in the journal alone."
        return
    for start, stop in stretches[:_LISTED]:
        yield f"{bdf.name}: bytes {start} to {stop - 1} are not those of the journal{_where(start, run, files.sfreq)}."
    if len(stretches) > _LISTED:
        yield f"{bdf.name}: {len(stretches) - _LISTED} more stretches differ."


def _where(byte: int, run: Run, sfreq: float) -> str:
    if byte < run.layout.header_size:
        return ", in the header"
    record = (byte - run.layout.header_size) // run.layout.record_size
    return f", at {record * run.layout.n_per_record / sfreq:.0f} s"


def _differences(path: Path, pieces: Iterator[bytes]) -> Iterator[tuple[int, int]]:
    """Stretches of bytes of a file that are not those of `pieces`; what is too long or too short counts as one."""
    at = 0
    found: list[tuple[int, int]] = []
    with path.open("rb") as file:
        for piece in pieces:
            there = file.read(len(piece))
            n = len(there)
            if there != piece[:n]:
                wrong = np.flatnonzero(np.frombuffer(there, np.uint8) != np.frombuffer(piece[:n], np.uint8)) + at
                ends = np.flatnonzero(np.diff(wrong) > _JOINED)
                starts, stops = wrong[np.concatenate([[0], ends + 1])], wrong[np.concatenate([ends, [-1]])]
                found += [(int(start), int(stop) + 1) for start, stop in zip(starts, stops, strict=True)]
            if n < len(piece):
                found.append((at + n, at + len(piece)))
                break
            at += n
        else:
            rest = len(file.read())
            found += [(at, at + rest)] if rest else []
    yield from found
