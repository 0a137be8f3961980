"""A calibration that is cut off loses no finished step and says how to go on: for each way to be cut off."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.command import Outcome, glutewake, start

PERSON = "sim:healthy?script=calibrate&compensators=0&seed=3&block_ms=50"
GO_ON = "give the same command with --go-on within an hour."


def cut_off_in(step: str, how: signal.Signals, root: Path) -> Outcome:
    """Calibrate at five times the speed and send a signal in a step."""
    process = start("calibrate", "--source", f"{PERSON}&speed=5", "--record", root, "--json")
    said = read_until(process, step)
    process.send_signal(how)
    out, err = process.communicate(timeout=20.0)
    return Outcome(process.returncode, said + out, err)


def read_until(process: subprocess.Popen[str], step: str) -> str:
    assert process.stdout is not None
    said = ""
    for text in process.stdout:
        said += text
        if json.loads(text).get("step") == step:
            return said
    raise AssertionError(f"it ended before {step}: {process.stderr.read() if process.stderr else ''}")


def calibrated(root: Path, *arguments: str, source: str = f"{PERSON}&speed=max") -> Outcome:
    return glutewake("calibrate", "--source", source, "--record", root, "--json", "--answer", "any=space", *arguments)


def begun(outcome: Outcome) -> list[str]:
    return list(dict.fromkeys(line["step"] for line in outcome.of("step")))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_calibration_keeps_its_steps_and_says_how_to_go_on(tmp_path: Path, how: signal.Signals):
    outcome = cut_off_in("squeeze-left", how, tmp_path)
    assert outcome.code == 1
    assert "Traceback" not in outcome.err
    assert "4 of 9 steps" in outcome.err
    assert outcome.err.strip().endswith(GO_ON)
    assert outcome.lines[-1]["type"] == "calibration"

    # The source must be the same one; the person of the simulator begins anew, the steps do not.
    again = start("calibrate", "--source", f"{PERSON}&speed=5", "--record", str(tmp_path), "--json", "--go-on")
    first = read_until(again, "squeeze-left")
    again.kill()
    again.communicate(timeout=20.0)
    assert [json.loads(line)["step"] for line in first.splitlines() if '"type":"step"' in line] == ["squeeze-left"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("step", ["tap-left", "squeeze-left", "squeeze-both"])
def test_a_killed_calibration_keeps_every_finished_step(tmp_path: Path, step: str):
    outcome = cut_off_in(step, signal.SIGKILL, tmp_path)
    done = begun(outcome)[:-1]
    assert outcome.code == -signal.SIGKILL
    again = start("calibrate", "--source", f"{PERSON}&speed=5", "--record", str(tmp_path), "--json", "--go-on")
    first = read_until(again, step)
    again.kill()
    again.communicate(timeout=20.0)
    assert not {json.loads(line)["step"] for line in first.splitlines() if '"type":"step"' in line} & set(done)


def test_a_stopped_calibration_with_a_squeeze_of_both_is_a_calibration_too(tmp_path: Path):
    process = start("calibrate", "--source", f"{PERSON}&speed=5", "--record", tmp_path, "--json")
    assert process.stdout is not None
    for text in process.stdout:
        if json.loads(text).get("number") == 8:
            break
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20.0)
    assert process.returncode == 0
    assert json.loads(out.splitlines()[-1])["record"]["reference"].keys() == {"left", "right"}
    assert GO_ON in err


def test_a_source_that_ends_in_the_middle_is_gone_on_with_by_a_longer_one(tmp_path: Path):
    cut = cut_off_in("tap-right", signal.SIGTERM, tmp_path)
    assert cut.code == 1
    (kept,) = tmp_path.rglob("unfinished.json")
    kept.write_text(kept.read_text().replace("speed=5", "speed=max"))
    outcome = calibrated(tmp_path, "--go-on")
    assert begun(outcome)[0] == "tap-right"
    assert outcome.lines[-1]["record"] is not None
    assert not list(tmp_path.rglob("unfinished.json"))


@pytest.mark.parametrize("fault", ["disconnect_at=62&disconnect_s=3", "stall_at=62&stall_s=2"])
def test_a_lost_link_waits_says_so_and_ends_with_everything(tmp_path: Path, fault: str):
    outcome = calibrated(tmp_path, source=f"{PERSON}&speed=max&{fault}")
    assert outcome.code == 0
    assert outcome.lines[-1]["record"]["reference"].keys() == {"left", "right"}
    assert outcome.lines[-1]["results"] == {"left": "alone", "right": "alone"}


def test_an_electrode_that_comes_off_is_waited_for_with_its_remedy(tmp_path: Path):
    source = "sim:bad-contact-left?script=calibrate&compensators=0&seed=3&speed=max&open_at=42&open_s=4&block_ms=50"
    outcome = calibrated(tmp_path, source=source)
    waits = [line["interrupted"] for line in outcome.of("step") if line["interrupted"]]
    assert any("Left: No contact: wipe the skin dry" in words for words in waits)
    assert all("Finished steps are kept" in words for words in waits)
    assert outcome.code == 0
    assert outcome.lines[-1]["record"]["reference"].keys() == {"left", "right"}


def test_to_go_on_where_nothing_broke_off_is_one_sentence(tmp_path: Path):
    outcome = calibrated(tmp_path, "--go-on")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "leave it out to begin a new one" in outcome.err
