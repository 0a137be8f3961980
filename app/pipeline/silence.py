"""The picture while nothing arrives at all: every side without a signal, and the time goes on.

The engine knows no clock: without blocks its time stands still, and the last picture would go on showing levels that
nobody measures. Where only one of two streams is silent, the engine itself says so.
"""

from dataclasses import replace

import numpy as np

from app.pipeline.snapshot import Float32Array, Snapshot, Trace
from app.session.tick import TICK_S


def silent(last: Snapshot, elapsed_s: float) -> Snapshot:
    """Make the picture of a session that has heard nothing for a while.

    Parameters
    ----------
    last : Snapshot
        The last one that was cut from samples.
    elapsed_s : float
        Seconds since then.

    Returns
    -------
    Snapshot
        With NaN behind the end of every trace, and ``received_ns`` 0: it shows no sample.
    """
    return replace(
        last,
        t_s=last.t_s + elapsed_s,
        received_ns=0,
        sides={
            side: replace(view, level_pct=None, level_raw=None, state="no-signal", joined_late=False)
            for side, view in last.sides.items()
        },
        compensators=tuple(replace(view, level_pct=None) for view in last.compensators),
        attempt_open=False,
        together=False,
        cue=None,
        traces=tuple(_moved(trace, round(elapsed_s / TICK_S)) for trace in last.traces),
        trace_end_s=last.trace_end_s + elapsed_s,
    )


def _moved(trace: Trace, n_hops: int) -> Trace:
    def moved(series: Float32Array) -> Float32Array:
        kept = series[n_hops:]
        return np.concatenate((kept, np.full(len(series) - len(kept), np.nan, dtype=np.float32)))

    return replace(
        trace, level_pct=moved(trace.level_pct), low_pct=moved(trace.low_pct), high_pct=moved(trace.high_pct)
    )
