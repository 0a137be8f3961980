"""The command ``report``: from a recording to the file of its page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.language import Language
from app.pipeline.build import SessionPlan
from app.report.facts import gather
from app.report.language import Words
from app.report.output import check_output, write_report
from app.report.page import Report
from app.report.past import past_of
from app.report.source import read_session
from app.session.events import Side


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants printed.

    Attributes
    ----------
    recording : Path
        Session folder, journal, or a recording of another program.
    uri : str
        The same as a source that runs unpaced, with the channels of a foreign file.
    output : Path
        Ends in ``.html`` or ``.pdf``.
    plan : SessionPlan
        Reference and programme of a foreign file.
    language : {'en', 'de'}
    name : str or None
        Stands on the page and is kept nowhere else.
    involved : {'left', 'right'} or None
        The side that comes first; None is that of the history.
    """

    recording: Path
    uri: str
    output: Path
    plan: SessionPlan
    language: Language = "en"
    name: str | None = None
    involved: Side | None = None


def make_report(wish: Wish, progress: Callable[[float], None] | None = None) -> None:
    """Read the recording and write its page.

    Parameters
    ----------
    wish : Wish
    progress : callable or None
        Told the source time now and then while a foreign file is analyzed.

    Raises
    ------
    ReportError, RecordingError, DriverError, HistoryError
        With a sentence for the user.
    """
    check_output(wish.output)
    record = read_session(wish.recording, wish.uri, wish.plan, progress)
    past = past_of(record)
    report = Report(gather(record, wish.involved or past.involved), Words(wish.language), past.trend, wish.name)
    write_report(report, wish.output)
