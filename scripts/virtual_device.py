"""Offers a device that is not there, for anybody to try: on a serial port, or on a Bluetooth of its own.

    .venv/bin/python -m scripts.virtual_device umyo A B        two units, one for each glute
    .venv/bin/python -m scripts.virtual_device chords          a board on a serial port
    .venv/bin/python -m scripts.virtual_device --help          says which there are

It prints what to type in another terminal, and measures until Ctrl-C. The devices are those of the tests: they speak
the makers' protocols both ways, rest for four seconds, and squeeze every three. Linux alone: Bluetooth stands on a
private D-Bus daemon (Debian: dbus), serial ports are pseudo terminals.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.rigs.air import Air
from tests.rigs.channel import Channel
from tests.rigs.devices.bitalino import BitalinoBle, BitalinoDevice
from tests.rigs.devices.chords import ChordsDevice
from tests.rigs.devices.cyton import CytonDevice
from tests.rigs.devices.ganglion import GanglionDevice
from tests.rigs.devices.myoware import MyoWareDevice
from tests.rigs.devices.npg import NpgDevice
from tests.rigs.devices.nus import NusDevice
from tests.rigs.devices.spikerbox import SpikerBoxDevice
from tests.rigs.devices.squeezes import PERIOD_S
from tests.rigs.devices.text import TextDevice
from tests.rigs.devices.umyo import SFREQ, UMyoBase, UMyoDevice
from tests.rigs.ptydev import PtyDevice
from tests.rigs.virtual import RadioDevice, VirtualDevice, WireDevice

UMYO_SQUEEZE = round(PERIOD_S * SFREQ)
"""Seeds so far apart squeeze together, and have a noise of their own."""


def _ganglion(name: str, number: int) -> GanglionDevice:
    device = GanglionDevice()
    device.name = f"Ganglion-{name}"
    return device


def _bitalino_ble(name: str, number: int) -> BitalinoBle:
    device = BitalinoBle()
    device.name = f"BITalino-{name}"
    return device


RADIOS: dict[str, Callable[[str, int], RadioDevice]] = {
    "bitalino+ble": _bitalino_ble,
    "ganglion": _ganglion,
    "myoware": lambda name, number: MyoWareDevice(f"MyoWare-{name}"),
    "npg": lambda name, number: NpgDevice(name=f"NPG-{name}"),
    "nus": lambda name, number: NusDevice(name),
    "umyo": lambda name, number: UMyoDevice(f"uMyo-{name}", seed=number * UMYO_SQUEEZE),
}
WIRES: dict[str, Callable[[], WireDevice]] = {
    "bitalino": BitalinoDevice,
    "chords": ChordsDevice,
    "cyton": CytonDevice,
    "spikerbox": SpikerBoxDevice,
    "text": TextDevice,
    "umyo+usb": lambda: UMyoBase({0xAABBCCDD: 0, 0xAABBCCEE: UMYO_SQUEEZE}),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Offer what is asked for until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="virtual_device", description="Offer a device that is not there, for anybody to try."
    )
    known = sorted({*RADIOS, *WIRES})
    parser.add_argument("scheme", choices=known, metavar="SCHEME", help=f"one of {', '.join(known)}")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of one or two Bluetooth units; A where none is given")
    parser.add_argument("--lose", type=float, default=0.0, metavar="SHARE", help="of the notifications, 0 to 1")
    arguments = parser.parse_args(argv)
    if sys.platform != "linux":
        parser.error("virtual devices need Linux: a private D-Bus, or pseudo terminals.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="glutewake-")))
        if len(arguments.names) > 2:
            parser.error("there are two sides, so two units at most.")
        if arguments.scheme in RADIOS:
            offer = _on_the_air(stack, folder, arguments.scheme, arguments.names or ["A"], arguments.lose)
        elif arguments.names or arguments.lose:
            parser.error(f"{arguments.scheme} is on a wire: it takes no name and loses nothing.")
        else:
            offer = _on_a_wire(stack, folder, arguments.scheme)
        print(offer, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


def _on_the_air(stack: ExitStack, folder: Path, scheme: str, names: Sequence[str], lose: float) -> str:
    air = stack.enter_context(Air(folder))
    sources = []
    for number, name in enumerate(names):
        device = RADIOS[scheme](name, number)
        air.add(device, f"C0:00:00:00:00:{number + 1:02X}", channel=Channel[tuple[int, bytes]](lose=lose, seed=number))
        sources.append(f"--source '{scheme}:{name}{_sites(device, number, len(names))}'")
    return f"DBUS_SYSTEM_BUS_ADDRESS={air.bus.address} glutewake live {' '.join(sources)}"


def _on_a_wire(stack: ExitStack, folder: Path, scheme: str) -> str:
    device = PtyDevice(WIRES[scheme](), folder / "tty")
    stack.callback(device.close)
    source = f"{scheme}:{device.link}{_sites(device.device, 0, 1)}"
    return f"glutewake live --source '{source}' --isolator-confirmed"  # nobody is on its electrodes


def _sites(device: VirtualDevice, number: int, n_units: int) -> str:
    """Which channel lies on which side, where left and right do not follow from how many there are."""
    n_channels = device.truth(0, 1).shape[1]
    if n_channels * n_units == 2:
        return ""
    if n_units == 2:
        return f"?map={('left', 'right')[number]}:1"
    return "?map=left:1" if n_channels == 1 else "?map=left:1,right:2"


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    sys.exit(main())
