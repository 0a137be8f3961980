"""A BITalino (r)evolution with firmware 5.2, over its Bluetooth serial port or low energy.

After BITalinoWorld/firmware-bitalino-revolution (uart.c, live.c, simul.c) and firmware-BT121 (GATT.xml).
"""

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

SERVICE = "c566488a-0882-4e1b-a6d0-0b717e652234"
COMMANDS = "4051eb11-bf0a-4c74-8730-a48f4193fcea"
FRAMES = "40fdba6b-672e-47c4-808a-e529adff3633"
VERSION = b"BITalino_v5.2\n"
RATES = {0x03: 1.0, 0x43: 10.0, 0x83: 100.0, 0xC3: 1000.0}
SLICE = 20
"""Bytes of one notification."""
FULL_SCALE_V = 3.3 / 1009 / 2


class BitalinoDevice:
    """Takes commands while idle, and sends frames after a start command, from sequence number 0.

    Parameters
    ----------
    version : bytes
        Answer to 07 and 0F.
    battery_code : int
        ABAT, of 10 bit.
    stale : bytes
        What the last stream left in front of the next.
    """

    def __init__(self, version: bytes = VERSION, battery_code: int = 613, stale: bytes = b"") -> None:
        self.version = version
        self.battery_code = battery_code
        self.stale = stale
        self.sfreq = 1000.0
        self.is_streaming = False
        self.channels = [0, 1]
        """Inputs that are sent, counted from 0."""
        self.simulates = False
        self.commands: list[int] = []
        self.skip = 0
        """Frames that it counts but leaves out before the next, as when its buffer is full."""
        self._n_sent = 0

    def receive(self, data: bytes) -> bytes:
        """Take commands of one byte; all but stop are for the idle device."""
        answer = b""
        for command in data:
            self.commands.append(command)
            if self.is_streaming:
                self.is_streaming = command not in (0x00, 0xFF)
            elif command in (0x07, 0x0F):
                answer += self.version
            elif command == 0x0B:
                answer += self._state()
            elif command in RATES:
                self.sfreq = RATES[command]
            elif command % 4 in (1, 2):
                self.is_streaming, self.simulates = True, command % 4 == 2
                self.channels = [i for i in range(6) if command >> 2 & 1 << i]
                self._n_sent = 0
                answer, self.stale = answer + self.stale, b""
        return answer

    def samples(self, n: int) -> bytes:
        """What is sent during the next `n` samples."""
        if not self.is_streaming:
            return b""
        self._n_sent += self.skip
        self.skip = 0
        codes = self.codes(self._n_sent, n)
        frames = [frame(self._n_sent + i, [int(code) for code in row]) for i, row in enumerate(codes)]
        self._n_sent += n
        return b"".join(frames)

    def codes(self, first: int, n: int) -> npt.NDArray[np.int64]:
        """Codes of the inputs that are sent."""
        n_channels = len(self.channels)
        middles = np.array([512, 512, 512, 512, 32, 32][:n_channels])
        wave = squeezes(first, n, n_channels, self.sfreq)
        codes: npt.NDArray[np.int64] = np.clip(np.rint(middles * (1 + wave)), 0, 2 * middles - 1).astype(np.int64)
        return codes

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Volts at the electrodes since the start command."""
        codes = self.codes(first, n)
        middles = np.array([512, 512, 512, 512, 32, 32][: codes.shape[1]])
        volts: npt.NDArray[np.float32] = ((codes / middles - 1.0) * FULL_SCALE_V).astype(np.float32)
        return volts

    def _state(self) -> bytes:
        inputs = b"".join(code.to_bytes(2, "little") for code in (255, 767, 187, 511, 511, 511, self.battery_code))
        return with_crc(inputs + bytes([0, 0]), 0xC)


def frame(number: int, codes: list[int]) -> bytes:
    """One frame, packed byte by byte as live.c does."""
    a = codes + [0] * (6 - len(codes))
    packed = [
        (a[4] & 3) << 6 | a[5],
        (a[3] & 15) << 4 | a[4] >> 2,
        (a[2] & 3) << 6 | a[3] >> 4,
        a[2] >> 2,
        a[1] & 255,
        (a[0] & 63) << 2 | a[1] >> 8,
        0xC << 4 | a[0] >> 6,
    ]
    n_bytes = [2, 3, 5, 6, 7, 7][len(codes) - 1]
    return with_crc(bytes(packed[-n_bytes:]), number % 16)


def with_crc(head: bytes, nibble: int) -> bytes:
    """The bytes, and a last one of `nibble` and the CRC of all before it, by long division with x^4 + x + 1."""
    message = int.from_bytes(head) << 4 | nibble
    rest = message << 4
    for bit in range(rest.bit_length() - 1, 3, -1):
        if rest >> bit & 1:
            rest ^= 0b10011 << bit - 4
    return head + bytes([nibble << 4 | rest])


class BitalinoBle(BitalinoDevice):
    """The same with the low-energy block: notifications are slices of the stream of bytes, never frames."""

    name = "BITalino BLE"
    advertised: tuple[str, ...] = ()
    values: dict[str, bytes] = {}  # noqa: RUF012 - nothing is to be read
    services = {SERVICE: {COMMANDS: ("write", "indicate"), FRAMES: ("notify",)}}  # noqa: RUF012 - the device's table
    samples_per_packet = 10
    _rest = b""

    def packets(self, n: int) -> list[bytes]:
        """Slices of 20 bytes; what does not fill one waits for more."""
        self._rest += self.samples(n)
        n_whole = len(self._rest) // SLICE * SLICE
        slices = [self._rest[i : i + SLICE] for i in range(0, n_whole, SLICE)]
        self._rest = self._rest[n_whole:]
        return slices
