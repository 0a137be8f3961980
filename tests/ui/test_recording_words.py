"""The status bar tells the recording: what runs, for how long there is room, what is wrong and what is at risk."""

import pytest

from app.pipeline.health import Health
from app.recording.status import RecordingStatus
from app.ui.status_words import status_entries
from tests.ui.scenes import StagedSource


def said(recording: RecordingStatus) -> str:
    health: Health = StagedSource().health()
    entry = status_entries(None, health, recording)[0]
    return entry.strong + entry.plain


@pytest.mark.parametrize(
    ("left_s", "words"),
    [(None, "REC 00:12:31"), (7200.0, "REC 00:12:31"), (1500.0, "REC 00:12:31, room for 25 min")],
)
def test_room_is_told_when_it_gets_short(left_s, words):
    assert said(RecordingStatus("recording", recorded_s=751.0, left_s=left_s)) == words


def test_an_error_tells_its_cause_and_the_seconds_at_risk():
    words = said(RecordingStatus("error", cause="The disk is full; free some space.", at_risk_s=12.3))
    assert words == "The disk is full; free some space. 12 s are at risk."


def test_what_is_always_on_its_way_to_the_disk_is_not_called_a_risk():
    assert "risk" not in said(RecordingStatus("error", cause="The disk was too slow.", at_risk_s=0.8))
