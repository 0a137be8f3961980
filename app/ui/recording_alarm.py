"""A recording that has trouble says so where nobody can miss it: why, how much is at risk, and when it is over."""

from collections.abc import Callable

from app.recording.status import RecordingStatus
from app.ui import status_words
from app.ui.source import SessionSource
from app.ui.widgets.bars import Notice


class RecordingAlarm:
    """Keeps the notice in step with the trouble of the recorder.

    Parameters
    ----------
    notice : Notice
    source : SessionSource
    tell : callable
        Puts a sentence into the notice, in place of whatever stands there.
    """

    def __init__(self, notice: Notice, source: SessionSource, tell: Callable[[str], None]) -> None:
        self._notice = notice
        self._source = source
        self._tell = tell
        self._cause = ""
        self._shown = ""

    def look(self) -> None:
        """Tell what is wrong, once for each cause; while it stands there the seconds at risk are those of now."""
        status = self._source.recording()
        cause = status.cause if status.state == "error" else ""
        stands = not self._notice.isHidden() and self._notice.sentence == self._shown != ""
        if cause and cause != self._cause:
            self._tell(self._sentence(status))
            self._shown = self._notice.sentence
        elif cause and stands:
            self._shown = self._sentence(status)
            self._notice.change(self._shown)
        elif stands:
            self._notice.hide()
            self._shown = ""
        self._cause = cause

    @staticmethod
    def _sentence(status: RecordingStatus) -> str:
        entry = status_words.recording_entry(status)
        return (entry.strong + entry.plain).strip()
