"""The waits between tries to reach a device again."""

import random
from itertools import islice

from drivers.backoff import retry_delays


class Middle(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def test_the_waits_double_from_a_quarter_of_a_second_to_four_and_stay_there():
    assert list(islice(retry_delays(Middle()), 7)) == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]


def test_every_wait_is_spread_by_a_fifth_and_repeats_with_the_seed():
    waits = list(islice(retry_delays(random.Random(1)), 200))
    assert waits == list(islice(retry_delays(random.Random(1)), 200))
    assert all(3.2 <= wait <= 4.8 for wait in waits[4:])
    assert max(waits[4:]) - min(waits[4:]) > 1.0
