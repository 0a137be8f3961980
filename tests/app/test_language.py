import pytest

from app import language, numbers
from app.language import _, n_, use
from app.said import said
from app.session.calibration import age_in_words
from app.session.events import CalibrationInfo


@pytest.fixture
def german():
    use("de")
    yield
    use("en")


def test_english_needs_no_catalogue():
    assert _("Neither side yet") == "Neither side yet"
    assert n_("{n} gap", "{n} gaps", 1) == "1 gap"
    assert n_("{n} gap", "{n} gaps", 2) == "2 gaps"


def test_a_text_is_translated_before_its_values_are_filled_in(german):
    assert _("Since {day}", day="{day}") == "Seit {day}"
    assert n_("{n} gap", "{n} gaps", 1) == "1 Lücke"
    assert n_("{n} gap", "{n} gaps", 2) == "2 Lücken"


def test_what_has_no_translation_stays_english(german):
    assert _("a text of nobody, {n} times", n=2) == "a text of nobody, 2 times"


def test_numbers_in_a_text_are_written_as_the_language_writes_them(german):
    assert _("a text of nobody, {x:.1f}", x=-2.5) == "a text of nobody, \u22122,5"


def test_a_number_is_never_minus_zero():
    assert numbers.number(-0.04, 1) == "0.0"


def test_the_system_decides_the_language_that_nobody_chose(monkeypatch):
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for name, chosen in (("de_AT", "de"), ("German_Germany", "de"), ("fr_FR", "en"), (None, "en")):
        monkeypatch.setattr("app.language.locale.getlocale", lambda name=name: (name, "UTF-8"))
        assert language.system_language() == chosen


def test_a_sentence_from_below_is_found_again_with_its_values(german):
    assert said("'/home/a b/c.bdf' holds no samples; choose another recording.") == (
        "'/home/a b/c.bdf' enthält keine Messwerte; eine andere Aufnahme wählen."
    )


def test_a_value_that_is_a_text_itself_is_translated_too(german):
    assert said("Squeeze your left cheek alone.") == "Nur die Pobacke links anspannen."


def test_a_name_in_quotation_marks_is_never_translated(german):
    assert said("'left' is not open; open it again.") == "'left' ist nicht offen; neu öffnen."


def test_what_follows_a_name_in_quotation_marks_is_translated(german):
    assert "vielleicht 'sim:'" in said(
        "'sin:a': there is no source 'sin:' (did you mean 'sim:'?); there are sim, file."
    )


def test_several_sentences_are_translated_one_by_one(german):
    assert said("Good contact. Neither side yet") == "Guter Kontakt. Noch keine Seite"


def test_whose_words_they_are_is_translated_apart(german):
    assert said("Left: Good contact.") == "Links: Guter Kontakt."


def test_a_sentence_of_somebody_else_stays_as_it_is(german):
    assert said("A note of a therapist.") == "A note of a therapist."
    assert said("") == ""


def test_what_depends_on_a_number_is_translated_in_each_of_its_forms(german):
    assert said("0.4 s are missing in 1 further gap.") == "0,4 s fehlen in 1 weiteren Lücke."
    assert said("0.4 s are missing in 3 further gaps.") == "0,4 s fehlen in 3 weiteren Lücken."
    assert said("2 sessions are in '/a b'.") == "2 Sitzungen stehen in '/a b'."


def test_a_word_of_a_table_in_a_sentence_is_translated_too(german):
    calibration = CalibrationInfo("a", 7300.0, "best-clench", {}, {}, {})
    assert said(age_in_words(calibration) or "") == "Die Referenz (bequeme Anspannungen) ist 2 Stunden alt."


def test_a_list_in_a_sentence_is_translated_piece_by_piece(german):
    assert said("left: not yet, right: not yet, ") == "links: noch nicht, rechts: noch nicht, "


def test_the_environment_asks_for_a_language_even_where_the_system_does_not_have_it(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert language.system_language() == "de"


def test_a_short_text_does_not_swallow_a_sentence(german):
    assert said("nobody asks for the end of a session") == "nobody asks for the end of a session"


@pytest.mark.timeout(20)
def test_a_note_of_hundreds_of_sentences_is_read_in_seconds(german):
    note = "It is. " * 300 + "The recording is not open."

    assert said(note) == "It is. " * 300 + said("The recording is not open.")
