"""A signal in which every sample tells its own place, so that a wrong or shifted one is always seen."""

from pathlib import Path

import numpy as np

from app.session.calibration import Calibration
from app.session.events import ChannelInfo, Note, SessionStarted
from drivers.replay.formats.journal import Journal, open_journal
from drivers.types import Float32Array, SampleBlock, StreamInfo

SFREQ = 1000.0
BLOCK = 20
LSB = 0.5e-6
STREAM = StreamInfo("one", SFREQ, ("left", "right"), lsb=(LSB, LSB))
SESSION = SessionStarted(
    v=1,
    app="0.1.0",
    chain="1",
    utc_start="2026-11-20T14:30:05+00:00",
    person="P-017",
    programme="free",
    position="prone",
    source=["sim:healthy"],
    isolation="wireless",
    simulated=True,
    seed=1,
    channels=[
        ChannelInfo("left", "gluteus maximus", "uV", SFREQ),
        ChannelInfo("right", "gluteus maximus", "uV", SFREQ),
    ],
    calibration=None,
)
CALIBRATION = Calibration(id="c1", method="mvc", rest={"left": 2e-6}, reference={"left": 50e-6})


def known_samples(first_index: int, n_samples: int, n_channels: int = 2) -> Float32Array:
    """Samples of shape (n_samples, n_channels): a hash of index and channel, in steps of `LSB`."""
    index = np.arange(first_index, first_index + n_samples, dtype=np.uint64)[:, None]
    mixed = (index * np.uint64(n_channels) + np.arange(n_channels, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    steps = np.right_shift(mixed.astype(np.uint64), np.uint64(41)).astype(np.int64) - 2**22
    samples: Float32Array = (steps * LSB).astype(np.float32)
    return samples


def block(number: int, *, stream_id: str = "one", epoch: int = 0, n_lost: int = 0) -> SampleBlock:
    """Block `number` of an even row, arriving when its last sample is over."""
    first = number * BLOCK
    arrival_ns = round((first + BLOCK) * 1e9 / SFREQ)
    return SampleBlock(stream_id, known_samples(first, BLOCK), first, epoch, arrival_ns, n_lost)


def note(number: int) -> Note:
    return Note(t_s=float(number), text=f"note {number}")


def assert_all_true(journal: Journal) -> int:
    """Check every sample of a journal against the known signal; returns how many there are."""
    n_samples = 0
    for found in journal.blocks(0.0):
        truth = known_samples(found.first_index, found.n_samples)
        np.testing.assert_array_equal(found.samples.view(np.uint32), truth.view(np.uint32))
        n_samples += found.n_samples
    return n_samples


def count_true_samples(path: Path) -> int:
    journal = open_journal(path)
    try:
        return assert_all_true(journal)
    finally:
        journal.close()
