"""What is proposed for a foreign recording, and where nothing is."""

import pytest

from app.pipeline.propose import propose_map
from drivers.types import StreamInfo
from drivers.uri import COMPENSATOR_MUSCLES, PARTNER_MUSCLES, SITES


def streams(*names: str) -> list[StreamInfo]:
    return [StreamInfo("a", 1000.0, names)]


@pytest.mark.parametrize(
    ("names", "proposed"),
    [
        (("left", "right"), {"left": 1, "right": 2}),
        (("R GLUT MAX", "L GLUT MAX"), {"left": 2, "right": 1}),
        (("EMG rechts", "EMG links"), {"left": 2, "right": 1}),
        (("GluteLeft", "GluteRight", "BicepsFemorisLeft"), {"left": 1, "right": 2, "hamstring-left": 3}),
        (("gmax_l", "gmax_r", "es_l", "force (N)"), {"left": 1, "right": 2, "erector-left": 3}),
        (("ch1", "ch2"), {"left": 1, "right": 2}),
        (("EXG Channel 0", "EXG Channel 1", "Accel Channel 0 (g)"), {"left": 1, "right": 2}),
        (("gluteus maximus (right)",), {"right": 1}),
    ],
)
def test_names_tell_sites(names: tuple[str, ...], proposed: dict[str, int]):
    assert propose_map(streams(*names)) == proposed


@pytest.mark.parametrize(
    "names", [("a", "b", "c"), ("EMG",), ("trapezius left", "trapezius right", "x"), ("force (N)",)]
)
def test_nothing_is_proposed_where_no_glute_can_be_told(names: tuple[str, ...]):
    assert propose_map(streams(*names)) is None


def test_channels_count_through_all_streams():
    both = [StreamInfo("a", 1000.0, ("right glute",)), StreamInfo("b", 1000.0, ("left glute",))]
    assert propose_map(both) == {"left": 2, "right": 1}


@pytest.mark.parametrize("muscle", [*COMPENSATOR_MUSCLES, *PARTNER_MUSCLES])
def test_every_site_is_known_by_the_name_of_its_muscle(muscle: str):
    assert propose_map(streams("left", "right", f"{muscle} left")) == {"left": 1, "right": 2, f"{muscle}-left": 3}
    assert f"{muscle}-left" in SITES
