"""A recording knows whose it is and when it was made; whoever analyses twenty of them relies on it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.system.command import glutewake, live


def first_line(*arguments: str | Path) -> dict[str, object]:
    outcome = glutewake("analyze", "--json", *arguments)
    assert outcome.code == 0
    session = json.loads(outcome.out)["session"]
    assert isinstance(session, dict)
    return session


def test_an_analysis_tells_whose_session_it_was_and_when(tmp_path: Path):
    recorded = live(
        "sim:healthy?speed=max", "--duration", "6", "--record", tmp_path, "--person", "P01", "--session", "before"
    ).of("session")[0]
    (folder,) = tmp_path.iterdir()

    analysed = first_line(folder)

    assert (analysed["person"], analysed["label"]) == ("P01", "before")
    began = datetime.fromisoformat(str(analysed["utc_start"]))
    assert abs((began - datetime.fromisoformat(recorded["utc_start"])).total_seconds()) < 2.0


def test_a_foreign_recording_keeps_the_time_that_it_names(tmp_path: Path):
    path = tmp_path / "foreign.csv"
    path.write_text("# rate_hz=1000\n# start_utc=2024-02-03T04:05:06.500+00:00\n" + "1,2\n2,1\n" * 500)

    assert first_line(path)["utc_start"] == "2024-02-03T04:05:06.500+00:00"


def test_a_recording_that_names_no_time_has_that_of_its_analysis(tmp_path: Path):
    path = tmp_path / "foreign.csv"
    path.write_text("# rate_hz=1000\n" + "1,2\n2,1\n" * 500)

    before = datetime.now(UTC).replace(microsecond=0)

    assert datetime.fromisoformat(str(first_line(path)["utc_start"])) >= before
