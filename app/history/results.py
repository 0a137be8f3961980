"""The sessions of a person, as they are handed over."""

from app.history.store import History
from app.session.following import understood
from app.session.results_file import PlanResults, SessionResult


def results_of(history: History, code: str) -> PlanResults:
    """Gather every session of a person, oldest first; raises `UnknownPersonError` if there is nobody of that code."""
    followed = understood(history.plan(code))
    lines = sorted(history.sessions(code), key=lambda line: (line.started, line.sha256))
    results = []
    for line in lines:
        detail = history.session_detail(line.id)
        results.append(
            SessionResult(
                sha256=line.sha256,
                started=line.started.isoformat(timespec="seconds"),
                programme=line.series.exercise,
                plan_step=line.plan_step,
                attempts=line.attempts,
                reps=line.reps,
                clean_reps=line.clean_reps,
                woke=line.woke,
                wake_up_squeezes=line.wake_up_squeezes,
                sleeping_side=line.sleeping_side,
                check=detail.check,
                pain=tuple(rating.value for rating in detail.ratings if rating.kind == "pain"),
            )
        )
    return PlanResults(code, "" if followed is None else followed.plan.id, tuple(results))
