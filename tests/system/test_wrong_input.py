"""Whatever is wrong is said in one sentence, with exit code 1 or 2, no traceback, and nothing left behind."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.archive import enter
from tests.rigs.lived import on_disk
from tests.system.command import REPOSITORY, Outcome, glutewake

QUICK = "sim:healthy?speed=max"


def refused(code: int, *arguments: str | Path) -> str:
    """The sentence with which a command is refused."""
    outcome: Outcome = glutewake(*arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.startswith("glutewake: ")
    assert outcome.err.endswith(".\n")
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    return outcome.err


@pytest.mark.parametrize(
    ("uri", "part"),
    [
        ("healthy", "write SCHEME:ADDRESS"),
        ("", "write SCHEME:ADDRESS"),
        ("simm:healthy", "did you mean 'sim:'"),
        ("sim:", "nothing stands after 'sim:'"),
        ("sim:wakin-left", "did you mean 'waking-left'"),
        ("sim:healthy?sed=1", "did you mean 'seed'"),
        ("sim:healthy?seed=x", "seed=x"),
        ("sim:healthy?seed", "scenario 'healthy?seed'"),
        ("sim:healthy?speed=0", "speed=0"),
        ("sim:healthy?speed=nan", "speed=nan"),
        ("sim:healthy?seed=1&seed=2", "'seed' is given twice"),
        ("sim:healthy?map=lft:1", "did you mean 'left'"),
        ("sim:healthy?map=left:0", "channel number from 1"),
        ("sim:healthy?map=left:1,left:2", "'left' twice"),
        ("sim:healthy?map=left:1,right:1", "channel 1 to two sites"),
        ("sim:healthy?map=left:9", "its channels are 1 left, 2 right, "),
        ("text:/dev/ttyUSB0?baud=fast", "baud=fast"),
    ],
)
def test_a_wrong_source_is_refused_with_the_part_that_is_wrong(uri: str, part: str):
    assert part in refused(2, "live", "--source", uri)


def test_more_sources_than_sides_are_refused():
    assert "At most two" in refused(2, "live", *["--source", QUICK] * 3)


def test_one_source_twice_is_refused():
    assert "twice" in refused(2, "live", *["--source", QUICK] * 2)


def test_two_sources_at_different_speeds_are_refused():
    assert "same speed" in refused(2, "live", "--source", "sim:healthy?speed=4", "--source", "sim:late-left?speed=8")


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    noise = np.random.default_rng(1).integers(0, 256, 5000, np.uint8).tobytes()
    for suffix in ("csv", "h5"):
        (folder / f"empty.{suffix}").touch()
        (folder / f"random.{suffix}").write_bytes(noise)
    (folder / "words.csv").write_text("once upon a time\nthere was a glute\n")
    (folder / "no-rate.csv").write_text("1,2\n3,4\n")
    (folder / "session").mkdir()
    (folder / "session" / "journal.emj").write_bytes(noise)
    return folder


@pytest.mark.parametrize(
    "name", ["none.csv", "empty.csv", "empty.h5", "random.csv", "random.h5", "words.csv", "no-rate.csv", "session"]
)
@pytest.mark.parametrize("command", ["live", "analyze"])
def test_a_file_that_is_no_recording_is_refused(bad_files: Path, name: str, command: str):
    path = str(bad_files / name)
    sentence = refused(
        1, *(["live", "--source", f"file:{path}?map=left:1&speed=max"] if command == "live" else ["analyze", path])
    )
    assert str(bad_files) in sentence


def test_a_folder_of_many_files_is_no_recording(bad_files: Path):
    assert str(bad_files) in refused(1, "live", "--source", f"file:{bad_files}?map=left:1&speed=max")


def test_a_folder_of_files_that_are_no_recordings_is_a_table_of_what_is_wrong(bad_files: Path):
    outcome = glutewake("analyze", bad_files)
    heading, *rows = outcome.out.splitlines()
    assert outcome.code == 1
    assert heading.endswith("error")
    assert all(row.endswith(".") for row in rows)
    assert "'error' says why" in outcome.err


def test_a_truncated_hdf5_file_is_refused(emg_folder: Path, tmp_path: Path):
    cut = tmp_path / "cut.h5"
    cut.write_bytes((emg_folder / "bsnb_emg_bursts.h5").read_bytes()[:20_000])
    assert "not copied whole" in refused(1, "live", "--source", f"file:{cut}?map=left:1&speed=max")


def test_a_csv_that_was_cut_within_a_line_plays_up_to_there(emg_folder: Path, tmp_path: Path):
    cut = tmp_path / "cut.csv"
    cut.write_bytes((emg_folder / "glute_right_walk_1000hz.csv").read_bytes()[:100_003])
    outcome = glutewake("live", "--source", f"file:{cut}?map=right:2&speed=max", "--json")
    assert outcome.code == 0
    assert outcome.lines[-1]["type"] == "summary"


@pytest.mark.parametrize("rate", [10, 37, 50])
def test_a_rate_that_is_too_low_for_emg_is_refused(tmp_path: Path, rate: int):
    path = tmp_path / "slow.csv"
    path.write_text(f"# rate_hz={rate}\n" + "1,2\n2,1\n" * 200)
    sentence = refused(1, "live", "--source", f"file:{path}?speed=max")
    assert f"{rate} samples a second" in sentence
    assert "50" in sentence


@pytest.mark.skipif(sys.platform == "win32", reason="needs /dev")
def test_what_never_ends_is_no_recording(tmp_path: Path):
    os.mkfifo(pipe := tmp_path / "pipe.csv")
    for path in ("/dev/zero", pipe):
        assert "is no file" in refused(1, "analyze", path)


def test_analyze_goes_on_when_a_file_lacks_the_channel_of_the_map(tmp_path: Path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("# rate_hz=1000\n" + "1\n2\n" * 500)
    two.write_text("# rate_hz=1000\n" + "1,2\n2,1\n" * 500)
    outcome = glutewake("analyze", "--json", "--map", "left:1,right:2", one, two)
    assert outcome.code == 2
    assert [line["file"] for line in outcome.lines] == [str(two)]
    assert outcome.err.startswith(f"glutewake: '{one}': ")


def test_a_file_of_one_channel_is_refused_with_a_map_that_it_can_have(tmp_path: Path):
    path = tmp_path / "one.csv"
    path.write_text("# rate_hz=1000\n" + "1\n2\n" * 500)
    for command in (["live", "--source", f"file:{path}"], ["analyze", path]):
        sentence = refused(2, *command)
        assert "map=left:1 (in analyze: --map left:1)" in sentence
        assert "right:2" not in sentence


def test_analyze_says_what_is_wrong_with_each_file_and_goes_on(bad_files: Path):
    outcome = glutewake("analyze", bad_files / "empty.csv", bad_files / "random.h5", "--map", "left:1")
    assert outcome.code == 1
    assert outcome.err.count("glutewake: ") == outcome.err.count("\n") == 2


@pytest.mark.parametrize(("port", "part"), [("none", "There is no port"), ("plain", "is a file"), (".", "is a folder")])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str, part: str):
    (tmp_path / "plain").write_text("1,2\n")
    assert part in refused(1, "live", "--source", f"text:{tmp_path / port}?rate=1000", "--isolator-confirmed")


@pytest.fixture
def nobody() -> Iterator[None]:
    """The rights of a user who has none: root may do what is forbidden."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs the rights of POSIX")
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
        if not os.access(REPOSITORY, os.R_OK | os.X_OK, effective_ids=True):
            os.seteuid(before)
            pytest.skip("an ordinary user cannot read this clone")
    yield
    os.seteuid(before)


