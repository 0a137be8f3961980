"""README, ARCHITECTURE and CONTRIBUTING are true of the code beside them."""

import ast
import re
import tomllib

import pytest

from scripts.translate import ROOT

PAPERS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def rows(chapter: str) -> list[list[str]]:
    """Cells of the table in a chapter."""
    text = ARCHITECTURE.split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and "---" not in line]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_a_paper_links_to_is_there(paper):
    text = (ROOT / paper).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_module_of_the_architecture_is_there():
    missing = []
    for modules, _what in rows("Who builds what")[1:]:
        folder = ""
        for name in re.findall("`([^`]+)`", modules):
            folder = name.rpartition("/")[0] if "/" in name.rstrip("/") else folder
            path = name if name.startswith(("app/", "drivers/", "dsp/")) else f"{folder}/{name}"
            if not list(ROOT.glob(path.rstrip("/"))):
                missing.append(path)
    assert missing == []


def test_every_package_that_ships_has_its_reason_and_no_other():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split("[>=<]", package)[0].lower() for package in project["dependencies"]}
    told = {cells[0].split(" (")[0].lower() for cells in rows("What it is built on")[1:]}
    assert told - needed == {"inter, inter display"}
    assert needed - told == set()
    assert all(len(cells) == 3 and all(cells) for cells in rows("What it is built on"))


def test_every_thread_is_told():
    named = set()
    for path in (*ROOT.glob("app/**/*.py"), *ROOT.glob("drivers/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "threading.Thread":
                (name,) = (keyword.value for keyword in node.keywords if keyword.arg == "name")
                named |= {name.value} if isinstance(name, ast.Constant) else set()  # else it is one of several
    told = set(re.findall("`([^`]+)`", " ".join(cells[0] for cells in rows("Threads"))))
    assert named - told == set()
