"""The guide that Help opens: whole, alive in every link, and asking nothing of a network."""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from app.pipeline.programmes import all_programmes
from app.ui.guide import PAGES as PAGES_OF_THE_WINDOW
from scripts.guide import DOCS, GUIDE, PICTURES, ROOT

EXTERNAL: set[str] = set()
"""Every link of the guide that leads out of it; a new one is written down here on purpose."""
PAGES = sorted(path.relative_to(GUIDE).as_posix() for path in GUIDE.glob("**/*.html"))
DRIVERS = ("text", "nus", "myoware", "cyton", "ganglion", "chords", "npg", "spikerbox", "bitalino", "umyo")


class _Page(HTMLParser):
    """What a page links to, loads, and can be linked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if "id" in named:
            self.ids.add(named["id"])
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        elif "src" in named or (tag == "link" and "href" in named and named.get("rel") not in ("prev", "next")):
            self.loads.append(named.get("src") or named["href"])

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@cache
def read(page: Path) -> _Page:
    return _Page(page.read_text(encoding="utf-8"))


def dead_links(page: Path) -> list[str]:
    """What a page links to or loads from beside it, and is not there: files, pictures, places within a page."""

    def is_alive(link: str) -> bool:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            return True
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_file():
            return False
        return not parts.fragment or target.suffix != ".html" or unquote(parts.fragment) in read(target).ids

    return [link for link in (*read(page).links, *read(page).loads) if not is_alive(link)]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, str]:
    """The guide built anew, and what MkDocs had to say; in a process of its own, for it sets up logs and warnings."""
    folder = tmp_path_factory.mktemp("guide") / "site"
    code = "import logging, sys; logging.basicConfig(); from scripts.guide import *; build(Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout + done.stderr


def test_the_guide_is_built_without_a_warning(built):
    assert "WARNING" not in built[1]


def test_the_guide_that_ships_was_made_from_the_pages_as_they_are(built):
    def contents(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
            for path in folder.glob("**/*")
            if path.is_file()
        }

    fresh, kept = contents(built[0]), contents(GUIDE)
    assert {name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name)} == set(), (
        "run python -m scripts.guide"
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_guide_is_alive(page):
    assert dead_links(GUIDE / page) == []


@pytest.mark.parametrize("dead", ["gone.html", "page.html#gone", "#gone", "../page.html", "images/gone.webp", "folder"])
def test_a_link_that_leads_nowhere_is_seen(tmp_path, dead):
    site = tmp_path / "site"
    (site / "folder").mkdir(parents=True)
    (site / "page.html").write_text('<h2 id="there">There</h2>')
    alive = '<a href="page.html#there">1</a><a href="#here" id="here">2</a><a href="https://example.org/x">3</a>'
    one = f'<img src="{dead}">' if dead.endswith("webp") else f'<a href="{dead}">dead</a>'
    (site / "index.html").write_text(alive + one)

    assert dead_links(site / "index.html") == [dead]


def test_every_link_that_leads_out_is_known():
    out = {link for page in PAGES for link in read(GUIDE / page).links if urlsplit(link).scheme}
    assert out == EXTERNAL


def test_no_page_loads_anything_from_a_network():
    outside = re.compile(rb"""(?:url\(|src=|@import\s)["']?(?:https?:)?//""")
    assert [link for page in PAGES for link in read(GUIDE / page).loads if urlsplit(link).netloc] == []
    styles = [*GUIDE.glob("**/*.css"), *GUIDE.glob("**/*.html")]
    assert [path.name for path in styles if outside.search(path.read_bytes())] == []


def test_every_exercise_that_ships_is_explained_in_both_languages():
    for page in ("exercises.html", "de/exercises.html"):
        assert {programme.id for programme in all_programmes().shipped} <= read(GUIDE / page).ids


def test_every_device_says_its_traps_and_its_isolation():
    devices = (DOCS / "devices.md").read_text(encoding="utf-8")
    sections = devices.split("\n## ")[2:]
    for scheme in DRIVERS:
        (section,) = (text for text in sections if re.search(rf"`{scheme}:", text) and f"`{scheme}:" in text[:400])
        assert "**What to look out for**" in section
        assert "**Isolation**" in section


GERMAN = [page.removeprefix("de/") for page in PAGES if page.startswith("de/")]
FOR_WHO_TRAINS = [page for page in PAGES if page.removeprefix("de/") in GERMAN]
NEVER_SAID = re.compile(
    r"\b(asleep|awake|woke|abnormal|streak|fires|firing|own maximum|du|dein\w*|dich|schläft|abnorm\w*)\b", re.IGNORECASE
)
"""A state is what one squeeze showed (mock-ups, "Words"); German speaks to nobody by du."""
SHORTER = {"devices.html"}
"""One table of all sensors, with links to the English page for the rest."""


@pytest.mark.parametrize("page", GERMAN)
def test_a_german_page_is_german_and_has_the_chapters_of_the_english_one(page):
    assert '<html lang="de"' in (GUIDE / "de" / page).read_text(encoding="utf-8")

    def chapters(of: Path) -> list[str]:
        return re.findall(r'<h2 id="([^"]+)"', of.read_text(encoding="utf-8"))

    if page not in SHORTER:
        assert chapters(GUIDE / "de" / page) == chapters(GUIDE / page)


def test_whoever_trains_or_treats_finds_every_page_in_german():
    assert set(GERMAN) >= {
        *(f"{page}.html" for page in PAGES_OF_THE_WINDOW),
        *("index.html", "training.html", "sound.html", "plans.html", "exercises.html", "devices.html", "troubles.html"),
    }


@pytest.mark.parametrize("page", FOR_WHO_TRAINS)
def test_pages_for_who_trains_or_treats_say_what_was_seen_and_call_nobody_names(page):
    own = "".join(part for part in read(GUIDE / page).texts if "{" not in part)  # what stands there, and no script
    assert NEVER_SAID.findall(own) == []


@pytest.mark.parametrize("page", PAGES)
def test_the_navigation_stays_in_the_language_of_the_page(page):
    text = (GUIDE / page).read_text(encoding="utf-8")
    ways = re.findall(r'<a href="([^"#]+)[^"]*" class="md-(?:nav__link|footer__link)', text)
    there = {(GUIDE / page).parent.joinpath(way).resolve().relative_to(GUIDE.resolve()) for way in ways}
    assert {way.parts[0] == "de" for way in there} == {page.startswith("de/")}


@pytest.mark.parametrize("page", PAGES)
def test_one_button_leads_to_the_page_in_the_other_language(page):
    text = (GUIDE / page).read_text(encoding="utf-8")
    twins = dict(re.findall(r'<a href="([^"]+)" hreflang="(\w+)"', text))
    there = {of: (GUIDE / page).parent.joinpath(link).resolve() for link, of in twins.items()}
    name = page.removeprefix("de/")
    assert there["en"] == (GUIDE / name).resolve()
    assert there["de"] == (GUIDE / "de" / (name if name in GERMAN else "index.html")).resolve()


def test_pictures_are_few_and_small():
    pictures = [path for path in (DOCS / "images").glob("**/*.webp")]
    taken = {("" if reader == "en" else f"{reader}/") + name for reader, names in PICTURES.items() for name in names}
    assert {path.relative_to(DOCS / "images").with_suffix("").as_posix() for path in pictures} == taken
    assert sum(path.stat().st_size for path in pictures) < 1_500_000
    assert sum(path.stat().st_size for path in GUIDE.glob("**/*") if path.is_file()) < 3_000_000


def test_the_guide_names_no_place_of_the_computer_that_built_it():
    for path in GUIDE.glob("**/*.html"):
        assert str(ROOT) not in path.read_text(encoding="utf-8")
