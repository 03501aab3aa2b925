"""What `flask audit verify` finds: one test for each way of bending the record."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.audit.models import AuditChain, AuditEvent, AuditHead
from app.audit.proof import heads
from app.audit.proof.rows import row_hash
from tests.support.tampering import tampering, without_unique_places
from tests.unit.audit.conftest import DAYS, ROWS, Record

WHOLE_ROW = [column.name for column in AuditEvent.__table__.c if column.name != "id"]
SAID = [name for name in WHOLE_ROW if name not in ("day", "sequence", "previous_hash", "hash")]


def row(session: Session, day: date, sequence: int) -> AuditEvent:
    return session.scalars(select(AuditEvent).where(AuditEvent.day == day, AuditEvent.sequence == sequence)).one()


def exchange(session: Session, one: AuditEvent, other: AuditEvent, names: list[str]) -> None:
    values = [{name: getattr(item, name) for name in names} for item in (one, other)]
    places = [{"sequence": item.sequence} for item in (other, one)]
    session.execute(update(AuditEvent).where(AuditEvent.id == one.id).values(sequence=0))  # places are unique
    for item, place, new in zip((other, one), places, values, strict=True):
        session.execute(update(AuditEvent).where(AuditEvent.id == item.id).values(**{**place, **new}))


def test_an_untouched_record_is_whole(kept: Record) -> None:
    report = kept.report()
    assert report.found == ()
    assert (report.rows, report.days, report.heads, report.unsigned_rows) == (len(DAYS) * ROWS, 4, 4, 0)


def test_new_rows_wait_for_their_signature(kept: Record) -> None:
    kept.add(2)
    assert (kept.report().found, kept.report().unsigned_rows) == ((), 2)


@pytest.mark.parametrize(
    "change",
    [
        {"action": "unit:create"},
        {"actor_id": 99},
        {"role": "auditor"},
        {"unit_id": 5},
        {"subject": "officer:99"},
        {"detail": {"count": 99}},
        {"old_value": {"count": 1}},
        {"new_value": {"count": 1}},
        {"reason": "khác"},
        {"occurred_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_row(kept: Record, change: dict[str, object]) -> None:
    with tampering(kept.database) as session:
        session.execute(update(AuditEvent).where(AuditEvent.day == DAYS[1], AuditEvent.sequence == 3).values(**change))
    assert [str(one) for one in kept.found()] == [
        "[edited-row] Ngày 19/11/2026: nội dung dòng 3 đã bị sửa sau khi ghi."
    ]


def test_an_edited_row_with_its_hash_made_anew(kept: Record) -> None:
    with tampering(kept.database) as session:
        edited = row(session, DAYS[1], 3)
        edited.subject = "officer:99"
        edited.hash = row_hash(edited, edited.day, edited.sequence, edited.previous_hash)
    (found,) = kept.found()
    assert found.kind == "broken-link"
    assert "dòng 4 không nối với dòng 3" in str(found)


def test_a_day_written_anew_with_all_its_hashes(kept: Record) -> None:
    with tampering(kept.database) as session:
        previous = row(session, DAYS[2], 6).hash
        for number in range(1, ROWS + 1):
            edited = row(session, DAYS[3], number)
            edited.actor_id = 1
            edited.previous_hash = previous
            previous = edited.hash = row_hash(edited, edited.day, number, previous)
        session.execute(update(AuditChain).values(hash=previous))
    assert kept.kinds() == ["rewritten"]
    assert "nhật ký đã bị viết lại" in str(kept.found()[0])


@pytest.mark.parametrize(("gone", "words"), [((3,), "dòng 3 đã bị xóa"), ((1, 2), "các dòng 1–2 đã bị xóa")])
def test_removed_rows(kept: Record, gone: tuple[int, ...], words: str) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[2], AuditEvent.sequence.in_(gone)))
    assert [str(one) for one in kept.found()] == [f"[removed-rows] Ngày 20/11/2026: {words}."]


@pytest.mark.parametrize("day", DAYS)
def test_a_cut_tail(kept: Record, day: date) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == day, AuditEvent.sequence > 4))
    (found,) = kept.found()
    assert found.kind == "cut-tail"
    assert "từng có 6 dòng, nay còn 4; mất dòng 5–6" in str(found)


def test_a_cut_tail_that_nobody_had_signed_yet(kept: Record) -> None:
    kept.add(3)
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[3], AuditEvent.sequence > 7))
    assert [str(one) for one in kept.found()] == [
        "[cut-tail] Ngày 21/11/2026: phần cuối đã bị cắt: từng có 9 dòng, nay còn 7; mất dòng 8–9."
    ]


def test_a_cut_tail_with_the_end_of_the_chain_set_back_and_grown_again(kept: Record) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[3], AuditEvent.sequence > 4))
        session.execute(update(AuditChain).values(sequence=4, hash=row(session, DAYS[3], 4).hash))
    kept.add(2)
    assert kept.kinds() == ["rewritten"]


@pytest.mark.parametrize("names", [SAID, ["day", "sequence"]], ids=["what they say", "whole rows"])
@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 5), (1, 6)])
def test_swapped_rows(kept: Record, one: int, other: int, names: list[str]) -> None:
    with tampering(kept.database) as session:
        exchange(session, row(session, DAYS[1], one), row(session, DAYS[1], other), names)
    (found,) = kept.found()
    assert str(found) == f"[swapped-rows] Ngày 19/11/2026: dòng {one} và dòng {other} đã bị tráo chỗ cho nhau."


def test_rows_swapped_between_days(kept: Record) -> None:
    with tampering(kept.database) as session:
        exchange(session, row(session, DAYS[0], 2), row(session, DAYS[2], 4), SAID)
    (found,) = kept.found()
    assert "dòng 2 và dòng 4 (ngày 20/11/2026) đã bị tráo chỗ" in str(found)


def test_two_rows_with_one_number(kept: Record) -> None:
    """Two writers that both saw row 5 as the last one."""
    with without_unique_places(kept.database):
        with kept.database.transaction() as session:
            copied = {name: getattr(row(session, DAYS[1], 6), name) for name in WHOLE_ROW}
            session.execute(insert(AuditEvent).values(**{**copied, "subject": "officer:77"}))
        assert "[fork] Ngày 19/11/2026: có hai dòng cùng mang số 6" in str(kept.found()[0])


def test_two_rows_that_follow_the_same_row(kept: Record) -> None:
    with tampering(kept.database) as session:
        last, before = row(session, DAYS[3], 6), row(session, DAYS[3], 5)
        digest = row_hash(last, DAYS[3], 7, before.hash)
        values = {name: getattr(last, name) for name in WHOLE_ROW}
        session.execute(
            insert(AuditEvent).values(**{**values, "sequence": 7, "previous_hash": before.hash, "hash": digest})
        )
        session.execute(update(AuditChain).values(sequence=7, hash=digest))
    (found,) = kept.found()
    assert str(found).startswith("[fork] Ngày 21/11/2026: chuỗi rẽ nhánh ở dòng 7: hai dòng cùng nối vào dòng 5")


@pytest.mark.parametrize("day", DAYS)
def test_a_removed_day(kept: Record, day: date) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == day))
    (found,) = kept.found()
    assert (found.kind, found.day) == ("removed-day", day)
    assert "cả ngày đã bị xóa: đầu chuỗi đã ký nói có 6 dòng" in str(found)


def test_a_removed_day_with_its_heads(kept: Record) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[3]))
        session.execute(delete(AuditHead).where(AuditHead.day == DAYS[3]))
        session.execute(update(AuditChain).values(day=DAYS[2], sequence=6, hash=row(session, DAYS[2], 6).hash))
    assert kept.kinds() == ["removed-head", "removed-day"]  # the exported files remember
    assert kept.kinds(files=False) == []


def test_a_day_removed_from_the_middle_with_its_heads(kept: Record) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[1]))
        session.execute(delete(AuditHead).where(AuditHead.day == DAYS[1]))
    assert kept.kinds(files=False) == ["removed-head", "broken-link"]
    assert "removed-day" in kept.kinds()


def test_rows_added_to_a_day_that_is_over(kept: Record) -> None:
    with tampering(kept.database) as session:
        last = row(session, DAYS[1], 6)
        values = {name: getattr(last, name) for name in WHOLE_ROW}
        digest = row_hash(last, DAYS[1], 7, last.hash)
        session.execute(
            insert(AuditEvent).values(**{**values, "sequence": 7, "previous_hash": last.hash, "hash": digest})
        )
    assert [one.kind for one in kept.found()] == ["added-rows"]


@pytest.mark.parametrize(
    "change", [{"rows": 4}, {"hash": hashlib.sha256().digest()}, {"signature": bytes(64)}, {"key_id": "0" * 16}]
)
def test_a_forged_head(kept: Record, change: dict[str, object]) -> None:
    with tampering(kept.database) as session:
        session.execute(update(AuditHead).where(AuditHead.number == 2).values(**change))
    assert "đầu chuỗi số 2 (trong cơ sở dữ liệu) không mang chữ ký hợp lệ" in str(kept.found()[0])
    assert kept.found()[0].kind == "forged-head"


def test_a_head_signed_with_another_key(kept: Record, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever makes a key of their own signs a record of their own, but nobody believes the key."""
    stranger = Record(kept.database, tmp_path_factory.mktemp("stranger"))
    kept.add(1)
    stranger.sign()
    assert kept.kinds() == ["forged-head"]


