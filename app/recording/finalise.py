"""Makes an EMG-BIDS session of a journal, and says so last of all. May be killed at any moment and begun again.

Everything is written beside the journal, read back by another library, and only then put into the data set with one
rename, so that a data set never holds half a session. ``python -m app.recording.finalise FOLDER`` does it for every
session in a folder that waits for it, in a process of its own: the application may close meanwhile.
"""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from app.recording import dataset
from app.recording.bids import tables
from app.recording.bids.names import Place, place_of
from app.recording.bids.session import Run, SessionFiles
from app.recording.disk import create_file, open_locked, replace_file, sync_folder, try_lock
from app.recording.errors import RecordingError, explain
from app.recording.kit import Kit, kit_of, read_kits
from app.recording.record import SessionRecord, read_started, record_of, sha256_of
from app.recording.writer import RESERVE_NAME
from drivers.errors import DriverError
from drivers.replay.formats.journal import JOURNAL_NAME, Journal, ends_well, open_journal
from drivers.replay.formats.journal_timeline import clock_text, tell

FINAL_NAME: Final = "final.json"
FORMAT: Final = 2
"""Grows when the same journal gives other files."""
_PART_NAME: Final = "bids.part"
_OLD_NAME: Final = "bids.old"
_LOCK_NAME: Final = ".finalise.lock"
_LOCK_EVERY_S: Final = 0.1
_LOCK_TRIES: Final = 6000

