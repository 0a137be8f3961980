"""What can go wrong with the history, as one sentence for the user and one detail for the developer."""

from pathlib import Path

from drivers.errors import UserFacingError


class HistoryError(UserFacingError):
    """The history cannot be read or changed."""


class HistoryDamagedError(HistoryError):
    """The file is damaged; no session is lost, because it can be made anew from the session folders."""


class NewerHistoryError(HistoryError):
    """The file was written by a newer GluteWake; it is left exactly as it is."""


class SimulatedSessionError(HistoryError):
    """A simulated or replayed session never enters a person's history."""


class UnknownPersonError(HistoryError):
    """Nobody has that code."""


class CodeRefusedError(HistoryError):
    """A code cannot be used, or is in use."""


def damaged(path: Path, detail: str) -> HistoryDamagedError:
    """The error for a file that is not sound."""
    return HistoryDamagedError(
        f"The history in '{path}' is damaged, but no recording is; 'glutewake history rebuild' makes it anew.", detail
    )
