"""`SessionFiles`: what is to be written of one session, worked out of its journal alone.

Working it out again gives the same bytes, which is how a recording is verified.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.recording.bids.bdf import DIGITAL_MAX, Annotation, BdfSignal, Int32Array, Layout
from app.recording.bids.events import GAP, Cell, annotation, rows_of
from app.recording.bids.names import Place, channel_names, place_of, sites_of
from app.recording.bids.rows import Rows, survey
from app.recording.bids.tables import Channel
from app.recording.record import SessionRecord
from app.session.events import Step
from drivers.errors import SourceUriError
from drivers.replay.formats.journal import Journal
from drivers.uri import parse_uri

_Span = tuple[str, int, int]
"""A task, its first row, and the one after its last."""
_REFERENCE: Final = ("squeeze-left", "squeeze-right", "squeeze-both", "mvc-left", "mvc-right", "compensator", "pause")
_TASKS: Final = {"rest": "rest", **dict.fromkeys(_REFERENCE, "reference")}
"""What the steps of a calibration are called in a data set."""
_NOWHERE: Final = (-1, -1)
_LEAST_RANGE: Final = {"V": 1e-9, "counts": 1e-3}
"""A channel that never moved still has a range, and one that its header can hold."""


@dataclass(frozen=True, slots=True)
class Run:
    """One file of signal and what stands beside it.

    Attributes
    ----------
    task, stem : str
        What was asked for, and what the names of its files begin with.
    start, stop : int
        Its rows.
    layout : Layout
    event_rows : tuple of dict
        Rows of its events table.
    missing_s : tuple of float
        Seconds that are filled with zeros, by channel.
    """

    task: str
    stem: str
    start: int
    stop: int
    layout: Layout
    event_rows: tuple[dict[str, Cell], ...]
    missing_s: tuple[float, ...]


class SessionFiles:
    """Everything that is made of one session.

    Parameters
    ----------
    journal : Journal
    record : SessionRecord
        Of the same journal.

    Attributes
    ----------
    place : Place
    runs : tuple of Run
        None where the session has no samples.
    """

    def __init__(self, journal: Journal, record: SessionRecord) -> None:
        self._record = record
        self.place: Place = place_of(record.folder.name, record.started)
        self.runs: tuple[Run, ...] = ()
        if not journal.timelines:
            return
        self.rows = Rows(journal, _delays_ns(journal, record.started.source))
        self._survey = survey(self.rows)
        infos = [lane.info for lane in self.rows.lanes]
        self._sites = _among(sites_of(journal.streams, record.started), journal)
        self._names = channel_names(infos, self._sites)
        self._infos = [info for info in infos for _ in info.ch_names]
        lsbs = [lsb for info in infos for lsb in info.lsb or (None,) * len(info.ch_names)]
        self._steps = np.array(
            [
                _step(lsb, peak, _LEAST_RANGE[info.unit])
                for lsb, peak, info in zip(lsbs, self._survey.peaks.tolist(), self._infos, strict=True)
            ]
        )
        steps = record.of(Step) if record.started.calibrates is not None else []
        spans = list(_within(self._tasks(steps), self._survey.runs)) if steps else self._whole()
        self._ends = _NOWHERE if steps else (spans[0][1], spans[-1][2])
        self.runs = tuple(self._run(number, *span) for number, span in _numbered(spans))

    @property
    def sfreq(self) -> float:
        """Samples a second."""
        return self.rows.sfreq

    def channels(self, run: Run) -> list[Channel]:
        """The rows of the channels table of a run."""
        muscles = {info.site: info.muscle for info in self._record.started.channels}
        return [
            Channel(
                name=name,
                site=self._sites.get(number),
                muscle=muscles.get(self._sites.get(number, "")),
                kind=info.kind,
                is_volts=info.unit == "V",
                step=step,
                missing_s=missing_s,
                has_samples=missing_s < (run.stop - run.start) / self.sfreq,
            )
            for number, (name, info, step, missing_s) in enumerate(
                zip(self._names, self._infos, self._shown_steps(), run.missing_s, strict=True)
            )
        ]

    def digital(self, run: Run) -> Iterator[Int32Array]:
        """The samples of a run in steps of the BDF, zero where one is missing, in pieces of shape (n, n_channels)."""
        for _, piece in self.rows.pieces(run.start, run.stop):
            steps = np.rint(np.nan_to_num(piece / self._steps))
            yield np.clip(steps, -DIGITAL_MAX, DIGITAL_MAX).astype(np.int32)

    def bdf(self, run: Run) -> Iterator[bytes]:
        """The BDF of a run from its first byte to its last."""
        return run.layout.encode(self.digital(run))

    def _whole(self) -> list[_Span]:
        return [(self.place.task, start, stop) for start, stop in self._survey.runs]

    def _tasks(self, steps: Sequence[Step]) -> Iterator[_Span]:
        """Rest and reference of a calibration; what lies between them, such as taps, is in the journal alone."""
        ends = [self.rows.row_at(step.t_s) for step in steps[1:]] + [float(self.rows.n_rows)]
        for step, end in zip(steps, ends, strict=True):
            task = _TASKS.get(step.step)
            start, stop = (max(0, min(self.rows.n_rows, round(row))) for row in (self.rows.row_at(step.t_s), end))
            if task is not None and start < stop:
                yield task, start, stop

    def _run(self, number: int, task: str, start: int, stop: int) -> Run:
        happened = list(self._happened(start, stop))
        signals = [
            BdfSignal(name, "uV" if info.unit == "V" else "", step)
            for name, info, step in zip(self._names, self._infos, self._shown_steps(), strict=True)
        ]
        annotations = [each for each, _ in happened]
        layout = Layout(signals, self.sfreq, stop - start, annotations)
        n_filled = layout.n_padded - (stop - start)
        if n_filled:
            filled = annotation((stop - start) / self.sfreq, layout.n_padded / self.sfreq, GAP)
            cells: dict[str, Cell] = {"text": "the last record is filled up"}
            happened.append((filled, self._cells(filled, GAP, cells)))
            layout = Layout(signals, self.sfreq, stop - start, [*annotations, filled])
        return Run(
            task=task,
            stem=self.place.run_stem(task, number),
            start=start,
            stop=stop,
            layout=layout,
            event_rows=tuple(row for _, row in happened),
            missing_s=tuple(self._missing_s(column, start, stop) for column in range(self.rows.n_columns)),
        )

    def _happened(self, start: int, stop: int) -> Iterator[tuple[Annotation, dict[str, Cell]]]:
        """Everything that belongs to the rows ``start`` to ``stop``; the ends also take what lies beyond them."""
        for gap in self._survey.gaps:
            if gap.start < stop and gap.stop > start:
                first, last = max(gap.start, start) - start, min(gap.stop, stop) - start
                found = annotation(first / self.sfreq, last / self.sfreq, GAP)
                yield found, self._cells(found, GAP, {"channel": ",".join(self._names[k] for k in gap.columns)})
        for row in rows_of(self._record.events):
            at = self.rows.row_at(row.start_s)
            if start <= at < stop or (at < start == self._ends[0]) or (at >= stop == self._ends[1]):
                last_row = (stop - start) - 1
                first_s = min(at - start, last_row) / self.sfreq
                end_s = min(self.rows.row_at(row.end_s) - start, last_row) / self.sfreq
                found = annotation(first_s, end_s, row.label)
                yield found, self._cells(found, row.trial_type, row.cells)

    @staticmethod
    def _cells(found: Annotation, trial_type: str, cells: dict[str, Cell]) -> dict[str, Cell]:
        onset_s, duration_s = found.onset_us / 1e6, found.duration_us / 1e6
        return {"onset": onset_s, "duration": duration_s, "trial_type": trial_type, **cells}

    def _missing_s(self, column: int, start: int, stop: int) -> float:
        n_missing = sum(
            max(0, min(gap.stop, stop) - max(gap.start, start)) for gap in self._survey.gaps if column in gap.columns
        )
        return n_missing / self.sfreq

    def _shown_steps(self) -> list[float]:
        """Steps in µV, or in counts."""
        return [
            float(step * 1e6 if info.unit == "V" else step) for step, info in zip(self._steps, self._infos, strict=True)
        ]


def _within(tasks: Iterable[_Span], runs: Sequence[tuple[int, int]]) -> Iterator[_Span]:
    """Tasks that follow upon each other as one, and none across a gap that parts two runs."""
    joined: list[_Span] = []
    for task, start, stop in tasks:
        if joined and joined[-1][0] == task and joined[-1][2] == start:
            joined[-1] = (task, joined[-1][1], stop)
        else:
            joined.append((task, start, stop))
    for task, start, stop in joined:
        for first, last in runs:
            if max(start, first) < min(stop, last):
                yield task, max(start, first), min(stop, last)


def _numbered(spans: Sequence[_Span]) -> Iterator[tuple[int, _Span]]:
    """Runs count from 1 within their task."""
    seen: Counter[str] = Counter()
    for span in spans:
        seen[span[0]] += 1
        yield seen[span[0]], span


def _step(lsb: float | None, peak: float, least: float) -> float:
    """The device's own step, so that every sample stays what it was; where there is none, the finest that holds all."""
    if lsb is not None and max(peak, least) <= DIGITAL_MAX * lsb:
        return lsb
    return max(peak, least) / DIGITAL_MAX


def _delays_ns(journal: Journal, sources: Sequence[str]) -> dict[str, int]:
    """What ``delay=`` said of each stream, as the session itself took it off."""
    try:
        delays_s = [parse_uri(text, (text.partition(":")[0],)).delay_s for text in sources]
    except SourceUriError:
        return {}
    if len(delays_s) != len(journal.streams):
        delays_s = delays_s[:1] * len(journal.streams)
    return {info.stream_id: round(delay * 1e9) for info, delay in zip(journal.streams, delays_s, strict=False)}


def _among(sites: dict[int, str], journal: Journal) -> dict[int, str]:
    """Sites by the number of the channel among the streams that have samples."""
    kept: dict[int, str] = {}
    number = column = 0
    for info in journal.streams:
        for _ in info.ch_names:
            if info.stream_id in journal.timelines:
                if number in sites:
                    kept[column] = sites[number]
                column += 1
            number += 1
    return kept
