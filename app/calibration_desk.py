"""`CalibrationDesk`: what the Calibrate page asks of the rest: begin, answer, use what was measured, leave."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from app.pipeline.calibrate import CalibrationRun
from app.session.calibrating.unfinished import FOR_S, Unfinished
from app.session.calibrating.view import CalibrationView, Key, Kind
from app.session.calibration import Calibration, Electrode
from app.session.clench import ClenchTest
from app.ui.sound import Sound
from app.ui.sound.guiding import Guiding

CONNECTING: Final = "Connecting …"
_SCRIPTS: Final[dict[Kind, str]] = {
    "quick": "calibrate",
    "daily": "daily",
    "clench-test": "clench-test",
    "full": "full",
}
"""The simulated person hears no cue, so it is told beforehand what it will be asked."""


class CalibrationDesk:
    """Keeps one calibration in view, and the reference that the sessions begin with.

    Parameters
    ----------
    order : callable
        Has the studio begin a calibration of a kind, or a session (None); returns at once.
    exchange : callable
        Puts what lies left to the right, and the other way round, from the next session on; is told what the sources
        are then.
    sound : Sound
        Tells what to do, when to begin and when to let go.
    electrode : callable
        Tells what the pads are.
    clench_before : callable
        Finds the clench test before one.
    is_own : callable
        Whether what broke off is of the person and the sensors in use.

    Attributes
    ----------
    in_force : Calibration or None
        What the sessions begin with; None where each makes its own scale.
    unit : {'uV', 'counts'}
        Of what was measured last; counts where the gain is unknown.
    kind : str or None
        Of the calibration that was begun last; None while a session runs.
    electrode : callable
        Tells what the pads are.
    broken_off : Unfinished or None
        The newest calibration that broke off, whoever's it was.
    begun : Unfinished or None
        What the calibration that was begun last goes on with.
    """

    def __init__(
        self,
        order: Callable[[Kind | None], None],
        exchange: Callable[[tuple[str, ...]], None],
        sound: Sound,
        *,
        electrode: Callable[[], Electrode] = Electrode,
        clench_before: Callable[[ClenchTest], ClenchTest | None] = lambda test: None,
        is_own: Callable[[Unfinished], bool] = lambda unfinished: False,
    ) -> None:
        self._order = order
        self._exchange = exchange
        self._run: CalibrationRun | None = None
        self._turned: tuple[str, ...] = ()
        self._opening: CalibrationView | None = None
        self._guiding = Guiding(sound)
        self._is_own = is_own
        self.electrode = electrode
        self.broken_off: Unfinished | None = None
        self.begun: Unfinished | None = None
        self._clench_before = clench_before
        self._compared: tuple[ClenchTest, ClenchTest | None] | None = None
        self.in_force: Calibration | None = None
        self.unit = "uV"
        self.kind: Kind | None = None

    @property
    def view(self) -> CalibrationView | None:
        """The newest view; None while none runs."""
        return self._opening if self._run is None else self._run.view

    @property
    def unfinished(self) -> Unfinished | None:
        """What broke off within the last hour, with these sensors and this person."""
        found = self.broken_off
        is_young = found is not None and 0.0 <= found.age_s(datetime.now(UTC)) <= FOR_S
        return found if found is not None and is_young and self._is_own(found) else None

    @property
    def clench_before(self) -> ClenchTest | None:
        """The clench test before the one that is shown, if they may be compared."""
        test = None if self._run is None else self._run.clench_test
        if test is None:
            return None
        if self._compared is None or self._compared[0] != test:
            self._compared = test, self._clench_before(test)
        return self._compared[1]

    def begin(self, kind: Kind) -> None:
        """End what runs and begin a calibration."""
        self.begun = None
        self._go_on_with(kind)

    def go_on(self) -> None:
        """Begin where one broke off, if there is any."""
        self.begun = self.unfinished
        if self.begun is not None:
            self._go_on_with(self.begun.kind)

    def press(self, key: Key) -> None:
        """Answer."""
        if self._run is not None:
            self._run.press(key)
        elif key == "end":
            self.leave()

    def use(self) -> None:
        """Begin a session with what was measured."""
        if self._run is not None and self._run.view.usable:
            self._go_on_with(None, self._run.view.record)

    def leave(self) -> None:
        """Begin a session, with the reference that is in force."""
        self._go_on_with(None)

    def _go_on_with(self, kind: Kind | None, record: Calibration | None = None) -> None:
        self.in_force = record or self.in_force
        if self._run is not None and self._run.view.exchanged:
            self._exchange(self._turned)  # found once, the pads are put right for whatever comes
            self.in_force = record  # an older one has the sides the wrong way round
        self.await_run(kind)
        self._order(kind)

    def await_run(self, kind: Kind | None) -> None:
        """Show that a calibration is being opened, or that none runs."""
        self._run = None
        self.kind = kind
        if kind is None:
            self.begun = None  # the next one may be another person's
        line = CONNECTING
        self._opening = (
            None if kind is None else CalibrationView(kind, "contact", 1, 1, None, "", "wait", line, keys=("end",))
        )

    def take(self, run: CalibrationRun, turned: tuple[str, ...]) -> None:
        """Show a calibration that was opened; `turned` are its sources with left and right exchanged."""
        self._run, self._turned = run, turned
        self.unit = "uV" if run.engine.raw_to_uv else "counts"

    def hear(self, view: CalibrationView) -> None:
        """Make heard what to do, when to begin and when to let go; on the thread ``dsp``."""
        self._guiding.look(view)


def told(uris: Sequence[str], kind: Kind | None) -> tuple[str, ...]:
    """The sources of a calibration of this kind (None: of a session): the simulated person follows it by itself."""
    if kind is None:
        return tuple(re.sub(r"([?&])script=[^&]*(&|$)", r"\1", uri).rstrip("?&") for uri in uris)
    return tuple(
        f"{uri}{'&' if '?' in uri else '?'}script={_SCRIPTS[kind]}"
        if uri.startswith("sim:") and "script=" not in uri
        else uri
        for uri in uris
    )
