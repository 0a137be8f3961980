"""A data set that came alone is checked by what stands in it."""

import json
import shutil
from pathlib import Path

import pytest

from app.main import main
from app.recording.finalise import finalise
from app.recording.verify_signal import find_signals, verify_signal
from tests.recording.known_signal import block
from tests.recording.making import session_of


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A data set of ours that somebody copied elsewhere."""
    finalise(session_of(tmp_path / "home" / "2026-11-20_143005_P-017", *map(block, range(100))))
    return Path(shutil.copytree(tmp_path / "home" / "bids", tmp_path / "away"))


def signal_of(dataset: Path) -> Path:
    (path,) = find_signals(dataset)
    return path


def test_a_copied_data_set_is_sound(dataset: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["verify", str(dataset)]) == 0
    assert "it is what it was" in capsys.readouterr().out
    assert verify_signal(signal_of(dataset)).is_sound


def test_one_changed_bit_of_the_signal_is_found(dataset: Path):
    path = signal_of(dataset)
    whole = bytearray(path.read_bytes())
    whole[-7] ^= 1
    path.write_bytes(whole)

    assert not verify_signal(path).is_sound
    assert main(["verify", str(dataset)]) == 1


def test_a_changed_journal_is_found(dataset: Path):
    (journal,) = dataset.glob("sourcedata/journal/*/journal.emj")
    journal.write_bytes(journal.read_bytes()[:-1])

    assert "is not what it was when the file was made of it" in verify_signal(signal_of(dataset)).sentences[0]


def test_a_sidecar_of_another_file_is_found(dataset: Path):
    path = signal_of(dataset)
    about = json.loads(path.with_suffix(".json").read_text())
    about |= {"EMGChannelCount": 8, "RecordingDuration": 77.0}
    path.with_suffix(".json").write_text(json.dumps(about))

    sentences = " ".join(verify_signal(path).sentences)
    assert "2 channels" in sentences
    assert "77.0 s" in sentences


def test_a_file_without_a_hash_is_not_called_what_it_was(dataset: Path):
    path = signal_of(dataset)
    path.with_suffix(".json").unlink()
    shutil.rmtree(dataset / "sourcedata")
    verdict = verify_signal(path)

    assert verdict.is_sound
    assert verdict.sentences[-1].startswith("No hash stands beside it")
