"""`Strip`: one site over a whole recording, ready to be drawn at any width without reading all of it again.

Level 0 has one row a tick; each further level keeps the least and the greatest of four rows below. Whoever draws a
thousand columns reads a few thousand rows, of a minute as of an hour.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from app.session.tick import TICK_S

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]

FACTOR: Final = 4
_LEAST_ROWS: Final = 256
"""A level with fewer rows is worth no further one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Columns of equal stretches of time, oldest first.

    Attributes
    ----------
    envelope_low, envelope_high, raw_low, raw_high : ndarray of float64, shape (n_columns,)
        In % of the reference; NaN where there is no signal, or no recording. Raw is NaN where it was not kept.
    lost : ndarray of bool, shape (n_columns,)
        True where the recording goes on but the site had no signal.
    """

    envelope_low: Float64Array
    envelope_high: Float64Array
    raw_low: Float64Array
    raw_high: Float64Array
    lost: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Strip:
    """One site.

    Attributes
    ----------
    levels : tuple of ndarray of float32, shape (n_rows, n_series)
        Of level 0 the series are the envelope, and if raw is kept the least and greatest band-passed sample; of all
        others least and greatest envelope, and then the same. In % of the reference.
    """

    levels: tuple[Float32Array, ...]

    @classmethod
    def build(cls, envelope: Float32Array, raw: Float32Array | None) -> Self:
        """Build the levels.

        Parameters
        ----------
        envelope : ndarray of float32, shape (n_ticks,)
            In % of the reference, one value a tick of 5 ms; NaN where there is no signal.
        raw : ndarray of float32, shape (n_ticks, 2), or None
            Least and greatest band-passed sample of each tick.
        """
        columns = [envelope[:, np.newaxis], *([raw] if raw is not None else [])]
        levels = [np.ascontiguousarray(np.concatenate(columns, axis=1), dtype=np.float32)]
        below = np.concatenate([envelope[:, np.newaxis], envelope[:, np.newaxis], *columns[1:]], axis=1)
        while len(below) > _LEAST_ROWS:
            starts = np.arange(0, len(below), FACTOR)
            series = [
                (np.fmin, np.fmax)[number % 2].reduceat(below[:, number], starts) for number in range(below.shape[1])
            ]
            below = np.stack(series, axis=1).astype(np.float32)
            levels.append(below)
        return cls(tuple(levels))

    @property
    def n_ticks(self) -> int:
        """Length of the recording in ticks."""
        return len(self.levels[0])

    @property
    def n_bytes(self) -> int:
        """Memory that it takes."""
        return sum(level.nbytes for level in self.levels)

    def cut(self, start_s: float, end_s: float, n_columns: int) -> Cut:
        """Cut a stretch of time into columns.

        Parameters
        ----------
        start_s, end_s : float
            May lie outside of the recording: nothing is there.
        n_columns : int
            At least 1. Columns narrower than a tick show the tick that they lie in.
        """
        column_ticks = (end_s - start_s) / TICK_S / n_columns
        number, ticks = 0, 1
        while number + 1 < len(self.levels) and ticks * FACTOR <= column_ticks:
            number, ticks = number + 1, ticks * FACTOR
        level = self.levels[number]
        edges = np.floor((start_s / TICK_S + column_ticks * np.arange(n_columns + 1)) / ticks + 1e-9).astype(np.int64)
        first, after = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
        inside = (after > 0) & (first < len(level))
        first, after = np.clip(first[inside], 0, None), np.clip(after[inside], None, len(level))
        lows = (0, 2) if number else (0, 1)
        highs = (1, 3) if number else (0, 2)
        series = {}
        for name, column, reduce in zip(
            ("envelope_low", "raw_low", "envelope_high", "raw_high"),
            (*lows, *highs),
            (np.fmin, np.fmin, np.fmax, np.fmax),
            strict=True,
        ):
            series[name] = np.full(n_columns, np.nan)
            if column < level.shape[1] and first.size:
                series[name][inside] = _reduced(reduce, level[:, column], first, after)
        return Cut(**series, lost=inside & np.isnan(series["envelope_low"]))


def _reduced(
    reduce: np.ufunc, values: Float32Array, first: npt.NDArray[np.int64], after: npt.NDArray[np.int64]
) -> Float32Array:
    """Reduce the stretches ``first[k]:after[k]``, which go up and touch or overlap."""
    base, end = int(first[0]), int(after[-1])
    stretch = values[base:end]
    reduced = reduce.reduceat(stretch, first - base)
    narrow = after - first == 1
    reduced[narrow] = stretch[first[narrow] - base]
    return np.asarray(reduced, np.float32)
