"""`Studio`: what runs behind the window: the session of the sensors in use, and the change to others.

Sources are opened, exchanged and closed on the thread ``control``, so that the window is there at once, says what it
waits for, and never waits itself. What the window asks of it is `app.ui.source.SessionSource`.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from app.calibration_desk import CalibrationDesk, told
from app.care_desk import CareDesk
from app.data_desk import DataDesk
from app.kit_desk import KitDesk
from app.language import _
from app.live_session import LiveSession
from app.people_desk import PeopleDesk
from app.pipeline.build import SessionPlan
from app.pipeline.mains import Power, needs_care, power
from app.pipeline.sources import Sources
from app.plan_desk import EXERCISE_FIXED, GOAL_FIXED, PlanDesk
from app.preferences import Goal
from app.recording import calibrations, clench_tests
from app.recording.errors import RecordingError
from app.referral_desk import ReferralDesk
from app.rescue_desk import RescueDesk
from app.sensor_desk import SensorDesk, in_order
from app.session.calibrating.view import Kind
from app.session.care import CareRating
from app.session.events import SIDES, Act, Event, MainsAnswer
from app.session.programme import Programme
from app.session_view import FIRST_SOURCE, SessionView
from app.settings import Settings
from app.setup_desk import SetupDesk
from app.ui.post_box import PostBox
from app.ui.sound import Sound
from app.ui.unexpected import ENDED
from app.yesterday import hint_of_last
from drivers.base import Driver
from drivers.errors import DriverError, SourceNotFoundError

if TYPE_CHECKING:
    from app.ui.bridge import Bridge

JOIN_S: Final = 10.0
CLOSE_S: Final = 30.0  # more than a recorder and the dsp thread are given together
POWER_EVERY_S: Final = 0.5

_log = logging.getLogger(__name__)


class Studio(SessionView):
    """One session after the other, from the opening of the window to its closing.

    Parameters
    ----------
    uris : sequence of str
        One or two sources; a wrong one raises `SourceUriError` here, before there is a window. Without any, the sensors
        that are remembered, or the simulated person.
    plan : SessionPlan
    record_in : Path or None
        Folder in which each session's own folder is made; None records nothing.
    settings : Settings, optional
        Which sensors are remembered; by default none, and only for this run.
    follows : bool
        Begin with what the person's plan asks for today; not where another exercise was asked for.
    """

    def __init__(
        self,
        uris: Sequence[str],
        plan: SessionPlan,
        record_in: Path | None,
        settings: Settings | None = None,
        *,
        follows: bool = True,
    ) -> None:
        self._plan = plan  # exchanged on the thread control alone
        self._exercise = plan.programme
        self._follows = follows
        self._settings = kept = settings or Settings()
        self._uris = tuple(uris) or tuple(sensor.source for sensor in self._settings.sensors) or (FIRST_SOURCE,)
        self._drivers: tuple[Driver, ...] = Sources.create(uris)
        self.sound = Sound()
        self.sensors = SensorDesk(self._settings, self.switch, lambda: self._orders.put(self._measure_taps))
        self.care = CareDesk(self._settings, plan.person or "", lambda: self._orders.put(self._begin), self._rate)
        self.rescue = RescueDesk(lambda: self.data.records_in)
        self.data = DataDesk(kept, record_in, self._order_between, lambda: self.people.read())
        self.people = PeopleDesk(kept, plan.person or "", lambda: self.data.folder, self._meet)
        self.plan = PlanDesk(lambda: self.people.person, lambda: self.recordings, self._on_plan)
        self.setup = SetupDesk(
            kept, self.sound, person=lambda: self.people.person, save=lambda: self._orders.put(kept.save),
            bars=plan.bars, aim=self._aim,
        )  # fmt: skip
        self.referral = ReferralDesk(self._settings, lambda: self.recordings, lambda: self._plan.person or "")
        self.kits = KitDesk(lambda: self.recordings, lambda: told(self._uris, None))
        self.calibration = CalibrationDesk(
            lambda kind: self._orders.put(partial(self._begin_kind, kind)),
            self._exchange,
            self.sound,
            electrode=lambda: self.kits.kit().electrode,
            clench_before=lambda test: clench_tests.before(self.recordings, test),
            is_own=lambda found: (found.device, found.person) == (self._uris, self._plan.person),
        )
        self._post_box = PostBox()
        self._live = self._new_session(plan)
        self._problem = ""
        self._exercise_chosen = False
        self._question: Power | None = None
        self._closing = threading.Event()
        self._orders: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._control = threading.Thread(target=self._work, name="control", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._orders.put(lambda: None)
        if self._control.ident is not None:
            self._control.join(JOIN_S)
        # A disk that never answers holds up the thread control, and this up too: the program ends all the same.
        last = threading.Thread(target=self._live.close, name="closing", daemon=True)
        last.start()
        last.join(CLOSE_S)
        self.sound.stop()

    def begin_work(self) -> None:
        """Let the sources open while the window is made, which takes as long; in the GUI thread.

        Sound is loaded first, because nothing else may run while its part of Qt is.
        """
        self.sound.load()
        self.rescue.look()
        self.referral.look()
        self._control.start()

    def attach(self, bridge: "Bridge") -> None:
        """Go on with the window there; begin, if `begin_work` was not called."""
        if self._control.ident is None:
            self.begin_work()
        self.sound.start()
        self._post_box.open(bridge)

    def switch(self, uris: Sequence[str]) -> None:
        """End this session and begin one with other sources (none: the simulated person); returns at once.

        No reference outlives the pads that it was measured with.
        """
        self.calibration.await_run(None)
        self.calibration.in_force = None
        self._orders.put(partial(self._begin_anew, tuple(uris) or (FIRST_SOURCE,)))

    def start(self, pain: int | None) -> None:
        """Begin today's session as the person says so: first a new reference, unless there is one; returns at once."""
        if self.calibration.in_force is None:
            self.calibration.await_run("quick")
            self._drivers = ()  # a simulated person does in a calibration what it asks for
        self.care.rate_pain(pain)
        if self.care.step is not None:  # today ends before it began
            self.calibration.await_run(None)

    def train(self, programme: Programme) -> None:
        """Begin a session of another exercise, unless a study says otherwise; returns at once."""
        if self.plan.refuses(programme):
            self._warn(_(EXERCISE_FIXED))
            return
        self._orders.put(partial(self._take, programme))
        self.setup.change(programme=programme.id)
        self.try_again()

    def _take(self, programme: Programme) -> None:
        """Let the next session be of this exercise; another muscle needs a new reference."""
        if programme.muscle != self._live.muscle:
            self.calibration.in_force = None
        self._exercise = programme
        self._plan = replace(self._plan, programme=self.plan.adapted(programme), ready=True, first_hint=None)
        self._exercise_chosen = True

    def _on_plan(self, is_new: bool) -> None:
        """Begin with what another plan, or another step, asks for today."""
        if is_new:
            self.care.ask_anew()
        self._orders.put(self._follow)
        self.try_again()

    def _follow(self) -> None:
        """Let the next session be what the plan of the person in force asks for today; waits for the disk."""
        self.plan.look()
        programme = self.plan.next_after("")
        if programme is not None:
            self._take(programme)
        elif self._exercise is not None:  # the goal of a plan that was left, or of somebody else, does not stay
            self._plan = replace(self._plan, programme=self.plan.adapted(self._exercise))

    def _meet(self) -> None:
        """Begin a session of the person in force; what was another's is no scale for them."""
        self.calibration.await_run(None)
        self.calibration.in_force = None
        self.care.meet(self.people.person)
        self._orders.put(partial(self._follow_as, self.people.person))
        self.try_again()

    def _follow_as(self, person: str) -> None:
        self._plan = replace(self._plan, person=person or None)
        self._find_broken_off()
        self._follow()

    def _find_broken_off(self) -> None:
        """Offer what a calibration of the person in force left, if one broke off."""
        self.calibration.broken_off = calibrations.find_unfinished(
            self.recordings, self._plan.person, datetime.now(UTC), simulated=False
        )

    def _aim(self, goal: Goal) -> None:
        """Put the goal of the running session where its person wants it to start, unless a study says otherwise."""
        if self.plan.is_study:
            self._warn(_(GOAL_FIXED))
            return
        exercise = self._plan.programme
        pct = goal.target_pct if goal.target_pct is not None else exercise.target_pct if exercise is not None else None
        if pct is not None:
            for side in SIDES:
                self.do(Act(t_s=0.0, what="target", side=side, value=float(pct)))
        self.do(Act(t_s=0.0, what="lock-target", value=float(goal.locked)))

    def _aim_as_liked(self) -> None:
        """Put the goal where the person likes it to start; what the plan fixes comes first, a replay is as it was."""
        if not (self.plan.fixes_goal or self._replays):
            self.setup.aim()

    def _order_between(self, action: Callable[[], None]) -> None:
        self._orders.put(partial(self._between, action))

    def _between(self, action: Callable[[], None]) -> None:
        """Do something while nothing is open or recorded."""
        self._live.close()
        action()
        self._begin_anew(self._uris)

    def try_again(self) -> None:
        """Open the sources once more; returns at once."""
        self._orders.put(lambda: self._begin_anew(self._uris))

    def answer_mains(self, answer: MainsAnswer) -> None:
        """Let a wired sensor begin, for the reason that the person gave; returns at once."""
        self._orders.put(partial(self._begin_answered, answer))

    def do(self, act: Act) -> None:
        """Do what changes how the session goes."""
        self._live.do(act)

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on."""
        self.sound.set_muted(muted)

    def speak(self, text: str) -> None:
        """Say a sentence by the system's voice, where there is one."""
        self.sound.tell(text)

    def _rate(self, kind: CareRating, value: int) -> None:
        self._live.rate(kind, value)

    def _new_session(self, plan: SessionPlan) -> LiveSession:
        return LiveSession(plan, self.data.records_in, self.sound, self._post, self._warn, self.calibration)

    def _post(self, event: Event) -> None:
        if isinstance(event, Act) and event.what == "start":  # what was said before is in no recording
            self._aim_as_liked()
            self._tell_care()
        self._post_box.put(lambda bridge: bridge.post(event))

    def _warn(self, sentence: str) -> None:
        self._post_box.put(lambda bridge: bridge.post_fault(sentence))

    def _work(self) -> None:
        """Do what is ordered, one after the other; on the thread ``control``."""
        self._find_broken_off()
        if self._follows:
            self._guarded(self._follow)
            self._live = self._new_session(self._plan)
        self._guarded(self._begin)
        while not self._closing.is_set():
            try:
                order = self._orders.get(timeout=None if self._question is None else POWER_EVERY_S)
            except queue.Empty:
                self._question = power()
                continue
            if not self._closing.is_set():
                self._guarded(order)
        self._live.close()
        self._settings.save()

    def _guarded(self, order: Callable[[], object]) -> None:
        try:
            order()
        except (DriverError, RecordingError) as error:
            _log.warning("%s (%s)", error.sentence, error.detail)
            self._problem = error.sentence
        except Exception:  # noqa: BLE001 - the thread's last handler: the window says so
            _log.exception("the session could not start")
            self._problem = ENDED

    def _begin_anew(self, uris: tuple[str, ...]) -> None:
        self._question, self._problem = None, ""
        self._live.close()
        self.referral.look()
        self.plan.look()
        self._settings.save()
        self._live, self._drivers, self._uris = self._new_session(self._plan), (), uris
        self._post_box.put(lambda bridge: bridge.post_renewed())
        self._begin()

    def _begin_kind(self, kind: Kind | None) -> None:
        """Begin a calibration of the sensors in use, or a session with what came of it."""
        self.calibration.await_run(kind)
        self._begin_anew(self._uris)

    def _exchange(self, turned_uris: tuple[str, ...]) -> None:
        """Exchange left and right from the next session on, for good where the sensors are the user's own."""
        if self._settings.sensors and self._uris == tuple(in_order(self._settings.sensors)):
            self.sensors.turn()
            self._uris = tuple(in_order(self._settings.sensors))
        else:
            self._uris = told(turned_uris, None)

    def _measure_taps(self) -> None:
        self._live.close()
        self._live, self._drivers = self._new_session(self._plan), ()
        self._post_box.put(lambda bridge: bridge.post_renewed())
        self.sensors.measure_taps(self._closing.is_set)
        self._begin_anew(tuple(in_order(self._settings.sensors)))

    def _begin(self) -> None:
        if not self._drivers:
            self._drivers = Sources.create(told(self._uris, self.calibration.kind))
        living = any(not driver.simulated for driver in self._drivers)
        if living and not self.care.admits():
            return
        self._settings.save()
        if not living:
            self.care.forget()
        if needs_care(self._drivers):
            self._question = power()
        else:
            self._open(self._plan)

    @property
    def _replays(self) -> bool:
        """Whether what is shown was recorded before: nothing of today is put into it."""
        return any(driver.uri.scheme == "file" for driver in self._drivers)

    def _begin_answered(self, answer: MainsAnswer) -> None:
        if self._question is None:
            return
        if answer != "isolator" and power() == "mains":
            return  # it was plugged in again while somebody answered
        self._question = None
        self._open(replace(self._plan, mains=answer))

    def _open(self, plan: SessionPlan) -> None:
        # a file does not wait for anybody, and the simulated person of the first minutes asks for nothing
        is_person = self._exercise_chosen or not all(driver.simulated for driver in self._drivers)
        hint = plan.first_hint
        if hint is None and not self._replays:
            hint = hint_of_last(self.recordings, plan.person, plan.programme)
        ready = plan.ready and is_person and not self._replays
        step = None if self._replays else self.plan.step_of(plan.programme)
        self._live = self._new_session(replace(plan, ready=ready, first_hint=hint, plan_step=step))
        try:
            self._live.open(self._drivers)
        except SourceNotFoundError:
            uris = self.sensors.find_elsewhere(self._uris, self._drivers)
            if uris == self._uris or self._closing.is_set():
                raise
            self._uris, self._drivers = uris, Sources.create(uris)
            self._live.open(self._drivers)
        self._aim_as_liked()
        if not all(driver.simulated for driver in self._drivers):
            self.sound.say("safety")
            self._tell_care()

    def _tell_care(self) -> None:
        """Let the session keep what its person was asked before it."""
        if all(driver.simulated for driver in self._drivers):
            return
        worker, care = self._live.worker, self.care
        if worker is not None and care.note:
            worker.say(care.note)
        if worker is not None and care.pain_before is not None:
            worker.rate("pain", care.pain_before)
