"""Finds the texts that people see or hear, for `scripts.translate`.

Layers that know no language write whole English sentences, with values in f-strings; each becomes a text with names in
braces, as `app.said` looks for it. Where an f-string chooses between words (``{'s' if n > 1 else ''}``), each choice
is a text of its own, and so are the words of a table that it takes a value from. Programmes bring theirs in TOML.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

PLURALS = {"n_", "plural_in"}
CALLS = {"_", "mark", "words", "text_in", "Finding", *PLURALS}
"""What translates; `words`, by which a report does; and what is found by the doctor, which begins with its name."""
BELOW = ("app/session", "app/pipeline", "app/recording", "app/history", "app/settings.py", "app/logs.py", "drivers")
"""What lies beneath the language: its sentences are texts. Elsewhere only those of errors are."""
SPOKEN = ("app/session/calibrating", "app/pipeline/doctor.py")
"""Beneath it too, and so full of words for people that any two of them are a text."""
NOT_FOR_PEOPLE = (
    "app/recording/bids", "app/recording/export/codebook.py", "app/history/migrations", "app/session/events.py",
    "drivers/conformance.py",
)  # fmt: skip
PROGRAMME_NAMES = {
    "id",
    "step",
    "first",
    "next",
    "sensors",
    "position",
    "muscle",
    "scheme",
    "kind",
    "drawing",
    "feedback",
    "order",
    "sites",
    "compensators",
    "programmes",
    "until",
}
"""Keys of a programme or a plan whose values are no texts."""

Text = str | tuple[str, str]
"""A text, or what stands for one and what stands for many."""


def of_calls(path: Path) -> Iterator[Text]:
    """Texts in calls of the functions that translate or mark, those in f-strings too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS:
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if _name(node.func) in PLURALS and len(texts) > 1:
                yield texts[0], texts[1]
            elif _name(node.func) not in PLURALS:
                yield from texts[:1]


