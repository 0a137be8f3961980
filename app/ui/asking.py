"""What the notice tells and asks, one sentence at a time: faults, what broke off before, what an action would end."""

from collections.abc import Callable

from app.language import _
from app.said import said
from app.ui.recording_alarm import RecordingAlarm
from app.ui.sound.output import DEVICE_GONE
from app.ui.source import SessionSource
from app.ui.unexpected import is_unexpected, told
from app.ui.widgets.bars import Notice
from drivers.errors import UserFacingError


class Asking:
    """Knows what stands in the notice, and what happens where the person agrees.

    Parameters
    ----------
    notice : Notice
    source : SessionSource
    """

    def __init__(self, notice: Notice, source: SessionSource) -> None:
        self._notice = notice
        self._source = source
        self._agreed: Callable[[], None] | None = None
        self._trouble_told = self._problem = self._unexpected = ""
        self._gone_told = False
        self._alarm = RecordingAlarm(notice, source, self._tell)
        notice.answered.connect(self._on_answer)

    @property
    def is_free(self) -> bool:
        """Whether nothing stands there."""
        return self._notice.isHidden()

    def ask(self, sentence: str, answers: tuple[str, str], agreed: Callable[[], None]) -> None:
        """Ask; the first answer changes nothing, the second does what was asked about."""
        self._agreed = agreed
        self._notice.tell(said(sentence), answers)

    def tell(self, sentence: str) -> None:
        """Tell, unless something else stands there; what nobody expected goes before all but a question."""
        if self.is_free or (is_unexpected(sentence) and len(self._notice.buttons) == 1):
            self._tell(sentence)
        elif is_unexpected(sentence):
            self._unexpected = sentence

    def tell_problem(self, sentence: str) -> None:
        """Tell in place of whatever stands there, unless it is that."""
        if sentence != self._problem or self.is_free:
            self._tell(sentence)
        self._problem = sentence

    def _tell(self, sentence: str) -> None:
        if is_unexpected(sentence):
            kept = self._source.recording().path or self._source.data.folder
            self.ask(told(sentence, kept), (_("Close"), _("Save a problem report")), self.save_report)
        else:
            self._notice.tell(said(sentence))

    def save_report(self) -> None:
        """Save a problem report and say where; returns when it is written."""
        try:
            path = self._source.data.save_report()
        except UserFacingError as error:
            self._notice.tell(said(error.sentence))
            return
        self._notice.tell(_("The problem report is saved as {path}.", path=path))

    def look(self, *, may_ask: bool) -> None:
        """Offer to finish what broke off before, tell what became of it, and what the settings have trouble with."""
        self._alarm.look()
        if self._unexpected and self.is_free:
            self._tell(self._unexpected)
            self._unexpected = ""
        if self.is_free and may_ask:
            if question := self._source.rescue.take_question():
                self.ask(question, (_("Not now"), _("Finish it")), self._source.rescue.accept)
            elif question := self._source.referral.take_question():
                self.ask(question, (_("Not now"), _("Write it")), self._source.referral.accept)
            elif news := self._source.rescue.take_news() or self._source.referral.take_news():
                self.tell(news)
        if self._source.sound_status() != _(DEVICE_GONE):
            self._gone_told = False
        elif not self._gone_told and self.is_free:
            self._gone_told = True
            self.tell(_("The sound device is gone: cues are only shown. Connect one, and the sound comes back."))
        trouble = self._source.sensors.trouble
        if trouble and trouble != self._trouble_told and self.is_free:
            self._trouble_told = trouble
            self.tell(trouble)

    def _on_answer(self, number: int) -> None:
        agreed, self._agreed = self._agreed, None
        if number == 1 and agreed is not None:
            agreed()
