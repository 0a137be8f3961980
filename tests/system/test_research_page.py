"""The lines of Python that the guide gives to researchers, run as they stand there on a session recorded as it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "research.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def glutewake(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "app", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=40, check=True
    ).stdout  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A session, its lines, and the data set made of it."""
    folder: Path = tmp_path_factory.mktemp("research")
    (live,) = re.findall(r"glutewake live (.*) > lines\.jsonl", PAGE)
    lines = glutewake(folder, "live", *(word.strip('"') for word in live.split()))
    (folder / "lines.jsonl").write_text(lines, encoding="utf-8")
    glutewake(folder, "recover", "recordings")
    shutil.copytree(folder / "recordings" / "bids-simulated", folder / "bids")
    return folder


@pytest.mark.parametrize(("block", "says"), list(zip(BLOCKS, ("1000.0 Hz", "lag of the last"), strict=True)))
def test_the_python_of_the_guide_runs_as_it_stands_there(folder, block, says):
    assert len([line for line in block.splitlines() if line and not line.startswith(("import", "from"))]) <= 10
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=folder, capture_output=True, text=True, timeout=40, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
