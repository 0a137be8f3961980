"""Opens the sources of a session and finds out what they bring: streams, sites, calibration, isolation.

Also the one scan over a foreign file: a recording without a calibration is read once before it plays, so that its
bars have a scale from the first squeeze on.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

import msgspec
import numpy as np
import numpy.typing as npt

from app.pipeline.chain import ENERGY, StreamChain
from app.pipeline.feed import Feed, merged
from app.pipeline.montage import Montage, make_montage, source_sites
from app.session.calibration import Calibration
from drivers import registry
from drivers.base import Driver, DriverListener
from drivers.errors import DriverError, SourceFormatError, SourceUriError
from drivers.types import Carried, Isolation, SampleBlock, StreamInfo
from drivers.uri import TARGET_SITES, SourceUri, parse_uri
from dsp.envelope import hop_samples
from dsp.rest import levels_of_hops

Float64Array = npt.NDArray[np.float64]
FindCalibration = Callable[[tuple[str, ...], bool], Calibration]
"""Finds a calibration once it is known which sites are measured, and whether they are simulated."""
CalibrationChoice = Calibration | Literal["carried", "none"] | FindCalibration
_ISOLATION_ORDER: Final[tuple[Isolation, ...]] = ("none", "unknown", "isolated", "wireless")
"""From the most to the least care that is needed."""

_log = logging.getLogger(__name__)

UNALIGNED: Final = (
    "The recordings do not say when they began, or are played apart: no lag between the sides is given. "
    "Join recordings that carry '# start_utc=...', as fast as they go."
)


LEAST_SFREQ: Final = 50.0
"""Hz. The band of EMG begins at 20 Hz; what is sampled more slowly holds nothing of it."""


def _refuse_slow(name: str, streams: Sequence[StreamInfo]) -> None:
    for info in streams:
        if info.kind == "raw" and info.sfreq <= LEAST_SFREQ:
            raise SourceFormatError(
                f"'{name}' has {info.sfreq:.4g} samples a second, and EMG needs more than {LEAST_SFREQ:g}, better "
                "1000; let the device send faster, or correct the rate if it is wrong."
            )


def _is_file(driver: Driver) -> bool:
    return driver.uri.scheme == "file"


@dataclass(slots=True)
class Sources:
    """The open sources of one session.

    Attributes
    ----------
    uris : tuple of str
    drivers : tuple of Driver
    streams : tuple of StreamInfo
        Of all drivers.
    n_streams : tuple of int
        How many of them each driver brings.
    montage : Montage
    """

    uris: tuple[str, ...]
    drivers: tuple[Driver, ...]
    streams: tuple[StreamInfo, ...]
    n_streams: tuple[int, ...]
    montage: Montage

    @classmethod
    def create(cls, uris: Sequence[str]) -> tuple[Driver, ...]:
        """Build the drivers of all sources, so that every wrong URI is refused before any device is touched."""
        if len(uris) > 2:
            raise SourceUriError("At most two sources can be open at once, one for each glute.")
        return tuple(registry.create(uri) for uri in uris)

    @classmethod
    def open(cls, drivers: Sequence[Driver], listener_of: Callable[[int], DriverListener]) -> Self:
        """Open all sources; `listener_of` gives the listener of each, by its number. Of two, the first is the left.

        Raises
        ------
        DriverError
            Of whichever cannot be opened; the others are closed again.
        """
        streams: list[StreamInfo] = []
        n_streams: list[int] = []
        sites: list[dict[str, tuple[str, int]]] = []
        try:
            for number, driver in enumerate(drivers):
                infos = driver.open(listener_of(number))
                streams += infos
                n_streams.append(len(infos))
                channel_map = driver.uri.channel_map or _recorded_map(driver, infos)
                only_side = TARGET_SITES[number] if len(drivers) > 1 else None
                name = driver.uri.address if _is_file(driver) else driver.uri.text
                _refuse_slow(name, infos)
                sites.append(source_sites(name, infos, channel_map, only_side))
            ids = [info.stream_id for info in streams]
            if len(set(ids)) < len(ids):
                raise SourceUriError("The same source is named twice; give each side its own.")
            montage = make_montage(sites)
        except BaseException:
            _close(drivers)
            raise
        return cls(
            tuple(driver.uri.text for driver in drivers), tuple(drivers), tuple(streams), tuple(n_streams), montage
        )

    @property
    def paced(self) -> bool:
        """Whether samples come in real time (or a multiple of it) rather than as fast as they are taken."""
        return all(info.paced for info in self.streams)

    @property
    def simulated(self) -> bool:
        """Whether no living person is on the electrodes of any source."""
        return any(driver.simulated for driver in self.drivers)

    @property
    def foreign_recording(self) -> bool:
        """Whether every source is a foreign recording, which may be primed from its own first samples.

        A recording of ours is not: its replay starts from the state that the session itself started from.
        """
        return all(driver.uri.scheme == "file" and driver.carried.session is None for driver in self.drivers)

    @property
    def isolation(self) -> Isolation:
        """The isolation of the least isolated source."""
        return min((driver.isolation for driver in self.drivers), key=_ISOLATION_ORDER.index)

    @property
    def carried(self) -> tuple[Carried, ...]:
        """What the sources bring besides samples."""
        return tuple(driver.carried for driver in self.drivers)

    @property
    def offsets_ns(self) -> tuple[int, ...]:
        """How much later each source began than the first: recordings of one session, by their acquisition time."""
        began_ns = self.utc_ns
        if len(self.drivers) == 1 or began_ns is None:
            return (0,) * len(self.drivers)
        return tuple((brought.utc_ns or began_ns) - began_ns for brought in self.carried)

    @property
    def delays_ns(self) -> dict[str, int]:
        """How much later than the body each stream comes: what ``delay=`` says, in a replay that of its recording."""
        delays_s: list[float] = []
        for driver, n_streams in zip(self.drivers, self.n_streams, strict=True):
            made_from = _recorded_uris(driver)
            uris = made_from if len(made_from) == n_streams and not driver.uri.delay_s else [driver.uri] * n_streams
            delays_s += [uri.delay_s for uri in uris]
        return {info.stream_id: round(delay_s * 1e9) for info, delay_s in zip(self.streams, delays_s, strict=True)}

    @property
    def utc_ns(self) -> int | None:
        """When the earliest recording began, nanoseconds since 1970; None live, or where one does not say."""
        times = [brought.utc_ns for brought in self.carried]
        known = [utc_ns for utc_ns in times if utc_ns is not None]
        return min(known) if len(known) == len(times) and all(map(_is_file, self.drivers)) else None

    @property
    def aligned(self) -> bool:
        """Whether the sources share one time: one source, live ones, or recordings that know when they were made."""
        files = [driver for driver in self.drivers if _is_file(driver)]
        if len(self.drivers) == 1 or not files:
            return True
        if self.paced or len(files) < len(self.drivers):
            return False
        return all(brought.utc_ns is not None for brought in self.carried)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences the user should read about the sources."""
        notes = tuple(note for carried in self.carried for note in carried.notes)
        return notes if self.aligned else (*notes, UNALIGNED)

    def calibration(self, choice: CalibrationChoice) -> Calibration | None:
        """The calibration of the session: given, found or carried, a scan of a foreign file, or None."""
        if isinstance(choice, Calibration):
            return choice
        if not isinstance(choice, str):
            return choice(self.montage.sites, self.simulated)
        if choice == "none" or any(driver.uri.options.get("calibration") == "none" for driver in self.drivers):
            return None
        carried = [
            msgspec.convert(brought.calibration, Calibration)
            for brought in self.carried
            if brought.calibration is not None
        ]
        if len(carried) == len(self.drivers):
            return _joined(carried)
        return scan_levels(self) if self.foreign_recording else None

    def start(self) -> None:
        """Let the samples flow."""
        for driver in self.drivers:
            driver.start()

    def close(self) -> None:
        """Stop and let go of everything."""
        _close(self.drivers)


