"""Bring the catalogues of texts up to date: ``python -m scripts.translate``.

Collects the texts of the application, keeps the translations that are there, takes out what is not used any more,
never guesses, writes ``glutewake.po`` and from it ``glutewake.mo``, and lists what has no translation yet (then it ends
with 1). Translators edit the ``.po`` file and run it again. ``templates.json`` lists what `app.said` looks for.
"""

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.language import DOMAIN, LANGUAGES, Language
from scripts.texts import all_texts, templates

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "assets" / "translations" / "templates.json"
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
"""No date of the day in the file: it changes only where a text does."""


def po_path(language: Language) -> Path:
    """Where the texts of a language lie."""
    return ROOT / "assets" / "translations" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def updated(language: Language) -> Catalog:
    """The catalogue with exactly the texts of the application, and those translations that are known."""
    path, old = po_path(language), Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    new = Catalog(
        locale=language, domain=DOMAIN, project="GluteWake", version="", header_comment="# Texts of GluteWake.",
        creation_date=_WHEN, revision_date=_WHEN, last_translator="", language_team="", fuzzy=False,
    )  # fmt: skip
    for text in all_texts(ROOT):
        known = old.get(text)
        new.add(text, known.string if known is not None and not known.fuzzy else None)
    return new


def as_po(catalog: Catalog) -> bytes:
    """The file for translators."""
    file = io.BytesIO()
    write_po(file, catalog, width=116, no_location=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The file that the application reads."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def as_templates() -> bytes:
    """The file in which `app.said` finds the texts that come filled in."""
    return (json.dumps(templates(ROOT), ensure_ascii=False, indent=0) + "\n").encode()


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not (all(message.string) if isinstance(message.string, tuple | list) else message.string)
    ]


def main() -> int:
    """Write all catalogues; 1 if a text has no translation."""
    missing: list[str] = []
    TEMPLATES.write_bytes(as_templates())
    for language in LANGUAGES[1:]:
        catalog = updated(language)
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        po_path(language).write_bytes(as_po(catalog))
        po_path(language).with_suffix(".mo").write_bytes(as_mo(catalog))
        missing += [f"{language}: {text}" for text in untranslated(catalog)]
    print("\n".join(missing) or "Every text is translated.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
