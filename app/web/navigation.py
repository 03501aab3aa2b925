"""What stands around every officer page: the main entries the officer may open, the name, the way out.

To add an entry, add one line to ``ENTRIES``: the group it stands in, its words, the endpoint of its page (without
parameters) and the permission of that page. Groups appear in the order of ``Group``, entries in the order of the
lines; a group without an entry that the officer may open is left out. Nothing else has to be touched.
"""

from enum import StrEnum
from typing import NamedTuple

from flask import request, url_for

from app.web.access import Actor
from app.web.csrf import csrf_token
from app.web.permissions import Permission


class Group(StrEnum):
    """What officers come to do; the values are the headings of the menu, in this order."""

    MINE = "Việc của tôi"
    CASES = "Phản ánh"
    SURVEY = "Khảo sát"
    RESULTS = "Kết quả"
    REPORTS = "Báo cáo"
    PLACES = "Đơn vị & mã QR"
    ADMINISTRATION = "Quản trị"


class Entry(NamedTuple):
    """One line of the menu."""

    group: Group
    label: str
    endpoint: str
    permission: Permission


ENTRIES: tuple[Entry, ...] = (
    Entry(Group.MINE, "Việc hôm nay", "today_officer.index", Permission.CASES_READ),
    Entry(Group.MINE, "Rà soát quyền đơn vị tôi", "rights_officer.own_reviews", Permission.RIGHTS_REVIEW),
    Entry(Group.MINE, "Ủy quyền của tôi", "delegations_officer.index", Permission.RIGHTS_DELEGATE),
    Entry(Group.CASES, "Phản ánh, kiến nghị", "cases_officer.index", Permission.CASES_READ),
    Entry(Group.CASES, "Vào sổ thay người dân", "case_register.new", Permission.CASES_REGISTER),
    Entry(Group.CASES, "Công khai câu trả lời", "publishing_officer.index", Permission.CASES_PUBLISH),
    Entry(Group.CASES, "Tình hình xử lý", "case_oversight.index", Permission.CASES_READ),
    Entry(Group.CASES, "Mẫu trả lời", "reply_templates.index", Permission.CASES_HANDLE),
    Entry(Group.CASES, "Cán bộ bị loại khỏi đơn", "exclusions_officer.index", Permission.CASES_READ_OPENERS),
    Entry(Group.CASES, "Tuyến chuyển đơn", "case_routes.index", Permission.CASES_ASSIGN),
    Entry(Group.CASES, "Tin tố cáo", "denunciations_officer.index", Permission.CASES_READ_DENUNCIATION),
    Entry(Group.CASES, "Kiểm tra lại đơn đã kết thúc", "rechecks.index", Permission.CASES_RECHECK),
    Entry(Group.CASES, "Kết quả kiểm tra lại", "findings.index", Permission.CASES_APPROVE),
    Entry(Group.CASES, "Xuất danh sách đơn", "case_exports.index", Permission.CASES_EXPORT),
    Entry(Group.CASES, "Kết nối hệ thống khác", "exchange_keys.index", Permission.CASES_CONNECT),
    Entry(Group.SURVEY, "Đợt khảo sát", "survey_officer.rounds", Permission.ROUNDS_MANAGE),
    Entry(Group.SURVEY, "Bộ câu hỏi", "survey_officer.question_sets", Permission.QUESTION_SETS_READ),
    Entry(Group.RESULTS, "Kết quả các đơn vị", "analysis_officer.index", Permission.RESULTS_READ),
    Entry(Group.REPORTS, "Hồ sơ một cửa", "dossiers_officer.index", Permission.DOSSIERS_READ),
    Entry(Group.REPORTS, "Thư xin lỗi", "dossiers_officer.letter_list", Permission.DOSSIERS_READ),
    Entry(Group.REPORTS, "Tệp số liệu", "exports_officer.index", Permission.RESULTS_EXPORT),
    Entry(Group.PLACES, "Đơn vị", "units_officer.index", Permission.UNITS_READ),
    Entry(Group.PLACES, "Quầy", "units_officer.counters.index", Permission.UNITS_READ),
    Entry(Group.PLACES, "Lịch trực quầy", "duty_officer.index", Permission.DUTY_READ),
    Entry(Group.PLACES, "Thủ tục", "procedures_officer.index", Permission.UNITS_READ),
    Entry(Group.PLACES, "Lĩnh vực", "procedures_officer.fields", Permission.UNITS_READ),
    Entry(Group.PLACES, "Mã QR theo đơn vị", "qr_officer.index", Permission.CODES_READ),
    Entry(Group.PLACES, "Mọi mã QR", "qr_officer.codes", Permission.CODES_READ),
    Entry(Group.ADMINISTRATION, "Cán bộ", "accounts_officer.index", Permission.OFFICERS_MANAGE),
    Entry(Group.ADMINISTRATION, "Lời mời", "accounts_officer.invitation_list", Permission.OFFICERS_MANAGE),
    Entry(Group.ADMINISTRATION, "Ai được làm gì", "rights_officer.index", Permission.RIGHTS_READ),
    Entry(Group.ADMINISTRATION, "Nơi chưa có người", "rights_officer.gap_list", Permission.RIGHTS_READ),
    Entry(Group.ADMINISTRATION, "Ủy quyền trong đơn vị", "rights_officer.delegation_list", Permission.RIGHTS_READ),
    Entry(Group.ADMINISTRATION, "Rà soát quyền", "rights_officer.review_list", Permission.RIGHTS_READ),
    Entry(Group.ADMINISTRATION, "Lịch và thời hạn", "calendar_officer.index", Permission.RULES_READ),
    Entry(Group.ADMINISTRATION, "Quy định", "rules_officer.index", Permission.RULES_READ),
    Entry(Group.ADMINISTRATION, "Nhật ký", "oversight.log", Permission.AUDIT_READ),
    Entry(Group.ADMINISTRATION, "Dấu hiệu bất thường", "oversight.anomalies", Permission.AUDIT_READ),
    Entry(Group.ADMINISTRATION, "Ngưỡng cảnh báo", "oversight.threshold_list", Permission.AUDIT_CONFIGURE),
    Entry(Group.ADMINISTRATION, "Tin gửi đi", "messages_officer.index", Permission.MESSAGES_MANAGE),
    Entry(Group.ADMINISTRATION, "Cài đặt", "settings_officer.index", Permission.SETTINGS_MANAGE),
)
FIRST_PAGES = (
    "analysis_officer.index",
    "survey_officer.rounds",
    "units_officer.index",
    "cases_officer.index",
    "accounts_officer.index",
)


