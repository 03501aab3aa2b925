"""A5: whatever a person may do with a case is one rule. List, page, search, count and single item cannot disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock as product_clock
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights import grants
from app.accounts.rights.models import Delegation
from app.accounts.roles import PERMISSIONS, Role
from app.feedback.cases import access, queries
from app.feedback.cases.errors import UnknownCase
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.cases.queries import Filters
from app.rules import law
from app.rules.kinds import Kind
from app.units.models import Unit
from app.web.permissions import Permission
from tests.factories.cases import CONTACT, LEADER, Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit, merge
from tests.support.clock import SettableClock
from tests.support.examples import examples

ON_CASES = [one for one in Permission if one.value.startswith("officer:cases:")]
READERS = (Role.UNIT_LEADER, Role.CASE_OFFICER, Role.HOME_AFFAIRS, Role.COUNTER_CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
MOST_UNITS = 6


@dataclass(frozen=True)
class World:
    """Indexes point into the lists; a parent or successor comes before its unit, so nothing is circular."""

    parents: tuple[int, ...]
    ends: Mapping[int, int | None]
    roles: tuple[tuple[Role, int | None], ...]
    lent: tuple[tuple[int, int], ...]
    cases: tuple[tuple[int, bool, bool], ...]
    exclusions: frozenset[tuple[int, int]]
    asked: tuple[Permission, ...]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A tree of a few units, some ended with or without a successor; people, deputies, cases, exclusions."""
    count = draw(st.integers(2, MOST_UNITS))
    parents = tuple(draw(st.integers(0, number - 1)) for number in range(1, count))
    ended = draw(st.sets(st.integers(1, count - 1), max_size=2))
    ends = {number: draw(st.one_of(st.none(), st.integers(0, number - 1))) for number in sorted(ended)}
    places = st.one_of(st.none(), st.integers(0, count - 1))
    roles = tuple(draw(st.lists(st.tuples(st.sampled_from(READERS), places), min_size=2, max_size=5)))
    people = st.integers(0, len(roles) - 1)
    cases = draw(st.lists(st.tuples(st.integers(0, count - 1), st.booleans(), st.booleans()), min_size=1, max_size=6))
    return World(
        parents=parents,
        ends=ends,
        roles=roles,
        lent=tuple(draw(st.lists(st.tuples(people, people), max_size=2))),
        cases=tuple(cases),
        exclusions=frozenset(draw(st.sets(st.tuples(st.integers(0, len(cases) - 1), people), max_size=4))),
        asked=(Permission.CASES_READ, *draw(st.lists(st.sampled_from(ON_CASES), min_size=2, max_size=2, unique=True))),
    )


@dataclass(frozen=True)
class Made:
    """The same in the database."""

    units: list[Unit]
    people: list[Viewer]
    cases: list[str]


def make(session: Session, world: World, today: date) -> Made:
    units = [make_unit(session, "U0", type_code="province")]
    for number, above in enumerate(world.parents, start=1):
        units.append(make_unit(session, f"U{number}", parent=units[above]))
    officers = [_officer(f"o{number}") for number in range(len(world.roles))]
    session.add_all(officers)
    session.flush()
    given_roles = []
    for officer, (role, place) in zip(officers, world.roles, strict=True):
        unit_id = None if place is None else units[place].id
        given_roles.append(RoleAssignment(officer_id=officer.id, role=role, unit_id=unit_id, valid_from=today))
    session.add_all(given_roles)
    session.flush()
    for lender, deputy in world.lent:
        session.add(_delegation(given_roles[lender], officers[deputy].id, today))
    cases = []
    for number, (place, is_private, is_named) in enumerate(world.cases):
        contact = CONTACT if is_named else None
        case = make_case(session, unit_id=units[place].id, text=f"Chuyện số {number} dấu{number}x", contact=contact)
        case.is_private = is_private
        cases.append(case.id)
    for case, person in world.exclusions:
        row = CaseExclusion(
            case_id=cases[case], officer_id=officers[person].id, rule="counter", since=product_clock.now()
        )
        session.add(row)
    for place, successor in world.ends.items():
        if successor is None:
            units[place].valid_to = today - timedelta(days=1)
        else:
            merge(session, units[place], units[successor], today)
    session.flush()
    people = [Viewer(officer.id, grants.scopes(session, officer.id, today)) for officer in officers]
    return Made(units, people, cases)


