"""Every file format that can be read, one module each; pure: a path in, a `Recording` out."""

from pathlib import Path

from drivers.errors import SourceBusyError, SourceFormatError, SourceNotFoundError
from drivers.replay.formats.recording import Recording

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_HDF5_SUFFIXES = {".h5", ".hdf5"}
_EDF_SUFFIXES = {".edf", ".bdf"}
_READABLE = "CSV, OpenSignals HDF5 (.h5) and GluteWake's own recordings can be read"


def open_recording(path: Path, *, rate: float | None = None) -> Recording:
    """Open whatever recording lies at `path`.

    Parameters
    ----------
    path : Path
        A file, or the folder of a session.
    rate : float or None
        Samples per second for files that do not know their own; goes before what a foreign file says.

    Returns
    -------
    Recording

    Raises
    ------
    SourceNotFoundError
        If there is nothing at `path`.
    SourceBusyError
        If it may not be read.
    SourceFormatError
        If it is damaged, or not a recording.
    """
    try:
        if path.is_dir() or (path.exists() and path.suffix.lower() == ".emj"):
            return _open_journal(path)
        if path.exists() and not path.is_file():  # a device or a pipe may never end
            raise SourceFormatError(f"'{path}' is no file but a device or a pipe; save what it brings as a file.")
        with path.open("rb") as file:
            signature = file.read(len(_HDF5_SIGNATURE))
            suffix = path.suffix.lower()
            if not signature:
                raise SourceFormatError(f"'{path}' is empty.")
            if signature == _HDF5_SIGNATURE:
                from drivers.replay.formats.opensignals import open_opensignals

                return open_opensignals(path, rate=rate)
            if suffix in _HDF5_SUFFIXES:
                raise SourceFormatError(f"'{path}' is no HDF5 file, or its beginning is damaged; {_READABLE}.")
            if suffix in _EDF_SUFFIXES or signature[1:] == b"BIOSEMI":
                raise SourceFormatError(f"'{path}': EDF and BDF cannot be read yet; {_READABLE}.")
            from drivers.replay.formats.csv import open_csv

            return open_csv(path, signature + file.read(), rate=rate)
    except (FileNotFoundError, NotADirectoryError):
        raise SourceNotFoundError(f"There is no file '{path}'.") from None
    except PermissionError:
        raise SourceBusyError(f"'{path}' may not be read by this user; change its permissions or copy it.") from None
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have, e.g. with a NUL in it
        raise SourceNotFoundError(f"'{path}' cannot be read: {error}.") from None


def _open_journal(path: Path) -> Recording:
    from drivers.replay.formats.journal import open_journal

    return open_journal(path)


__all__ = ["Recording", "open_recording"]
