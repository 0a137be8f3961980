"""`CalibrationTape`: keeps the raw signal of a guided calibration, where in it rest and squeezes lie, and what is done.

What was measured is a handful of numbers; whoever doubts them needs the samples. A finished step is kept at once, so
that a crash costs none of them.
"""

import logging
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.pipeline.calibrate import CalibrationRun
from app.pipeline.sources import Sources
from app.recording import calibrations
from app.recording.errors import RecordingError
from app.recording.folders import check_writable, create_session_folder, room_for
from app.recording.recorder import Recorder
from app.session.calibrating.unfinished import Unfinished
from app.session.calibrating.view import CalibrationView
from app.session.events import Step

_log = logging.getLogger(__name__)


class CalibrationTape:
    """The session folder of one calibration, and the recorder that `begin` opens in it.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    sources : Sources
    person : str or None
        Code.

    Attributes
    ----------
    name : str
        Of the session folder.

    Raises
    ------
    RecordingError
        If nothing can be recorded there.
    """

    def __init__(self, root: Path, sources: Sources, person: str | None) -> None:
        check_writable(root, least_free=room_for(sources.streams))
        now = datetime.now().astimezone()
        self._root = root
        self._folder = create_session_folder(root, now, simulated=sources.simulated, person=person)
        self._streams = sources.streams
        self._run: CalibrationRun | None = None
        self._last: Step | None = None
        self._kept: Unfinished | None = None
        self.name = self._folder.name

    def begin(self, run: CalibrationRun) -> Recorder:
        """Begin to record; before the sources bring their first block."""
        started = msgspec.structs.replace(run.started, calibrates=run.view.kind)
        self._recorder = Recorder(self._folder, self._streams, started)
        self._run = run
        self.hear(run.view)
        return self._recorder

    def hear(self, view: CalibrationView) -> None:
        """Keep which step runs from here on, and what to go on with, where it is another one."""
        if self._run is None:
            return
        self._keep(self._run.unfinished)
        step = Step(round(self._run.engine.t_s, 3), view.step, view.phase, view.side)
        if self._last is None or msgspec.structs.replace(step, t_s=self._last.t_s) != self._last:
            self._last = step
            self._recorder.push_event(step)

    def _keep(self, unfinished: Unfinished | None) -> None:
        if unfinished is None or unfinished == self._kept:
            return
        self._kept = unfinished
        try:
            calibrations.keep_unfinished(self._root, unfinished, datetime.now(UTC))
        except RecordingError as error:  # the recorder, in the same folder, says so where it is seen
            _log.warning("finished steps not kept: %s (%s)", error.sentence, error.detail)
