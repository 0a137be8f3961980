"""A clench test is kept and stands beside the next one of the same person, muscle and position."""

import msgspec

from app.recording import clench_tests
from app.recording.erase import erase_person
from app.session.clench import ClenchTest

FIRST = ClenchTest(
    "2026-11-06T09:00:00+00:00", "P-1", False, ("umyo:A",), "gluteus maximus", "prone", {"left": "not-yet"}
)


def on(day, **changes):
    return msgspec.structs.replace(FIRST, made_utc=f"2026-11-{day:02}T09:00:00+00:00", **changes)


def test_the_newest_earlier_test_is_found(tmp_path):
    for day in (6, 20, 13):
        clench_tests.keep(tmp_path, on(day))
    assert clench_tests.before(tmp_path, on(27)) == on(20)
    assert clench_tests.before(tmp_path, on(20)) == on(13)
    assert clench_tests.before(tmp_path, on(6)) is None


def test_other_positions_muscles_and_people_are_not_compared(tmp_path):
    for other in ({"position": "sitting"}, {"muscle": "gluteus medius"}, {"person": "P-2"}, {"simulated": True}):
        clench_tests.keep(tmp_path, on(6, **other))
    assert clench_tests.before(tmp_path, on(13)) is None


def test_a_file_that_cannot_be_read_is_put_aside_and_not_thrown_away(tmp_path):
    path = clench_tests.keep(tmp_path, FIRST)
    path.write_text("[{")
    assert clench_tests.before(tmp_path, on(13)) is None
    clench_tests.keep(tmp_path, on(13))
    assert path.with_suffix(".unreadable").read_text() == "[{"
    assert clench_tests.before(tmp_path, on(20)) == on(13)


def test_they_go_with_their_person(tmp_path):
    path = clench_tests.keep(tmp_path, FIRST)
    erase_person(tmp_path, "P-1")
    assert not path.exists()
