"""What a screen reader finds on the accessibility bus: each page of the window, then the running application."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.xvfb import has_xvfb
from tests.system.accessible_child import NAMES

if sys.platform != "linux":
    pytest.skip("the accessibility bus is Linux's", allow_module_level=True)

from scripts.accessibility import TO_ACT_ON, Node, Reader, desktop, missing

REPOSITORY = Path(__file__).resolve().parents[2]
LISTENED_S = 12.0
MOST_A_SECOND = 10.0
"""Changes that are announced while somebody squeezes: two gauges, status, cue, and what is new of each squeeze."""

pytestmark = [
    pytest.mark.full,
    pytest.mark.xvfb,
    pytest.mark.skipif(bool(missing()) or not has_xvfb(), reason=f"not here: {missing()}"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with desktop(tmp_path_factory.mktemp("bus")) as there:
        yield there


def read_every_page(environment: dict[str, str], reader_language: str) -> dict[str, list[Node]]:
    """Open each page in each state, in another process, and list what is found there."""
    command = [sys.executable, "-m", "tests.system.accessible_child", reader_language]
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        asked, told = child.stdin, child.stdout

        async def read() -> dict[str, list[Node]]:
            found = {}
            async with Reader(environment["DBUS_SESSION_BUS_ADDRESS"]) as reader:
                for name in NAMES:
                    asked.write(f"{name}\n")
                    asked.flush()
                    assert told.readline().strip() == name
                    found[name] = await reader.showing(await reader.application())
            return found

        try:
            return asyncio.run(read())
        finally:
            child.kill()


@pytest.fixture(scope="module")
def pages(environment: dict[str, str]) -> dict[str, list[Node]]:
    return read_every_page(environment, "en")


def to_act_on(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.role in TO_ACT_ON or "focusable" in node.states]


def test_everything_to_act_on_has_a_name(pages):
    nameless = {name: [str(node) for node in to_act_on(nodes) if not node.name] for name, nodes in pages.items()}
    assert {name: found for name, found in nameless.items() if found} == {}


def test_no_two_things_to_act_on_are_told_alike(pages):
    alike = {}
    for name, nodes in pages.items():
        told = Counter((node.name, node.description) for node in to_act_on(nodes))
        alike[name] = [words for words, number in told.items() if number > 1]
    assert {name: found for name, found in alike.items() if found} == {}


def test_what_stands_there_is_a_label_or_a_panel_and_no_filler(pages):
    told = {
        name: [str(node) for node in nodes if node.role == "filler" and node.description]
        for name, nodes in pages.items()
    }
    assert {name: found for name, found in told.items() if found} == {}


def test_the_window_is_a_window_for_a_screen_reader(pages):
    assert {nodes[1].role for nodes in pages.values()} == {"frame"}


def test_the_cue_is_read_first_and_the_sides_tell_their_value(pages):
    train = [node for node in pages["train"] if node.role in ("label", "progress bar")]
    assert train[0].name.startswith("LEFT: squeeze now")
    assert [(node.name, node.value) for node in train[1:4]] == [
        ("Left side", 4.0), ("Right side", 62.0), ("Progress", 40.0)
    ]  # fmt: skip
    assert train[1].description == "4 %, not yet, goal 45 %"


def test_german_readers_hear_german_names(environment, pages):
    german = read_every_page(environment, "de")
    same = set()
    for name, nodes in pages.items():
        english, its = ({node.name for node in to_act_on(found)} for found in (nodes, german[name]))
        same |= {words for words in english & its if " " in words and not any(map(str.isdigit, words))}
    assert same <= {"USB Serial", "BioAmp on Arduino", "Plain text lines"}  # what devices are called


def test_a_screen_reader_goes_through_the_running_application_and_is_not_flooded(environment, tmp_path):
    command = [sys.executable, "-m", "app", "--source", "sim:sleepy-left?seed=2", "--record", str(tmp_path / "kept")]
    command += ["--settings", str(tmp_path / "settings.toml"), "--language", "en"]

    async def go() -> tuple[Counter[str], list[str]]:
        async with Reader(environment["DBUS_SESSION_BUS_ADDRESS"]) as reader:
            application = await reader.application()
            while not [node for node in await reader.showing(application) if node.name.startswith("Lag")]:
                await asyncio.sleep(0.1)
            heard = await reader.listen(LISTENED_S)
            opened = []
            for page in [node for node in await reader.showing(application) if node.role == "radio button"]:
                await reader.press(page)
                await asyncio.sleep(0.5)
                opened += [node.name for node in await reader.showing(application) if "checked" in node.states]
            return Counter(change for change, _place, _told in heard), opened

    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        try:
            heard, opened = asyncio.run(go())
        finally:
            child.terminate()
    assert opened == ["Train", "Sensors", "Calibrate", "History", "Review", "Setup"]
    assert heard["PropertyChange:accessible-value"] > 0
    assert heard.total() < MOST_A_SECOND * LISTENED_S
