"""``cyton:`` on the real pyserial and a pseudo terminal with the virtual board behind it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from serial.tools import list_ports

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import SourceFormatError, SourceUriError
from drivers.openbci import cyton_driver
from drivers.openbci.cyton_driver import CytonDriver
from drivers.types import LinkState, StreamInfo
from drivers.uri import parse_uri
from tests.rigs.devices.cyton import Channel, CytonDevice
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0

Plug = Callable[[CytonDevice], PtyDevice[CytonDevice]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual board needs no time to think."""
    monkeypatch.setattr(cyton_driver, "QUIET_S", 0.05)
    monkeypatch.setattr(cyton_driver, "RESET_TIMEOUT_S", 0.5)
    monkeypatch.setattr(cyton_driver, "ANSWER_TIMEOUT_S", 0.5)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "port"


@pytest.fixture
def plug(port: Path) -> Iterator[Plug]:
    plugged: list[PtyDevice[CytonDevice]] = []

    def plug_in(device: CytonDevice) -> PtyDevice[CytonDevice]:
        plugged.append(PtyDevice(device, port))
        return plugged[-1]

    yield plug_in
    for device in plugged:
        device.close()


def cyton(port: Path, query: str = "") -> CytonDriver:
    return CytonDriver(parse_uri(f"cyton:{port}{query}", ["cyton"]))


def opened(port: Path, query: str = "") -> tuple[StreamInfo, CytonDriver]:
    driver = cyton(port, query)
    (stream,) = driver.open(Witness())
    return stream, driver


def refusal(port: Path, query: str = "") -> str:
    driver = cyton(port, query)
    with pytest.raises(SourceFormatError) as refused:
        driver.open(Witness())
    driver.close()
    return refused.value.sentence


def streamed(driver: CytonDriver, witness: Witness, n_blocks: int) -> np.ndarray:
    """What came in a run of so many blocks, without the runs before."""
    n_before = len(witness.blocks)
    witness.states.clear()
    driver.start()
    assert witness.wait_for_blocks(n_before + n_blocks, PATIENCE_S), witness.states
    driver.stop()
    blocks = witness.blocks[n_before:]
    assert not any(block.n_lost for block in blocks)
    assert blocks[0].first_index == 0
    assert len({block.epoch for block in blocks}) == 1
    return np.concatenate([block.samples for block in blocks])


def test_it_keeps_the_promises_of_a_driver(port: Path, plug: Plug):
    plug(CytonDevice())
    conformance.check(lambda: cyton(port, "?channels=1,2"))


def test_it_tells_what_a_stream_of_it_is(port: Path, plug: Plug):
    plug(CytonDevice())
    stream, driver = opened(port, "?gain=12")
    assert stream.stream_id == f"cyton:{port}"
    assert (stream.sfreq, stream.sfreq_known, stream.unit, stream.has_counter) == (250.0, False, "V", True)
    assert stream.ch_names == tuple(f"ch{i + 1}" for i in range(8))
    assert stream.full_scale == 0.375
    assert stream.lsb is not None
    assert stream.lsb[0] == pytest.approx(4.5 / 12 / 8_388_607)
    assert not stream.spectrum_valid
    driver.close()


@pytest.mark.parametrize("query", ["?map=left:1,right:2", "?channels=1,2"])
def test_channels_that_are_used_are_bipolar_and_the_others_are_off(query: str, port: Path, plug: Plug):
    device = plug(CytonDevice()).device
    _, driver = opened(port, query)
    driver.close()
    bipolar, off = Channel(srb2=False), Channel(off=True, input_type=1, bias=False, srb2=False)
    assert device.channels[:8] == [bipolar, bipolar, *[off] * 6]


def test_without_a_map_all_eight_channels_are_on(port: Path, plug: Plug):
    device = plug(CytonDevice()).device
    _, driver = opened(port, "?gain=4")
    driver.close()
    assert device.channels[:8] == [Channel(gain=4, srb2=False)] * 8


@pytest.mark.parametrize("query", ["?channels=1,2,7", "?gain=1", "?channels=1,12"])
def test_samples_are_those_that_were_measured(query: str, port: Path, plug: Plug):
    device = plug(CytonDevice(daisy="12" in query)).device
    driver, witness = cyton(port, query), Witness()
    driver.open(witness)
    samples = streamed(driver, witness, 20)
    driver.close()
    np.testing.assert_array_equal(samples, device.truth(0, len(samples)))


def test_a_second_start_begins_with_its_own_first_sample(port: Path, plug: Plug):
    device = plug(CytonDevice()).device
    driver, witness = cyton(port), Witness()
    driver.open(witness)
    for _ in range(2):
        samples = streamed(driver, witness, 20)
        np.testing.assert_array_equal(samples, device.truth(0, len(samples)))
    driver.close()
    assert {block.epoch for block in witness.blocks} == {0, 1}


def test_a_wire_that_drops_and_adds_bytes_costs_samples_but_gives_no_wrong_one(port: Path, plug: Plug):
    pty = plug(CytonDevice())
    driver, witness = cyton(port), Witness()
    driver.open(witness)
    pty.wire.drop = 0.001
    driver.start()
    for n_blocks in (30, 60, 90):
        assert witness.wait_for_blocks(n_blocks, PATIENCE_S), witness.states
        pty.wire.garbage = b"\x01\x02\xa0"
    driver.close()
    assert sum(block.n_lost for block in witness.blocks) > 0
    for block in witness.blocks:
        np.testing.assert_array_equal(block.samples, pty.device.truth(block.first_index, block.n_samples))