def officer_context(who: Actor | None) -> dict[str, object]:
    """Names for ``layouts/officer.html``; nobody signed in gets none of them."""
    if who is None:
        return {}
    return {
        "navigation": [] if who.step else groups(who),
        "officer_name": who.full_name,
        "account_url": None if who.step else url_for("account.index"),
        "sign_out_url": url_for("accounts.sign_out"),
        "sign_out_token": csrf_token(),
        "csrf_token": csrf_token,
    }


def groups(who: Actor) -> list[dict[str, object]]:
    """The groups with the entries an officer may open, in order, the present entry marked."""
    present = _present()
    held = [entry for entry in ENTRIES if who.has(entry.permission)]
    shown = {group: [entry for entry in held if entry.group is group] for group in Group}
    return [
        {
            "title": group.value,
            "entries": [
                {"label": one.label, "url": url_for(one.endpoint), "current": one.endpoint == present} for one in inside
            ],
        }
        for group, inside in shown.items()
        if inside
    ]


def label_of(path: str) -> str | None:
    """The words of the entry an address belongs to."""
    found = _beginning(path)
    return None if found is None else found.label


def _beginning(path: str) -> Entry | None:
    """The entry with the longest address that another one begins with."""
    beginning = [one for one in ENTRIES if f"{path}/".startswith(f"{url_for(one.endpoint)}/")]
    return max(beginning, key=lambda one: len(url_for(one.endpoint))) if beginning else None


def _present() -> str | None:
    """The entry a page belongs to: by its address, else by blueprint."""
    if (found := _beginning(request.path)) is not None:
        return found.endpoint
    own = (request.blueprint or "").partition(".")[0]
    return next((one.endpoint for one in ENTRIES if one.endpoint.partition(".")[0] == own), None)


def first_page(who: Actor) -> str | None:
    """Where an officer starts: the day's work for whoever handles cases, else results, else their first page."""
    if who.has(Permission.CASES_HANDLE):
        return url_for("today_officer.index")
    permissions = {one.endpoint: one.permission for one in ENTRIES}
    in_order = [*FIRST_PAGES, *(endpoint for endpoint in permissions if endpoint not in FIRST_PAGES)]
    for endpoint in in_order:
        if who.has(permissions[endpoint]):
            return url_for(endpoint)
    return None
