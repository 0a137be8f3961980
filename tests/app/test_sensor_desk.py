"""The user's own sensors: put on a side, exchanged, forgotten; and the session that begins with them."""

import threading

import pytest

from app import sensor_desk
from app.pipeline.discovery import Finds
from app.pipeline.tap import TapResult, Taps
from app.sensor_desk import SensorDesk, in_order, placed
from app.settings import Sensor, Settings
from drivers.errors import SourceFormatError

A = Sensor("umyo:A", {"left": 1}, "A", "uMyo A")
B = Sensor("umyo:B", {"right": 1}, "B", "uMyo B")
BOX = Sensor("bitalino:X", {"left": 1, "right": 2, "hamstring-left": 3}, "X", "Box")


@pytest.fixture
def begun() -> list[tuple[str, ...]]:
    return []


@pytest.fixture
def desk(begun: list[tuple[str, ...]]) -> SensorDesk:
    return SensorDesk(Settings(), lambda uris: begun.append(tuple(uris)), lambda: begun.append(("knock",)))


def test_a_sensor_that_is_used_is_remembered_and_a_session_begins_with_it(desk: SensorDesk, begun):
    assert desk.use(A) == ""

    assert desk.remembered == (A,)
    assert begun == [("umyo:A?map=left:1",)]


def test_the_second_unit_joins_the_first_and_the_left_one_comes_first(desk: SensorDesk, begun):
    desk.use(B)
    desk.use(A)

    assert begun[-1] == ("umyo:A?map=left:1", "umyo:B?map=right:1")


def test_a_side_has_one_sensor():
    assert placed([A, B], Sensor("umyo:C", {"left": 1})) == [B, Sensor("umyo:C", {"left": 1})]


def test_a_sensor_that_loses_one_of_its_sites_keeps_the_others():
    kept, _ = placed([BOX], A)

    assert kept.sites == {"right": 2, "hamstring-left": 3}


def test_a_sensor_that_is_put_elsewhere_leaves_its_old_place():
    assert placed([A], Sensor("umyo:A", {"right": 1}, "A")) == [Sensor("umyo:A", {"right": 1}, "A")]


def test_a_sensor_at_another_port_is_still_the_same():
    assert placed([A], Sensor("umyo:A2", {"left": 1}, "A")) == [Sensor("umyo:A2", {"left": 1}, "A")]


def test_a_third_sensor_is_refused_with_what_to_do(desk: SensorDesk, begun):
    desk.use(A)
    desk.use(B)
    before = list(begun)

    assert "Forget one" in desk.use(Sensor("umyo:C", {"hamstring-left": 1}))
    assert desk.remembered == (A, B)
    assert begun == before


def test_swapping_exchanges_the_two_glutes_of_one_box(desk: SensorDesk, begun):
    desk.use(BOX)
    desk.swap()

    assert desk.remembered[0].sites == {"right": 1, "left": 2, "hamstring-left": 3}
    desk.swap()
    assert desk.remembered == (BOX,)


def test_swapping_puts_everything_of_a_unit_on_the_other_side(desk: SensorDesk, begun):
    desk.use(Sensor("umyo:A", {"left": 1, "hamstring-left": 2}, "A"))
    desk.use(B)
    desk.swap()

    assert begun[-1] == ("umyo:B?map=left:1", "umyo:A?map=right:1,hamstring-right:2")


def test_forgetting_the_last_sensor_brings_the_simulated_person(desk: SensorDesk, begun):
    desk.use(A)
    desk.forget("umyo:A")

    assert desk.remembered == ()
    assert begun[-1] == ()


def test_the_simulated_person_forgets_no_sensor(desk: SensorDesk, begun):
    desk.use(A)
    desk.simulate()
    assert begun[-1] == ()
    desk.reconnect()

    assert begun[-1] == tuple(in_order([A]))


def test_a_search_runs_elsewhere_and_once_at_a_time(desk: SensorDesk, monkeypatch: pytest.MonkeyPatch):
    let_go, started = threading.Event(), []

    def search(timeout_s: float):
        started.append(timeout_s)
        let_go.wait(10.0)
        yield Finds(problems=("Bluetooth is off.",))

    monkeypatch.setattr(sensor_desk, "search", search)
    desk.search()
    desk.search()
    assert not desk.finds.done
    let_go.set()
    assert desk._search is not None
    desk._search.join(10.0)

    assert len(started) == 1
    assert desk.finds.problems == ("Bluetooth is off.",)


def test_two_units_that_were_knocked_together_keep_what_they_differ_by(desk: SensorDesk, monkeypatch):
    desk.use(A)
    desk.use(B)
    monkeypatch.setattr(sensor_desk, "measure_taps", lambda uris, say, is_over: TapResult(-0.021, 0.002, 5))
    desk.measure_taps(lambda: False)

    assert in_order(desk.remembered) == ["umyo:A?map=left:1", "umyo:B?map=right:1&delay=21"]
    assert desk.taps.sentence.startswith("The right unit's samples come 21 ± 2 ms later.")


def test_units_that_felt_nothing_say_so_and_change_nothing(desk: SensorDesk, monkeypatch):
    def nothing(uris, say, is_over):
        say(2)
        assert desk.taps == Taps(running=True, n_knocks=2)
        raise SourceFormatError("Felt nothing.")

    desk.use(A)
    desk.use(B)
    monkeypatch.setattr(sensor_desk, "measure_taps", nothing)
    desk.tap()
    desk.measure_taps(lambda: False)

    assert desk.taps == Taps(sentence="Felt nothing.")
    assert desk.remembered == (A, B)
