"""Deletes a person for good: session folders, what was made of them, and their row in the data set."""

import contextlib
import mmap
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.recording import calibrations
from app.recording.bids.names import place_of
from app.recording.disk import open_locked, replace_file
from app.recording.errors import RecordingError
from app.recording.folders import whose
from app.recording.kit import UNKNOWN
from app.recording.record import read_started
from drivers.replay.formats.journal import JOURNAL_NAME

PLAN_RESULTS: Final = "plan-results"
"""Folder of results that came back from elsewhere, one file a person."""
_DATASETS: Final = ("bids", "bids-simulated")


def folders_of(root: Path, code: str) -> list[Path]:
    """List every session folder whose journal names a person, simulated and damaged ones too.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    code : str
        Of ASCII letters, digits and hyphens.
    """
    named = re.compile(b'"person":"' + re.escape(code.encode("ascii")) + b'"')
    return [journal.parent for journal in sorted(root.glob(f"*/{JOURNAL_NAME}")) if _contains(journal, named)]


def erase_person(root: Path, code: str, known: Iterable[Path] = ()) -> int:
    """Delete everything of a person that lies in the folder of all recordings. May be interrupted, and done again.

    Parameters
    ----------
    root : Path
    code : str
        Of ASCII letters, digits and hyphens.
    known : iterable of Path
        Session folders of that person, besides those whose journal says so: what an interrupted deletion left.

    Returns
    -------
    int
        How many session folders there were.

    Raises
    ------
    RecordingError
        If one of the sessions is running or being finished now (nothing is deleted then), or the disk refuses.
    """
    try:
        folders = sorted({*folders_of(root, code), *(folder for folder in known if folder.is_dir())})
        for folder in folders:
            _refuse_in_use(folder)
        subject = f"sub-{code.replace('-', '')}"
        for dataset in (root / name for name in _DATASETS):
            _drop_row(dataset / "participants.tsv", subject, code)
            _remove(dataset / subject)
            _remove_derived(dataset / "derivatives", (code, subject))
        (root / PLAN_RESULTS / f"{code}.json").unlink(missing_ok=True)
        _remove(root / calibrations.FOLDER / whose(simulated=False, person=code))
        for folder in folders:
            _remove_made(root, folder)
            _remove(folder)  # last: as long as it is there, it is found again
    except OSError as error:
        raise RecordingError(
            f"Not everything of {code} could be deleted from '{root}'; close what has it open, and do it again.",
            str(error),
        ) from error
    return len(folders)


def _refuse_in_use(folder: Path) -> None:
    try:
        lock = open_locked(folder / JOURNAL_NAME)
    except FileNotFoundError:  # deleted before, and then interrupted
        return
    if lock is None:
        raise RecordingError(f"'{folder}' is being recorded or finished now; wait for its end and do it again.")
    os.close(lock)


def _remove_made(root: Path, folder: Path) -> None:
    """Delete what was made of one session."""
    for name in _DATASETS:
        _remove(root / name / "sourcedata" / "journal" / folder.name)
    with contextlib.suppress(FileNotFoundError):
        started = read_started(folder)
        if started is None:
            return
        place = place_of(folder.name, started)
        made = root / place.dataset / place.folder
        _remove(made)
        _drop_row(made.parent / f"{made.parent.name}_sessions.tsv", made.name)


def _remove_derived(folder: Path, names: Iterable[str]) -> None:
    """Delete results and reports that name a person, in their text or in their own name; they can be made again."""
    words = b"|".join(re.escape(name.encode("ascii")) for name in names)
    named = re.compile(b"(?<![A-Za-z0-9-])(?:" + words + b")(?![A-Za-z0-9-])")
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and (named.search(os.fsencode(path.relative_to(folder))) or _contains(path, named)):
            path.unlink()
        elif path.is_dir() and named.search(os.fsencode(path.name)) and not any(path.iterdir()):
            path.rmdir()


def _remove(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _drop_row(table: Path, first_cell: str, code: str = "") -> None:
    """Take the row out of a table that begins with a name, and a code out of the others."""
    with contextlib.suppress(FileNotFoundError):
        before = [line.split("\t") for line in table.read_text("utf-8").splitlines()]
        after = [[UNKNOWN if cell == code != "" else cell for cell in row] for row in before if row[0] != first_cell]
        if after != before:
            with replace_file(table) as file:
                file.write("".join("\t".join(row) + "\n" for row in after).encode("utf-8"))


def _contains(path: Path, named: re.Pattern[bytes]) -> bool:
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return named.search(content) is not None
