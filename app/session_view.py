"""`SessionView`: what the window sees of the session that runs, pulled whenever it likes. Nothing is changed here.

`app.studio` opens, exchanges and closes sessions; what it keeps of the one in use is read here.
"""

from pathlib import Path
from typing import Final

from app.data_desk import DataDesk
from app.language import _
from app.live_session import LiveSession
from app.pipeline.build import SessionPlan
from app.pipeline.condition import Sync
from app.pipeline.electrodes import ElectrodeView
from app.pipeline.health import Health
from app.pipeline.mains import Power
from app.pipeline.snapshot import Snapshot
from app.pipeline.units import UnitView, open_units, waiting_units
from app.recording.status import RecordingStatus
from app.session.programme import Programme
from app.settings import Settings
from app.ui.sound import Sound
from app.ui.sound.guarding import Guarding
from drivers.base import Driver

FIRST_SOURCE: Final = "sim:waking-left"


class SessionView:
    """The running session, as `app.ui.source.SessionSource` asks for it. Every method returns at once.

    Attributes
    ----------
    data : DataDesk
    sound : Sound
    """

    data: DataDesk
    sound: Sound
    _live: LiveSession
    _guarding: tuple[LiveSession, Guarding] | None = None
    _plan: SessionPlan
    _settings: Settings
    _uris: tuple[str, ...]
    _drivers: tuple[Driver, ...]
    _problem: str
    _question: Power | None

    @property
    def title(self) -> str:
        """Name of the exercise."""
        return self._live.title

    @property
    def first_start(self) -> bool:
        """Whether nobody has chosen a sensor or seen the tour yet."""
        return self._uris == (FIRST_SOURCE,) and not self._settings.preferences.tour_taken

    @property
    def programme(self) -> Programme | None:
        """The exercise."""
        return self._plan.programme

    @property
    def recordings(self) -> Path:
        """The folder of all recordings."""
        return self.data.folder

    @property
    def muscle(self) -> str:
        """The glute that the exercise is about."""
        return self._live.muscle

    @property
    def sign(self) -> str:
        """What is said where nobody is measured."""
        if any(vitals.test_signal for driver in self._drivers for vitals in driver.vitals.values()):
            return _("Test signal")
        schemes = {driver.uri.scheme for driver in self._drivers if driver.simulated}
        return _("Simulated person") if "sim" in schemes else _("Replay") if schemes else ""

    @property
    def muted(self) -> bool:
        """Whether the person wants no sound."""
        return self.sound.muted

    def snapshot(self) -> Snapshot | None:
        """The newest snapshot."""
        return self._live.snapshot

    def health(self) -> Health:
        """The counters of the status bar."""
        live = self._live
        worker, snapshot, sources = live.worker, live.snapshot, live.sources
        n_lost = 0 if snapshot is None else snapshot.n_lost
        n_received = 0 if snapshot is None else snapshot.n_received
        counted = sources is not None and all(info.has_counter for info in sources.streams)
        return Health(
            links=live.hub.links,
            lost_pct=100.0 * n_lost / max(1, n_lost + n_received) if counted else None,
            n_lost=n_lost,
            n_received=n_received,
            dsp_overruns=live.hub.overruns,
            reconnects=live.hub.reconnects,
            arrival_to_snapshot_ms=None if worker is None else worker.to_snapshot.percentiles(),
            arrival_to_paint_ms=None if worker is None else worker.to_paint.percentiles(),
            decision_to_sound_ms=self.sound.latency,
        )

    def guard(self) -> None:
        """Say aloud what is new of sensors and mains, once a session, whichever window looks."""
        if self._guarding is None or self._guarding[0] is not self._live:
            self._guarding = self._live, Guarding(self.sound)
        self._guarding[1].look(self.units(), self.mains_question())

    def units(self) -> tuple[UnitView, ...]:
        """The sensors of this session."""
        live = self._live
        if live.sources is None or self._problem:
            return waiting_units(self._drivers, self._settings.sensors, self._problem)
        return open_units(live.sources, self._settings.sensors, live.hub.links, live.condition)

    def sync(self) -> Sync | None:
        """How well the clocks of two units agree."""
        return self._live.condition.sync

    def electrodes(self) -> tuple[ElectrodeView, ...]:
        """The electrodes of this session, as an expert looks at them."""
        return self._live.electrodes

    def mains_question(self) -> Power | None:
        """How the computer is powered, while a wired sensor waits for an answer."""
        return self._question

    def recording(self) -> RecordingStatus:
        """The state of the recording."""
        return self._live.recording

    def problem(self) -> str | None:
        """One sentence if the source cannot be used."""
        return self._problem or self._live.problem

    def sound_status(self) -> str:
        """Why there is no sound; empty if there is."""
        return self.sound.status

    def note_painted(self, snapshot: Snapshot, painted_ns: int) -> None:
        """Take note of when a snapshot reached the screen."""
        worker = self._live.worker  # once: the session may be exchanged meanwhile
        if worker is not None and snapshot.received_ns:
            worker.to_paint.add(painted_ns - snapshot.received_ns)
