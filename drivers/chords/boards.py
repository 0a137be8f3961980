"""The boards that Chords firmware runs on, as data.

From the README of upsidedownlabs/Chords-Arduino-Firmware and src/components/boards.ts of Chords-Web. Where the two
disagree on a rate, the README stands here; the driver measures it anyway.
"""

from dataclasses import dataclass

AVR_BAUD = 115200
FAST_BAUD = 230400


@dataclass(frozen=True, slots=True)
class Board:
    """One kind of board.

    Attributes
    ----------
    sfreq : float
        Frames a second in Hz, nominal.
    bits : int
        Of the converter; codes are unsigned and rest at half scale.
    v_ref : float
        Volts at full scale.
    """

    sfreq: float
    bits: int
    v_ref: float

    def lsb(self, gain: float | None) -> float:
        """Volts at the electrodes for one code, behind an amplifier of this gain; 1.0 (counts) where it is unknown."""
        return 1.0 if gain is None else self.v_ref / (2**self.bits - 1) / gain


_AVR = Board(250.0, 10, 5.0)

BOARDS = {
    "UNO-R3": _AVR,
    "UNO-CLONE": _AVR,
    "GENUINO-UNO": _AVR,
    "NANO-CLASSIC": _AVR,
    "NANO-CLONE": _AVR,
    "MEGA-2560-R3": _AVR,
    "MEGA-2560-CLONE": _AVR,
    "UNO-R4": Board(500.0, 14, 5.0),
    "RPI-PICO-RP2040": Board(500.0, 12, 3.3),
    "GIGA-R1": Board(500.0, 16, 3.3),
    "STM32F4-BLACK-PILL": Board(500.0, 12, 3.3),
    "STM32G4-CORE-BOARD": Board(500.0, 12, 3.3),
    "ESP32-S3": Board(500.0, 12, 3.3),
    "NPG-LITE": Board(500.0, 12, 2.5),
}
"""By the answer to ``WHORU``. Their frames tell how many channels: NPG-LITE answers the same with 3 and with 6."""
