"""Cut the power of a file system while a session is recorded on it, and look at what is left. Linux, root.

A loop-mounted ext4 or XFS is shut down without writing its log (the ioctl of `xfs_io -c shutdown`), which is what a
power cut does to it; then it is mounted again and the recording is finished and verified as at the next start.

    sudo python scripts/power_loss.py ext4 12
    sudo python scripts/power_loss.py xfs 10
"""

import argparse
import fcntl
import os
import random
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SHUTDOWN = 0x8004587D
"""EXT4_IOC_SHUTDOWN, the same number as XFS_IOC_GOINGDOWN."""
WITHOUT_LOG = 2
IMAGE_BYTES = 400 << 20
SFREQ = 2000
MOST_LOST_S = 1.5


def main(argv: Sequence[str] | None = None) -> int:
    """Cut the power so many times; returns 1 if a sample is wrong or too much is lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("kind", choices=("ext4", "xfs"))
    parser.add_argument("times", type=int)
    arguments = parser.parse_args(argv)
    if sys.platform != "linux" or os.geteuid() != 0:
        print("This needs Linux and root: it makes and mounts a file system.")
        return 2
    chance = random.Random(11)
    lost = [cut(arguments.kind, chance.uniform(1.0, 4.0)) for _ in range(arguments.times)]
    print(f"{arguments.kind}: {len(lost)} power cuts, lost at most {max(lost):.2f} s, no wrong sample")
    return int(max(lost) > MOST_LOST_S)


def cut(kind: str, after_s: float) -> float:
    """Record, cut the power, mount again; returns how many seconds of what was handed over are lost."""
    with tempfile.TemporaryDirectory() as scratch:
        image, mount = Path(scratch, "image"), Path(scratch, "mount")
        mount.mkdir()
        with image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        run(f"mkfs.{kind}", "-q", str(image))
        run("mount", "-o", "loop", str(image), str(mount))
        folder = mount / "session"
        folder.mkdir()
        handed_over = record(folder, mount, after_s)
        unmount(mount)
        run("mount", "-o", "loop", str(image), str(mount))
        try:
            return handed_over - judge(folder, handed_over)
        finally:
            unmount(mount)


def record(folder: Path, mount: Path, after_s: float) -> float:
    """Let a session be recorded until the power is cut; returns the seconds of signal that were handed over."""
    command = [sys.executable, "-m", "tests.recording.recording_child", str(folder), "2", str(SFREQ)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        last, end_s = -1, None
        for line in child.stdout:
            last = int(line.split()[0])
            end_s = time.monotonic() + after_s if end_s is None else end_s
            if time.monotonic() >= end_s:
                break
        place = os.open(mount, os.O_RDONLY)
        fcntl.ioctl(place, SHUTDOWN, struct.pack("I", WITHOUT_LOG))
        os.close(place)
        child.kill()
    from tests.recording.known_signal import BLOCK

    return (last + 1) * BLOCK / SFREQ


def judge(folder: Path, handed_over_s: float) -> float:
    """Finish and verify what is left; returns its seconds. Raises `AssertionError` on a wrong sample."""
    from app.recording.errors import RecordingError
    from app.recording.finalise import finalise
    from app.recording.verify import verify
    from drivers.replay.formats.journal import open_journal
    from tests.recording.known_signal import known_samples

    try:
        finished = finalise(folder)
    except RecordingError as error:
        print(f"  nothing is left of {handed_over_s:.1f} s: {error.sentence}")
        return 0.0
    journal = open_journal(folder)
    for block in journal.blocks(0.0):
        np.testing.assert_array_equal(block.samples, known_samples(block.first_index, block.n_samples))
    journal.close()
    assert verify(folder).is_sound, verify(folder).sentences
    return max(finished.recovered_s.values())


def unmount(mount: Path) -> None:
    """Unmount as soon as nobody holds it any more."""
    moment = threading.Event()
    for _ in range(100):
        if subprocess.run(["umount", str(mount)], capture_output=True, check=False).returncode == 0:
            return
        moment.wait(0.05)
    run("umount", str(mount))


def run(*command: str) -> None:
    """Run a command of the system; raises if it fails."""
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
