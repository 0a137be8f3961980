"""``sim:SCENARIO``: a simulated person with electrodes on, and the truth about them."""

from drivers.simulator.plan import Squeeze, truth

__all__ = ["Squeeze", "truth"]
