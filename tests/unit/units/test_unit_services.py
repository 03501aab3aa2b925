"""Acts on units, through the services and back through the queries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.services import write
from app.calendar.opening_hours import parse_opening_hours
from app.errors import Conflict, Gone, Invalid, Missing
from app.units import counter_services, procedure_services, queries, services
from app.units.counter_services import CounterForm
from app.units.list_queries import procedures_found
from app.units.models import Field, Unit
from app.units.procedure_services import BadProcedure, ProcedureEntry
from app.units.successions import BadSuccession
from app.units.types import Level
from app.web.lists import Asked

OLD = date(2020, 1, 1)
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
LATER = date(2026, 1, 1)
DAY = timedelta(days=1)


def make(
    session: Session, code: str, type_code: str, parent: Unit | None = None, start: date = AFTER, end=None, name=""
) -> Unit:
    return services.create_unit(
        session,
        code=code,
        name=name or f"Đơn vị {code}",
        type_code=type_code,
        valid_from=start,
        valid_to=end,
        parent_id=parent.id if parent else None,
    )


@pytest.fixture
def province(session: Session) -> Unit:
    return make(session, "22", "province", start=OLD, name="Tỉnh Quảng Ninh")


@pytest.fixture
def wards(session: Session, province: Unit) -> list[Unit]:
    return [make(session, code, "ward", province, name=f"Phường {code}") for code in ("w1", "w2", "w3")]


def codes(lines) -> list[str]:
    return [line.code for line in lines]


def test_tree_is_resolved_as_of_a_day(session: Session, province: Unit, wards: list[Unit]) -> None:
    district = make(session, "193", "town", province, start=OLD, end=BEFORE)
    old = make(session, "old", "ward", district, start=OLD, end=BEFORE)
    centre = make(session, "c", "communal_service_centre", wards[0])
    assert queries.subtree_ids(session, province.id, BEFORE) == {province.id, district.id, old.id}
    assert queries.subtree_ids(session, province.id, AFTER) == {province.id, centre.id, *(ward.id for ward in wards)}
    assert queries.subtree_ids(session, district.id, AFTER) == set()
    assert queries.path_ids(session, centre.id, AFTER) == [centre.id, wards[0].id, province.id]
    assert queries.path_ids(session, old.id, AFTER) == []
    assert codes(queries.children(session, province.id, AFTER)) == ["w1", "w2", "w3"]
    assert codes(queries.roots(session, AFTER)) == ["22"]


def test_code_given_again_after_the_unit_ended(session: Session, province: Unit) -> None:
    district = make(session, "193", "town", province, start=OLD, end=BEFORE)
    ward = make(session, "193", "ward", province)
    assert queries.unit_by_code(session, "193", BEFORE) is district
    assert queries.unit_by_code(session, "193", AFTER) is ward
    with pytest.raises(Conflict, match="đã có trong hệ thống"):
        make(session, "193", "ward", province, start=LATER)


@pytest.mark.parametrize(
    ("type_code", "start", "message"),
    [
        ("ward", OLD, "không được trực thuộc"),
        ("special_zone", OLD, "không tồn tại"),
        ("commune_of_the_moon", AFTER, "Không có loại"),
        ("reception_point", AFTER, "không được trực thuộc"),
        ("town", AFTER, "không tồn tại"),
    ],
)
def test_rules_of_the_tree_hold(session: Session, province: Unit, type_code: str, start: date, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        make(session, "x", type_code, province, start=start)


def test_a_ward_needs_a_parent(session: Session) -> None:
    with pytest.raises(Invalid, match="phải có đơn vị cấp trên"):
        make(session, "x", "ward")


def test_rename_keeps_earlier_names(session: Session, wards: list[Unit]) -> None:
    services.rename_unit(session, wards[0].id, "  Phường   Hồng Gai ", LATER)
    session.flush()
    assert queries.name_on(session, wards[0].id, LATER - DAY) == "Phường w1"
    assert queries.name_on(session, wards[0].id, LATER) == "Phường Hồng Gai"
    assert queries.name_on(session, wards[0].id, OLD) == "Phường w1"
    assert codes(queries.search(session, "hong gai", LATER).lines) == ["w1"]
    assert codes(queries.search(session, "hong gai", AFTER).lines) == []
    assert [item.kind.value for item in queries.history(session, wards[0].id)] == ["rename"]
    with pytest.raises(Conflict):
        services.rename_unit(session, wards[0].id, "Khác", LATER - DAY)
    with pytest.raises(Invalid, match="trùng với tên"):
        services.rename_unit(session, wards[0].id, "Phường Hồng Gai", LATER + DAY)


def test_move_keeps_earlier_parents_and_refuses_cycles(session: Session, province: Unit) -> None:
    a = make(session, "a", "vertical_office", province)
    b = make(session, "b", "vertical_office", a)
    services.move_unit(session, b.id, province.id, LATER)
    session.flush()
    assert queries.parent_id(session, b.id, LATER - DAY) == a.id
    assert queries.parent_id(session, b.id, LATER) == province.id
    services.move_unit(session, b.id, a.id, LATER + DAY)
    with pytest.raises(Invalid, match="chính cấp dưới"):
        services.move_unit(session, a.id, b.id, LATER + DAY)


def test_merge_keeps_history_moves_children_and_closes_counters(session: Session, wards: list[Unit]) -> None:
    first, second, into = wards
    point = make(session, "p", "reception_point", first)
    counter = counter_services.create_counter(session, first.id, CounterForm("1", "Quầy 1"), AFTER)
    services.merge_units(session, [first.id, second.id], into.id, LATER)
    session.flush()
    assert (first.valid_to, second.valid_to, into.valid_to) == (LATER - DAY, LATER - DAY, None)
    assert counter.valid_to == LATER - DAY
    assert queries.counters_of(session, first.id, LATER) == []
    assert queries.counters_of(session, first.id, LATER - DAY) == [counter]
    assert queries.parent_id(session, point.id, LATER - DAY) == first.id
    assert queries.parent_id(session, point.id, LATER) == into.id
    assert queries.successors(session, first.id, LATER - DAY) == [first.id]
    assert queries.successors(session, first.id, LATER) == [into.id]
    assert first.id in queries.subtree_ids(session, queries.path_ids(session, first.id, AFTER)[-1], AFTER)
    assert len(queries.history(session, into.id)) == 2
    write(session)
    actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("unit:merge") == 2


def test_chain_of_successors(session: Session, wards: list[Unit]) -> None:
    services.merge_units(session, [wards[0].id], wards[1].id, LATER)
    session.flush()
    services.close_unit(session, wards[1].id, LATER + 30 * DAY, wards[2].id)
    session.flush()
    assert queries.successors(session, wards[0].id, LATER) == [wards[1].id]
    assert queries.successors(session, wards[0].id, LATER + 30 * DAY) == [wards[2].id]


def test_merges_that_cannot_be(session: Session, province: Unit, wards: list[Unit]) -> None:
    with pytest.raises(BadSuccession, match="chính nó"):
        services.merge_units(session, [wards[0].id, wards[1].id], wards[1].id, LATER)
    with pytest.raises(BadSuccession, match="hai lần"):
        services.merge_units(session, [wards[0].id, wards[0].id], wards[1].id, LATER)
    with pytest.raises(Missing):
        services.merge_units(session, [9_999], wards[1].id, LATER)
    with pytest.raises(Invalid, match="cấp dưới"):
        services.merge_units(session, [province.id], wards[0].id, LATER)
    with pytest.raises(Invalid, match="không hoạt động vào ngày"):
        services.merge_units(session, [wards[0].id], wards[1].id, OLD)


def test_split_and_close_refuse_to_orphan_children(session: Session, wards: list[Unit]) -> None:
    make(session, "p", "reception_point", wards[0], name="Điểm Cái Dăm")
    with pytest.raises(Conflict, match="Điểm Cái Dăm"):
        services.close_unit(session, wards[0].id, LATER)
    with pytest.raises(Conflict, match="Điểm Cái Dăm"):
        services.split_unit(session, wards[0].id, [wards[1].id, wards[2].id], LATER)


def test_split(session: Session, wards: list[Unit]) -> None:
    services.split_unit(session, wards[0].id, [wards[1].id, wards[2].id], LATER)
    session.flush()
    assert queries.successors(session, wards[0].id, LATER) == [wards[1].id, wards[2].id]


def test_search_scope_and_pages(session: Session, province: Unit, wards: list[Unit]) -> None:
    other = make(session, "23", "province", name="Tỉnh Bắc Giang")
    assert codes(queries.search(session, "PHUONG", AFTER, within=[province.id]).lines) == ["w1", "w2", "w3"]
    assert queries.search(session, "phường", AFTER, within=[other.id]).total == 0
    assert queries.search(session, "%", AFTER).total == 0
    assert queries.search(session, "W_", AFTER).total == 0
    assert queries.search(session, "W1", AFTER).total == 1
    page = queries.search(session, "", AFTER, number=2)
    assert (page.total, page.lines, page.last_number) == (5, (), 1)


def test_counters(session: Session, wards: list[Unit]) -> None:
    hours = parse_opening_hours("07:30-11:30")
    form = CounterForm("10", "Quầy Hộ tịch", ("Hộ tịch", "Chứng thực", "hộ tịch"), hours)
    counter = counter_services.create_counter(session, wards[0].id, form, AFTER)
    second = counter_services.create_counter(session, wards[0].id, CounterForm("9", "Quầy 9", ("HỘ TỊCH",)), AFTER)
    session.flush()
    assert [field.name for field in counter.fields] == ["Hộ tịch", "Chứng thực"]
    assert len(session.scalars(select(Field)).all()) == 2
    assert queries.counters_of(session, wards[0].id, AFTER) == [second, counter]
    with pytest.raises(Conflict, match="đã có quầy số 9"):
        counter_services.change_counter(session, counter.id, CounterForm("9", "x"))
    counter_services.change_counter(session, counter.id, CounterForm("10", "Quầy Đất đai"))
    assert (counter.name, counter.fields, counter.opening_hours) == ("Quầy Đất đai", [], {})
    counter_services.close_counter(session, counter.id, LATER)
    with pytest.raises(Gone):
        counter_services.close_counter(session, counter.id, LATER)
    with pytest.raises(Invalid, match="không hoạt động"):
        counter_services.create_counter(session, wards[0].id, CounterForm("2", "x"), OLD)


def test_procedures(session: Session) -> None:
    entry = ProcedureEntry("Cấp bản sao", "Hộ tịch", Level.COMMUNE, date(2025, 7, 1))
    made = procedure_services.create_procedure(session, "1.001", entry)
    with pytest.raises(Conflict):
        procedure_services.create_procedure(session, "1.001", entry)
    with pytest.raises(BadProcedure):
        procedure_services.end_procedure(session, made.id, date(2025, 6, 30))
    procedure_services.end_procedure(session, made.id, date(2025, 12, 31))
    with pytest.raises(Gone):
        procedure_services.end_procedure(session, made.id, date(2026, 1, 31))
    with pytest.raises(BadProcedure):
        procedure_services.change_procedure(session, made.id, replace(entry, valid_from=date(2026, 1, 1)))
    changed = procedure_services.change_procedure(session, made.id, replace(entry, field="ho tich"))
    assert changed.field.name == "Hộ tịch"
    everything = Asked().matches
    assert [one.code for one in procedures_found(session, everything, date(2025, 12, 31))] == ["1.001"]
    assert procedures_found(session, everything, date(2026, 1, 1)) == []
    assert [one.code for one in procedures_found(session, everything, date(2026, 1, 1), is_ended=True)] == ["1.001"]


def test_fields_have_one_name_each(session: Session) -> None:
    made = procedure_services.create_field(session, "Đất đai")
    with pytest.raises(Conflict):
        procedure_services.create_field(session, "dat dai")
    assert procedure_services.rename_field(session, made.id, "Đất  đai ").name == "Đất đai"
