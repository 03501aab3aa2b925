"""Brings the English catalogue up to date with what pages say; new strings come without a translation.

    .venv/bin/python -m tools.extract_messages

The catalogue is ordered by its Vietnamese text and names no lines, so that it changes only where words change.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = ROOT / "app" / "i18n" / "locale" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = {"app": ("**.py", "python"), "templates": ("**.html", "jinja2")}
KEYWORDS = {**DEFAULT_KEYWORDS, "message": None}  # _() of pages, message() of modules that know no request


def extracted() -> Catalog:
    """Every Vietnamese string that goes through a catalogue."""
    found = Catalog(project="Lắng Nghe", version="", charset="utf-8")
    for folder, method in METHODS.items():
        for _, _, text, _, _ in extract_from_dir(ROOT / folder, [method], keywords=KEYWORDS):
            found.add(text)
    return found


def english() -> Catalog:
    """The catalogue as it stands."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def main() -> None:
    """Write the catalogue anew."""
    catalogue = english()
    made_on = catalogue.creation_date
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.creation_date = made_on  # a run that finds nothing new changes nothing
    written = BytesIO()
    write_po(written, catalogue, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    ENGLISH.write_bytes(written.getvalue())
    missing = [entry.id for entry in catalogue if entry.id and not entry.string]
    print(f"{len(catalogue)} strings, {len(missing)} without translation")


if __name__ == "__main__":
    main()
