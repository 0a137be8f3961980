"""The data set around the sessions: its tables, its sources, and the second opinion on every file of signal."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from app.recording.bids import tables
from app.recording.bids.bdf import Int32Array
from app.recording.bids.names import Place
from app.recording.disk import replace_file
from app.recording.errors import RecordingError
from app.recording.kit import UNKNOWN
from app.session.events import SessionStarted

_AT_ONCE: Final = 1 << 20


def refuse_mixing(dataset: Path, place: Place, started: SessionStarted) -> None:
    """Make sure that nobody's sessions come into the folder of another person.

    Raises
    ------
    RecordingError
        If another code has the same label: BIDS knows neither hyphens nor, on many disks, small letters.
    OSError
        If the table of persons cannot be read.
    """
    code, known = _code(started), code_in_its_place(dataset, place.subject)
    if known is not None and known != code:
        raise RecordingError(
            f"The codes '{code}' and '{known}' are the same in a BIDS data set, so this session stays as it was "
            "recorded; give the newer person another code."
        )


def code_in_its_place(dataset: Path, label: str) -> str | None:
    """Whose sessions lie where those of this label would; None if nobody's do.

    Raises
    ------
    OSError
        If the table of persons cannot be read.
    """
    for subject, (known, *_) in _rows(dataset / "participants.tsv").items():
        if subject.casefold() == f"sub-{label}".casefold():
            return known
    return None


def describe(dataset: Path, place: Place, started: SessionStarted, acq_time: str) -> None:
    """Bring the tables of the whole data set up to date with one session; a row of the same session is replaced.

    Raises
    ------
    OSError
        If the disk does not take them.
    """
    subject = f"sub-{place.subject}"
    for name, content in (
        ("dataset_description.json", tables.dataset_description(place.dataset, started.app)),
        ("README.md", tables.README.encode()),
        ("participants.json", tables.participants_sidecar()),
        ("sessions.json", tables.sessions_sidecar()),
    ):
        if not (dataset / name).exists() and not (started.simulated and name.startswith("participants")):
            with replace_file(dataset / name) as file:
                file.write(content)
    if not started.simulated:  # nobody took part
        _set_row(dataset / "participants.tsv", ("participant_id", "code"), (subject, _code(started)))
    row = (f"ses-{place.session}", acq_time, started.programme, started.position)
    head = ("session_id", "acq_time", "programme", "position")
    _set_row(dataset / subject / f"{subject}_sessions.tsv", head, row)


def keep_source(journal: Path, target: Path) -> None:
    """Let the journal lie in the data set too: the same file under a second name, a copy where that cannot be.

    Raises
    ------
    OSError
        If the disk does not take it.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        if target.exists() and target.samefile(journal):
            return
    with contextlib.suppress(FileNotFoundError):
        target.unlink()
    try:
        os.link(journal, target)
    except OSError:  # FAT and most shared folders know no second names
        with journal.open("rb") as source, replace_file(target) as file:
            shutil.copyfileobj(source, file)


def compare(bdf: Path, digital: Iterator[Int32Array], n_annotations: int) -> None:
    """Read a BDF with another library and compare every sample, bit for bit, with what it was made of.

    Raises
    ------
    RecordingError
        If a single one differs, or the file cannot be read.
    """
    import pyedflib

    wrong = f"'{bdf.name}' does not read back as it was written; check the disk and try again."
    try:
        with pyedflib.EdfReader(str(bdf)) as reader:
            at = 0
            for piece in digital:
                for column in range(piece.shape[1]):
                    found = reader.readSignal(column, start=at, n=len(piece), digital=True)
                    if not np.array_equal(found, piece[:, column]):
                        raise RecordingError(wrong, f"channel {column}, samples {at} to {at + len(piece)}")
                at += len(piece)
            if len(reader.readAnnotations()[0]) != n_annotations:
                raise RecordingError(wrong, "annotations are missing")
    except OSError as error:
        raise RecordingError(wrong, str(error)) from error


def _code(started: SessionStarted) -> str:
    return UNKNOWN if started.simulated or not started.person else started.person


def _rows(table: Path) -> dict[str, tuple[str, ...]]:
    """Rows of a table by their first cell, without it."""
    rows: dict[str, tuple[str, ...]] = {}
    with contextlib.suppress(FileNotFoundError):
        for line in table.read_text("utf-8").splitlines()[1:]:
            first, *others = line.split("\t")
            rows[first] = (*others, UNKNOWN)
    return rows


def _set_row(path: Path, head: tuple[str, ...], row: tuple[str, ...]) -> None:
    """Put a row into a table in place of the one that begins the same, rows in order."""
    rows = {first: (first, *others, *[UNKNOWN] * len(head))[: len(head)] for first, others in _rows(path).items()}
    rows[row[0]] = row
    content = tables.tsv(head, (rows[key] for key in sorted(rows)))
    if not path.exists() or path.read_bytes() != content:
        with replace_file(path) as file:
            file.write(content)
