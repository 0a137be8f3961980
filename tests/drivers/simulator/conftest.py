"""Runs of the simulator, to their end and as fast as they go."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from drivers import registry
from drivers.conformance import Witness
from drivers.types import LinkState, SampleBlock, StreamInfo


@dataclass
class Run:
    """What came out of one source."""

    streams: list[StreamInfo]
    blocks: list[SampleBlock]
    states: list[tuple[str, LinkState, str]]

    def samples(self, stream: int = 0) -> NDArray[np.float64]:
        """Samples of a stream as they came, lost ones left out, shape (n_samples, n_channels)."""
        own = [block.samples for block in self.blocks_of(stream)]
        return np.concatenate(own).astype(np.float64)

    def blocks_of(self, stream: int) -> list[SampleBlock]:
        return [block for block in self.blocks if block.stream_id == self.streams[stream].stream_id]

    def filtered(self, site: str) -> NDArray[np.float64]:
        """Band-passed samples of a site of the first stream, shape (n_samples,)."""
        sos = signal.butter(2, (20, 450), "bandpass", fs=self.streams[0].sfreq, output="sos")
        return np.asarray(signal.sosfilt(sos, self.samples()[:, self.streams[0].ch_names.index(site)]))


@pytest.fixture(scope="session")
def run() -> Callable[[str], Run]:
    def to_the_end(text: str) -> Run:
        driver, witness = registry.create(f"{text}&speed=max"), Witness()
        try:
            streams = list(driver.open(witness))
            driver.start()
            assert witness.wait_until_closed(len(streams), 30.0)
        finally:
            driver.close()
        return Run(streams, witness.blocks, witness.states)

    return to_the_end