def test_an_exported_head_that_was_changed(kept: Record) -> None:
    path = kept.folder / heads.FOLDER / f"{DAYS[1].isoformat()}.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("rows: 6", "rows: 5"), encoding="utf-8")
    assert kept.kinds() == ["forged-head"]
    path.write_text("rows: 5\n", encoding="utf-8")
    assert "tệp 2026-11-19.txt không đọc được" in str(kept.found()[0])


def test_a_removed_head(kept: Record) -> None:
    with tampering(kept.database) as session:
        session.execute(delete(AuditHead).where(AuditHead.number == 2))
    assert kept.kinds() == ["removed-head", "unsigned-day"]


def test_everything_removed(kept: Record) -> None:
    with tampering(kept.database) as session:
        for table in (AuditEvent, AuditHead, AuditChain):
            session.execute(delete(table))
    assert set(kept.kinds()) == {"removed-head", "removed-day"}


def test_several_things_at_once_are_all_named(kept: Record) -> None:
    with tampering(kept.database) as session:
        session.execute(update(AuditEvent).where(AuditEvent.day == DAYS[0], AuditEvent.sequence == 2).values(unit_id=9))
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[1], AuditEvent.sequence == 4))
        session.execute(delete(AuditEvent).where(AuditEvent.day == DAYS[2], AuditEvent.sequence > 5))
    assert kept.kinds() == ["edited-row", "removed-rows", "cut-tail"]
