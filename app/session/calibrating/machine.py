"""`Calibrator`: goes through the steps of a calibration. Measures and keys in, views and events out.

It knows no clock: time is what the ticks bring, in beats of 50 ms. A step that loses its signal waits, begins anew when
the signal is back, and is left out after half a minute; finished steps stay.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from app.session.calibrating import steps, words
from app.session.calibrating.agenda import Agenda
from app.session.calibrating.findings import Findings
from app.session.calibrating.live import full_scale, live_sides
from app.session.calibrating.measures import BEAT_S, BEAT_TICKS, Gathering, Measures, Outcome
from app.session.calibrating.presence import Presence
from app.session.calibrating.questions import Questions
from app.session.calibrating.record import About, make_record
from app.session.calibrating.steps import ANSWERS, N_TRIES, Step
from app.session.calibrating.unfinished import Unfinished, broken_off, restore
from app.session.calibrating.view import PAIN_KEYS, CalibrationView, Key, Kind, Phase, Question
from app.session.calibration import Calibration, SideResult
from app.session.contact import RED, TEXTS
from app.session.events import OTHER, Event, Note, Side, Verdict
from app.session.exchange import exchange
from app.session.tick import Float64Array


class Calibrator:
    """One guided calibration.

    Parameters
    ----------
    kind : Kind
    sites : sequence of str
        With an electrode, in the order of the ticks; at least one of left and right.
    about : About
    raw_to_uv : float or None
        Turns the stream's unit into microvolts, for the sentences; None if its gain is unknown.
    positions : sequence of str
        Of the maximal tries of a full calibration.
    begun : Unfinished or None
        Goes on where this one broke off; it must fit.
    helpers : bool
        Whether a squeeze of each helping muscle without one is offered at the end.
    units : sequence of collections of str, optional
        The sites that each unit measures, see `app.session.exchange`; one unit measures all where it is not given.
    """

    def __init__(
        self,
        kind: Kind,
        sites: Sequence[str],
        about: About,
        *,
        raw_to_uv: float | None = 1e6,
        positions: Sequence[str] = steps.MVC_POSITIONS,
        begun: Unfinished | None = None,
        helpers: bool = False,
        units: Sequence[Collection[str]] | None = None,
    ) -> None:
        self._kind: Kind = kind
        self._about = about
        self._sites = tuple(sites)
        self._findings = Findings(self._sites, raw_to_uv, exchange([sites] if units is None else units))
        self._questions = Questions(self._findings)
        self._agenda = Agenda(kind, sites, positions)
        self._helpers = helpers
        if begun is not None:
            restore(begun, self._findings)
            self._agenda.resume(self._findings.outcomes, comfortable_only=begun.comfortable_only)
        self._n_beats = 0
        self._clock = 0
        self._gathering = Gathering(len(sites))
        self._presence = Presence(len(sites))
        self._link = ""
        self._paused = False
        self._finished = self._broke_off = False
        self._why_ended = ""
        self._level: Float64Array = np.full(len(sites), np.nan)
        self._largest: Float64Array = np.zeros(len(sites))
        self._full = math.nan
        self._taps = 0
        self._touched: Side | None = None
        self._found: SideResult | None = None
        self._contacts: Mapping[str, tuple[Verdict, str]] = {}
        self._hum: Mapping[str, float] = {}
        self._waiting = (np.empty((0, len(sites))), np.empty((0, len(sites))), np.empty((0, len(sites)), np.bool_))
        self._record: Calibration | None = None
        self._sentences: tuple[str, ...] = ()
        self._update()

    # --- what comes in

    def advance(self, measures: Measures) -> list[Event]:
        """Take what the engine measured since the last time."""
        self._contacts, self._hum = measures.contacts, measures.hum
        if self._link and len(measures.ticks):
            self._link = ""
            self._restart()
        if not self._finished and len(measures.movement):
            self._gathering.add_movement(measures.movement)
        ticks = measures.ticks
        energy, level, lost = (
            np.concatenate([before, now])
            for before, now in zip(self._waiting, (ticks.energy, ticks.level, ticks.lost), strict=True)
        )
        events: list[Event] = []
        done = 0
        while len(energy) - done >= BEAT_TICKS:
            upto = done + BEAT_TICKS
            events += self._beat(energy[done:upto], level[upto - 1], np.asarray(lost[done:upto].any(axis=0)))
            done = upto
        self._waiting = energy[done:], level[done:], lost[done:]
        return events

    def lose_link(self, why: str) -> None:
        """The source brings nothing any more: the step waits until ticks come again."""
        if not self._finished:
            self._link = why
            self._restart()

    def press(self, key: Key) -> list[Event]:
        """Answer; a key that the view does not offer does nothing."""
        view = self.view
        offered = {*view.keys, *((answer for answer, _ in view.question.answers) if view.question else ())}
        if key not in offered:
            return []
        if key in PAIN_KEYS:
            return self._take_pain(PAIN_KEYS.index(key))
        asked = self._questions.take(key)
        if asked is not None:
            self._update()
            is_last = self._agenda.step is ANSWERS and not self._questions.has_open()
            return [self._note(asked), *(self._end() if is_last else [])]
        match key:
            case "go-on":
                return self._end_step(skipped=True)
            case "redo":
                self._restart()
            case "back":
                self._agenda.go_back()
                self._begin_step()
            case "pause":
                self._paused = not self._paused
                self._restart()
            case "hurts":
                return self._stop_hurting()
            case "end":
                return self._end()
            case "helpers":
                self._finished = False
                self._agenda.add_muscles()
                self._begin_step()
        return []

    def break_off(self) -> list[Event]:
        """End with what is there because the signal or the application ends; does nothing after the end."""
        self._broke_off = self._broke_off or not self._finished
        return self._end()

    @property
    def unfinished(self) -> Unfinished | None:
        """What to go on with if it breaks off now, or did; None before a step worth keeping, and once it has ended."""
        if self._why_ended or (self._finished and not self._broke_off):
            return None
        return broken_off(self._kind, self._about, self._findings, self._agenda.total)

    def _end(self) -> list[Event]:
        if self._finished:
            return []
        self._finished = True
        self._link, self._paused = "", False
        self._update()
        return [self._note(sentence) for sentence in self._sentences]

    def _beat(self, energy: Float64Array, level: Float64Array, lost: npt.NDArray[np.bool_]) -> list[Event]:
        self._n_beats += 1
        self._level = np.where(lost, np.nan, level)
        self._presence.take(lost)
        if self._finished or self._paused or self._link:
            return []
        step = self._agenda.step
        # A tap may well drive the electrode to the end of its range; only samples that never came are lost then.
        if self._waits(np.asarray(np.isnan(energy).any(axis=0)) if step.id.startswith("tap") else lost):
            return []
        self._clock += 1
        phase, _ = self._phase(step)
        if phase in ("do", "wait"):
            self._gathering.add(np.where(lost, np.nan, energy.mean(axis=0)), self._contacts, self._hum)
            if step.is_squeeze:
                self._largest = np.fmax(self._largest, self._level)
        self._look_at(step, phase)
        return self._end_step() if self._is_over(step) else []

    def _look_at(self, step: Step, phase: Phase) -> None:
        """Tell of a step what it shows before its end."""
        side, findings = step.side, self._findings
        if side is None or side == "both":
            return
        if step.id.startswith("tap"):
            self._taps, is_asked = self._gathering.touches(findings.column(side), findings.column(OTHER[side]))
            self._touched = None if is_asked is None else side if is_asked else OTHER[side]
        elif step.id.startswith("squeeze") and phase == "relax" and self._found is None:
            self._found = findings.result_of(side, step, self._gathering.outcome())

    def _is_over(self, step: Step) -> bool:
        elapsed_s = self._clock * BEAT_S
        if elapsed_s < step.length_s - BEAT_S / 2:
            return False
        return step.id != "contact" or elapsed_s >= steps.CONTACT_AT_MOST_S or not self._bad_sides()

    def _bad_sides(self) -> list[Side]:
        return [side for side in self._findings.sides if self._contact(side) is None or self._contact(side) in RED]

    def _contact(self, side: Side) -> Verdict | None:
        found = self._contacts.get(self._sites[self._findings.column(side)])
        return None if found is None else found[0]

    def _waits(self, lost: npt.NDArray[np.bool_]) -> bool:
        """Whether the step has to wait for a side that it began with; begins anew when all are back."""
        columns = [self._findings.column(side) for side in self._findings.sides]
        clipping = {column for column in columns if self._contacts.get(self._sites[column], ("",))[0] == "clipping"}
        waits, anew = self._presence.look(self._agenda.step, columns, lost, clipping)
        if anew:
            self._restart(waiting=waits)
        return waits

    def _phase(self, step: Step) -> tuple[Phase, float]:
        """The phase and the seconds until it ends."""
        elapsed_s = max(0, self._clock - 1) * BEAT_S
        if step.ready_s and elapsed_s < step.ready_s - BEAT_S / 2:
            return "ready", step.ready_s - elapsed_s
        if elapsed_s < step.ready_s + step.do_s - BEAT_S / 2 or not step.relax_s:
            phase: Phase = "do" if step.is_squeeze or step.id.startswith("tap") else "wait"
            return phase, step.ready_s + step.do_s - elapsed_s
        return "relax", step.length_s - elapsed_s

    # --- steps

    def _restart(self, *, waiting: bool = False) -> None:
        self._clock = 0
        if not waiting:
            self._presence.stop_waiting()
        self._gathering = Gathering(len(self._sites))
        self._taps, self._touched, self._found = 0, None, None
        self._full = float(np.fmax(self._full, full_scale(self._findings, self._largest)))

    def _begin_step(self) -> None:
        self._presence.begin_step()
        self._restart()

    def _end_step(self, *, skipped: bool = False) -> list[Event]:
        step = self._agenda.step
        outcome = self._gathering.outcome()
        if step.id == "pain":
            return self._take_pain(None)
        was_asked = not (skipped and step.is_squeeze and np.isnan(outcome.best).all())
        if step.id not in ("pause", "answers") and was_asked:
            self._keep(step, outcome)
        side: Side = "left" if step.side == "left" else "right"
        if step.id.startswith("mvc") and step.turn >= N_TRIES and self._findings.unequal_tries(side, step.position):
            self._agenda.ask_once_more(side, step)
        self._update()
        return self._next()

    def _keep(self, step: Step, outcome: Outcome) -> None:
        """Keep what a step brought; a step done again that brought nothing takes nothing away."""
        before = self._findings.outcomes.pop(step, None)
        brought = np.isfinite(outcome.best).any() or step.id.startswith("tap") or step.id == "contact"
        self._findings.outcomes[step] = outcome if brought or before is None else before

    def _next(self) -> list[Event]:
        if not self._agenda.advance():
            return self._end()
        self._begin_step()
        return self._end() if self._agenda.step is ANSWERS and not self._questions.has_open() else []

    def _take_pain(self, pain: int | None) -> list[Event]:
        if pain is not None and pain > steps.TODAY_ENDS_PAIN:
            self._why_ended = words.TODAY_ENDS
            return [*self._end(), self._note(words.TODAY_ENDS)]
        if pain is None or pain >= steps.COMFORTABLE_PAIN:
            self._only_comfortable()
        self._update()
        return [*([] if pain is None else [self._note(f"Pain before: {pain} of 10.")]), *self._next()]

    def _stop_hurting(self) -> list[Event]:
        note = self._note(words.HURT)
        if not self._agenda.step.id.startswith("mvc"):
            self._restart()
            return [note, *self._next()]
        self._only_comfortable()
        self._update()
        return [note, *self._next()]

    def _only_comfortable(self) -> None:
        if not self._findings.comfortable_only:
            self._findings.comfortable_only = True
            self._agenda.leave_out_maximal()

    # --- what comes out

    @property
    def view(self) -> CalibrationView:
        """The newest view."""
        step, n_steps = self._agenda.step, self._agenda.total
        question = self._questions.newest(step, finished=self._finished)
        common = CalibrationView(
            kind=self._kind,
            step="done",
            number=n_steps,
            total=n_steps,
            side=None,
            position=self._about.position,
            phase="wait",
            line=self._why_ended or words.done(self._record, self._kind, question),
            live=live_sides(self._findings, self._level, self._full, self._contacts),
            full=self._full if self._full > 0.0 else None,
            results=self._results,
            sentences=self._sentences,
            question=question,
            exchanged=self._findings.exchanged,
            finished=self._finished,
            record=self._record,
        )
        if self._finished:
            more = self._helpers and self._record is not None and question is None and self._agenda.missing_muscles
            return replace(common, space=words.space(question), keys=("helpers",) if more else ())
        phase, phase_left_s = self._phase(step)
        elapsed_s = self._clock * BEAT_S
        left_s = max(0.0, step.length_s - elapsed_s)
        coming_s = sum(one.length_s for one in self._agenda.coming if one is not ANSWERS)
        return replace(
            common,
            step=step.id,
            number=self._agenda.number,
            side=step.side,
            position=step.position or self._about.position,
            phase=phase,
            line=step.line,
            detail=self._detail(step),
            phase_left_s=max(0.0, round(phase_left_s, 2)),
            step_left_s=round(left_s, 2),
            total_left_s=round(left_s + coming_s, 2),
            step_s=step.length_s,
            keys=self._keys(step, question),
            taps=self._taps,
            touched=self._touched,
            found=self._found,
            space=words.space(question) or (None if step.id == "pain" else "go-on"),
            paused=self._paused,
            interrupted=self._interruption(),
        )

    @staticmethod
    def _keys(step: Step, question: Question | None) -> tuple[Key, ...]:
        keys: tuple[Key, ...] = ("go-on", "redo", "back", "pause", "end")
        if step.is_squeeze:
            return (*keys, "hurts")
        is_asked = question is not None and question.id == "swapped"
        return (*keys, "swap") if step.id.startswith("tap") and not is_asked else keys

    def _detail(self, step: Step) -> str:
        if step.id == "contact":
            bad = [one for one in self._findings.sides if (self._contact(one) or "ok") != "ok"]
            return f"{bad[0].capitalize()}: {TEXTS[self._contact(bad[0]) or 'ok']}" if bad else ""
        return words.detail(step, [side for side in self._findings.sides if self._questions.asks_hardened(side)])

    def _interruption(self) -> str:
        if self._link:
            return words.link_lost(self._link)
        if not self._presence.is_waiting:
            return ""
        gone = [side for side in self._findings.sides if not self._presence.good[self._findings.column(side)]]
        side = gone[0] if gone else None
        verdict = self._contact(side) if side is not None else None
        return words.signal_lost(side, TEXTS[verdict] if verdict is not None and verdict != "ok" else "")

    def _update(self) -> None:
        """Work out anew what the outcomes and answers mean."""
        findings = self._findings
        self._results = findings.results()
        self._sentences = findings.sentences()
        if self._finished and not self._why_ended:
            self._record = make_record(self._findings, self._about, self._kind)

    def _note(self, text: str) -> Note:
        return Note(t_s=round(self._n_beats * BEAT_S, 3), text=text)
