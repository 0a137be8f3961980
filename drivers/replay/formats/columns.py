"""The heading of a CSV: which column is what, and in which unit. Pure text.

::

    # columns: time_s, gluteus medius, gluteus maximus (right side, uV)
    # columns: EMG vastus lateralis, biceps femoris (uV); dynamometer (kgf); agonist = column 1

Semicolons part groups. A unit stands last in a parenthesis and holds for every name before it in its group that has
none of its own. A group with ``=`` in it is a remark.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from drivers.replay.formats.recording import distinct_names
from drivers.types import Unit

TIME_COLUMN = "time_s"

_VOLTS = {"v": 1.0, "mv": 1e-3, "uv": 1e-6, "nv": 1e-9, "volts": 1.0, "millivolts": 1e-3, "microvolts": 1e-6}
_COUNTS = {"counts", "adc", "raw"}
_AUXILIARY = {"kgf", "kg", "n", "nm", "deg", "rad", "g"}

_COMMA_OUTSIDE_PARENTHESES = re.compile(r",(?![^()]*\))")
_LAST_PARENTHESIS = re.compile(r"(?P<name>.*\S)\s*\((?P<inside>[^()]*)\)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes
    ----------
    name : str
        As written, without the unit.
    unit : str
        As written; empty where none is named.
    """

    name: str
    unit: str = ""

    @property
    def is_time(self) -> bool:
        """True for the column of sample times."""
        return self.name.lower() == TIME_COLUMN

    @property
    def kind(self) -> Literal["volts", "counts", "auxiliary"]:
        """What the numbers are: a voltage, counts (also where no unit is named), or something that is no EMG."""
        unit = _plain(self.unit)
        if unit in _VOLTS:
            return "volts"
        return "auxiliary" if unit in _AUXILIARY else "counts"

    @property
    def volts_per_unit(self) -> float:
        """What to multiply a number of this column with to have volts; 1 for anything that is no voltage."""
        return _VOLTS.get(_plain(self.unit), 1.0)


def channel_names(columns: Sequence[Column]) -> tuple[str, ...]:
    """Name the channels of one stream, which has one unit: whatever has another carries it in its name.

    Where two would have the same name, every name gets the number of its channel before it.
    """
    in_volts = stream_unit(columns) == "V"
    names = [
        f"{column.name} ({column.unit or 'no unit'})"
        if column.kind == "auxiliary" or (in_volts and column.kind == "counts")
        else column.name
        for column in columns
    ]
    return distinct_names(names)


def stream_unit(columns: Sequence[Column]) -> Unit:
    """The unit of one stream: volts as soon as one column is a voltage."""
    return "V" if any(column.kind == "volts" for column in columns) else "counts"


def parse_columns(heading: str) -> tuple[Column, ...]:
    """Read the text after ``# columns:``.

    Parameters
    ----------
    heading : str
        Names and units as described on top of this module.

    Returns
    -------
    tuple of Column
        In the order of the file, the time column included.
    """
    columns: list[Column] = []
    for group in heading.split(";"):
        if "=" in group:
            continue
        names = [name for part in _COMMA_OUTSIDE_PARENTHESES.split(group) if (name := part.strip())]
        unit, backwards = "", []
        for name in reversed(names):
            column = _with_own_unit(name)
            unit = column.unit or unit
            backwards.append(column if column.is_time else Column(column.name, unit))
        columns.extend(reversed(backwards))
    return tuple(columns)


def _with_own_unit(name: str) -> Column:
    match = _LAST_PARENTHESIS.fullmatch(name)
    if match is None:
        return Column(name)
    word = match["inside"].rpartition(",")[2].strip()
    # "gluteus maximus (left)" names a side, not a unit: it stays part of the name
    known = _plain(word) in _VOLTS.keys() | _COUNTS | _AUXILIARY
    return Column(match["name"], word) if known else Column(name)


def _plain(unit: str) -> str:
    return unit.lower().replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u")
