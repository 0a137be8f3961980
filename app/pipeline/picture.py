"""Cuts `Snapshot` out of the coach and the last ten seconds of every tick."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.align import GridRows
from app.pipeline.chain import BAR, HIGH
from app.pipeline.snapshot import CompensatorView, CueView, Flags, Progress, SideView, Snapshot, Trace
from app.session.aim import Aim
from app.session.coach import Coach
from app.session.events import SIDES, Side, Verdict
from app.session.live import CUE_STANDS_S
from app.session.scoring import effort_floor_pct
from app.session.tick import TICK_S

TRACE_S: Final = 10.0


class Picture:
    """The traces, and everything else that the screen shows.

    Parameters
    ----------
    coach : Coach
    unit : {'uV', 'counts'}
    simulated : bool
    """

    def __init__(self, coach: Coach, unit: str, *, simulated: bool) -> None:
        self._coach = coach
        self._unit = unit
        self._simulated = simulated
        self._n_rows = round(TRACE_S / TICK_S)
        n_sites = len(coach.sites)
        # Twice the window, so that a cut is one slice and moving back is rare; time runs along the last axis, so that
        # what is cut is of one piece.
        self._rows = np.full((n_sites, 3, 2 * self._n_rows), np.nan, dtype=np.float32)
        self._end = self._n_rows
        self._lost = np.ones(n_sites, np.bool_)
        self._onsets: dict[int, list[float]] = {site: [] for site in coach.targets.values()}
        self._peaks: dict[int, float] = {}
        self._attempt_seen_s = -np.inf

    def add(self, grid: GridRows, lost: npt.NDArray[np.bool_]) -> None:
        """Take ticks of the grid; `lost`, of shape (n_ticks, n_sites), tells where there is no good signal."""
        # What a lost electrode picks up is no muscle.
        rows = np.where(lost[:, np.newaxis], np.nan, grid.rows[:, BAR : HIGH + 1])[-self._n_rows :]
        if self._end + len(rows) > 2 * self._n_rows:
            self._rows[..., : self._n_rows] = self._rows[..., self._end - self._n_rows : self._end].copy()
            self._end = self._n_rows
        self._rows[..., self._end : self._end + len(rows)] = rows.T
        self._end += len(rows)
        self._lost = lost[-1]
        for edges in grid.edges.values():
            for edge in edges:
                if edge.rises and edge.site in self._onsets:
                    self._onsets[edge.site] = [*self._onsets[edge.site][-31:], edge.t_s]

    def cut(
        self,
        verdicts: Mapping[str, tuple[Verdict, str]],
        timing_in_s: float | None,
        received_ns: int,
        *,
        n_lost: int,
        n_received: int,
    ) -> Snapshot:
        """Make the snapshot of this moment."""
        coach = self._coach
        aim = coach.aim  # made anew whenever it is asked for
        t_s = coach.track.n_ticks * TICK_S
        if coach.attempt is not None:
            self._attempt_seen_s = t_s
            n_rows = min(self._n_rows, math.ceil((t_s - coach.attempt.start_s) / TICK_S))
            highest = np.fmax.reduce(self._rows[:, 0, self._end - n_rows : self._end], axis=1, initial=0.0)
            self._peaks = {site: float(highest[site]) for site in coach.targets.values()}
        cue = coach.live.cue
        joined_late = any(coach.live.joined_late(side) for side in SIDES)
        return Snapshot(
            t_s=t_s,
            received_ns=received_ns,
            position=coach.programme.position,
            simulated=self._simulated,
            method=coach.method if not np.isnan(coach.scale.reference).all() else None,
            sides={side: self._side(side, verdicts, aim) for side in SIDES},
            compensators=tuple(self._compensators()),
            attempt_open=coach.attempt is not None,
            together=coach.together and not joined_late and t_s < self._attempt_seen_s + CUE_STANDS_S,
            cue=None if cue is None else CueView(cue.side, "late" if joined_late else cue.kind, cue.t_s),
            hint=coach.guidance.hint_text(aim.hint),
            order=coach.order,
            progress=self._progress(aim, t_s),
            flags=self._flags(),
            story=coach.guidance.story,
            last_rep=coach.last_rep,
            timing_in_s=timing_in_s,
            traces=tuple(self._trace(side, site, t_s) for side, site in coach.targets.items()),
            trace_end_s=t_s,
            go_times_s=tuple(go for go in coach.go_times_s if go > t_s - TRACE_S),
            n_lost=n_lost,
            n_received=n_received,
        )

    def _progress(self, aim: Aim, t_s: float) -> Progress:
        coach = self._coach
        progress = coach.progress
        phase, rest_until = progress.phase, progress.at.rest_until_s
        return Progress(
            phase=phase.line_kind,
            resting=rest_until is not None,
            rest_left_s=None if rest_until is None else max(0.0, rest_until - t_s),
            set_number=progress.set_number,
            set_total=None if progress.set_number is None else phase.sets,
            done=progress.at.done,
            total=progress.total,
            hold_s=coach.held_s,
            hold_total_s=phase.hold_s,
            finished=progress.finished,
            scheme=aim.asked,
            feedback=phase.feedback,
            stage=coach.course.stage,
            countdown_s=coach.course.countdown_s(t_s),
            asks_felt=coach.guidance.felt.open,
            pause_reason=coach.course.pause_reason,
            ask=phase.ask,
        )

    def _pct(self, level: float | None, site: int) -> float | None:
        reference = float(self._coach.scale.reference[site])
        if level is None or np.isnan(level) or np.isnan(reference):
            return None
        return 100.0 * level / reference

    def _side(self, side: Side, verdicts: Mapping[str, tuple[Verdict, str]], aim: Aim) -> SideView:
        coach = self._coach
        site = coach.targets.get(side)
        if site is None:
            return SideView(
                None, None, self._unit, "no-signal", joined_late=False, target_pct=aim.target_pct[side],
                attempt_pct=coach.programme.effort_floor_pct, peak_pct=None, onset_s=None, verdict="ok",
                verdict_text="No electrode on this side.",
            )  # fmt: skip
        level = float(self._rows[site, 0, self._end - 1])
        raw = None if self._lost[site] or np.isnan(level) else level
        attempt = coach.attempt
        burst = attempt.bursts.get(site) if attempt is not None else None
        known = not np.isnan(coach.scale.reference[site])
        verdict, text = verdicts.get(side, ("ok", ""))
        return SideView(
            level_pct=self._pct(raw, site),
            level_raw=raw,
            unit=self._unit,
            state=coach.live.state(side),
            joined_late=coach.live.joined_late(side),
            target_pct=aim.target_pct[side],
            attempt_pct=effort_floor_pct(coach.scale, site, coach.programme.effort_floor_pct)
            if known
            else coach.programme.effort_floor_pct,
            peak_pct=self._pct(self._peaks.get(site), site),
            onset_s=None if burst is None else burst.onset_s,
            verdict=verdict,
            verdict_text=text,
            band_top_pct=aim.band_top_pct.get(side),
        )

    def _compensators(self) -> list[CompensatorView]:
        views = []
        for site, compensator in self._coach.compensators.items():
            level = float(self._rows[site, 0, self._end - 1])
            pct = None if self._lost[site] else self._pct(level, site)
            views.append(CompensatorView(self._coach.sites[site], pct, compensator.line_pct, compensator.word(pct)))
        return views

    def _flags(self) -> Flags:
        coach = self._coach
        flags = coach.flags
        late = next((side for side in SIDES if flags.sides[side].late.up), None)
        weak = next((side for side in SIDES if flags.sides[side].weak.up), None)
        return Flags(
            late=late,
            weak=weak,
            sleeping_side=flags.sleeping_side,
            compensating=tuple(
                coach.sites[site] for site, compensator in coach.compensators.items() if compensator.compensating
            ),
            weak_undecided=any(side.undecided for side in flags.sides.values()),
            late_count=flags.sides[late].count_late() if late else (0, 0),
            weak_count=flags.sides[weak].count_weak() if weak else (0, 0),
            woke_at=coach.guidance.wake_up.woke_at,
        )

    def _trace(self, side: Side, site: int, t_s: float) -> Trace:
        window = self._rows[site, :, self._end - self._n_rows : self._end]
        reference = self._coach.scale.reference[site]
        level_pct, low_pct, high_pct = window * np.float32(100.0 / reference)
        return Trace(
            site=side,
            level_pct=level_pct,
            low_pct=low_pct,
            high_pct=high_pct,
            onsets_s=tuple(onset for onset in self._onsets[site] if onset > t_s - TRACE_S),
        )
