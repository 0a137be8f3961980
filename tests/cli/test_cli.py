import io
import re
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import jsonschema
import msgspec
import pytest

from app import cli, language
from app.main import main
from app.pipeline import device_lines
from app.pipeline.discovery import Choice, Finds, FoundDevice
from app.pipeline.doctor import Finding
from app.pipeline.snapshot import Snapshot
from app.session.events import Event, LinkChanged, Note, Quality, Summary
from app.settings import Sensor
from tests.pipeline.signals import cut, make_engine, pair

SUMMARY = Summary(
    attempts=10, reps=9, clean_reps=7, woke=True, wake_up_squeezes=3, sleeping_side=None,
    fired_pct={"left": 90.0, "right": None}, lsi_pct=88.0, lag_ms=-42.0, recording="here", lost_pct=0.0,
)  # fmt: skip

UNSURE = FoundDevice("CP2102", "/dev/ttyUSB0", "", (Choice("text:/dev/ttyUSB0", "Text"), Choice("x:y", "X")), False)


def replace_summary(**changed: Any) -> Summary:
    return msgspec.structs.replace(SUMMARY, **changed)


def snapshot(*, dead_left: bool = False) -> Snapshot:
    samples = pair(3.0, [(1.5, 3.0)], [])
    if dead_left:
        samples[:, 0] = 0.0
    engine = make_engine()
    for block in cut(samples, [10]):
        engine.push(block)
    return engine.snapshot()


def test_both_bars_stand_in_one_line_with_their_numbers_and_words():
    line = cli.bars(snapshot(), 200)

    assert line.startswith("LEFT  [####")
    assert "RIGHT [....." in line or "RIGHT [#...." in line
    assert "joining" in line


def test_no_signal_is_hatched_and_has_no_number():
    line = cli.bars(snapshot(dead_left=True), 200)

    assert line.startswith(f"LEFT  [{'/' * cli.BAR_CELLS}]   - % no signal")


@pytest.mark.parametrize(("joined_late", "word"), [(False, "not yet"), (True, "joins late")])
def test_a_late_side_joins_late_only_once_it_has_joined(joined_late: bool, word: str):
    now = snapshot()
    left = replace(now.sides["left"], state="late", joined_late=joined_late)

    assert word in cli.bars(replace(now, sides={**now.sides, "left": left}), 200)


def test_the_line_never_leaves_the_terminal():
    assert len(cli.bars(snapshot(), 40)) == 40


@pytest.mark.parametrize("width", [79, 99, 200])
def test_both_sides_have_their_number_and_word_in_an_ordinary_terminal(width: int):
    line = cli.bars(snapshot(), width)

    assert len(line) <= width
    assert line.count(" % ") == 2
    assert "joining" in line
    assert "quiet" in line.partition("RIGHT")[2] or "not yet" in line.partition("RIGHT")[2]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Quality(t_s=2.0, site="left", verdict="no-contact", text="No contact: press it on."), "left: No contact"),
        (LinkChanged(t_s=2.0, stream="s", state="reconnecting", reason="'s' was unplugged.", lost=0), "'s' was"),
        (Quality(t_s=2.0, site="left", verdict="ok", text="Good contact."), ""),
        (Note(t_s=0.0, text="The first line was cut off."), "The first line was cut off."),
        (LinkChanged(t_s=2.0, stream="s", state="closed", reason="stopped", lost=0), ""),
        (LinkChanged(t_s=2.0, stream="s", state="streaming", reason="", lost=0), ""),
        (Note(t_s=1.0, text="100 % is now 12 uV"), ""),
    ],
)  # fmt: skip
def test_a_terminal_is_told_what_somebody_must_do_and_no_more(event: Event, said: str):
    out = io.StringIO()
    cli.write_words(event, out)

    assert out.getvalue().startswith(said)
    assert out.getvalue().count("\n") == bool(said)


def test_lines_are_written_one_each_until_the_end_is_told():
    lines: SimpleQueue[Event | None] = SimpleQueue()
    for event in (Note(t_s=1.0, text="one"), Note(t_s=2.0, text="zwei µ"), None):
        lines.put(event)
    out = io.StringIO()
    cli.write_lines(lines, out)

    assert out.getvalue() == '{"type":"note","t_s":1.0,"text":"one"}\n{"type":"note","t_s":2.0,"text":"zwei µ"}\n'


def test_the_summary_in_words_leaves_out_what_is_not_known():
    out = io.StringIO()
    cli.write_summary(SUMMARY, out)

    assert out.getvalue().splitlines() == [
        "9 reps in 10 squeezes, 7 of them clean.",
        "Left joined in 90 % of them.",
        "Usual lag: 42 ms, right later.",
        "Symmetry: 88 %.",
        "Recorded in here.",
    ]


@pytest.mark.parametrize(
    ("attempts", "reps", "clean_reps", "first"),
    [(0, 0, 0, "No squeeze was counted."), (1, 1, 1, "1 rep in 1 squeeze, 1 of them clean."),
     (2, 1, 0, "1 rep in 2 squeezes, 0 of them clean.")],
)  # fmt: skip
def test_one_is_not_spoken_of_as_many(attempts: int, reps: int, clean_reps: int, first: str):
    out = io.StringIO()
    nobody = {"left": None, "right": None}
    cli.write_summary(replace_summary(attempts=attempts, reps=reps, clean_reps=clean_reps, fired_pct=nobody), out)

    assert out.getvalue().splitlines()[0] == first


