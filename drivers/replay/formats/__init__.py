"""Every file format that can be read, one module each; pure: a path in, a `Recording` out."""

from pathlib import Path

from drivers.errors import SourceBusyError, SourceFormatError, SourceNotFoundError
from drivers.replay.formats.recording import READABLE, Recording

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_HDF5_SUFFIXES = {".h5", ".hdf5"}
_EDF_SIGNATURES = (b"0       ", b"\xffBIOSEMI")
_EDF_SUFFIXES = {".edf", ".bdf", ".rec"}
_XDF_SIGNATURE = b"XDF:"
_XDF_SUFFIXES = {".xdf", ".xdfz"}
LARGEST_IN_MEMORY = 256 << 20
"""Bytes of a file of a kind that can only be read as a whole; reading takes up to eight times that."""


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
        if path.is_dir():
            return _open_folder(path, rate)
        if path.exists() and not path.is_file():  # a device or a pipe may never end
            raise SourceFormatError(f"'{path}' is no file but a device or a pipe; save what it brings as a file.")
        if path.exists() and path.suffix.lower() == ".emj":
            return _open_journal(path)
        with path.open("rb") as file:
            signature = file.read(len(_HDF5_SIGNATURE))
        return _open_file(path, signature, rate)
    except (FileNotFoundError, NotADirectoryError):
        raise SourceNotFoundError(f"There is no file '{path}'; check its name and its folder.") from None
    except PermissionError:
        raise SourceBusyError(f"'{path}' may not be read by this user; change its permissions or copy it.") from None
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have, e.g. with a NUL in it
        raise SourceNotFoundError(f"'{path}' cannot be read: {error}; check where it lies, or copy it again.") from None


def _open_file(path: Path, signature: bytes, rate: float | None) -> Recording:
    suffix = path.suffix.lower()
    if not signature:
        raise SourceFormatError(f"'{path}' is empty; copy it again from where it was recorded.")
    if signature == _HDF5_SIGNATURE:
        from drivers.replay.formats.opensignals import open_opensignals

        return open_opensignals(path, rate=rate)
    if suffix in _HDF5_SUFFIXES:
        raise SourceFormatError(f"'{path}' is no HDF5 file, or its beginning is damaged; {READABLE}.")
    if suffix in _EDF_SUFFIXES or signature in _EDF_SIGNATURES:
        from drivers.replay.formats.bids import open_bids_file

        return open_bids_file(path, rate=rate)
    size = path.stat().st_size
    if size > LARGEST_IN_MEMORY:
        raise SourceFormatError(
            f"'{path}' has {size / 2**20:.0f} MB and can only be read as a whole, up to {LARGEST_IN_MEMORY >> 20} MB; "
            "cut it into parts, or convert it to BDF."
        )
    if suffix in _XDF_SUFFIXES or signature.startswith(_XDF_SIGNATURE):
        from drivers.replay.formats.xdf import open_xdf

        return open_xdf(path, path.read_bytes(), largest=LARGEST_IN_MEMORY)
    from drivers.replay.formats.text_tables import open_text

    return open_text(path, path.read_bytes(), rate=rate)


def _open_folder(path: Path, rate: float | None) -> Recording:
    if (path / "journal.emj").exists():
        return _open_journal(path)
    from drivers.replay.formats.bids import find_recording, open_bids_file

    found = find_recording(path)
    return _open_journal(path) if found is None else open_bids_file(found, rate=rate)


def _open_journal(path: Path) -> Recording:
    from drivers.replay.formats.journal import open_journal

    return open_journal(path)


__all__ = ["LARGEST_IN_MEMORY", "READABLE", "Recording", "open_recording"]
