"""A person's story of four weeks, invented, and a short session to review."""

import contextlib
import io
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from app.history.views import (
    CheckPoint,
    Person,
    ReferenceChange,
    Series,
    SessionLine,
    SessionRatings,
    TrainingDays,
    WakeUp,
)
from app.main import main
from app.pipeline.build import SessionPlan
from app.pipeline.plans import shipped_plan
from app.session.checks import Check
from app.session.following import Followed, Standing, stand
from app.session.readiness import TrainingDay, readiness
from app.ui.main_window import MainWindow
from app.ui.past import Opened, Story, first_day_shown, open_past
from app.ui.review_page import View
from app.ui.work import Told

WAKE_UP = "waking-left?seed=4&wake=12&effort=62"
TODAY = date(2026, 11, 20)
FIRST = date(2026, 10, 27)
SERIES = Series("check", "prone", "gluteus maximus", "umyo")
DAYS = (0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17, 18, 19, 20, 21, 23, 24)
LEFT = (2, 2, 3, 2, 4, 4, 5, 5, 6, 5, 6, 7, 6, 7, 8, 7, 8, 9, 8, 8, 9)
PERSON = Person("P-014", None, None, "left", True, 2 * len(DAYS), datetime(2026, 11, 20, 18, 12, tzinfo=UTC))


def _line(id_: str, started: datetime, programme: str, squeezes: int | None) -> SessionLine:
    return SessionLine(
        id=id_, folder=id_, started=started, series=Series(programme, "prone", "gluteus maximus", "umyo"), label=None,
        state="final", reference="best-clench", duration_s=300.0, missing_s=0.0, attempts=30, reps=30, clean_reps=20,
        woke=True, wake_up_squeezes=squeezes, woke_after_hint="inner-heels" if squeezes else None, sleeping_side="left",
        chain="c", sha256=id_,
    )  # fmt: skip


def story(n_days: int = len(DAYS), root: Path = Path("recordings")) -> Story:
    """The story of the first so many training days."""
    random = np.random.default_rng(11)
    sessions, checks, wake_ups = [], [], []
    for n_left, offset in zip(LEFT[:n_days], DAYS, strict=False):
        share = offset / 24
        at = datetime(2026, 10, 27, 17, 30, tzinfo=UTC) + timedelta(days=offset)
        lag = 240 * math.exp(-2.6 * share) + 10 + random.normal(0, 8)
        lsi = min(99.0, 41 + 54 * (1 - math.exp(-2.3 * share)) + random.normal(0, 2.2))
        squeezes = max(8, round(31 - 23 * share**0.8 + random.normal(0, 1.6)))
        check = Check(
            attempts=10, fired={"left": n_left, "right": 9 if offset in (2, 8, 17) else 10}, lag_ms=round(lag, 1),
            lag_pm_ms=round(20 - 12 * share, 1), abs_lag_ms=round(lag, 1), n_lags=n_left, lsi_pct=round(lsi, 1),
            lsi_pm_pct=round(8 - 3 * share, 1), lsi_bound_pct=min(99.0, lsi + 6), weaker="left",
        )  # fmt: skip
        sessions += [_line(f"c{offset}", at, "check", None)]
        sessions += [_line(f"w{offset}", at + timedelta(minutes=6), "prone-ankle-squeeze", squeezes)]
        checks.append(CheckPoint(f"c{offset}", at, check, "best-clench"))
        wake_ups.append(WakeUp(f"w{offset}", at + timedelta(minutes=6), squeezes))
    trained = tuple(FIRST + timedelta(days=offset) for offset in DAYS[:n_days])
    changes = [
        ReferenceChange("c9", datetime(2026, 11, 5, 17, 30, tzinfo=UTC), "device", "umyo", "umyo+usb"),
        ReferenceChange("c16", datetime(2026, 11, 12, 17, 30, tzinfo=UTC), "reference", "session", "best-clench"),
    ]
    days = [TrainingDay(point.started.date(), point.check) for point in checks]
    return Story(
        root=root, today=TODAY, people=(PERSON,), person=PERSON, series=SERIES, all_series=(SERIES,),
        days=TrainingDays(first_day_shown(TODAY), TODAY, trained),
        sessions=tuple(sessions), checks=tuple(checks), wake_ups=tuple(wake_ups),
        changes=tuple(change for change in changes if change.started.date() <= trained[-1]),
        readiness=readiness(days[-4:]),
    )  # fmt: skip


def rated(told: Story) -> Story:
    """The story with what the person said after each session: pain went from 3 to 1."""
    said = [
        SessionRatings(line.id, line.started, (float(3 - (number > 14)), float(3 - number // 14)), 4.0, 1)
        for number, line in enumerate(line for line in told.sessions if line.wake_up_squeezes is not None)
    ]
    return replace(told, ratings=tuple(said))


def record(root: Path, source: str, *more: str) -> Path:
    """Record a session into `root`, and return its folder."""
    before = set(root.iterdir()) if root.exists() else set()
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["live", "--source", f"sim:{source}&speed=max", "--record", str(root), "--json", *more]) == 0
    (folder,) = set(root.iterdir()) - before
    return folder


def standing(at: str = "squeeze", *checks: Check) -> Standing:
    """Where a person stands in the plan that ships, after training days with these checks."""
    first = TODAY - timedelta(days=len(checks))
    days = [TrainingDay(first + timedelta(days=number), check) for number, check in enumerate(checks)]
    return stand(Followed(shipped_plan(), at, first), days, (), TODAY)


CHECKED = Check(attempts=10, fired={"left": 10, "right": 10}, abs_lag_ms=40.0, lsi_bound_pct=95.0)
FAILED = replace(CHECKED, fired={"left": 3, "right": 10})


def show_plan(window: MainWindow) -> None:
    """Show the plan, with the invented story behind it."""
    show_history(window)
    window.history.page.show_plan()


def show_history(window: MainWindow, *, whole: bool = False, ratings: bool = False) -> None:
    """Show the invented story."""
    window.show_page([page.widget for page in window.pages].index(window.history))
    page = window.history.page
    page.work.stop()
    page.show_story(rated(story()) if ratings else story())
    if whole:
        page.since.click()


REVIEWS: dict[str, View] = {
    "review": "lanes", "review-bars": "bars", "review-score": "score", "review-export": "export",
}  # fmt: skip


def show_review(window: MainWindow, opened: Opened, view: View) -> None:
    """Show a recording in the moment of its eighteenth rep."""
    window.show_page([page.widget for page in window.pages].index(window.review))
    page = window.review.page
    page.desk._on_loaded(Told(opened))
    rep = opened.reps[min(17, len(opened.reps) - 1)]
    page.seek(rep.start_s + 0.62)
    if view == "score":
        page.ask_settings()
    else:
        page.show_view(view)


def opened_session(root: Path) -> Opened:
    """Record a wake-up phase of thirty squeezes into `root`, and open it."""
    folder = record(root, WAKE_UP, "--programme", "prone-ankle-squeeze", "--duration", "95")
    opened = open_past(folder, SessionPlan(None))
    assert isinstance(opened, Opened)
    return opened
