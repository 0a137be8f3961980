"""The Setup page in each of its views, the start page and the tour."""

from collections.abc import Callable
from dataclasses import dataclass

from app.pipeline.programmes import load_programme
from app.pipeline.units import UnitView
from app.recording.status import RecordingStatus
from app.session.care import CareCheck
from app.ui.main_window import MainWindow
from app.ui.setup_page import View
from app.ui.setup_source import Moving
from drivers.types import LinkState, Vitals
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.setup_staged import PEOPLE, StagedData, StagedPeople
from tests.ui.staged_desks import StagedCare


@dataclass(frozen=True, slots=True)
class SetupScene:
    """What the session behind it is, and what was done in the window."""

    source: Callable[[], StagedSource]
    act: Callable[[MainWindow], None] = lambda window: None


def known() -> StagedSource:
    """Somebody who comes every day."""
    return StagedSource(people=StagedPeople("P-014", PEOPLE), status=RecordingStatus("off"))


def waiting(n_people: int = len(PEOPLE)) -> StagedSource:
    """A living person's session that waits for the big key."""
    units = tuple(
        UnitView(
            f"umyo:{name}",
            f"uMyo {name}",
            True,
            (side,),
            LinkState.STREAMING,
            vitals=Vitals(battery_pct=battery),
            contacts={side: ("no-contact", "")},
        )
        for name, side, battery in (("3F2A", "left", 78.0), ("91C4", "right", 80.0))
    )
    return StagedSource(
        now=None,
        care=StagedCare("pain-before", CareCheck(), began=False),
        people=StagedPeople("P-014", PEOPLE[:n_people]),
        programme=load_programme("prone-ankle-squeeze"),
        unit_views=units,
        status=RecordingStatus("off"),
    )


def _people_there(window: MainWindow) -> None:
    window.steps.start.show_people(window.source.people.read(), 11)
    window.steps.start.numbers[1].click()


def _setup(view: View) -> Callable[[MainWindow], None]:
    def act(window: MainWindow) -> None:
        window.show_page(len(window.pages) - 1)
        window.setup.page.show_view(view)
        window.setup.page._n_people = len(PEOPLE)
        if view == "people":
            window.setup.page.people.page.people = PEOPLE
            window.setup.page.people.page._look()
        window.setup.page.look()

    return act


def _step(number: int) -> Callable[[MainWindow], None]:
    def act(window: MainWindow) -> None:
        assert window.tour.tour is not None
        for _step in range(number):
            window.tour.tour.go_on()

    return act


def first() -> StagedSource:
    """The first start, on the simulated person."""
    return StagedSource(now=SCENES["train"], first_start=True, status=RecordingStatus("off"))


SETUP_SCENES = {
    "setup": SetupScene(known, _setup("rows")),
    "setup-expert": SetupScene(known, _setup("expert")),
    "setup-people": SetupScene(known, _setup("people")),
    "setup-sound": SetupScene(known, _setup("sound")),
    "setup-folder": SetupScene(
        lambda: StagedSource(data=StagedData(moving=Moving(0.42))),
        _setup("folder"),
    ),
    "start": SetupScene(waiting, _people_there),
    "start-alone": SetupScene(lambda: waiting(1), _people_there),
    "tour": SetupScene(first, _step(1)),
    **{f"tour-{number + 1}": SetupScene(first, _step(number)) for number in (0, 2, 3, 4, 5)},
}
