"""Many recordings at once: one pure function a recording, on processes, and what was worked out once is kept.

Results lie in ``DIR/derivatives/glutewake/analyze``, one JSON file a recording, named by the hash of the recording,
the version of the signal chain and of the application, and what was asked for: a second run works out only what is
missing, and an interrupted one loses only what was being worked out. Nothing is written beside the recordings.
"""

import hashlib
import os
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any, Final

import msgspec

from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan, app_version
from app.pipeline.engine import CHAIN
from app.session.levels import LevelsError
from drivers.errors import DriverError
from drivers.replay.formats.journal import JOURNAL_NAME

CACHE: Final = Path("derivatives", "glutewake", "analyze")
"""Within the folder that is analyzed."""
SUFFIXES: Final = (".emj", ".csv", ".tsv", ".txt", ".h5", ".hdf5", ".edf", ".bdf", ".rec", ".xdf", ".xdfz")
_SIGNALS: Final = (".edf", ".bdf")
_DATASET: Final = "dataset_description.json"
_NOT_ENTERED: Final = ("derivatives", "sourcedata")
_BROKEN: Final = "'{path}' ended the program that read it; it is damaged, or too large for the memory of this computer."
_FAULT: Final = (
    "'{path}' cannot be analyzed, by a fault of GluteWake; analyze it alone with --log FILE and report that."
)


@dataclass(frozen=True, slots=True)
class Task:
    """One recording to be analyzed.

    Attributes
    ----------
    path : Path
    uri : str
        The same as a source that runs unpaced.
    plan : SessionPlan
    """

    path: Path
    uri: str
    plan: SessionPlan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one recording.

    Attributes
    ----------
    path : Path
    sha256 : str or None
        Of the recording; None if it could not be read.
    analysis : dict or None
        One object of the JSON contract; None for a recording that is broken.
    error : str or None
        Why, in one sentence.
    recalled : bool
        Whether an earlier run had worked it out.
    """

    path: Path
    sha256: str | None
    analysis: dict[str, Any] | None
    error: str | None = None
    recalled: bool = False


def find_recordings(folder: Path) -> list[Path]:
    """Find every recording in a folder and below it, in the order of their paths.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Path
        Session folders, and files of the kinds that can be read. Of an EMG-BIDS data set: the journals it was made
        of where it has them, unless they lie beside it as well, else its EMG files.
    """
    if (folder / JOURNAL_NAME).exists():
        return [folder]
    if (folder / _DATASET).exists():
        journals = sorted(path.parent for path in folder.glob(f"sourcedata/journal/*/{JOURNAL_NAME}"))
        if journals:
            return [path for path in journals if not (folder.parent / path.name / JOURNAL_NAME).exists()]
        return sorted(path for path in folder.glob("sub-*/**/emg/*") if path.suffix.lower() in _SIGNALS)
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("sub-") and path.is_file() and path.suffix.lower() not in _SIGNALS:
            continue  # a table that belongs to an EMG file
        if path.name.startswith(".") or path.name in _NOT_ENTERED:
            continue
        if path.is_dir() and not path.is_symlink():
            found += find_recordings(path)
        elif path.is_file() and path.suffix.lower() in SUFFIXES:
            found.append(path)
    return found


def recording_hash(path: Path) -> str:
    """SHA-256 of a recording: of its journal, of a file, or of an EMG file with the tables that belong to it.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    hashes = []
    for file in _files_of(path):
        with file.open("rb") as content:
            hashes.append(hashlib.file_digest(content, "sha256"))
    return (
        hashes[0].hexdigest() if len(hashes) == 1 else hashlib.sha256(b"".join(h.digest() for h in hashes)).hexdigest()
    )


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        journal = path / JOURNAL_NAME
        return [journal] if journal.exists() else sorted(file for file in path.rglob("*") if file.is_file())
    if path.suffix.lower() in _SIGNALS and path.stem.endswith("_emg"):
        return sorted(file for file in path.parent.iterdir() if file.name.startswith(path.stem.removesuffix("emg")))
    return [path]


