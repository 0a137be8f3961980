"""Gets out of a damaged file, or a copy from before, what stands in no session folder: names and plans of people."""

import contextlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from app.history.errors import HistoryError
from app.history.store import History
from app.session.events import SIDES, Side

_PEOPLE = """
    SELECT code, display_name, birth_year, affected_side, consent, content
    FROM person LEFT JOIN plan ON plan.person_id = person.id
"""


@dataclass(frozen=True, slots=True)
class _Known:
    code: str
    display_name: str | None
    birth_year: int | None
    affected_side: Side | None
    consent: bool
    plan: dict[str, Any] | None


def take_over_people(history: History, files: Sequence[Path]) -> int:
    """Add to a new history whoever can still be read in old files.

    Parameters
    ----------
    history : History
    files : sequence of Path
        Best first; whoever is in the history already stays as they are.

    Returns
    -------
    int
        How many people were added.
    """
    added = 0
    for file in files:
        for person in _read(file):
            with contextlib.suppress(HistoryError):  # in use already, or what is left of it is no code
                history.add_person(
                    person.code,
                    display_name=person.display_name,
                    birth_year=person.birth_year,
                    affected_side=person.affected_side,
                    consent=person.consent,
                )
                added += 1
                if person.plan is not None:
                    history.keep_plan(person.code, person.plan)
    return added


def _read(file: Path) -> list[_Known]:
    """Read what can be read; row by row, because a damaged file may give some."""
    found: list[_Known] = []
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for code, name, year, side, consent, plan in connection.execute(_PEOPLE):
            found.append(
                _Known(
                    code=str(code),
                    display_name=name if isinstance(name, str) else None,
                    birth_year=year if isinstance(year, int) else None,
                    affected_side=cast(Side, side) if side in SIDES else None,
                    consent=consent == 1,
                    plan=_plan(plan),
                )
            )
    return found


def _plan(text: object) -> dict[str, Any] | None:
    try:
        plan = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return plan if isinstance(plan, dict) else None
