"""Officers from a table; then the invitations to print."""

from sqlalchemy.orm import Session

from app import clock
from app.accounts import imports
from app.accounts.imports import COLUMNS, KIND, MOST_ROWS, Parsed
from app.accounts.models import Officer
from app.accounts.officer_views import invitations_shown
from app.accounts.roles import NAMES
from app.accounts.scope import allowed_unit_ids
from app.files.tables import Column
from app.i18n.formats import format_integer
from app.units.import_wizard import Records, Wizard, Words
from app.web.access import actor
from app.web.permissions import Permission

MANAGE = Permission.OFFICERS_MANAGE
HINTS = {
    "role": "; ".join(NAMES.values()),
    "unit": "Mã một đơn vị đã có; bỏ trống nếu vai trò là của toàn hệ thống",
    "username": "Chữ a–z không dấu, chữ số, dấu chấm, gạch, @",
}


def _hint(column: Column) -> str:
    return HINTS.get(column.key, "Chữ")


WORDS: Words[Parsed] = Words(
    title="Nhập cán bộ từ bảng",
    help="Để thêm nhiều cán bộ một lúc từ một bảng Excel hoặc CSV. Hệ thống cho xem trước và nêu mọi lỗi; chỉ khi "
    "Ông/Bà xác "
    "nhận và không còn lỗi mới thêm. Sau khi thêm, trang hiện đường dẫn mời của từng người để in.",
    sizes=f"nhiều nhất {format_integer(MOST_ROWS)} người",
    preview="Xem trước: cán bộ",
    preview_help="Để kiểm tra danh sách cán bộ trước khi thêm: mọi lỗi được nêu theo dòng và cột. Chưa có ai được "
    "thêm cho "
    "đến khi không còn lỗi và Ông/Bà xác nhận.",
    things="cán bộ",
    hint=_hint,
    back="accounts_officer.index",
    back_label="Quay lại danh sách",
)


def _parsed(session: Session, records: Records) -> Parsed:
    today = clock.local_date()
    return imports.check(session, records, allowed_unit_ids(session, actor(), MANAGE, today), today)


def _take(session: Session, _records: Records, parsed: Parsed) -> list[tuple[Officer, str]]:
    return imports.apply(session, actor().officer_id, parsed)


def _done(made: list[tuple[Officer, str]]) -> str:
    """The invitations stand on the answer itself: they are kept nowhere, so no redirect."""
    return invitations_shown(made)


WIZARD = Wizard(
    kind=KIND, permission=MANAGE, columns=COLUMNS, words=WORDS, parse=_parsed, take=_take, done=_done, is_fresh=True
)
blueprint = WIZARD.pages("accounts_import", "/officer/officers/import")