@pytest.mark.usefixtures("nobody")
def test_a_port_that_may_not_be_read_is_refused():
    ports = [Path(name) for name in ("/dev/ttyS0", "/dev/console", "/dev/mem")]
    locked = [port for port in ports if port.exists() and not os.access(port, os.R_OK, effective_ids=True)]
    if not locked:
        pytest.skip("every port may be read here")
    assert str(locked[0]) in refused(1, "live", "--source", f"text:{locked[0]}?rate=1000", "--isolator-confirmed")


@pytest.mark.usefixtures("nobody")
def test_a_folder_that_takes_no_recording_is_refused_before_anything_starts():
    root = Path(os.sep)  # nobody may write here
    before = set(root.iterdir())
    assert refused(1, "live", "--source", QUICK, "--duration", "1", "--record", root / "glutewake-recordings")
    assert set(root.iterdir()) == before


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path):
    (tmp_path / "plain").touch()
    assert "is not a folder" in refused(1, "live", "--source", QUICK, "--duration", "1", "--record", tmp_path / "plain")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[[[", "not valid TOML"),
        ("", "is wrong"),
        ("id = 1\n", ""),
        ('id = "x"\ntitle = "x"\npurpose = ""\nposition = "any"\nphases = []\n', ""),
    ],
)
def test_a_broken_programme_is_refused(tmp_path: Path, text: str, part: str):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    sentence = refused(2, "live", "--source", QUICK, "--duration", "1", "--programme", path)
    assert str(path) in sentence
    assert part in sentence


def test_an_unknown_programme_is_refused_with_those_there_are(tmp_path: Path):
    assert "prone-ankle-squeeze" in refused(2, "live", "--source", QUICK, "--programme", "nope")
    assert "cannot be read" in refused(2, "live", "--source", QUICK, "--programme", tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"title = '\xff'")
    assert "cannot be read" in refused(2, "live", "--source", QUICK, "--programme", tmp_path / "latin.toml")


@pytest.mark.parametrize(
    ("levels", "part"),
    [
        (["--mvc", "left"], "above zero after 'left:'"),
        (["--mvc", "left:0,right:1"], "above zero after 'left:'"),
        (["--mvc", "left:nan,right:1"], "above zero after 'left:'"),
        (["--mvc", "lft:1"], "'lft'"),
        (["--mvc", "left:1,left:2"], "twice"),
        (["--mvc", "left:50"], "no reference for right"),
        (["--rest", "left:5"], "--rest needs --mvc"),
        (["--mvc", "left:50,right:50", "--rest", "left:-1"], "above zero after 'left:'"),
    ],
)
def test_wrong_levels_are_refused(levels: list[str], part: str):
    assert part in refused(2, "live", "--source", QUICK, "--duration", "1", *levels)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is wrong"),
        ("{", "is wrong"),
        ('{"id": 1}', "$.id"),
        ('{"id":"a","method":"guess","rest":{},"reference":{}}', "$.method"),
        ('{"id":"a","method":"mvc","rest":{"left":-1},"reference":{}}', "greater than zero"),
        ('{"id":"a","method":"mvc","rest":{},"reference":{"left":1e-4}}', "no reference for right"),
        ('{"id":"a","method":"mvc","rest":{},"reference":{},"more":1}', "more"),
    ],
)
def test_a_wrong_calibration_is_refused(tmp_path: Path, text: str, part: str):
    path = tmp_path / "calibration.json"
    path.write_text(text)
    assert part in refused(2, "live", "--source", QUICK, "--duration", "1", "--calibration", path)


