"""The database of people, sessions, sets and reps: an index that can be made anew from the session folders.

Nothing of SQLAlchemy is loaded here, so that asking whether anybody has a history costs nothing.
"""

from pathlib import Path
from typing import Final

NAME: Final = "history.db"
"""In the folder of all recordings."""


def has_history(root: Path) -> bool:
    """Whether anybody has a history in a folder of all recordings; to be asked first by whoever must not make one."""
    return (root / NAME).exists()
