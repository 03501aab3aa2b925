"""Imports against a database: all or nothing, drafts for their owner only, the official list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Missing
from app.files.tables import read_sheet
from app.units import import_drafts, queries, services
from app.units.import_store import ImportRefused, apply_import, check
from app.units.imports import ImportKind, records_of
from app.units.models import Counter, ImportDraft, Procedure, Unit, UnitSuccession
from app.units.official_loading import Loaded, load_official

TODAY = date(2026, 11, 21)
START = date(2025, 7, 1)

UNITS = """Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã đơn vị cấp trên;Ngày bắt đầu;Ngày kết thúc;Mã đơn vị kế thừa
22;Tỉnh Quảng Ninh;Tỉnh;;01/01/2020;;
193;Thành phố Hạ Long;Thành phố thuộc tỉnh;22;01/01/2020;30/06/2025;
06649;Phường Bạch Đằng;Phường;193;01/01/2020;30/06/2025;06652
06652;Phường Hồng Gai;Phường;22;01/07/2025;31/12/2025;
06652;Phường Hòn Gai;Phường;22;01/01/2026;;
"""
COUNTERS = """Mã đơn vị;Số quầy;Tên quầy;Lĩnh vực;Giờ làm việc
06652;1;Quầy Hộ tịch;"Hộ tịch; Chứng thực";"07:30-11:30; 13:30-17:00"
06652;2;Quầy Đất đai;Đất đai;
"""
PROCEDURES = "Mã thủ tục;Tên thủ tục;Lĩnh vực;Cấp thực hiện\n1.001;Đăng ký khai sinh;Hộ tịch;Xã\n"


def load(session: Session, text: str, kind: ImportKind) -> int:
    return apply_import(session, check(session, kind, records_of(read_sheet(text.encode(), "x.csv"), kind), TODAY))


def test_tables_come_through_whole(session: Session) -> None:
    assert load(session, UNITS, ImportKind.UNITS) == 4
    assert load(session, COUNTERS, ImportKind.COUNTERS) == 2
    assert load(session, PROCEDURES, ImportKind.PROCEDURES) == 1
    session.flush()
    old = queries.unit_by_code(session, "06649", date(2025, 6, 30))
    new = queries.unit_by_code(session, "06652", START)
    assert queries.successors(session, old.id, START) == [new.id]
    assert queries.name_on(session, new.id, START) == "Phường Hồng Gai"
    assert queries.name_on(session, new.id, TODAY) == "Phường Hòn Gai"
    assert len(queries.subtree_ids(session, queries.unit_by_code(session, "22", TODAY).id, date(2025, 6, 30))) == 3
    first, second = queries.counters_of(session, new.id, TODAY)
    assert {field.name for field in first.fields} == {"Chứng thực", "Hộ tịch"}
    assert second.valid_from == TODAY
    assert session.scalar(select(Procedure.level)) == "commune"


@pytest.mark.parametrize("kind", ImportKind)
def test_one_error_and_nothing_is_imported(session: Session, kind: ImportKind) -> None:
    load(session, UNITS, ImportKind.UNITS)
    tables = (Unit, Counter, Procedure, UnitSuccession)
    before = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    bad = {
        ImportKind.UNITS: UNITS.partition("\n")[0] + "\nn1;Sở Nội vụ;Sở;22;01/07/2025;;\nn2;Sở;Sở;99;01/07/2025;;\n",
        ImportKind.COUNTERS: COUNTERS + "06652;2;Trùng;;\n",
        ImportKind.PROCEDURES: PROCEDURES + "1.002;Tên;Hộ tịch;Thôn\n",
    }[kind]
    with pytest.raises(ImportRefused, match="1 lỗi"):
        load(session, bad, kind)
    session.flush()
    assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == before


def test_importing_twice_is_refused(session: Session) -> None:
    for text, kind in ((UNITS, ImportKind.UNITS), (COUNTERS, ImportKind.COUNTERS), (PROCEDURES, ImportKind.PROCEDURES)):
        load(session, text, kind)
        session.flush()
        with pytest.raises(ImportRefused):
            load(session, text, kind)


def test_drafts_are_for_their_owner_and_for_a_day(session: Session) -> None:
    records = records_of(read_sheet(PROCEDURES.encode(), "x.csv"), ImportKind.PROCEDURES)
    now = clock.now()
    draft = import_drafts.keep(session, 1, "procedures", records, now)
    session.flush()
    session.expire_all()
    assert import_drafts.found(session, 1, draft, now) == ("procedures", records)
    assert import_drafts.of_kind(session, 1, "procedures", draft, now) == records
    with pytest.raises(import_drafts.UnknownDraft):
        import_drafts.of_kind(session, 1, "duty", draft, now)
    for owner, moment in ((2, now), (1, now + import_drafts.LIFE + timedelta(seconds=1))):
        with pytest.raises(import_drafts.UnknownDraft):
            import_drafts.found(session, owner, draft, moment)
    newer = import_drafts.keep(session, 1, "procedures", records, now)
    session.flush()
    assert session.scalars(select(ImportDraft.id)).all() == [newer]
    import_drafts.drop(session, newer)
    assert session.scalars(select(ImportDraft.id)).all() == []


def test_official_list_of_a_province_loads_once(session: Session) -> None:
    loaded = load_official(session, "22")
    assert loaded.units > 54
    assert load_official(session, "22") == Loaded(0, 0)
    province = queries.unit_by_code(session, "22", TODAY)
    communes = queries.children(session, province.id, TODAY)
    assert len(communes) == 54  # 30 wards, 22 communes, 2 special zones
    assert {line.type for line in communes} == {"commune", "ward", "special_zone"}
    districts = queries.children(session, province.id, date(2025, 6, 30))
    assert {"Thành phố Hạ Long", "Huyện Vân Đồn"} <= {line.name for line in districts}
    van_don = next(line.id for line in districts if line.name == "Huyện Vân Đồn")
    assert queries.subtree_ids(session, van_don, TODAY) == set()
    assert len(queries.subtree_ids(session, van_don, date(2025, 6, 30))) > 5
    units = session.scalars(select(Unit)).all()
    services.check_rules(session, units)
    ended = [unit for unit in units if unit.valid_to == date(2025, 6, 30) and unit.type in {"ward", "commune"}]
    alive = queries.subtree_ids(session, province.id, TODAY)
    assert ended
    assert all(set(queries.successors(session, unit.id, TODAY)) & alive for unit in ended)


def test_unknown_province(session: Session) -> None:
    with pytest.raises(Missing, match="99"):
        load_official(session, "99")
