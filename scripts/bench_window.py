"""``bench window``: how old the picture is, what it costs, and what a blocked window does not disturb.

    python3 scripts/dev.py bench window
    python3 scripts/dev.py bench window --duration 10 --block 5 --starts 1

The window stands on a screen of its own (Xvfb), so that nobody's display is needed or disturbed.
"""

import argparse
import compileall
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from scripts.xvfb import has_xvfb, on_display, xvfb

if TYPE_CHECKING:
    from app.pipeline.snapshot import Snapshot
    from app.ui.main_window import MainWindow
    from scripts.stories import Condition

REPOSITORY: Final = Path(__file__).parent.parent
TWO_CHANNELS: Final = "sim:healthy?compensators=0"
EIGHT_CHANNELS: Final = "sim:healthy?rate=4000"
CUED: Final = "sim:sleepy-left?compensators=0"
LATENCY_LIMIT_MS: Final = 35.0
OLDEST_AFTER_BLOCK_MS: Final = 100.0
SOUND_LIMIT_MS: Final = 40.0
"""Decision to the first mixed frame."""
FRAME_LIMIT_MS: Final = 5.0
"""What the GUI thread may spend on a frame."""
IDLE_LIMIT_PCT: Final = 15.0
"""Of one core, by the whole application, while Train is shown and nobody moves."""
START_LIMIT_S: Final = 2.0
SETTLE_S: Final = 3.0
TRACES_S: Final = 11.0
"""After this long the traces are full."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--duration", type=float, default=60.0, help="seconds of the latency run")
    parser.add_argument("--block", type=float, default=20.0, help="seconds that the GUI thread is blocked")
    parser.add_argument("--starts", type=int, default=5, help="cold starts")
    parser.add_argument("--part", choices=("latency", "block", "frame", "idle"), help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Measure everything, each part in a process of its own; 1 if a promise is broken."""
    if arguments.part is not None:
        return _PARTS[arguments.part](arguments)
    if not has_xvfb():
        print("Xvfb is not installed: no window to measure.")
        return 1
    with xvfb() as display:
        base = [sys.executable, "-m", "scripts.bench", "window"]
        options = ["--duration", str(arguments.duration), "--block", str(arguments.block)]
        for part in ("app", "drivers", "dsp"):
            compileall.compile_dir(REPOSITORY / part, quiet=1)  # as the set-up does; what was changed since too
        starts_s = [_cold_start_s(display) for _ in range(arguments.starts)]
        codes = []
        if starts_s:
            name = f"cold start to the first live frame, s (median of {len(starts_s)})"
            codes.append(int(not _verdict(name, median(starts_s), START_LIMIT_S)))
        codes += [
            subprocess.run([*base, *options, "--part", part], env=on_display(display), check=False).returncode
            for part in ("frame", "idle", "latency", "block")
        ]
    return int(any(codes))


def _percentiles(values: list[float]) -> str:
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return f"p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f}  (n = {len(values)})"


def _verdict(name: str, value: float, limit: float) -> bool:
    print(f"{name}: {value:.1f} (limit {limit:g}) {'ok' if value <= limit else 'FAILED'}", flush=True)
    return value <= limit


