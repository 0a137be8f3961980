"""What a hint says, which the lines know by its id alone."""

from app.pipeline.programmes import load_programme
from app.report.facts import Facts
from app.report.language import Words
from app.session.programme import ProgrammeError


def hint_words(facts: Facts, words: Words) -> str:
    """The hint after which a side joined; empty without one.

    A hint of a programme that is not here any more is told by its id.
    """
    if not facts.hint:
        return ""
    try:
        programme = load_programme(facts.record.started.programme)
    except ProgrammeError:
        return facts.hint.replace("-", " ")
    texts = {hint.id: hint.text for hint in programme.hints}
    return words(texts.get(facts.hint, facts.hint.replace("-", " ")))
