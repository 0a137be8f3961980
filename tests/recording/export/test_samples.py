"""Parquet: every sample, with its time, or nothing."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from app.recording.errors import RecordingError
from app.recording.export.choice import choose
from app.recording.export.samples import METADATA_KEY, write_parquet
from tests.rigs.sessions import samples, write_session


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("parquet")
    write_session(root / "in", person="P-017", start="2026-11-20T14:30:05+00:00")
    chosen = choose([root / "in"], person=None, since=None, simulated=False)
    (written,) = write_parquet(chosen.sessions, root / "out")
    return written


def test_every_sample_has_its_time_and_its_number_in_microvolts(path: Path):
    table = pq.read_table(path)
    assert table.column_names == ["time_s", "left_uV", "right_uV"]
    np.testing.assert_allclose(table["time_s"], np.arange(550) / 1000, atol=1e-9)
    truth = samples(550) * 1e6
    there = np.r_[0:300, 350:550]
    np.testing.assert_allclose(np.array(table["left_uV"].to_pylist(), dtype=float)[there], truth[there, 0], rtol=1e-6)


def test_lost_samples_are_null_and_keep_the_time_axis(path: Path):
    nothing = pq.read_table(path)["right_uV"].is_null().to_numpy()
    assert np.flatnonzero(nothing).tolist() == list(range(300, 350))


def test_the_file_says_what_it_is(path: Path):
    about = json.loads(pq.read_schema(path).metadata[METADATA_KEY])
    assert about["person"] == "P-017"
    assert about["sfreq"] == 1000.0
    assert about["reference"] == {"left": 50.0, "right": 60.0}
    assert about["simulated"] is False


def test_a_session_without_samples_is_refused_and_leaves_no_file(tmp_path: Path):
    write_session(tmp_path / "in", person="P-017", start="2026-11-20T14:30:05+00:00", n_blocks=0)
    chosen = choose([tmp_path / "in"], person=None, since=None, simulated=False)
    with pytest.raises(RecordingError, match="holds no samples"):
        write_parquet(chosen.sessions, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
