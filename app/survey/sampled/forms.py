"""Reads the forms of an import. Names of fields are places, because names of columns can be anything."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import DataRequired

from app.files.answers import FileTable
from app.survey.sampled.models import ImportMode
from app.survey.sampled.reading import GroupValues, SeenValue
from app.survey.sampled.services import LONGEST_NAME
from app.survey.sampled.targets import ColumnMapping, Target
from app.web.csrf import OfficerForm

MOST_VALUES = 60
"""Different values of a group that a page offers; a column with more of them is hardly a scale."""

REFUSED = "refused"
"""Stands for a reading where an officer says that a value is a fault."""


class AnswersForm(OfficerForm):
    """The file of a survey made elsewhere."""

    file = FileField("Tệp", [DataRequired("Xin chọn tệp .csv, .xlsx hoặc .sav.")])


def columns_from(form: Mapping[str, Any], table: FileTable, known: Mapping[str, Target]) -> dict[str, str]:
    """Name of the column → key of the target, for every column that was given one."""
    chosen = {column.name: form.get(f"column-{place}", "") for place, column in enumerate(table.columns)}
    return {name: key for name, key in chosen.items() if key in known}


def values_from(form: Mapping[str, Any], groups: tuple[GroupValues, ...], mapping: ColumnMapping) -> ColumnMapping:
    """The mapping with the readings that were chosen on the page; values that were not shown keep theirs."""
    values = {key: dict(texts) for key, texts in mapping.values.items()}
    for number, one in enumerate(groups):
        for place, value in enumerate(shown_values(one)):
            shown = value.reading if value.reading in one.group.readings else ""
            chosen = form.get(f"value-{number}-{place}", shown)
            # What stands as it was shown is left to the automatic reading, which may differ between columns.
            if chosen != shown and chosen in {"", *one.group.readings}:
                values.setdefault(one.group.key, {})[value.key] = chosen or REFUSED
    return ColumnMapping(mapping.columns, values, mapping.nested)


def shown_values(one: GroupValues) -> list[SeenValue]:
    """The values a page offers, those that nobody has read yet first; an empty cell is always no answer."""
    values = [value for value in one.values if value.text]
    return sorted(values, key=lambda value: value.reading in one.group.readings)[:MOST_VALUES]


def mode_from(text: str) -> ImportMode | None:
    """The way of importing that was chosen."""
    return ImportMode(text) if text in {mode.value for mode in ImportMode} else None


def name_from(text: str) -> tuple[str, str]:
    """The name under which to save a mapping ("" for none), and what is wrong with it."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or any(ord(letter) < 32 for letter in name):
        return "", f"Tên cách đọc có nhiều nhất {LONGEST_NAME} ký tự."
    return name, ""
