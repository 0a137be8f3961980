"""The command that hands recordings on to other programs. Writes to stdout and nowhere else, besides the export."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from app.language import _
from app.recording.export.choice import Session, choose
from app.recording.folders import default_root
from app.said import said

KINDS: Final = ("tidy", "parquet", "zip")


def add_export(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked for to the parser of ``glutewake export``."""
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help=_("session folders, or folders of them; else the usual one")
    )
    parser.add_argument(
        "--to",
        required=True,
        choices=KINDS,
        help=_(
            "tidy: joined tables of sessions, reps, checks and more; parquet: every sample; zip: both, without codes "
            "and dates, to be passed on"
        ),
    )
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="DIR", help=_("where to; never written over")
    )
    parser.add_argument("--person", metavar="CODE", help=_("only the sessions of this person"))
    parser.add_argument("--all", action="store_true", help=_("the sessions of everybody"))
    parser.add_argument("--since", type=_day, metavar="DATE", help=_("only sessions from this day on, e.g. 2026-11-01"))
    parser.add_argument("--simulated", action="store_true", help=_("simulated and replayed sessions too"))
    parser.add_argument(
        "--with-notes", action="store_true", help=_("zip: pass on what was typed, which may name people")
    )
    parser.set_defaults(run=lambda arguments: _export(arguments, parser.error))


def _export(arguments: argparse.Namespace, refuse: Callable[[str], object]) -> int:
    if arguments.person is not None and arguments.all:
        refuse(_("give --person or --all, not both"))
    if not arguments.paths and arguments.person is None and not arguments.all:
        refuse(_("say which sessions: name their folders, or give --person CODE or --all"))
    if arguments.with_notes and arguments.to != "zip":
        refuse(_("--with-notes belongs to --to zip"))
    chosen = choose(
        arguments.paths or [default_root()],
        person=arguments.person,
        since=arguments.since,
        simulated=arguments.simulated,
    )
    for path in _write(arguments, chosen.sessions):
        sys.stdout.write(f"{path}\n")
    for sentence in chosen.sentences:
        sys.stdout.write(_("Left out: {sentence}", sentence=said(sentence)) + "\n")
    return 1 if chosen.sentences else 0


def _write(arguments: argparse.Namespace, sessions: Sequence[Session]) -> list[Path]:
    if arguments.to == "tidy":
        from app.recording.export.tidy import write_tidy

        return write_tidy(sessions, arguments.output)
    if arguments.to == "parquet":
        from app.recording.export.samples import write_parquet

        return write_parquet(sessions, arguments.output)
    from app.recording.export.share import write_share

    return [write_share(sessions, arguments.output, with_notes=arguments.with_notes)]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day like 2026-11-01") from None
