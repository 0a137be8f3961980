"""`SessionSource`: everything the window gets from the session, and the few things it may ask of it."""

from pathlib import Path
from typing import Protocol

from app.pipeline.condition import Sync
from app.pipeline.discovery import Finds
from app.pipeline.electrodes import ElectrodeView
from app.pipeline.health import Health
from app.pipeline.mains import Power
from app.pipeline.snapshot import Snapshot
from app.pipeline.tap import Taps
from app.pipeline.units import UnitView
from app.recording.kit import Kit
from app.recording.status import RecordingStatus
from app.session.calibrating.unfinished import Unfinished
from app.session.calibrating.view import CalibrationView, Key, Kind
from app.session.calibration import Calibration
from app.session.care import CareCheck, CareQuestion, CareStep
from app.session.clench import ClenchTest
from app.session.events import Act, MainsAnswer
from app.session.programme import Programme
from app.settings import Sensor
from app.ui.setup_source import DataSource, PeopleSource, PlanSource, SetupSource


class SensorSource(Protocol):
    """The user's own sensors. Every method is called in the GUI thread and returns at once."""

    @property
    def finds(self) -> Finds:
        """What the running or last search has found so far."""

    @property
    def remembered(self) -> tuple[Sensor, ...]:
        """The sensors that are the user's own."""

    @property
    def trouble(self) -> str:
        """One sentence about the settings, if they could not be read or kept; else empty."""

    @property
    def taps(self) -> Taps:
        """How far the knocking of two units together is, or what came of it."""

    def tap(self) -> None:
        """End the session, have both units knocked together, and begin anew with what came of it."""

    def search(self) -> None:
        """Begin to look for devices."""

    def use(self, sensor: Sensor) -> str:
        """Begin a session with a sensor; returns one sentence if it cannot be used."""

    def forget(self, uri: str) -> None:
        """Forget a sensor and begin a session without it."""

    def swap(self) -> None:
        """Begin a session with the sides exchanged."""

    def simulate(self) -> None:
        """Begin a session with the simulated person."""

    def reconnect(self) -> None:
        """Begin a session with the sensors that are the user's own."""


class CareSource(Protocol):
    """What a living person is asked before and after a session. Called in the GUI thread; returns at once."""

    @property
    def step(self) -> CareStep | None:
        """What is asked now; None if nothing."""

    @property
    def check(self) -> CareCheck:
        """What was answered so far before the first session."""

    @property
    def began(self) -> bool:
        """Whether the session of a living person was let begin: what is asked is asked after it."""

    def answer(self, question: CareQuestion, *, yes: bool) -> None:
        """Keep one answer."""

    def clear(self) -> None:
        """A therapist clears what was answered with yes."""

    def go_on(self) -> None:
        """Go on from the check, if nothing holds the session back."""

    def ask_after(self) -> bool:
        """Ask how much pain there is after the session; False where nobody was asked before."""

    def rate_pain(self, pain: int | None) -> None:
        """Take the pain, 0 to 10, or None if the person skips it."""

    def rate_effort(self, effort: int | None) -> None:
        """Take how hard it was, 0 to 10, or None if the person skips it."""


class RescueSource(Protocol):
    """Recordings of earlier sessions that broke off. Called in the GUI thread; returns at once."""

    def take_question(self) -> str:
        """Return what to ask the person, once; empty if there is nothing."""

    def take_news(self) -> str:
        """Return what became of them, once; empty while there is nothing to tell."""

    def accept(self) -> None:
        """Begin to finish them."""


class ReferralSource(Protocol):
    """A side that a professional should see. Called in the GUI thread; returns at once."""

    def take_question(self) -> str:
        """Return what to ask the person, once for ever; empty if there is nothing."""

    def take_news(self) -> str:
        """Return where the report lies, once; empty while there is none."""

    def accept(self) -> None:
        """Begin to write the report."""


class KitSource(Protocol):
    """What the pads are and how the skin was prepared."""

    def kit(self) -> Kit:
        """What is known of the sensors in use; reads a small file. Called in the GUI thread."""

    def keep(self, kit: Kit) -> None:
        """Keep what was said; waits for the disk, on a thread of its own. Raises `RecordingError`."""


