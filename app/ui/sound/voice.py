"""The system's voice through QtTextToSpeech, for whole sentences where nothing follows them.

It is not mixed here and begins when it likes, so nothing that has to end in time is left to it. It lives in the GUI
thread; whoever speaks does so by signals, from any thread.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QLocale, QLoggingCategory, QObject, pyqtSignal, pyqtSlot

from app.language import Language
from app.ui.sound.speaker import QUIET_RULES

if TYPE_CHECKING:
    from PyQt6.QtTextToSpeech import QTextToSpeech

_NO_VOICE: Final = frozenset({"mock"})
"""The engine that Qt brings for tests says nothing and claims to have said it."""

_LONGEST_S: Final = 30.0
"""An engine that has not told its end by then has forgotten to; nobody waits for it any longer."""

log = logging.getLogger(__name__)


class QtVoice(QObject):
    """The first engine of the system that works; without one `speaks` is never true.

    To be made in the GUI thread.
    """

    _asked = pyqtSignal(str, str, float)
    _stopped = pyqtSignal()

    def __init__(self, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        super().__init__()
        self._clock_ns = clock_ns
        self._asked_ns = 0
        self._is_speaking = False
        self._engine = _first_engine()
        self._languages: frozenset[str] = frozenset()
        if self._engine is None:
            return
        self._languages = frozenset(locale.name()[:2] for locale in self._engine.availableLocales())
        self._engine.stateChanged.connect(self._follow)
        self._asked.connect(self._say)
        self._stopped.connect(self._break_off)
        log.info("voice: %s, %s", self._engine.engine(), " ".join(sorted(self._languages)))

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said, or about to be."""
        return self._is_speaking and (self._clock_ns() - self._asked_ns) * 1e-9 < _LONGEST_S

    def speaks(self, tongue: Language) -> bool:
        """Whether it knows that language."""
        return tongue in self._languages

    def say(self, text: str, tongue: Language, volume: float) -> None:
        """Begin to say a text; from any thread, returns at once."""
        self._asked_ns, self._is_speaking = self._clock_ns(), True
        self._asked.emit(text, tongue, volume)

    def stop(self) -> None:
        """Break off; from any thread, returns at once."""
        self._is_speaking = False  # told once, however long the window takes to get to it
        self._stopped.emit()

    @pyqtSlot(str, str, float)
    def _say(self, text: str, tongue: str, volume: float) -> None:
        assert self._engine is not None
        self._engine.setLocale(QLocale(tongue))
        self._engine.setVolume(volume)
        self._engine.say(text)

    @pyqtSlot()
    def _break_off(self) -> None:
        assert self._engine is not None
        self._engine.stop()

    def _follow(self, state: "QTextToSpeech.State") -> None:
        self._is_speaking = state.name in ("Speaking", "Synthesizing")
        if state.name == "Error":
            self._languages = frozenset()  # from now on the recordings speak


def _first_engine() -> "QTextToSpeech | None":
    """Open the first engine that works; what does not is no concern of the person."""
    # Nothing of Qt reaches the message handler, which is Python's, while libraries load (see `speaker.load`).
    QLoggingCategory.setFilterRules("*=false")
    try:
        with suppress(ImportError):
            from PyQt6.QtTextToSpeech import QTextToSpeech

            for name in QTextToSpeech.availableEngines():
                if name in _NO_VOICE:
                    continue
                engine = QTextToSpeech(name)
                if engine.state() != QTextToSpeech.State.Error:
                    return engine
        return None
    finally:
        QLoggingCategory.setFilterRules(QUIET_RULES)
