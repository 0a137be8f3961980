"""The contact of every site: what the chain measures of it, judged in the light of what the session does just then."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.condition import ElectrodeNumbers
from app.session.coach import Coach
from app.session.contact import (
    HEART_REST_S,
    ON_THE_PADS,
    PRESSED,
    STEPS_TO_CHANGE,
    TEXTS,
    ContactVerdict,
    hidden_from,
    judge,
)
from app.session.events import Event, Quality, Verdict
from drivers.uri import TARGET_SITES
from dsp.quality import ChannelQuality
from dsp.symmetry import snr_db

TWITCH_S: Final = 0.5
"""The beats of a heart turn a muscle on for a moment each; that is no work."""


class Contacts:
    """Judges the contacts of one session.

    Parameters
    ----------
    coach : Coach
        What its muscles do tells which faults can be seen.
    raw_to_uv : float or None
        Turns the stream's unit into microvolts; None if its gain is unknown.
    bad : bool
        What stands before the first judgement.
    """

    def __init__(self, coach: Coach, raw_to_uv: float | None, *, bad: bool) -> None:
        self._coach = coach
        self._raw_to_uv = raw_to_uv
        self._verdicts = [ContactVerdict(bad=bad) for _ in coach.sites]
        self._busy_s = 0.0
        self.hum: dict[str, float] = {}
        """Newest RMS of the mains of every site, in the stream's unit."""
        self._beating = np.zeros(len(coach.sites), np.int64)
        """For so many more steps of rest a heart that was seen at a glute counts as there."""
        self._rested_at_s = [0.0 for _ in coach.sites]
        self._newest: dict[int, tuple[ChannelQuality, int]] = {}

    @property
    def bad(self) -> npt.NDArray[np.bool_]:
        """Which sites are out, shape (n_sites,)."""
        return np.array([verdict.bad for verdict in self._verdicts])

    @property
    def words(self) -> Mapping[str, tuple[Verdict, str]]:
        """Verdict and sentence of every site that was judged."""
        return {
            site: (one.verdict, TEXTS[one.verdict])
            for site, one in zip(self._coach.sites, self._verdicts, strict=True)
            if one.verdict is not None
        }

    def numbers(self, site: int, rest: float, notch_hz: float | None) -> ElectrodeNumbers | None:
        """What was measured of a site last, with what the chain does about it; None before the first judgement."""
        if site not in self._newest:
            return None
        quality, channel = self._newest[site]
        return ElectrodeNumbers(
            rest=rest,
            noise=float(quality.noise[channel]),
            hum_hz=float(quality.hum_hz[channel]),
            hum=float(quality.hum[channel]),
            hum_ratio=float(quality.hum_ratio[channel]),
            motion_ratio=float(quality.motion_ratio[channel]),
            median_hz=float(quality.median_hz[channel]),
            clipped=float(quality.clipped[channel]),
            flat=float(quality.flat[channel]),
            snr_db=self._reference_db(site),
            notch_hz=notch_hz,
        )

    def _reference_db(self, site: int) -> float:
        """Reference over rest; a stand-in that may still grow tells nothing about it."""
        scale = self._coach.scale
        return snr_db(float(scale.reference[site]), float(scale.rest[site])) if scale.verdicts else math.nan

    def _listen(self, quality: ChannelQuality, sites: Sequence[int]) -> None:
        """Remember, from steps of rest, whether a heart shows under the glutes."""
        for channel, site in enumerate(sites):
            beats = float(quality.heart_hz[channel]) if self._coach.sites[site] in TARGET_SITES else math.nan
            if beats > 0.0:
                self._beating[site] = STEPS_TO_CHANGE
            elif beats == 0.0 and self._beating[site]:
                self._beating[site] -= 1

    def _restless_s(self, noise: float, site: int, t_s: float) -> float:
        """For how long a site has not come to the rest it was calibrated with, where its pad may be sat on."""
        scale = self._coach.scale
        on_it = scale.verdicts and self._coach.programme.position in ON_THE_PADS
        if not on_it or not noise > PRESSED * scale.rest[site]:
            self._rested_at_s[site] = t_s
        return t_s - self._rested_at_s[site]

    def look(self, quality: ChannelQuality, sites: Sequence[int], t_s: float, *, envelope: bool) -> list[Event]:
        """Judge one step of one stream.

        Parameters
        ----------
        quality : ChannelQuality
        sites : sequence of int
            Site index of each of its channels.
        t_s : float
        envelope : bool
            Whether the stream is one of envelopes, which show few faults.

        Returns
        -------
        list of Event
            A line for each site whose verdict changed.
        """
        names, attempt = self._coach.sites, self._coach.attempt
        active = attempt is not None
        firing = attempt is not None and any(names[site] in TARGET_SITES for site in attempt.active)
        if attempt is not None and any(t_s - burst.onset_s > TWITCH_S for burst in attempt.bursts.values()):
            self._busy_s = t_s
        rested_s = t_s - self._busy_s
        if rested_s >= HEART_REST_S:
            self._listen(quality, sites)
        # A heart that both electrodes pick up makes them alike, whatever the muscles do.
        firing = firing and not self._beating.any()
        unseen = hidden_from(active=active, firing=firing, rested_s=rested_s)
        events: list[Event] = []
        for channel, site in enumerate(sites):
            self.hum[names[site]] = float(quality.hum[channel])
            self._newest[site] = quality, channel
            verdict = judge(
                quality,
                channel,
                raw_to_uv=self._raw_to_uv,
                active=active,
                envelope=envelope,
                firing=firing,
                rested_s=rested_s,
                reference_db=self._reference_db(site),
                restless_s=self._restless_s(float(quality.noise[channel]), site, t_s),
            )
            if verdict is not None and self._verdicts[site].update(verdict, unseen):
                events.append(Quality(t_s=round(t_s, 3), site=names[site], verdict=verdict, text=TEXTS[verdict]))
        return events