def analyze_file(uri: str, plan: SessionPlan, progress: Callable[[float], None] | None = None) -> dict[str, Any]:
    """Analyze one recording as `analyze` does, and nothing but the recording.

    ``utc_start`` is null where the recording does not say when it was made: `analyze` has the time of reading there.
    """
    before = datetime.now(UTC)
    analysis = analyze([uri], plan, progress)
    began = analysis["session"]["utc_start"]
    if began is not None and datetime.fromisoformat(began) >= before.replace(microsecond=0):
        analysis["session"]["utc_start"] = None
    return analysis


def analyze_one(task: Task) -> Outcome:
    """Analyze one recording; a pure function of it and its plan that never raises, for any kind of executor."""
    sha256 = None
    try:
        sha256 = recording_hash(task.path)
        return Outcome(task.path, sha256, analyze_file(task.uri, task.plan))
    except DriverError as error:
        return Outcome(task.path, sha256, None, error.sentence)
    except LevelsError as error:
        return Outcome(task.path, sha256, None, str(error))
    except OSError as error:
        return Outcome(task.path, sha256, None, f"'{task.path}' cannot be read: {error.strerror or error}.")
    except Exception:  # noqa: BLE001 - one recording of thousands must not end the others; its row says so
        return Outcome(task.path, sha256, None, _FAULT.format(path=task.path))


def analyze_cohort(tasks: Sequence[Task], jobs: int, cache: Path | None) -> Generator[Outcome, None, None]:
    """Analyze recordings on processes of their own; yields them as they are done.

    Parameters
    ----------
    tasks : sequence of Task
    jobs : int
        How many processes.
    cache : Path or None
        Folder of the results; None keeps none.

    Notes
    -----
    A recording that takes its process with it is found by going on with a single one, and gets an error row.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the processes share the cores already
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    left = list(tasks)
    while left:
        done: set[Path] = set()
        executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_leave_interrupts)
        try:
            with suppress(BrokenProcessPool):
                for outcome in _spread(executor, left, jobs, cache):
                    done.add(outcome.path)
                    yield outcome
        except (KeyboardInterrupt, GeneratorExit):
            for process in active_children():
                process.terminate()  # whoever asks to stop need not wait: what is kept is whole
            raise
        finally:
            executor.shutdown(cancel_futures=True)
        left = [task for task in left if task.path not in done]
        if left and jobs == 1:  # one process takes them in order, so it was the first
            yield Outcome(left[0].path, None, None, _BROKEN.format(path=left[0].path))
            left = left[1:]
        jobs = 1


def _spread(executor: Executor, tasks: Sequence[Task], jobs: int, cache: Path | None) -> Iterator[Outcome]:
    """Give each process one recording and none in stock, so that it is known which one ends a process."""
    left = iter(tasks)
    running = {executor.submit(recall_or_analyze, task, cache) for task in islice(left, jobs)}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {executor.submit(recall_or_analyze, task, cache) for task in islice(left, len(done))}
        for future in done:
            yield future.result()


def _leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; the parent is the one that answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def recall_or_analyze(task: Task, cache: Path | None) -> Outcome:
    """Take what an earlier run kept of this recording, else analyze it and keep that; never raises."""
    if cache is None:
        return analyze_one(task)
    try:
        sha256 = recording_hash(task.path)
    except OSError:
        return analyze_one(task)
    kept = cache / f"{_key(sha256, task)}.json"
    with suppress(OSError, msgspec.DecodeError):
        analysis: dict[str, Any] = msgspec.json.decode(kept.read_bytes(), type=dict[str, Any])
        return Outcome(task.path, sha256, analysis | {"file": str(task.path)}, recalled=True)
    outcome = analyze_one(task)
    if outcome.analysis is not None:
        with suppress(OSError):  # a folder that cannot be written to is worked out anew next time
            _keep(kept, msgspec.json.encode(outcome.analysis))
    return outcome


def _key(sha256: str, task: Task) -> str:
    options = task.uri.removeprefix(f"file:{task.path}")
    asked = msgspec.json.encode([sha256, CHAIN, app_version(), options, msgspec.to_builtins(task.plan)])
    return hashlib.sha256(asked).hexdigest()[:32]


def _keep(path: Path, content: bytes) -> None:
    """Write a result whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
