"""`ElectrodeView`: one electrode as an expert looks at it, raw: the last seconds, their spectrum, the numbers.

Looked at a few times a second from the GUI thread; it copies from the rings of the hub and keeps nobody waiting.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from app.pipeline.condition import Condition, ElectrodeNumbers
from app.pipeline.flow import FlowView
from app.pipeline.hub import Hub
from app.pipeline.sources import Sources
from app.session.events import Verdict
from drivers.types import Float32Array
from dsp.spectrum import amplitude_density

RAW_S: Final = 2.0
_LEAST_S: Final = 1.0
"""A spectrum of less has no line of its own for the mains."""


@dataclass(frozen=True, slots=True)
class ElectrodeView:
    """One electrode now.

    Attributes
    ----------
    site : str
    unit : {'uV', 'counts'}
        Of everything below: samples in volts are given in microvolts.
    sfreq : float
        Nominal, in Hz.
    kind : {'raw', 'envelope'}
        An envelope has no raw signal and no spectrum.
    raw : ndarray of float32, shape (n_samples,)
        The newest two seconds as they came, their median taken off; NaN where nothing came.
    hz, density : ndarray of float64, shape (n_lines,)
        Spectrum of those in the unit over the root of a hertz; empty where there is none.
    numbers : ElectrodeNumbers or None
        In the unit of the stream, see `scale`; None before the first judgement.
    scale : float
        Turns the stream's unit into `unit`.
    flow : FlowView or None
    verdict, sentence : str
        Contact in one word and in one sentence; None and empty before the first judgement.
    """

    site: str
    unit: Literal["uV", "counts"]
    sfreq: float
    kind: Literal["raw", "envelope"]
    raw: Float32Array
    hz: npt.NDArray[np.float64]
    density: npt.NDArray[np.float64]
    numbers: ElectrodeNumbers | None = None
    scale: float = 1e6
    flow: FlowView | None = None
    verdict: Verdict | None = None
    sentence: str = ""


def look_at_electrodes(sources: Sources, hub: Hub, condition: Condition) -> tuple[ElectrodeView, ...]:
    """Look at every electrode of a running session, in the order of its sites."""
    views: dict[str, ElectrodeView] = {}
    nothing = np.empty(0)
    for info in sources.streams:
        newest = hub.newest(info.stream_id, round(RAW_S * info.sfreq))
        scale = 1e6 if info.unit == "V" else 1.0
        columns = sources.montage.columns.get(info.stream_id, ())
        if info.kind == "raw" and len(newest) >= _LEAST_S * info.sfreq:
            hz, density = amplitude_density(scale * newest, info.sfreq)
        else:
            hz, density = nothing, np.empty((0, len(info.ch_names)))
        for column, number in columns:
            site = sources.montage.sites[number]
            raw = scale * newest[:, column] if newest.size else np.empty(0, np.float32)
            verdict, sentence = condition.contacts.get(site, (None, ""))
            views[site] = ElectrodeView(
                site=site,
                unit="uV" if info.unit == "V" else "counts",
                sfreq=info.sfreq,
                kind=info.kind,
                raw=raw - np.float32(np.nanmedian(raw)) if np.isfinite(raw).any() else raw,
                hz=hz,
                density=density[:, column],
                numbers=condition.electrodes.get(site),
                scale=scale,
                flow=condition.flows.get(info.stream_id),
                verdict=verdict,
                sentence=sentence,
            )
    return tuple(views[site] for site in sources.montage.sites if site in views)
