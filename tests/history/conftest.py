"""A history in a folder of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.history.store import NAME, open_history


@pytest.fixture(scope="session")
def empty_history(tmp_path_factory) -> Callable[[Path], Path]:
    """Lays an empty history into a folder; its tables are made once for all tests."""
    made = tmp_path_factory.mktemp("empty") / NAME
    open_history(made).close()
    return lambda folder: Path(shutil.copy(made, folder / NAME))


@pytest.fixture
def history(tmp_path, empty_history):
    with open_history(empty_history(tmp_path)) as history:
        yield history