def _officer(name: str) -> Officer:
    now = product_clock.now()
    return Officer(username=name, full_name=name, password_hash="", must_change_password=False, created_at=now)


def _delegation(assignment: RoleAssignment, deputy_id: int, today: date) -> Delegation:
    return Delegation(
        assignment_id=assignment.id,
        to_officer_id=deputy_id,
        unit_id=assignment.unit_id,
        valid_from=today,
        valid_to=today,
        created_at=product_clock.now(),
        reason="",
    )


def expected(world: World, made: Made, person: int, permission: Permission) -> set[str]:
    """The rule once more, by hand."""
    found = set()
    held = made.people[person].scopes
    by_role = PERMISSIONS[world.roles[person][0]]
    place_of_role = world.roles[person][1]
    root = frozenset() if place_of_role is None else frozenset({made.units[place_of_role].id})
    own = dict.fromkeys(by_role, root)
    lenders = {lender for lender, deputy in world.lent if deputy == person}
    numbers = {unit.id: number for number, unit in enumerate(made.units)}

    def reaches(one: Permission, place: int, scopes: Mapping[Permission, frozenset[int]]) -> bool:
        if one not in scopes:
            return False
        roots = {numbers[unit_id] for unit_id in scopes[one]}
        living = {place} if place not in world.ends else standing(place)
        return not roots or any(_path(world, number) & roots for number in living)

    def standing(place: int) -> set[int]:
        if place not in world.ends:
            return {place}
        successor = world.ends[place]
        return standing(world.parents[place - 1] if successor is None else successor)

    for number, (place, is_private, _named) in enumerate(world.cases):
        needed = {Permission.CASES_READ, permission} | ({Permission.CASES_READ_PRIVATE} if is_private else set())
        # Nobody stands in for somebody excluded: then only what one holds oneself counts.
        scopes = own if any((number, lender) in world.exclusions for lender in lenders) else held
        if (number, person) not in world.exclusions and all(reaches(one, place, scopes) for one in needed):
            found.add(made.cases[number])
    return found


def _path(world: World, place: int) -> set[int]:
    """The unit and the living ones above it: an ended one passes no right on."""
    path = {place}
    while place and world.parents[place - 1] not in world.ends:
        place = world.parents[place - 1]
        path.add(place)
    return path


def listed(session: Session, who: Viewer, today: date, **filters: object) -> list[str]:
    """Every case of every page of the list, whose counts must agree."""
    first = queries.page(session, who, today, Filters(**filters), 1)
    pages = [
        queries.page(session, who, today, Filters(**filters), number) for number in range(1, first.last_number + 1)
    ]
    found = [line.case_id for page in pages for line in page.lines]
    assert {page.total for page in pages} == {len(found)}
    return found


