"""`ReviewDesk`: what lies open on the Review page: a recording, perhaps another beside it, and where the replay stands.

Lives in the GUI thread; whatever takes time is done by `app.ui.work.Work`.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.language import _
from app.numbers import percent
from app.pipeline.build import SessionPlan
from app.recording.notes import LaterNote, add_note
from app.session.events import Rep
from app.ui import review_words
from app.ui.past import Asks, Kept, Opened, kept_sessions, open_past
from app.ui.player import Player
from app.ui.printing import write_page
from app.ui.source import SessionSource
from app.ui.work import Told, Work


class ReviewDesk(QObject):
    """The desk.

    Parameters
    ----------
    source : SessionSource
        Tells where the recordings are, and who trains now: their sessions are listed first.

    Attributes
    ----------
    opened, beside : Opened or None
        The recording, and another one or another judgement to compare with.
    kept : tuple of Kept
        The sessions that were kept, as far as they were listed.
    reps : tuple of Rep
        Those of the open recording.
    told : str
        What is going on, or why it could not be done; empty if there is nothing to say.
    player : Player
    listed, opened_more, compared : signals
        Another list, more of the recording, another thing beside it; or why there is none.
    asked : signal of Asks
        A foreign file does not say which channel is which.
    refused : signal of str
        A note could not be kept.
    """

    listed = pyqtSignal()
    opened_more = pyqtSignal()
    compared = pyqtSignal()
    asked = pyqtSignal(object)
    refused = pyqtSignal(str)

    def __init__(self, source: SessionSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self.opened: Opened | None = None
        self.beside: Opened | None = None
        self.kept: tuple[Kept, ...] = ()
        self.reps: tuple[Rep, ...] = ()
        self._story = ""
        self.told = ""
        self.player = Player()
        self._lister, self._loader = Work("list", self), Work("review", self)
        self._scorer, self._writer = Work("score", self), Work("note", self)
        self._reporter = Work("report", self)
        self._reporter.told.connect(self._on_reported)
        self._lister.told.connect(self._on_listed)
        self._loader.told.connect(self._on_loaded)
        self._scorer.told.connect(self._on_scored)
        self._writer.told.connect(lambda told: self.refused.emit(told.sentence) if told.sentence else None)

    @property
    def recordings(self) -> Path:
        """The folder of all recordings."""
        return self._source.recordings

    @property
    def listing(self) -> bool:
        """Whether the list is being read."""
        return self._lister.busy

    @property
    def busy(self) -> bool:
        """Whether something is being read or judged."""
        return self._loader.busy or self._scorer.busy or self._reporter.busy

    @property
    def row(self) -> int | None:
        """Number of the rep that runs where the replay stands, or of the last before."""
        n_begun = bisect_right(self.reps, self.player.position_s + 1e-6, key=lambda rep: rep.start_s)
        return n_begun - 1 if n_begun else None

    @property
    def names(self) -> tuple[str, str]:
        """What the two that lie beside each other are called."""
        assert self.opened is not None
        assert self.beside is not None
        if self.opened.path == self.beside.path:
            return _("as recorded"), _("scored again")
        one, other = (review_words.title(each.started, each.path.name) for each in (self.opened, self.beside))
        return one, other

    def read_list(self) -> None:
        """List what was kept."""
        root, person = self.recordings, self._source.people.person
        self._lister.begin(lambda task: kept_sessions(root, person))

    def open(self, path: Path, channel_map: str = "") -> None:
        """Open a recording."""
        self._scorer.stop()
        self.player = Player()
        self.opened = self.beside = None
        self.reps = ()
        self.told = _("Reading '{name}' …", name=path.name)
        self._loader.begin(lambda task: open_past(path, SessionPlan(None), channel_map, task.partly, task.stopped))

    def compare(self, path: Path) -> None:
        """Lay another recording beside the open one."""
        self.told = _("Reading '{name}' …", name=path.name)
        self._scorer.begin(lambda task: open_past(path, SessionPlan(None), stopped=task.stopped))

    def score(self, plan: SessionPlan) -> None:
        """Judge the open recording once more, by other settings; what was recorded stays as it is."""
        if self.opened is not None:
            path, channel_map = self.opened.path, self.opened.channel_map
            self.told = _("Scoring again …")
            self._scorer.begin(lambda task: open_past(path, plan, channel_map, stopped=task.stopped))

    def go_to(self, position_s: float) -> None:
        """Go to a moment; what was told once it was done is read by then."""
        self.player.seek(position_s)
        if not self.busy and self.opened is not None:
            self.told = ""

    def keep_note(self, words: str) -> None:
        """Keep a note about where the replay stands."""
        opened, at_s = self.opened, self.player.position_s
        if opened is not None and opened.record is not None and words:
            folder, now = opened.record.folder, datetime.now().astimezone()
            self.opened = replace(opened, notes=(*opened.notes, LaterNote(at_s, words, now.isoformat())))
            self._writer.begin(lambda task: add_note(folder, at_s, words, now))

    def report(self, output: Path, name: str) -> None:
        """Write the page to hand over, with a name on it unless that is empty."""
        if self.opened is not None:
            path, channel_map = self.opened.path, self.opened.channel_map
            self.told = _("Writing '{name}' …", name=output.name)
            self._reporter.begin(lambda task: write_page(path, channel_map, output, name))

    def export(self, write: Callable[[], Path]) -> None:
        """Hand the recording on; `write` waits for the disk and says where it lies then."""
        self.told = _("Exporting …")
        self._reporter.begin(lambda task: _("The export is in '{folder}'.", folder=write()))

    def close_beside(self) -> None:
        """Take away what lies beside the recording."""
        self._scorer.stop()
        self.beside, self.told = None, ""

    def findings(self) -> tuple[str, tuple[str, ...], str]:
        """What stands beneath the table: the news, sentences, and small print."""
        if self.told or self.opened is None:
            return self.told, (), ""
        if self.beside is not None:
            both = zip(self.names, (self.opened, self.beside), strict=True)
            return "", tuple(review_words.sum_up(name, one.reps, one.summary) for name, one in both), ""
        rep = self.reps[self.row] if self.row is not None else None
        said = review_words.rep_sentences(rep, self.opened.review.programme)
        note = review_words.note_at(self.opened.notes, self.player.position_s)
        return self._story, (*said, *note), _(review_words.SMALL_PRINT)

    def _on_listed(self, told: Told) -> None:
        if isinstance(told.result, tuple):
            self.kept = told.result
        self.listed.emit()

    def _on_loaded(self, told: Told) -> None:
        self.told = told.sentence or (
            "" if told.share >= 1.0 else _("Reading: {share}", share=percent(100 * told.share))
        )
        if isinstance(told.result, Asks):
            self.told = ""
            self.asked.emit(told.result)
        else:
            if isinstance(told.result, Opened):
                self.opened, self.reps = told.result, told.result.reps
                self._story = review_words.story(self.reps, told.result.summary, told.result.review.programme)
                self.player.duration_s = told.result.review.duration_s
            self.opened_more.emit()

    def _on_reported(self, told: Told) -> None:
        self.told = told.sentence or str(told.result)
        self.compared.emit()

    def _on_scored(self, told: Told) -> None:
        self.told = _(review_words.OPEN_IT_FIRST) if isinstance(told.result, Asks) else told.sentence
        if isinstance(told.result, Opened):
            self.beside = told.result
        self.compared.emit()
