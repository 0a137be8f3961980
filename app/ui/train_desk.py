"""What a person does on Train: the one big key, what changes how the session goes, the stage, the therapist's view."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.pipeline.health import Health
from app.pipeline.programmes import all_programmes
from app.pipeline.snapshot import Snapshot
from app.session.course import COUNTDOWN_S, Stage
from app.session.events import Act, ActKind
from app.session.programme import Programme
from app.ui import shown, words
from app.ui.awake import Awake
from app.ui.shortcuts import PRESENTER_KEYS
from app.ui.source import SessionSource
from app.ui.stage_desk import StageDesk
from app.ui.theme import Colours
from app.ui.train_page import TrainPage
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.expert import ExpertView

_GLUTE: Final = 1
GOES: Final[dict[Stage, tuple[ActKind, str] | None]] = {
    "ready": ("start", mark("Start")),
    "countdown": ("start", mark("Start now")),
    "going": ("pause", mark("Pause")),
    "rest": ("end-rest", mark("Go now")),
    "paused": ("go-on", mark("Go on")),
    "stopped": None,
    "finished": None,
}
"""What the one big key does, and what stands on it; nothing where the programme is over."""
_RUNS: Final[tuple[Stage, ...]] = ("countdown", "going", "rest", "paused")
_OVER: Final[tuple[Stage, ...]] = ("finished", "stopped")


class TrainDesk:
    """Shows the newest snapshot on Train and on the stage, and does what is asked of the session there.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    page : TrainPage
    window : QWidget
    tell : callable
        Takes a sentence for the status bar.
    confirm : callable
        Does what ends a session, once the person agrees.
    review : callable
        Shows a recorded session once more.
    changed : callable
        Brings every button of the window up to date, through `label`.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        page: TrainPage,
        window: QWidget,
        *,
        tell: Callable[[str], None],
        confirm: Callable[[Callable[[], None]], None],
        review: Callable[[Path], None],
        changed: Callable[[], None],
    ) -> None:
        self._source, self._tell = source, tell
        self.page = page
        self.awake = Awake(window)
        self.stage = StageDesk(colours, window, lambda: source.setup.preferences.distance_m, tell)
        self.go_button = KeyButton(colours, _("Pause"), "Space")
        self.stage_button = KeyButton(colours, _("Stage view"), "F10")
        self.traces_button = KeyButton(colours, _("Traces"), "T", flat=True)
        self.front_button = KeyButton(colours, _("From the front"), "F", flat=True)
        self.expert_button = KeyButton(colours, _("Raw"), "E", flat=True)
        self.keys = {key: partial(self._press, action) for key, action in self._actions().items()}
        self.stage.actions = self.keys
        self.expert = ExpertView(colours, source.electrodes, page)
        self.expert.setAutoFillBackground(True)
        self.expert.hide()
        self._confirm, self._review, self._changed = confirm, review, changed
        self._shown: Snapshot | None = None
        self._asked_after = False
        self._next: Programme | None = None
        self._connect(page)

    def _actions(self) -> Mapping[str, Callable[[], None]]:
        """What each key does."""
        return {
            "Space": self.go,
            **dict.fromkeys(PRESENTER_KEYS, self.go),
            "Backspace": self.take_back,
            "D": self.take_back,
            "R": self.repeat_set,
            "F10": self.stage.toggle,
            "S": self.stage.toggle,
            "T": self.toggle_traces,
            "F": self.toggle_front,
            "O": self.offer_exercises,
            "W": self.go_without_sensors,
            "V": self.show_table,
            "E": self.toggle_expert,
            **{str(number): partial(self.answer_felt, number) for number in (1, 2, 3)},
        }

    def _connect(self, page: TrainPage) -> None:
        for button, action in (
            (self.go_button, self.go),
            (self.stage_button, self.stage.toggle),
            (self.traces_button, self.toggle_traces),
            (self.front_button, self.toggle_front),
            (self.expert_button, self.toggle_expert),
            (page.acts.take_back, self.take_back),
            (page.acts.repeat_set, self.repeat_set),
            (page.acts.stop, self.stop),
            (page.set_up.other, self.offer_exercises),
            (page.set_up.without, self.go_without_sensors),
            (page.unmeasured.back, self.go_back),
            (page.summary.other, self.offer_exercises),
            (page.summary.table, self.show_table),
        ):
            button.clicked.connect(action)
        page.felt.answered.connect(self.answer_felt)
        page.exercises.chosen.connect(self._choose)
        page.exercises.closed.connect(page.exercises.hide)

    @property
    def does(self) -> Stage | None:
        """What the session does now; None before there is one."""
        return None if self._shown is None else self._shown.progress.stage

    def subtitle(self, snapshot: Snapshot) -> tuple[str, str]:
        """Where the person is; and how they are seen here, where that is not from behind."""
        if self.guides:
            return _("without sensors"), ""
        where, more = words.subtitle(snapshot)
        return (_("{where}, seen from the front", where=where) if self.page.front else where), more

    def begin_anew(self) -> None:
        """Another session begins."""
        self._shown, self._next, self._asked_after = None, None, False
        self.awake.release()
        self.page.begin_anew()

    def take_over(self, before: "TrainDesk") -> None:
        """Show what another window's Train showed, in the same way."""
        self.page.see_from_the_front(before.page.front)
        self._asked_after = before._asked_after
        if before.stage.is_open:
            before.stage.close()
            self.stage.toggle()

    def close(self) -> None:
        """The window goes: so does the stage, and the computer may sleep."""
        self.awake.release()
        self.stage.close()

    def show_waiting(self, line: words.Line, sentences: tuple[str, ...]) -> None:
        """Show that there is no signal yet, and why."""
        self.page.show_waiting(line, sentences)
        self.stage.show_waiting(line)

    def show_end(self, sentences: tuple[str, ...]) -> None:
        """Show that nothing more will come."""
        self.awake.release()
        self.page.show_end(sentences)
        self.stage.show_waiting(self.page.cue.line)

    def show(self, snapshot: Snapshot, health: Health) -> None:
        """Show a snapshot."""
        before, self._shown = self.does, snapshot
        if snapshot.progress.stage == "ready":
            self.page.set_up.show_programme(self._source.programme)
            self.page.set_up.offer_without(offered=self._may_go_without)
        self.page.show_snapshot(shown.measured(snapshot, health), reasons=shown.reasons(health))
        if self.page.scene is not None and self.stage.is_open:
            records = self._source.recording().state == "recording"
            self.stage.show_scene(self.page.scene, sign=self._source.sign, records=records)
        if before != self.does:
            now = self._source.programme
            self._next = self._source.plan.next_after(now.id) if self.does in _OVER and now is not None else None
            if self.does in _RUNS:
                self.awake.hold()
            else:
                self.awake.release()
            self._changed()

    def look(self) -> None:
        """Bring up to date what changes slowly; a session is over once its person has said how it was."""
        self.page.describe()
        self.stage.describe()
        if self.does == "finished" and self._asked_after and self._source.care.step is None:
            self.stop()

    def label(self) -> None:
        """Bring the buttons up to date."""
        goes = GOES[self.does] if self.does is not None else None
        self.go_button.setVisible(goes is not None or self.goes_after)
        self.stage_button.setVisible(not self.guides)
        if self.guides:
            self.go_button.set_label(_("Close") if self.page.unmeasured.is_last else _("Next"), primary=True)
        elif self.may_ask_after:
            self.go_button.set_label(_("How was it?"), primary=True)
        elif self._next is not None:
            self.go_button.set_label(_("Next: {exercise}", exercise=_(self._next.title)), primary=True)
        elif self._asks_felt:
            self.go_button.set_label(_("Glute"), primary=True)
        elif goes is not None:
            self.go_button.set_label(_(goes[1]), primary=self.does not in ("going", None))
        self.stage_button.set_label(_("Close the stage view") if self.stage.is_open else _("Stage view"))
        self.expert.setGeometry(self.page.rect().adjusted(40, 8, -40, -8))
        self.expert_button.set_label(_("Raw") if self.expert.isHidden() else _("Bars"))
        self.front_button.set_label(_("From behind") if self.page.front else _("From the front"))

    @property
    def _asks_felt(self) -> bool:
        return self._shown is not None and self._shown.progress.asks_felt

    @property
    def may_ask_after(self) -> bool:
        """Whether it is over, and its person was not asked yet how it was; asked before what comes next if stopped."""
        over = self.does == "stopped" or (self.does == "finished" and self._next is None)
        return over and self._source.care.began and not self._asked_after

    @property
    def goes_after(self) -> bool:
        """Whether the one big key has something to do once the programme is over."""
        return self.may_ask_after or self._next is not None

    def go(self) -> None:
        """Start, pause, go on, end a rest: whatever comes next."""
        goes = GOES[self.does] if self.does is not None else None
        if self.guides:
            self._guide_on()
        elif self.may_ask_after:
            self._asked_after = self._source.care.ask_after()
            self._changed()
        elif self._next is not None:
            self._source.train(self._next)
        elif self._asks_felt:
            self.answer_felt(_GLUTE)
        elif goes is not None:
            self._do(goes[0], COUNTDOWN_S if self.does == "ready" else 0.0 if goes[0] == "start" else None)

    def take_back(self) -> None:
        """Take the last rep back; it is done again."""
        last = self._shown.last_rep if self._shown is not None else None
        if last is not None and self.does in ("going", "rest", "paused"):
            self._do("discard", float(last.index))

    def repeat_set(self) -> None:
        """Do the last set once more."""
        if self.does in ("going", "rest", "paused"):
            self._do("repeat-set")

    def step_out(self) -> bool:
        """Pause what goes; end what is paused or done: two steps, because presenters send Esc too."""
        if self.does in ("going", "rest", "countdown"):
            self._do("pause")
            return True
        if self.may_ask_after:
            self.go()
            return True
        if self.does in ("paused", "finished"):
            self.stop()
            return True
        return False

    def stop(self) -> None:
        """End the programme; what was done is kept."""
        self._do("stop")

    def answer_felt(self, place: int) -> None:
        """Say where it was felt: 1 glute, 2 thigh, 3 back."""
        if self._asks_felt:
            self._do("felt", float(place))

    def offer_exercises(self) -> None:
        """Let the person choose another exercise, unless a set goes."""
        if self.does in ("going", "countdown") and self.page.summary.isHidden():
            return
        shelf, now = all_programmes(), self._source.programme
        self.page.exercises.show_programmes(shelf.shipped, shelf.own, "" if now is None else now.id)
        self.page.exercises.show()
        self.page.exercises.raise_()
        for sentence in shelf.refused:
            self._tell(sentence)

    @property
    def guides(self) -> bool:
        """Whether somebody is led through an exercise without sensors."""
        return not self.page.unmeasured.isHidden()

    @property
    def sign(self) -> str:
        """What the header says where nobody is measured; whoever is led without sensors reads it in large."""
        return "" if self.guides else self._source.sign

    @property
    def _may_go_without(self) -> bool:
        """Whether there is no sensor, and the exercise needs none."""
        programme = self._source.programme
        simulated = self._shown is not None and self._shown.simulated
        return simulated and self.does == "ready" and programme is not None and programme.sensors == "optional"

    def go_without_sensors(self) -> None:
        """Lead through the exercise step by step; nothing is measured, recorded or kept."""
        programme = self._source.programme
        if programme is not None and self._may_go_without:
            self.page.begin_unmeasured(programme)
            self.awake.hold()
            self._speak_step()
            self._changed()

    def _guide_on(self) -> None:
        if self.page.unmeasured.is_last:
            self.go_back()
            return
        self.page.unmeasured.go_on()
        self._speak_step()
        self._changed()

    def _speak_step(self) -> None:
        step = self.page.unmeasured.step
        self._source.speak(step.spoken)

    def _press(self, action: Callable[[], None]) -> None:
        """Do what a key is for; without sensors there is only a next step."""
        if not self.guides or action == self.go:
            action()

    def toggle_expert(self) -> None:
        """Show the electrodes raw, with spectrum and numbers, over this page alone; the stage goes on."""
        self.expert.setVisible(self.expert.isHidden())
        self.expert.raise_()
        self._changed()

    def go_back(self) -> bool:
        """Put away what stands over the page; False if nothing does."""
        over = next((one for one in (self.page.exercises, self.expert) if not one.isHidden()), None)
        if self.guides:
            self.page.end_unmeasured()
            self.awake.release()
        elif over is not None:
            over.hide()
        else:
            return False
        self._changed()
        return True

    def _choose(self, programme: Programme) -> None:
        self.page.exercises.hide()
        self._confirm(lambda: self._source.train(programme))

    def show_table(self) -> None:
        """Show every squeeze of this session in numbers, once it is over."""
        path = self._source.recording().path
        if path is not None and not self.page.summary.isHidden():
            self._review(path)

    def toggle_traces(self) -> None:
        """Show the traces, or give their room to the pillars."""
        self.page.want_traces(not self.page.traces_wanted)
        self._source.setup.change(traces=self.page.traces_wanted)
        if self._shown is not None:
            self.page.traces.show_snapshot(self._shown)
        self._changed()

    def toggle_front(self) -> None:
        """See the person from the front, or from behind, on this screen alone."""
        self.page.see_from_the_front(not self.page.front)
        self._changed()

    def _do(self, what: ActKind, value: float | None = None) -> None:
        self._source.do(Act(t_s=0.0, what=what, value=value))
        self._changed()
