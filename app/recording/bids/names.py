"""Labels of EMG-BIDS: what a session folder, a person and a programme are called in a data set."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from app.recording.folders import whose
from app.session.events import SessionStarted
from drivers.types import StreamInfo
from drivers.uri import SITES, TARGET_SITES

LONGEST_LABEL: Final = 30
_FOLDER: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)_(\d{6})")
_UNIT_WORDS: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one session go.

    Attributes
    ----------
    dataset : str
        Folder beside the session folders.
    subject, session, task : str
        Labels, without ``sub-`` and the like.
    """

    dataset: str
    subject: str
    session: str
    task: str

    @property
    def folder(self) -> PurePosixPath:
        """The session's folder within the data set."""
        return PurePosixPath(f"sub-{self.subject}", f"ses-{self.session}")

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return f"sub-{self.subject}_ses-{self.session}"

    def run_stem(self, task: str, number: int) -> str:
        """What the names of the files of one run begin with."""
        return f"{self.stem}_task-{task}_run-{number:02d}"


def place_of(folder_name: str, started: SessionStarted) -> Place:
    """Name everything by the session alone, so that doing it again gives the same names."""
    return Place(
        dataset="bids-simulated" if started.simulated else "bids",
        subject="simulated" if started.simulated else subject_label(started.person),
        session=_session_label(folder_name, whose(simulated=started.simulated, person=started.person)),
        task="calibration" if started.calibrates is not None else task_label(started.programme),
    )


def subject_label(person: str | None) -> str:
    """``P-017`` becomes ``P017``; who has no code is ``unknown``."""
    return _label(person or "") or "unknown"


def task_label(programme: str) -> str:
    """``prone-ankle-squeeze`` becomes ``proneAnkleSqueeze``."""
    first, *others = re.split(r"[^A-Za-z0-9]+", _ascii(programme).strip("-")) or [""]
    return _label(first + "".join(word[:1].upper() + word[1:] for word in others)) or "free"


def sites_of(streams: Sequence[StreamInfo], started: SessionStarted) -> dict[int, str]:
    """Site of every channel that lies on one, counted from 0 through all streams."""
    named = {info.channel - 1: info.site for info in started.channels if info.channel is not None}
    if named:
        return named
    ch_names = [name for info in streams for name in info.ch_names]
    named = {number: name for number, name in enumerate(ch_names) if name in SITES}
    if not named and len(ch_names) == len(TARGET_SITES):
        return dict(enumerate(TARGET_SITES))
    return named


def channel_names(streams: Sequence[StreamInfo], sites: dict[int, str]) -> list[str]:
    """A name of at most 16 ASCII characters for every channel, all different: its site, else what the source says."""
    names: list[str] = []
    for number, said in enumerate(name for info in streams for name in info.ch_names):
        plain = " ".join(re.sub(r"[^A-Za-z0-9 _.+-]+", " ", _ascii(said)).split())
        name = sites.get(number) or plain[:_UNIT_WORDS] or f"ch{number + 1}"
        taken = {*names, *(site for other, site in sites.items() if other != number)}
        names.append(f"{name[: _UNIT_WORDS - 4]} {number + 1}" if name in taken else name)
    return names


def _session_label(folder_name: str, its_person: str) -> str:
    found = _FOLDER.match(folder_name)
    if found is None:
        return _label(folder_name) or "1"
    repeat = folder_name[found.end() :].removeprefix(f"_{its_person}" if its_person else "")
    return "".join(found.groups()[:3]) + f"T{found[4]}" + _label(repeat.replace("-", "n"))


def _label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", _ascii(text))[:LONGEST_LABEL]


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
