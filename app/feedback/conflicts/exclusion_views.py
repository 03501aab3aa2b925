"""The list of exclusions, for whoever watches that conflicts of interest are kept out."""

from collections.abc import Sequence

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.audit.services import record_reading, was_read_lately
from app.audit.tags import Action
from app.clock import VIETNAM
from app.db.session import reading, transaction
from app.feedback.conflicts import exclusion_queries
from app.feedback.conflicts.exclusion_queries import BY_HAND, ExclusionKey, ExclusionLine, rule_words
from app.feedback.conflicts.kinds import REASONS
from app.web.access import actor, requires
from app.web.lists import CSV, XLSX, Asked, Column, Filter, Kind, Listing, list_file, list_page
from app.web.permissions import Permission

blueprint = Blueprint("exclusions_officer", __name__, url_prefix="/officer/exclusions")

READ = Permission.CASES_READ_OPENERS
SUBJECT = "case:exclusions"
IN_FORCE, LIFTED = "in_force", "lifted"


def _exclusions(session: Session, asked: Asked) -> Sequence[ExclusionKey]:
    state = asked.of("state")
    found = exclusion_queries.exclusions(
        session,
        actor(),
        clock.local_date(),
        rule=asked.of("rule"),
        is_lifted=None if not state else state == LIFTED,
    )
    if not asked.text:
        return found
    return [one for one in found.all() if asked.matches(one.public_number, one.officer_name)]


def _loaded(session: Session, keys: Sequence[ExclusionKey]) -> list[ExclusionLine]:
    return exclusion_queries.loaded(session, keys, clock.local_date())


def _filters(_session: Session) -> tuple[Filter, ...]:
    rules = [*((one.value, words) for one, words in REASONS.items()), (BY_HAND, rule_words(""))]
    return (
        Filter("rule", "Vì sao", rules, everything="Mọi lý do"),
        Filter("state", "Tình trạng", [(IN_FORCE, "Đang bị loại"), (LIFTED, "Đã bỏ")]),
    )


EXCLUSIONS: Listing[ExclusionKey, ExclusionLine] = Listing(
    code="exclusions",
    title="Cán bộ bị loại khỏi đơn",
    search_label="Tìm theo số đơn hoặc họ tên cán bộ",
    columns=(
        Column(
            "number",
            "Số đơn",
            lambda row: row.key.public_number,
            url=lambda row: url_for("case_officer.show", case_id=row.key.case_id),
        ),
        Column("officer", "Cán bộ", lambda row: row.key.officer_name),
        Column("rule", "Vì sao", lambda row: rule_words(row.key.rule)),
        Column("since", "Từ ngày", lambda row: row.key.since.astimezone(VIETNAM).date(), Kind.DATE),
        Column("concerned", "Đơn nói về", lambda row: row.concerned_unit_name),
        Column("unit", "Đơn vị đang xử lý", lambda row: row.unit_name),
        Column("state", "Tình trạng", lambda row: "Đã bỏ" if row.key.lifted_at else "Đang bị loại"),
    ),
    find=_exclusions,
    load=_loaded,
    filters=_filters,
    empty=("Chưa có cán bộ nào bị loại khỏi đơn", "Việc loại theo quy định được ghi ở đây ngay khi đơn đến."),
)


@blueprint.get("")
@requires(READ)
def index() -> str:
    """Who was excluded from which case and why; looking is recorded once an hour."""
    with reading() as session:
        is_known = was_read_lately(session, actor().officer_id, Action.EXCLUSION_LIST, SUBJECT)
    if not is_known:
        with transaction() as session:
            record_reading(session, actor().officer_id, Action.EXCLUSION_LIST, SUBJECT)
    return list_page("cases/exclusions.html", EXCLUSIONS)


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same as a file."""
    return list_file(EXCLUSIONS, file_format)
