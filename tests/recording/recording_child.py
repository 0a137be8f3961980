"""Records until it is killed, and says after every block how far it is and when. argv: session folder, channels, Hz."""

import itertools
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from app.recording.recorder import Recorder
from tests.recording.known_signal import BLOCK, LSB, STREAM, block, known_samples, note
from tests.recording.making import LIVING

n_channels, sfreq = int(sys.argv[2]), float(sys.argv[3])
names = ("left", "right", *(f"other {number}" for number in range(3, n_channels + 1)))
stream = replace(STREAM, sfreq=sfreq, ch_names=names, lsb=(LSB,) * n_channels)
recorder = Recorder(Path(sys.argv[1]), [stream], LIVING)
pace = threading.Event()
for number in itertools.count():
    arrival_ns = round((number + 1) * BLOCK * 1e9 / sfreq)
    samples = known_samples(number * BLOCK, BLOCK, n_channels)
    recorder.push_block(replace(block(number), samples=samples, arrival_ns=arrival_ns))
    if number % 10 == 0:
        recorder.push_event(note(number))
    sys.stdout.write(f"{number} {time.perf_counter_ns()}\n")
    sys.stdout.flush()
    pace.wait(BLOCK / sfreq)
