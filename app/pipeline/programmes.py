"""Where programmes come from: those that ship with the application, and files in a folder of the user's own."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import platformdirs

from app.session.programme import Programme, ProgrammeError, parse_programme
from app.small_file import read_small

LARGEST_BYTES: Final = 1_000_000
"""An exercise or a plan is some lines of text; a larger file is something else."""

_ID_LINE: Final = re.compile(r"^id\s*=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every programme that can be trained.

    Attributes
    ----------
    shipped, own : tuple of Programme
    refused : tuple of str
        One sentence for each file of the user's own that is wrong; the others are there all the same.
    """

    shipped: tuple[Programme, ...]
    own: tuple[Programme, ...]
    refused: tuple[str, ...]

    @property
    def all(self) -> tuple[Programme, ...]:
        """Those that ship, then the user's own."""
        return *self.shipped, *self.own


def own_folder() -> Path:
    """Folder of the user's own programmes; it need not be there."""
    return platformdirs.user_data_path("glutewake", appauthor=False) / "programmes"


def programme_ids() -> tuple[str, ...]:
    """Ids of the programmes that come with the application."""
    folder = files("assets") / "programmes"
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def all_programmes() -> Shelf:
    """Read every programme; a wrong file of the user's own hides no other."""
    own: dict[str, Programme] = {}
    refused: list[str] = []
    for path in _own_files():
        try:
            programme = _read(path)
        except ProgrammeError as error:
            refused.append(str(error))
            continue
        if programme.id in own:
            refused.append(
                f"The programme {path} has the same id as another one of yours, '{programme.id}'; change it."
            )
        else:
            own[programme.id] = programme
    return Shelf(tuple(_shipped(name) for name in programme_ids()), tuple(own.values()), tuple(refused))


def load_programme(name: str) -> Programme:
    """Load a programme by its id, or from a TOML file if `name` is a path.

    Raises
    ------
    ProgrammeError
        If there is no such programme, or the file is wrong.
    """
    return _shipped(name) if name in programme_ids() else _read(_path_of(name))


def copy_programme(name: str) -> Path:
    """Copy a programme into the user's own folder, to be edited there.

    Parameters
    ----------
    name : str
        Id of any programme, or the path of a TOML file.

    Returns
    -------
    Path
        The copy. It has an id of its own, and is named by it.

    Raises
    ------
    ProgrammeError
        If there is no such programme, or it cannot be written.
    """
    programme = load_programme(name)
    taken = {one.id for one in all_programmes().all} | {path.stem for path in _own_files()}
    names = (f"{programme.id}-own{number}" for number in ("", *(f"-{again}" for again in range(2, len(taken) + 3))))
    new = next(one for one in names if one not in taken)
    path = own_folder() / f"{new}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_ID_LINE.sub(f'id = "{new}"', _text_of(name), count=1))
    except OSError as error:
        raise ProgrammeError(
            f"The programme {path} cannot be written: {error.strerror}; check the disk, or who may write there."
        ) from None
    return path


def _own_files() -> Iterator[Path]:
    yield from sorted(own_folder().glob("*.toml"))


def _shipped(name: str) -> Programme:
    return parse_programme(_text_of(name), name)


def _read(path: Path) -> Programme:
    programme = parse_programme(_file_text(path), str(path))
    if programme.id in programme_ids() and programme != _shipped(programme.id):
        raise ProgrammeError(f"The programme {path} has the id '{programme.id}' of one that ships; give it another.")
    return programme


def _text_of(name: str) -> str:
    """Text of a programme that ships, of one of the user's own, or of a file."""
    if name in programme_ids():
        return (files("assets") / "programmes" / f"{name}.toml").read_text(encoding="utf-8")
    return _file_text(_path_of(name))


def _path_of(name: str) -> Path:
    if Path(name).suffix == ".toml":
        return Path(name)
    for path in _own_files():
        with contextlib.suppress(ProgrammeError):
            if _read(path).id == name:
                return path
    known = ", ".join((*programme_ids(), *(programme.id for programme in all_programmes().own)))
    raise ProgrammeError(f"There is no programme '{name}'; there are {known}, or name a .toml file.")


def _file_text(path: Path) -> str:
    try:
        return read_small(path, LARGEST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProgrammeError(
            f"The programme {path} cannot be read: it is not text in UTF-8; save it as UTF-8."
        ) from None
    except OSError as error:
        raise ProgrammeError(f"The programme {path} cannot be read: {error.strerror}; choose another file.") from None
