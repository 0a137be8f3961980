"""The check before the first session and the question about pain in each of their states."""

from app.recording.status import RecordingStatus
from app.session.care import CARE_QUESTIONS, CareCheck, CareQuestion, CareStep
from tests.ui.scenes import StagedSource
from tests.ui.staged_desks import StagedCare


def asking(step: CareStep, *, yes: tuple[CareQuestion, ...] = (), n_open: int = 0, began: bool = False) -> StagedSource:
    """A living person's session that waits for an answer."""
    answered = CARE_QUESTIONS[: len(CARE_QUESTIONS) - n_open]
    check = CareCheck({question: question in yes for question in answered})
    status = RecordingStatus("recording", recorded_s=751.0) if began else RecordingStatus("off")
    return StagedSource(now=None, care=StagedCare(step, check, began), status=status)


CARE_SCENES = {
    "care": lambda: asking("check", yes=("skin",), n_open=1),
    "care-first": lambda: asking("check", n_open=5),
    "care-doctor": lambda: asking("check", yes=("new-hip", "nerves")),
    "care-passed": lambda: asking("check"),
    "pain-before": lambda: asking("pain-before"),
    "effort-after": lambda: asking("effort-after", began=True),
    "pain-after": lambda: asking("pain-after", began=True),
    "pain-too-much": lambda: asking("today-ends"),
}
