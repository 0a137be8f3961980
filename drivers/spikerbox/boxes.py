"""The boxes, as data: from Backyard Brains' "Guide for USB Communication with SpikerBox", R7 of April 2024."""

from dataclasses import dataclass

MAKER_VID = 0x2E73
BOOTLOADER_PIDS = frozenset({0x0005, 0x000A, 0x000B})
"""Boxes that wait for new firmware: whatever is written to them may end in their flash."""


@dataclass(frozen=True, slots=True)
class Box:
    """One kind of box.

    Attributes
    ----------
    name : str
        What a person calls it.
    bits : int
        Of the converter; codes are unsigned and rest at half scale.
    sfreq : float
        Frames a second in Hz, with two channels or fewer unless it shares its rate.
    sfreq_many : float or None
        The same with three channels or more; None if it is the same.
    shares_rate : bool
        `sfreq` is that of one channel, and is divided among them; their number is set by the computer.
    waits_for_start : bool
        Sends nothing before it is told to; others send from the moment they have power.
    """

    name: str
    bits: int = 10
    sfreq: float = 10_000.0
    sfreq_many: float | None = None
    shares_rate: bool = False
    waits_for_start: bool = False

    def sfreq_of(self, n_channels: int) -> float:
        """Frames a second in Hz, nominal."""
        if self.shares_rate:
            return self.sfreq / n_channels
        return self.sfreq_many if n_channels > 2 and self.sfreq_many is not None else self.sfreq


_MUSCLE_PRO = Box("Muscle SpikerBox Pro", sfreq_many=5000.0, waits_for_start=True)
_NEURON_PRO = Box("Neuron SpikerBox Pro", sfreq_many=5000.0, waits_for_start=True)

BOXES = {
    "HUMANSB": Box("Human SpikerBox", bits=14, sfreq=5000.0),
    "MSBPCDC": _MUSCLE_PRO,
    "MUSCLESB": _MUSCLE_PRO,
    "NSBPCDC": _NEURON_PRO,
    "NEURONSB": _NEURON_PRO,
    "NRNSBPRO": Box("Neuron SpikerBox Pro", bits=14, waits_for_start=True),
    "UNIBOX": Box("Spike Station", bits=14, sfreq=42_661.5),
    # The timer of the sketch gives 10 050 Hz as it is coded (OCR1A = 198), the guide says 10 kHz; it is fitted anyway.
    "MUSCLESS": Box("Muscle SpikerShield", sfreq=10_050.0, shares_rate=True),
    "HEARTSS": Box("Heart and Brain SpikerShield", shares_rate=True),
    "HBLEOSB": Box("Heart and Brain SpikerBox"),
    "PLANTSS": Box("Plant SpikerBox"),
}
"""By the answer to ``b:;``."""

STIMULATORS = frozenset({"HHIBOX"})
"""Human-Human Interface: it drives a nerve stimulator, beside which nobody is measured here."""
