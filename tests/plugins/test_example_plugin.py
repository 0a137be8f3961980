"""A driver from outside is installed like any package, and found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parent / "glutewake-example"
REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def with_plugin(tmp_path_factory) -> dict[str, str]:
    """Environment in which the plugin is installed."""
    source = tmp_path_factory.mktemp("source")
    for path in PLUGIN.rglob("*"):
        if path.is_file() and path.suffix in {".py", ".toml"}:
            copy = source / path.relative_to(PLUGIN)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    site = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--no-build-isolation", "--target", str(site), str(source)], check=True, timeout=120)
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(REPO)))}


def python(*args: str, env: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, *args], env=env, cwd=REPO, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_plugin_passes_its_own_test(with_plugin):
    own = ("-c", os.devnull, "--rootdir", str(PLUGIN), "-p", "no:cacheprovider")  # not with this repository's settings
    python("-m", "pytest", "-q", *own, str(PLUGIN / "test_example_driver.py"), env=with_plugin)


def test_an_installed_plugin_runs_a_session(with_plugin):
    lines = python("-m", "app", "live", "--source", "example:one", "--duration", "1", "--json", env=with_plugin)
    session, *_, summary = map(json.loads, lines.splitlines())
    assert session["source"] == ["example:one"]
    assert session["simulated"]
    assert summary["type"] == "summary"
