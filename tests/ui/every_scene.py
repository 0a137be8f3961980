"""Every page of the window in each of its states, under one name each; Review needs a recording, see `past_scenes`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from msgspec import structs
from PyQt6.QtWidgets import QWidget

from app.pipeline.programmes import all_programmes, load_programme
from app.recording.status import RecordingStatus
from app.session.checks import Check
from app.ui.main_window import MainWindow
from tests.ui.calibrate_scenes import CALIBRATE_SCENES
from tests.ui.care_scenes import CARE_SCENES
from tests.ui.past_scenes import CHECKED, FAILED, show_history, show_plan, standing
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.sensor_scenes import BOTH, SENSOR_SCENES, SensorScene
from tests.ui.setup_scenes import SETUP_SCENES, waiting
from tests.ui.setup_staged import StagedPeople, StagedPlan


@dataclass(frozen=True, slots=True)
class AnyScene:
    """A session, and what is done in the window in front of it.

    Attributes
    ----------
    source : callable
    act : callable
        Called once the window is shown in its size.
    """

    source: Callable[[], StagedSource]
    act: Callable[[MainWindow], None] = lambda window: None


def _train(name: str) -> AnyScene:
    title = "Isometric hold, prone" if name == "train-hold" else "Prone ankle squeeze"
    return AnyScene(lambda: StagedSource(now=SCENES[name], title=title, unit_views=BOTH, people=StagedPeople("P-014")))


def _calibrate(name: str) -> AnyScene:
    def act(window: MainWindow) -> None:
        window.show_page(2)
        if name == "calibrate-raw":
            window.calibrate.page.toggle_expert()

    return AnyScene(CALIBRATE_SCENES[name], act)


def _sensors(scene: SensorScene) -> AnyScene:
    def act(window: MainWindow) -> None:
        window.show_page(1)
        window.look_around()
        scene.act(window)

    return AnyScene(scene.source, act)


def _plan(at: str = "squeeze", *checks: Check) -> StagedPlan:
    return StagedPlan(standing(at, *(checks or (CHECKED, CHECKED))))


def _ask_report(window: MainWindow) -> None:
    show_history(window)
    window.history.page.report.click()


def _planned(at: str = "squeeze", *checks: Check) -> StagedSource:
    return StagedSource(people=StagedPeople("P-014"), plan=_plan(at, *checks))


def simulated(programme: str) -> StagedSource:
    """An exercise of the simulated person that nobody has started yet."""
    chosen, now = load_programme(programme), replace(SCENES["train-ready"], simulated=True)
    return StagedSource(now=now, title=chosen.title, programme=chosen, status=RecordingStatus("off"))


def _guide(window: MainWindow, n_steps: int) -> None:
    window.desk.go_without_sensors()
    for _number in range(n_steps):
        window.desk.go()


def _list_many(window: MainWindow) -> None:
    """More exercises than there is room for."""
    shipped, name = all_programmes().shipped, "my-own-{}".format
    own = [structs.replace(shipped[0], id=name(number), title=f"My own {number}") for number in range(40)]
    window.desk.offer_exercises()
    window.train.exercises.show_programmes(shipped, own, name(7))


def _with_next() -> StagedSource:
    """The check is over, and the plan goes on."""
    check, squeeze = load_programme("check"), load_programme("prone-ankle-squeeze")
    plan = replace(_plan(), next=squeeze)
    return StagedSource(now=SCENES["train-summary"], title=check.title, programme=check, plan=plan)


EVERY: dict[str, AnyScene] = {
    **{name: _train(name) for name in SCENES},
    "train-front": AnyScene(lambda: StagedSource(now=SCENES["train"]), lambda window: window.desk.toggle_front()),
    "train-waiting": AnyScene(lambda: StagedSource(now=None)),
    "exercises": AnyScene(
        lambda: StagedSource(now=SCENES["train-ready"]), lambda window: window.desk.offer_exercises()
    ),
    "exercises-many": AnyScene(lambda: StagedSource(now=SCENES["train-ready"]), _list_many),
    "train-without": AnyScene(lambda: simulated("morning-3-minutes")),
    "unmeasured": AnyScene(lambda: simulated("desk-break"), lambda window: _guide(window, 1)),
    "unmeasured-dose": AnyScene(lambda: simulated("morning-3-minutes"), lambda window: _guide(window, 3)),
    "unmeasured-done": AnyScene(lambda: simulated("desk-break"), lambda window: _guide(window, 5)),
    "notice": AnyScene(lambda: StagedSource(now=SCENES["train"]), lambda window: window.ask_to_close()),
    **{name: AnyScene(source) for name, source in CARE_SCENES.items()},
    **{name: _sensors(scene) for name, scene in SENSOR_SCENES.items()},
    **{name: _calibrate(name) for name in CALIBRATE_SCENES},
    **{name: AnyScene(scene.source, scene.act) for name, scene in SETUP_SCENES.items()},
    "start-plan": AnyScene(lambda: replace(waiting(), plan=_plan("bridge", FAILED, FAILED)), SETUP_SCENES["start"].act),
    "train-next": AnyScene(_with_next),
    "history": AnyScene(StagedSource, show_history),
    "history-whole": AnyScene(StagedSource, lambda window: show_history(window, whole=True)),
    "history-pain": AnyScene(StagedSource, lambda window: show_history(window, ratings=True)),
    "history-report": AnyScene(StagedSource, _ask_report),
    "history-with-plan": AnyScene(_planned, show_history),
    "history-plan": AnyScene(_planned, show_plan),
    "history-plan-back": AnyScene(lambda: _planned("bridge", FAILED, FAILED), show_plan),
    "history-plan-none": AnyScene(lambda: StagedSource(people=StagedPeople("P-014")), show_plan),
    "history-empty": AnyScene(StagedSource, lambda window: window.show_page(3)),
}


def settle(window: MainWindow) -> None:
    """Let the window show what it would show a moment later."""
    window._shown = None  # a session has a new snapshot by then
    window.pull()
    window.look_around()


def visible(window: MainWindow) -> Iterator[QWidget]:
    """Every widget that is seen, the window first."""
    yield from (widget for widget in (window, *window.findChildren(QWidget)) if widget.isVisible())
