"""Every error that a user can be told is one sentence that says what is wrong and what to do.

Classes and the places where they are made are found in the code itself; where a sentence comes from elsewhere it is
followed there, and a place that cannot be followed fails.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.language import LANGUAGES
from scripts.texts import is_sentence, template, variants
from scripts.translate import ROOT, po_path

ROOTS = {"UserFacingError", "AnswerError", "LevelsError", "PlanError", "ProgrammeError", "WrongUsageError"}
"""What `app.main` and the window tell a user; all that is derived from one of them is told too."""
NEVER_TOLD = {"BrokenPromiseError", "NoSoundError", "SinkLostError", "StoppedError"}
"""Caught where they are raised for, by something that says it in its own way; or for authors of plugins."""
CARRIED = {"sentence", "reason", "_fault", "line"}
"""Attributes that hold a sentence which was made, and is looked at, elsewhere."""
ELSEWHERE = {
    "sentence.replace(str(path.resolve()), str(path))",  # written by a process of ours that reads the same file
    "gatt.problem()",  # of the radio: one of drivers/ble_errors.py
}
"""What an error is made with, where its sentence does not stand in the code around."""
REMEDY = re.compile(
    r"\b([aA]sk|add|bring|calibrate|check|choose|close|connect|convert|copy|cut|delete|do it again|end|export|flash|"
    r"free|give|hold|install|knock|leave|let|look|make|mend|move|name|open|plug|power|push|put|record|reinstall|restart|"
    r"save|start|stop|switch|tap|take|tell|try|unplug|update|use|wait|write)\b"
    r"|must be |(needs|need|takes|are|have|has) (\{|a |more|two |space|0 to)|say reps=|[sS]ay which|begin it|is it "
    r"|is the maker|a Cyton has|lists (the ports|all)|makes it anew|says what can be"
    r"|is wrong( in line \{line\})?: \{error\}"
    r"|\{(wake_hint|_no_lines|readable|unplug|trouble)\}"
)
"""What to do, or what would be right; some of it is a value of the sentence."""
NOTHING_TO_DO = {
    "A calibration is no training; it lies among the calibrations of its person.",
    "'{address}' is a Human-Human Interface, which stimulates; never train beside a muscle or nerve stimulator.",
    "'{address}' is no serial port: Muscle and Neuron SpikerBox Pro from before 2023 cannot be used here.",
    "At most two sources can be open at once, one for each glute.",
    "Both sides come from one unit and share its clock: nothing has to be measured.",
    "'{path}' is not what was copied; the disk may be failing.",
    "The recording is not open.",
    "{trouble} The recordings stay where they are.",
    "The simulated person is not there yet.",
    "'{address}' is not in reach of Bluetooth.",
    "No {kind} is in reach of Bluetooth.",
    "Others are in reach: {names}.",
}
"""What says by itself all that can be done, only ever reaches a programmer, or stands beside what says it."""


@cache
def modules() -> dict[Path, ast.Module]:
    paths = sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("drivers/**/*.py")])
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def all_nodes() -> Iterator[ast.AST]:
    for tree in modules().values():
        yield from ast.walk(tree)


def name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def bases() -> dict[str, set[str]]:
    """Every class of the application, with what it is derived from."""
    found = [node for node in all_nodes() if isinstance(node, ast.ClassDef)]
    return {node.name: {name_of(base) for base in node.bases} for node in found}


@cache
def classes() -> frozenset[str]:
    """Names of all errors that a user can be told."""
    names, before = set(ROOTS), set[str]()
    while names != before:
        before = set(names)
        names |= {name for name, above in bases().items() if above & names}
    return frozenset(names)


@cache
def constants() -> dict[str, ast.expr]:
    """Texts that stand at the top of a module under a name."""
    return {
        name_of(target): node.value
        for tree in modules().values()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }


@cache
def functions() -> dict[str, list[ast.FunctionDef]]:
    """Every function and method below the window, by its name."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for path, tree in modules().items():
        for node in ast.walk(tree) if "ui" not in path.parts else ():
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


