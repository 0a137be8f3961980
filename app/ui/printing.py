"""The page to hand over: asks whose name stands on it and where it shall lie, and says how it was written."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from app.language import _, language
from app.pipeline.build import SessionPlan
from app.ui.past import uri_of
from app.ui.widgets.asked_entry import AskedEntry

NAME_LENGTH = 60


def ask_page(entry: AskedEntry, parent: QWidget, place: Path, write: Callable[[Path, str], None]) -> None:
    """Ask for a name, which is kept nowhere, and then for a file.

    Parameters
    ----------
    entry : AskedEntry
    parent : QWidget
        What the dialog belongs to.
    place : Path
        Which file is proposed.
    write : callable
        Takes the file and the name, empty for none; a file without an ending becomes a PDF.
    """

    def ask_where(name: str) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            parent, _("Write the report"), str(place), _("Report (*.pdf *.html)"),
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is ever written over, so nobody is asked
        )  # fmt: skip
        if chosen:
            output = Path(chosen)
            write(output if output.suffix else output.with_suffix(".pdf"), name[:NAME_LENGTH])

    hint = _("A name on this page, kept nowhere else; it may stay empty. Return goes on")
    entry.ask(_("Name on the report"), hint, ask_where)


def write_page(recording: Path, channel_map: str, output: Path, name: str) -> str:
    """Write the page of a recording; waits for the disk, and returns what to say.

    Raises
    ------
    ReportError, RecordingError, DriverError, HistoryError
        With a sentence for the user.
    """
    from app.report.make import Wish, make_report  # its fonts and its template: only those who print pay for them

    make_report(
        Wish(
            recording, uri_of(recording, channel_map), output, SessionPlan(None), language=language(), name=name or None
        )
    )
    return _("The report is written: '{output}'.", output=output)
