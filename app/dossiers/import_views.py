"""Dossiers from a file of the one-stop software."""

import hashlib
import json

from flask import redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.dossiers import codes, deliveries
from app.dossiers.deliveries import Sender, Taken
from app.dossiers.reading import COLUMNS, Parsed, parse
from app.files.sheets import Limits
from app.files.tables import Column
from app.units.import_wizard import Records, Wizard, Words
from app.web.access import actor
from app.web.permissions import Permission

IMPORT = Permission.DOSSIERS_IMPORT
MOST_TOLD = 20


def _hint(column: Column) -> str:
    return f"Cũng nhận: {', '.join(column.aliases)}" if column.aliases else "–"


def _unknown(parsed: Parsed) -> str:
    if not parsed.unknown_procedures:
        return ""
    return (
        f"Các mã thủ tục chưa có trong danh mục: {', '.join(parsed.unknown_procedures[:MOST_TOLD])}. Hồ sơ vẫn "
        "được nhập, "
        "nhưng không xếp được theo thủ tục và lĩnh vực."
    )


WORDS = Words(
    title="Nhập hồ sơ từ tệp",
    help="Để đưa tình trạng hồ sơ từ phần mềm một cửa vào đây. Hệ thống đọc tệp, cho xem trước và nêu mọi lỗi theo "
    "dòng, "
    "cột; chỉ khi không còn lỗi và Ông/Bà xác nhận mới nhập. Nhập lại tệp cũ không đổi gì; hồ sơ đã có được cập "
    "nhật theo "
    "tệp mới nhất.",
    sizes="nhiều nhất 10 MB và 50.000 dòng",
    preview="Xem trước: hồ sơ",
    preview_help="Để kiểm tra tệp trước khi nhập: mọi lỗi được nêu theo dòng và cột. Chưa có gì được lưu vào số liệu.",
    things="hồ sơ",
    hint=_hint,
    back="dossiers_officer.index",
    back_label="Quay lại",
    more=_unknown,
    notes=(
        codes.FORM,
        "Họ tên, địa chỉ người nộp chỉ được giữ cho hồ sơ đang giải quyết, để in thư xin lỗi, mã hóa và xóa sau đó.",
    ),
)


def _parsed(session: Session, records: Records) -> Parsed:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), IMPORT, today)
    return parse(records, deliveries.known(session, allowed, today), today)


def _take(session: Session, records: Records, parsed: Parsed) -> Taken:
    checksum = hashlib.sha256(json.dumps([one.values for one in records]).encode()).digest()
    return deliveries.take(session, Sender(officer_id=actor().officer_id), parsed, checksum)


def _done(_taken: Taken) -> Response:
    return redirect(url_for("dossiers_officer.index", done="imported"), 303)


WIZARD = Wizard(
    kind="dossiers",
    permission=IMPORT,
    columns=COLUMNS,
    words=WORDS,
    parse=_parsed,
    take=_take,
    done=_done,
    limits=Limits(file_bytes=10 * 1024 * 1024, rows=50_000, cells=800_000),
)
blueprint = WIZARD.pages("imports", "/import")
