"""Which kind of text a file of numbers is, and what all of them have in common. Pure."""

import re
from io import StringIO
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.errors import SourceFormatError
from drivers.replay.formats.csv import open_csv
from drivers.replay.formats.recording import Recording

CUT_NOTE: Final = "The end of '{name}' was never written; what is not whole there is left out."
_NUMBER: Final = re.compile(
    r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*|\s*[-+]?(nan|inf(inity)?)\s*|\s*", re.IGNORECASE
)


def open_text(path: Path, raw: bytes, *, rate: float | None) -> Recording:
    """Read a text file of numbers by its first line: OpenBCI GUI, OpenSignals, or any other table.

    Parameters
    ----------
    path : Path
        Names the stream and the file in sentences.
    raw : bytes
        Content of the file.
    rate : float or None
        Samples per second, where the user says so; goes before the file's own.

    Raises
    ------
    SourceFormatError
        With what is wrong and the remedy.
    """
    notes: list[str] = []
    if raw.endswith(b"\0"):  # what a power cut leaves behind the last byte that reached the disk
        written = raw.rstrip(b"\0")
        raw = written[: written.rfind(b"\n") + 1]
        notes.append(CUT_NOTE.format(name=path.name))
        if not raw:
            raise SourceFormatError(
                f"'{path}' holds nothing but zeros, as of a file that was never written whole; copy it again."
            )
    first = raw[:64].lstrip(b"\xef\xbb\xbf")
    if first.startswith(b"%OpenBCI"):
        from drivers.replay.formats.openbci import open_openbci

        return open_openbci(path, raw, rate=rate, notes=notes)
    if first.startswith(b"# OpenSignals"):
        from drivers.replay.formats.opensignals_text import open_opensignals_text

        return open_opensignals_text(path, raw, rate=rate, notes=notes)
    return open_csv(path, raw, rate=rate, notes=notes)


def read_numbers(
    path: Path, lines: list[str], *, delimiter: str, columns: list[int], n_before: int, notes: list[str]
) -> npt.NDArray[np.float64]:
    """Read some columns of a table.

    Parameters
    ----------
    path : Path
        Names the file in sentences.
    lines : list of str
        All lines of numbers, the last of them possibly cut.
    delimiter : str
    columns : list of int
        Those to read, from 0.
    n_before : int
        Lines of the file before the first of `lines`.
    notes : list of str
        Takes what is to be told.

    Returns
    -------
    ndarray of float64, shape (n_lines, n_columns)

    Raises
    ------
    SourceFormatError
        With the first line that is wrong.
    """
    if len(lines) > 1 and not lines[-1].endswith("\n"):  # a number that was cut looks like another number
        lines = lines[:-1]
        notes.append(CUT_NOTE.format(name=path.name))
    lines = [line if line.strip() else "" for line in lines]
    if not any(lines):
        raise SourceFormatError(f"'{path}' holds no samples; choose another recording.")
    try:
        return np.loadtxt(StringIO("".join(lines)), delimiter=delimiter, usecols=columns, ndmin=2, comments=None)
    except ValueError as error:
        for number, line in enumerate(lines, start=n_before + 1):
            cells = line.split(delimiter)
            if line and (len(cells) <= max(columns) or not all(_NUMBER.fullmatch(cells[i]) for i in columns)):
                raise SourceFormatError(
                    f"'{path}', line {number} is damaged; delete it and the lines that are damaged behind it."
                ) from None
        raise SourceFormatError(f"'{path}' holds lines that are no numbers; export it again.", str(error)) from None


def text_of(path: Path, raw: bytes) -> list[str]:
    """The lines of a text file, each with its end; refuses what is no text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if "\0" in text:
        raise SourceFormatError(f"'{path}' is damaged: there are zeros between its lines; copy it again.")
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
