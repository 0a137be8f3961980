"""What can go wrong with a report."""

from app.recording.errors import RecordingError


class ReportError(RecordingError):
    """A report cannot be written; carries a sentence for the user like every `RecordingError`."""
