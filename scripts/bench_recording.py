"""``bench recording``: what an hour takes: to finish its files, to analyze it, and to open it for review.

    python3 scripts/dev.py bench recording
    python3 scripts/dev.py bench recording --minutes 10 --channels 2

A minute of a simulated person is recorded again and again, in the blocks of 10 ms that sensors send. Every figure is
of a process of its own, so that its memory is its own too.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCE: Final = "sim:waking-left?seed=4&wake=6&rate={rate:g}&block_ms=10&speed=max"
MINUTE_S: Final = 60.0
MOST_FINISH_S: Final = 5.0
MOST_FINISH_MB: Final = 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--minutes", type=int, default=60, help="length of the recording (60)")
    parser.add_argument("--channels", type=int, nargs="+", default=[2, 8], help="channels (2 8)")
    parser.add_argument("--rate", type=float, default=2000.0, help="samples a second (2000)")


def run(arguments: argparse.Namespace) -> int:
    """Record and measure; 1 if two channels take longer or more than they may."""
    too_much = False
    for n_channels in arguments.channels:
        with tempfile.TemporaryDirectory(prefix="glutewake-hour-") as name:
            folder = Path(name) / "2026-11-20_143005_simulated"
            folder.mkdir()
            record(folder, arguments.minutes, n_channels, arguments.rate)
            size_mb = (folder / "journal.emj").stat().st_size / 2**20
            print(f"{arguments.minutes} min of {n_channels} channels at {arguments.rate:g} Hz, {size_mb:.0f} MB")
            cpu_s, mb = _in_a_process("finish", folder)
            too_much |= n_channels == 2 and (cpu_s > MOST_FINISH_S or mb > MOST_FINISH_MB)
            _in_a_process("analyze", folder)
            _in_a_process("review", folder)
    return int(too_much)


def record(folder: Path, minutes: int, n_channels: int, rate: float) -> None:
    """Write the journal of a session that repeats one minute."""
    from app.pipeline.build import SessionPlan, build_engine, describe
    from app.pipeline.sources import Sources, open_unpaced
    from app.recording.recorder import Recorder

    with open_unpaced(Sources.create([SOURCE.format(rate=rate)])) as (sources, arriving):
        engine, calibration = build_engine(sources, SessionPlan(None))
        started = describe(sources, SessionPlan(None), engine, calibration)
        sources.start()
        blocks = []
        for block in arriving:
            if block.arrival_ns > MINUTE_S * 1e9:
                break
            blocks.append(block)
    of_sensor = sources.streams[0]
    columns = [number % len(of_sensor.ch_names) for number in range(n_channels)]
    names = tuple((*of_sensor.ch_names, "spare 1", "spare 2")[:n_channels])
    lsb = None if of_sensor.lsb is None else tuple(of_sensor.lsb[column] for column in columns)
    stream = replace(of_sensor, ch_names=names, lsb=lsb)
    kept = [channel for channel in started.channels if channel.site in names]
    recorder = Recorder(folder, [stream], msgspec.structs.replace(started, channels=kept), calibration)
    n_samples = sum(block.n_samples for block in blocks)
    for minute in range(minutes):
        for block in blocks:
            recorder.push_block(
                replace(
                    block,
                    samples=np.ascontiguousarray(block.samples[:, columns]),
                    first_index=block.first_index + minute * n_samples,
                    arrival_ns=block.arrival_ns + round(minute * n_samples / rate * 1e9),
                )
            )
    recorder.stop()


def _in_a_process(what: str, folder: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "scripts.bench_recording", what, str(folder)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    wall_s, cpu_s, mb, first_s = map(float, told)
    first = f", first picture after {first_s:.1f} s" if what == "review" else ""
    print(f"  {what:<8} {wall_s:6.1f} s, {cpu_s:6.1f} s of CPU, {mb:5.0f} MB at most{first}")
    sys.stdout.flush()
    return cpu_s, mb


def measure(what: str, folder: Path) -> Iterator[float]:
    """Do one thing with a recording; gives seconds, seconds of CPU, megabytes, and seconds to the first picture."""
    from app.pipeline.build import SessionPlan

    firsts: list[float] = []
    began_s = time.perf_counter()
    if what == "finish":
        from app.recording.finalise import finalise

        finalise(folder)
    elif what == "analyze":
        from app.pipeline.analyze import analyze

        analyze([f"file:{folder}?speed=max"], SessionPlan(None))
    else:
        from app.ui.past import open_past

        open_past(folder, SessionPlan(None), "", lambda part, share: firsts.append(time.perf_counter() - began_s))
    yield time.perf_counter() - began_s
    yield time.process_time()
    yield resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield firsts[0] if firsts else 0.0


if __name__ == "__main__":
    sys.stdout.write(" ".join(map(str, measure(sys.argv[1], Path(sys.argv[2])))))
