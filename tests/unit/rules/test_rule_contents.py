"""Contents of rules: JSON and back, texts of forms and back, faults by field, words, what a citizen is told."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.days import DayUnit, Limit
from app.calendar.sources import Source, Status
from app.rules.citizen_words import told
from app.rules.content import BY_CODE, MATTERS, Begins, Content, CountingRule, Identity, KindRule, Words
from app.rules.differences import changed, side_by_side
from app.rules.effects import effects
from app.rules.errors import BadRule
from app.rules.first_load import FOLDER, first_versions
from app.rules.form_fields import read_texts, texts_of, with_codes
from app.rules.kinds import Kind
from app.rules.rule_files import lines_of
from app.rules.stored import facts_of, from_json, to_json
from tests.unit.calendar.calendars import COUNTING, FIRST_CALENDAR

CONTENTS = [one.content for one in first_versions()]
PETITION = next(one.content for one in first_versions() if one.matter == "kind:petition")
assert isinstance(PETITION, KindRule)
many = settings(max_examples=60, deadline=None)

texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)
limits = st.builds(Limit, st.integers(1, 3650), st.sampled_from(DayUnit))
words = st.builds(Words, texts, texts)
BY_TYPE: Mapping[object, st.SearchStrategy[object]] = {
    Limit: limits,
    Words: words,
    bool: st.booleans(),
    int: st.integers(0, 1000),
    Kind: st.sampled_from(Kind),
    Identity: st.sampled_from(Identity),
    Begins: st.sampled_from(Begins),
}


@st.composite
def contents(draw: st.DrawFn) -> Content:
    kind = draw(st.sampled_from([matter.content for matter in MATTERS]))
    facts = facts_of(kind)
    values = {
        fact.name: draw(st.none() | BY_TYPE[fact.type]) if fact.may_be_none else draw(BY_TYPE[fact.type])
        for fact in facts
    }
    sourced = draw(st.sets(st.sampled_from([fact.name for fact in facts])))
    sources = {name: Source(draw(texts), draw(st.sampled_from(Status))) for name in sourced}
    return kind(**values, sources=sources)


@many
@given(contents())
def test_json_and_texts_of_a_form_keep_everything(content: Content) -> None:
    assert from_json(type(content), to_json(content)) == content
    assert from_json(type(content), read_texts(type(content), texts_of(content))) == content
    assert changed(content, content) == []


@many
@given(contents())
def test_the_table_of_a_rule_reads_back(content: Content) -> None:
    from app.rules.form_fields import names_of

    facts = {fact.name: fact for fact in facts_of(type(content))}
    typed: dict[str, str] = {}
    for line in lines_of(content):
        typed |= dict(zip(names_of(facts[line.code]), (line.value, line.second), strict=False))
        typed |= {f"{line.code}_document": line.document, f"{line.code}_status": line.status}
    assert with_codes(type(content), typed) == texts_of(content)


def test_there_is_one_file_for_each_matter_and_every_fact_is_sourced_or_plain() -> None:
    assert len(list(FOLDER.glob("*.toml"))) == len(MATTERS) == len(BY_CODE)
    assert {one.matter for one in first_versions()} == set(BY_CODE)
    for one in first_versions():
        unsourced = [
            fact.name
            for fact in facts_of(type(one.content))
            if fact.type is Limit
            and getattr(one.content, fact.name) is not None
            and fact.name not in one.content.sources
        ]
        assert unsourced == [], one.matter
        assert len(one.legal_basis) <= 300
        assert len(one.reason) <= 300


@pytest.mark.parametrize(
    ("matter", "name", "limit", "status"),
    [
        ("kind:petition", "resolve", Limit(20, DayUnit.CALENDAR), Status.VERIFIED),
        ("kind:petition", "status_every", Limit(7, DayUnit.CALENDAR), Status.VERIFIED),
        ("kind:petition", "publish_within", Limit(2, DayUnit.WORKING), Status.VERIFIED),
        ("kind:petition", "accept", Limit(10, DayUnit.CALENDAR), Status.UNVERIFIED),
        ("kind:complaint", "accept", Limit(10, DayUnit.CALENDAR), Status.VERIFIED),
        ("kind:complaint", "resolve", Limit(30, DayUnit.CALENDAR), Status.VERIFIED_2),
        ("kind:complaint", "resolve_remote_complex", Limit(60, DayUnit.CALENDAR), Status.VERIFIED_2),
        ("kind:complaint", "second_remote_complex", Limit(70, DayUnit.CALENDAR), Status.VERIFIED),
        ("kind:complaint", "second_lodge_remote", Limit(45, DayUnit.CALENDAR), Status.VERIFIED_2),
        ("kind:denunciation", "resolve", Limit(30, DayUnit.CALENDAR), Status.VERIFIED),
        ("kind:denunciation", "extension", Limit(30, DayUnit.CALENDAR), Status.VERIFIED),
        ("kind:denunciation", "accept", Limit(7, DayUnit.WORKING), Status.UNVERIFIED),
        ("kind:denunciation", "accept_extended", Limit(10, DayUnit.WORKING), Status.UNVERIFIED),
        ("kind:denunciation", "overdue_report", Limit(5, DayUnit.WORKING), Status.VERIFIED),
        ("data-requests", "erase_third", Limit(30, DayUnit.CALENDAR), Status.VERIFIED_2),
        ("apology", "before_due", Limit(1, DayUnit.CALENDAR), Status.UNVERIFIED),
    ],
)
def test_terms_are_those_of_the_sources_with_their_marks(matter: str, name: str, limit: Limit, status: Status) -> None:
    content = [one.content for one in first_versions() if one.matter == matter][-1]
    assert (getattr(content, name), content.sources[name].status) == (limit, status)


def test_identity_and_publicity_of_the_kinds() -> None:
    latest = {one.content.kind: one.content for one in first_versions() if isinstance(one.content, KindRule)}
    assert {kind: rule.identity for kind, rule in latest.items()} == {
        Kind.SUGGESTION: Identity.NONE,
        Kind.PETITION: Identity.OPTIONAL,
        Kind.COMPLAINT: Identity.REQUIRED,
        Kind.DENUNCIATION: Identity.NONE,
    }
    assert [kind for kind, rule in latest.items() if rule.may_be_public] == [Kind.SUGGESTION, Kind.PETITION]
    assert (latest[Kind.DENUNCIATION].extensions_complex, latest[Kind.DENUNCIATION].extensions_special) == (1, 2)
    assert [kind for kind, rule in latest.items() if rule.has_second_stage] == [Kind.PETITION, Kind.COMPLAINT]


@pytest.mark.parametrize("content", CONTENTS, ids=[f"{one.matter}-{one.valid_from}" for one in first_versions()])
def test_every_first_version_can_be_shown(content: Content) -> None:
    rows = side_by_side([content, content])
    assert not any(row.is_changed for row in rows)
    assert all(cell for row in rows for cell in row.cells)
    if isinstance(content, KindRule):
        lines = told(content)
        assert len(lines) >= 8
        assert all(len(line.in_vietnamese()) >= 6 for line in lines)
        assert all((isinstance(line.text, Words) and line.text.en) or "%(" not in str(line.text) for line in lines)


def test_faults_are_all_told_at_once_by_field() -> None:
    with pytest.raises(BadRule) as caught:
        from_json(
            KindRule,
            {
                **to_json(PETITION),
                "resolve": 20,
                "identity": "x",
                "must_answer": "yes",
                "meaning": {"vi": " ", "en": "x"},
                "extensions_complex": True,
                "accept": {"value": 10, "unit": "week"},
                "stranger": 1,
                "sources": {"resolve": {"document": 1}, "other": {"document": "x", "status": "own"}},
            },
        )
    assert set(caught.value.problems) == {
        *("resolve", "identity", "must_answer", "meaning", "extensions_complex", "accept", "stranger", "sources"),
    }


@pytest.mark.parametrize(
    "odd", [None, 1, "x", [], {"value": True, "unit": "working"}, {"value": 1.5, "unit": "working"}]
)
def test_odd_limits_are_refused(odd: object) -> None:
    with pytest.raises(BadRule):
        from_json(KindRule, {**to_json(PETITION), "resolve": odd})


def test_effects_show_old_and_new_dates() -> None:
    shorter = replace(PETITION, resolve=Limit(15, DayUnit.WORKING), publish_within=None)
    on = date(2026, 11, 21)
    found = {one.label: one for one in effects(PETITION, shorter, on=on, calendar=FIRST_CALENDAR, counting=COUNTING)}
    assert (found["Thời hạn giải quyết"].old, found["Thời hạn giải quyết"].new) == (
        *("thứ Sáu, 11/12/2026", "thứ Hai, 14/12/2026"),
    )
    assert found["Đăng kết quả trong"].new == "–"
    assert not found["Gửi lần hai trong"].is_changed
    counting = next(one.content for one in first_versions() if isinstance(one.content, CountingRule))
    assert isinstance(counting, CountingRule)
    first = replace(counting, first_day_counts=True)
    moved = effects(counting, first, on=date(2026, 11, 23), calendar=FIRST_CALENDAR, counting=COUNTING)
    assert [one.is_changed for one in moved] == [True, True]


def test_every_class_of_contents_has_words_for_its_fields() -> None:
    for matter in MATTERS:
        assert [fact.name for fact in facts_of(matter.content)] == [
            one.name for one in fields(matter.content) if one.name != "sources"
        ]
        assert all(fact.label[0].isupper() for fact in facts_of(matter.content))
