"""What is asked about the pads, the usual answers, and what was typed made into a kit. Pure.

The items are those that whoever reads a recording asks for (ISEK, CEDE); answers are kept in English.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import msgspec

from app.language import _, mark
from app.numbers import number
from app.recording.kit import UNKNOWN, Kit

TITLE: Final = mark("Electrodes")
WHY: Final = mark("Said once per kind of sensor; kept with every calibration and recording.")

CHOICES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "electrode_type": (
        mark("Pads"),
        (mark("pre-gelled, disposable"), mark("reusable, with gel"), mark("dry contacts")),
    ),
    "reference_place": (
        mark("Reference"),
        (mark("bony knob of the hip"), mark("sacrum"), mark("in the sensor")),
    ),
    "skin_preparation": (
        mark("Skin"),
        (mark("shaved and wiped with alcohol"), mark("wiped with alcohol"), mark("nothing done")),
    ),
}
"""By field of `Kit`: what is asked, and the usual answers."""
NUMBERS: Final[dict[str, str]] = {
    "electrode_size_mm": mark("Size of one pad, mm"),
    "electrode_distance_mm": mark("Spacing of a pair, mm"),
}
TEXTS: Final[dict[str, str]] = {"hardware_filter": mark("Filter of the sensor")}
MAINS: Final = (50.0, 60.0)
_LEAST_MM, _MOST_MM = 1.0, 200.0


@dataclass(slots=True)
class KitDraft:
    """A kit as it is being told: answers chosen, and lines as they were typed."""

    kit: Kit
    typed: dict[str, str] = field(default_factory=dict)

    def answers(self, name: str) -> tuple[str, ...]:
        """The usual answers to a question, and one that somebody wrote into the file by hand."""
        usual, own = CHOICES[name][1], str(getattr(self.kit, name))
        return usual if own in (*usual, UNKNOWN) else (*usual, own)

    def choose(self, name: str, answer: str) -> None:
        """Choose an answer; once more takes it back."""
        value = UNKNOWN if getattr(self.kit, name) == answer else answer
        self.kit = msgspec.structs.replace(self.kit, **{name: value})

    def choose_mains(self, hz: float) -> None:
        """Choose the mains; once more takes it back."""
        self.kit = msgspec.structs.replace(self.kit, mains_hz=None if self.kit.mains_hz == hz else hz)

    def shown(self, name: str) -> str:
        """A line as it stands in its field."""
        if name in self.typed:
            return self.typed[name]
        value = getattr(self.kit, name)
        if value in (None, UNKNOWN):
            return ""
        return number(value, 0 if float(value).is_integer() else 1) if name in NUMBERS else str(value)

    def whole(self) -> Kit | str:
        """The kit with what was typed, or one sentence about what cannot be understood."""
        values: dict[str, float | str | None] = {}
        for name, typed in self.typed.items():
            typed = typed.strip()
            if name in TEXTS:
                values[name] = typed or UNKNOWN
                continue
            value = _millimetres(typed) if typed else None
            if typed and value is None:
                return _("{what}: give a number from 1 to 200, such as 20.", what=_(NUMBERS[name]))
            values[name] = value
        return msgspec.structs.replace(self.kit, **values)


def _millimetres(typed: str) -> float | None:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and _LEAST_MM <= value <= _MOST_MM else None
