"""Electrodes as an expert looks at them, invented: noise of a known level, hum, a squeeze, a gap."""

from dataclasses import replace

import numpy as np

from app.pipeline.condition import ElectrodeNumbers
from app.pipeline.electrodes import ElectrodeView
from app.pipeline.flow import FlowView
from app.session.contact import TEXTS
from app.session.events import Verdict
from drivers.types import Float32Array
from dsp.spectrum import amplitude_density

SFREQ = 1000.0
NUMBERS = ElectrodeNumbers(
    rest=3.1e-6, noise=4.2e-6, hum_hz=50.0, hum=0.4e-6, hum_ratio=0.02, motion_ratio=0.3, median_hz=92.0,
    clipped=0.0, flat=0.0, snr_db=24.0, notch_hz=None,
)  # fmt: skip
FLOW = FlowView("unit", 0.2, 0.0, 999.8, 3.2)


def raw(level_uv: float, *, hum_uv: float = 0.0, squeeze_uv: float = 0.0, seed: int = 1) -> Float32Array:
    """Two seconds in microvolts; the squeeze fills the second one."""
    rng = np.random.default_rng(seed)
    t = np.arange(2 * round(SFREQ)) / SFREQ
    noise = rng.standard_normal((2, t.size))
    hum = hum_uv * np.sqrt(2) * np.sin(2 * np.pi * 50.0 * t)
    samples: Float32Array = (level_uv * noise[0] + squeeze_uv * (t >= 1.0) * noise[1] + hum).astype(np.float32)
    return samples


def electrode(site: str = "left", samples: Float32Array | None = None, verdict: Verdict = "ok") -> ElectrodeView:
    """One electrode."""
    samples = raw(3.1, squeeze_uv=40.0) if samples is None else samples
    hz, density = amplitude_density(samples[:, np.newaxis], SFREQ)
    return ElectrodeView(
        site, "uV", SFREQ, "raw", samples, hz, density[:, 0], NUMBERS, 1e6, FLOW, verdict, TEXTS[verdict]
    )


def humming(site: str = "right") -> ElectrodeView:
    """One that hums, with the notch in."""
    numbers = replace(NUMBERS, hum=14e-6, hum_ratio=0.8, notch_hz=50.0, rest=3.4e-6)
    return replace(electrode(site, raw(3.0, hum_uv=14.0, seed=2), "hum"), numbers=numbers)
