"""What goes in and out of the Review page: a recording to open, a note, the report, and an export to hand on."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from PyQt6.QtWidgets import QFileDialog, QWidget

from app.language import _
from app.recording.export.choice import choose
from app.ui import review_words
from app.ui.printing import ask_page
from app.ui.review_desk import ReviewDesk
from app.ui.widgets.asked_entry import AskedEntry

ExportKind = Literal["tables", "samples", "share"]
KINDS: Final[tuple[ExportKind, ...]] = ("tables", "samples", "share")
"""In the order of `review_words.export_kinds`."""


def write_export(kind: ExportKind, session: Path, into: Path) -> Path:
    """Write one session for other programs into a new folder; waits for the disk.

    Parameters
    ----------
    kind : {'tables', 'samples', 'share'}
    session : Path
        Session folder.
    into : Path
        Folder that the person chose.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    RecordingError
        With the sentence for the user; nothing is ever written over.
    """
    sessions = choose([session], person=None, since=None, simulated=True).sessions
    folder = into / ("glutewake-share" if kind == "share" else f"{session.name}-{kind}")
    if kind == "tables":
        from app.recording.export.tidy import write_tidy

        write_tidy(sessions, folder)
    elif kind == "samples":
        from app.recording.export.samples import write_parquet

        write_parquet(sessions, folder)
    else:
        from app.recording.export.share import write_share

        write_share(sessions, folder)
    return folder


class ReviewFiles:
    """Asks what and where, and lets the desk do it.

    Parameters
    ----------
    desk : ReviewDesk
    entry : AskedEntry
        Where it is typed.
    warn : callable
        Takes a sentence that must be seen.
    parent : QWidget
        What the dialogs belong to.
    """

    def __init__(self, desk: ReviewDesk, entry: AskedEntry, warn: Callable[[str], None], parent: QWidget) -> None:
        self._desk, self._entry, self._warn, self._parent = desk, entry, warn, parent

    def ask_file(self, take: Callable[[Path], None]) -> None:
        """Let a file be chosen."""
        start = str(self._desk.recordings)
        if name := QFileDialog.getOpenFileName(self._parent, _("Open a recording"), start)[0]:
            take(Path(name))

    def ask_note(self) -> None:
        """Let a note about this moment be typed."""
        if self._desk.opened is None or self._desk.opened.record is None:
            self._warn(_(review_words.FROM_ELSEWHERE))
            return
        self._desk.player.playing = False
        self._entry.ask(_("Note about this moment"), _("Note about this moment; Return keeps it"), self._desk.keep_note)

    def ask_report(self) -> None:
        """Ask for a name on the page to hand over, and where it shall lie, and write it."""
        if self._desk.opened is not None:
            place = self._desk.recordings.parent / f"{self._desk.opened.path.stem}.pdf"
            ask_page(self._entry, self._parent, place, self._desk.report)

    def may_export(self) -> bool:
        """Whether the open recording can be handed on; says why not."""
        opened = self._desk.opened
        if opened is not None and opened.record is None:
            self._warn(_(review_words.EXPORT_FROM_ELSEWHERE))
        return opened is not None and opened.record is not None

    def ask_export(self, number: int) -> None:
        """Ask where an export of this kind shall lie, and write it."""
        opened = self._desk.opened
        if opened is None or opened.record is None:
            return
        folder, kind = opened.record.folder, KINDS[number]
        start = str(self._desk.recordings.parent)
        if into := QFileDialog.getExistingDirectory(self._parent, _("Export into a folder"), start):
            self._desk.export(lambda: write_export(kind, folder, Path(into)))