class CalibrationSource(Protocol):
    """A guided calibration. Every method is called in the GUI thread and returns at once."""

    @property
    def view(self) -> CalibrationView | None:
        """What it shows now, the same object until there is a newer one; None while none runs."""

    @property
    def unit(self) -> str:
        """``'uV'`` if levels are in volts, ``'counts'`` if the gain is unknown."""

    @property
    def in_force(self) -> Calibration | None:
        """What the sessions begin with; None where each makes its own scale."""

    @property
    def clench_before(self) -> ClenchTest | None:
        """The clench test before the one that is shown, if they may be compared."""

    @property
    def unfinished(self) -> Unfinished | None:
        """What broke off and can be gone on with; None if nothing."""

    def begin(self, kind: Kind) -> None:
        """End the session and begin a calibration of its sensors."""

    def go_on(self) -> None:
        """End the session and go on with what broke off."""

    def press(self, key: Key) -> None:
        """Answer."""

    def use(self) -> None:
        """Begin a session with what was measured."""

    def leave(self) -> None:
        """Begin a session as before the calibration."""


class SessionSource(Protocol):
    """A running session as the window sees it. Every method is called in the GUI thread and returns at once."""

    @property
    def title(self) -> str:
        """Name of the exercise, as it stands at the top of the page."""

    @property
    def recordings(self) -> Path:
        """The folder of all recordings, whether or not this session is recorded."""

    @property
    def muscle(self) -> str:
        """The glute that the exercise is about, as ``gluteus maximus``; empty before it is known."""

    @property
    def sign(self) -> str:
        """What stands at the top where nobody is measured: ``"Simulated person"``, ``"Replay"``; else empty."""

    @property
    def sensors(self) -> SensorSource:
        """The user's own sensors."""

    @property
    def referral(self) -> ReferralSource:
        """Which side a professional should see."""

    @property
    def kits(self) -> KitSource:
        """What the pads are."""

    @property
    def calibration(self) -> CalibrationSource:
        """The guided calibration."""

    @property
    def care(self) -> CareSource:
        """What the person is asked before and after."""

    @property
    def rescue(self) -> RescueSource:
        """What broke off before."""

    @property
    def setup(self) -> SetupSource:
        """What the person likes."""

    @property
    def people(self) -> PeopleSource:
        """Who trains."""

    @property
    def data(self) -> DataSource:
        """Where the recordings are."""

    @property
    def plan(self) -> PlanSource:
        """What the person is to do over days."""

    @property
    def programme(self) -> Programme | None:
        """The exercise; None before a replayed session tells its own."""

    @property
    def first_start(self) -> bool:
        """Whether nobody has chosen a sensor or seen the tour yet."""

    def start(self, pain: int | None) -> None:
        """Begin today's session of a living person, who says how much pain there is, or skips it."""

    @property
    def muted(self) -> bool:
        """True while the person wants no sound."""

    def snapshot(self) -> Snapshot | None:
        """Return the newest snapshot, the same object until there is a newer one; None before the first."""

    def health(self) -> Health:
        """Return the counters of the status bar."""

    def units(self) -> tuple[UnitView, ...]:
        """Return the sensors of this session, connected or not."""

    def guard(self) -> None:
        """Say aloud what is new of sensors and mains; called as often as they are shown."""

    def sync(self) -> Sync | None:
        """Return how well the clocks of two units agree; None where there is one unit."""

    def electrodes(self) -> tuple[ElectrodeView, ...]:
        """Return the electrodes of this session as an expert looks at them; costs half a millisecond."""

    def mains_question(self) -> Power | None:
        """Return how the computer is powered while a wired sensor waits for an answer; None otherwise."""

    def answer_mains(self, answer: MainsAnswer) -> None:
        """Let a wired sensor begin."""

    def try_again(self) -> None:
        """Open the sensors of this session once more."""

    def recording(self) -> RecordingStatus:
        """Return the state of the recording."""

    def problem(self) -> str | None:
        """Return one sentence if the source cannot be used, as `drivers.errors.DriverError.sentence`; else None."""

    def sound_status(self) -> str:
        """Return an empty string if sound works, else why not, e.g. ``"no sound device"``."""

    def train(self, programme: Programme) -> None:
        """End the session and begin one of another exercise, which waits until somebody starts it."""

    def do(self, act: Act) -> None:
        """Do what changes how the session goes; its time is that of the session when it gets there."""

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on."""

    def speak(self, text: str) -> None:
        """Say a sentence by the system's voice, where there is one."""

    def note_painted(self, snapshot: Snapshot, painted_ns: int) -> None:
        """Take note that a snapshot reached the screen at ``painted_ns`` (``time.perf_counter_ns``)."""