def _close(drivers: Sequence[Driver]) -> None:
    """Stop and close every driver; one that fails keeps no other open, and no recording from its end."""
    for driver in drivers:
        try:
            driver.stop()
            driver.close()
        except DriverError as error:
            _log.warning("%s (%s)", error.sentence, error.detail)


@contextmanager
def open_unpaced(drivers: Sequence[Driver]) -> Iterator[tuple[Sources, Iterator[SampleBlock]]]:
    """Open sources that run as fast as their blocks are taken, and close them again.

    Yields
    ------
    sources : Sources
        Not started yet.
    blocks : iterator of SampleBlock
        Of all sources, in merge order, to be taken once they are started.

    Raises
    ------
    DriverError
        Of whichever cannot be opened; at the end, of whichever ended too early.
    """
    feeds = [Feed() for _ in drivers]
    sources = Sources.open(drivers, lambda number: feeds[number])
    try:
        for feed, n_streams in zip(feeds, sources.n_streams, strict=True):
            feed.n_streams = n_streams
        yield sources, merged(feeds, sources.offsets_ns)
        for feed in feeds:
            feed.raise_fault()
    finally:
        for feed in feeds:
            feed.stop()
        sources.close()


def _recorded_uris(driver: Driver) -> list[SourceUri]:
    """The sources that a recording of ours was made from; none for anything else."""
    written = (driver.carried.session or {}).get("source")
    texts = [str(text) for text in written] if isinstance(written, list) else []
    try:
        return [parse_uri(text, registry.schemes()) for text in texts]
    except SourceUriError:
        return []  # made by a driver that is not installed here


