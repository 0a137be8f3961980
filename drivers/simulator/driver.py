"""`SimulatorDriver`: a person who is not there, as a source like any other.

Blocks and states leave on the thread named "sim", at true speed, at a multiple of it, or as fast as they are taken.
"""

import contextlib
import heapq
import json
import logging
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import ClassVar, TextIO

import numpy as np

from drivers.base import Driver, DriverListener
from drivers.errors import DriverError, SourceBusyError, SourceNotFoundError
from drivers.pace import Pace
from drivers.simulator import people
from drivers.simulator.options import Options
from drivers.simulator.plan import Plan, Squeeze
from drivers.simulator.signal import rest_levels
from drivers.simulator.unit import units_of
from drivers.types import Carried, DeviceInfo, Isolation, LinkState, SampleBlock, StreamInfo
from drivers.uri import SourceUri

_JOIN_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


class SimulatorDriver(Driver):
    """``sim:SCENARIO?seed=1&...``.

    A second ``start`` simulates the same person from the beginning.

    Parameters
    ----------
    uri : SourceUri
    pace : callable
        Makes the schedule of one run from the speed.
    """

    name: ClassVar[str] = "Simulated person"
    schemes: ClassVar[tuple[str, ...]] = ("sim",)
    isolation: ClassVar[Isolation] = "wireless"
    simulated = True

    def __init__(self, uri: SourceUri, *, pace: Callable[[float], Pace] = Pace) -> None:
        super().__init__(uri)
        self._options = Options.read(uri)
        self._plan = Plan(self._options)
        self._units = units_of(self._options)
        self._new_pace = pace
        self._pace: Pace | None = None
        self._listener: DriverListener | None = None
        self._thread: threading.Thread | None = None

    @property
    def carried(self) -> Carried:
        """The person's true calibration, or one as wrong as ``reference_error`` asks for."""
        options = self._options
        error = options.reference_error
        rng = np.random.default_rng([options.seed, *b"reference"])
        # Tries for the whole body, so that leaving the compensators out changes no other reference. Their mean is the
        # reference, so what it errs by is theirs over the root of three; careful ones happen to be right on average.
        if error is None:
            logs = np.tile(people.TRY_LOG_SD * np.array([[-1.0], [0.0], [1.0]]), len(people.BODY))
        else:
            logs = rng.normal(0.0, error * math.sqrt(people.N_TRIES), (people.N_TRIES, len(people.BODY)))
        drawn = dict(zip(people.BODY, (people.MVC_V * np.exp(logs)).T.tolist(), strict=True))
        tries = {site: drawn[site] for site in options.sites}
        reference = {site: math.exp(fmean(map(math.log, levels))) for site, levels in tries.items()}
        rest = zip(options.sites, rest_levels(options, options.sites), strict=True)
        return Carried(
            calibration={
                "id": "simulated",
                "method": "mvc",
                "rest": {site: float(level) for site, level in rest},
                "reference": reference,
                "tries": tries,
                "age_s": 0.0,
            }
        )

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the scenarios; they are always there."""
        return [DeviceInfo(f"sim:{name}", cls.name, case.sentence) for name, case in people.SCENARIOS.items()]

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Name the streams; nothing is simulated yet."""
        self._listener = listener
        return [unit.info for unit in self._units]

    def start(self) -> None:
        """Simulate from the beginning, and begin the file of ``truth=``, if one is asked for."""
        if self._listener is None:
            raise DriverError("The simulated person is not there yet.", "start() before open()")
        self.stop()
        path = self._options.truth
        truth = contextlib.nullcontext() if path is None else _TruthFile(self.uri.text, path, self._plan)
        self._pace = self._new_pace(self._options.speed)
        self._pace.start()
        self._thread = threading.Thread(
            target=self._run, args=(self._listener, self._pace, truth), name="sim", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop the flow and wait for the block that is under way."""
        if self._pace is None or self._thread is None:
            return
        self._pace.stop()
        self._thread.join(_JOIN_TIMEOUT_S)
        if self._thread.is_alive():
            _log.error("the listener of %s holds a block for more than %g s", self.uri.text, _JOIN_TIMEOUT_S)
        self._thread = None

    def close(self) -> None:
        """Stop; there is nothing else to let go of."""
        self.stop()
        self._listener = None

    def _run(
        self, listener: DriverListener, pace: Pace, truth: contextlib.AbstractContextManager["_TruthFile | None"]
    ) -> None:
        """Body of the thread "sim"."""
        try:
            with truth as file:
                reason = self._flow(listener, pace, file)
        except Exception:  # noqa: BLE001 - the thread's last handler: the user is told and the link closes
            reason = "The simulation failed; the log says why."
            _log.exception("%s failed", self.uri.text)
            self._tell(listener, LinkState.UNAVAILABLE, reason)
        self._tell(listener, LinkState.CLOSED, reason)

    def _flow(self, listener: DriverListener, pace: Pace, truth: "_TruthFile | None") -> str:
        """Hand over everything in the order of source time; say why it came to an end."""
        flows = [unit.deliveries(self._plan, pace.origin_ns) for unit in self._units]
        for delivery in heapq.merge(*flows, key=lambda delivery: (delivery.due_ns, delivery.stream_id)):
            if not pace.reach(delivery.due_ns):
                return "stopped"
            if truth is not None:
                truth.write_until(delivery.due_ns * 1e-9)
            if isinstance(delivery.what, SampleBlock):
                listener.on_block(delivery.what)
            else:
                listener.on_state(delivery.stream_id, *delivery.what)
        return "end of the simulation"

    def _tell(self, listener: DriverListener, state: LinkState, reason: str) -> None:
        for unit in self._units:
            listener.on_state(unit.info.stream_id, state, reason)


class _TruthFile(contextlib.AbstractContextManager["_TruthFile"]):
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

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write_until(self, time_s: float) -> None:
        """Write the squeezes that have ended by a source time."""
        while self._next is not None and self._next.end_s <= time_s:
            self._file.write(json.dumps(self._next.to_dict()) + "\n")
            self._next = next(self._coming, None)
