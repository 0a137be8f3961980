"""Records until it is killed, and says after every block how far it is and when. argv: session folder."""

import itertools
import sys
import threading
import time
from pathlib import Path

from app.recording.recorder import Recorder
from tests.recording.known_signal import SESSION, STREAM, block, note

recorder = Recorder(Path(sys.argv[1]), [STREAM], SESSION)
pace = threading.Event()
for number in itertools.count():
    recorder.push_block(block(number))
    if number % 10 == 0:
        recorder.push_event(note(number))
    sys.stdout.write(f"{number} {time.perf_counter_ns()}\n")
    sys.stdout.flush()
    pace.wait(0.002)  # ten times real time
