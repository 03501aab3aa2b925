"""Reads the forms of an import. Names of fields are places, because names of columns can be anything."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import DataRequired

from app.files.answers import FileTable
from app.survey.sampled.models import ImportMode
from app.survey.sampled.reading import GroupValues
from app.survey.sampled.services import LONGEST_NAME
from app.survey.sampled.targets import ColumnMapping, Target
from app.web.csrf import OfficerForm

MOST_VALUES = 60
"""Different values of a group that a page offers; a column with more of them is hardly a scale."""


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
        shown = shown_values(one)
        for place, (text, _, _, _) in enumerate(shown):
            chosen = form.get(f"value-{number}-{place}")
            if chosen in one.group.readings:
                values.setdefault(one.group.key, {})[text] = chosen
            elif chosen == "":
                values.setdefault(one.group.key, {})[text] = "refused"
    return ColumnMapping(mapping.columns, values, mapping.nested)


def shown_values(one: GroupValues) -> list[tuple[str, str, int, str | None]]:
    """The values a page offers, those that nobody has read yet first; an empty cell is always no answer."""
    values = [value for value in one.values if value[0]]
    return sorted(values, key=lambda value: value[3] in one.group.readings)[:MOST_VALUES]


def mode_from(text: str) -> ImportMode | None:
    """The way of importing that was chosen."""
    return ImportMode(text) if text in {mode.value for mode in ImportMode} else None


def name_from(text: str) -> tuple[str, str]:
    """The name under which to save a mapping ("" for none), and what is wrong with it."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or any(ord(letter) < 32 for letter in name):
        return "", f"Tên cách đọc có nhiều nhất {LONGEST_NAME} ký tự."
    return name, ""
