"""Officers from an uploaded table: every row checked, all errors at once, everything imported or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import keys, services
from app.accounts.models import Officer
from app.accounts.proof import invitations
from app.accounts.rights import changes
from app.accounts.roles import NAMES, NEEDS_UNIT, Role
from app.audit.services import record
from app.audit.tags import Action
from app.errors import Conflict
from app.files.tables import Column, Record
from app.i18n.folding import fold_words
from app.units import queries as units
from app.units.import_cells import BadCell, RowError, RowReader, read_name

KIND = "officers"
MOST_ROWS = 1000
COLUMNS = (
    Column("full_name", "Họ và tên", ("Tên cán bộ",), is_required=True),
    Column("username", "Tên đăng nhập", ("Tài khoản",), is_required=True),
    Column("role", "Vai trò", ("Quyền",), is_required=True),
    Column("unit", "Mã đơn vị", ("Đơn vị",)),
)
ROLES = {**{fold_words(words): role for role, words in NAMES.items()}, **{role.value: role for role in Role}}


class ImportRefused(Conflict):
    """The table has errors, or no longer fits what exists; nobody was added."""


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer to add."""

    full_name: str
    username: str
    role: Role
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """Whom the table would add, and everything that is wrong (then nobody may be added)."""

    rows: tuple[OfficerRow, ...]
    errors: tuple[RowError, ...]


def check(session: Session, records: Sequence[Record], allowed: frozenset[int] | None, today: date) -> Parsed:
    """What importing these rows now would do for somebody who manages the units ``allowed`` (None: all)."""
    taken = set(session.scalars(select(Officer.username)))
    titles = {column.key: column for column in COLUMNS}
    rows: list[OfficerRow] = []
    errors: list[RowError] = []
    if len(records) > MOST_ROWS:
        errors.append(RowError(0, "", f"Bảng có hơn {MOST_ROWS} dòng. Xin chia thành nhiều bảng."))
    for record_ in records[:MOST_ROWS]:
        reader = RowReader(record_, titles)
        row = _row(session, reader, allowed, today)
        if row is not None and row.username in taken:
            reader.reject("username", f"Tên đăng nhập {row.username} đã có người dùng, hoặc có hai lần trong bảng.")
        elif row is not None:
            taken.add(row.username)
            rows.append(row)
        errors += reader.errors
    return Parsed(tuple(rows), tuple(errors))


def apply(session: Session, actor_id: int, parsed: Parsed) -> list[tuple[Officer, str]]:
    """Add everybody, each with an invitation; the officers with their secrets, which are kept nowhere.

    Raises
    ------
    ImportRefused
        When one error remains.
    """
    if parsed.errors:
        raise ImportRefused(f"Bảng còn {len(parsed.errors)} lỗi nên chưa có ai được thêm.")
    made = []
    with changes.together(session):
        for row in parsed.rows:
            officer = services.add_officer(
                session, actor_id, username=row.username, full_name=row.full_name, role=row.role, unit_id=row.unit_id
            )
            made.append((officer, invitations.invite(session, actor_id, officer.id)))
    record(session, actor_id, Action.OFFICER_IMPORT, f"import:{KIND}", {"count": len(made)})
    return made


def _row(session: Session, reader: RowReader, allowed: frozenset[int] | None, today: date) -> OfficerRow | None:
    full_name = reader.read("full_name", read_name)
    username = reader.read("username", _read_username)
    role = reader.read("role", _read_role)
    code = reader.record.values["unit"].strip()
    unit = units.unit_by_code(session, code, today) if code else None
    if code and (unit is None or (allowed is not None and unit.id not in allowed)):
        reader.reject("unit", "Không có đơn vị mã này trong phạm vi Ông/Bà quản lý.")
    elif role is not None and unit is None and (role in NEEDS_UNIT or allowed is not None):
        reader.reject("unit", "Vai trò này cần một đơn vị.")
    elif role is not None and role not in NEEDS_UNIT and allowed is not None:
        reader.reject("role", "Vai trò này chỉ quản trị viên toàn hệ thống được giao.")
    if reader.errors or full_name is None or username is None or role is None:
        return None
    return OfficerRow(full_name, username, role, None if unit is None else unit.id)


def _read_username(text: str) -> str:
    name = keys.normalise_username(text)
    if not keys.is_username(name):
        raise BadCell("Tên đăng nhập có 3 đến 60 ký tự: chữ a–z không dấu, chữ số, dấu chấm, gạch, @.")
    return name


def _read_role(text: str) -> Role:
    found = ROLES.get(fold_words(text)) or ROLES.get(text.strip())
    if found is None:
        raise BadCell(f"Không có vai trò này. Xin ghi một trong: {'; '.join(NAMES.values())}.")
    return found
