"""What can go wrong with a recording, as one sentence for the user and one detail for the developer."""

import errno
from pathlib import Path

from drivers.errors import UserFacingError

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}


class RecordingError(UserFacingError):
    """A recording cannot be made or mended."""


def explain(error: OSError, folder: Path) -> str:
    """Say in one sentence why nothing can be written to `folder`, and what to do."""
    if error.errno in _FULL:
        return f"The disk that holds '{folder}' is full; free some space or choose another folder."
    if error.errno in _FORBIDDEN:
        return f"'{folder}' may not be written to; choose another folder or change its permissions."
    if error.errno in _NO_FOLDER:
        return f"'{folder}' is not a folder; choose another one."
    reason = error.strerror or type(error).__name__
    return f"'{folder}' cannot be written to ({reason}); check the disk or choose another folder."