_log = logging.getLogger(__name__)


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a session; lies in its folder as `FINAL_NAME`.

    Attributes
    ----------
    v : int
        `FORMAT`.
    app : str
        Version of the application that recorded it.
    made : str
        When, ISO 8601.
    dataset, folder : str
        The data set beside the session folder, and the session's folder in it.
    source : str
        The journal within the data set.
    journal_sha256 : str
    files : dict of str to str
        SHA-256 of every file, by its path in `folder`; empty for a session without samples.
    recovered_s, missing_s : dict of str to float
        Seconds of signal that are there, and that are missing between its first and its last sample, by stream.
    ended_well : bool
        False if the session broke off.
    sentences : tuple of str
        All that in plain words, and where what is missing.
    """

    v: int
    app: str
    made: str
    dataset: str
    folder: str
    source: str
    journal_sha256: str
    files: dict[str, str]
    recovered_s: dict[str, float]
    missing_s: dict[str, float]
    ended_well: bool
    sentences: tuple[str, ...]


def finalise(folder: Path) -> Finished:
    """Make the EMG-BIDS files of one session; returns at once if that was done. The journal is never touched.

    Parameters
    ----------
    folder : Path
        Session folder, or the journal in it.

    Returns
    -------
    Finished

    Raises
    ------
    RecordingError
        If it is being recorded now, nothing of it can be read, or the disk takes no files. What was there is there.
    """
    folder = (folder.parent if folder.name == JOURNAL_NAME and not folder.is_dir() else folder).resolve()
    if not (folder / JOURNAL_NAME).is_file():
        raise RecordingError(f"'{folder}' holds no recording; name a session folder or its {JOURNAL_NAME}.")
    done = read_finished(folder)
    if done is not None:
        return done
    try:
        lock = open_locked(folder / JOURNAL_NAME)
    except OSError as error:
        raise RecordingError(f"'{folder}' cannot be read; check who may open it.", str(error)) from error
    if lock is None:
        raise RecordingError(f"'{folder}' is in use by another GluteWake; stop that session first.")
    try:
        with contextlib.closing(open_journal(folder)) as journal:
            return _make(journal, record_of(journal, folder / JOURNAL_NAME))
    except DriverError as error:
        raise RecordingError(error.sentence, error.detail) from error
    except OSError as error:
        raise RecordingError(explain(error, folder.parent), str(error)) from error
    finally:
        shutil.rmtree(folder / _PART_NAME, ignore_errors=True)
        os.close(lock)


def read_finished(folder: Path) -> Finished | None:
    """Read what was made of a session; None if that is not finished, of another format, or no longer there."""
    try:
        finished = msgspec.json.decode((folder / FINAL_NAME).read_bytes(), type=Finished)
    except (OSError, msgspec.DecodeError):
        return None
    made = folder.parent / finished.dataset / finished.folder
    return finished if finished.v == FORMAT and all((made / name).is_file() for name in finished.files) else None


def find_unfinished(root: Path) -> list[Path]:
    """List the sessions of living persons that wait to be finished, oldest first; never one that is being recorded.

    Simulated and replayed sessions wait for nothing, nor does a journal without a head: their files are made when
    somebody asks for them by name. So nobody is asked at every start about a file of which nothing can be made.
    """
    found = []
    for journal in sorted(root.glob(f"*/{JOURNAL_NAME}")):
        folder = journal.parent
        with contextlib.suppress(OSError):  # a folder that may not be read is nothing to finish
            started = read_started(folder)
            if started is None or started.simulated or read_finished(folder) is not None:
                continue
            lock = open_locked(journal)
            if lock is not None:
                os.close(lock)
                found.append(folder)
    return found


def find_broken_off(root: Path) -> list[Path]:
    """List those of `find_unfinished` that a crash or a power cut broke off."""
    return [folder for folder in find_unfinished(root) if not ends_well(folder)]


def start_finishing(
    root: Path, tell: Callable[[str], None] | None = None, then: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Finish what waits in `root` in a process of its own, which outlives this one.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    tell : callable, optional
        Gets a sentence about what could not be finished, on the thread ``finisher``, if this process is still there.
    then : callable, optional
        Called on that thread once it is over.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "app.recording.finalise", str(root.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=Path(__file__).resolve().parents[2],  # the user's own folder may hold something that is called app, too
        start_new_session=True,
    )

    def wait() -> None:
        _, sentences = child.communicate()
        if child.returncode and sentences:
            _log.warning("not finished: %s", sentences)
            if tell is not None:
                tell(sentences.splitlines()[-1])
        if then is not None:
            then()

    threading.Thread(target=wait, name="finisher", daemon=True).start()
    return child


def main(arguments: Sequence[str]) -> int:
    """Finish every session that waits in the given folder; returns 1 if one could not be."""
    _step_back()
    code = 0
    for folder in find_unfinished(Path(arguments[0])):
        try:
            finalise(folder)
        except RecordingError as error:
            code = 1
            with contextlib.suppress(OSError):  # whoever started this may have gone
                sys.stderr.write(f"{error.sentence}\n")
                sys.stderr.flush()
    return code


def _make(journal: Journal, record: SessionRecord) -> Finished:
    folder, root = record.folder, record.folder.parent
    files = SessionFiles(journal, record)
    part = folder / _PART_NAME
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    kit = kit_of(read_kits(root), record.started.source)
    if record.calibration is not None:
        kit = kit.with_pads(record.calibration.electrode)
    hashes: dict[str, str] = {}
    for run in files.runs:
        _write_run(part, files, run, record, kit, hashes)
    times: list[str] = []
    if files.runs:
        utc_s = [(journal.utc_ns / 1e9) + run.start / files.sfreq for run in files.runs]
        times = [datetime.fromtimestamp(each, UTC).isoformat(timespec="microseconds")[:26] + "Z" for each in utc_s]
        scans = [(f"emg/{run.stem}_emg.bdf", time) for run, time in zip(files.runs, times, strict=True)]
        _write(part, f"{files.place.stem}_scans.tsv", tables.tsv(("filename", "acq_time"), scans), hashes)
    finished = _finished(journal, record, files.place, hashes)
    with _one_at_a_time(root):
        if files.runs:
            dataset.refuse_mixing(root / finished.dataset, files.place, record.started)
            _publish(part, root / finished.dataset / finished.folder, folder / _OLD_NAME)
            dataset.describe(root / finished.dataset, files.place, record.started, times[0])
        dataset.keep_source(folder / JOURNAL_NAME, root / finished.dataset / finished.source)
    with replace_file(folder / FINAL_NAME) as file:
        file.write(tables.json(finished))
    for left_over in (folder / RESERVE_NAME, folder / f"{FINAL_NAME}.part"):
        with contextlib.suppress(OSError):
            left_over.unlink()
    return finished


def _write_run(
    part: Path, files: SessionFiles, run: Run, record: SessionRecord, kit: Kit, hashes: dict[str, str]
) -> None:
    (part / "emg").mkdir(mode=0o700, exist_ok=True)
    bdf = part / "emg" / f"{run.stem}_emg.bdf"
    with replace_file(bdf) as file:
        for piece in files.bdf(run):
            file.write(piece)
    dataset.compare(bdf, files.digital(run), len(run.event_rows))
    hashes[f"emg/{bdf.name}"] = sha256_of(bdf)
    channels = files.channels(run)
    started, calibration = record.started, record.calibration
    content = {
        "emg.json": tables.emg_sidecar(
            task=run.task,
            calibrated_by=None
            if calibration is None or calibration.recording is None
            else f"bids::{place_of(calibration.recording, started).folder}",
            started=started,
            kit=kit,
            sfreq=files.sfreq,
            duration_s=(run.stop - run.start) / files.sfreq,
            channels=channels,
            calibration=calibration,
            is_resampled=files.rows.is_resampled,
            sha256=hashes[f"emg/{bdf.name}"],
            journal_sha256=record.sha256,
            journal=record.folder.name,
        ),
        "channels.tsv": tables.channels_table(channels, kit, calibration),
        "channels.json": tables.channels_sidecar(calibration),
        "events.tsv": tables.events_table(run.event_rows),
        "events.json": tables.events_sidecar(),
    }
    for name, data in content.items():
        _write(part, f"emg/{run.stem}_{name}", data, hashes)
    sync_folder(part / "emg")


def _write(part: Path, name: str, data: bytes, hashes: dict[str, str]) -> None:
    with replace_file(part / name) as file:
        file.write(data)
    hashes[name] = sha256_of(part / name)


def _publish(part: Path, target: Path, old: Path) -> None:
    """Put a whole session into the data set with one rename; an older one of the same journal gives way."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.rename(target, old)
    os.rename(part, target)
    sync_folder(target)
    sync_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _finished(journal: Journal, record: SessionRecord, place: Place, hashes: dict[str, str]) -> Finished:
    recovered, missing = {}, {}
    for info in journal.streams:
        timeline = journal.timelines.get(info.stream_id)
        recovered[info.stream_id] = round(timeline.n_samples / info.sfreq, 3) if timeline else 0.0
        missing[info.stream_id] = round((timeline.n_rows - timeline.n_samples) / info.sfreq, 3) if timeline else 0.0
    sentences = [
        f"{seconds:.1f} s of {stream_id} are kept, from 00:00:00 to {clock_text(journal.duration_s)}."
        for stream_id, seconds in recovered.items()
    ]
    return Finished(
        v=FORMAT,
        app=record.started.app,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        dataset=place.dataset,
        folder=str(place.folder),
        source=f"sourcedata/journal/{record.folder.name}/{JOURNAL_NAME}",
        journal_sha256=record.sha256,
        files=hashes,
        recovered_s=recovered,
        missing_s=missing,
        ended_well=journal.is_closed_well,
        sentences=(*sentences, *tell(journal.missing, name_streams=len(recovered) > 1), *journal.closing_notes),
    )


@contextlib.contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """The tables of a data set are of all sessions: whoever changes them waits for whoever does."""
    path = root / _LOCK_NAME
    try:
        fd = create_file(path)
    except FileExistsError:
        fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        never = threading.Event()
        for _ in range(_LOCK_TRIES):
            if try_lock(fd):
                break
            never.wait(_LOCK_EVERY_S)
        else:
            raise RecordingError(f"Another GluteWake works in '{root}' and does not end; close it and try again.")
        yield
    finally:
        os.close(fd)


def _step_back() -> None:
    """Let everything else on this computer go first."""
    import psutil

    try:
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            psutil.Process().nice(10)
    except psutil.Error as error:
        _log.info("no lower priority: %s", error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