def test_a_calibration_that_cannot_be_read_is_refused(tmp_path: Path):
    assert "cannot be read" in refused(2, "live", "--source", QUICK, "--calibration", tmp_path / "none.json")
    assert "cannot be read" in refused(2, "live", "--source", QUICK, "--calibration", tmp_path)


@pytest.mark.parametrize("seconds", ["x", "0", "-1", "nan", "inf", ""])
def test_a_duration_that_is_none_is_refused(seconds: str):
    assert "seconds above zero" in refused(2, "live", "--source", QUICK, f"--duration={seconds}")


@pytest.mark.parametrize(
    "arguments", [["live", "--nope"], ["nope"], ["analyze"], ["recover"], ["verify"], ["live", "--source"]]
)
def test_wrong_usage_is_one_sentence_and_points_to_the_help(arguments: list[str]):
    assert "--help" in refused(2, *arguments)


def test_live_without_a_source_is_refused():
    assert "--source" in refused(2, "live")


@pytest.mark.parametrize("name", [".", "plain"])
def test_what_holds_no_recording_cannot_be_recovered(tmp_path: Path, name: str):
    (tmp_path / "plain").touch()
    assert "holds no recording" in refused(1, "recover", tmp_path / name)


@pytest.mark.parametrize("command", [["recover"], ["verify"], ["export", "--all", "--to", "tidy", "-o", "tables"]])
def test_a_folder_that_is_not_there_is_called_so(tmp_path: Path, command: list[str]):
    assert "There is no folder" in refused(1, *command, tmp_path / "none")


