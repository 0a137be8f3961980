"""Recordings of other programs, analysed from the command line as a user would."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.main import main
from tests.rigs import edf_maker, xdf_maker

SFREQ = 1000


def bursts(seconds: int = 30, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Noise of 3 µV, and of 60 µV in the first second of every three, from the third second on; in µV."""
    t = np.arange(seconds * SFREQ) / SFREQ
    level = np.where((t % 3 < 1) & (t >= 3), 60.0, 3.0)
    return np.asarray(np.random.default_rng(seed).normal(0, 1, len(t)) * level)


def write_edf(path: Path) -> None:
    names = ("R glut maximus", "L glut maximus", "pull")
    channels = [
        edf_maker.Channel(name, np.rint(bursts(seed=i) * 10).astype(np.int64), n_per_record=SFREQ, unit=unit)
        for i, (name, unit) in enumerate(zip(names, ("uV", "uV", "N"), strict=True))
    ]
    path.write_bytes(edf_maker.make(channels, plus="C", record_s="1"))


def write_xdf(path: Path) -> None:
    """Two units, one a stream, the clock of the second 5 s ahead."""
    times = 100.0 + np.arange(30 * SFREQ) / SFREQ
    chunks = []
    for number, ahead in ((1, 0.0), (2, 5.0)):
        rows = bursts(seed=number)[:, None]
        chunks.append(
            xdf_maker.header(number, kind="EMG", rate=SFREQ, labels=["left" if number == 1 else "right"], units=["uV"])
        )
        chunks += [
            xdf_maker.samples(number, (times[i : i + 500] + ahead).tolist(), rows[i : i + 500])
            for i in range(0, len(times), 500)
        ]
        chunks += [xdf_maker.clock(number, at + ahead, -ahead) for at in (100.0, 110.0, 120.0, 130.0)]
    path.write_bytes(xdf_maker.make(*chunks, xdf_maker.footer(1), xdf_maker.footer(2)))


def analysed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, list[list[float]]]]:
    assert main(["analyze", *arguments, "--json"]) == 0
    found: dict[str, dict[str, list[list[float]]]] = json.loads(capsys.readouterr().out)
    return found


def assert_every_burst(found: dict[str, dict[str, list[list[float]]]]) -> None:
    for side in ("left", "right"):
        starts = [start for start, _ in found["onsets"][side]]
        assert starts == pytest.approx(list(range(3, 30, 3)), abs=0.03)


def test_an_edf_is_analysed_by_its_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_edf(tmp_path / "Aufnahme 1.edf")
    found = analysed([str(tmp_path / "Aufnahme 1.edf"), "--map", "left:2,right:1"], capsys)
    assert_every_burst(found)


def test_an_edf_without_a_map_names_its_channels(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_edf(tmp_path / "a.edf")
    assert main(["analyze", str(tmp_path / "a.edf")]) == 2
    assert "1 R glut maximus, 2 L glut maximus, 3 pull (N)" in capsys.readouterr().err


def test_two_streams_of_an_xdf_meet_in_one_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_xdf(tmp_path / "a.xdf")
    assert_every_burst(analysed([str(tmp_path / "a.xdf")], capsys))


def test_a_rate_behind_the_name_of_a_file_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    np.savetxt(tmp_path / "a.csv", np.stack([bursts(seed=1), bursts(seed=2)], axis=1), "%.2f", delimiter=";")
    assert main(["analyze", str(tmp_path / "a.csv")]) == 1
    assert "rate=" in capsys.readouterr().err
    assert_every_burst(analysed([f"{tmp_path / 'a.csv'}?rate=1000"], capsys))


@pytest.mark.parametrize("n_lines", [1, 20, 400])
def test_a_file_too_short_for_a_squeeze_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str], n_lines: int):
    (tmp_path / "a.csv").write_text("# rate_hz=1000\n" + "1,2\n" * n_lines)
    assert main(["analyze", str(tmp_path / "a.csv")]) == 0
    assert "No squeeze was counted" in capsys.readouterr().out
