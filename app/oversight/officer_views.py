"""The auditor's pages: the log, its files, what stands out; and for administrators the thresholds of the latter."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts.roles import words_of as words_of_role
from app.accounts.scope import allowed_unit_ids
from app.audit import queries
from app.audit.models import AuditEvent
from app.audit.proof import heads
from app.audit.services import record, record_reading, was_read_lately
from app.audit.tags import Action
from app.audit.values import PublicText
from app.audit.watch import anomalies as watch
from app.audit.watch import thresholds
from app.audit.words import WORDS, words_of
from app.db.session import reading, transaction
from app.errors import Invalid
from app.exports.definitions import FileFormat
from app.exports.downloads import file_name, send
from app.exports.services import check_size, make_file
from app.i18n.formats import format_date
from app.oversight import log_table
from app.oversight.fact_words import spoken
from app.oversight.filters import FIELDS, Names, asked, names_in, names_of, read_filter
from app.oversight.subjects import words_of_subjects
from app.web.access import actor, requires
from app.web.csrf import csrf_token, require_token
from app.web.notices import notice
from app.web.pages import is_simulated
from app.web.pagination import links, page_number
from app.web.permissions import Permission

blueprint = Blueprint("oversight", __name__, url_prefix="/officer")

LOG = "audit:log"
COLUMNS = ("Thời điểm", "Người thực hiện", "Hành động", "Đối tượng", "Đơn vị", "Thay đổi, chi tiết", "Lý do")
ANOMALY_COLUMNS = ("Ngày", "Giờ", "Dấu hiệu", "Người thực hiện", "Số lần", "Ngưỡng", "Xem")
PERIODS = (("7", "7 ngày qua"), ("31", "31 ngày qua"), ("92", "92 ngày qua"))
MESSAGES = {"set": "Đã đặt ngưỡng mới, có hiệu lực từ hôm nay."}
CSV, XLSX = {"file_format": FileFormat.CSV.value}, {"file_format": FileFormat.XLSX.value}


@blueprint.get("/audit")
@requires(Permission.AUDIT_READ)
def log() -> str | tuple[str, int]:
    """The events, newest first; looking is itself recorded, once an hour."""
    given = asked()
    problem, page, names, about = "", queries.EventPage((), 1, 0), Names({}, {}), {}
    with reading() as session:
        try:
            page = queries.events(session, read_filter(session, actor(), given), page_number())
            names = names_in(session, page.events)
            about = words_of_subjects(session, actor().officer_id, [one.subject for one in page.events])
        except Invalid as error:
            problem = error.message
        head = heads.latest_head(session)
        is_known = was_read_lately(session, actor().officer_id, Action.AUDIT_READ, LOG)
    if not is_known:
        with transaction() as session:
            record_reading(session, actor().officer_id, Action.AUDIT_READ, LOG)
    kept = {name: value for name, value in given.items() if value}
    html = render_template(
        "audit/log.html",
        filters=_filters(given),
        filter_action=url_for(".log"),
        columns=[{"label": label, "numeric": False} for label in COLUMNS],
        rows=[_cells(one, names, about) for one in page.events],
        page=links(page.number, page.last_number, page.total),
        problem=problem,
        head=head,
        csv_url=_address(".export_csv", kept),
        xlsx_url=_address(".export_xlsx", kept),
        anomalies_url=url_for(".anomalies"),
    )
    return (html, 400) if problem else html


@blueprint.get("/audit/log.csv")
@requires(Permission.AUDIT_READ)
def export_csv() -> Response:
    """The events asked for, for programs."""
    return _export(FileFormat.CSV)


@blueprint.get("/audit/log.xlsx")
@requires(Permission.AUDIT_READ)
def export_xlsx() -> Response:
    """The events asked for, for a spreadsheet."""
    return _export(FileFormat.XLSX)


@blueprint.get("/audit/anomalies")
@requires(Permission.AUDIT_READ)
def anomalies() -> str:
    """What stands out in the days asked for."""
    days = request.args.get("days", "7")
    days = days if days in dict(PERIODS) else "7"
    today = clock.local_date()
    with reading() as session:
        allowed = allowed_unit_ids(session, actor(), Permission.AUDIT_READ, today)
        found = watch.anomalies(session, today - timedelta(days=int(days) - 1), today, allowed)
        names = names_of(session, [one.actor_id for one in found], [])
        held = thresholds.on(session, today)
    return render_template(
        "audit/anomalies.html",
        filters=[{"name": "days", "label": "Khoảng thời gian", "value": days, "options": PERIODS}],
        filter_action=url_for(".anomalies"),
        columns=[{"label": label, "numeric": label in ("Giờ", "Số lần", "Ngưỡng")} for label in ANOMALY_COLUMNS],
        rows=[_anomaly(one, names) for one in found[: queries.PAGE_SIZE * 4]],
        total=len(found),
        thresholds=[(one.words, held[one.name]) for one in thresholds.KNOWN],
        log_url=url_for(".log"),
    )


@blueprint.get("/audit-thresholds")
@requires(Permission.AUDIT_CONFIGURE)
def threshold_list() -> str:
    """The thresholds, and who changed them."""
    return _thresholds_page("")


@blueprint.post("/audit-thresholds")
@requires(Permission.AUDIT_CONFIGURE)
def threshold_submit() -> Response | tuple[str, int]:
    """Set one threshold from today on."""
    require_token()
    name, reason = request.form.get("name", ""), request.form.get("reason", "")
    value = request.form.get("value", 0, type=int)
    try:
        with transaction() as session:
            thresholds.change(session, actor().officer_id, name, value, reason)
    except Invalid as error:
        return _thresholds_page(error.message), 400
    return redirect(url_for(".threshold_list", done="set"), 303)


def _export(file_format: FileFormat) -> Response:
    given = asked()
    with reading() as session:
        wanted = read_filter(session, actor(), given)
        check_size(queries.count(session, wanted), file_format)
        made = make_file(log_table.table(session, wanted, given), file_format, simulated=is_simulated())
    try:
        with transaction() as session:
            facts_of_file = {"format": file_format.value, "rows": made.rows, "sha256": made.sha256}
            shown = {name: PublicText(given[name]) for name in FIELDS if given[name]}
            record(session, actor().officer_id, Action.AUDIT_EXPORT, LOG, {**facts_of_file, "filter": shown})
    except BaseException:
        made.file.close()
        raise
    name = file_name("nhat-ky", as_of=clock.local_date(), extension=file_format.value, simulated=is_simulated())
    return send(made, name)


def _thresholds_page(problem: str) -> str:
    with reading() as session:
        held = thresholds.on(session, clock.local_date())
        changes = thresholds.history(session)
        names = names_of(session, [one.set_by for one in changes], [])
    words = {one.name: one.words for one in thresholds.KNOWN}
    return render_template(
        "audit/thresholds.html",
        thresholds=[(one, held[one.name]) for one in thresholds.KNOWN],
        changes=[
            [format_date(one.valid_from), words[one.name], str(one.value), names.officer(one.set_by), one.reason]
            for one in changes
        ],
        columns=[
            {"label": label, "numeric": False} for label in ("Từ ngày", "Ngưỡng", "Giá trị", "Người đặt", "Lý do")
        ],
        action_url=url_for(".threshold_submit"),
        csrf_token=csrf_token(),
        problem=problem,
        flashes=notice(MESSAGES),
    )


def _filters(given: dict[str, str]) -> list[dict[str, object]]:
    actions = sorted(((action.value, WORDS.get(action, action.value)) for action in Action), key=lambda pair: pair[1])
    labels = {
        "q": "Tìm theo chữ hoặc số đơn (có dấu hoặc không)",
        "case": "Số đơn (LN-…)",
        "actor": "Cán bộ (tên đăng nhập)",
        "unit": "Mã đơn vị",
        "from": "Từ ngày (21/11/2026)",
        "to": "Đến hết ngày",
    }
    fields: list[dict[str, object]] = [
        {"name": name, "label": label, "value": given[name], "options": None} for name, label in labels.items()
    ]
    options = [("", "Mọi hành động"), *actions]
    fields.insert(2, {"name": "action", "label": "Hành động", "value": given["action"], "options": options})
    return fields


def _cells(one: AuditEvent, names: Names, about: Mapping[str, str]) -> list[object]:
    changed = [
        f"{label}: {text}"
        for label, text in (("cũ", spoken(one.old_value)), ("mới", spoken(one.new_value)), ("", spoken(one.detail)))
        if text
    ]
    who, role = names.officer(one.actor_id), words_of_role(one.role)
    return [
        log_table.moment_words(one.occurred_at),
        {"text": f"{who} ({role})" if role else who, "url": _log_of(one.actor_id)},
        words_of(one.action),
        about[one.subject],
        names.unit(one.unit_id),
        ". ".join(text.removeprefix(": ") for text in changed),
        one.reason or "",
    ]


def _anomaly(one: watch.Anomaly, names: Names) -> list[object]:
    who = names.officer(one.actor_id) if one.actor_id is not None else (one.subject or "")
    day = one.day.isoformat()
    narrowed = {"from": day, "to": day} | ({"actor": str(one.actor_id)} if one.actor_id is not None else {})
    return [
        format_date(one.day),
        "" if one.hour is None else f"{one.hour} giờ",
        watch.WORDS[one.kind],
        who,
        str(one.count),
        f"{one.threshold} giờ" if one.kind is watch.Kind.NIGHT_EXPORT else str(one.threshold),
        {"text": "Nhật ký ngày đó", "url": _address(".log", narrowed)},
    ]


def _address(endpoint: str, given: dict[str, str]) -> str:
    return f"{url_for(endpoint)}?{urlencode(given)}" if given else url_for(endpoint)


def _log_of(actor_id: int | None) -> str | None:
    return None if actor_id is None else url_for(".log", actor=actor_id)