def test_no_lag_is_on_no_side():
    out = io.StringIO()
    cli.write_summary(replace_summary(lag_ms=-0.4), out)

    assert "Usual lag: none." in out.getvalue().splitlines()


def test_an_analysis_in_words_has_onsets_fatigue_and_notes():
    out = io.StringIO()
    cli.write_analysis(
        {
            "file": "a.csv", "duration_s": 7.5, "onsets": {"right": [[0.351, 0.9], [1.36, 1.9]]},
            "fatigue": {"right": {"mdf_start_hz": 75.9, "mdf_end_hz": 59.3, "slope_pct_per_min": -11.2,
                                  "slope_pm_pct_per_min": 2.5, "flag": "Right: this muscle tires."}},
            "notes": ["The last line was cut off."], "summary": msgspec.to_builtins(SUMMARY),
        },
        as_json=False, out=out,
    )  # fmt: skip

    lines = out.getvalue().splitlines()
    assert lines[0] == "a.csv: 7.5 s"
    assert lines[-4:] == [
        "Right squeezes begin at 0.35 1.36 s.",
        "Right median frequency: 75.9 to 59.3 Hz, −11.2 ± 2.5 % a minute.",
        "Right: this muscle tires.",
        "The last line was cut off.",
    ]


def test_findings_end_with_1_if_anything_does_not_work_and_say_the_remedy():
    out = io.StringIO()
    assert cli.write_findings([Finding("Sound", works=True, detail="found")], out) == 0
    assert cli.write_findings([Finding("Display", works=False, detail="none", remedy="Plug one in.")], out) == 1
    assert "Plug one in." in out.getvalue()


def test_devices_name_what_can_be_opened():
    out = io.StringIO()
    cli.write_devices(0.1, as_json=False, out=out)

    assert "\nsim:healthy " in "\n" + out.getvalue()


def test_devices_in_json_follow_the_schema_that_ships(monkeypatch: pytest.MonkeyPatch):
    schema = Path(cli.__file__).parents[1] / "assets" / "schema" / "devices.schema.json"
    documented = msgspec.json.decode(schema.read_bytes())
    assert documented == msgspec.to_builtins(device_lines.json_schema()), "run: python scripts/schema.py"
    unsure = FoundDevice(
        "CP2102", "/dev/ttyUSB0", "A1", (Choice("text:/dev/ttyUSB0", "Text"), Choice("x:y", "X")), False
    )
    monkeypatch.setattr(cli, "search", lambda timeout_s: iter([Finds((unsure,), ("Bluetooth is off.",))]))
    out = io.StringIO()
    cli.write_devices(0.1, as_json=True, remembered=[Sensor("text:/dev/ttyUSB7", {"left": 1}, "A1")], out=out)
    lines = [msgspec.json.decode(line) for line in out.getvalue().splitlines()]

    for line in lines:
        jsonschema.validate(line, documented)
    assert [line["type"] for line in lines] == ["device", "problem"]
    assert not lines[0]["sure"]
    assert [choice["uri"] for choice in lines[0]["choices"]] == ["text:/dev/ttyUSB0", "x:y"]
    assert lines[0]["remembered"] == ["left"]


def test_a_device_that_may_be_several_is_named_with_its_choices(monkeypatch: pytest.MonkeyPatch):
    heard = FoundDevice("uMyo", "", "AA", (Choice("umyo:AA", "uMyo"),), True, rssi_dbm=-58, battery_pct=78.4)
    monkeypatch.setattr(cli, "search", lambda timeout_s: iter([Finds((UNSURE, heard))]))
    out = io.StringIO()
    cli.write_devices(0.1, as_json=False, out=out)

    assert "not sure which device it is" in out.getvalue()
    assert "x:y X" in out.getvalue()
    assert "umyo:AA" in out.getvalue()
    assert "-58 dBm, battery 78 %" in out.getvalue()


def test_a_long_run_says_every_ten_seconds_how_far_it_is(monkeypatch: pytest.MonkeyPatch):
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    with cli.progress_line() as progress:
        assert progress is not None
        for t_s in (0.25, 9.75, 10.25, 19.0, 21.0):
            progress(t_s)
    assert terminal.getvalue().count("minutes") == 2
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_progress_is_for_people_and_not_for_pipes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with cli.progress_line() as progress:
        assert progress is None


@pytest.fixture
def language_again():
    before = language.language()
    yield
    language.use(before)


@pytest.mark.parametrize("command", ["", "live", "analyze", "report", "calibrate", "history", "plan", "export"])
def test_the_help_is_in_the_language_that_is_asked_for(command, capsys, language_again):
    with pytest.raises(SystemExit):
        main(["--language", "de", *command.split(), "--help"])
    told = capsys.readouterr().out
    assert told.startswith("Aufruf: glutewake")
    assert "Optionen:" in told
    assert not re.search(r"\b(the|of|with|and|show|usage|options)\b", re.sub(r"--\S+|SITE:\S+|sim:\S+", "", told))


def test_what_is_wrong_with_a_request_is_said_in_the_language_that_is_asked_for(capsys, language_again):
    assert main(["--language", "de", "live", "--duration", "long"]) == 2
    assert capsys.readouterr().err == (
        "glutewake: Argument --duration: 'long' ist keine Zahl von Sekunden über null; glutewake live --help zeigt, "
        "was möglich ist.\n"
    )
