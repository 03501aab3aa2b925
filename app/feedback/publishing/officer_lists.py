"""The list of closed cases with their public copies."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.feedback.publishing import moderation
from app.feedback.publishing.moderation import ClosedLine, Standing
from app.feedback.publishing.seen import KINDS
from app.web.access import actor
from app.web.lists import Asked, Column, Filter, Kind, Listing

STANDINGS = {
    Standing.NONE: "Chưa công khai",
    Standing.SHOWN: "Đang công khai",
    Standing.HIDDEN: "Tạm ẩn vì đơn mở lại hoặc không công khai",
    Standing.WITHDRAWN: "Đã gỡ",
}
TAGS = {Standing.NONE: "plain", Standing.SHOWN: "good", Standing.HIDDEN: "off", Standing.WITHDRAWN: "off"}


def _find(session: Session, asked: Asked) -> Sequence[ClosedLine]:
    chosen = asked.of("standing")
    standing = Standing(chosen) if chosen else None
    return moderation.closed_cases(session, actor(), clock.local_date(), standing=standing, words=asked.words)


def _load(session: Session, keys: Sequence[ClosedLine]) -> Sequence[ClosedLine]:
    return moderation.named(session, keys, clock.local_date())


LISTING: Listing[ClosedLine, ClosedLine] = Listing(
    code="public-answers",
    title="Công khai câu trả lời",
    search_label="Tìm trong bản đang công khai, hoặc số đơn",
    columns=(
        Column(
            "number",
            "Số đơn",
            lambda line: line.public_number,
            url=lambda line: url_for("publishing_officer.show", case_id=line.case_id),
        ),
        Column("title", "Tiêu đề công khai", lambda line: line.title),
        Column("kind", "Loại", lambda line: KINDS[line.kind]),
        Column("unit", "Đơn vị", lambda line: line.unit_name),
        Column("closed", "Kết thúc ngày", lambda line: line.closed_on, kind=Kind.DATE),
        Column("standing", "Trạng thái", lambda line: STANDINGS[line.standing], tag=lambda line: TAGS[line.standing]),
    ),
    find=_find,
    load=_load,
    filters=lambda _session: (
        Filter("standing", "Trạng thái", [(one.value, words) for one, words in STANDINGS.items()]),
    ),
    empty=(
        "Chưa có đơn nào đã kết thúc",
        "Khi một đơn của đơn vị kết thúc, Ông/Bà công khai được câu trả lời từ danh sách này.",
    ),
)
