"""``bench ble``: what two Bluetooth units at 100 notifications a second cost, in per cent of one core.

    python3 scripts/dev.py bench ble
    python3 scripts/dev.py bench ble --duration 60

The units (NPG Lite, 3 channels, at twice their rate) live on a fake BlueZ in a process of their own; what is measured
is the real bleak with the real drivers: first the links alone, which is what is promised, then the whole application
without a window, beside the same with the simulator.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LIMIT_PCT: Final = 5.0
UNITS: Final = {"NPG-left-3CH": "C0:00:00:00:00:01", "NPG-right-3CH": "C0:00:00:00:00:02"}
NOTIFICATIONS_PER_S: Final = 100
SAMPLES_PER_NOTIFICATION: Final = 10
SIMULATED: Final = "sim:two-units?compensators=0&rate=1000"
SETTLE_S: Final = 2.0
SHORT_S: Final = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--duration", type=float, default=20.0, help="seconds of each measurement")
    parser.add_argument("--part", choices=("air", "links"), help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Measure; 1 if it costs more than is promised, or a sample is lost."""
    if arguments.part == "air":
        return _air()
    if arguments.part == "links":
        return _links(arguments.duration)
    if sys.platform != "linux":
        print("The fake Bluetooth needs Linux.")
        return 1
    print(f"two units, {NOTIFICATIONS_PER_S} notifications/s each; load of this computer now: {os.getloadavg()[0]:.1f}")
    with _in_range() as environment:
        failed = subprocess.run(
            [sys.executable, "-m", "scripts.bench", "ble", "--part", "links", "--duration", str(arguments.duration)],
            env=environment,
            check=False,
        ).returncode
        sites = zip(UNITS.values(), ("left", "right"), strict=True)
        units_pct = _live_pct(
            [f"npg:{address}?map={site}:1" for address, site in sites], environment, arguments.duration
        )
        simulated_pct = _live_pct([SIMULATED], environment, arguments.duration)
    print(
        f"whole application without a window: {units_pct:.1f} % of a core; with the simulator in place of the units "
        f"{simulated_pct:.1f} %"
    )
    return int(failed != 0)


@contextmanager
def _in_range() -> Iterator[dict[str, str]]:
    """Two units on the air of another process; gives the environment in which bleak finds them."""
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.bench", "ble", "--part", "air"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as air:
        assert air.stdout is not None
        address = air.stdout.readline().strip()
        yield {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address}
        air.communicate("")


def _air() -> int:
    from tests.rigs.air import Air
    from tests.rigs.devices.npg import NpgDevice

    with tempfile.TemporaryDirectory() as folder, Air(Path(folder)) as air:
        for name, address in UNITS.items():
            device = NpgDevice(3, name)
            device.sfreq = float(NOTIFICATIONS_PER_S * SAMPLES_PER_NOTIFICATION)
            air.add(device, address)
        print(air.bus.address, flush=True)
        sys.stdin.read()
    return 0


def _links(duration_s: float) -> int:
    """The drivers with a listener that only counts."""
    from drivers import io_loop, registry
    from drivers.conformance import Witness

    async def thread_time_ns() -> int:
        await asyncio.sleep(0)
        return time.thread_time_ns()

    drivers = [registry.create(f"npg:{address}") for address in UNITS.values()]
    witnesses = [Witness() for _ in drivers]
    for driver, witness in zip(drivers, witnesses, strict=True):
        driver.open(witness)
    for driver in drivers:
        driver.start()
    time.sleep(SETTLE_S)
    n_before = sum(len(witness.blocks) for witness in witnesses)
    thread_ns, process_ns, wall_ns = io_loop.run(thread_time_ns(), 1.0), time.process_time_ns(), time.perf_counter_ns()
    time.sleep(duration_s)
    thread_ns = io_loop.run(thread_time_ns(), 1.0) - thread_ns
    process_ns, wall_ns = time.process_time_ns() - process_ns, time.perf_counter_ns() - wall_ns
    per_s = (sum(len(witness.blocks) for witness in witnesses) - n_before) / (wall_ns * 1e-9)
    for driver in drivers:
        driver.close()
    n_lost = sum(block.n_lost for witness in witnesses for block in witness.blocks)
    thread_pct = 100.0 * thread_ns / wall_ns
    print(
        f"links alone: {per_s:.0f} notifications/s, {n_lost} samples lost, thread bluetooth {thread_pct:.1f} % of a "
        f"core (asked <= {LIMIT_PCT:g}), process {100.0 * process_ns / wall_ns:.1f} %"
    )
    return int(thread_pct > LIMIT_PCT or n_lost > 0)


def _live_pct(sources: list[str], environment: dict[str, str], duration_s: float) -> float:
    """What each further second of a session costs: the difference of a long and a short one."""
    cpu_s = [_live_cpu_s(sources, environment, seconds) for seconds in (SHORT_S, SHORT_S + duration_s)]
    return 100.0 * (cpu_s[1] - cpu_s[0]) / duration_s


def _live_cpu_s(sources: list[str], environment: dict[str, str], duration_s: float) -> float:
    import resource  # not on Windows, where the other measurements run

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    named = [word for source in sources for word in ("--source", source)]
    command = [sys.executable, "-m", "app", "live", *named, "--programme", "free", "--json"]
    subprocess.run([*command, "--duration", str(duration_s)], env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
