"""The engine: blocks in, events out; snapshots are cut from it.

``Engine.push`` is a pure function of calibration, programme and the blocks in merge order: no clock, thread or random
source inside. It works hop by hop, so results never depend on the size of blocks or on when a thread woke. Runs on
the DSP thread when live, and on the one thread there is when unpaced.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.acts import ActQueue
from app.pipeline.align import Grid, GridRows
from app.pipeline.chain import ENERGY, LEVEL, Bars, Hops, StreamChain
from app.pipeline.condition import Condition, ElectrodeNumbers, Sync
from app.pipeline.contacts import Contacts
from app.pipeline.montage import Montage
from app.pipeline.picture import Picture
from app.pipeline.snapshot import Snapshot
from app.pipeline.stream_state import EpochSpan, StreamState, apart, states_of, zero_of
from app.session.calibration import Calibration
from app.session.coach import Coach
from app.session.events import Act, Event, Note, Rep
from app.session.programme import Programme
from app.session.reference import SessionReference, start_scale, told
from app.session.tick import TICK_S, Edge, Scale, Ticks
from drivers.types import SampleBlock, StreamInfo
from dsp.filters import Prime

Float64Array = npt.NDArray[np.float64]

CHAIN: Final = "bp20-450x4-notch/rms100/rms50-hybrid10-6-aglr-rest-rise/4"
"""Names the algorithms, so that numbers of different versions are never mixed unseen."""
START_WAIT_S: Final = 0.5


class Engine:
    """Judges one session.

    Parameters
    ----------
    streams : sequence of StreamInfo
    montage : Montage
    programme : Programme
    calibration : Calibration or None
        None makes the scale from the session itself, visibly.
    prime : {'mute', 'steady'}
        ``'steady'`` for recordings: nothing is muted at the start.
    skip_rests : bool
        True without a window.
    ready : bool
        Whether the session waits before its first set until somebody starts it.
    acts : sequence of Act
        Those of the session that is replayed.
    simulated : bool
        Goes into every snapshot.
    aligned : bool
        False if the streams' times have nothing to do with each other: no lag is given then.
    delays_ns : mapping of str to int, optional
        How much later than the body each stream's samples come, apart from what its clock sees; 0 where not named.
    draws : Bars or None
        How the bars are drawn where somebody watches; None works out nothing beside what is judged.
    until_s : float
        Session time at which it ends, whatever the size of the last block.
    on_ticks : callable or None
        Is told what the chain measured, just before it is judged; for a calibration.
    """

    def __init__(
        self,
        streams: Sequence[StreamInfo],
        montage: Montage,
        programme: Programme,
        calibration: Calibration | None,
        *,
        prime: Prime = "mute",
        skip_rests: bool = True,
        ready: bool = False,
        acts: Sequence[Act] = (),
        simulated: bool = False,
        until_s: float = math.inf,
        aligned: bool = True,
        delays_ns: Mapping[str, int] | None = None,
        draws: Bars | None = None,
        on_ticks: Callable[[Ticks], None] | None = None,
    ) -> None:
        self._draws = draws
        self._on_ticks = on_ticks
        self._aligned = aligned
        self.delays_ns = delays_ns or {}
        self.montage = montage
        self.programme = programme
        self._prime: Prime = prime
        self.streams = states_of(streams, montage)
        """Every stream that is judged."""
        sites = montage.sites
        units = {stream.info.unit for stream in self.streams.values()}
        self.raw_to_uv = 1e6 if units == {"V"} else None
        known, self._session_reference = start_scale(calibration, sites)
        self._scale_to_tell = False
        self.coach = Coach(
            programme,
            sites,
            known,
            raw_to_uv=self.raw_to_uv,
            method="session" if calibration is None else calibration.method,
            skip_rests=skip_rests,
            ready=ready,
        )
        self._acts = ActQueue(acts)
        self.picture = Picture(self.coach, "uV" if self.raw_to_uv else "counts", simulated=simulated)
        self.contacts = Contacts(self.coach, self.raw_to_uv, bad=prime == "mute")
        """What is known of the contact of every site."""
        self._grid = Grid(len(sites), {stream_id: stream.sites for stream_id, stream in self.streams.items()}, until_s)
        self._until_s = until_s
        self._zero_ns: int | None = None
        self._waiting: list[SampleBlock] = []

    @property
    def scale(self) -> Scale:
        """Rest and reference in force."""
        return self.coach.scale

    def rest_in_force(self, site: str) -> float:
        """Rest level that a site's onsets are found with now, in its stream's unit; follows the noise of the pads."""
        index = self.montage.sites.index(site)
        for stream in self.streams.values():
            place = np.flatnonzero(stream.sites == index)
            if len(place) and stream.chain is not None:
                return float(stream.chain.rest[place[0]])
        return float(self.scale.rest[index])

    @property
    def t_s(self) -> float:
        """Session time of the newest tick."""
        return self._grid.n_ticks * TICK_S

    @property
    def n_received(self) -> int:
        """Samples received, over all streams."""
        return sum(stream.n_received for stream in self.streams.values())

    @property
    def n_lost(self) -> int:
        """Samples lost within epochs, over all streams."""
        return sum(stream.n_lost for stream in self.streams.values())

    @property
    def lost_pct(self) -> float | None:
        """Share of samples lost; None where a stream has no counter and loss is not measurable."""
        counted = all(stream.info.has_counter for stream in self.streams.values())
        return 100.0 * self.n_lost / max(1, self.n_lost + self.n_received) if counted else None

    @property
    def heard_s(self) -> dict[str, float]:
        """Session time up to which each stream was measured."""
        return self._grid.newest_s

    def can_gather(self, most_s: float) -> bool:
        """Whether blocks of so many seconds can be pushed at once from here on, without changing a line."""
        ends_s = min(self._until_s, self._acts.next_s)  # a session may end where something is done
        if self._zero_ns is None or not all(self._grid.newest_s.values()) or self.t_s + 2 * most_s > ends_s:
            return False
        # A scale that grows with every hop depends on which stream came first, a calibration on what came when.
        return self._on_ticks is None and (self._session_reference is None or len(self.streams) == 1)

    def push(self, *blocks: SampleBlock) -> list[Event]:
        """Take the next blocks in merge order; returns what they made happen.

        Parameters
        ----------
        *blocks : SampleBlock
            One, or as many as `app.pipeline.gather.gathered` puts together.
        """
        of_stream: dict[str, list[SampleBlock]] = {}
        for block in blocks:
            if block.stream_id in self.streams:
                of_stream.setdefault(block.stream_id, []).append(self._early(block))
        if self._zero_ns is None:
            return [event for (block,) in of_stream.values() for event in self._start(block)]
        return [event for following in of_stream.values() for event in self._take(*following)]

    def _early(self, block: SampleBlock) -> SampleBlock:
        delay_ns = self.delays_ns.get(block.stream_id, 0)
        return replace(block, arrival_ns=block.arrival_ns - delay_ns) if delay_ns else block

    def _start(self, block: SampleBlock) -> list[Event]:
        """Hold blocks back until every stream has shown its first, or half a second has come."""
        self._waiting.append(block)
        seen = {waiting.stream_id for waiting in self._waiting}
        first = self._waiting[0]
        if len(seen) < len(self.streams) and (block.arrival_ns - first.arrival_ns) * 1e-9 < START_WAIT_S:
            return []
        return self._begin()

    def _begin(self) -> list[Event]:
        waiting, self._waiting = self._waiting, []
        self._zero_ns = zero_of(waiting, {stream_id: stream.info.sfreq for stream_id, stream in self.streams.items()})
        return [event for block in waiting for event in self._take(block)]

    def notch_hz(self, stream_id: str) -> float | None:
        """The mains frequency that is taken out of a stream; None while no hum was measured."""
        stream = self.streams.get(stream_id)
        return stream.chain.notch_hz if stream is not None and stream.chain is not None else None

    def finish(self) -> list[Event]:
        """The source ended: judge what is still on its way."""
        events = self._begin() if self._waiting else []
        for stream_id, stream in self.streams.items():
            if stream.chain is not None:
                events += self._run(stream_id, stream, stream.chain, stream.chain.flush())
        events += self._advance(final=True)
        events += self.coach.do_all(self._acts.take(self.coach.track.n_ticks))
        return events + self.coach.finish(self.t_s)

    def do(self, act: Act) -> list[Event]:
        """Do what a person wants now, after the newest tick: also where no sample comes any more."""
        return self.coach.do(act)

    def snapshot(self, received_ns: int = 0) -> Snapshot:
        """Cut the picture of this moment; `received_ns` is when its newest block reached the hub."""
        words = self.contacts.words
        return self.picture.cut(words, self._sync()[1], received_ns, n_lost=self.n_lost, n_received=self.n_received)

    def condition(self) -> Condition:
        """Say how every unit, contact and clock does; for whoever looks after the sensors."""
        pm_s, in_s = self._sync()
        units = {stream_id for stream_id in self.streams if self.montage.targets_of(stream_id)}
        return Condition(
            flows={
                stream_id: stream.flow.view(stream.info, stream.chain.clock, stream.n_lost, stream.n_received)
                for stream_id, stream in self.streams.items()
                if stream.chain is not None
            },
            contacts=self.contacts.words,
            rest_uv={site: self.rest_in_force(site) * self.raw_to_uv for site in self.montage.sites if self.raw_to_uv},
            sync=Sync(None if pm_s is None else 1e3 * pm_s, in_s) if len(units) > 1 else None,
            electrodes={site: found for site in self.montage.sites if (found := self._numbers(site)) is not None},
        )

    def _numbers(self, site: str) -> ElectrodeNumbers | None:
        index = self.montage.sites.index(site)
        notch_hz = next((self.notch_hz(id_) for id_, one in self.streams.items() if index in one.sites), None)
        return self.contacts.numbers(index, self.rest_in_force(site), notch_hz)

    def _take(self, block: SampleBlock, *following: SampleBlock) -> list[Event]:
        stream = self.streams[block.stream_id]
        events: list[Event] = []
        n_lost_before = stream.n_lost
        if stream.chain is None or block.epoch != stream.epoch:
            if stream.epoch is not None and block.epoch < stream.epoch:
                return []
            before = stream.chain
            stream.chain = StreamChain(
                stream.info,
                stream.columns,
                prime=self._prime if before is None else "mute",
                pair=self.montage.pair(stream.sites.tolist()),
                draws=self._draws,
            )
            stream.epoch = block.epoch
            self._set_levels(stream)
            if before is not None:
                last_s = self._time_s(before, stream.end_index)
                start_s = (block.arrival_ns - self._zero()) * 1e-9 - block.n_samples / stream.info.sfreq
                missing = round(max(0.0, start_s - last_s) * stream.info.sfreq)
                events.append(stream.gap(last_s, start_s, missing))
                stream.n_lost += missing if stream.info.has_counter else 0
        else:
            lost = stream.chain.missing_before(block)
            if lost is not None:
                start_s = self._time_s(stream.chain, lost.first_index)
                end_s = self._time_s(stream.chain, lost.first_index + lost.n_samples)
                events.append(stream.gap(start_s, end_s, lost.n_samples))
                stream.n_lost += lost.n_samples
        stream.flow.add(block, stream.n_lost - n_lost_before)
        for one in following:
            stream.flow.add(one, 0)
        n_samples = block.n_samples + sum(one.n_samples for one in following)
        stream.n_received += n_samples
        events += self._run(block.stream_id, stream, stream.chain, stream.chain.push(block, *following))
        stream.end_index = block.first_index + n_samples
        if stream.first_epoch is None:
            stream.first_epoch = EpochSpan(block.first_index, self._time_s(stream.chain, block.first_index))
        if block.epoch == 0:
            stream.first_epoch.end_index = stream.end_index
            stream.first_epoch.end_s = self._time_s(stream.chain, stream.end_index)
        return events

    def session_time(self, stream_id: str, offset_s: float) -> float:
        """Session time of a moment of a stream's first epoch.

        Parameters
        ----------
        stream_id : str
        offset_s : float
            Seconds after its first sample, by the stream's own clock.
        """
        stream = self.streams[stream_id]
        return offset_s if stream.first_epoch is None else stream.first_epoch.at(offset_s, stream.info.sfreq)

    def _run(self, stream_id: str, stream: StreamState, chain: StreamChain, hops: Hops) -> list[Event]:
        """Take hops to the coach, in pieces between which something may change that the next hops depend on."""
        if not len(hops):
            return []
        times_s = (chain.clock.time_ns(hops.end_index) - self._zero()).astype(np.float64) * 1e-9
        if self._session_reference is not None:
            stops = list(range(1, len(hops) + 1))  # the scale, and with it the thresholds, may move with every hop
        else:
            ends = [int(np.searchsorted(hops.end_index, end, side="left")) for end, _ in chain.quality]
            stops = sorted({len(hops), *(end for end in ends if 0 < end < len(hops))})
        events: list[Event] = []
        first = 0
        for end in stops:
            while chain.quality and chain.quality[0][0] <= hops.end_index[first]:
                _, quality = chain.quality.pop(0)
                envelope = stream.info.kind == "envelope"
                events += self.contacts.look(quality, stream.sites.tolist(), self.t_s, envelope=envelope)
            decided = [
                (
                    float(times_s[one.hop]),
                    Edge(int(stream.sites[one.channel]), one.rises, self._time_s(chain, one.index)),
                )
                for one in chain.detect(hops, first, end)
            ]
            self._grid.add(stream_id, times_s[first:end], hops.rows[first:end], decided)
            events += self._advance()
            first = end
        return events

    def _advance(self, *, final: bool = False) -> list[Event]:
        grid = self._grid.ticks(final=final)
        if grid is None:
            return []
        events: list[Event] = []
        for acts, piece in self._acts.cut(grid, self.coach.track.n_ticks):
            events += [*self.coach.do_all(acts), *self._judge(piece)]
        return events

    def _judge(self, grid: GridRows) -> list[Event]:
        level = grid.rows[:, LEVEL]
        lost = np.isnan(level) | self.contacts.bad
        ticks = Ticks(grid.rows[:, ENERGY], level, lost, grid.edges)
        if self._on_ticks is not None:
            self._on_ticks(ticks)
        events = self.coach.advance(ticks, self._sync()[0])
        self.picture.add(grid, lost)
        if self._session_reference is not None:
            # What an electrode without contact brings is neither rest nor effort.
            events += self._grow_reference(self._session_reference, np.where(lost, np.nan, level), events)
        return events

    def _grow_reference(self, reference: SessionReference, levels: Float64Array, happened: list[Event]) -> list[Event]:
        for event in happened:
            if isinstance(event, Rep) and event.counted:
                reference.count_rep()
        before = reference.scale
        active = self.coach.attempt is not None
        grew = any([reference.update(row, active=active) for row in levels])  # all of them, not up to the first
        if reference.scale is not before:
            self.coach.scale = reference.scale
            for stream in self.streams.values():
                self._set_levels(stream)
        self._scale_to_tell |= grew
        if active or not self._scale_to_tell or not self.coach.tally.attempts:
            return []  # within a squeeze it grows many times; it is told once, when the squeeze is over
        self._scale_to_tell = False
        return [Note(t_s=round(self.t_s, 3), text=told(reference.scale, self.coach.targets.values(), self.raw_to_uv))]

    def _set_levels(self, stream: StreamState) -> None:
        if stream.chain is not None:
            rest, reference = self.scale.rest[stream.sites], self.scale.reference[stream.sites]
            # A scale that the session makes for itself follows rest already.
            stream.chain.set_levels(rest, reference, follow_rest=self._session_reference is None)

    def _zero(self) -> int:
        assert self._zero_ns is not None
        return self._zero_ns

    def _time_s(self, chain: StreamChain, index: int) -> float:
        return (chain.clock.time_ns(index) - self._zero()) * 1e-9

    def _sync(self) -> tuple[float | None, float | None]:
        """Uncertainty of the time between left and right, and the seconds until there is one."""
        return apart(self.streams, self.montage, aligned=self._aligned)
