"""Session folders of any content, whole or as a crash leaves them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from app.recording.recorder import Recorder
from app.session.events import Event, SessionStarted
from drivers.replay.formats.journal import JOURNAL_NAME
from drivers.types import SampleBlock, StreamInfo
from tests.recording.known_signal import CALIBRATION, SESSION, STREAM, note

UNPACED = replace(STREAM, paced=False)
LIVING = msgspec.structs.replace(SESSION, simulated=False, source=["text:/dev/ttyUSB0"])


def session_of(
    folder: Path,
    *blocks: SampleBlock,
    streams: Sequence[StreamInfo] = (UNPACED,),
    started: SessionStarted = LIVING,
    events: Sequence[Event] | None = None,
) -> Path:
    """A session folder with a closed journal of these blocks; a note with each, unless other lines are given."""
    folder.mkdir(exist_ok=True, parents=True)
    recorder = Recorder(folder, streams, started, CALIBRATION)
    for number, each in enumerate(blocks):
        recorder.push_block(each)
        if events is None:
            recorder.push_event(note(number))
    for event in events or ():
        recorder.push_event(event)
    assert recorder.stop().state == "stopped"
    return folder


def crashed(folder: Path, *blocks: SampleBlock) -> Path:
    """The same, cut in its last bytes and with what else a crash leaves."""
    journal = session_of(folder, *blocks) / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:-10])
    (folder / "reserve").write_bytes(b"x")
    return folder


def bdf_of(root: Path) -> Path:
    """The one file of signal."""
    (path,) = root.glob("bids*/sub-*/ses-*/emg/*.bdf")
    return path
