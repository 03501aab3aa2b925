"""The lists of officers, invitations, lent roles, reviews of rights, and of who may do what in a unit."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.accounts import list_queries
from app.accounts.forms import ROLE_OPTIONS
from app.accounts.list_queries import InvitationLine, OfficerKey, OfficerLine
from app.accounts.rights import grants, reviews
from app.accounts.rights.delegations import DelegationLine
from app.accounts.rights.gaps import Gap, gaps
from app.accounts.rights.grants import Holder
from app.accounts.rights.reviews import ReviewState
from app.accounts.roles import NAMES, Role
from app.accounts.scope import allowed_unit_ids
from app.i18n.folding import natural_key
from app.units.unit_choice import UnitChoice, choose_unit
from app.web.access import actor
from app.web.lists import Asked, Column, Filter, Kind, Listing, same
from app.web.permissions import WORDS, Permission
from app.web.text_input import clean

EVERYWHERE_WORDS = "Toàn hệ thống"
ACTIVE, WAITING, LOCKED = "active", "waiting", "locked"
OFFICER_STATES = {ACTIVE: "Đang dùng", WAITING: "Chờ đặt mật khẩu", LOCKED: "Đã khóa"}
OFFICER_TAGS = {ACTIVE: "good", WAITING: "plain", LOCKED: "off"}
YES, NO = "yes", "no"
OPEN, USED, EXPIRED = "open", "used", "expired"
INVITATION_STATES = {OPEN: "Đang chờ", USED: "Đã dùng", EXPIRED: "Hết hạn"}
INVITATION_TAGS = {OPEN: "plain", USED: "good", EXPIRED: "off"}
IN_FORCE, TO_COME, OVER = "in-force", "to-come", "over"
DELEGATION_STATES = {IN_FORCE: "Đang hiệu lực", TO_COME: "Chưa bắt đầu", OVER: "Đã kết thúc"}
DELEGATION_TAGS = {IN_FORCE: "good", TO_COME: "plain", OVER: "off"}
OVERDUE, ON_TIME = "overdue", "on-time"
REVIEW_STATES = {OVERDUE: "Quá hạn", ON_TIME: "Trong hạn"}
REVIEW_TAGS = {OVERDUE: "bad", ON_TIME: "good"}


def local_day(moment: datetime | None) -> date | None:
    """The day of a moment on a Vietnamese calendar."""
    return None if moment is None else moment.astimezone(clock.VIETNAM).date()


def officer_state(one: OfficerKey) -> str:
    """The key in ``OFFICER_STATES``."""
    if not one.is_active:
        return LOCKED
    return WAITING if one.must_change_password else ACTIVE


def _officers(session: Session, asked: Asked) -> Sequence[OfficerKey]:
    today, role = clock.local_date(), asked.of("role")
    found = list_queries.officers_found(
        session,
        asked.matches,
        today,
        allowed_unit_ids(session, actor(), Permission.OFFICERS_MANAGE, today),
        role=Role(role) if role else None,
        unit_text=asked.of("unit"),
    )
    return [
        one
        for one in found
        if asked.of("state") in ("", officer_state(one))
        and asked.of("factor") in ("", YES if one.has_second_factor else NO)
    ]


def _roles_held(row: OfficerLine) -> str:
    held = [f"{NAMES[one.role]} – {one.unit_name or EVERYWHERE_WORDS.lower()}" for one in row.roles]
    return "; ".join(held)


OFFICERS: Listing[OfficerKey, OfficerLine] = Listing(
    code="officers",
    title="Cán bộ",
    search_label="Tìm theo tên hoặc tên đăng nhập",
    columns=(
        Column(
            "name",
            "Họ và tên",
            lambda row: row.officer.full_name,
            sort=lambda key: natural_key(key.full_name),
            url=lambda row: url_for("accounts_officer.show", officer_id=row.officer.id),
        ),
        Column("username", "Tên đăng nhập", lambda row: row.officer.username, sort=lambda key: key.username),
        Column("roles", "Vai trò", _roles_held),
        Column("factor", "Hai bước", lambda row: "Có" if row.officer.has_second_factor else "Chưa"),
        Column(
            "state",
            "Trạng thái",
            lambda row: OFFICER_STATES[officer_state(row.officer)],
            tag=lambda row: OFFICER_TAGS[officer_state(row.officer)],
        ),
    ),
    find=_officers,
    load=lambda session, keys: list_queries.officers_loaded(session, keys, clock.local_date()),
    filters=lambda _session: (
        Filter("role", "Vai trò", ROLE_OPTIONS, everything="Mọi vai trò"),
        Filter("unit", "Giữ vai trò tại đơn vị", None),
        Filter("state", "Trạng thái", tuple(OFFICER_STATES.items())),
        Filter("factor", "Xác thực hai bước", ((YES, "Đã bật"), (NO, "Chưa bật"))),
    ),
    empty=("Chưa có cán bộ nào", "Thêm từng người, hoặc nhập cả danh sách từ một bảng Excel."),
)


def invitation_state(line: InvitationLine) -> str:
    """The key in ``INVITATION_STATES``."""
    if line.used_at is not None:
        return USED
    return OPEN if line.expires_at > clock.now() else EXPIRED


def _invitations(session: Session, asked: Asked) -> Sequence[InvitationLine]:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), Permission.OFFICERS_MANAGE, today)
    found = list_queries.invitations_found(session, asked.matches, today, allowed)
    return [line for line in found if asked.of("state") in ("", invitation_state(line))]


INVITATIONS: Listing[InvitationLine, InvitationLine] = Listing(
    code="invitations",
    title="Lời mời",
    search_label="Tìm theo tên hoặc tên đăng nhập",
    columns=(
        Column(
            "name",
            "Họ và tên",
            lambda row: row.full_name,
            sort=lambda key: natural_key(key.full_name),
            url=lambda row: url_for("accounts_officer.show", officer_id=row.officer_id),
        ),
        Column("username", "Tên đăng nhập", lambda row: row.username),
        Column(
            "created", "Mời ngày", lambda row: local_day(row.created_at), Kind.DATE, sort=lambda key: key.created_at
        ),
        Column("expires", "Hết hạn", lambda row: local_day(row.expires_at), Kind.DATE, sort=lambda key: key.expires_at),
        Column("used", "Dùng ngày", lambda row: local_day(row.used_at), Kind.DATE),
        Column(
            "state",
            "Tình trạng",
            lambda row: INVITATION_STATES[invitation_state(row)],
            tag=lambda row: INVITATION_TAGS[invitation_state(row)],
        ),
    ),
    find=_invitations,
    load=same,
    filters=lambda _session: (Filter("state", "Tình trạng", tuple(INVITATION_STATES.items())),),
    empty=("Chưa có lời mời nào", "Lời mời được tạo khi thêm cán bộ, hoặc ở trang của từng cán bộ."),
    files=".invitation_files",
)


def delegation_state(line: DelegationLine) -> str:
    """The key in ``DELEGATION_STATES``."""
    lent, today = line.delegation, clock.local_date()
    if lent.ended_at is not None or lent.valid_to < today:
        return OVER
    return IN_FORCE if lent.valid_from <= today else TO_COME


def _delegations(session: Session, asked: Asked) -> Sequence[DelegationLine]:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), Permission.RIGHTS_READ, today)
    found = list_queries.delegations_found(session, asked.matches, today, allowed)
    return [
        line
        for line in found
        if asked.of("state") in ("", delegation_state(line)) and asked.of("role") in ("", line.role.value)
    ]


DELEGATIONS: Listing[DelegationLine, DelegationLine] = Listing(
    code="delegations",
    title="Ủy quyền trong đơn vị",
    search_label="Tìm theo người giao, người nhận, đơn vị",
    columns=(
        Column(
            "lender", "Người giao", lambda row: row.lender.full_name, sort=lambda key: natural_key(key.lender.full_name)
        ),
        Column(
            "deputy", "Người nhận", lambda row: row.deputy.full_name, sort=lambda key: natural_key(key.deputy.full_name)
        ),
        Column("role", "Vai trò", lambda row: NAMES[row.role]),
        Column("unit", "Đơn vị", lambda row: row.unit_name or EVERYWHERE_WORDS),
        Column(
            "from",
            "Từ ngày",
            lambda row: row.delegation.valid_from,
            Kind.DATE,
            sort=lambda key: key.delegation.valid_from,
        ),
        Column("to", "Đến hết ngày", lambda row: row.delegation.valid_to, Kind.DATE),
        Column("reason", "Lý do", lambda row: row.delegation.reason),
        Column(
            "state",
            "Tình trạng",
            lambda row: DELEGATION_STATES[delegation_state(row)],
            tag=lambda row: DELEGATION_TAGS[delegation_state(row)],
        ),
    ),
    find=_delegations,
    load=same,
    filters=lambda _session: (
        Filter("state", "Tình trạng", tuple(DELEGATION_STATES.items())),
        Filter("role", "Vai trò", ROLE_OPTIONS, everything="Mọi vai trò"),
    ),
    empty=("Chưa có ủy quyền nào", "Khi một người trong đơn vị giao vai trò lúc vắng mặt, ủy quyền hiện ở đây."),
    files=".delegation_files",
)


def review_state(line: ReviewState) -> str:
    """The key in ``REVIEW_STATES``."""
    return OVERDUE if line.is_overdue else ON_TIME


def _reviews(session: Session, asked: Asked) -> Sequence[ReviewState]:
    today = clock.local_date()
    found = reviews.states(session, today, allowed_unit_ids(session, actor(), Permission.RIGHTS_READ, today))
    return [
        line
        for line in found
        if asked.of("state") in ("", review_state(line)) and asked.matches(line.unit_name, line.reviewer_name)
    ]


REVIEWS: Listing[ReviewState, ReviewState] = Listing(
    code="reviews",
    title="Rà soát quyền hằng năm",
    search_label="Tìm theo đơn vị hoặc người xác nhận",
    columns=(
        Column("unit", "Đơn vị", lambda row: row.unit_name, sort=lambda key: natural_key(key.unit_name)),
        Column("reviewed", "Lần gần nhất", lambda row: local_day(row.reviewed_at), Kind.DATE),
        Column("reviewer", "Người xác nhận", lambda row: row.reviewer_name),
        Column("due", "Hạn tới", lambda row: row.due_on, Kind.DATE, sort=lambda key: key.due_on),
        Column(
            "state",
            "Tình trạng",
            lambda row: REVIEW_STATES[review_state(row)],
            tag=lambda row: REVIEW_TAGS[review_state(row)],
        ),
    ),
    find=_reviews,
    load=same,
    filters=lambda _session: (Filter("state", "Tình trạng", tuple(REVIEW_STATES.items())),),
    empty=("Chưa có đơn vị nào có lãnh đạo", "Giao vai trò Lãnh đạo đơn vị tại trang Cán bộ."),
    files=".review_files",
)


def asked_unit(session: Session) -> UnitChoice | None:
    """The unit whose rights are asked for; None when nothing was typed."""
    typed = clean(request.args.get("unit", ""))[:200]
    return choose_unit(session, actor(), Permission.RIGHTS_READ, typed, clock.local_date()) if typed else None


def _holders(session: Session, asked: Asked) -> Sequence[Holder]:
    choice, permission = asked_unit(session), asked.of("permission")
    if choice is None or choice.unit_id is None:
        return ()
    wanted = Permission(permission) if permission else None
    found = sorted(
        grants.holders(session, wanted, choice.unit_id, clock.local_date()),
        key=lambda one: natural_key(one.officer.full_name),
    )
    return [
        one
        for one in found
        if asked.of("role") in ("", one.grant.role.value) and asked.matches(one.officer.full_name, one.unit_name)
    ]


HOLDERS: Listing[Holder, Holder] = Listing(
    code="holders",
    title="Ai được làm gì, vì sao",
    search_label="Tìm theo tên cán bộ",
    columns=(
        Column(
            "officer", "Cán bộ", lambda row: row.officer.full_name, sort=lambda key: natural_key(key.officer.full_name)
        ),
        Column("role", "Vì giữ vai trò", lambda row: NAMES[row.grant.role], sort=lambda key: NAMES[key.grant.role]),
        Column("unit", "Giao tại", lambda row: row.unit_name or EVERYWHERE_WORDS),
        Column("lender", "Ủy quyền của", lambda row: row.lender_name),
    ),
    find=_holders,
    load=same,
    filters=lambda _session: (
        Filter("unit", "Đơn vị (mã hoặc một phần tên)", None),
        Filter(
            "permission", "Quyền", [(one.value, words) for one, words in WORDS.items()], everything="Bất kỳ quyền nào"
        ),
        Filter("role", "Vai trò", ROLE_OPTIONS, everything="Mọi vai trò"),
    ),
    empty=("Xin chọn một đơn vị", "Nhập mã hoặc một phần tên đơn vị ở trên để thấy ai được làm gì tại đó, và vì sao."),
    files=".holder_files",
)


def _gaps(session: Session, asked: Asked) -> Sequence[Gap]:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), Permission.RIGHTS_READ, today)
    return [gap for gap in gaps(session, allowed, today) if asked.matches(gap.name, *gap.missing)]


GAPS: Listing[Gap, Gap] = Listing(
    code="gaps",
    title="Nơi chưa có người xử lý",
    search_label="Tìm theo đơn vị, việc còn thiếu người",
    columns=(
        Column("unit", "Đơn vị", lambda gap: gap.name, sort=lambda gap: natural_key(gap.name)),
        Column("missing", "Chưa ai được giao", lambda gap: "; ".join(gap.missing)),
    ),
    find=_gaps,
    load=same,
    files=".gap_files",
    empty=("Đơn vị nào cũng có người xử lý", "Mọi đơn vị có quầy đều có người xử lý, người duyệt và cấp trên xem xét."),
)
