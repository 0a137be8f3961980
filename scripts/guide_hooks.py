"""What MkDocs asks while it builds the guide: pages take over what the application says, so that no text is double.

``<!-- insert: exercises -->`` in a page becomes every programme, ``<!-- insert: pads -->`` where the pads of each
muscle go, ``<!-- insert: care -->`` the questions before the first session, ``<!-- insert: file PATH -->`` a file as it
is. Links to ``../assets`` go to copies within the guide.

Pages beneath ``docs/de`` get all of it in German, with a navigation of their own: the section "Deutsch" of mkdocs.yml.
The button of languages leads to the same page in the other one, where there is one.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from app import language
from app.language import _
from app.pipeline.programmes import all_programmes
from app.session.programme import Programme
from app.ui import care_words, start_words
from app.ui.placement_words import CHAPTERS, SKIN_AND_PADS, steps_of
from app.ui.sensor_words import LANDMARKS, PLACEMENTS, STEPS
from app.ui.widgets.exercise_list import STEPS as GROUPS

ROOT: Final = Path(__file__).resolve().parent.parent
ASSETS: Final = ROOT / "assets"
INSERT: Final = re.compile(r"<!-- insert: (\w+) ?(\S*) -->")
GERMAN: Final[dict[str, str]] = tomllib.loads((ROOT / "docs" / "de" / "words.toml").read_text(encoding="utf-8"))
"""What the guide itself says around texts of the application."""
NAMES: Final = {"en": "English", "de": "Deutsch"}
HOMES: Final = {"en": "index.html", "de": "de/index.html"}


def own(text: str) -> str:
    """A text of the guide's own, in the language in force."""
    return GERMAN[text] if language.language() == "de" else text


# -- what is inserted ------------------------------------------------------------------------------------------


def exercises() -> Iterator[str]:
    """Every programme, grouped as the window groups them."""
    shipped = all_programmes().shipped
    titles = {programme.id: programme.title for programme in shipped}
    for step, name in GROUPS:
        yield f"## {_(name)} {{#{step}}}"
        for programme in shipped:
            if programme.step == step:
                yield from exercise(programme, titles)


def exercise(programme: Programme, titles: dict[str, str]) -> Iterator[str]:
    """One programme, whole."""
    yield f"### {_(programme.title)} {{#{programme.id}}}"
    yield _(programme.purpose)
    if programme.drawing:
        yield f"![{_(programme.title)}]({_up()}drawings/exercises/{programme.drawing}.svg)"
    facts = {"Position": _(programme.position), "Muscle": _(programme.muscle)}
    if programme.compensators:
        facts["Helpers"] = ", ".join(_(PLACEMENTS[helper]).lower() for helper in programme.compensators)
    yield " · ".join(f"{own(name)}: {value}" for name, value in facts.items())
    if programme.muscle != "gluteus maximus":
        pads_of = own("Other pads than for the gluteus maximus, and a reference made there.")
        yield f"[{pads_of}](pads.md#{programme.muscle.replace(' ', '-')})"
    if programme.sensors == "optional":
        yield own("Can be done without sensors; it is then marked *not measured*.")
    yield "\n".join(f"{number}. {_(step)}" for number, step in enumerate(programme.setup, start=1))
    steps = zip(
        (phase for phase in programme.phases if phase.kind != "rest"), start_words.steps(programme)[1:], strict=True
    )
    planned = [f"{_(phase.ask) or name}: {detail}" for phase, (name, detail, _minutes) in steps]
    yield f"**{own('Planned')}:** {'; '.join(planned)}."
    for name, lines in (
        ("Careful", programme.cautions),
        ("If it does not work", [hint.text for hint in programme.hints]),
    ):
        if lines:
            yield f"**{own(name)}:**"
            yield "\n".join(f"- {_(line)}" for line in lines)
    if programme.move_on:
        yield f"**{own('Move on when')}:** {_(programme.move_on)}"
    if programme.next:
        yield f"**{own('Next')}:** [{_(titles[programme.next])}](#{programme.next})"


def pads() -> Iterator[str]:
    """Where the pads of each muscle go, and what holds for all of them."""
    for muscle, name in PLACEMENTS.items():
        yield f"## {_(name)} {{#{muscle}}}"
        yield f"![{_(name)}. {own('From behind: left is your left.')}]({_up()}drawings/{_copy_of(muscle)})"
        yield "\n".join(f"{number}. {_(step)}" for number, step in enumerate(STEPS[muscle], start=1))
    yield f"## {_(CHAPTERS[1])} {{#skin}}"
    yield "\n".join(f"{number}. {_(step)}" for number, step in enumerate(SKIN_AND_PADS, start=1))
    yield f"## {_(CHAPTERS[2])} {{#cables}}"
    yield "\n".join(f"- {step}" for step in steps_of(2, (), ""))


def care() -> Iterator[str]:
    """The questions before the first session, and what a yes asks for."""
    yield "\n".join(
        f"{number}. {_(question)}. *{_(care_words.REMEDIES[name])}*"
        for number, (name, question) in enumerate(care_words.QUESTIONS.items(), start=1)
    )


