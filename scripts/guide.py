"""Builds the guide that Help opens: ``python -m scripts.guide`` writes ``docs`` as a site into ``assets/guide``.

    python -m scripts.guide              build it
    python -m scripts.guide pictures     take its pictures anew first (`scripts.screenshots`)

The site is kept in the repository because whoever runs GluteWake has no MkDocs. It needs no server and asks nothing of
a network. A test builds it anew and compares.
"""

import logging
import os
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from app.language import Language

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
CONFIG: Final = ROOT / "mkdocs.yml"
GUIDE: Final = ROOT / "assets" / "guide"
USELESS: Final = ("**/*.map", "assets/javascripts/lunr", "search/search_index.json", "sitemap.xml*", "404.html")
"""What only a server or a developer of the theme would read."""
PICTURES: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "train", "train-together", "train-rest", "tour", "sensors", "calibrate", "start", "history", "review", "report",
    ),
    "de": ("train-together", "train-rest", "tour", "sensors", "calibrate", "start", "history", "review", "report"),
}  # fmt: skip
_SIZE: Final = (1280, 800)
_QUALITY: Final = 82


def build(folder: Path) -> None:
    """Build the guide into a folder; what was there goes. A warning ends it with an error."""
    with patch.dict(os.environ, SOURCE_DATE_EPOCH="0"):
        build_site(load_config(str(CONFIG), site_dir=str(folder)))
    for pattern in USELESS:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    licence = next(path for path in distribution("mkdocs-material").files or () if path.name == "LICENSE")
    shutil.copy(str(licence.locate()), folder / "LICENSE-material.txt")  # of the theme, whose files are among them


def take_pictures() -> None:
    """Draw the pages of the window that the guide shows."""
    from PyQt6.QtDBus import QDBusConnection  # a screen is wanted here alone

    from app import language
    from app.ui import awake
    from app.ui.application import make_application
    from scripts.screenshots import Artist

    application = make_application()  # noqa: F841 - Qt ends with its last reference
    with TemporaryDirectory() as folder, patch.object(awake, "bus_of", lambda which: QDBusConnection("none")):
        artist = Artist(Path(folder))
        for reader, names in PICTURES.items():
            language.use(reader)
            target = DOCS / "images" / ("" if reader == "en" else reader)
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                artist.draw(name, _SIZE, 1, "dark").save(str(target / f"{name}.webp"), "webp", _QUALITY)
    language.use("en")


def main(arguments: list[str]) -> int:
    """Build the guide, with new pictures if they are asked for."""
    logging.basicConfig(format="%(message)s")
    if arguments not in ([], ["pictures"]):
        print(f"guide knows 'pictures' alone, not: {' '.join(arguments)}", file=sys.stderr)
        return 2
    if arguments:
        take_pictures()
    with TemporaryDirectory() as folder:
        try:
            build(Path(folder) / "site")
        except Abort:
            print("MkDocs warns of what stands above; the guide stays as it was.", file=sys.stderr)
            return 1
        shutil.rmtree(GUIDE, ignore_errors=True)
        shutil.copytree(Path(folder) / "site", GUIDE)
    size = sum(path.stat().st_size for path in GUIDE.glob("**/*") if path.is_file())
    print(f"{GUIDE.relative_to(ROOT)}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
