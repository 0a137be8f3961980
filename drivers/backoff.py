"""How long to wait before the next try to reach a device again. Pure."""

import random
from collections.abc import Iterator

FIRST_S = 0.25
LONGEST_S = 4.0
JITTER = 0.2


def retry_delays(rng: random.Random) -> Iterator[float]:
    """Yield seconds to wait before each try: 0.25 s, doubling to 4 s, each up to 20 % more or less, for ever.

    Parameters
    ----------
    rng : random.Random
        Spreads the tries, so that two units that were lost together do not meet again at every try.
    """
    delay_s = FIRST_S
    while True:
        yield delay_s * rng.uniform(1 - JITTER, 1 + JITTER)
        delay_s = min(2 * delay_s, LONGEST_S)
