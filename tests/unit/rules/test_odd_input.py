"""Whatever is typed or uploaded is read, or refused in Vietnamese, and never breaks (C: bad input)."""

import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.day_rows import COLUMNS as DAY_COLUMNS
from app.calendar.day_rows import read_rows
from app.errors import Invalid
from app.files.tables import Record
from app.rules.content import MATTERS
from app.rules.drafts import draft_of
from app.rules.form_fields import texts_of
from app.rules.rule_files import FORMAT, read_file
from app.rules.stored import facts_of, from_json
from tests.unit.calendar.calendars import HOURS
from tests.unit.rules.test_rule_contents import CONTENTS

many = settings(max_examples=60, deadline=None)
odd = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "01/01/2027", "2027-01-01", "nghỉ", "làm bù", "bỏ", "7:30-11:30", "²", "٣", "\0", "\ud800", "9" * 400]
    ),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd, inner, max_size=3),
    max_leaves=8,
)


@many
@given(st.lists(st.fixed_dictionaries({column.key: odd for column in DAY_COLUMNS}), min_size=1, max_size=4))
def test_rows_of_days_are_read_or_refused(rows: list[dict[str, str]]) -> None:
    parsed = read_rows([Record(number, values) for number, values in enumerate(rows, start=2)], HOURS)
    assert parsed.rows or parsed.faults
    assert all(fault.message for fault in parsed.faults)


@many
@given(st.sampled_from(MATTERS), st.data())
def test_forms_of_rules_are_read_or_refused(matter, data: st.DataObject) -> None:
    content = next(one for one in CONTENTS if isinstance(one, matter.content))
    texts = texts_of(content)
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(texts)), odd, max_size=5))
    draft = draft_of(matter, {**texts, **changed, "valid_from": data.draw(odd), "reason": data.draw(odd)})
    assert draft.content is not None or draft.problems
    assert all(line["message"] for line in draft.summary())


@many
@given(st.sampled_from(MATTERS), st.data())
def test_contents_of_any_shape_are_read_or_refused(matter, data: st.DataObject) -> None:
    names = st.sampled_from([*(fact.name for fact in facts_of(matter.content)), "sources", "other"])
    content = data.draw(st.dictionaries(names, json_values, max_size=6))
    with suppress(Invalid):
        from_json(matter.content, content)
    whole = {"format": FORMAT, "matter": matter.code, "content": content}
    with suppress(Invalid):
        read_file(json.dumps(whole).encode(), "x.json", matter)


@many
@given(st.binary(max_size=300), st.sampled_from(["x.json", "x.csv", "x.xlsx", "x"]))
def test_files_of_any_kind_are_read_or_refused(data: bytes, name: str) -> None:
    with suppress(Invalid):
        read_file(data, name, MATTERS[0])
