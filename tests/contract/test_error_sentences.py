"""Every error of drivers, recordings, history and report is one sentence that says what is wrong and what to do."""

import ast
import re
from importlib import import_module

import pytest
from babel.messages.pofile import read_po

from app.language import LANGUAGES
from drivers.errors import UserFacingError
from scripts.texts import of_sentences, template
from scripts.translate import ROOT, po_path

TREES = ("drivers.errors", "drivers.ble_errors", "app.recording.errors", "app.history.errors", "app.report.errors")
EXPLAINED = {"BluetoothUnavailableError": "drivers/ble_errors.py", "RecordingError": "app/recording/errors.py"}
"""Where the sentences of a class are chosen by what the system said."""
REMEDY = re.compile(
    r"\b(add|bring|calibrate|check|choose|close|connect|convert|copy|cut|delete|do it again|end|export|flash|free|give|"
    r"hold|install|knock|leave|let|look|make|mend|move|name|open|plug|power|push|put|record|reinstall|restart|save|start|"
    r"stop|switch|tap|tell|try|unplug|update|use|wait|write)\b"
    r"|must be |(needs|need|takes|are|have) (\{|more|two units|a channel)|a Cyton has|say reps=|begin it|is it "
    r"|is the maker|lists the ports|makes it anew|\{(wake_hint|_no_lines|readable|unplug|trouble)\}"
)
"""What to do, or what would be right; some of it is a value of the sentence."""
NOTHING_TO_DO = {
    "A calibration is no training; it lies among the calibrations of its person.",
    "'{address}' is a Human-Human Interface, which stimulates; never train beside a muscle or nerve stimulator.",
    "'{address}' is no serial port: Muscle and Neuron SpikerBox Pro from before 2023 cannot be used here.",
    "At most two sources can be open at once, one for each glute.",
    "Both sides come from one unit and share its clock: nothing has to be measured.",
    "'{path}' is not what was copied; the disk may be failing.",
    "'{output}' is there already, and nothing is ever overwritten.",
    "The recording is not open.",
    "{trouble} The recordings stay where they are.",
    "The simulated person is not there yet.",
}
"""What says by itself all that can be done, or only ever reaches a programmer."""


def classes(of: type[UserFacingError] = UserFacingError) -> set[str]:
    """Names of all classes of the trees."""
    for module in TREES:
        import_module(module)
    return {of.__name__}.union(*(classes(sub) for sub in of.__subclasses__() if sub.__module__ in TREES))


def sentences() -> list[tuple[str, str]]:
    """Each class that is made somewhere, with a sentence that it is made with."""
    names = classes()
    found: list[tuple[str, str]] = []
    for name, module in EXPLAINED.items():
        found += [(name, text) for text in of_sentences(ROOT / module, only_errors=False) if isinstance(text, str)]
    for path in sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("drivers/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
                first = node.args[0]
                for part in [first, *(first.values if isinstance(first, ast.BoolOp) else ())]:
                    if isinstance(part, ast.JoinedStr):
                        found.append((node.func.id, template(part)))
                    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found.append((node.func.id, part.value))
    return found


def test_every_error_says_what_to_do():
    said = {text for _name, text in sentences()}
    assert said >= NOTHING_TO_DO
    assert {text for text in said - NOTHING_TO_DO if not REMEDY.search(text)} == set()


def test_every_class_of_the_trees_is_told_in_some_sentence():
    # the roots alone are never raised: they gather what is beneath them
    assert classes() - {name for name, _text in sentences()} == {"UserFacingError"}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_error_is_translated(language):
    with po_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    known = {message.id for message in catalog if message.id and message.string and not message.fuzzy}
    said = {text for _name, text in sentences() if len(re.findall("[a-z]{2}", re.sub(r"\{[^}]*\}", "", text))) > 1}
    assert said - known == set()
