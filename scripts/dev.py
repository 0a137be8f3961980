#!/usr/bin/env python3
"""Set up, run, test and check GluteWake, with nothing but Python itself.

    python3 scripts/dev.py run              start the application, on a simulated person
    python3 scripts/dev.py run live --json  the same with any arguments of glutewake
    python3 scripts/dev.py test [...]       run the tests (arguments go to pytest)
    python3 scripts/dev.py check [--full]   style, types, imports, spelling, licences; --full adds the large tests
    python3 scripts/dev.py bench [...]      run the benchmarks
    python3 scripts/dev.py lock [...]       write both locks anew (arguments go to uv, e.g. --upgrade)
    python3 scripts/dev.py setup            only prepare .venv, as all of the above do first

Everything lands in .venv: the locked packages, the application in editable form, all caches. What Debian must add
(a part of Python, shared libraries) is installed by root, else named in one command. Your pip configuration is obeyed.
"""

# This file must also start, and say so in one sentence, on a Python that is too old for the rest.
from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"  # what the application needs
DEV_LOCK = ROOT / "requirements-dev.lock"  # that, and what tests and checks need
PROJECT = ROOT / "pyproject.toml"

# What the locks have wheels for. PyQt6-Qt6 sets the oldest glibc, by the manylinux tag of its wheels.
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
OLDEST_GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}

# Shared libraries that the PyQt6 wheel expects of the system (what its windows, drawing and sound link to), with the
# Debian package of each.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libXrandr.so.2": "libxrandr2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libpulse.so.0": "libpulse0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# Programs that the tests start, with the Debian package of each.
TEST_PROGRAMS = {"Xvfb": "xvfb", "dbus-daemon": "dbus"}


class UserError(Exception):
    """Something the user must know or do first; its text is one clear sentence."""


# -- the system underneath ---------------------------------------------------------------------------------------


def venv_program(name: str, venv: Path | None = None) -> Path:
    """Path of a program inside .venv or another environment; Windows lays them out in its own way."""
    venv = venv or VENV
    return venv / "Scripts" / f"{name}.exe" if sys.platform == "win32" else venv / "bin" / name


def refuse_old_systems() -> None:
    """Raise UserError where the locked packages cannot be installed."""
    have = sys.version_info[:2]
    if not OLDEST_PYTHON <= have <= NEWEST_PYTHON:
        oldest, newest, this = (".".join(map(str, v)) for v in (OLDEST_PYTHON, NEWEST_PYTHON, have))
        raise UserError(
            f"GluteWake needs Python {oldest} to {newest}, but this is {this}: start dev.py with such a Python."
        )
    if sys.platform == "linux":
        libc, version = platform.libc_ver()
        oldest_glibc = OLDEST_GLIBC.get(platform.machine())
        if libc != "glibc" or oldest_glibc is None:
            raise UserError(
                "Qt's Python packages exist only for Linux with glibc on x86_64 or aarch64, which this is not."
            )
        if tuple(int(part) for part in version.split(".")[:2]) < oldest_glibc:
            needed = ".".join(map(str, oldest_glibc))
            raise UserError(
                f"Qt needs glibc {needed} or newer, but this system has {version}: use a newer Linux release."
            )


def is_loadable(library: str) -> bool:
    """Tell whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(*, for_tests: bool, for_venv: bool) -> list[str]:
    """Debian packages that this system lacks; only Linux leaves such things to the system.

    Parameters
    ----------
    for_tests : bool
        Also ask for the programs that the tests start.
    for_venv : bool
        Also ask for the part of Python that makes virtual environments, which Debian ships apart.
    """
    if sys.platform != "linux":
        return []
    missing = [package for library, package in QT_LIBRARIES.items() if not is_loadable(library)]
    if for_tests:
        missing += [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
    if for_venv and importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    return missing


def install_packages(packages: list[str]) -> None:
    """Install Debian packages as root; for anybody else raise UserError with the one command that does it."""
    if shutil.which("apt-get") is None:
        raise UserError(f"Install what Debian calls {' '.join(packages)} with your package manager, then try again.")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        sudo = "sudo " if shutil.which("sudo") else ""
        raise UserError(f"This system lacks what Qt or Python needs; install it as root: {sudo}{' '.join(command)}")
    say(f"Installing {len(packages)} Debian packages: {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Without a package list, or with an old one, the first try fails and says nothing new.
    first = subprocess.run([*command, "-qq"], env=quiet, capture_output=True, check=False)
    if first.returncode != 0:
        call("apt-get", "update", "-qq", env=quiet)
        if call(*command, "-qq", env=quiet) != 0:
            raise UserError(f"This did not work, see above: {' '.join(command)}")


def has_display() -> bool:
    """Tell whether a window can open; a Qt platform that the user chose is taken at its word."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def say(sentence: str) -> None:
    """Tell the user at once, also where the output goes to a file."""
    print(sentence, flush=True)


