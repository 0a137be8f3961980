"""``chords:PORT``: a board with Chords firmware on a wire. Runs in the thread ``serial-PORT``."""

import re
import time
from collections.abc import Sequence
from typing import ClassVar

from drivers.chords.boards import AVR_BAUD, BOARDS, FAST_BAUD, Board
from drivers.chords.protocol import HEADER, ChordsCodec, find_n_channels
from drivers.errors import SourceFormatError, SourceUriError
from drivers.serial_driver import SerialDriver, UsbId
from drivers.serial_port import SerialLine
from drivers.types import Isolation, StreamInfo
from drivers.uri import SourceUri, did_you_mean

SETTLE_S = 1.2
"""``Serial.readString`` of the AVR sketches ends a command by a second of silence; two in one second are none."""
ANSWER_S = 1.6
N_ASKED = 2
"""Times that the name is asked for at each speed: the first may fall into the boot of an Arduino, which takes 2 s."""
FRAMES_S = 3.0
MEASURE_S = 1.0
_LISTEN_S = 0.1
_SAME_RATE = 0.1
"""A rate measured over a second may err by so much; the published ones differ by a factor of two."""
_NAME = re.compile(rb"([A-Z][A-Z0-9-]{3,30})\r?\n")

_ARDUINO, _ESPRESSIF, _ST = 0x2341, 0x303A, 0x0483


