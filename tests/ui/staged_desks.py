"""What stands behind the pages besides the session: sensors, care, rescue, kits, calibration, as a test wants them."""

from dataclasses import dataclass, field

from msgspec.structs import replace as replace_struct

from app.pipeline.discovery import Finds
from app.pipeline.tap import Taps
from app.recording.errors import RecordingError
from app.recording.kit import Kit
from app.session.calibrating.unfinished import Unfinished
from app.session.calibrating.view import CalibrationView, Key, Kind
from app.session.calibration import Calibration
from app.session.care import CareCheck, CareQuestion, CareStep
from app.session.clench import ClenchTest
from app.settings import Sensor


@dataclass
class StagedSensors:
    """The user's own sensors, as they are told to be; what is asked of them is noted down."""

    finds: Finds = field(default_factory=Finds)
    remembered: tuple[Sensor, ...] = ()
    trouble: str = ""
    refusal: str = ""
    asked: list[str] = field(default_factory=list)
    used: list[Sensor] = field(default_factory=list)
    taps: Taps = Taps()  # noqa: RUF009 - frozen

    def tap(self) -> None:
        """See `SensorSource`."""
        self.asked.append("tap")

    def search(self) -> None:
        """See `SensorSource`."""
        self.asked.append("search")

    def use(self, sensor: Sensor) -> str:
        """See `SensorSource`."""
        if not self.refusal:
            self.used.append(sensor)
        return self.refusal

    def forget(self, uri: str) -> None:
        """See `SensorSource`."""
        self.asked.append(f"forget {uri}")

    def swap(self) -> None:
        """See `SensorSource`."""
        self.asked.append("swap")

    def simulate(self) -> None:
        """See `SensorSource`."""
        self.asked.append("simulate")

    def reconnect(self) -> None:
        """See `SensorSource`."""
        self.asked.append("reconnect")


@dataclass
class StagedCare:
    """What a person is asked, as it is told to be; answers are noted down."""

    step: CareStep | None = None
    check: CareCheck = CareCheck()  # noqa: RUF009 - frozen
    began: bool = False
    rated: list[int | None] = field(default_factory=list)
    efforts: list[int | None] = field(default_factory=list)

    def answer(self, question: CareQuestion, *, yes: bool) -> None:
        """See `CareSource`."""
        self.check = CareCheck({**self.check.answers, question: yes})

    def clear(self) -> None:
        """See `CareSource`."""
        self.check = replace_struct(self.check, cleared="2026-11-20")

    def go_on(self) -> None:
        """See `CareSource`."""
        self.step = "pain-before" if self.check.passed else self.step

    def ask_after(self) -> bool:
        """See `CareSource`."""
        self.step = "pain-after" if self.began else self.step
        return self.began

    def rate_pain(self, pain: int | None) -> None:
        """See `CareSource`."""
        self.rated.append(pain)
        self.step, self.began = ("effort-after" if self.step == "pain-after" else None), True

    def rate_effort(self, effort: int | None) -> None:
        """See `CareSource`."""
        self.efforts.append(effort)
        self.step = None


@dataclass
class StagedRescue:
    """What a crash left, as a test wants it."""

    question: str = ""
    news: str = ""
    accepted: bool = False

    def take_question(self) -> str:
        question, self.question = self.question, ""
        return question

    def take_news(self) -> str:
        news, self.news = self.news, ""
        return news

    def accept(self) -> None:
        self.accepted = True


@dataclass
class StagedKits:
    """What is known of the pads; what is kept is noted down."""

    known: Kit = field(default_factory=lambda: Kit(sources=("umyo:",)))
    refusal: str = ""
    kept: list[Kit] = field(default_factory=list)

    def kit(self) -> Kit:
        """See `KitSource`."""
        return self.known

    def keep(self, kit: Kit) -> None:
        """See `KitSource`."""
        if self.refusal:
            raise RecordingError(self.refusal)
        self.kept.append(kit)


@dataclass
class StagedCalibration:
    """A calibration that shows what it is told to; what is asked of it is noted down."""

    view: CalibrationView | None = None
    unit: str = "uV"
    in_force: Calibration | None = None
    asked: list[str] = field(default_factory=list)

    unfinished: Unfinished | None = None
    clench_before: ClenchTest | None = None

    def go_on(self) -> None:
        """See `CalibrationSource`."""
        self.asked.append("go on")

    def begin(self, kind: Kind) -> None:
        """See `CalibrationSource`."""
        self.asked.append(f"begin {kind}")

    def press(self, key: Key) -> None:
        """See `CalibrationSource`."""
        self.asked.append(key)

    def use(self) -> None:
        """See `CalibrationSource`."""
        self.asked.append("use")

    def leave(self) -> None:
        """See `CalibrationSource`."""
        self.asked.append("leave")
