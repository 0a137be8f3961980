"""An archive to pass on tells neither who nor when."""

import csv
import io
import random
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.recording.export.choice import choose
from app.recording.export.share import write_share
from app.recording.notes import add_note
from tests.rigs.sessions import write_session

STARTS = ("2026-11-20T14:30:05.123456+00:00", "2026-11-27T09:10:00+00:00", "2026-12-04T09:10:00+00:00")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    *_, last = [write_session(folder, person="Muster-Anna", start=start) for start in STARTS]
    write_session(folder, person="P-018", start=STARTS[1])
    write_session(folder, person=None, start=STARTS[2])
    add_note(last, 1.0, "Anna phoned", datetime(2026, 12, 5, tzinfo=UTC))
    return folder


def shared(root: Path, to: Path, *, with_notes: bool = False, seed: int = 1) -> dict[str, bytes]:
    chosen = choose([root], person=None, since=None, simulated=False)
    path = write_share(chosen.sessions, to, with_notes=with_notes, rng=random.Random(seed))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()} | {"": path.read_bytes()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter="\t"))


def test_no_code_date_name_or_device_is_in_any_byte(root: Path, tmp_path: Path):
    chosen = choose([root], person=None, since=None, simulated=False)
    forbidden = [rb"Muster", rb"Anna", rb"P-018", rb"2026", rb"20261", rb"143005", rb"14:30:05", rb"knee", rb"Sensor"]
    forbidden += [
        re.escape(str(root).encode()),
        *(session.sha256.encode() for session in chosen.sessions if session.sha256),
    ]
    for name, content in shared(root, tmp_path).items():
        for word in forbidden:
            assert not re.search(word, name.encode() + b"\0" + content), (name, word)


def test_all_times_of_a_person_are_shifted_alike_to_before_1926(root: Path, tmp_path: Path):
    sessions = rows(shared(root, tmp_path)["sessions.tsv"])
    times: dict[str, list[datetime]] = {}
    for row in sessions:
        times.setdefault(row["person"], []).append(datetime.fromisoformat(row["started_utc"]))
    assert sorted(map(len, times.values())) == [1, 1, 3]
    assert all(time.year <= 1925 for those in times.values() for time in those)
    (own,) = (those for those in times.values() if len(those) == 3)
    truth = [datetime.fromisoformat(start) for start in STARTS]
    for shifted, true in zip(own, truth, strict=True):
        assert (shifted - own[0]).total_seconds() == pytest.approx((true - truth[0]).total_seconds(), abs=0.002)


def test_codes_do_not_follow_the_order_of_the_names(root: Path, tmp_path: Path):
    largest = set()
    for seed in range(6):
        persons = [row["person"] for row in rows(shared(root, tmp_path / str(seed), seed=seed)["sessions.tsv"])]
        largest.add(max(persons, key=persons.count))
    assert len(largest) > 1


def test_notes_are_passed_on_only_when_asked_for(root: Path, tmp_path: Path):
    assert "notes.tsv" not in shared(root, tmp_path / "without")
    notes = rows(shared(root, tmp_path / "with", with_notes=True)["notes.tsv"])
    assert "Anna phoned" in [row["text"] for row in notes]


def test_samples_of_every_session_are_there(root: Path, tmp_path: Path):
    files = shared(root, tmp_path)
    names = {f"samples/{row['session_id']}.parquet" for row in rows(files["sessions.tsv"])}
    assert names <= files.keys()
    assert len(names) == 5
