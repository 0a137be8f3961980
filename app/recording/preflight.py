"""What should be put right before a session begins: everything that is easy to mend now, and a loss afterwards.

Nothing in here keeps anybody from training. The sentences are shown, in the language of whoever reads them.
"""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app.language import _
from app.recording.bids.names import subject_label
from app.recording.dataset import code_in_its_place
from app.recording.errors import RecordingError
from app.recording.folders import check_writable, free_s, room_for
from app.session.calibration import Calibration
from drivers.replay.formats.journal import JOURNAL_NAME
from drivers.types import StreamInfo

SHORT_S: Final = 4 * 3600.0
"""So much room is no reason to worry."""
CLOCK_S: Final = 60.0
"""Clocks are set by seconds all the time."""
OLD_S: Final = 12 * 3600.0
"""Nobody wears pads for longer; until they come off a reference holds."""


def preflight(
    root: Path | None,
    streams: Sequence[StreamInfo],
    *,
    person: str | None,
    silent: Sequence[str],
    calibration: Calibration | None,
    now: datetime,
) -> tuple[str, ...]:
    """Look at disk, clock, sensors and reference.

    Parameters
    ----------
    root : Path or None
        Folder of all recordings; None where nothing is to be recorded.
    streams : sequence of StreamInfo
        What will be recorded.
    person : str or None
        Code.
    silent : sequence of {'left', 'right'}
        Sides that are to be measured and have no signal.
    calibration : Calibration or None
        In force, with its age; None where the session makes its own scale.
    now : datetime
        With a time zone.

    Returns
    -------
    tuple of str
        One sentence for each thing, what weighs most first; none if all is well.
    """
    found: list[str] = []
    if root is not None:
        found += _of_disk(root, streams)
        with contextlib.suppress(OSError):  # the disk itself was looked at already
            found += [*_of_clock(root, now), *_of_code(root, person)]
    if len(silent) > 1:
        found.append(_("Neither side has a signal; check the sensors and their pads."))
    elif "left" in silent:
        found.append(_("Left has no signal; check its sensor and its pads."))
    elif "right" in silent:
        found.append(_("Right has no signal; check its sensor and its pads."))
    if calibration is None:
        found.append(_("There is no reference: 100 % is the largest squeeze of this session, the same for both sides."))
    elif calibration.age_s is not None and calibration.age_s > OLD_S:
        found.append(
            _(
                "The reference is {hours} hours old; if the pads were off since then, make a new one.",
                hours=round(calibration.age_s / 3600),
            )
        )
    return tuple(found)


def _of_disk(root: Path, streams: Sequence[StreamInfo]) -> list[str]:
    try:
        check_writable(root, least_free=room_for(streams))
    except RecordingError as error:
        return [error.sentence]
    left_s = free_s(root, streams)
    if left_s >= SHORT_S:
        return []
    return [_("The disk has room for {minutes} minutes of recording; free some space.", minutes=int(left_s / 60))]


def _of_clock(root: Path, now: datetime) -> list[str]:
    newest = max((journal.stat().st_mtime for journal in root.glob(f"*/{JOURNAL_NAME}")), default=0.0)
    if datetime.fromtimestamp(newest, now.tzinfo) <= now + timedelta(seconds=CLOCK_S):
        return []
    return [_("The clock of this computer is behind the last recording; set it, or the days will be in disorder.")]


def _of_code(root: Path, person: str | None) -> list[str]:
    known = code_in_its_place(root / "bids", subject_label(person)) if person else None
    if known is None or known == person:
        return []
    return [
        _(
            "The codes {code} and {known} cannot be told apart in a data set; give the newer person another code.",
            code=person,
            known=known,
        )
    ]
