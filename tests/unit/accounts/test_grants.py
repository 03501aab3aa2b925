"""A5: what lists show, what single pages let in and what "who can see this" says is one rule, lent rights included."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.errors import NotDelegable, UnknownDelegation, UnknownUnit
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights import delegations, grants
from app.accounts.rights.delegations import Period
from app.accounts.rights.matrix import markdown
from app.accounts.rights.models import Delegation
from app.accounts.roles import NEEDS_UNIT, NOT_DELEGABLE, PERMISSIONS, Role, delegable
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import Database
from app.units.models import Unit
from app.web.access import Actor
from app.web.permissions import WORDS, Permission
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock
from tests.support.examples import examples

TODAY = date(2026, 11, 2)
DAY = timedelta(days=1)


@pytest.fixture
def tree(session: Session, clock: SettableClock) -> dict[str, Unit]:
    province = make_unit(session, "22", type_code="province")
    ward = make_unit(session, "2201", parent=province)
    center = make_unit(session, "2201-TT", parent=ward, type_code="one_stop")
    other = make_unit(session, "2202", parent=province)
    return {"province": province, "ward": ward, "center": center, "other": other}


def assignment_of(session: Session, officer: Officer) -> int:
    return session.scalars(select(RoleAssignment.id).where(RoleAssignment.officer_id == officer.id)).one()


def lend(session: Session, lender: Officer, deputy: Officer, clock: SettableClock, unit: Unit | None = None, days=7):
    period = Period(clock.today, clock.today + days * DAY)
    unit_id = None if unit is None else unit.id
    return delegations.delegate(session, lender.id, assignment_of(session, lender), deputy.id, unit_id, period, "phép")


def held(session: Session, officer: Officer, on: date) -> set[Permission]:
    return set(grants.scopes(session, officer.id, on))


def test_every_permission_has_words_and_a_name_of_three_parts() -> None:
    assert set(WORDS) == set(Permission)
    assert all(len(one.value.split(":")) == 3 for one in Permission)


def test_the_distinctions_that_casework_stands_on() -> None:
    clerk, case, leader, admin = (
        PERMISSIONS[role] for role in (Role.COUNTER_CLERK, Role.CASE_OFFICER, Role.UNIT_LEADER, Role.ADMINISTRATOR)
    )
    assert Permission.CASES_READ_PRIVATE in case - {Permission.CASES_SET_PRIVATE}
    assert Permission.CASES_SET_PRIVATE not in case
    assert Permission.CASES_REGISTER in clerk
    assert Permission.CASES_READ not in clerk
    assert Permission.CASES_READ in PERMISSIONS[Role.HOME_AFFAIRS]
    assert Permission.CASES_READ_CONTACT not in PERMISSIONS[Role.HOME_AFFAIRS]
    assert Permission.CASES_EXPORT not in case
    assert {Permission.CASES_EXPORT, Permission.CASES_SET_PRIVATE} <= leader
    assert not any(one.value.startswith("officer:cases") for one in admin)


def test_an_auditor_changes_nothing() -> None:
    actions = {one.value.rsplit(":", 1)[1] for one in PERMISSIONS[Role.AUDITOR]}
    assert actions <= {"read", "export"}


def test_the_matrix_in_the_documents_is_current() -> None:
    from pathlib import Path

    page = Path(__file__).resolve().parents[3] / "docs" / "rights.md"
    assert page.read_text(encoding="utf-8") == markdown(), "run: flask officers rights docs/rights.md"


def test_a_deputy_gets_the_role_for_the_days_and_no_longer(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    lender = make_officer(session, "vang", role=Role.UNIT_LEADER, unit=tree["ward"])
    deputy = make_officer(session, "thay", role=Role.SURVEYOR, unit=tree["other"])
    lend(session, lender, deputy, clock)
    scopes = grants.scopes(session, deputy.id, clock.today)
    assert scopes[Permission.CASES_APPROVE] == {tree["ward"].id}
    assert scopes[Permission.ANSWERS_ENTER] == {tree["other"].id}
    assert Permission.CASES_APPROVE in held(session, deputy, clock.today + 7 * DAY)
    assert Permission.CASES_APPROVE not in held(session, deputy, clock.today + 8 * DAY)
    assert Permission.CASES_APPROVE not in held(session, deputy, clock.today - DAY)
    assert Permission.CASES_APPROVE in held(session, lender, clock.today)


def test_a_deputy_never_gets_more_and_never_hands_on(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    lender = make_officer(session, "vang", role=Role.UNIT_LEADER, unit=tree["ward"])
    deputy = make_officer(session, "thay", role=Role.SURVEYOR, unit=tree["other"])
    third = make_officer(session, "ba.nguoi", role=Role.SURVEYOR, unit=tree["other"])
    lend(session, lender, deputy, clock)
    lent = grants.grants(session, clock.today, [deputy.id])[-1]
    assert lent.permissions < PERMISSIONS[Role.UNIT_LEADER]
    assert not lent.permissions & NOT_DELEGABLE
    period = Period(clock.today, clock.today)
    with pytest.raises(NotDelegable):
        delegations.delegate(session, deputy.id, assignment_of(session, lender), third.id, None, period, "x")
    with pytest.raises(NotDelegable):  # a role without the permission to delegate
        delegations.delegate(session, deputy.id, assignment_of(session, deputy), third.id, None, period, "x")


@pytest.mark.parametrize("why", ["outside", "wider", "past", "backward", "long", "self", "closed", "nobody"])
def test_what_cannot_be_lent_is_refused(
    session: Session, tree: dict[str, Unit], clock: SettableClock, why: str
) -> None:
    lender = make_officer(session, "vang", role=Role.UNIT_LEADER, unit=tree["ward"])
    deputy = make_officer(session, "thay", role=Role.SURVEYOR, unit=tree["other"])
    unit_id = {"outside": tree["other"].id, "wider": tree["province"].id}.get(why)
    start = clock.today - DAY if why == "past" else clock.today
    end = {"backward": start - DAY, "long": start + 200 * DAY}.get(why, start + DAY)
    deputy.is_active = why != "closed"
    to = {"self": lender.id, "nobody": 4711}.get(why, deputy.id)
    session.flush()
    with pytest.raises(NotDelegable):
        delegations.delegate(session, lender.id, assignment_of(session, lender), to, unit_id, Period(start, end), "x")
    assert session.scalars(select(Delegation)).all() == []


def test_it_ends_with_the_role_with_the_account_and_when_taken_back(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    deputy = make_officer(session, "thay", role=Role.SURVEYOR, unit=tree["other"])
    lenders = [make_officer(session, f"vang.{n}", role=Role.UNIT_LEADER, unit=tree["ward"]) for n in range(3)]
    lent = [lend(session, one, deputy, clock) for one in lenders]
    services.end_role(session, None, lenders[0].id, assignment_of(session, lenders[0]))
    services.deactivate(session, None, lenders[1].id)
    session.flush()
    assert [one.delegation_id for one in grants.grants(session, clock.today, [deputy.id])][1:] == [lent[2].id]
    with pytest.raises(UnknownDelegation):
        delegations.take_back(session, deputy.id, lent[2].id)
    delegations.take_back(session, lenders[2].id, lent[2].id)
    session.flush()
    assert Permission.CASES_APPROVE not in held(session, deputy, clock.today)


def test_a_part_may_be_lent_and_moves_away_with_its_unit(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    lender = make_officer(session, "vang", role=Role.UNIT_LEADER, unit=tree["ward"])
    deputy = make_officer(session, "thay", role=Role.SURVEYOR, unit=tree["other"])
    lend(session, lender, deputy, clock, tree["center"])
    assert grants.scopes(session, deputy.id, clock.today)[Permission.CASES_READ] == {tree["center"].id}
    for link in tree["center"].parents:
        link.parent_id = tree["other"].id
    session.flush()
    assert Permission.CASES_READ not in held(session, deputy, clock.today)


_LENT = st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from([None, "ward", "center", "other"]))
_HELD = st.tuples(
    st.integers(0, 5),
    st.sampled_from(list(Role)),
    st.sampled_from([None, "province", "ward", "center", "other"]),
    st.integers(-3, 3),
    st.integers(0, 3),
)


@settings(max_examples=examples(40, 10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.lists(_HELD, max_size=8), lent=st.lists(_LENT, max_size=5), permission=st.sampled_from(list(Permission))
)
def test_a5_list_page_and_reason_agree(database: Database, roles, lent, permission: Permission) -> None:
    with database.transaction() as session:
        province = make_unit(session, "22", type_code="province")
        ward = make_unit(session, "2201", parent=province)
        units = {
            "province": province,
            "ward": ward,
            "center": make_unit(session, "2201-TT", parent=ward, type_code="one_stop"),
            "other": make_unit(session, "2202", parent=province),
        }
        people = [
            Officer(
                username=f"o{n}", full_name=f"O {n}", password_hash="x", must_change_password=False,
                is_active=n != 5, created_at="2026-01-01T00:00:00+00:00",
            )
            for n in range(6)
        ]  # fmt: skip
        from datetime import UTC, datetime

        for one in people:
            one.created_at = datetime(2026, 1, 1, tzinfo=UTC)
        session.add_all(people)
        session.flush()
        given_roles = []
        for who, role, where, begin, length in roles:
            if where is None and role in NEEDS_UNIT:
                continue
            start = TODAY + begin * DAY
            given_roles.append(
                RoleAssignment(
                    officer_id=people[who].id,
                    role=role,
                    unit_id=where and units[where].id,
                    valid_from=start,
                    valid_to=start + length * DAY,
                )
            )
        session.add_all(given_roles)
        session.flush()
        for index, to, where in lent:
            if index < len(given_roles):
                session.add(
                    Delegation(
                        assignment_id=given_roles[index].id,
                        to_officer_id=people[to].id,
                        unit_id=where and units[where].id,
                        valid_from=TODAY,
                        valid_to=TODAY,
                        reason="x",
                        created_at=datetime(2026, 1, 1, tzinfo=UTC),
                    )
                )
        session.flush()
        for person in people:
            actor = Actor(person.id, "", b"", scopes=grants.scopes(session, person.id, TODAY))
            allowed = allowed_unit_ids(session, actor, permission, TODAY)
            listed = {unit.id for unit in units.values() if allowed is None or unit.id in allowed}
            opened = {unit.id for unit in units.values() if _opens(session, actor, permission, unit.id)}
            said = {
                unit.id
                for unit in units.values()
                if any(line.officer is person for line in grants.holders(session, permission, unit.id, TODAY))
            }
            assert listed == opened
            assert said == (opened if person.is_active else set())
        for grant in grants.grants(session, TODAY):
            if grant.lender_id is not None:
                lender = grants.scopes(session, grant.lender_id, TODAY)
                assert grant.permissions <= delegable(grant.role)
                for one in grant.permissions:
                    assert not lender[one] or grant.unit_id is not None
        session.rollback()


def _opens(session: Session, actor: Actor, permission: Permission, unit_id: int) -> bool:
    try:
        require_unit(session, actor, permission, unit_id, TODAY)
    except UnknownUnit:
        return False
    return True
