"""One place for what nobody expected: what happened, where the session is safe, and a report to save."""

from pathlib import Path

from app.recording.errors import RecordingError
from app.recording.status import RecordingStatus
from app.ui import unexpected
from tests.ui.scenes import StagedSource


def test_what_nobody_expected_says_where_the_session_is_safe(make_window):
    window = make_window(source=StagedSource(status=RecordingStatus("recording", path=Path("/data/2026-11-20"))))
    window._bridge.post_fault(unexpected.HAPPENED)

    assert "/data/2026-11-20" in window.notice.sentence
    assert [button.text() for button in window.notice.buttons] == ["Close", "Save a problem report"]


def test_the_report_is_saved_from_there(make_window):
    window = make_window()
    window._bridge.post_fault(unexpected.HAPPENED)
    window.notice.buttons[1].click()

    assert window.source.data.asked == ["report"]
    assert "glutewake-problem.zip" in window.notice.sentence


def test_a_session_that_ended_so_says_it_until_it_is_closed(make_window):
    source = StagedSource(trouble=unexpected.ENDED)
    window = make_window(source=source)
    window.look_around()

    assert "ended the session" in window.notice.sentence


def test_a_report_that_cannot_be_written_is_said(make_window, monkeypatch):
    window = make_window()

    def full() -> Path:
        raise RecordingError("The disk that holds '/data' is full; free some space or choose another folder.")

    monkeypatch.setattr(window.source.data, "save_report", full)
    window.asking.save_report()

    assert "is full" in window.notice.sentence


def test_what_was_foreseen_offers_no_report(make_window):
    window = make_window()
    window._bridge.post_fault("The disk is slow.")

    assert [button.text() for button in window.notice.buttons] == ["Close"]


def test_what_nobody_expected_goes_before_what_is_only_told(make_window):
    window = make_window()
    window._bridge.post_fault("No sound device any more.")
    window._bridge.post_fault(unexpected.HAPPENED)

    assert "unexpected happened" in window.notice.sentence


def test_what_nobody_expected_waits_for_the_answer_to_a_question(make_window):
    window = make_window()
    window.asking.ask("Finish it?", ("Not now", "Finish it"), lambda: None)
    window._bridge.post_fault(unexpected.HAPPENED)
    assert window.notice.sentence == "Finish it?"
    window.notice.buttons[0].click()
    window.look_around()

    assert "unexpected happened" in window.notice.sentence
