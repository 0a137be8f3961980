"""``bench review``: what a frame of the Review page costs in an hour of eight channels, and what the hour takes.

    python3 scripts/dev.py bench review
    python3 scripts/dev.py bench review --minutes 10

Two minutes are recorded and loaded; the hour is those two minutes again and again, and so is what is kept of them.
"""

import argparse
import contextlib
import io
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

if TYPE_CHECKING:
    from app.pipeline.review import Review
    from app.ui.main_window import MainWindow

SESSION: Final = "sim:waking-left?seed=4&wake=20&speed=max"
RECORDED_S: Final = 120.0
LIMIT_MS: Final = 5.0
FRAMES: Final = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the recording")


def run(arguments: argparse.Namespace) -> int:
    """Measure; 1 if a frame costs more than it may."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.main import main
    from app.pipeline.build import SessionPlan
    from app.ui.past import Opened, open_past

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with contextlib.redirect_stdout(io.StringIO()):
            command = ["live", "--source", SESSION, "--programme", "prone-ankle-squeeze", "--json"]
            main([*command, "--duration", f"{RECORDED_S:g}", "--record", folder])
        (session,) = root.iterdir()
        begun_s = time.process_time()
        opened = open_past(session, SessionPlan(None))
        assert isinstance(opened, Opened)
        load_s = time.process_time() - begun_s
        review = opened.review
        print(
            f"loading {review.duration_s:.0f} s of {len(review.sites)} channels: {load_s:.1f} s of CPU, "
            f"{review.duration_s / load_s:.0f} times as fast as it was made"
        )
        long = _eight_channels(_again(review, round(arguments.minutes * 60 / review.duration_s)))
        print(
            f"{long.duration_s / 60:.0f} min of {len(long.sites)} channels in memory: {long.n_bytes / 2**20:.0f} MB, "
            f"{long.n_moments} pictures, {len(long.reps)} reps"
        )
        return _frames(replace(opened, record=None, review=long), root)


def _again(review: "Review", times: int) -> "Review":
    """A recording over and over."""
    from app.pipeline.strip import Strip
    from app.session.events import Rep

    length_s = review.duration_s
    shifts = [number * length_s for number in range(times)]
    reps = [
        msgspec.structs.replace(
            rep,
            index=rep.index + number * len(review.reps),
            start_s=rep.start_s + shift,
            end_s=rep.end_s + shift,
            sides={
                side: msgspec.structs.replace(part, onset_s=None if part.onset_s is None else part.onset_s + shift)
                for side, part in rep.sides.items()
            },
        )
        for number, shift in enumerate(shifts)
        for rep in review.reps
    ]
    others = [event for event in review.events if not isinstance(event, Rep)]
    strips = {}
    for site, strip in review.strips.items():
        level = np.tile(strip.levels[0], (times, 1))
        strips[site] = Strip.build(level[:, 0], level[:, 1:] if level.shape[1] > 1 else None)
    return replace(
        review,
        events=(*reps, *others),
        reps=tuple(reps),
        duration_s=times * length_s,
        strips=strips,
        onsets_s={
            side: tuple(t + shift for shift in shifts for t in times_s) for side, times_s in review.onsets_s.items()
        },
        _envelope=np.tile(review._envelope, (times, 1)),
        _raw=np.tile(review._raw, (times, 1, 1)),
        _times_s=tuple(t + shift for shift in shifts for t in review._times_s),
        _moments=review._moments * times,
    )


def _eight_channels(review: "Review") -> "Review":
    """Six channels and two more that repeat others."""
    more = ("adductor-left", "adductor-right")
    n_more = 8 - len(review.sites)
    strips = review.strips | {site: review.strips[review.sites[-1]] for site in more[:n_more]}
    envelope = np.concatenate([review._envelope, review._envelope[:, -n_more:]], axis=1)
    return replace(review, sites=(*review.sites, *more[:n_more]), strips=strips, _envelope=envelope)


def _frames(opened: object, root: Path) -> int:
    from app.ui.application import make_application
    from app.ui.bridge import Bridge
    from app.ui.main_window import MainWindow
    from app.ui.theme import load_colours
    from app.ui.work import Told
    from tests.ui.scenes import StagedSource

    application = make_application()
    window = MainWindow(StagedSource(recordings=root), Bridge(), load_colours())
    window.resize(1440, 900)
    window.show()
    window.show_page([page.name for page in window.pages].index("Review"))
    window.review.page.desk._on_loaded(Told(opened))
    worst = 0.0
    for view in ("lanes", "bars"):
        window.review.page.show_view("lanes" if view == "lanes" else "bars")
        application.processEvents()
        worst = max(worst, _scroll(window, view))
    print(f"p95, ms: {worst:.1f} (limit {LIMIT_MS:g}) {'ok' if worst <= LIMIT_MS else 'FAILED'}")
    return int(worst > LIMIT_MS)


def _scroll(window: "MainWindow", view: str) -> float:
    from PyQt6.QtWidgets import QApplication

    page = window.review.page
    # not where two copies meet: no recording has such a seam
    middle_s = page.desk.player.duration_s / 2 + RECORDED_S / 2
    costs_ms = []
    for number in range(FRAMES):
        begun_ns = time.thread_time_ns()  # of this thread alone: a busy computer must not count
        page.seek(middle_s + number / 60.0)
        QApplication.processEvents()
        costs_ms.append((time.thread_time_ns() - begun_ns) / 1e6)
    p50, p95, p99 = np.percentile(costs_ms, [50, 95, 99])
    print(f"a frame of {view}, 1440 x 900, ms of CPU: p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f}  (n = {FRAMES})")
    return float(p95)
