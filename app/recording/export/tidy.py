"""Joined tables as files: text with tabs, what their columns mean, and ten lines of Python and of R that draw them."""

from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Final

from app.recording.export.choice import Session
from app.recording.export.codebook import codebook
from app.recording.export.files import new_file, new_folder
from app.recording.export.tables import Table, joined_tables

_SCRIPTS: Final = ("trend.py", "trend.R")


def tidy_files(tables: Sequence[Table]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of an export of tables."""
    for table in tables:
        yield f"{table.name}.tsv", table.tsv()
    yield "codebook.json", codebook([(table.name, table.columns) for table in tables])
    for name in _SCRIPTS:
        yield name, resources.files("assets").joinpath("export", name).read_bytes()


def write_tidy(sessions: Sequence[Session], folder: Path) -> list[Path]:
    """Write the joined tables of all sessions into a folder.

    Parameters
    ----------
    sessions : sequence of Session
    folder : Path
        Made where it is missing; none of the files may be in it yet.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    RecordingError
        If a file is there already, or the disk takes none.
    """
    files = list(tidy_files(joined_tables(sessions)))
    new_folder(folder, [name for name, _ in files])
    written = []
    for name, content in files:
        with new_file(folder / name) as file:
            file.write(content)
        written.append(folder / name)
    return written
