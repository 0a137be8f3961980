"""How fast the history is with years of sessions in it; recording.md section 5 is what was reached by hand.

601 sessions of 200 reps, 40 of them of one person; ten sessions unless GLUTEWAKE_FULL is set, which measures too.
"""

import os
from datetime import date, timedelta
from time import perf_counter

from tests.rigs.lived import FIRST_DAY, lived, squeezes

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_SESSIONS, N_REPS, N_OF_ONE = (601, 200, 40) if FULL else (10, 20, 4)
BULK_S, TREND_S, PAGE_S, DELETE_S = (60.0, 0.05, 0.5, 1.0) if FULL else (1e9, 1e9, 1e9, 1e9)


def test_years_of_sessions_enter_and_are_told_at_once(history, tmp_path):
    events = squeezes(N_REPS)
    began = perf_counter()
    for number in range(N_SESSIONS):
        code = "P-1" if number < N_OF_ONE else f"Q-{number % 20}"
        assert history.add_session(lived(tmp_path, FIRST_DAY + number * timedelta(days=1), events, person=code))
    figures = {"bulk_s": perf_counter() - began}
    (series,) = history.series("P-1")
    began = perf_counter()
    points = history.checks("P-1", series)
    figures["trend_s"] = perf_counter() - began
    began = perf_counter()
    history.people()
    history.wake_up_squeezes("P-1")
    history.reference_changes("P-1", "check")
    history.training_days("P-1", date(2026, 4, 1))
    detail = history.session_detail(history.sessions("P-1")[-1].id)
    figures["page_s"] = perf_counter() - began
    began = perf_counter()
    history.forget_person("P-1")
    figures["delete_s"] = perf_counter() - began
    assert len(points) == N_OF_ONE
    assert len(detail.reps) == N_REPS
    assert figures["bulk_s"] < BULK_S, figures
    assert figures["trend_s"] < TREND_S, figures
    assert figures["page_s"] < PAGE_S, figures
    assert figures["delete_s"] < DELETE_S, figures
