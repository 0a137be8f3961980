"""All words of the expert view: the numbers of an electrode with their names and units. Pure."""

import math
from typing import NamedTuple

from app.language import _
from app.numbers import THIN, number, percent
from app.pipeline.electrodes import ElectrodeView

NOTHING = "–"


class Named(NamedTuple):
    """A number as it is written, and its name."""

    name: str
    value: str


def level(value: float, view: ElectrodeView) -> str:
    """A level of the stream with its unit; a dash where it is not known."""
    if not math.isfinite(value):
        return NOTHING
    shown = value * view.scale
    return f"{number(shown, 1 if shown < 10 else 0)}{THIN}{unit(view)}"


def unit(view: ElectrodeView) -> str:
    """The unit of its levels."""
    return "µV" if view.unit == "uV" else _("counts")


def numbers(view: ElectrodeView) -> tuple[Named, ...]:
    """Everything that is measured of an electrode; what a sensor cannot tell is said in words."""
    return (*_of_the_signal(view), *_of_the_stream(view))


def _of_the_signal(view: ElectrodeView) -> tuple[Named, ...]:
    found = view.numbers
    if found is None:
        return ()
    told = [Named(_("rest"), level(found.rest, view)), Named(_("now"), level(found.noise, view))]
    snr = NOTHING if math.isnan(found.snr_db) else f"{number(found.snr_db)}{THIN}dB"
    told.append(Named(_("reference over rest"), snr))
    if view.kind == "raw":
        hum = level(found.hum, view)
        if math.isfinite(found.hum_hz) and hum != NOTHING:
            hum = _("{level} at {hz} Hz", level=hum, hz=f"{found.hum_hz:.0f}")
        notch = _("off") if found.notch_hz is None else _("{hz} Hz taken out", hz=f"{found.notch_hz:.0f}")
        slow = NOTHING if math.isnan(found.motion_ratio) else f"× {number(found.motion_ratio, 1)}"
        middle = NOTHING if math.isnan(found.median_hz) else f"{found.median_hz:.0f}{THIN}Hz"
        told += [
            Named(_("hum"), hum),
            Named(_("mains filter"), notch),
            Named(_("below 20 Hz"), slow),
            Named(_("middle of the band"), middle),
        ]
    told.append(Named(_("clipped"), _percent(100.0 * found.clipped)))
    return tuple(told)


def _of_the_stream(view: ElectrodeView) -> tuple[Named, ...]:
    flow = view.flow
    if flow is None:
        return ()
    lost = _("not measurable") if flow.lost_pct is None else _percent(flow.lost_pct)
    told = [Named(_("lost"), lost)]
    if flow.sfreq is not None:
        off_ppm = (flow.sfreq / view.sfreq - 1.0) * 1e6
        rate = f"{number(flow.sfreq, 1)}{THIN}Hz"
        if abs(off_ppm) < 10_000:  # further off, the nominal rate is no rate of this clock
            rate += f", {'+' if off_ppm >= 0 else ''}{number(off_ppm)}{THIN}ppm"
        told.append(Named(_("clock"), rate))
    if flow.jitter_ms is not None:
        told.append(Named(_("packets late"), _("up to {ms} ms", ms=f"{flow.jitter_ms:.0f}")))
    return tuple(told)


def _percent(value: float) -> str:
    return NOTHING if math.isnan(value) else percent(value, 1)


def raw_scale(half: float, view: ElectrodeView) -> str:
    """The scale of the raw signal."""
    return f"±{half:g}{THIN}{unit(view)}"


def no_raw(view: ElectrodeView) -> str:
    """Why there is no raw signal; empty where there is one."""
    if view.kind == "envelope":
        return _("This sensor sends an envelope: no raw signal, no spectrum.")
    return "" if view.raw.size else _("Nothing has come from this sensor yet.")


def more(n_hidden: int) -> str:
    """That there are more electrodes than there is room for."""
    return _("{n} more: a larger window shows them", n=n_hidden) if n_hidden else ""


def none() -> str:
    """No electrode is there at all."""
    return _("No sensor is connected yet.")
