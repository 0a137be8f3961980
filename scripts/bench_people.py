"""``bench people``: how often the coach is right about crowds of simulated people, each figure with its error.

    python3 scripts/dev.py bench people
    python3 scripts/dev.py bench people --people 200 --jobs 2 named

The people are made of envelope frames, without raw samples: 1000 of them take about ten minutes of one core for all
rows.
"""

import argparse
import sys

from tests.rigs.crowds import FIRST_SEED, PROMISES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("rows", nargs="?", default="", help="only rows with this in their name")
    parser.add_argument("--people", type=int, default=1000, help="how many in each row (1000)")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help=f"of the first of them ({FIRST_SEED})")
    parser.add_argument("--jobs", type=int, default=1, help="processes (1)")


def run(arguments: argparse.Namespace) -> int:
    """Print every figure; 0 if no promise is refuted by three standard errors."""
    promises = [promise for promise in PROMISES if arguments.rows in promise.name]
    print(f"{arguments.people} people a row, ± one standard error")
    refuted = 0
    for promise in promises:
        figure = promise.measure(arguments.people, arguments.seed, arguments.jobs)
        scale, unit = (100.0, " %") if promise.kind == "share" else (1.0, "")
        sign = ">=" if promise.least else "<="
        word = "kept" if figure.holds else "REFUTED" if figure.is_refuted else "within its error"
        print(
            f"{promise.name:<64} {scale * figure.value:7.2f} ± {scale * figure.error:.2f}{unit}"
            f"  (asked {sign} {scale * promise.bound:g}{unit}): {word}"
        )
        sys.stdout.flush()
        refuted += figure.is_refuted
    return 1 if refuted else 0