def _cold_start_s(display: str) -> float:
    """Seconds from the start of the process to the first frame with a signal, of a first start that is recorded."""
    with tempfile.TemporaryDirectory() as folder:
        kept = ["--record", f"{folder}/sessions", "--settings", f"{folder}/settings.toml"]
        command = [sys.executable, "-m", "scripts.first_frame", "--source", TWO_CHANNELS, *kept]
        begun_s = time.perf_counter()
        with subprocess.Popen(command, env=on_display(display), stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            if child.stdout.readline() != b"live\n":
                raise OSError("the application did not start")
            return time.perf_counter() - begun_s


def _latency(arguments: argparse.Namespace) -> int:
    """Arrival of the newest sample to its painted frame, and what a frame costs."""
    from PyQt6.QtCore import QEvent

    from app.studio import Studio
    from app.ui.main_window import MainWindow
    from scripts.stories import plan, tell

    ages_ms: list[float] = []
    paints_ms: list[float] = []
    pulls_ms: list[float] = []
    used_s = [0.0, 0.0]
    paint, pull = MainWindow.event, MainWindow.pull

    class Watched(Studio):
        def note_painted(self, snapshot: "Snapshot", painted_ns: int) -> None:
            super().note_painted(snapshot, painted_ns)
            ages_ms.append((painted_ns - snapshot.received_ns) / 1e6)

    def timed_event(window: "MainWindow", event: QEvent | None) -> bool:
        begun_s = time.perf_counter()
        handled = paint(window, event)
        if event is not None and event.type() == QEvent.Type.UpdateRequest:
            paints_ms.append((time.perf_counter() - begun_s) * 1e3)
        return handled

    def timed_pull(window: "MainWindow") -> None:
        begun_s = time.perf_counter()
        pull(window)
        pulls_ms.append((time.perf_counter() - begun_s) * 1e3)

    def story(window: "MainWindow") -> "Iterator[Condition]":
        yield lambda: (snapshot := studio.snapshot()) is not None and snapshot.t_s > SETTLE_S
        for values in (ages_ms, paints_ms, pulls_ms):
            values.clear()
        begun_s, used_s[0] = time.perf_counter(), time.process_time()
        yield lambda: time.perf_counter() - begun_s > arguments.duration
        used_s[1] = time.process_time()

    MainWindow.event, MainWindow.pull = timed_event, timed_pull  # type: ignore[method-assign,assignment]
    with Watched([TWO_CHANNELS], plan(), None) as studio:
        tell(studio, story, limit_s=arguments.duration + 30)
        snapshot_ms, overruns = studio.health().arrival_to_snapshot_ms, studio.health().dsp_overruns
    print(f"{TWO_CHANNELS}, {arguments.duration:g} s, window of 1440 x 900 under Xvfb")
    print(f"arrival to painted frame, ms: {_percentiles(ages_ms)}")
    print(f"arrival to snapshot, ms: {snapshot_ms}, overruns {overruns}")
    print(f"preparing a frame, ms: {_percentiles(pulls_ms)}")
    print(f"painting a frame, ms: {_percentiles(paints_ms)}, {len(paints_ms) / arguments.duration:.0f} a second")
    print(f"CPU: {100 * (used_s[1] - used_s[0]) / arguments.duration:.0f} % of one core")
    return int(not _verdict("arrival to painted frame p95, ms", float(np.percentile(ages_ms, 95)), LATENCY_LIMIT_MS))


def _frame(arguments: argparse.Namespace) -> int:
    """CPU time of the GUI thread for each frame, of eight channels at 4 kHz with all ten seconds of traces."""
    from PyQt6.QtCore import QEvent

    from app.studio import Studio
    from app.ui.main_window import MainWindow
    from scripts.stories import plan, tell

    costs_ms: list[float] = []
    pulled_ms = [0.0]
    paint, pull = MainWindow.event, MainWindow.pull

    def timed_pull(window: "MainWindow") -> None:
        begun_s = time.thread_time()
        pull(window)
        pulled_ms[0] += (time.thread_time() - begun_s) * 1e3

    def timed_event(window: "MainWindow", event: QEvent | None) -> bool:
        begun_s = time.thread_time()
        handled = paint(window, event)
        if event is not None and event.type() == QEvent.Type.UpdateRequest:
            costs_ms.append(pulled_ms[0] + (time.thread_time() - begun_s) * 1e3)
            pulled_ms[0] = 0.0
        return handled

    def story(window: "MainWindow") -> "Iterator[Condition]":
        yield lambda: (snapshot := studio.snapshot()) is not None and snapshot.t_s > TRACES_S
        costs_ms.clear()
        begun_s = time.perf_counter()
        yield lambda: time.perf_counter() - begun_s > arguments.duration

    MainWindow.event, MainWindow.pull = timed_event, timed_pull  # type: ignore[method-assign,assignment]
    with Studio([EIGHT_CHANNELS], plan(), None) as studio:
        tell(studio, story, limit_s=arguments.duration + 60)
    print(f"{EIGHT_CHANNELS}, {arguments.duration:g} s: GUI thread a frame, CPU ms: {_percentiles(costs_ms)}")
    return int(not _verdict("frame p95, CPU ms", float(np.percentile(costs_ms, 95)), FRAME_LIMIT_MS))


def _idle(arguments: argparse.Namespace) -> int:
    """What the whole application costs while Train is shown and nobody moves."""
    from app.studio import Studio
    from scripts.stories import plan, tell

    used_s: list[float] = []

    def story(window: "MainWindow") -> "Iterator[Condition]":
        yield lambda: (snapshot := studio.snapshot()) is not None and snapshot.t_s > TRACES_S
        used_s.append(time.process_time())
        begun_s = time.perf_counter()
        yield lambda: time.perf_counter() - begun_s > arguments.duration
        used_s.append(time.process_time())

    with Studio([f"{TWO_CHANNELS}&period=60"], plan(), None) as studio:
        tell(studio, story, limit_s=arguments.duration + 60)
    share_pct = 100 * (used_s[1] - used_s[0]) / arguments.duration
    return int(not _verdict("CPU while nobody moves, % of one core", share_pct, IDLE_LIMIT_PCT))


def _block(arguments: argparse.Namespace) -> int:
    """Block the GUI thread: no sample is lost, cues go on, and the first frame afterwards is fresh."""
    from app.studio import Studio
    from drivers.replay.formats.journal import open_journal
    from scripts.stories import plan, tell

    after: list[float] = []
    n_sounds: list[int] = []

    class Watched(Studio):
        def note_painted(self, snapshot: "Snapshot", painted_ns: int) -> None:
            if len(n_sounds) == 2 and not after:
                after.append((painted_ns - snapshot.received_ns) / 1e6)

    def story(window: "MainWindow") -> "Iterator[Condition]":
        yield lambda: (snapshot := studio.snapshot()) is not None and snapshot.t_s > SETTLE_S
        n_sounds.append(studio.sound.n_begun)
        time.sleep(arguments.block)
        n_sounds.append(studio.sound.n_begun)
        yield lambda: bool(after)

    with tempfile.TemporaryDirectory() as folder:
        with Watched([CUED], plan(), Path(folder)) as studio:
            tell(studio, story, limit_s=arguments.block + 30)
        overruns, path = studio.health().dsp_overruns, studio.recording().path
        assert path is not None
        journal = open_journal(path)
        n_samples = sum(block.n_samples for block in journal.blocks(0.1))
        n_missing = len(journal.missing)
        journal.close()
    during = n_sounds[1] - n_sounds[0]
    print(
        f"GUI thread blocked for {arguments.block:g} s: {n_samples} samples in the journal, {n_missing} gaps, ", end=""
    )
    print(f"{overruns} overruns, {during} sounds begun meanwhile")
    fresh = _verdict("age of the first frame afterwards, ms", after[0], OLDEST_AFTER_BLOCK_MS)
    heard = studio.sound.latency
    fresh &= heard is not None and _verdict("decision to first mixed frame p95, ms", heard.p95, SOUND_LIMIT_MS)
    return int(not (fresh and n_missing == 0 and overruns == 0 and during > 0))


_PARTS: Final = {"latency": _latency, "block": _block, "frame": _frame, "idle": _idle}