def texts(node: ast.expr, around: ast.AST) -> list[str]:
    """What an error may be made with; nothing where it carries a sentence that was made elsewhere.

    Where neither a text nor the name of one stands, it is one of those in the functions that are asked for it, else in
    the function around it.
    """
    match node:
        case ast.Constant(value=str(text)):
            return [text] if text else []
        case ast.JoinedStr():
            return [template(variant) for variant in variants(node)]
        case ast.BoolOp(values=parts):
            return [text for part in parts for text in texts(part, around)]
        case ast.IfExp(body=one, orelse=other):
            return texts(one, around) + texts(other, around)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="format")) | ast.Name(id=name) if (
            name in constants()
        ):
            return texts(constants()[name], around)
        case ast.Call(func=ast.Name(id="_" | "mark"), args=[first, *_]):
            return texts(first, around)
        case ast.Attribute(attr=name) if name in CARRIED:
            return []
        case ast.Name(id=name) if given := given_to(name, around):
            return [text for value in given for text in texts(value, around)]
    asked = [name_of(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)]
    places: list[ast.AST] = [function for name in asked for function in functions().get(name, ())] or [around]
    names = {name_of(part) for place in places for part in ast.walk(place)}
    places += [table for name, table in constants().items() if name in names and isinstance(table, ast.Dict)]
    found = [text for place in places for text in sentences_in(place)]
    assert found or ast.unparse(node) in ELSEWHERE, f"say where this sentence comes from: {ast.unparse(node)}"
    return found


def given_to(name: str, around: ast.AST) -> list[ast.expr]:
    """What a name of a function is given there."""
    return [
        node.value for node in ast.walk(around) if isinstance(node, ast.Assign) and name in map(name_of, node.targets)
    ]


def sentences_in(place: ast.AST) -> list[str]:
    """Sentences that stand in a function or a table, but for its docstring."""
    strings = [node for node in ast.walk(place) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for string in strings for part in ast.walk(string)}
    inside |= {id(node.value) for node in ast.walk(place) if isinstance(node, ast.Expr)}
    found = [template(variant) for string in strings for variant in variants(string)]
    found += [
        node.value
        for node in ast.walk(place)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside
    ]
    return [text for text in found if is_sentence(text)]


@cache
def sentences() -> list[tuple[str, str]]:
    """Each class that is made somewhere, with each sentence that it may be made with."""
    found: list[tuple[str, str]] = []
    for tree in modules().values():
        made_in: dict[ast.Call, ast.AST] = {}
        for function in (tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and name_of(node.func) in classes():
                    made_in[node] = function  # the innermost one is met last
        for call, function in made_in.items():
            assert call.args, f"{ast.unparse(call)} says nothing"
            found += [(name_of(call.func), text) for text in texts(call.args[0], function)]
    return found


def test_every_error_is_told_or_known_never_to_be():
    errors = {name for name in bases() if name.endswith("Error")}
    assert errors - classes() == NEVER_TOLD


def test_every_error_says_what_to_do():
    said = {text for _name, text in sentences()}
    assert said >= NOTHING_TO_DO
    assert {text for text in said - NOTHING_TO_DO if not REMEDY.search(text)} == set()


def test_every_error_is_told_in_some_sentence():
    # the roots of drivers are never raised: they gather what is beneath them
    assert classes() - {name for name, _text in sentences()} == {"UserFacingError"}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_error_is_translated(language):
    with po_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    known = {message.id for message in catalog if message.id and message.string and not message.fuzzy}
    said = {text for _name, text in sentences() if len(re.findall("[a-z]{2}", re.sub(r"\{[^}]*\}", "", text))) > 1}
    assert said - known == set()


@pytest.mark.parametrize("made", ["RecordingError(told_by_nobody())", "RecordingError(other.words)"])
def test_a_sentence_that_cannot_be_found_is_not_passed_over(made):
    call = ast.parse(made, mode="eval").body
    assert isinstance(call, ast.Call)
    with pytest.raises(AssertionError, match="say where this sentence comes from"):
        texts(call.args[0], call)