def call(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> int:
    """Run a program to its end and return its exit code.

    Ctrl-C reaches the program too, which may have a recording to finish: it decides, and this waits.
    """
    with subprocess.Popen(command, cwd=cwd, env=env) as child:
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                continue
            return code if code >= 0 else 128 - code  # ended by a signal, told as shells tell it


def call_or_refuse(*command: str | Path) -> None:
    """Run a program that must succeed; where it does not, its own words stand above ours."""
    if call(*command) != 0:
        raise UserError(f"This did not work, see above: {' '.join(map(str, command))}")


# -- the environment ---------------------------------------------------------------------------------------------


def fingerprint() -> str:
    """Everything the environment was made from; a moved folder breaks it as surely as a new lock."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCK, DEV_LOCK, PROJECT):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready(marker: Path, lock_file: Path) -> bool:
    """Tell whether .venv was made from today's lock and project file, and its Python still exists."""
    if not marker.is_file() or not venv_program("python").exists():
        return False
    made_from = marker.read_text(encoding="ascii").splitlines()
    return made_from[:1] == [fingerprint()] and made_from[1:] in ([lock_file.name], [DEV_LOCK.name])


def has_pip() -> bool:
    """Tell whether .venv has a Python that starts and a pip; an interrupted setup may leave either out."""
    try:
        return subprocess.run([venv_program("python"), "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def setup(*, for_tests: bool = False) -> None:
    """Bring .venv in line with the lock; where it is, do nothing.

    Parameters
    ----------
    for_tests : bool
        Also see to what tests and checks need, and to the programs that they start.
    """
    refuse_old_systems()
    marker = VENV / "glutewake-setup"
    lock_file = DEV_LOCK if for_tests else LOCK
    ready = is_ready(marker, lock_file)
    make_venv = not ready and not has_pip()
    missing = missing_packages(for_tests=for_tests, for_venv=make_venv)
    if missing:
        install_packages(missing)
    if ready:
        return
    marker.unlink(missing_ok=True)
    if make_venv:
        say(f"Making {VENV}")
        # A program of its own: the part of Python it needs may have arrived a moment ago.
        call_or_refuse(sys.executable, "-m", "venv", VENV)
    size = "500 MB" if for_tests else "250 MB"
    say(f"Installing the locked packages; the first time this downloads about {size}")
    pip: list[str | Path] = [venv_program("python"), "-m", "pip", "--disable-pip-version-check", "install"]
    call_or_refuse(*pip, "--require-hashes", "--only-binary", ":all:", "-r", lock_file)
    call_or_refuse(*pip, "--quiet", "--no-deps", "--no-build-isolation", "-e", ROOT)
    # Else the first start would, and every one where Python may not write: a third of the time that it takes.
    call(venv_program("python"), "-m", "compileall", "-q", *(ROOT / part for part in ("app", "drivers", "dsp")))
    marker.write_text(f"{fingerprint()}\n{lock_file.name}\n", encoding="ascii")


def tool(*args: str) -> int:
    """Run the Python of .venv on this repository, with no window and all caches in .venv."""
    env = {
        "QT_QPA_PLATFORM": "offscreen",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(VENV / "cache" / "hypothesis"),
        **os.environ,
    }
    return call(venv_program("python"), *args, cwd=ROOT, env=env)


# -- the commands ------------------------------------------------------------------------------------------------


def run(args: list[str]) -> int:
    """Start the application with the user's arguments; with none it opens its window on the simulator."""
    setup()
    glutewake = venv_program("glutewake")
    if not args and not has_display():
        live = f"{glutewake} live --source sim:waking-left"
        raise UserError(f"There is no display to open a window on; without one, try: {live}")
    return call(glutewake, *args)


def test(args: list[str]) -> int:
    """Run the tests on two cores."""
    setup(for_tests=True)
    return tool("-m", "pytest", "-n", "2", *args)


def check(args: list[str]) -> int:
    """Run every check, also after one has failed, and name the failed ones at the end."""
    if args not in ([], ["--full"]):
        raise UserError(f"check knows --full alone, not: {' '.join(args)}")
    setup(for_tests=True)
    # Modules, not the programs beside them: those still name the old folder after the repository was moved.
    lint_imports = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    steps: dict[str, tuple[str, ...]] = {
        "style": ("-m", "ruff", "check"),
        "format": ("-m", "ruff", "format", "--check"),
        "types": ("-m", "mypy", "--strict"),
        "imports": ("-c", lint_imports, "--no-logo", "--cache-dir", str(VENV / "cache" / "importlinter")),
        "spelling": ("-m", "codespell_lib"),
        "licences": ("-m", "scripts.licences"),
    }
    if args:
        os.environ["GLUTEWAKE_FULL"] = "1"
        steps["all tests"] = ("-m", "pytest", "-n", "2", "-m", "full or not full", "-o", "faulthandler_timeout=0")
    failed = []
    for name, command in steps.items():
        say(f"-- {name}")
        if tool(*command) != 0:
            failed.append(name)
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def bench(args: list[str]) -> int:
    """Run the benchmarks."""
    if not (ROOT / "scripts" / "bench.py").is_file():
        raise UserError("There is no scripts/bench.py in this version, so there is nothing to measure.")
    setup(for_tests=True)
    return tool("-m", "scripts.bench", *args)


def foreign_lines(text: str) -> list[str]:
    """Lines of a lock that say more than names, versions, markers and hashes: a host or a path has no place there."""
    pin = r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( ; [A-Za-z0-9_ '\"().<>=!]+)? \\"
    pattern = re.compile(rf"{pin}|    --hash=sha256:[0-9a-f]{{64}}( \\)?|")
    return [line for line in text.splitlines() if not pattern.fullmatch(line)]


def lock(args: list[str]) -> int:
    """Write both locks for all systems and Pythons, with uv from a throw-away environment."""
    refuse_old_systems()
    with tempfile.TemporaryDirectory() as folder:
        venv = Path(folder, "venv")
        call_or_refuse(sys.executable, "-m", "venv", venv)
        call_or_refuse(venv_program("pip", venv), "install", "--quiet", "uv")
        whole, part = Path(folder, DEV_LOCK.name), Path(folder, LOCK.name)
        for fresh, extras, more in (
            (whole, ("--extra", "build", "--extra", "dev"), args),
            (part, ("--extra", "build"), ["--constraint", str(whole)]),  # the same pins in both
        ):
            if (ROOT / fresh.name).exists() and fresh is whole:
                shutil.copy(ROOT / fresh.name, fresh)  # uv keeps the pins it finds there, unless told to --upgrade
            resolve: list[str | Path] = [venv_program("uv", venv), "pip", "compile", PROJECT, *extras, "--quiet"]
            everywhere = ["--universal", "--python-version", ".".join(map(str, OLDEST_PYTHON))]
            pinned = ["--generate-hashes", "--only-binary", ":all:"]
            bare = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
            call_or_refuse(*resolve, "-o", fresh, *everywhere, *pinned, *bare, *more)
        texts = {ROOT / fresh.name: fresh.read_text(encoding="utf-8") for fresh in (whole, part)}
    for path, text in texts.items():
        if foreign_lines(text):
            raise UserError(f"{path.name} was not written, because uv put this into it: {foreign_lines(text)[0]}")
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
        say(f"Wrote {path}")
    return 0


def prepare(args: list[str]) -> int:
    """Only set up."""
    if args:
        raise UserError(f"setup takes no arguments, not: {' '.join(args)}")
    setup()
    say("Ready: python3 scripts/dev.py run")
    return 0


COMMANDS = {"setup": prepare, "run": run, "test": test, "check": check, "bench": bench, "lock": lock}


def main(argv: list[str]) -> int:
    """Run one command and return the exit code: the child's own, 1 with a sentence, or 2 for wrong usage."""
    if argv in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    if not argv or argv[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        if argv:
            print(f"There is no '{argv[0]}'; there are {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return COMMANDS[argv[0]](argv[1:])
    except (UserError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
