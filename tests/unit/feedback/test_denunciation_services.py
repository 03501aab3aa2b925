"""Information about breaches of law: who it exists for, what may be done with it, what stays of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.accounts.rights import grants
from app.accounts.roles import Role
from app.audit import services as audit
from app.audit.models import AuditEvent
from app.feedback.denunciations import acts, queries, services
from app.feedback.denunciations.access import find, level_above, visible
from app.feedback.denunciations.errors import NotFromHere, StaleDenunciation, UnknownDenunciation, WordsMissing
from app.feedback.denunciations.models import Denunciation, DenunciationEvent, DenunciationState, DenunciationWords
from app.units.models import Unit
from app.web.permissions import Permission
from tests.factories.officers import make_officer
from tests.factories.places import make_unit, merge
from tests.support.clock import SettableClock


@dataclass(frozen=True)
class Person:
    """Whoever asks, as the guard makes them."""

    officer_id: int
    scopes: Mapping[Permission, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Tree:
    province: Unit
    commune: Unit
    centre: Unit
    other: Unit


@pytest.fixture
def today(clock: SettableClock) -> date:
    from app import clock as product

    return product.local_date()


@pytest.fixture
def tree(session: Session) -> Tree:
    province = make_unit(session, "P", type_code="province", name="Tỉnh")
    commune = make_unit(session, "C", parent=province)
    centre = make_unit(session, "CC", parent=commune, type_code="service_point", name="Trung tâm")
    return Tree(province, commune, centre, make_unit(session, "O", parent=province))


def leader(session: Session, unit: Unit, today: date, name: str) -> Person:
    officer = make_officer(session, name, role=Role.UNIT_LEADER, unit=unit)
    session.flush()
    return person(session, officer, today)


def person(session: Session, officer: Officer, today: date) -> Person:
    return Person(officer.id, grants.scopes(session, officer.id, today))


def told(session: Session, unit: Unit, today: date, number: str = "PA-1", text: str = "Đòi tiền bồi dưỡng") -> str:
    return services.receive(session, services.Told(number, number.encode(), unit.id, None, text), today)


def sees(session: Session, who: Person, today: date) -> set[str]:
    return set(session.scalars(select(Denunciation.id).where(visible(session, who, today))))


def test_it_goes_to_the_level_above_and_at_the_top_stays_there(session: Session, tree: Tree, today: date) -> None:
    assert level_above(session, tree.centre.id, today) == tree.commune.id
    assert level_above(session, tree.commune.id, today) == tree.province.id
    assert level_above(session, tree.province.id, today) == tree.province.id


def test_of_an_ended_unit_it_goes_above_what_followed_it(session: Session, tree: Tree, today: date) -> None:
    merge(session, tree.commune, tree.other, today)
    assert level_above(session, tree.commune.id, today) == tree.province.id
    gone = make_unit(session, "G", parent=tree.province, end=today - timedelta(days=1))
    assert level_above(session, gone.id, today) == tree.province.id
    merge(session, tree.centre, tree.province, today)
    assert level_above(session, tree.centre.id, today) == tree.province.id


def test_only_leaders_above_the_unit_concerned_know_of_it(session: Session, tree: Tree, today: date) -> None:
    about_commune = told(session, tree.commune, today, "PA-1")
    about_centre = told(session, tree.centre, today, "PA-2")
    about_province = told(session, tree.province, today, "PA-3")
    at_top = leader(session, tree.province, today, "top")
    in_commune = leader(session, tree.commune, today, "commune")
    in_centre = leader(session, tree.centre, today, "centre")
    elsewhere = leader(session, tree.other, today, "other")
    assert sees(session, at_top, today) == {about_commune, about_centre, about_province}
    assert sees(session, in_commune, today) == {about_centre}
    assert sees(session, in_centre, today) == set()
    assert sees(session, elsewhere, today) == set()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.UNIT_LEADER])
def test_no_other_role_knows_of_it(session: Session, tree: Tree, today: date, role: Role) -> None:
    told(session, tree.commune, today)
    officer = make_officer(session, "someone", role=role, unit=tree.province)
    session.flush()
    assert sees(session, person(session, officer, today), today) == set()


def test_a_second_role_at_the_unit_concerned_or_below_shuts_it(session: Session, tree: Tree, today: date) -> None:
    key = told(session, tree.commune, today)
    at_top = leader(session, tree.province, today, "top")
    for unit in (tree.commune, tree.centre):
        both = dict(at_top.scopes) | {Permission.UNITS_READ: frozenset({tree.province.id, unit.id})}
        assert sees(session, Person(at_top.officer_id, both), today) == set()
    beside = dict(at_top.scopes) | {Permission.UNITS_READ: frozenset({tree.province.id, tree.other.id})}
    assert sees(session, Person(at_top.officer_id, beside), today) == {key}


def test_when_units_end_it_stays_with_those_above_what_took_over(session: Session, tree: Tree, today: date) -> None:
    about_commune = told(session, tree.commune, today, "PA-1")
    about_centre = told(session, tree.centre, today, "PA-2")
    merge(session, tree.commune, tree.other, today)
    at_top = leader(session, tree.province, today, "top")
    elsewhere = leader(session, tree.other, today, "other")
    assert sees(session, at_top, today) == {about_commune, about_centre}
    assert sees(session, elsewhere, today) == {about_centre}  # now itself concerned by the other one


def test_every_refusal_says_the_same(session: Session, tree: Tree, today: date) -> None:
    key = told(session, tree.commune, today)
    stranger = leader(session, tree.other, today, "other")
    said = set()
    for asked in (key, "0" * 24, "", "x" * 500):
        with pytest.raises(UnknownDenunciation) as caught:
            find(session, stranger, asked, today)
        said.add(caught.value.message)
    assert len(said) == 1


def test_acts_follow_the_table_and_leave_words(session: Session, tree: Tree, today: date) -> None:
    key = told(session, tree.commune, today)
    who = leader(session, tree.province, today, "top")
    services.act(session, who, key, 1, "check", words="Giao thanh tra tỉnh", is_shown=True, role="unit_leader")
    services.act(session, who, key, 2, "pass-on", words="Có căn cứ", place="Thanh tra tỉnh")
    services.act(session, who, key, 3, "check", words="Có tài liệu mới")
    services.act(session, who, key, 4, "keep", words="Chưa đủ căn cứ")
    lines = queries.lines(session, key)
    assert [line.state.value for line in lines] == ["received", "under_check", "passed_on", "under_check", "kept"]
    assert [line.is_shown for line in lines] == [False, True, False, False, False]
    assert lines[2].words == "Nơi nhận: Thanh tra tỉnh\nCó căn cứ"
    assert lines[0].at is None
    assert lines[0].role is None
    assert all(line.at for line in lines[1:])


def test_g3_a_stale_act_changes_nothing(session: Session, tree: Tree, today: date) -> None:
    key = told(session, tree.commune, today)
    who = leader(session, tree.province, today, "top")
    services.act(session, who, key, 1, "check", words="Trước")
    with pytest.raises(StaleDenunciation):
        services.act(session, who, key, 1, "keep", words="Sau")
    assert queries.one(session, who, key, today).state is DenunciationState.UNDER_CHECK
    with pytest.raises(NotFromHere):
        services.act(session, who, key, 2, "check", words="Lần nữa")
    with pytest.raises(NotFromHere):
        services.act(session, who, key, 2, "erase", words="Xóa")


@pytest.mark.parametrize(
    ("name", "words", "place", "missing"),
    [
        ("check", " \n", "", "words"),
        ("check", "x" * (acts.MOST_WORDS + 1), "", "words"),
        ("pass-on", "Lý do", "\x00 ", "place"),
        ("pass-on", "Lý do", "x" * (acts.MOST_PLACE + 1), "place"),
    ],
)
def test_words_are_asked_for(
    session: Session, tree: Tree, today: date, name: str, words: str, place: str, missing: str
) -> None:
    key = told(session, tree.commune, today)
    who = leader(session, tree.province, today, "top")
    with pytest.raises(WordsMissing) as caught:
        services.act(session, who, key, 1, name, words=words, place=place)
    assert caught.value.field == missing


def test_every_reading_is_on_record_without_unit_or_words(session: Session, tree: Tree, today: date) -> None:
    key = told(session, tree.commune, today, text="chữ không được lộ")
    who = leader(session, tree.province, today, "top")
    for _ in range(2):
        services.opened(session, who, key, "unit_leader")
    services.file_opened(session, who, key, 1)
    services.act(session, who, key, 1, "keep", words="chữ riêng")
    audit.write(session)
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject == f"denunciation:{key}")).all()
    assert [event.action for event in events] == ["denunciation:read"] * 3 + ["denunciation:act"]
    assert {event.unit_id for event in events} == {None}
    assert "chữ" not in str([(event.detail, event.reason) for event in events])
    assert queries.one(session, who, key, today).readers_by_role == {"unit_leader": 1}


def test_the_list_counts_and_finds_only_what_exists_for_the_reader(session: Session, tree: Tree, today: date) -> None:
    told(session, tree.commune, today, "PA-1", "Cán bộ quầy đòi tiền")
    told(session, tree.centre, today, "PA-2", "Làm giả giấy tờ")
    at_top = leader(session, tree.province, today, "top")
    in_commune = leader(session, tree.commune, today, "commune")
    assert queries.page(session, at_top, today).total == 2
    assert [line.public_number for line in queries.page(session, at_top, today, search="doi tien").lines] == ["PA-1"]
    assert queries.page(session, in_commune, today, search="doi tien").total == 0
    assert queries.page(session, in_commune, today, state=DenunciationState.RECEIVED).total == 1
    assert queries.page(session, at_top, today, state=DenunciationState.KEPT).total == 0


def test_f9_nothing_removes_what_was_told(session: Session, tree: Tree, today: date) -> None:
    key = told(session, tree.commune, today)
    who = leader(session, tree.province, today, "top")
    for version, act in enumerate(("keep", "check", "pass-on"), start=1):
        services.act(session, who, key, version, act, words="Lời", place="Nơi khác")
    assert session.scalar(select(func.count()).select_from(DenunciationEvent)) == 4
    assert session.scalar(select(func.count()).select_from(DenunciationWords)) == 3
    assert queries.one(session, who, key, today).text == "Đòi tiền bồi dưỡng"
    names = {name for name in vars(services) if callable(getattr(services, name))}
    assert not [name for name in names if name.startswith(("delete", "erase", "remove", "purge"))]
