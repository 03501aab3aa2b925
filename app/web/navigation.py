"""What stands around every officer page: the main entries the officer may open, the name, the way out."""

from flask import request, url_for

from app.web.access import Actor
from app.web.csrf import csrf_token
from app.web.permissions import Permission

ENTRIES: tuple[tuple[str, str, Permission], ...] = (
    ("Khảo sát", "survey_officer.rounds", Permission.ROUNDS_MANAGE),
    ("Bộ câu hỏi", "survey_officer.question_sets", Permission.QUESTION_SETS_READ),
    ("Kết quả", "analysis_officer.index", Permission.RESULTS_READ),
    ("Xuất dữ liệu", "exports_officer.index", Permission.RESULTS_EXPORT),
    ("Đơn vị và quầy", "units_officer.index", Permission.UNITS_READ),
    ("Mã QR", "qr_officer.index", Permission.CODES_READ),
    ("Phản ánh", "feedback_officer.index", Permission.FEEDBACK_READ),
    ("Cán bộ", "accounts_officer.index", Permission.OFFICERS_MANAGE),
    ("Ai được làm gì", "rights_officer.index", Permission.RIGHTS_READ),
    ("Ủy quyền", "delegations_officer.index", Permission.RIGHTS_DELEGATE),
    ("Nhật ký", "oversight.log", Permission.AUDIT_READ),
    ("Ngưỡng cảnh báo", "oversight.threshold_list", Permission.AUDIT_CONFIGURE),
)
FIRST_PAGES = (
    "analysis_officer.index",
    "survey_officer.rounds",
    "units_officer.index",
    "feedback_officer.index",
    "accounts_officer.index",
)


def officer_context(who: Actor | None) -> dict[str, object]:
    """Names for ``layouts/officer.html``; nobody signed in gets none of them."""
    if who is None:
        return {}
    return {
        "navigation": [] if who.step else entries(who),
        "officer_name": who.full_name,
        "account_url": None if who.step else url_for("account.index"),
        "sign_out_url": url_for("accounts.sign_out"),
        "sign_out_token": csrf_token(),
        "csrf_token": csrf_token,
    }


def entries(who: Actor) -> list[dict[str, object]]:
    """The entries an officer may open, in order, the present one marked."""
    present = _present()
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "current": endpoint == present,
        }
        for label, endpoint, permission in ENTRIES
        if who.has(permission)
    ]


def _present() -> str | None:
    """The entry a page belongs to: the one whose address its own begins with, else the one of its blueprint."""
    own = (request.blueprint or "").partition(".")[0]
    of_blueprint = [endpoint for _, endpoint, _ in ENTRIES if endpoint.partition(".")[0] == own]
    beginning = [one for one in of_blueprint if request.path.startswith(url_for(one))]
    return next(iter(beginning or of_blueprint), None)


def first_page(who: Actor) -> str | None:
    """The address an officer starts from: results, else the first page they may open; None without any permission."""
    permissions = {endpoint: permission for _, endpoint, permission in ENTRIES}
    in_order = [*FIRST_PAGES, *(endpoint for endpoint in permissions if endpoint not in FIRST_PAGES)]
    for endpoint in in_order:
        if who.has(permissions[endpoint]):
            return url_for(endpoint)
    return None