def test_a_daisy_that_is_not_needed_is_left_out_for_the_full_rate(port: Path, plug: Plug):
    device = plug(CytonDevice(daisy=True)).device
    stream, driver = opened(port, "?map=left:1,right:2")
    driver.close()
    assert (stream.sfreq, len(stream.ch_names)) == (250.0, 8)
    assert not device.daisy_is_used


def test_a_channel_above_8_takes_the_daisy_at_half_the_rate(port: Path, plug: Plug):
    plug(CytonDevice(daisy=True))
    stream, driver = opened(port, "?map=left:1,right:9")
    driver.close()
    assert (stream.sfreq, len(stream.ch_names)) == (125.0, 16)


def test_a_missing_daisy_is_said_in_words(port: Path, plug: Plug):
    plug(CytonDevice())
    assert "has no Daisy, so there is no channel 9; push the Daisy on" in refusal(port, "?map=left:1,right:9")


def test_a_dongle_without_a_board_is_said_in_words(port: Path, plug: Plug):
    plug(CytonDevice(board_is_on=False))
    assert "no Cyton answers it; switch the board to PC" in refusal(port)


def test_a_port_where_nothing_answers_is_said_in_words(port: Path, plug: Plug):
    plug(CytonDevice()).wire.mute = True
    assert "is it the dongle of a Cyton, with its switch on GPIO 6" in refusal(port)


class SettingsFall(CytonDevice):
    """A board that says `answer` to every channel setting."""

    answer = b""

    def _set(self, word: str) -> bytes:
        return self.answer


def test_a_board_that_confirms_nothing_is_said_in_words(port: Path, plug: Plug):
    plug(SettingsFall())
    assert "does not confirm its settings; bring it nearer" in refusal(port)


def test_a_board_that_refuses_is_said_in_words(port: Path, plug: Plug):
    device = SettingsFall()
    device.answer = b"Failure: too few chars$$$"
    plug(device)
    assert "refuses its settings; switch it off and on" in refusal(port)


class Stranger(CytonDevice):
    """Another device that happens to answer like a shell."""

    def receive(self, data: bytes) -> bytes:
        return b"what? $$$"


def test_a_device_that_is_no_cyton_is_said_in_words(port: Path, plug: Plug):
    plug(Stranger())
    assert refusal(port) == f"What answers on '{port}' is no Cyton; choose another port."


def test_a_board_that_still_streams_is_opened_all_the_same(port: Path, plug: Plug):
    pty = plug(CytonDevice())
    pty.device.receive(b"b")
    pty.await_samples(pty.n_sent + 50)
    stream, driver = opened(port)
    driver.close()
    assert stream.sfreq == 250.0


def test_after_a_replug_the_board_is_set_up_again_and_a_new_epoch_begins(port: Path, plug: Plug):
    pty = plug(CytonDevice())
    driver, witness = cyton(port, "?channels=1,2"), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(10, PATIENCE_S)
    pty.unplug()
    with witness.watched:
        assert witness.watched.wait_for(
            lambda: any(state is LinkState.RECONNECTING for _, state, _ in witness.states), PATIENCE_S
        )
    pty.device.receive(b"v")
    pty.plug()
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S)
    driver.close()
    again = [block for block in witness.blocks if block.epoch == 1]
    assert again[0].first_index == again[0].n_lost == 0
    assert not pty.device.channels[0].srb2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?gain=5", "gain=5 must be one of 1, 2, 4, 6, 8, 12, 24."),
        ("?gain=x", "gain=x must be one of"),
        ("?channels=a", "channels=a must be channel numbers with commas, as in channels=1,2."),
        ("?channels=1,", "channels=1, must be channel numbers"),
        ("?channels=0", "there is no channel 0; a Cyton has 1 to 8, and with a Daisy 1 to 16."),
        ("?channels=17", "there is no channel 17"),
        (
            "?map=left:1,right:3&channels=1,2",
            "map uses channel 3, which channels=1,2 leaves switched off; name it there too.",
        ),
        ("?map=left:1,right:99", "there is no channel 99"),
        ("?rate=500", "there is no option 'rate'"),
    ],
)
def test_a_wrong_option_is_refused_with_what_would_be_right(query: str, sentence: str):
    with pytest.raises(SourceUriError) as refused:
        cyton(Path("/dev/nowhere"), query)
    assert sentence in refused.value.sentence


def test_a_scan_finds_its_dongle_but_is_not_sure_of_it(monkeypatch: pytest.MonkeyPatch):
    def usb(device: str, product: str) -> SimpleNamespace:
        return SimpleNamespace(
            device=device, vid=0x0403, pid=0x6015, product=product, manufacturer="FTDI", serial_number="DM0"
        )

    monkeypatch.setattr(list_ports, "comports", lambda: [usb("/dev/ttyUSB0", "FT231X USB UART")])
    (found,) = CytonDriver.scan(0.0)
    assert (found.uri, found.key, found.sure) == ("cyton:/dev/ttyUSB0", "DM0", False)
