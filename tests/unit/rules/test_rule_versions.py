"""Versions of rules in the database, on whose numbers cases will stand."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.calendar.days import DayUnit, Limit
from app.calendar.sources import Status
from app.db.session import Database
from app.rules import corrections, first_load, law, queries, services
from app.rules.content import MATTERS, CountingRule, KindRule, Words
from app.rules.errors import BadRule, HasBegun, NoRule
from app.rules.kinds import Kind
from app.rules.models import RuleVersion
from tests.support.clock import SettableClock

TODAY = date(2026, 11, 21)


@pytest.fixture
def loaded(session: Session, clock: SettableClock) -> Session:
    first_load.load(session)
    return session


def add(session: Session, days: int, valid_from: date, matter: str = "kind:petition", **more: object) -> RuleVersion:
    rule = queries.rule_on(session, matter, TODAY).content
    assert isinstance(rule, KindRule)
    content = replace(rule, resolve=Limit(days, DayUnit.CALENDAR), **more)
    return services.add_version(
        session,
        1,
        matter,
        content,
        valid_from=valid_from,
        legal_basis="TT 1",
        status=Status.VERIFIED,
        reason="Luật mới",
    )


def resolve(session: Session, on: date) -> int:
    return queries.kind_rule_on(session, Kind.PETITION, on).content.resolve.value


def test_every_matter_has_a_rule_today_and_in_2020(loaded: Session) -> None:
    for matter in MATTERS:
        assert isinstance(queries.rule_on(loaded, matter.code, TODAY).content, matter.content)
    for kind in Kind:
        assert queries.kind_rule_on(loaded, kind, date(2020, 1, 1)).content.kind is kind
    assert list(queries.kind_rules_on(loaded, TODAY)) == list(Kind)
    assert queries.retention_on(loaded, TODAY).content.contact_after_closing.value == 365
    assert queries.data_requests_on(loaded, TODAY).content.answer == Limit(2, DayUnit.WORKING)
    assert queries.apology_on(loaded, TODAY).status is Status.UNVERIFIED
    assert queries.apology_on(loaded, date(2025, 6, 30)).status is Status.VERIFIED


def test_loading_again_does_nothing_and_leaves_officers_rules_alone(loaded: Session) -> None:
    add(loaded, 15, TODAY)
    count = loaded.scalar(select(func.count()).select_from(RuleVersion))
    assert first_load.load(loaded) == 0
    assert loaded.scalar(select(func.count()).select_from(RuleVersion)) == count


def test_law_loads_calendar_and_rules_once(session: Session, clock: SettableClock) -> None:
    assert law.load(session) is True
    assert law.load(session) is False


def test_a_sentence_that_was_wrong_is_put_right_by_a_version_and_officers_words_stay(loaded: Session) -> None:
    (one,) = corrections.CORRECTIONS
    today = queries.kind_rule_on(loaded, Kind.COMPLAINT, TODAY)
    right = today.content.guidance
    wrong = Words(right.vi.replace(one.now.vi, one.was.vi), right.en.replace(one.now.en, one.was.en))
    assert wrong != right
    assert corrections.apply(loaded, TODAY) == 0  # nothing to put right in what comes with this release
    add(loaded, 30, TODAY, "kind:complaint", guidance=wrong)
    add(loaded, 31, date(2027, 1, 1), "kind:complaint", guidance=wrong)
    add(loaded, 32, date(2027, 2, 1), "kind:complaint", guidance=Words(f"{wrong.vi} Thêm.", wrong.en))
    stored = loaded.scalar(select(func.count()).select_from(RuleVersion)) or 0
    assert law.load(loaded) is True
    for day, days in ((TODAY, 30), (date(2027, 1, 1), 31)):
        rule = queries.kind_rule_on(loaded, Kind.COMPLAINT, day)
        assert (rule.content.guidance, rule.valid_from, rule.created_by) == (right, day, None)
        assert rule.content.resolve == Limit(days, DayUnit.CALENDAR)
    assert queries.kind_rule_on(loaded, Kind.COMPLAINT, date(2027, 2, 1)).content.guidance.vi.endswith("Thêm.")
    assert loaded.scalar(select(func.count()).select_from(RuleVersion)) == stored + 2
    assert law.load(loaded) is False


def test_a_version_supersedes_from_its_day(loaded: Session) -> None:
    coming = add(loaded, 15, date(2027, 1, 1))
    assert [resolve(loaded, day) for day in (TODAY, date(2026, 12, 31), date(2027, 1, 1))] == [20, 20, 15]
    add(loaded, 12, date(2027, 1, 1))  # the later row of the same day wins
    assert resolve(loaded, date(2027, 1, 1)) == 12
    assert queries.kind_rule_version(loaded, coming.id).content.resolve.value == 15
    first = queries.history(loaded, "kind:petition")
    assert [one.content.resolve.value for one in first if isinstance(one.content, KindRule)] == [12, 15, 20, 20]


def test_a_case_keeps_the_version_it_began_under(loaded: Session) -> None:
    began = queries.kind_rule_on(loaded, Kind.PETITION, TODAY)
    add(loaded, 5, TODAY)
    assert queries.kind_rule_version(loaded, began.id).content == began.content
    assert resolve(loaded, TODAY) == 5


def test_a_version_that_has_not_begun_is_withdrawn_by_another_row(loaded: Session, clock: SettableClock) -> None:
    coming = add(loaded, 15, date(2027, 1, 1))
    services.withdraw(loaded, 1, coming.id, "Nhầm")
    loaded.flush()
    assert resolve(loaded, date(2027, 1, 1)) == 20
    assert queries.rule_version(loaded, coming.id).withdrawn_at is not None
    with pytest.raises(HasBegun, match="đã được rút"):
        services.withdraw(loaded, 1, coming.id, "Lại")
    other = add(loaded, 16, date(2027, 1, 1))
    with pytest.raises(BadRule, match="lý do"):
        services.withdraw(loaded, 1, other.id, "  ")
    clock.set_local(date(2027, 1, 1))
    with pytest.raises(HasBegun, match="có hiệu lực"):
        services.withdraw(loaded, 1, other.id, "Muộn")


def test_the_past_is_not_rewritten(loaded: Session) -> None:
    with pytest.raises(BadRule, match="từ hôm nay"):
        add(loaded, 15, date(2026, 11, 20))
    with pytest.raises(BadRule, match="từ hôm nay"):
        add(loaded, 15, date(2200, 1, 1))


def test_what_says_nothing_new_or_belongs_elsewhere_is_refused(loaded: Session) -> None:
    present = queries.rule_on(loaded, "kind:petition", TODAY)
    with pytest.raises(BadRule, match="Không có gì thay đổi"):
        services.add_version(
            loaded,
            1,
            "kind:petition",
            present.content,
            valid_from=TODAY,
            legal_basis=present.legal_basis,
            status=present.status,
            reason="x",
        )
    for matter in ("kind:complaint", "counting", "nothing"):
        with pytest.raises(BadRule, match="không thuộc"):
            services.add_version(
                loaded, 1, matter, present.content, valid_from=TODAY, legal_basis="x", status=Status.OWN, reason="x"
            )
    with pytest.raises(BadRule) as caught:
        services.add_version(
            loaded, 1, "kind:petition", present.content, valid_from=TODAY, legal_basis=" ", status=Status.OWN, reason=""
        )
    assert set(caught.value.problems) == {"legal_basis", "reason"}


def test_a_better_mark_alone_is_a_version(loaded: Session) -> None:
    rule = queries.rule_on(loaded, "counting", TODAY)
    assert rule.status is Status.UNVERIFIED
    services.add_version(
        loaded,
        1,
        "counting",
        rule.content,
        valid_from=TODAY,
        legal_basis=rule.legal_basis,
        status=Status.VERIFIED,
        reason="Đã đọc Bộ luật Dân sự",
    )
    assert queries.counting_on(loaded, TODAY).status is Status.VERIFIED


def test_unknown_versions_and_matters(loaded: Session) -> None:
    for asked in (lambda: queries.rule_version(loaded, 999), lambda: queries.rule_on(loaded, "kind:other", TODAY)):
        with pytest.raises(NoRule):
            asked()
    with pytest.raises(NoRule, match="quy định khác"):
        queries.kind_rule_version(loaded, queries.rule_on(loaded, "counting", TODAY).id)
    assert isinstance(queries.counting_version(loaded, queries.counting_on(loaded, TODAY).id).content, CountingRule)


def test_stored_rules_outlive_the_classes(loaded: Session) -> None:
    """A row with facts nobody knows any more, and without one that came later, is still read."""
    row = loaded.get_one(RuleVersion, queries.rule_on(loaded, "kind:petition", TODAY).id)
    content = {name: value for name, value in row.content.items() if name != "extensions_special"}
    old = RuleVersion(
        matter=row.matter,
        valid_from=TODAY,
        content={**content, "gone": 1, "sources": {**content["sources"], "gone": {"document": "x", "status": "own"}}},
        legal_basis="x",
        status=Status.OWN,
        reason="x",
        created_at=row.created_at,
        created_by=None,
    )
    loaded.add(old)
    loaded.flush()
    found = queries.kind_rule_on(loaded, Kind.PETITION, TODAY)
    assert (found.id, found.content.extensions_special) == (old.id, 0)


@pytest.mark.parametrize("table", ["rule_version", "rule_withdrawal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_nobody_changes_or_removes_a_row(database: Database, clock: SettableClock, table: str, act: str) -> None:
    with database.transaction() as session:
        first_load.load(session)
        services.withdraw(session, 1, add(session, 15, date(2027, 1, 1)).id, "Nhầm")
    with pytest.raises(DBAPIError), database.transaction() as session:
        session.execute(text(act.format(table)))
