"""What every test stands on: no display needed, hypothesis without chance, and where the real recordings are."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings

settings.register_profile("glutewake", derandomize=True, deadline=None, database=None)
settings.load_profile("glutewake")

EMG = Path(__file__).resolve().parents[1] / "../shared/data/emg"


@pytest.fixture(scope="session")
def emg_folder() -> Path:
    """The folder of real recordings; tests that need one are skipped where it is not there."""
    if not EMG.is_dir():
        pytest.skip("the real recordings are not here")
    return EMG.resolve()
