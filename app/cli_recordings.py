"""The commands about recordings on the disk. Writes to stdout and nowhere else."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from app.language import _
from app.recording.errors import RecordingError
from app.recording.finalise import Finished
from app.recording.verify import Verdict, verify
from app.recording.verify_signal import find_signals, verify_signal
from app.said import said
from drivers.replay.formats.journal import JOURNAL_NAME


def session_folders(path: Path) -> list[Path]:
    """The session folders that `path` names: itself, or those in it; raises `RecordingError` if it is not there."""
    if not path.exists():
        raise RecordingError(f"There is no folder '{path}'; name a session's folder, or one that holds many.")
    if path.is_dir() and not (path / JOURNAL_NAME).exists():
        inside = sorted(folder for folder in path.iterdir() if (folder / JOURNAL_NAME).exists())
        if inside:
            return inside
    return [path]


def write_recovery(finished: Iterable[tuple[Path, Finished]], out: TextIO | None = None) -> None:
    """Say what was made of each session."""
    out = out or sys.stdout
    for folder, made in finished:
        root = folder.parent if folder.name != JOURNAL_NAME else folder.parent.parent
        out.write(f"{made.source.split('/')[-2]}\n")
        for sentence in made.sentences:
            out.write(f"  {said(sentence)}\n")
        if made.files:
            out.write(f"  {_('Files: {path}', path=root / made.dataset / made.folder)}\n")


def verdicts(path: Path) -> Iterator[Verdict]:
    """Check every session that `path` names; where it is a data set without them, every file of signal in it."""
    folders = session_folders(path)
    signals = [] if folders != [path] or (path / JOURNAL_NAME).exists() else find_signals(path)
    return map(verify_signal, signals) if signals else map(verify, folders)


def write_verdicts(verdicts: Iterable[Verdict], out: TextIO | None = None) -> int:
    """Say of each session whether it is still what it was; returns 1 if one is not."""
    out = out or sys.stdout
    code = 0
    for verdict in verdicts:
        out.write(f"{_('ok') if verdict.is_sound else _('NOT'):<3} {verdict.folder.name}\n")
        for sentence in verdict.sentences:
            out.write(f"    {said(sentence)}\n")
        code = code if verdict.is_sound else 1
    return code
