"""Who may do what where, and that a stranger learns nothing."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts import queries, services
from app.accounts.errors import NotGrantable, UnknownOfficer, UnknownUnit
from app.accounts.list_queries import officers_found
from app.accounts.rights import grants
from app.accounts.roles import NAMES, NEEDS_UNIT, PERMISSIONS, Role
from app.accounts.scope import allowed_unit_ids, require_unit
from app.units.models import Unit
from app.web.lists import Asked
from app.web.permissions import Permission
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

READ = Permission.CASES_READ


@dataclass
class Asker:
    scopes: dict[Permission, frozenset[int]] = field(default_factory=dict)


@pytest.fixture
def tree(session: Session, clock: SettableClock) -> dict[str, Unit]:
    province = make_unit(session, "22", type_code="province")
    ward = make_unit(session, "2201", parent=province)
    center = make_unit(session, "2201-TT", parent=ward, type_code="one_stop")
    other = make_unit(session, "2202", parent=province)
    return {"province": province, "ward": ward, "center": center, "other": other}


def test_every_role_has_a_name_and_permissions_and_every_permission_a_role() -> None:
    assert set(PERMISSIONS) == set(NAMES) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)


def test_live_figures_raw_answers_and_texts_are_not_for_administrators() -> None:
    beyond = {Permission.RESULTS_READ_LIVE, Permission.ANSWERS_EXPORT, Permission.CASES_READ}
    assert not PERMISSIONS[Role.ADMINISTRATOR] & beyond
    assert not PERMISSIONS[Role.CASE_OFFICER] & (beyond - {Permission.CASES_READ})


def test_without_the_permission_nothing_is_allowed(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    assert allowed_unit_ids(session, Asker(), READ, clock.today) == frozenset()


def test_everywhere_is_none(session: Session, tree: dict[str, Unit], clock: SettableClock) -> None:
    assert allowed_unit_ids(session, Asker({READ: frozenset()}), READ, clock.today) is None


def test_a_root_brings_its_subtree_and_nothing_else(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    asker = Asker({READ: frozenset({tree["ward"].id})})
    assert allowed_unit_ids(session, asker, READ, clock.today) == {tree["ward"].id, tree["center"].id}
    assert allowed_unit_ids(session, asker, Permission.RESULTS_READ, clock.today) == frozenset()
    assert require_unit(session, asker, READ, tree["center"].id) is tree["center"]


def test_not_yours_and_not_there_are_the_same(session: Session, tree: dict[str, Unit]) -> None:
    asker = Asker({READ: frozenset({tree["ward"].id})})
    seen = set()
    for unit_id in (tree["other"].id, tree["province"].id, 987654):
        with pytest.raises(UnknownUnit) as caught:
            require_unit(session, asker, READ, unit_id)
        seen.add(caught.value.message)
    assert len(seen) == 1
    with pytest.raises(UnknownUnit):
        require_unit(session, Asker({READ: frozenset()}), READ, 987654)


def test_roles_count_from_their_first_to_their_last_day(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    officer = make_officer(session, role=Role.CASE_OFFICER, unit=tree["ward"])
    tomorrow = clock.today + timedelta(days=1)
    services.assign_role(session, None, officer.id, Role.CASE_OFFICER, tree["other"].id, on=tomorrow)
    session.flush()
    assert grants.scopes(session, officer.id, clock.today)[READ] == {tree["ward"].id}
    assert grants.scopes(session, officer.id, tomorrow)[READ] == {tree["ward"].id, tree["other"].id}
    assert grants.scopes(session, officer.id, date(2026, 1, 1)) == {}


def test_everywhere_wins_over_a_part(session: Session, tree: dict[str, Unit], clock: SettableClock) -> None:
    officer = make_officer(session, role=Role.CASE_OFFICER, unit=tree["ward"])
    services.assign_role(session, None, officer.id, Role.HOME_AFFAIRS, None)
    session.flush()
    assert grants.scopes(session, officer.id, clock.today)[READ] == frozenset()
    assert Permission.OFFICERS_MANAGE not in grants.scopes(session, officer.id, clock.today)


def test_a_role_given_twice_is_held_once(session: Session, tree: dict[str, Unit], clock: SettableClock) -> None:
    officer = make_officer(session, role=Role.CASE_OFFICER, unit=tree["ward"])
    services.assign_role(session, None, officer.id, Role.CASE_OFFICER, tree["ward"].id)
    session.flush()
    assert len(queries.roles_on(session, [officer.id], clock.today)[officer.id]) == 1


def test_a_unit_officer_needs_a_unit(session: Session, clock: SettableClock) -> None:
    with pytest.raises(NotGrantable):
        make_officer(session, role=Role.CASE_OFFICER)


def test_unknown_officers_are_missing(session: Session) -> None:
    for act in (services.deactivate, services.reset_password):
        with pytest.raises(UnknownOfficer):
            act(session, None, 4711)


def test_a5_list_and_single_rule_agree(session: Session, tree: dict[str, Unit], clock: SettableClock) -> None:
    everybody = [
        make_officer(session, f"can.bo.{number}", role=role, unit=unit)
        for number, (role, unit) in enumerate(
            (role, unit)
            for role in Role
            for unit in (None, *tree.values())
            if not (role in NEEDS_UNIT and unit is None)
        )
    ]
    services.assign_role(session, None, everybody[1].id, Role.CASE_OFFICER, tree["other"].id)
    session.flush()
    scopes = [
        None,
        frozenset(),
        *(frozenset({unit.id}) for unit in tree.values()),
        frozenset(u.id for u in tree.values()),
    ]
    for allowed in scopes:
        listed = {one.id for one in officers_found(session, Asked().matches, clock.today, allowed)}
        opened = {one.id for one in everybody if queries.may_manage(session, one.id, clock.today, allowed)}
        assert listed == opened


def test_a_role_that_begins_tomorrow_already_keeps_others_away(
    session: Session, tree: dict[str, Unit], clock: SettableClock
) -> None:
    officer = make_officer(session, role=Role.CASE_OFFICER, unit=tree["ward"])
    allowed = frozenset({tree["ward"].id})
    session.flush()
    assert queries.may_manage(session, officer.id, clock.today, allowed)
    services.assign_role(session, None, officer.id, Role.HOME_AFFAIRS, None, on=clock.today + timedelta(days=1))
    session.flush()
    assert not queries.may_manage(session, officer.id, clock.today, allowed)
