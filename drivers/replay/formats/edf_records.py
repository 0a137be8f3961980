"""Which records of an EDF or BDF were really written, and when each began. Reads the file, keeps nothing of it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import BinaryIO, Final

from drivers.replay.formats.edf_header import EdfHeader, EdfSignal
from drivers.replay.formats.edf_notes import EdfNote, record_notes, record_start
from drivers.replay.formats.grid import Segment, end_index

_LONGEST_JUMP_S: Final = 86_400.0
"""A record that claims to be more than a day after the one before has a damaged time."""
_TAIL_PIECE: Final = 1 << 20


def records_by_time(
    file: BinaryIO, header: EdfHeader, text_signals: Sequence[EdfSignal], n_records: int
) -> tuple[list[int], list[float], list[EdfNote]]:
    """Records that say a time that can be, those times, and all notes."""
    stated: list[float | None] = []
    notes: list[EdfNote] = []
    for number in range(n_records):
        texts = []
        for signal in text_signals:
            file.seek(header.size + number * header.record_size + signal.offset)
            texts.append(file.read(signal.n_per_record * header.sample_bytes))
        stated.append(record_start(texts[0]))
        if stated[-1] is not None:
            notes += [note for text in texts for note in record_notes(text)]
    allowed = _in_order(stated, header) if header.is_interrupted else _in_step(stated, header)
    records = [number for number, is_allowed in enumerate(allowed) if is_allowed]
    return records, [start for number in records if (start := stated[number]) is not None], notes


def _in_step(stated: Sequence[float | None], header: EdfHeader) -> list[bool]:
    """Which records stand where most of them say that the file began."""
    begins = [None if start is None else start - number * header.record_s for number, start in enumerate(stated)]
    begin = median([known for known in begins if known is not None] or [0.0])
    return [known is not None and abs(known - begin) < header.record_s / 2 for known in begins]


def _in_order(stated: Sequence[float | None], header: EdfHeader) -> list[bool]:
    """Which records come after the one before and before the one behind, without a jump of more than a day."""
    half_s = header.record_s / 2
    following: list[float] = []
    after = math.inf
    for start in reversed(stated):
        following.append(after)
        after = after if start is None else start
    allowed = []
    last = -math.inf
    for start, later in zip(stated, reversed(following), strict=True):
        can_be = start is not None and last + half_s < start < later
        can_be = can_be and (math.isinf(last) or start is None or start - last < _LONGEST_JUMP_S)
        last = start if can_be and start is not None else last
        allowed.append(can_be)
    return allowed


def written_records(file: BinaryIO, header: EdfHeader, n_records: int) -> tuple[int, float]:
    """Records before a tail of zeros, which a power cut leaves where nothing was written; and seconds of the last.

    Returns
    -------
    n_records : int
        Those that hold anything else than zeros and were not left half written.
    unwritten_s : float
        Seconds at the end of the last of them that are zeros: never written, or what fills the record up.
    """
    end = header.size + n_records * header.record_size
    at = end
    while at > header.size:
        begin = max(header.size, at - _TAIL_PIECE)
        file.seek(begin)
        kept = file.read(at - begin).rstrip(b"\0")
        at = begin + len(kept)
        if kept:
            break
    if at == header.size:
        return 0, 0.0
    last = (at - header.size - 1) // header.record_size
    n_zeros = header.size + (last + 1) * header.record_size - at
    if last > 0:
        file.seek(header.size + last * header.record_size - n_zeros)
        if not file.read(n_zeros).strip(b"\0"):
            return last + 1, 0.0  # the record before ends in as many zeros: a channel that measures nothing
    signal = header.signals[-1]
    # one zero byte at the very end is the upper half of a small number
    is_tail = n_zeros >= header.sample_bytes or end > at + n_zeros
    n_rows = -(-n_zeros // header.sample_bytes) if is_tail else 0
    if n_rows < signal.n_per_record:
        return last + 1, n_rows * header.record_s / signal.n_per_record
    return (last, 0.0) if last or end > at + n_zeros else (1, 0.0)


def segments_of(records: Sequence[int], starts: Sequence[float], n_per_record: int, sfreq: float) -> list[Segment]:
    """Runs of records that follow each other in the file and in time."""
    segments: list[Segment] = []
    for number, start in zip(records, starts, strict=True):
        row, place = number * n_per_record, round(start * sfreq)
        if segments:
            last = segments[-1]
            n_lost = place - end_index(segments)
            if row == last.stop and n_lost <= 0:
                segments[-1] = replace(last, stop=row + n_per_record)
                continue
            segments.append(Segment(row, row + n_per_record, end_index(segments) + max(0, n_lost), max(0, n_lost)))
        else:
            segments.append(Segment(row, row + n_per_record))
    return segments