class ChordsDriver(SerialDriver):
    """Reads all analogue inputs of a board.

    Parameters
    ----------
    uri : SourceUri
        Options ``board`` (what the board is, where its firmware tells another name), ``gain`` (of the amplifier before
        it, 2420 for Muscle BioAmp Candy and BisCute; samples are in counts where it is not given) and ``baud``.
    """

    name: ClassVar[str] = "BioAmp board with Chords firmware"
    schemes: ClassVar[tuple[str, ...]] = ("chords",)
    # An Arduino's ground is that of the computer, and the BioAmp front ends have no barrier between it and the pads.
    isolation: ClassVar[Isolation] = "none"
    options: ClassVar[tuple[str, ...]] = ("board", "gain")
    default_baud: ClassVar[int] = AVR_BAUD
    silent_sentence: ClassVar[str] = "'{address}' has stopped sending; unplug the board and plug it in again."
    # None is sure: the chip tells the board, but not what was flashed to it.
    usb_ids: ClassVar[tuple[UsbId, ...]] = (
        *(UsbId(_ARDUINO, pid, sure=False) for pid in (0x0043, 0x0243, 0x0042, 0x0069, 0x1002, 0x00C0, 0x0266)),
        UsbId(0x1A86, 0x7523, sure=False),
        UsbId(0x0403, 0x6001, sure=False),
        UsbId(_ST, 0x5740, sure=False),
        UsbId(_ESPRESSIF, 0x1001, sure=False),
    )

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._overruled = _board_option(uri)
        self._gain = uri.number("gain", 0.0, low=1.0, high=1e6) or None
        self._board: Board | None = None
        self._told_ns = 0

    def greet(self, line: SerialLine) -> tuple[ChordsCodec, Sequence[StreamInfo]]:
        """Ask which board it is; the first time, look at its frames too: names and rates are not to be trusted."""
        board = self._ask(line)
        if board != self._board or not self.streams:
            self._board = board
            self._stream = self._learn(line, board)
        stream = self._stream
        lsb = board.lsb(self._gain)
        return ChordsCodec(board, len(stream.ch_names), stream.sfreq, lsb), (stream,)

    def begin(self, line: SerialLine) -> None:
        """Start the stream, and wait for it: an AVR takes a second to understand, which is no stall."""
        self._command(line, b"START\n")
        line.read_until(HEADER, FRAMES_S)

    def end(self, line: SerialLine) -> None:
        """Stop the stream."""
        self._command(line, b"STOP\n")

    def _command(self, line: SerialLine, command: bytes) -> None:
        """Send a command, no sooner than the one before was understood."""
        left_s = SETTLE_S - (time.perf_counter_ns() - self._told_ns) * 1e-9
        line.drain(left_s)
        line.write(command)
        self._told_ns = time.perf_counter_ns()

    def _ask(self, line: SerialLine) -> Board:
        bauds = (self.baud,) if "baud" in self.uri.options else (AVR_BAUD, FAST_BAUD)
        names: list[str] = []
        for baud in (baud for baud in bauds for _ in range(N_ASKED)):
            line.set_baud(baud)
            self._command(line, b"WHORU\n")
            heard = b""
            for _ in range(round(ANSWER_S / _LISTEN_S)):
                heard += line.drain(_LISTEN_S)
                names = [name.decode("ascii") for name in _NAME.findall(heard)] or names
                board = self._overruled or next((BOARDS[name] for name in names if name in BOARDS), None)
                if names and board is not None:
                    self.baud = baud
                    return board
        if names:
            raise SourceFormatError(
                f"'{self.uri.address}' calls itself '{names[-1]}', which is no board known here; "
                f"name the one that is like it with board=..., of {', '.join(BOARDS)}."
            )
        raise SourceFormatError(
            f"'{self.uri.address}' does not answer as a board with Chords firmware would; check that this is its port, "
            "and flash the sketch for this board from github.com/upsidedownlabs/Chords-Arduino-Firmware."
        )

    def _learn(self, line: SerialLine, board: Board) -> StreamInfo:
        """Let it send for a moment: how many channels, and how often."""
        self._command(line, b"START\n")
        heard = b""
        n_channels = None
        for _ in range(round(FRAMES_S / _LISTEN_S)):
            heard += line.drain(_LISTEN_S)
            n_channels = find_n_channels(heard)
            if n_channels is not None:
                break
        sfreq = None if n_channels is None else _measure(line, ChordsCodec(board, n_channels, board.sfreq))
        self._command(line, b"STOP\n")
        if n_channels is None or sfreq is None:
            raise SourceFormatError(
                f"'{self.uri.address}' answers, but sends no samples that can be read; flash the present sketch for "
                "this board from github.com/upsidedownlabs/Chords-Arduino-Firmware."
            )
        published = (board.sfreq, 250.0, 500.0)
        likely = [rate for rate in published if abs(sfreq / rate - 1) < _SAME_RATE]
        lsb = board.lsb(self._gain)
        return StreamInfo(
            stream_id=self.stream_id(),
            sfreq=likely[0] if likely else sfreq,
            sfreq_known=False,
            ch_names=tuple(f"ch{k + 1}" for k in range(n_channels)),
            unit="counts" if self._gain is None else "V",
            lsb=(lsb,) * n_channels,
            full_scale=(2 ** (board.bits - 1) - 1) * lsb,  # the nearer rail, so that either shows as clipping
            # The front ends pass 72 to 720 Hz, which is folded at 250 or 500 samples a second.
            spectrum_valid=False,
        )


def _measure(line: SerialLine, codec: ChordsCodec) -> float | None:
    """Frames a second from the first arrival to the last within `MEASURE_S`; None if there are too few."""
    begun_ns = now_ns = time.perf_counter_ns()
    ends: list[tuple[int, int]] = []
    while now_ns - begun_ns < MEASURE_S * 1e9:
        data, now_ns = line.read()
        ends += [(chunk.first_index + len(chunk.samples), now_ns) for chunk in codec.feed(data, now_ns)]
    if len(ends) < 2 or ends[-1][1] == ends[0][1]:
        return None
    return (ends[-1][0] - ends[0][0]) * 1e9 / (ends[-1][1] - ends[0][1])


def _board_option(uri: SourceUri) -> Board | None:
    text = uri.options.get("board")
    if text is None:
        return None
    board = BOARDS.get(text.upper())
    if board is None:
        raise SourceUriError(
            f"'{uri.text}': there is no board '{text}'{did_you_mean(text.upper(), BOARDS)}; "
            f"boards are {', '.join(BOARDS)}."
        )
    return board
