from pathlib import Path

import pytest

from app.pipeline.programmes import load_programme, programme_ids
from app.session.programme import ProgrammeError

CHECK = Path(__file__).resolve().parents[2] / "assets" / "programmes" / "check.toml"


@pytest.mark.parametrize("name", programme_ids())
def test_every_programme_that_ships_loads_under_its_own_id(name: str):
    assert load_programme(name).id == name


def test_a_copy_of_a_programme_can_be_edited(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text(CHECK.read_text().replace('id = "check"', 'id = "mine"').replace("reps = 10", "reps = 3"))

    programme = load_programme(str(path))

    assert (programme.id, programme.phases[0].reps) == ("mine", 3)


def test_a_programme_that_is_no_text_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ProgrammeError, match="it is not text in UTF-8"):
        load_programme(str(path))
