"""What a sensor kit is made of is asked once and kept where a person can mend it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recording.errors import RecordingError
from app.recording.kit import KITS_NAME, Kit, kit_of, read_kits, remember_kit
from app.session.calibration import Electrode

UMYO = Kit(sources=("umyo:",), manufacturer="uDevices", electrode_distance_mm=25.0)


def test_a_kit_is_kept_and_replaces_the_one_of_the_same_sources(tmp_path):
    remember_kit(tmp_path, UMYO)
    remember_kit(tmp_path, Kit(sources=("cyton:",)))
    remember_kit(tmp_path, Kit(sources=("umyo:", "umyo+usb:"), model="v3"))
    assert [kit.sources for kit in read_kits(tmp_path)] == [("cyton:",), ("umyo:", "umyo+usb:")]


@given(text=st.text(max_size=40))
def test_any_text_survives(text, tmp_path_factory):
    root = tmp_path_factory.mktemp("kits")
    remember_kit(root, Kit(sources=("x:",), placement=text))
    assert read_kits(root)[0].placement == text


def test_the_longest_beginning_decides_and_without_one_nothing_is_known(tmp_path):
    one = Kit(sources=("umyo:left",), model="one")
    assert kit_of([UMYO, one], ["umyo:left?map=left:1"]).model == "one"
    assert kit_of([UMYO, one], ["umyo:right"]).manufacturer == "uDevices"
    assert kit_of([UMYO], ["cyton:COM3"]) == Kit(sources=())


def test_nothing_asked_yet_is_no_error(tmp_path):
    assert read_kits(tmp_path) == ()


@pytest.mark.parametrize("text", ["[[kits", "[[kits]]\nsources = 3", "[[kits]]\nnope = 1\nsources=[]", "\xff"])
def test_a_file_that_cannot_be_understood_is_refused_in_one_sentence(tmp_path: Path, text: str):
    (tmp_path / KITS_NAME).write_bytes(text.encode("latin-1"))
    with pytest.raises(RecordingError, match="cannot be understood"):
        read_kits(tmp_path)


def test_the_pads_of_the_calibration_win_over_those_of_the_kit():
    kit = Kit(sources=(), electrode_type="dry", electrode_distance_mm=25.0, skin_preparation="none")
    pads = Electrode(type="pre-gelled", spacing_mm=20.0)
    told = kit.with_pads(pads)
    assert (told.electrode_type, told.electrode_distance_mm, told.skin_preparation) == ("pre-gelled", 20.0, "none")
