"""However a session ends - by itself, by its user, by a broken pipe, by force - what was recorded is there."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.recording.finalise import finalise
from tests.system.command import glutewake, live, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and pipes of POSIX")

PACED = "sim:waking-left?seed=1&speed=4"


def read_until(process: subprocess.Popen[str], kind: str, t_s: float) -> dict[str, object]:
    """Read lines until one of a type is as late as `t_s`."""
    assert process.stdout is not None
    for text in process.stdout:
        line = json.loads(text)
        if line["type"] == kind and float(line.get("t_s", line.get("start_s", 0.0))) >= t_s:
            return dict(line)
    raise AssertionError(f"the session ended before a {kind} at {t_s} s")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("uri", [PACED, "sim:waking-left?seed=1&speed=max"])
def test_a_session_that_is_stopped_ends_with_its_summary(uri: str, number: signal.Signals):
    process = start("live", "--source", uri, "--json")
    read_until(process, "attempt", 3.0)
    process.send_signal(number)
    out, err = process.communicate(timeout=20.0)

    assert (process.returncode, err) == (0, "")
    assert json.loads(out.splitlines()[-1])["type"] == "summary"


def test_what_was_recorded_until_ctrl_c_is_what_was_judged(tmp_path: Path):
    process = start("live", "--source", PACED, "--json", "--record", str(tmp_path))
    first = read_until(process, "attempt", 3.0)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20.0)
    (folder,) = tmp_path.iterdir()
    summary = json.loads(out.splitlines()[-1])

    replayed = live(f"file:{folder}?speed=max")
    assert replayed.of("attempt")[0] == first
    assert replayed.summary | {"recording": None} == summary | {"recording": None}


@pytest.mark.parametrize("arguments", [["--json"], []])
@pytest.mark.parametrize("uri", [PACED, "sim:healthy?seed=1&speed=max"])
def test_a_reader_that_leaves_early_leaves_no_traceback(uri: str, arguments: list[str]):
    process = start("live", "--source", uri, "--duration", "12", *arguments)
    assert process.stdout is not None
    if arguments:
        process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()

    assert process.wait(20.0) in (0, 1)
    assert err == ""


@pytest.mark.parametrize("command", [["devices"], ["doctor"], ["--help"], ["--version"]])
def test_short_answers_into_a_closed_pipe_leave_no_traceback(command: list[str]):
    process = start(*command)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    process.wait(20.0)

    assert err == ""


def test_the_end_of_a_source_is_the_end_of_the_session():
    outcome = live("sim:healthy?seed=1&speed=max&reps=3")

    assert outcome.summary["reps"] == 3


@pytest.mark.parametrize("speed", ["max", "20"])
def test_a_duration_is_kept_to_the_tick(speed: str):
    cut = live(f"sim:healthy?seed=1&speed={speed}", "--duration", "8.005").of("attempt")[-1]

    assert (cut["why"], cut["end_s"]) == ("cut by the end", 8.005)


def test_without_json_the_end_is_said_in_words():
    outcome = glutewake("live", "--source", "sim:healthy?seed=1&speed=max", "--duration", "12")

    assert outcome.code == 0
    assert outcome.out.startswith("3 reps in 3 squeezes")
    assert "Left joined in 100 %" in outcome.out


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A recording whose session was killed, and the source time at which it was."""
    root = tmp_path_factory.mktemp("killed")
    process = start("live", "--source", "sim:waking-left?seed=1&speed=1", "--json", "--record", str(root))
    line = read_until(process, "attempt", 4.0)
    process.kill()
    process.communicate(timeout=20.0)
    end_s = line["end_s"]
    assert isinstance(end_s, float)
    return root, end_s


def the_folder(root: Path) -> Path:
    (journal,) = root.glob("*/journal.emj")
    return journal.parent


def test_a_session_that_was_killed_is_kept_but_for_its_last_second(killed: tuple[Path, float]):
    root, end_s = killed
    finished = finalise(the_folder(root))

    (recovered_s,) = finished.recovered_s.values()
    assert recovered_s >= end_s - 1.0
    assert not finished.ended_well


def test_recover_takes_the_session_folder_or_the_one_around_it(killed: tuple[Path, float]):
    root, _ = killed
    folder = the_folder(root)
    outcomes = [glutewake("recover", path) for path in (root, folder, folder / "journal.emj")]

    assert {(outcome.code, outcome.err) for outcome in outcomes} == {(0, "")}
    assert outcomes[0].out == outcomes[1].out == outcomes[2].out
    assert "without being closed" in outcomes[0].out


def test_what_was_recovered_is_sound_and_plays_again(killed: tuple[Path, float]):
    root, _ = killed
    folder = the_folder(root)
    finalise(folder)
    sound = glutewake("verify", root)

    assert (sound.code, sound.err) == (0, "")
    assert "Sound" in sound.out
    outcome = live(f"file:{folder}?speed=max")
    assert [channel["site"] for channel in outcome.of("session")[0]["channels"]][:2] == ["left", "right"]
    assert outcome.lines[-1]["type"] == "summary"
