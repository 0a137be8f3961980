"""``bench sound``: what a simulated person hears in a whole session, recorded and measured.

    python3 scripts/dev.py bench sound
    python3 scripts/dev.py bench sound --source "sim:late-left?compensators=0" --duration 300 -o heard.wav

Sound is made at the pace of the session's own time, so it is the same on every computer and takes as long as it takes.
"""

import argparse
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.runner import run_unpaced
from app.pipeline.sources import Sources, open_unpaced
from app.session.coach import Coach
from app.session.events import Cue, Event, Say, StateChanged
from app.ui.sound import Sound
from app.ui.sound.coaching import Coaching
from app.ui.sound.mixer import Mixer
from app.ui.sound.tones import SFREQ
from app.wiring import wire
from scripts.stories import plan

CUT_OFF_S: Final = 0.050
CALL_MS: Final = 20.0
"""The attack of the tone, and the next frames that are made."""
FADED_S: Final = 0.030
PAUSE_S: Final = 0.35
AUDIBLE: Final = 0.01

FloatArray = npt.NDArray[np.float32]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--source", default="sim:waking-left?compensators=0", help="who squeezes")
    parser.add_argument("--programme", default="prone-ankle-squeeze")
    parser.add_argument("--duration", type=float, default=180.0, help="seconds of the session")
    parser.add_argument("-o", "--output", type=Path, help="WAV file to listen to")


class Tape:
    """Some layers of a session, recorded."""

    def __init__(self, *layers: str) -> None:
        self.mixer = Mixer()
        self.sound = Sound(self.mixer)
        for layer in self.sound.layers:
            self.sound.layers[layer] = 1.0 if layer in layers else 0.0
        self._pieces: list[FloatArray] = []
        self._n_frames = 0

    def run_to(self, t_s: float) -> None:
        """Record up to a time of the session."""
        n_frames = round(t_s * SFREQ) - self._n_frames
        if n_frames > 0:
            self._pieces.append(self.mixer.render(n_frames))
            self._n_frames += n_frames

    @property
    def samples(self) -> FloatArray:
        """All of it; shape (n_frames,)."""
        self._pieces = [np.concatenate(self._pieces)]
        return self._pieces[0]


@dataclass(frozen=True)
class Heard:
    """A session: its events with the time at which they were decided, and its tapes."""

    events: list[tuple[float, Event]]
    whole: FloatArray
    calls: FloatArray
    speech: FloatArray


def run(arguments: argparse.Namespace) -> int:
    """Record and measure one session; 1 if a promise is broken."""
    heard = record(arguments.source, arguments.programme, arguments.duration)
    if arguments.output is not None:
        with wave.open(str(arguments.output), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SFREQ)
            file.writeframes(np.round(heard.whole * 32767).astype("<i2").tobytes())
    return report(heard)


def record(source: str, programme: str, duration_s: float) -> Heard:
    """Run a session as fast as it goes, and record it by its own clock."""
    tapes = whole, calls, speech = Tape("tone", "events", "speech"), Tape("events"), Tape("speech")
    events: list[tuple[float, Event]] = []
    uri = source + ("&" if "?" in source else "?") + "speed=max"
    with open_unpaced(Sources.create([uri])) as (sources, blocks):
        coachings = [Coaching(tape.sound) for tape in tapes]

        def hear(event: Event, decided_ns: int) -> None:
            # The blocks of a source that waits for nobody are long: sound is made up to the tick of the event first.
            t_s = max(getattr(event, "t_s", 0.0), events[-1][0] if events else 0.0)
            events.append((t_s, event))
            for tape in tapes:
                tape.run_to(t_s)
                tape.sound.submit(event, decided_ns)

        def look(coach: Coach, decided_ns: int) -> None:
            for tape, coaching in zip(tapes, coachings, strict=True):
                coaching.look(coach, decided_ns)
                tape.run_to(session.engine.t_s)

        session, _ = wire(sources, plan(programme), None, [hear], duration_s=duration_s, watchers=[look])
        whole.sound.follow(session.engine.snapshot)
        sources.start()
        session.begin()
        run_unpaced(session, blocks, None)
    return Heard(events, whole.samples, calls.samples, speech.samples)


def report(heard: Heard) -> int:
    """Print what was measured."""
    tries = list(spans(heard.events))
    spoken_into = [(begin, end) for begin, end in tries if cut(heard.speech, begin + CUT_OFF_S, end).any()]
    delays_ms = [1e3 * delay_s for t_s, event in heard.events if isinstance(event, Cue) and event.channel == "tone"
                 if (delay_s := onset_s(cut(heard.calls, t_s, t_s + 0.2))) is not None]  # fmt: skip
    after = [end for _, end in tries if cut(heard.calls, end + FADED_S, end + 0.15).any()]
    sentences = list(runs(heard.speech))
    minutes = len(heard.whole) / SFREQ / 60.0
    print(f"{minutes:.1f} min, {len(tries)} squeezes, {len(delays_ms)} calls, {len(sentences)} sentences", end="")
    said = [event for _, event in heard.events if isinstance(event, Say)]
    print(f" of {len(said)} lines to say; longest {max((end - begin for begin, end in sentences), default=0.0):.2f} s")
    print(f"peak {np.abs(heard.whole).max():.2f} of 1, sound in {100 * np.mean(heard.whole != 0.0):.0f} % of the time")
    print(f"speech in a squeeze later than 50 ms: {len(spoken_into)}; a call after its squeeze: {len(after)}")
    late_ms = float(np.percentile(delays_ms, 95)) if delays_ms else 0.0
    print(f"decision of a call to its first loud frame: p95 {late_ms:.1f} ms (limit {CALL_MS:g})")
    return int(bool(spoken_into) or bool(after) or late_ms > CALL_MS or bool(np.abs(heard.whole).max() >= 1.0))


def spans(events: list[tuple[float, Event]]) -> Iterator[tuple[float, float]]:
    """Begin and end of each squeeze, as the words on the pillars say it."""
    active: set[str] = set()
    begin_s = 0.0
    for t_s, event in events:
        if isinstance(event, StateChanged):
            was_active = bool(active)
            (active.discard if event.state in ("quiet", "no-signal") else active.add)(event.side)
            if active and not was_active:
                begin_s = t_s
            elif was_active and not active:
                yield begin_s, t_s


def runs(samples: FloatArray) -> Iterator[tuple[float, float]]:
    """Begin and end of everything audible that no pause of `PAUSE_S` parts."""
    loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
    for part in np.split(loud, np.flatnonzero(np.diff(loud) > PAUSE_S * SFREQ) + 1):
        if len(part):
            yield float(part[0]) / SFREQ, float(part[-1]) / SFREQ


def cut(samples: FloatArray, begin_s: float, end_s: float) -> FloatArray:
    """Frames between two times."""
    return samples[round(begin_s * SFREQ) : round(max(begin_s, end_s) * SFREQ)]


def onset_s(samples: FloatArray) -> float | None:
    """First audible frame, in seconds; None where there is none."""
    loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
    return float(loud[0]) / SFREQ if len(loud) else None
