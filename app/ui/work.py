"""`Work`: what takes time, off the GUI thread: one job after the other, the newest wins."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from PyQt6.QtCore import QObject, pyqtSignal

from app.language import _, mark
from app.pipeline.review import StoppedError
from app.said import said
from app.session.levels import LevelsError
from app.session.plan import PlanError
from app.session.programme import ProgrammeError
from drivers.errors import UserFacingError

FAULT: Final = mark("Something unexpected went wrong; nothing that was recorded is touched. Try it once more.")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What a job has to say: ``result``, or ``sentence`` if it failed; with ``share`` below 1 it goes on."""

    result: object = None
    sentence: str = ""
    share: float = 1.0


class Task:
    """What a job is given: whether it is still wanted, and a way to hand over a part of its result."""

    def __init__(self, tell: Callable[["Task", Told], None]) -> None:
        self._tell = tell
        self._stopped = False

    def stop(self) -> None:
        """Give it up; what it still says is not heard."""
        self._stopped = True

    def stopped(self) -> bool:
        """Whether nobody wants it any more."""
        return self._stopped

    def partly(self, result: object, share: float) -> None:
        """Hand over what there is so far."""
        self._tell(self, Told(result, share=share))


class _Relay(QObject):
    """Carries what the jobs say into the GUI thread; it outlives every page, so that no job speaks to what is gone."""

    said = pyqtSignal(object, object)


@cache
def _relay() -> _Relay:
    return _Relay()


class Work(QObject):
    """Runs the jobs of one page. Lives in the GUI thread; a job that outlives the page is not heard.

    Attributes
    ----------
    told : signal of Told
        In the GUI thread, from the newest job alone.
    """

    told = pyqtSignal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._task: Task | None = None
        _relay().said.connect(self._hear)

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return self._task is not None

    def begin(self, job: Callable[[Task], object]) -> None:
        """Begin a job on a thread of its own; one that still runs is given up."""
        self.stop()
        self._task = task = Task(_relay().said.emit)
        threading.Thread(target=_run, args=(job, task, _relay().said.emit), name=self._name, daemon=True).start()

    def stop(self) -> None:
        """Give up the running job."""
        if self._task is not None:
            self._task.stop()
            self._task = None

    def _hear(self, task: Task, told: Told) -> None:
        if task is self._task:
            if told.share >= 1.0 or told.sentence:
                self._task = None
            self.told.emit(told)


def _run(job: Callable[[Task], object], task: Task, tell: Callable[[Task, Told], None]) -> None:
    try:
        told = Told(job(task))
    except StoppedError:
        return
    except UserFacingError as error:
        _log.warning("%s (%s)", error.sentence, error.detail)
        told = Told(sentence=said(error.sentence))
    except (LevelsError, PlanError, ProgrammeError) as error:
        told = Told(sentence=said(str(error)))
    except Exception:  # noqa: BLE001 - the thread's last handler: the page says so
        _log.exception("a job failed")
        told = Told(sentence=_(FAULT))
    if not task.stopped():
        tell(task, told)