@settings(
    max_examples=examples(20, 5),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(worlds())
def test_a5_in_the_list_is_may_open_is_the_rule(session: Session, clock: SettableClock, world: World) -> None:
    law.load(session)
    with session.begin_nested() as attempt:
        made = make(session, world, clock.today)
        for number, who in enumerate(made.people):
            _check_person(session, clock.today, world, made, number, who)
        attempt.rollback()


def _check_person(session: Session, today: date, world: World, made: Made, number: int, who: Viewer) -> None:
    for permission in world.asked:
        condition = access.visible(session, who, today, permission)
        visible = set(session.scalars(select(Case.id).where(condition)))
        assert visible == expected(world, made, number, permission)
        assert visible == {case for case in made.cases if access.may(session, who, case, today, permission)}
    readable = expected(world, made, number, Permission.CASES_READ)
    assert set(listed(session, who, today)) == readable
    units = {session.get_one(Case, case).unit_id for case in readable}
    assert {unit_id for unit_id, _name in queries.units_with_cases(session, who, today)} == units
    for place, case in enumerate(made.cases):
        assert (case in listed(session, who, today, search=f"dau{place}x")) == (case in readable)
        assert _opens(session, who, case, today) == (case in readable)


def _opens(session: Session, who: Viewer, case: str, today: date) -> bool:
    try:
        return queries.one(session, who, case, today).case_id == case
    except UnknownCase:
        return False


@pytest.fixture
def province(session: Session, clock: SettableClock) -> Unit:
    return make_unit(session, "22", type_code="province")


def test_a1_what_does_not_exist_and_what_is_hidden_are_refused_alike(
    session: Session, province: Unit, clock: SettableClock
) -> None:
    mine, other = (make_unit(session, code, parent=province) for code in ("2201", "2202"))
    officer = make_officer(session, "lan.tran")
    hidden = make_case(session, unit_id=other.id).id
    words = []
    for case_id in (hidden, "0" * 24, "", "' OR 1=1", "a\x00", "\ud800", "9" * 10_000):
        with pytest.raises(UnknownCase) as caught:
            access.find(session, viewer(officer.id, mine.id), case_id, clock.today)
        words.append(caught.value.message)
    assert len(set(words)) == 1


def test_a9_after_a_transfer_the_old_handler_has_nothing(
    session: Session, province: Unit, clock: SettableClock
) -> None:
    old, new = (make_unit(session, code, parent=province) for code in ("2201", "2202"))
    officer = make_officer(session, "lan.tran")
    who, case = viewer(officer.id, old.id), make_case(session, unit_id=old.id, text="dấu riêng")
    assert listed(session, who, clock.today, search="dau rieng") == [case.id]
    case.unit_id = new.id
    assert listed(session, who, clock.today) == []
    assert not _opens(session, who, case.id, clock.today)


def test_who_sent_it_needs_its_own_permission(session: Session, province: Unit, clock: SettableClock) -> None:
    officer = make_officer(session, "lan.tran")
    case = make_case(session, unit_id=province.id, kind=Kind.COMPLAINT, contact=CONTACT)
    found = queries.contact(session, viewer(officer.id, province.id), case.id, clock.today)
    assert found is not None
    assert (found.name, found.phone) == (CONTACT.name, CONTACT.phone)
    without = viewer(officer.id, province.id, permissions=LEADER - {Permission.CASES_READ_CONTACT})
    with pytest.raises(UnknownCase):
        queries.contact(session, without, case.id, clock.today)
    view = repr(queries.one(session, without, case.id, clock.today))
    assert not any(part in view for part in (CONTACT.name, CONTACT.phone, CONTACT.email, CONTACT.address))


def test_a4_search_and_counts_do_not_change_by_what_is_hidden(
    session: Session, province: Unit, clock: SettableClock
) -> None:
    mine, other = (make_unit(session, code, parent=province) for code in ("2201", "2202"))
    officer = make_officer(session, "lan.tran")
    who: Viewer = viewer(officer.id, mine.id)

    def seen() -> Sequence[object]:
        searches = ("", "cho lau", "kybimat")
        pages = [queries.page(session, who, clock.today, Filters(search=text), 1) for text in searches]
        return [*pages, queries.units_with_cases(session, who, clock.today)]

    make_case(session, unit_id=mine.id, text="Chờ lâu")
    before = seen()
    make_case(session, unit_id=other.id, text="Chờ lâu kybimat")
    excluded = make_case(session, unit_id=mine.id, text="Chờ lâu kybimat")
    session.add(CaseExclusion(case_id=excluded.id, officer_id=officer.id, rule="counter", since=product_clock.now()))
    session.flush()
    assert seen() == before