def of_sentences(path: Path, *, only_errors: bool, any_words: bool = False) -> Iterator[Text]:
    """Sentences in literals and f-strings.

    Parameters
    ----------
    path : Path
        Of Python code.
    only_errors : bool
        Take those alone with which an error is made.
    any_words : bool
        Take words that are no whole sentence too.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside, tables = _not_texts(tree), _tables(tree)
    for node in ast.walk(tree):
        if only_errors:
            if isinstance(node, ast.Call) and _name(node.func).endswith("Error") and node.args:
                for part in ast.walk(node.args[0]):
                    yield from _sentence(part, inside, tables, is_sentence)
        else:
            yield from _sentence(node, inside, tables, is_words if any_words else is_sentence)


def _sentence(
    node: ast.AST, inside: set[int], tables: Mapping[str, Sequence[str]], is_text: Callable[[str], bool]
) -> Iterator[Text]:
    if id(node) in inside:
        return
    if isinstance(node, ast.JoinedStr):
        for variant in variants(node):
            text = template(variant)
            if is_text(text):
                yield text
                for part in ast.walk(variant):
                    yield from tables.get(_name(part), ()) if isinstance(part, ast.Name) else ()
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_text(node.value):
        yield node.value


def _tables(tree: ast.Module) -> dict[str, list[str]]:
    """Words in the tables of a module, by the name of the table."""
    found = dict[str, list[str]]()
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict):
            parts = [part for value in node.value.values for part in ast.walk(value) if isinstance(part, ast.Constant)]
            words = [part.value for part in parts if isinstance(part.value, str) and re.search("[a-z]{3}", part.value)]
            found[_name(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])] = words
    return found


def variants(node: ast.JoinedStr) -> Iterator[ast.JoinedStr]:
    """Write an f-string once for each of the words between which it chooses."""
    for at, part in enumerate(node.values):
        choice = part.value if isinstance(part, ast.FormattedValue) else None
        if isinstance(choice, ast.IfExp):
            branches = [_as_parts(branch) for branch in (choice.body, choice.orelse)]
            if all(branches):
                for parts in branches:
                    yield from variants(ast.JoinedStr([*node.values[:at], *parts, *node.values[at + 1 :]]))
                return
    yield node


def _as_parts(branch: ast.expr) -> list[ast.expr]:
    """What stands in an f-string where this was chosen; nothing where it is no text."""
    if isinstance(branch, ast.JoinedStr):
        return branch.values
    return [branch] if isinstance(branch, ast.Constant) and isinstance(branch.value, str) else []


def is_sentence(text: str) -> bool:
    """Tell whether a text is for people: a sentence, or several words that begin with a capital."""
    own = re.sub(r"\{[^}]*\}", "", text)
    if len(re.findall(r"[A-Za-z]*[a-z]{2}", own)) < 2 or "\n" in text or "://" in text or "%s" in text:
        return False
    whole = re.match(r"[A-Z'{]|--", text) and re.search(r"[.?!]$", text)
    return bool(whole or re.fullmatch(r" \(.*\)", text)) and " " in own


def is_words(text: str) -> bool:
    """Tell whether a text is a sentence, or several words in a row."""
    return is_sentence(text) or bool(
        re.fullmatch(r"[A-Z]?[a-z]+,?( ([a-z',:]+|\{\w+\}))+[.:]?|[A-Z][a-z]+ \{\w+\}\.", text)
    )


def template(node: ast.JoinedStr) -> str:
    """Write an f-string as a text with names in braces."""
    text, taken = "", dict[str, str]()
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += str(value.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(value, ast.FormattedValue):
            source = ast.unparse(value.value)
            if source not in taken:
                base = _last_name(value.value)
                name = base
                while name in taken.values():
                    name = f"{base}_{len(taken)}"
                taken[source] = name
            text += f"{{{taken[source]}}}"
    return text


def _last_name(value: ast.expr) -> str:
    """The word by which a translator knows a value: that of the last attribute or name in it."""
    names = [node for node in ast.walk(value) if isinstance(node, ast.Name | ast.Attribute) and _name(node) != "self"]
    if not names:
        return "words"
    if isinstance(value, ast.Attribute):
        return value.attr.lower()
    plain = [_name(node) for node in names]
    known = [name for name in plain if name not in ("join", "str", "len", "max", "min", "format", "map", "sorted")]
    return (known or ["words"])[-1].strip("_").lower()


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _not_texts(tree: ast.AST) -> set[int]:
    """Docstrings, texts beneath assignments, and the parts of f-strings."""
    found = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in ast.walk(node)} - {id(node)}
    return found


def of_drivers(path: Path) -> Iterator[Text]:
    """What a person calls a family of devices."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node).startswith("name: ClassVar[str] = "):
            yield ast.literal_eval(node.value) if node.value else ""


def of_programme(path: Path) -> Iterator[Text]:
    """Texts of a programme, or of a plan: all that is no name."""

    def walk(value: object, key: str) -> Iterator[Text]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, key)
        elif isinstance(value, str) and value and key not in PROGRAMME_NAMES:
            yield value

    yield from walk(tomllib.loads(path.read_text(encoding="utf-8")), "")


def all_texts(root: Path) -> list[Text]:
    """Every text of the application, sorted."""
    found = set[Text]()
    for path in sorted([*root.glob("app/**/*.py"), *root.glob("drivers/**/*.py")]):
        name = path.relative_to(root).as_posix()
        found.update(of_calls(path))
        found.update(of_drivers(path))
        if not name.startswith(NOT_FOR_PEOPLE):
            found.update(of_sentences(path, only_errors=not name.startswith(BELOW), any_words=name.startswith(SPOKEN)))
    for path in sorted([*root.glob("assets/programmes/*.toml"), *root.glob("assets/plans/*.toml")]):
        found.update(of_programme(path))
    plural = {text[0] for text in found if isinstance(text, tuple)}
    return sorted((text for text in found if text and text not in plural), key=first)


def templates(root: Path) -> list[Text]:
    """Texts with values in them, which `app.said` looks for, sorted."""
    return [text for text in all_texts(root) if "{" in first(text)]


def first(text: Text) -> str:
    """A text, or what stands for one."""
    return text if isinstance(text, str) else text[0]
