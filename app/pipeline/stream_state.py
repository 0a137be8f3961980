"""Where the engine is with each of its streams."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.pipeline.chain import StreamChain
from app.pipeline.flow import Flow
from drivers.types import StreamInfo


@dataclass(slots=True)
class EpochSpan:
    """Session times of the ends of an epoch, by sample index."""

    first_index: int
    start_s: float
    end_index: int = 0
    end_s: float = 0.0


@dataclass(slots=True)
class StreamState:
    """One stream's chain in its running epoch."""

    info: StreamInfo
    columns: tuple[int, ...]
    sites: npt.NDArray[np.intp]
    epoch: int | None = None
    chain: StreamChain | None = None
    end_index: int = 0
    n_received: int = 0
    n_lost: int = 0
    first_epoch: EpochSpan | None = None
    flow: Flow = field(default_factory=Flow)
