"""`Kit`: what no sensor tells of itself and every reader of a recording asks: electrodes, places, skin, filters.

The items are those of the ISEK standards (Merletti 1999) and of the CEDE check-list for reporting surface EMG (Besomi
et al. 2024). They are asked once for each sensor kit and kept in ``kits.toml`` beside the recordings, a small file that
a person can read and mend. What is not known stays ``n/a``.
"""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from app.recording.disk import replace_file
from app.recording.errors import RecordingError, explain
from app.session.calibration import Electrode
from app.small_file import read_small

KITS_NAME: Final = "kits.toml"
UNKNOWN: Final = "n/a"


class Kit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sensor kit.

    Attributes
    ----------
    sources : tuple of str
        What the URIs of its sources begin with, e.g. ``umyo:``; the longest that fits decides.
    manufacturer, model, serial_number : str
    electrode_type : str
        For example ``pre-gelled, disposable``.
    electrode_material : str
        For example ``Ag/AgCl``.
    electrode_size_mm, electrode_distance_mm : float or None
        Diameter of one electrode; centre to centre of a pair.
    reference_place, ground_place : str
        Where on the body.
    placement : str
        For example ``SENIAM: half way between sacrum and greater trochanter``.
    skin_preparation : str
    hardware_filter : str
        For example ``analogue band-pass 10-500 Hz``.
    mains_hz : float or None
        Frequency of the mains where it is used.
    """

    sources: tuple[str, ...]
    manufacturer: str = UNKNOWN
    model: str = UNKNOWN
    serial_number: str = UNKNOWN
    electrode_type: str = UNKNOWN
    electrode_material: str = UNKNOWN
    electrode_size_mm: float | None = None
    electrode_distance_mm: float | None = None
    reference_place: str = UNKNOWN
    ground_place: str = UNKNOWN
    placement: str = UNKNOWN
    skin_preparation: str = UNKNOWN
    hardware_filter: str = UNKNOWN
    mains_hz: float | None = None

    @property
    def electrode(self) -> Electrode:
        """The pads, for a calibration."""
        return Electrode(
            type=_known(self.electrode_type),
            size_mm=self.electrode_size_mm,
            spacing_mm=self.electrode_distance_mm,
            reference_place=_known(self.reference_place),
            skin_preparation=_known(self.skin_preparation),
        )

    def with_pads(self, electrode: Electrode) -> "Kit":
        """The kit with the pads that a calibration was made with, where it says so."""
        return msgspec.structs.replace(
            self,
            electrode_type=electrode.type or self.electrode_type,
            electrode_size_mm=electrode.size_mm or self.electrode_size_mm,
            electrode_distance_mm=electrode.spacing_mm or self.electrode_distance_mm,
            reference_place=electrode.reference_place or self.reference_place,
            skin_preparation=electrode.skin_preparation or self.skin_preparation,
        )


def _known(text: str) -> str | None:
    return None if text == UNKNOWN else text


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kits: tuple[Kit, ...] = ()


def read_kits(root: Path) -> tuple[Kit, ...]:
    """Read every kit that is described; none where nothing was asked yet.

    Parameters
    ----------
    root : Path
        Folder of all recordings.

    Raises
    ------
    RecordingError
        If the file is there and cannot be understood.
    """
    path = root / KITS_NAME
    try:
        return msgspec.convert(tomllib.loads(read_small(path).decode("utf-8-sig")), _File).kits
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise RecordingError(explain(error, path), str(error)) from error
    except (ValueError, RecursionError) as error:  # neither text, nor TOML, nor what a kit is
        raise RecordingError(f"'{path}' cannot be understood ({error}); mend it or put it aside.") from error


def kit_of(kits: Sequence[Kit], sources: Sequence[str]) -> Kit:
    """Find the kit that a session was recorded with; one of which nothing is known if none fits its first source."""
    fitting = [
        (len(begin), number)
        for number, kit in enumerate(kits)
        for begin in kit.sources
        if sources and sources[0].startswith(begin)
    ]
    return kits[max(fitting)[1]] if fitting else Kit(sources=())


def remember_kit(root: Path, kit: Kit) -> None:
    """Keep a kit in place of any other of the same sources.

    Raises
    ------
    RecordingError
        If the file cannot be read or written.
    """
    others = [known for known in read_kits(root) if not set(known.sources) & set(kit.sources)]
    text = "\n".join(map(_table, (*others, kit)))
    try:
        with replace_file(root / KITS_NAME) as file:
            file.write(text.encode())
    except OSError as error:
        raise RecordingError(explain(error, root), str(error)) from error


def _table(kit: Kit) -> str:
    # A JSON string, number or list of strings is one of TOML too, but for one control code.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in msgspec.to_builtins(kit).items())
    return "[[kits]]\n" + "".join(lines).replace("\x7f", "\\u007f")
