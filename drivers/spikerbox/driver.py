"""``spikerbox:PORT``: a SpikerBox of Backyard Brains on a wire. Runs in the thread ``serial-PORT``."""

import os
import re
from collections.abc import Sequence
from typing import ClassVar

from serial.tools import list_ports

from drivers.base import DriverListener
from drivers.errors import SourceFormatError, SourceUriError
from drivers.serial_driver import SerialDriver, UsbId
from drivers.serial_port import SerialLine
from drivers.spikerbox.boxes import BOOTLOADER_PIDS, BOXES, MAKER_VID, STIMULATORS, Box
from drivers.spikerbox.protocol import MOST_CHANNELS, MessageFilter, SpikerBoxCodec, find_n_channels
from drivers.types import Isolation, StreamInfo
from drivers.uri import SourceUri, did_you_mean

ANSWER_S = 0.6
N_ASKED = 5
"""Times that the box is asked what it is; the first may fall into the boot of a SpikerShield, which takes 2 s."""
FRAMES_S = 4.0
_LISTEN_S = 0.1
_QUESTIONS = (b"b:;\n", b"?:;\n")
"""Older Pro boxes know only the second."""
_HARDWARE = re.compile(r"HWT:\s*([A-Z0-9]+)\s*;")


class SpikerBoxDriver(SerialDriver):
    """Reads the channels of one box.

    Parameters
    ----------
    uri : SourceUri
        Options ``box`` (what it is, for boxes that do not answer), ``channels`` (for the SpikerShields alone, which
        share their rate among them; 2 where it is not given) and ``baud``.
    """

    name: ClassVar[str] = "SpikerBox"
    schemes: ClassVar[tuple[str, ...]] = ("spikerbox",)
    # Some run on batteries, some on the USB port; none of the maker's papers read for this tells of a barrier.
    isolation: ClassVar[Isolation] = "unknown"
    options: ClassVar[tuple[str, ...]] = ("box", "channels")
    default_baud: ClassVar[int] = 222_222
    silent_sentence: ClassVar[str] = "'{address}' has stopped sending; switch the box off and on."
    usb_ids: ClassVar[tuple[UsbId, ...]] = (
        *(UsbId(MAKER_VID, pid) for pid in (0x0004, 0x0006, 0x0007, 0x0009, 0x000D)),
        UsbId(0x0403, 0x6015, sure=False),  # Cytons have it too
        UsbId(0x2341, 0x0043, sure=False),  # a SpikerShield sits on an Arduino UNO
        UsbId(0x2341, 0x8036, sure=False),
    )

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._named = _box_option(uri)
        self._n_wanted = uri.integer("channels", 2, low=1, high=MOST_CHANNELS)
        self._box: Box | None = None

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Open the port, unless it is one that must be left alone."""
        _refuse_what_must_not_be_opened(self.uri.address)
        return super().open(listener)

    def greet(self, line: SerialLine) -> tuple[SpikerBoxCodec, Sequence[StreamInfo]]:
        """Ask what box it is, and count the channels in its frames."""
        box = self._box = self._named or self._ask(line)
        if box.shares_rate:
            self._count_channels(line)  # it hears commands only when it has booted, and then it sends
            line.write(b"c:%d;\n" % self._n_wanted)
        self.begin(line)
        n_channels = self._count_channels(line)
        self.end(line)
        stream = StreamInfo(
            stream_id=self.stream_id(),
            sfreq=box.sfreq_of(n_channels),
            sfreq_known=False,
            ch_names=tuple(f"ch{k + 1}" for k in range(n_channels)),
            unit="counts",  # no source tells the gain of any box
            lsb=(1.0,) * n_channels,
            has_counter=False,
            full_scale=2.0 ** (box.bits - 1) - 1,  # the nearer rail, so that either shows as clipping
        )
        return SpikerBoxCodec(n_channels, box.bits), (stream,)

    def begin(self, line: SerialLine) -> None:
        """Start the stream of the boxes that wait for it."""
        if self._box is not None and self._box.waits_for_start:
            line.write(b"start:;\n")

    def end(self, line: SerialLine) -> None:
        """Stop the stream of the boxes that can."""
        if self._box is not None and self._box.waits_for_start:
            line.write(b"h:;\n")

    def _ask(self, line: SerialLine) -> Box:
        for k in range(N_ASKED):
            line.write(_QUESTIONS[k % len(_QUESTIONS)])
            hardware = _hardware(line)
            if hardware:
                return self._known(hardware)
        raise SourceFormatError(
            f"'{self.uri.address}' does not answer as a SpikerBox would; check that this is its port and that the box "
            f"is on; if it is one that never answers, name it with box=..., of {', '.join(BOXES)}."
        )

    def _known(self, hardware: str) -> Box:
        if hardware in STIMULATORS:
            raise SourceFormatError(
                f"'{self.uri.address}' is a Human-Human Interface, which stimulates; "
                "never train beside a muscle or nerve stimulator."
            )
        box = BOXES.get(hardware)
        if box is None:
            raise SourceFormatError(
                f"'{self.uri.address}' calls itself '{hardware}', which is no box known here; "
                f"name the one that is like it with box=..., of {', '.join(BOXES)}."
            )
        return box

    def _count_channels(self, line: SerialLine) -> int:
        line.drain(_LISTEN_S)  # frames of the number of channels before, or of the stream before
        messages, heard = MessageFilter(), b""
        for _ in range(round(FRAMES_S / _LISTEN_S)):
            heard += messages.feed(line.drain(_LISTEN_S))
            n_channels = find_n_channels(heard)
            if n_channels is not None:
                return n_channels
        raise SourceFormatError(
            f"'{self.uri.address}' sends no samples that can be read; check that the box is on, that it is the one "
            f"named with box=..., and that its baud rate is {self.baud} (else write baud=...)."
        )


def _hardware(line: SerialLine) -> str:
    """The answer to the question just asked; empty if none comes in time."""
    messages = MessageFilter()
    for _ in range(round(ANSWER_S / _LISTEN_S)):
        messages.feed(line.drain(_LISTEN_S))
        named = _HARDWARE.search("".join(messages.messages))
        if named:
            return named[1]
    return ""


def _box_option(uri: SourceUri) -> Box | None:
    text = uri.options.get("box")
    if text is None:
        return None
    box = BOXES.get(text.upper())
    if box is None:
        raise SourceUriError(
            f"'{uri.text}': there is no box '{text}'{did_you_mean(text.upper(), BOXES)}; boxes are {', '.join(BOXES)}."
        )
    return box


def _refuse_what_must_not_be_opened(address: str) -> None:
    if "hidraw" in address.lower():
        raise SourceFormatError(
            f"'{address}' is no serial port: Muscle and Neuron SpikerBox Pro from before 2023 cannot be used here."
        )
    device = os.path.realpath(address)
    for port in list_ports.comports():
        if port.device in (address, device) and port.vid == MAKER_VID and port.pid in BOOTLOADER_PIDS:
            raise SourceFormatError(
                f"'{address}' is a SpikerBox that waits for new firmware, and is left alone; "
                "unplug it, switch it off and on, and plug it in again."
            )
