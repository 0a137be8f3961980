"""A disk that never answers keeps no program from ending."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CHILD = """
import sys, threading
from pathlib import Path
from app.recording import recorder
from app.recording.disk import Disk, sync_file
from tests.recording.known_signal import SESSION, STREAM, block

recorder._JOIN_TIMEOUT_S = 0.1
stuck = threading.Event()

def sync(fd):
    if begun.is_set():
        stuck.set()
        threading.Event().wait()
    sync_file(fd)

begun = threading.Event()
recording = recorder.Recorder(Path(sys.argv[1]), [STREAM], SESSION, disk=Disk(sync=sync))
begun.set()
recording.push_block(block(0))
assert stuck.wait(20)
print(recording.stop().state)
"""


def test_a_program_ends_whose_disk_never_answers(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert (ended.stdout, ended.stderr) == ("error\n", "")
