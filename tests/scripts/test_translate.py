import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from app.language import LANGUAGES
from scripts import translate
from scripts.texts import all_texts

TRANSLATED = LANGUAGES[1:]
NEVER = re.compile(
    r"\b(asleep|awake|woke|abnormal|streak|own usual|own maximum|schläft|eingeschlafen|abnormal|krankhaft)\b",
    re.IGNORECASE,
)
"""Words that stand neither on screen nor on paper (mockups README)."""


@pytest.fixture(scope="module", params=TRANSLATED)
def catalog(request):
    with translate.po_path(request.param).open("rb") as file:
        return read_po(file, locale=request.param)


def both(message):
    """A text and its translation, or those of one and of many."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[min(number, 1)], string) for number, string in enumerate(message.string)]


def ids(text):
    return text if isinstance(text, str) else text[0]


def names(text):
    return sorted({(name, spec) for _, name, spec, _ in Formatter().parse(text) if name is not None})


def test_every_text_of_the_application_is_in_the_catalogue_and_no_other(catalog):
    wanted = {ids(text) for text in all_texts(translate.ROOT)}
    there = {ids(message.id) for message in catalog if message.id}
    assert (wanted - there, there - wanted) == (set(), set()), "run python -m scripts.translate"


def test_every_text_is_translated_and_none_is_a_guess(catalog):
    assert translate.untranslated(catalog) == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_a_translation_has_the_same_values_as_its_text(catalog):
    for message in catalog:
        if message.id and all(translation for _text, translation in both(message)):
            for text, translation in both(message):
                dropped = {("n", "")} if text != ids(message.id) or not isinstance(message.id, str) else set()
                assert set(names(translation)) ^ set(names(text)) <= dropped, text


def test_what_is_counted_has_both_plural_forms(catalog):
    plurals = [message for message in catalog if message.id and not isinstance(message.id, str)]
    assert plurals
    assert all(len(message.string) == catalog.num_plurals and all(message.string) for message in plurals)


def test_the_file_that_the_application_reads_is_the_one_that_translators_write(catalog):
    path = translate.po_path("de" if str(catalog.locale) == "de" else "en").with_suffix(".mo")
    assert path.read_bytes() == translate.as_mo(catalog), "run python -m scripts.translate"


def test_the_texts_that_come_filled_in_are_those_of_today():
    assert translate.TEMPLATES.read_bytes() == translate.as_templates(), "run python -m scripts.translate"


def test_neither_text_nor_translation_uses_a_word_that_is_not_used(catalog):
    for message in catalog:
        for text, translation in both(message) if message.id else []:
            assert not NEVER.search(text), text
            assert not NEVER.search(translation), translation


def test_an_f_string_is_a_text_with_names(tmp_path):
    from scripts.texts import of_sentences

    code = tmp_path / "code.py"
    code.write_text("raise ReadError(f\"'{path.name}' cannot be read: {error}; copy {count} of it again.\")\n")
    assert list(of_sentences(code, only_errors=True)) == ["'{name}' cannot be read: {error}; copy {count} of it again."]


def test_a_sentence_that_chooses_between_words_is_a_text_for_each_of_them(tmp_path):
    from scripts.texts import of_sentences

    code = tmp_path / "code.py"
    code.write_text("tell(f\"It holds {n} file{'s' if n > 1 else ''}{'' if at is None else f' in line {at}'}.\")\n")
    assert list(of_sentences(code, only_errors=False)) == [
        "It holds {n} files.",
        "It holds {n} files in line {at}.",
        "It holds {n} file.",
        "It holds {n} file in line {at}.",
    ]


def test_text_that_is_not_for_people_is_left_out(tmp_path):
    from scripts.texts import of_sentences

    code = tmp_path / "code.py"
    code.write_text('"""Says nothing."""\nlog.info("not recorded: %s", 1)\nkey = "no-signal"\n')
    assert list(of_sentences(code, only_errors=False)) == []
