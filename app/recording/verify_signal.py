"""Whether a file of signal is still what its own tables say: for a data set that came without our session folders."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from app.recording.record import sha256_of
from app.recording.verify import Verdict
from drivers.errors import DriverError
from drivers.replay.formats.bids import open_bids_file
from drivers.replay.formats.journal import JOURNAL_NAME

_MOST_S: Final = 1.0
"""The last record of a BDF is filled up."""


def find_signals(path: Path) -> list[Path]:
    """Every file of signal of an EMG-BIDS data set, of a person or a session in it, or the file itself."""
    found = [path] if path.is_file() else sorted(path.rglob("*_emg.*"))
    return [one for one in found if one.suffix in (".bdf", ".edf") and one.stem.endswith("_emg")]


def verify_signal(path: Path) -> Verdict:
    """Check one file of signal against what stands beside it.

    Parameters
    ----------
    path : Path
        A BDF or EDF of a data set.

    Returns
    -------
    Verdict
        Sound if its hash is that of its sidecar, or, where none stands there, if nothing contradicts it.
    """
    about = _about(path)
    wrong: list[str] = []
    notes: list[str] = []
    try:
        with contextlib.closing(open_bids_file(path, rate=None)) as recording:
            n_channels = sum(len(info.ch_names) for info in recording.streams)
            wrong += _contradictions(about, n_channels, recording.streams[0].sfreq, recording.duration_s)
            notes += recording.carried.notes
    except DriverError as error:
        wrong.append(error.sentence)
    except OSError as error:
        wrong.append(f"'{path}' cannot be read ({error.strerror}); check who may open it.")
    if "SHA256" not in about:
        notes.append("No hash stands beside it, so a changed sample cannot be told; only its form was looked at.")
    wrong += _journal_fault(path, about)
    if not wrong and "SHA256" in about:
        notes.append("Sound: it is what it was when it was made.")
    return Verdict(path, is_sound=not wrong, sentences=(*wrong, *notes))


def _about(path: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, msgspec.DecodeError):
        content = msgspec.json.decode(path.with_suffix(".json").read_bytes())
        if isinstance(content, dict):
            return content
    return {}


def _contradictions(about: dict[str, Any], n_channels: int, sfreq: float, duration_s: float) -> Iterator[str]:
    stated = [about.get(key) for key in ("EMGChannelCount", "MISCChannelCount")]
    if stated[0] is not None and sum(n for n in stated if isinstance(n, int)) != n_channels:
        yield f"The file has {n_channels} channels, which is not what its sidecar says."
    rate = about.get("SamplingFrequency")
    if isinstance(rate, int | float) and abs(rate - sfreq) > 1e-3 * sfreq:
        yield f"The file has {sfreq:g} samples a second, and its sidecar says {rate:g}."
    length = about.get("RecordingDuration")
    if isinstance(length, int | float) and not -_MOST_S <= duration_s - length <= _MOST_S:
        yield f"The file is {duration_s:.1f} s long, and its sidecar says {length:.1f} s."


def _journal_fault(path: Path, about: dict[str, Any]) -> Iterator[str]:
    """The journal lies in the data set of ours too, unless somebody took it out."""
    name = about.get("SourceJournal")
    if not isinstance(name, str) or Path(name).name != name:
        return
    for folder in path.parents:
        journal = folder / "sourcedata" / "journal" / name / JOURNAL_NAME
        if journal.is_file():
            if sha256_of(journal) != about.get("SourceJournalSHA256"):
                yield f"The journal '{name}' is not what it was when the file was made of it."
            return
        if (folder / "dataset_description.json").exists():
            return
