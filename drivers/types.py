"""The types that every driver produces and the application consumes.

They are plain frozen data: a block of samples, what a stream is, what a scan found. Frozen by
``tests/contract``: whoever changes one changes that test and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]

Unit = Literal["V", "counts"]
StreamKind = Literal["raw", "envelope"]
Isolation = Literal["wireless", "isolated", "none", "unknown"]


class LinkState(StrEnum):
    """What a link is doing, in the words of the JSON contract."""

    CONNECTING = "connecting"
    STREAMING = "streaming"
    STALLED = "stalled"
    RECONNECTING = "reconnecting"
    UNAVAILABLE = "unavailable"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What one stream of samples is. A driver may bring several.

    Attributes
    ----------
    stream_id : str
        Unique among the open sources, and the same when the same source is opened again.
    sfreq : float
        Sampling frequency in Hz, nominal or measured.
    sfreq_known : bool
        False if ``sfreq`` was measured from arrival times and must be fitted, not believed.
    ch_names : tuple of str
        One name per channel. A site of the body (``left``, ``hamstring-right``) where the source knows it.
    unit : {'V', 'counts'}
        Unit of the samples. With ``'counts'`` the gain is unknown and no microvolt may be shown.
    lsb : tuple of float or None
        ``unit`` per digital step for each channel, where samples are whole multiples of it; else None.
    kind : {'raw', 'envelope'}
        ``'envelope'`` streams are already rectified and smoothed: no band-pass, no lag, no spectrum.
    has_counter : bool
        True if the device numbers its samples, so that loss is counted rather than guessed.
    paced : bool
        True if blocks come in real time (or at a multiple of it); False if as fast as they are taken.
    full_scale : float or None
        Largest magnitude the converter can give, in ``unit``; None if unknown.
    spectrum_valid : bool
        False if the device folds or cuts the spectrum of the muscle (an analogue front end wider than half its rate):
        envelope, counts and timing hold, median frequency does not.
    """

    stream_id: str
    sfreq: float
    ch_names: tuple[str, ...]
    unit: Unit = "V"
    sfreq_known: bool = True
    lsb: tuple[float, ...] | None = None
    kind: StreamKind = "raw"
    has_counter: bool = True
    paced: bool = True
    full_scale: float | None = None
    spectrum_valid: bool = True


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Consecutive samples of one stream, as the driver received them.

    Attributes
    ----------
    stream_id : str
        The stream of `StreamInfo` that the samples belong to.
    samples : ndarray of float32, shape (n_samples, n_channels)
        In ``StreamInfo.unit``. NaN marks samples that the source itself knows to be missing.
    first_index : int
        Number of ``samples[0]`` since the epoch began; wraps of the device counter are already undone.
    epoch : int
        Grows by one at every (re)connection or counter reset; indices compare only inside an epoch.
    arrival_ns : int
        ``time.perf_counter_ns()`` at the first line of the receive callback. Simulator and replay stamp the
        schedule instead, in source time, so that the same seed or file gives the same stamps at any speed.
    n_lost : int
        Samples missing directly before this block, inside the epoch.
    """

    stream_id: str
    samples: Float32Array
    first_index: int
    epoch: int
    arrival_ns: int
    n_lost: int = 0

    @property
    def n_samples(self) -> int:
        """Number of samples in the block."""
        return int(self.samples.shape[0])


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One thing that a scan found.

    Attributes
    ----------
    uri : str
        What to write after ``--source`` to open it.
    name : str
        What a person would call it.
    detail : str
        Anything that tells it from its neighbours: port, serial number, maker.
    key : str
        What stays when port or name change: Bluetooth address or USB serial number. Empty where there is none.
    sure : bool
        False if the same chip sits in devices of other families too: the user says which one it is.
    rssi_dbm : int or None
        Signal strength in dBm, for radio alone.
    battery_pct : float or None
        Charge, where the device tells it without being connected.
    """

    uri: str
    name: str
    detail: str = ""
    key: str = ""
    sure: bool = True
    rssi_dbm: int | None = None
    battery_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Vitals:
    """How a connected unit is doing, besides its samples.

    Attributes
    ----------
    battery_pct : float or None
        Charge in per cent, 0 to 100; None if the device does not tell.
    rssi_dbm : int or None
        Signal strength in dBm when it was last heard; None for wires.
    latency_timer_ms : float or None
        How long the USB chip gathers bytes before it hands them over; None where there is no such timer.
    test_signal : bool
        True while the device sends a signal of its own making: shown as TEST SIGNAL, never taken for a muscle.
    """

    battery_pct: float | None = None
    rssi_dbm: int | None = None
    latency_timer_ms: float | None = None
    test_signal: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What a source brings along besides samples.

    Attributes
    ----------
    calibration : mapping or None
        JSON form of ``app.session.calibration.Calibration``: the simulator's true one, or the one that a
        recording was made with. None if the source has none.
    session : mapping or None
        The ``session`` line of the recording that is replayed; None for anything that is not a recording of ours.
    """

    calibration: Mapping[str, object] | None = None
    session: Mapping[str, object] | None = None
    notes: tuple[str, ...] = field(default=())
    """Sentences the user should read about this source, e.g. that the last line of a file was cut."""
    utc_ns: int | None = None
    """Wall clock at source time zero, nanoseconds since 1970 UTC; None where it is not known. Joins two recordings."""
    acts: tuple[Mapping[str, object], ...] = ()
    """The ``act`` lines of the recording that is replayed: what changed how its session went."""
