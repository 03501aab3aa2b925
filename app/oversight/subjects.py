"""What a line of the log is about, in words: the number of a case, the name of an officer or a unit, not their keys."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.audit.errors import BadFilter
from app.feedback.cases.access import excluded_from
from app.feedback.cases.models import Case
from app.units.queries import names_on

CASE = "case"
KINDS: Mapping[str, str] = {
    "apology": "Thư xin lỗi",
    "audit": "Nhật ký",
    "calendar": "Lịch làm việc",
    CASE: "Đơn",
    "case-export": "Tệp danh sách đơn",
    "code": "Mã QR số",
    "counter": "Quầy số",
    "delegation": "Ủy quyền số",
    "denunciation": "Tin tố cáo",
    "dossier": "Hồ sơ số",
    "dossier-import": "Lần nhập hồ sơ số",
    "dossier-key": "Khóa kết nối số",
    "exchange-key": "Khóa của hệ thống khác số",
    "field": "Lĩnh vực số",
    "file": "Tệp",
    "key": "Khóa mã hóa số",
    "letters": "Thư xin lỗi của đơn vị số",
    "message": "Tin nhắn",
    "officer": "Cán bộ",
    "procedure": "Thủ tục số",
    "question-set": "Bộ câu hỏi",
    "round": "Đợt khảo sát số",
    "route": "Tuyến chuyển đơn số",
    "rule": "Quy định",
    "setting": "Cài đặt",
    "unit": "Đơn vị",
}


def subject_of_case(session: Session, officer_id: int, number: str) -> str:
    """The subject under which acts on the case of a public number stand in the log.

    Raises
    ------
    BadFilter
        When there is none, or the officer is excluded from it, to whom it does not exist.
    """
    found = known_case(session, officer_id, number)
    if found is None:
        raise BadFilter("Không có đơn nào mang số này. Số đơn viết như LN-48HTM-3HCVQ.")
    return found


def known_case(session: Session, officer_id: int, number: str) -> str | None:
    """The same; None when there is none, or the officer is excluded from it."""
    wanted = "-".join(number.upper().replace("–", "-").split())
    # What stands in an address may hold signs that no database takes.
    if not (wanted.isascii() and wanted.isprintable()):
        return None
    found = session.scalar(
        select(Case.id).where(Case.public_number == wanted, Case.id.not_in(excluded_from(officer_id)))
    )
    return None if found is None else f"{CASE}:{found}"


def hidden_subjects(session: Session, officer_id: int) -> frozenset[str]:
    """The cases that an officer is excluded from: for them nothing was done on these, because they do not exist."""
    return frozenset(f"{CASE}:{case_id}" for case_id in session.scalars(excluded_from(officer_id)))


def words_of_subjects(session: Session, officer_id: int, subjects: Collection[str]) -> dict[str, str]:
    """Each subject in words for this officer; a case that they are excluded from keeps its key."""
    keys: dict[str, set[str]] = {}
    for kind, _, key in (one.partition(":") for one in subjects):
        keys.setdefault(kind, set()).add(key)
    named: dict[str, Mapping[str, str]] = {
        CASE: _numbers(session, officer_id, keys.get(CASE, ())),
        "officer": _officers(session, _whole(keys.get("officer", ()))),
        "unit": {
            str(key): name for key, name in names_on(session, _whole(keys.get("unit", ())), clock.local_date()).items()
        },
    }
    return {one: _said(one, named) for one in subjects}


def _said(subject: str, named: Mapping[str, Mapping[str, str]]) -> str:
    kind, _, key = subject.partition(":")
    if kind not in KINDS:
        return subject
    return f"{KINDS[kind]} {named.get(kind, {}).get(key, '' if key == 'all' else key)}".strip()


def _numbers(session: Session, officer_id: int, keys: Collection[str]) -> dict[str, str]:
    known = select(Case.id, Case.public_number).where(Case.id.in_(keys), Case.id.not_in(excluded_from(officer_id)))
    return {row.id: row.public_number for row in session.execute(known)}


def _officers(session: Session, keys: Collection[int]) -> dict[str, str]:
    known = select(Officer.id, Officer.full_name).where(Officer.id.in_(keys))
    return {str(row.id): row.full_name for row in session.execute(known)}


def _whole(keys: Collection[str]) -> set[int]:
    return {int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 10}
