"""The level of a muscle by Bayes' rule: steady while it holds, at once elsewhere when it moves.

A moving average must choose between a quick bar and a quiet one. This filter does not: it keeps the probability of
every level, and of whether the level is holding or moving, and so averages over seconds of a steady squeeze and over
hundredths of a second when one starts. It feeds a bar; nothing that is decided or stored comes from here.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FRAME_S: Final = 0.010
"""Frames of 5 ms are about 4 ms earlier on a step and cost twice the time."""

# Found by a search over simulated steps and ramps and real windows of constant force; `bench dsp` shows the result.
INDEPENDENT_HZ: Final = 130.0
"""Independent squares in a second of EMG: about twice its statistical bandwidth (80-120 Hz), less what force wavers."""
START_HZ: Final = 7.0
"""How often a level that holds begins to move."""
STOP_HZ: Final = 6.0
"""How often a level that moves comes to rest."""
STEP_HZ: Final = 40.0
"""How often a level that moves takes a step."""
STEP_NEPERS: Final = 0.5
"""Mean size of a step, up or down, in nepers (ln of the ratio of levels)."""
POWER: Final = 0.8
"""The bar is the mean of level ** POWER: nearer to 1 it rises earlier, because doubt reaches further up than down."""
DOUBT_NEPERS: Final = 0.037
"""What that mean reads above RMS while the level holds, at any rate and level (simulated); it is taken off again."""

CELL: Final = 0.1
N_BESIDE: Final = 45
"""Cells of the grid of ln(level) on either side of its centre: 4.5 nepers, a factor of 90 up and down."""
RECENTRE: Final = 2.0
"""Nepers from the centre at which the grid moves along."""

READY_S: Final = 0.05
"""Until then the level of a channel that has just (re)started is mostly the noise of its first frames."""

# Below the square of what any unit could mean, and far enough from zero that its inverse is a number.
_LEAST_ENERGY: Final = 1e-100


class FrameBayes:
    """Recursive Bayesian estimate of the amplitude of EMG, over hops, for all channels of a stream.

    Parameters
    ----------
    hop_s : float
        Seconds in a hop, see `dsp.envelope.hop_samples`.
    n_channels : int
        Channels of the stream.

    Notes
    -----
    EMG at a steady effort is noise whose standard deviation is the level g (Sanger 2007, J Neurophysiol 97:1839). A
    frame of n hops with mean square e and nu = `INDEPENDENT_HZ` x its length degrees of freedom has the likelihood
    ln L = -nu ln g - nu e / (2 g^2). Frames, not samples: neighbouring samples are correlated, and as independent ones
    they would be believed several times over.

    Where Sanger lets the level drift and, rarely, jump anywhere, here it either holds, without any drift, or moves in
    steps of Laplace-distributed size (a hidden Markov model of two modes, as in the interacting multiple models of Blom
    and Bar-Shalom 1988, IEEE Trans Autom Control 33:780, but exact, on a grid). Drift makes the last tenth of a rise
    slow and holding noisy; a jump to anywhere is too rare to find small steps; this needs neither.

    Each channel's grid is laid around its first frame and moves along with the level, so no unit, range or reference
    is known here: EMG times any factor gives the level times that factor.
    """

    def __init__(self, hop_s: float, n_channels: int) -> None:
        self._n_hops = max(1, round(FRAME_S / hop_s))
        frame_s = self._n_hops * hop_s
        self._n_ready = round(READY_S / frame_s)
        nu = INDEPENDENT_HZ * frame_s
        grid = CELL * np.arange(-N_BESIDE, N_BESIDE + 1)
        self._bounds = np.exp(2.0 * grid[[0, -1]])
        self._per_energy = -0.5 * nu * np.exp(-2.0 * grid)
        self._per_frame = -nu * grid
        self._start, self._stop, step = -np.expm1(-frame_s * np.array([START_HZ, STOP_HZ, STEP_HZ]))
        laplace = np.exp(-np.abs(grid - grid[:, np.newaxis]) / STEP_NEPERS)
        self._walk = (1.0 - step) * np.eye(len(grid)) + step * laplace / laplace.sum(axis=1, keepdims=True)
        self._moments = np.column_stack([np.ones(len(grid)), np.exp(POWER * grid)])

        self._n_summed = 0
        self._sum = np.zeros(n_channels)
        self._level = np.full(n_channels, np.nan)
        self._n_frames = np.zeros(n_channels, np.int64)  # since the channel (re)started, counted until it is ready
        self._all_ready = False
        self._centre = np.zeros(n_channels)  # ln of the level in the middle of the grid
        self._inverse = np.ones(n_channels)  # exp(-2 centre), which brings energies onto the grid
        self._p = np.ones((2, n_channels, len(grid)))  # probability: (holds, moves), channel, level

    def process(self, energy: FloatArray) -> FloatArray:
        """Take the next hop energies.

        Parameters
        ----------
        energy : ndarray of float64, shape (k, n_channels)
            Mean squares from `dsp.envelope.HopEnergy`.

        Returns
        -------
        ndarray of float64, shape (k, n_channels)
            Level at the end of each hop, in the unit of the samples, on the scale of their RMS; it changes
            with every frame. NaN where the hop is NaN or infinite and until `READY_S` of signal has come since,
            because a channel starts anew after a gap, with no memory of what was before.
        """
        levels = np.empty(energy.shape)
        for row, hop in enumerate(energy):
            self._sum = self._sum + hop
            self._n_summed += 1
            if self._n_summed == self._n_hops:
                self._level = self._step(self._sum / self._n_hops)
                self._sum = np.zeros(len(hop))
                self._n_summed = 0
            levels[row] = self._level
        known = np.isfinite(energy)
        return levels if known.all() else np.where(known, levels, np.nan)

    def _step(self, energy: FloatArray) -> FloatArray:
        """Move the probabilities on by one frame and return the level of each channel."""
        # Of a handful of channels plain numbers are several times faster than arrays of them.
        if not all(map(math.isfinite, energy.tolist())):
            known = np.isfinite(energy)
            energy[~known] = 1.0
            self._n_frames[~known] = -1
            self._all_ready = False
        energy = np.maximum(energy, _LEAST_ENERGY)
        on_grid = energy * self._inverse
        # What comes from far above the grid is as good as a new start, and followed at once.
        if not self._all_ready or max(on_grid.tolist()) > self._bounds[1]:
            self._n_frames += not self._all_ready
            for channel in ((on_grid > self._bounds[1]) | (self._n_frames == 1)).nonzero()[0]:
                self._p[:, channel] = 1.0
                self._lay_grid(channel, 0.5 * np.log(energy[channel]))
            on_grid = energy * self._inverse

        holds, moves = self._p
        flow = self._stop * moves - self._start * holds
        holds += flow
        moves -= flow
        moves[:] = moves @ self._walk
        on_grid = np.maximum(on_grid, self._bounds[0])
        self._p *= np.exp(on_grid[:, np.newaxis] * self._per_energy + self._per_frame)
        total, moment = ((holds + moves) @ self._moments).T
        self._p /= total[:, np.newaxis]
        height = np.log(moment / total) / POWER
        level: FloatArray = np.exp(height + self._centre - DOUBT_NEPERS)
        if not self._all_ready:
            level[self._n_frames < self._n_ready] = np.nan
            self._all_ready = bool((self._n_frames >= self._n_ready).all())
        for channel, above in enumerate(height.tolist()):
            if abs(above) > RECENTRE:
                self._recentre(channel, round(above / CELL))
        return level

    def _lay_grid(self, channel: int, centre: float) -> None:
        self._centre[channel] = centre
        self._inverse[channel] = np.exp(-2.0 * centre)

    def _recentre(self, channel: int, n_cells: int) -> None:
        moved = np.zeros_like(self._p[:, channel])
        if n_cells > 0:
            moved[:, :-n_cells] = self._p[:, channel, n_cells:]
        else:
            moved[:, -n_cells:] = self._p[:, channel, :n_cells]
        self._p[:, channel] = moved
        self._lay_grid(channel, self._centre[channel] + n_cells * CELL)
