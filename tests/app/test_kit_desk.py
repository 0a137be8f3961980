"""What the pads are is said once for a kind of sensor, and goes into what is calibrated with it."""

import pytest

from app.kit_desk import KitDesk
from app.recording.errors import RecordingError
from app.recording.kit import KITS_NAME, Kit, read_kits
from app.session.calibration import Electrode

SOURCES = ("umyo:A?map=left:1", "umyo:B?map=right:1")


def desk(root):
    return KitDesk(lambda: root, lambda: SOURCES)


def test_a_kit_that_was_never_told_is_that_of_this_kind_of_sensor(tmp_path):
    assert desk(tmp_path).kit() == Kit(sources=("umyo:",))


def test_what_was_said_is_known_the_next_time(tmp_path):
    told = Kit(sources=("umyo:",), electrode_type="dry contacts", electrode_distance_mm=20.0)
    desk(tmp_path).keep(told)
    assert desk(tmp_path).kit() == told
    assert read_kits(tmp_path) == (told,)


def test_a_file_that_cannot_be_read_is_never_overwritten(tmp_path):
    (tmp_path / KITS_NAME).write_text("[[kits")
    assert desk(tmp_path).kit() == Kit(sources=("umyo:",))
    with pytest.raises(RecordingError, match="cannot be understood"):
        desk(tmp_path).keep(Kit(sources=("umyo:",)))
    assert (tmp_path / KITS_NAME).read_text() == "[[kits"


def test_a_calibration_takes_the_pads_of_the_kit():
    kit = Kit(sources=(), electrode_type="dry contacts", electrode_size_mm=10.0, skin_preparation="nothing done")
    assert kit.electrode == Electrode("dry contacts", 10.0, None, None, "nothing done")
