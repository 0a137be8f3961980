"""Where programmes come from: those that ship with the application, and files of the user's own."""

from importlib.resources import files
from pathlib import Path

from app.session.programme import Programme, ProgrammeError, parse_programme


def programme_ids() -> tuple[str, ...]:
    """Ids of the programmes that come with the application."""
    folder = files("assets") / "programmes"
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def load_programme(name: str) -> Programme:
    """Load a programme by its id, or from a TOML file if `name` is a path.

    Raises
    ------
    ProgrammeError
        If there is no such programme, or the file is wrong.
    """
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return parse_programme(path.read_text(encoding="utf-8"), str(path))
        except UnicodeDecodeError:
            raise ProgrammeError(f"The programme {path} cannot be read: it is not text in UTF-8.") from None
        except OSError as error:
            raise ProgrammeError(f"The programme {path} cannot be read: {error.strerror}.") from None
    if name not in programme_ids():
        raise ProgrammeError(
            f"There is no programme '{name}'; there are {', '.join(programme_ids())}, or name a .toml file."
        )
    return parse_programme((files("assets") / "programmes" / f"{name}.toml").read_text(encoding="utf-8"), name)
