"""`SimulatorDriver`: a person who is not there, as a source like any other.

Blocks and states leave on the thread named "sim", at true speed, at a multiple of it, or as fast as they are taken.
"""

import heapq
import json
import logging
import math
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, TextIO

import numpy as np

from drivers.base import Driver, DriverListener
from drivers.errors import SourceBusyError, SourceNotFoundError
from drivers.pace import Pace
from drivers.simulator import people
from drivers.simulator.options import Options
from drivers.simulator.plan import Plan, Squeeze
from drivers.simulator.signal import rest_levels
from drivers.simulator.unit import units_of
from drivers.types import Carried, DeviceInfo, Isolation, SampleBlock, StreamInfo
from drivers.types import LinkState as Link
from drivers.uri import SourceUri

_log = logging.getLogger(__name__)


class SimulatorDriver(Driver):
    """``sim:SCENARIO?seed=1&...``.

    It flows once: to run the same person again, make it again.

    Parameters
    ----------
    uri : SourceUri
    pace : Pace or None
        When to hand over; None takes the option ``speed`` and the clock of this computer.
    """

    name: ClassVar[str] = "Simulated person"
    schemes: ClassVar[tuple[str, ...]] = ("sim",)
    isolation: ClassVar[Isolation] = "wireless"
    simulated: ClassVar[bool] = True

    def __init__(self, uri: SourceUri, *, pace: Pace | None = None) -> None:
        super().__init__(uri)
        self._options = Options.read(uri)
        self._plan = Plan(self._options)
        self._units = units_of(self._options)
        self._pace = Pace(self._options.speed) if pace is None else pace
        self._listener: DriverListener | None = None
        self._thread: threading.Thread | None = None
        self._truth: _TruthFile | None = None

    @property
    def carried(self) -> Carried:
        """The person's true calibration, or one as wrong as ``reference_error`` asks for."""
        options = self._options
        error, spread = options.reference_error or 0.0, options.reference_error
        rng = np.random.default_rng([options.seed, *b"reference"])
        # Drawn for the whole body, so that leaving the compensators out changes no other reference.
        drawn = dict(zip(people.BODY, people.MVC_V * np.exp(rng.normal(0.0, error, len(people.BODY))), strict=True))
        reference = {site: float(drawn[site]) for site in options.sites}
        step = math.exp(people.TRY_LOG_SD if spread is None else spread)  # tries at -1, 0, +1: log-SD = one step
        rest = zip(options.sites, rest_levels(options, options.sites), strict=True)
        return Carried(
            calibration={
                "id": "simulated",
                "method": "mvc",
                "rest": {site: float(level) for site, level in rest},
                "reference": reference,
                "tries": {site: [level / step, level, level * step] for site, level in reference.items()},
                "age_s": 0.0,
            }
        )

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the scenarios; they are always there."""
        return [DeviceInfo(f"sim:{name}", cls.name, case.sentence) for name, case in people.SCENARIOS.items()]

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Begin the file of ``truth=``, if one is asked for."""
        if self._options.truth is not None and self._truth is None:
            self._truth = _TruthFile(self.uri.text, self._options.truth, self._plan)
        self._listener = listener
        return [unit.info for unit in self._units]

    def start(self) -> None:
        """Let source time begin."""
        if self._listener is None or self._thread is not None:
            raise RuntimeError("start() comes once, after open()")
        self._pace.start()
        self._thread = threading.Thread(target=self._run, args=(self._listener,), name="sim", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the flow and wait for the block that is under way."""
        self._pace.stop()
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Stop, and close the file of ``truth=``."""
        self.stop()
        if self._truth is not None:
            self._truth.close()

    def _run(self, listener: DriverListener) -> None:
        reason = ""
        try:
            self._flow(listener)
        except Exception as error:  # noqa: BLE001 - last handler of the thread: say it and stop cleanly
            _log.exception("the simulator stopped")
            reason = f"The simulator stopped: {error}."
        for unit in self._units:
            listener.on_state(unit.info.stream_id, Link.CLOSED, reason)

    def _flow(self, listener: DriverListener) -> None:
        origin_ns = self._pace.origin_ns
        flows = [unit.deliveries(self._plan, origin_ns) for unit in self._units]
        for delivery in heapq.merge(*flows, key=lambda delivery: (delivery.due_ns, delivery.stream_id)):
            if not self._pace.reach(delivery.due_ns):
                return
            if self._truth is not None:
                self._truth.write_until(delivery.due_ns * 1e-9)
            if isinstance(delivery.what, SampleBlock):
                listener.on_block(delivery.what)
            else:
                listener.on_state(delivery.stream_id, *delivery.what)
        if self._truth is not None:
            self._truth.write_until(self._plan.duration_s)


class _TruthFile:
    """The file of ``truth=``: one JSON line for each squeeze that is over."""

    def __init__(self, uri_text: str, path: Path, plan: Plan) -> None:
        try:
            self._file: TextIO = path.open("w", encoding="utf-8", buffering=1)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise SourceNotFoundError(
                f"'{uri_text}': the folder of truth={path} does not exist; make it first.", str(error)
            ) from error
        except (OSError, ValueError) as error:
            raise SourceBusyError(
                f"'{uri_text}': truth={path} cannot be written; name a file in a folder of yours.", str(error)
            ) from error
        self._coming: Iterator[Squeeze] = iter(plan)
        self._next = next(self._coming, None)

    def write_until(self, time_s: float) -> None:
        """Write the squeezes that have ended by a source time."""
        while self._next is not None and self._next.end_s <= time_s:
            self._file.write(json.dumps(self._next.to_dict()) + "\n")
            self._next = next(self._coming, None)

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._file.close()