def test_what_is_kept_of_a_person_is_written_only_where_there_is_a_folder(tmp_path: Path):
    enter(on_disk(tmp_path / "kept"))
    said = refused(1, "history", "export", "P-017", tmp_path / "kept", "-o", tmp_path / "none" / "all.json")
    assert f"{tmp_path / 'none'}" in said


@pytest.mark.parametrize("person", ["Anna Muster", "../P-017", "M\u00fcller", "a\nb\0\u202e", "", "unknown", "P" * 31])
@pytest.mark.parametrize("command", ["live", "calibrate", None])
def test_who_is_no_code_is_refused_before_anything_begins(command: str | None, person: str):
    said = refused(2, *([command] if command else []), "--source", QUICK, "--person", person)
    assert "code" in said


def test_odd_characters_in_a_label_reach_no_path_and_stay_in_the_lines(tmp_path: Path):
    label = "a\nb \u202e c; -- ../'"
    outcome = glutewake(
        "live", "--source", QUICK, "--duration", "1", "--json", "--record", tmp_path, "--session", label
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[0]["label"] == label
    (folder,) = tmp_path.iterdir()
    assert folder.name.isascii()


def test_a_log_that_cannot_be_written_is_said_and_no_reason_not_to_train(tmp_path: Path):
    outcome = glutewake("--log", tmp_path / "none" / "log", "live", "--source", QUICK, "--duration", "1", "--json")
    assert outcome.code == 0
    assert outcome.lines[-1]["type"] == "summary"
    assert outcome.err.startswith("glutewake: No log is written, ")
    assert outcome.err.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_one_sentence():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", "live", "--source", QUICK, "--duration", "1", "--json"],
            cwd=Path(__file__).resolve().parents[2],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
        )
    assert done.returncode == 1
    assert done.stderr == "glutewake: Reading or writing failed: No space left on device.\n"


COMMANDS = ["", "live", "analyze", "devices", "recover", "verify", "doctor"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_of_every_command_is_explained(command: str):
    outcome = glutewake(*command.split(), "--help")
    assert outcome.code == 0
    entries = re.split(r"\n  (?=\S)", outcome.out.partition(":\n")[2])
    bare = [entry for entry in entries if not re.search(r"\s{2,}\S", entry.strip()) and entry.strip() != "COMMAND"]
    assert bare == []


def test_a_wired_sensor_does_not_begin_while_the_mains_may_be_in():
    said = refused(1, "live", "--source", "text:/dev/ttyNONE?rate=1000")
    assert "Unplug the charger, the monitor and other mains devices now." in said
    assert "--isolator-confirmed" in said


def test_every_command_says_what_it_does():
    for command in COMMANDS[1:]:
        assert re.search(r"\n\n[A-Z][^\n]+", glutewake(command, "--help").out)


@pytest.mark.parametrize("arguments", [["--help"], ["live", "--source", QUICK, "--duration", "5", "--json"]])
def test_what_is_written_into_a_file_is_utf_8_on_every_system(arguments: list[str]):
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8")
