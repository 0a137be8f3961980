"""Measurements that the figures in the documentation come from; each subcommand is a module of its own.

python3 scripts/dev.py bench ble
python3 scripts/dev.py bench cohort
python3 scripts/dev.py bench disk
python3 scripts/dev.py bench dsp
python3 scripts/dev.py bench people
python3 scripts/dev.py bench recording
python3 scripts/dev.py bench review
python3 scripts/dev.py bench sound
python3 scripts/dev.py bench window
"""

import argparse
import sys
from collections.abc import Sequence

from scripts import (
    bench_ble,
    bench_cohort,
    bench_disk,
    bench_dsp,
    bench_people,
    bench_recording,
    bench_review,
    bench_sound,
    bench_window,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one measurement; 0 if what it promises holds."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure what the documentation promises.")
    commands = parser.add_subparsers(required=True, metavar="MEASUREMENT")
    modules = (
        ("ble", bench_ble),
        ("cohort", bench_cohort),
        ("disk", bench_disk),
        ("dsp", bench_dsp),
        ("people", bench_people),
        ("recording", bench_recording),
        ("review", bench_review),
        ("sound", bench_sound),
        ("window", bench_window),
    )
    for name, module in modules:
        assert module.__doc__ is not None
        command = commands.add_parser(name, help=module.__doc__.splitlines()[0])
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    arguments = parser.parse_args(argv)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
