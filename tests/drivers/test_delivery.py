"""`Delivery`: the right stream, the right epoch, and nothing that its stream did not promise."""

import numpy as np
import pytest

from drivers.codec import Chunk
from drivers.conformance import Witness
from drivers.delivery import Delivery, stalled_after_s
from drivers.types import LinkState, StreamInfo

S = 1_000_000_000
LEFT = StreamInfo("umyo+usb:COM3:AA", 1000.0, ("emg",))
RIGHT = StreamInfo("umyo+usb:COM3:BB", 1000.0, ("emg",))


def chunk(first_index: int, n_channels: int = 1, *, unit: str = "", at_s: float = 0.0, n_lost: int = 0) -> Chunk:
    return Chunk(np.zeros((10, n_channels), np.float32), first_index, round(at_s * S), n_lost, unit)


def delivery(witness: Witness, *streams: StreamInfo) -> Delivery:
    made = Delivery(witness, streams or (LEFT,), silent_after_s=0.5, silent="Nothing comes.")
    made.begin_epoch(0)
    return made


def test_each_connection_is_an_epoch():
    witness = Witness()
    made = delivery(witness)
    made.deliver([chunk(0), chunk(13, n_lost=3)])
    made.begin_epoch(S)
    made.deliver([chunk(0)])
    assert [(b.epoch, b.first_index, b.n_lost) for b in witness.blocks] == [(0, 0, 0), (0, 13, 3), (1, 0, 0)]


def test_units_that_share_a_link_go_to_their_own_streams():
    witness = Witness()
    delivery(witness, LEFT, RIGHT).deliver([chunk(0, unit="BB"), chunk(0, unit="AA")])
    assert [block.stream_id for block in witness.blocks] == [RIGHT.stream_id, LEFT.stream_id]


def test_a_unit_that_was_not_there_at_the_beginning_is_left_out():
    witness = Witness()
    assert not delivery(witness, LEFT, RIGHT).deliver([chunk(0, unit="CC")])
    assert witness.blocks == []


def test_one_silent_unit_of_two_is_stalled_and_the_other_is_not():
    witness = Witness()
    made = delivery(witness, LEFT, RIGHT)
    made.deliver([chunk(0, unit="AA", at_s=1.0)])
    made.tell(LinkState.STREAMING, "", S)
    made.deliver([chunk(0, unit="BB", at_s=1.1)])
    assert witness.states == [
        (LEFT.stream_id, LinkState.STREAMING, ""),
        (RIGHT.stream_id, LinkState.STALLED, "Nothing comes."),
        (RIGHT.stream_id, LinkState.STREAMING, ""),
    ]


def test_other_channels_are_never_delivered_and_their_return_is_an_epoch():
    witness = Witness()
    made = delivery(witness)
    made.deliver([chunk(0), chunk(10, 2), chunk(20, 2)])
    made.tell(LinkState.STREAMING, "", 0)
    made.deliver([chunk(33, n_lost=3)])
    assert [(b.epoch, b.first_index, b.n_lost) for b in witness.blocks] == [(0, 0, 0), (2, 0, 0)]
    assert [state for _, state, _ in witness.states] == [
        LinkState.STREAMING, LinkState.UNAVAILABLE, LinkState.STREAMING,
    ]  # fmt: skip
    assert "other columns" in witness.states[1][2]


def test_a_state_is_told_once_unless_its_reason_changes():
    witness = Witness()
    made = delivery(witness)
    for reason in ("gone", "gone", "in use"):
        made.tell(LinkState.RECONNECTING, reason, 0)
    assert [reason for _, _, reason in witness.states] == ["gone", "in use"]


@pytest.mark.parametrize(("sfreq", "seconds"), [(1000.0, 0.5), (10.0, 0.5), (2.0, 2.5)])
def test_a_slow_stream_is_stalled_only_after_five_samples(sfreq: float, seconds: float):
    assert stalled_after_s(0.5, [StreamInfo("s", sfreq, ("emg",))]) == seconds