def _recorded_map(driver: Driver, infos: Sequence[StreamInfo]) -> dict[str, int] | None:
    """The ``map=`` that a recording of ours was made with; channels count through all of its streams."""
    maps = [uri.channel_map for uri in _recorded_uris(driver)]
    if len(maps) == 1:
        return None if maps[0] is None else dict(maps[0])
    if len(maps) != len(infos) or None in maps:
        return None
    joined: dict[str, int] = {}
    n_before = 0
    for info, channel_map in zip(infos, maps, strict=True):
        joined |= {site: n_before + number for site, number in (channel_map or {}).items()}
        n_before += len(info.ch_names)
    return joined


def _joined(calibrations: list[Calibration]) -> Calibration:
    """One calibration of all sources; each knows its own sites."""
    first = calibrations[0]
    if len(calibrations) == 1:
        return first
    return Calibration(
        id="+".join(calibration.id for calibration in calibrations),
        method=first.method,
        rest={site: level for one in calibrations for site, level in one.rest.items()},
        reference={site: level for one in calibrations for site, level in one.reference.items()},
        tries={site: tries for one in calibrations for site, tries in one.tries.items()},
        age_s=first.age_s,
    )


def scan_levels(sources: Sources) -> Calibration | None:
    """Read recordings once from end to end and estimate rest and reference of every site.

    Parameters
    ----------
    sources : Sources
        Recordings; they are opened a second time, as fast as they can be read.

    Returns
    -------
    Calibration or None
        Of method ``session``: one reference for both sides, so that a weak side is not measured against its own
        weakness. None if no site has a signal long enough.
    """
    rest: dict[str, float] = {}
    reference: dict[str, float] = {}
    for driver in sources.drivers:
        for site, (low, high) in _scan(driver, sources.montage).items():
            if 0.0 < low < float("inf") and 0.0 < high < float("inf"):
                rest[site], reference[site] = low, high
    targets = [reference[side] for side in ("left", "right") if side in reference]
    if not targets:
        return None
    for side in ("left", "right"):
        if side in reference:
            reference[side] = max(targets)
    return Calibration(id="whole-file", method="session", rest=rest, reference=reference)


def _scan(driver: Driver, montage: Montage) -> dict[str, tuple[float, float]]:
    """Rest and reference of every site of one recording."""
    again = type(driver)(replace(driver.uri, options={**driver.uri.options, "speed": "max"}))
    feed = Feed()
    levels: dict[str, tuple[float, float]] = {}
    try:
        infos = again.open(feed)
        feed.n_streams = len(infos)
        chains: dict[str, StreamChain] = {}
        energies: dict[str, list[Float64Array]] = {}
        epochs: dict[str, int] = {}
        by_id = {info.stream_id: info for info in infos}
        again.start()
        for block in feed:
            columns = tuple(column for column, _ in montage.columns.get(block.stream_id, ()))
            if not columns:
                continue
            if epochs.get(block.stream_id) != block.epoch:
                epochs[block.stream_id] = block.epoch
                chains[block.stream_id] = StreamChain(by_id[block.stream_id], columns, prime="steady")
            energies.setdefault(block.stream_id, []).extend(chains[block.stream_id].push(block).rows[:, ENERGY])
        for stream_id, rows in energies.items():
            if not rows:
                continue  # shorter than the chain needs for its first hop
            energy = np.array(rows)
            hop_s = hop_samples(by_id[stream_id].sfreq) / by_id[stream_id].sfreq
            for column, (_, site) in enumerate(montage.columns[stream_id]):
                levels[montage.sites[site]] = levels_of_hops(energy[:, column], hop_s)
    finally:
        feed.stop()
        again.stop()
        again.close()
    return levels
