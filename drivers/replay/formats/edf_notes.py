"""The text of EDF+ and BDF+ records: when each record began, and what happened. Pure: bytes in, notes out.

Each record of the plus forms begins its text with its own time (time-stamped annotation lists, Kemp and Olivan 2003).
That is the only thing in the file by which a record that was never wholly written can be told from a good one.
"""

import re
from typing import NamedTuple

_LIST = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?))?\x14([^\x00]*)\x14")

GAP_TEXT = "BAD_gap"
"""Begins the text of a stretch that was filled and never measured; MNE rejects whatever begins with BAD."""


class EdfNote(NamedTuple):
    """Something that happened: seconds from the first sample, how long, and what.

    A text of the form ``text@@channel`` speaks of that channel alone (the convention of MNE).
    """

    onset_s: float
    duration_s: float
    text: str

    @property
    def is_gap(self) -> bool:
        """Whether samples are missing there."""
        return self.text.startswith(GAP_TEXT)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it speaks of; empty for all."""
        return tuple(filter(None, self.text.split("@@")[1:]))


def record_start(raw: bytes) -> float | None:
    """Seconds at which a record began, from the text of its first annotation signal; None if it does not say."""
    match = _LIST.fullmatch(raw.partition(b"\0")[0])
    if match is None or (match[3] and not match[3].startswith(b"\x14")):
        return None
    return float(match[1])


def record_notes(raw: bytes) -> list[EdfNote]:
    """Everything that is said in one annotation signal of one record; what is cut or damaged is left out."""
    notes = []
    for match in filter(None, map(_LIST.fullmatch, raw.split(b"\0"))):
        onset_s, duration_s = float(match[1]), float(match[2] or 0)
        texts = [text.decode("utf-8", "replace").strip() for text in match[3].split(b"\x14")]
        notes += [EdfNote(onset_s, duration_s, text) for text in texts if text]
    return notes