def file(path: str) -> Iterator[str]:
    """A file of the repository, as it is."""
    text = (ROOT / path).read_text(encoding="utf-8").rstrip()
    yield f"```{'python' if path.endswith('.py') else 'r'}\n{text}\n```"


INSERTS: Final[dict[str, Callable[..., Iterator[str]]]] = {
    "exercises": exercises, "pads": pads, "care": care, "file": file,
}  # fmt: skip


def _up() -> str:
    return "../" if language.language() == "de" else ""


# -- what MkDocs calls -----------------------------------------------------------------------------------------


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Part the languages: whoever turns pages stays in one."""
    for page in nav.pages:
        after = page.next_page
        if after is not None and reader_of(page) != reader_of(after):
            page.next_page = after.previous_page = None
    return nav


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put in what the application says."""
    language.use(reader_of(page))
    try:
        markdown = INSERT.sub(lambda found: "\n\n".join(INSERTS[found[1]](*filter(None, [found[2]]))), markdown)
    finally:
        language.use("en")
    return markdown.replace("](../assets/schema/", "](schema/")


def on_page_context(context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    """Lead through the pages of one language, in its words, and to this page in the other one."""
    reader = reader_of(page)
    (german,) = (item for item in nav.items if isinstance(item, Section) and item.title == NAMES["de"])
    items = german.children if reader == "de" else [item for item in nav.items if item is not german]
    context["nav"] = Navigation(items, nav.pages)
    config.theme["language"] = reader
    config.extra["homepage"] = HOMES[reader]
    name = page.file.dest_uri.removeprefix("de/")
    there = {of.file.dest_uri for of in nav.pages}
    links = {"en": name, "de": f"de/{name}"}
    config.extra["alternate"] = [
        {"lang": of, "name": NAMES[of], "link": link if link in there else HOMES[of]} for of, link in links.items()
    ]
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Say at the foot of German pages in German what this is."""
    said = config.copyright or ""
    return output.replace(said, GERMAN[said]) if reader_of(page) == "de" else output


def reader_of(page: Page) -> language.Language:
    """The language of a page."""
    return "de" if page.file.src_uri.startswith("de/") else "en"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add drawings and schemas, which lie elsewhere in the repository."""
    for path in sorted(ASSETS.glob("drawings/exercises/*.svg")):
        files.append(File.generated(config, f"drawings/exercises/{path.name}", content=grounded(path.read_text())))
    for reader in language.LANGUAGES:
        language.use(reader)
        for muscle in PLACEMENTS:
            files.append(File.generated(config, f"drawings/{_copy_of(muscle)}", content=placement(muscle)))
    language.use("en")
    for path in sorted(ASSETS.glob("schema/*.json")):
        files.append(File.generated(config, f"schema/{path.name}", content=path.read_text(encoding="utf-8")))
    return files


def _copy_of(muscle: str) -> str:
    return f"{muscle}.{language.language()}.svg"


def grounded(svg: str) -> str:
    """Lay a drawing on the ground of the dark theme, whose inks it has."""
    found = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"[^>]*>', svg)
    assert found is not None
    x, y, width, height = found.groups()
    ground = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{_inks()["ground"]}"/>'
    return svg[: found.end()] + ground + svg[found.end() :]


def placement(muscle: str) -> str:
    """The body with the pads of a muscle on it, its sides and landmarks named, as the Sensors page draws it."""
    over = (ASSETS / "drawings" / f"{muscle}.svg").read_text(encoding="utf-8")
    body = (ASSETS / "drawings" / "body.svg").read_text(encoding="utf-8")
    head = over[: over.index(">", over.index("<svg")) + 1]
    found = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', head)
    assert found is not None
    left, top, width = (float(found[number]) for number in (1, 2, 3))
    inks = _inks()
    names = [
        (_(side).upper(), x, top + 26, inks[side], "600")
        for side, x in (("left", left + 44), ("right", left + width - 44))
    ]
    names += [(_(name), x, y, inks["text2"], "400") for name, x, y in LANDMARKS[muscle]]
    words = "".join(
        f'<text x="{x:g}" y="{y:g}" fill="{ink}" stroke="{inks["well"]}" stroke-width="5" paint-order="stroke" '
        f'font-family="sans-serif" font-size="14" '
        f'font-weight="{weight}" text-anchor="middle">{word}</text>'
        for word, x, y, ink, weight in names
    )
    return grounded(head + _inner(body) + _inner(over) + words + "</svg>")


def _inner(svg: str) -> str:
    """The drawing without its frame; the body keeps what its frame says of strokes."""
    head = svg[: svg.index(">", svg.index("<svg")) + 1]
    kept = " ".join(re.findall(r'(?:fill|stroke-linecap|stroke-linejoin|stroke-width|stroke)="[^"]*"', head))
    return f"<g {kept}>{svg[svg.index(head) + len(head) : svg.rindex('</svg>')]}</g>"


def _inks() -> dict[str, str]:
    tokens = tomllib.loads((ASSETS / "themes" / "tokens.toml").read_text(encoding="utf-8"))
    inks: dict[str, str] = tokens["dark"]
    return inks
