"""What a recording is, whatever file it lies in. Pure data access: no thread, no clock, no pacing."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from drivers.types import Carried, SampleBlock, StreamInfo

READABLE = (
    "GluteWake's own recordings, EMG-BIDS, EDF and BDF, XDF, CSV and other tables of text, and the files of "
    "OpenSignals (.h5, .txt) and of the OpenBCI GUI (.txt) can be read"
)
"""The one list of what can be opened, for sentences."""


class Recording(Protocol):
    """One recording that is open for reading.

    Attributes
    ----------
    streams : tuple of StreamInfo
        Every stream of it. ``paced`` is True here; the driver that plays the recording knows the speed.
    carried : Carried
        What it brings besides samples.
    duration_s : float
        From its first to its last sample, in seconds of source time.
    """

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Every stream of the recording."""

    @property
    def carried(self) -> Carried:
        """What the recording brings besides samples."""

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample."""

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield the blocks of all streams in order of ``(arrival_ns, stream_id)``.

        Parameters
        ----------
        block_s : float
            Length of a block in seconds, for files that know no blocks of their own. A journal ignores it and
            yields the blocks that were recorded.

        Yields
        ------
        SampleBlock
            ``arrival_ns`` is source time, from 0 at the start of the recording: the moment after the last sample
            of the block in a foreign file, the recorded stamp in a journal.

        Raises
        ------
        SourceFormatError
            If the rest of the file cannot be read.
        """

    def close(self) -> None:
        """Let go of the file. Idempotent."""


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """Channel names as a file gives them, with the channel's number before each where two are the same."""
    if len(set(names)) == len(names):
        return tuple(names)
    return tuple(f"{number} {name}" for number, name in enumerate(names, start=1))


_MOST_NOTES = 20


def sentences_of_notes(notes: Sequence[tuple[float, float, str]]) -> list[str]:
    """Tell what happened in a foreign recording: (seconds, duration, text) each, in order of time, the first 20."""
    told = [f"At {onset_s:.3f} s: {text}" for onset_s, _, text in sorted(notes)]
    return told if len(told) <= _MOST_NOTES else [*told[:_MOST_NOTES], f"And {len(told) - _MOST_NOTES} more notes."]
