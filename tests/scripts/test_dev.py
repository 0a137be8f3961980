"""dev.py keeps its promises on systems that are not this one; nothing here installs or downloads anything."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import dev

REPOSITORY = Path(__file__).resolve().parents[2]
Calls = list[list[str]]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty clone of the repository, on a Linux system that lacks nothing."""
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((REPOSITORY / name).read_bytes())
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(dev, "DEV_LOCK", tmp_path / "requirements-dev.lock")
    monkeypatch.setattr(dev, "PROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "is_loadable", lambda library: True)
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    return tmp_path


@pytest.fixture
def calls(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Commands that dev.py starts; none really runs, but a made .venv gets its Python and pip."""
    seen: Calls = []

    def call(*command: str | Path, **_: object) -> int:
        seen.append([str(part) for part in command])
        if "venv" in command:
            python = dev.venv_program("python")
            python.parent.mkdir(parents=True)
            python.touch()
        return 0

    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(dev, "has_pip", lambda: dev.venv_program("python").exists())
    return seen


@pytest.fixture
def a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)


# -- setup ---------------------------------------------------------------------------------------------------------


def test_first_setup_installs_the_lock_by_hash_and_then_the_project_alone(calls: Calls, clone: Path) -> None:
    dev.setup()
    venv, locked, project, compiled = calls
    assert venv == [sys.executable, "-m", "venv", str(clone / ".venv")]
    assert {"--require-hashes", "--only-binary", str(clone / "requirements.lock")} <= set(locked)
    assert project[-4:] == ["--no-deps", "--no-build-isolation", "-e", str(clone)]
    assert compiled[-3:] == [str(clone / part) for part in ("app", "drivers", "dsp")]


def test_the_users_pip_configuration_is_left_alone(calls: Calls) -> None:
    dev.setup()
    assert not [part for command in calls for part in command if "index" in part or part == "--isolated"]


def test_second_setup_does_nothing(calls: Calls) -> None:
    dev.setup()
    calls.clear()
    dev.setup()
    assert calls == []


def test_tests_need_more_than_the_application_and_both_live_in_one_environment(calls: Calls, clone: Path) -> None:
    dev.setup()
    calls.clear()
    dev.setup(for_tests=True)
    assert str(clone / "requirements-dev.lock") in calls[0]

    calls.clear()
    dev.setup()
    assert calls == []


@pytest.mark.parametrize("changed", ["requirements.lock", "requirements-dev.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_into_the_environment_that_is_there(
    calls: Calls, clone: Path, changed: str
) -> None:
    dev.setup()
    calls.clear()
    with (clone / changed).open("a") as file:
        file.write("\n")
    dev.setup()
    assert [command[2] for command in calls] == ["pip", "pip", "compileall"]


def test_a_moved_folder_is_set_up_again(calls: Calls, monkeypatch: pytest.MonkeyPatch, clone: Path) -> None:
    dev.setup()
    calls.clear()
    monkeypatch.setattr(dev, "ROOT", clone / "elsewhere")
    dev.setup()
    assert len(calls) == 3


def test_an_environment_whose_python_has_gone_is_made_again(calls: Calls) -> None:
    dev.setup()
    dev.venv_program("python").unlink()
    dev.venv_program("python").parent.rmdir()
    calls.clear()
    dev.setup()
    assert "venv" in calls[0]


def test_a_failed_install_is_told_and_tried_again_next_time(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    works = dev.call
    monkeypatch.setattr(dev, "call", lambda *command, **_: 1 if "pip" in command else works(*command))
    with pytest.raises(dev.UserError, match="did not work"):
        dev.setup()
    monkeypatch.setattr(dev, "call", works)
    calls.clear()
    dev.setup()
    assert len(calls) == 3


def test_an_environment_without_pip_counts_as_none(clone: Path) -> None:
    assert not dev.has_pip()


# -- systems that cannot -------------------------------------------------------------------------------------------


def sentence_of(refuse: Callable[[], object]) -> str:
    """Text of the refusal, which must be one line."""
    with pytest.raises(dev.UserError) as refusal:
        refuse()
    text = str(refusal.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 15, 0)])
def test_a_too_old_or_too_new_python_gets_one_sentence(
    clone: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert f"Python 3.11 to 3.14, but this is 3.{version[1]}" in sentence_of(dev.setup)


def test_an_old_glibc_gets_one_sentence(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.31"))
    assert "glibc 2.34 or newer, but this system has 2.31" in sentence_of(dev.setup)


@pytest.mark.parametrize(("libc", "machine"), [(("", ""), "x86_64"), (("glibc", "2.39"), "riscv64")])
def test_a_system_without_qt_packages_gets_one_sentence(
    clone: Path, monkeypatch: pytest.MonkeyPatch, libc: tuple[str, str], machine: str
) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: libc)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert "glibc on x86_64 or aarch64" in sentence_of(dev.setup)


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_lack_no_package(clone: Path, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(dev, "is_loadable", lambda library: False)
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert dev.missing_packages(for_tests=True, for_venv=True) == []
    dev.refuse_old_systems()


def test_programs_are_found_where_windows_keeps_them(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dev.venv_program("pytest") == clone / ".venv" / "bin" / "pytest"
    monkeypatch.setattr(sys, "platform", "win32")
    assert dev.venv_program("pytest") == clone / ".venv" / "Scripts" / "pytest.exe"


# -- what Debian must add ------------------------------------------------------------------------------------------


def test_a_user_gets_all_missing_packages_in_one_command(
    calls: Calls, a_user: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "is_loadable", lambda library: library not in ("libEGL.so.1", "libpulse.so.0"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    expected = "sudo apt-get install -y --no-install-recommends libegl1 libpulse0 python3-venv"
    assert sentence_of(dev.setup).endswith(expected)
    assert calls == []


def test_only_the_tests_ask_for_what_only_tests_need(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert dev.missing_packages(for_tests=False, for_venv=False) == []
    assert dev.missing_packages(for_tests=True, for_venv=False) == ["xvfb", "dbus"]


def test_a_linux_without_apt_is_told_what_to_look_for(
    clone: Path, a_user: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert "xvfb dbus with your package manager" in sentence_of(lambda: dev.setup(for_tests=True))


def test_root_installs_them_and_fetches_the_package_list_only_if_needed(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    tries: Calls = []

    def first_try(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        tries.append(command)
        return subprocess.CompletedProcess(command, returncode=100 if len(tries) == 1 else 0)

    monkeypatch.setattr(subprocess, "run", first_try)
    dev.install_packages(["libegl1"])
    assert calls[0] == ["apt-get", "update", "-qq"]
    assert calls[1][:5] == ["apt-get", "install", "-y", "--no-install-recommends", "libegl1"]
    calls.clear()
    dev.install_packages(["libegl1"])
    assert calls == []


# -- the commands --------------------------------------------------------------------------------------------------


def test_run_without_a_display_offers_the_command_without_a_window(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert dev.main(["run"]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "no display" in sentence
    assert sentence.endswith("glutewake live --source sim:waking-left")


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_run_opens_the_window_where_there_is_a_display(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, ":0")
    assert dev.main(["run"]) == 0
    assert calls[-1] == [str(dev.venv_program("glutewake"))]


def test_run_passes_arguments_on_and_needs_no_display_for_them(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert dev.main(["run", "live", "--json"]) == 0
    assert calls[-1][1:] == ["live", "--json"]


def test_the_exit_code_of_the_tests_is_passed_on(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.setup(for_tests=True)
    monkeypatch.setattr(dev, "call", lambda *command, **_: 3)
    assert dev.main(["test", "-k", "onset"]) == 3


def test_check_goes_on_after_a_failure_and_names_it(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.setup(for_tests=True)
    seen: list[tuple[str, ...]] = []

    def call(program: Path, *args: str, **_: object) -> int:
        seen.append(args[:2])
        return int("mypy" in args)

    monkeypatch.setattr(dev, "call", call)
    assert dev.main(["check"]) == 1
    modules = ["ruff", "ruff", "mypy", "codespell_lib", "scripts.licences"]
    assert [module for _, module in seen if "import" not in module] == modules
    assert len(seen) == 6
    assert capsys.readouterr().out.splitlines()[-1] == "Failed: types."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_program_that_a_signal_ended_fails_as_in_a_shell() -> None:
    assert dev.call(sys.executable, "-c", "import os; os.kill(os.getpid(), 9)") == 137


def test_bench_says_so_where_there_is_nothing_to_measure(calls: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["bench"]) == 1
    assert "nothing to measure" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["tset"]])
def test_a_wrong_command_gets_the_usage(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(argv) == 2
    assert "dev.py run" in capsys.readouterr().err


# -- the lock ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_no_path(name: str) -> None:
    assert dev.foreign_lines((REPOSITORY / name).read_text()) == []


def test_both_locks_pin_the_same_versions_and_the_application_ships_without_test_tools() -> None:
    def pins(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (REPOSITORY / name).read_text().splitlines() if "==" in line}

    assert pins("requirements.lock") < pins("requirements-dev.lock")
    assert not {pin for pin in pins("requirements.lock") if pin.startswith(("pytest", "mypy", "mne", "brainflow"))}


@pytest.mark.parametrize(
    "line",
    ["--index-url https://example.org/simple", "numpy @ https://example.org/n.whl", "-e /home/me", "--find-links x"],
)
def test_a_lock_with_a_host_or_a_path_would_be_refused(line: str) -> None:
    assert dev.foreign_lines(f"numpy==2.4.6 \\\n    --hash=sha256:{'0' * 64}\n{line}\n") == [line]


@pytest.mark.parametrize(("line", "code"), [("", 0), ("--index-url https://example.org/simple\n", 1)])
def test_a_new_lock_replaces_the_old_one_only_if_it_is_pure(
    clone: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: int
) -> None:
    new, old = f"numpy==9.9 \\\n    --hash=sha256:{'0' * 64}\n{line}", dev.LOCK.read_text()

    def call(*command: str | Path, **_: object) -> int:
        if "-o" in command:
            Path(command[command.index("-o") + 1]).write_text(new)
        return 0

    monkeypatch.setattr(dev, "call", call)
    assert dev.main(["lock"]) == code
    assert dev.LOCK.read_text() == (old if code else new)


def test_the_lock_serves_windows_and_every_python() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text()
    assert "sys_platform == 'win32'" in lock
    assert "python_full_version >= '3.12'" in lock
    assert "hatchling==" in lock


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_that_was_asked_for_is_output_and_no_error(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([flag]) == 0
    out, err = capsys.readouterr()
    assert "dev.py run" in out
    assert err == ""


def test_a_command_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "There is no 'tset'; there are setup, run, test" in capsys.readouterr().err
