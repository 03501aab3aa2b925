"""A5: in the list, may be opened, said on the page to be able to see it, and counted: one and the same, for anybody."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock as product_clock
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights import grants
from app.accounts.roles import NEEDS_UNIT, Role
from app.feedback.cases import access, queries
from app.feedback.cases.errors import UnknownCase
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.handling import viewers
from app.units.models import Unit
from app.web.permissions import Permission
from tests.factories.cases import Viewer, make_case
from tests.factories.officers import make_officer
from tests.factories.places import make_unit, merge
from tests.support.clock import SettableClock
from tests.support.examples import examples

UNITS = 6


@dataclass
class World:
    session: Session
    units: list[Unit]
    officers: list[Officer]
    cases: list[Case]


@pytest.fixture
def world(session: Session, clock: SettableClock) -> World:
    """A tree with an ended unit; officers and cases whose places each example chooses anew."""
    province = make_unit(session, "P", type_code="province")
    first, second = make_unit(session, "A", parent=province), make_unit(session, "B", parent=province)
    ended = make_unit(session, "E", parent=province)
    units = [
        province,
        first,
        second,
        ended,
        make_unit(session, "A1", parent=first),
        make_unit(session, "B1", parent=second),
    ]
    officers = [make_officer(session, f"officer{number}", role=Role.ADMINISTRATOR) for number in range(4)]
    cases = [make_case(session, unit_id=first.id) for _ in range(4)]
    merge(session, ended, second, clock.today)
    session.flush()
    return World(session, units, officers, cases)


PLACE = st.integers(0, UNITS - 1)
PEOPLE = st.lists(st.tuples(st.sampled_from(list(Role)), PLACE, st.booleans()), min_size=4, max_size=4)
CASES = st.lists(st.tuples(PLACE, st.booleans()), min_size=4, max_size=4)
ASKED = frozenset(
    {Permission.CASES_READ, Permission.CASES_HANDLE, Permission.CASES_PUBLISH, Permission.CASES_READ_OPENERS}
)
EXCLUDED = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5)


@settings(max_examples=examples(25, 6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, cases=CASES, excluded=EXCLUDED)
def test_a5_list_item_count_and_the_page_of_who_can_see_it_agree(
    world: World,
    people: list[tuple[Role, int, bool]],
    cases: list[tuple[int, bool]],
    excluded: set[tuple[int, int]],
) -> None:
    session = world.session
    example = session.begin_nested()
    try:
        place(world, people, cases, excluded)
        check(world)
    finally:
        example.rollback()


def _looked_at(session: Session, who: Viewer, case_id: str) -> set[Permission]:
    try:
        return set(access.look(session, who, case_id, product_clock.local_date(), ASKED)[1])
    except UnknownCase:
        return set()


def check(world: World) -> None:
    session, today = world.session, product_clock.local_date()
    told = {case.id: {line.officer.id for line in viewers.holders(session, case, today)} for case in world.cases}
    for officer in world.officers:
        who = Viewer(officer.id, grants.scopes(session, officer.id, today))
        for case in world.cases:
            one_by_one = {one for one in ASKED if access.may(session, who, case.id, today, one)}
            assert _looked_at(session, who, case.id) == one_by_one
        page = queries.page(session, who, today, queries.Filters(), 1)
        listed = {line.case_id for line in page.lines}
        opened = {case.id for case in world.cases if access.may(session, who, case.id, today, Permission.CASES_READ)}
        assert listed == opened == {case_id for case_id, people_told in told.items() if officer.id in people_told}
        assert page.total == len(listed)
        sought = queries.page(session, who, today, queries.Filters(search="quay"), 1)
        assert sought.total == len(listed)
        for unit_id, _name in queries.units_with_cases(session, who, today):
            assert queries.page(session, who, today, queries.Filters(unit_id=unit_id), 1).total > 0


def place(
    world: World, people: list[tuple[Role, int, bool]], cases: list[tuple[int, bool]], excluded: set[tuple[int, int]]
) -> None:
    session = world.session
    for officer, (role, where, is_everywhere) in zip(world.officers, people, strict=True):
        assignment = session.scalars(select(RoleAssignment).where(RoleAssignment.officer_id == officer.id)).one()
        assignment.role = role
        assignment.unit_id = world.units[where].id if role in NEEDS_UNIT or not is_everywhere else None
    for case, (where, is_private) in zip(world.cases, cases, strict=True):
        case.unit_id, case.is_private = world.units[where].id, is_private
    now = product_clock.now()
    for case_at, officer_at in excluded:
        case, officer = world.cases[case_at], world.officers[officer_at]
        session.add(CaseExclusion(case_id=case.id, officer_id=officer.id, rule="concerned", since=now))
    session.flush()


def test_a5_every_reason_for_refusal_has_the_same_words(world: World) -> None:
    stranger = Viewer(world.officers[0].id, {})
    said = set()
    for asked in (world.cases[0].id, "0" * 24, "", "x" * 300):
        with pytest.raises(UnknownCase) as caught:
            access.find(world.session, stranger, asked, product_clock.local_date())
        said.add(caught.value.message)
    assert len(said) == 1
