"""``umyo+usb:PORT``: all uMyo around one USB base, each a stream of its own. Runs in the thread ``serial-PORT``."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from drivers.errors import SourceFormatError
from drivers.serial_driver import SerialDriver
from drivers.serial_port import SerialLine
from drivers.types import Carried, Isolation, StreamInfo, Vitals
from drivers.umyo.base_protocol import UMyoBaseCodec, find_units
from drivers.umyo.protocol import SFREQ
from drivers.uri import SourceUri

LISTEN_S = 2.0
"""How long to wait for the units; each sends 140 packets a second."""
_COMB_NOTE = (
    "Through its USB base a uMyo sends a signal that it has combed against mains hum: compare its numbers with others "
    "of the base alone, not with those over Bluetooth."
)


class UMyoBaseDriver(SerialDriver):
    """Reads the units that send when it is opened; the base itself needs no command.

    Parameters
    ----------
    uri : SourceUri
        Option ``baud`` (921600).
    """

    name: ClassVar[str] = "uMyo USB base"
    schemes: ClassVar[tuple[str, ...]] = ("umyo+usb",)
    isolation: ClassVar[Isolation] = "wireless"
    default_baud: ClassVar[int] = 921_600
    silent_sentence: ClassVar[str] = "The base at '{address}' hears no uMyo; are they on, near and charged?"

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._known: UMyoBaseCodec | None = None

    @property
    def carried(self) -> Carried:
        """What its numbers may be compared with."""
        return Carried(notes=(_COMB_NOTE,))

    @property
    def vitals(self) -> Mapping[str, Vitals]:
        """Charge of each unit, as it was last heard."""
        if self._known is not None:
            for unit, pct in dict(self._known.battery_pct).items():
                self.tell(Vitals(battery_pct=pct), unit)
        return super().vitals

    def greet(self, line: SerialLine) -> tuple[UMyoBaseCodec, Sequence[StreamInfo]]:
        """Hear which units there are; after a replug they are the same ones."""
        if self._known is not None and self.streams:
            return self._known, self.streams
        heard = line.drain(LISTEN_S)
        units = find_units(heard)
        if not units:
            raise SourceFormatError(
                f"No uMyo is heard at '{self.uri.address}'; switch the units on and press their button until they "
                "flash green three times; check that this is the port of the base.",
                f"{len(heard)} bytes, {heard[:100]!r}",
            )
        self._known = UMyoBaseCodec(units)
        self._known.feed(heard, 0)  # the charge
        return self._known, tuple(self._describe(unit) for unit in units)

    def _describe(self, unit: str) -> StreamInfo:
        return StreamInfo(
            stream_id=self.stream_id(unit),
            sfreq=SFREQ,
            sfreq_known=False,
            ch_names=("emg",),
            unit="counts",
            lsb=(1.0,),
            spectrum_valid=False,  # the comb takes every second band of 51 or 62 Hz out of it
        )
