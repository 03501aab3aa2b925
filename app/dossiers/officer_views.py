"""Dossiers for officers: shares of the units, totals, the register of letters."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.audit.services import record_reading, was_read_lately
from app.audit.tags import Action
from app.calendar.queries import calendar
from app.calendar.words import day_words
from app.db.session import reading, transaction
from app.documents import docx_file, pdf_file
from app.dossiers import import_views, key_views, letter_paper, letter_queries, letters, queries, totals
from app.dossiers.errors import BadCounts, BadLetter
from app.dossiers.forms import LetterForm, TotalsForm
from app.dossiers.letter_queries import LettersOwed, LetterView
from app.dossiers.lists import LETTERS, UNITS, asked_day, cells, chosen_period, letters_of, span_of, visible_units
from app.dossiers.owing import last_working_day
from app.dossiers.shares import Counts
from app.i18n.formats import format_date
from app.rules.content import ApologyRule
from app.rules.queries import Rule, apology_on
from app.units import queries as units
from app.units.forms import day_of
from app.units.unit_choice import choose_unit
from app.web.access import actor, requires
from app.web.csrf import OfficerForm
from app.web.lists import CSV, XLSX, asked_of, list_file, list_page
from app.web.notices import notice
from app.web.pages import is_simulated
from app.web.permissions import Permission

blueprint = Blueprint("dossiers_officer", __name__, url_prefix="/officer/dossiers")
blueprint.register_blueprint(import_views.blueprint)
blueprint.register_blueprint(key_views.blueprint)

READ, IMPORT, SEND = Permission.DOSSIERS_READ, Permission.DOSSIERS_IMPORT, Permission.LETTERS_SEND
MESSAGES = {
    "totals": "Đã lưu số tổng hợp.",
    "imported": "Đã nhập toàn bộ hồ sơ.",
    "sent": "Đã ghi nhận thư xin lỗi đã gửi.",
}


@blueprint.get("")
@requires(READ)
def index() -> str:
    """Counts and shares of the units in a period, by level and field above the list."""
    today = clock.local_date()
    period = chosen_period(request.args.get("period", ""))
    with reading() as session:
        allowed = visible_units(session, today)
        levels = queries.by_level(queries.by_unit(session, allowed, span_of(period), today))
        fields = queries.by_field(session, allowed, span_of(period), today)
    return list_page(
        "dossiers/list.html",
        UNITS,
        period=period,
        levels=[cells(level.label, counts) for level, counts in levels.items()],
        fields=[cells(name or "Chưa rõ lĩnh vực", counts) for name, counts in fields],
        may_import=actor().has(IMPORT),
        may_connect=actor().has(Permission.DOSSIERS_CONNECT),
        flashes=notice(MESSAGES),
    )


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same list as a file."""
    return list_file(UNITS, file_format)


@blueprint.get("/totals")
@requires(IMPORT)
def totals_form() -> str:
    """The form for totals."""
    return _totals_page(TotalsForm(), ())


@blueprint.post("/totals")
@requires(IMPORT)
def totals_submit() -> Response | tuple[str, int]:
    """Store totals of a unit and a stretch of days."""
    form = TotalsForm()
    if not form.validate():
        return _totals_page(form, ()), 400
    try:
        with transaction() as session:
            choice = choose_unit(session, actor(), IMPORT, form.unit.data, clock.local_date())
            if choice.unit_id is None:
                form.unit.errors = [choice.problem]
                return _totals_page(form, choice.suggestions), 400
            totals.enter(session, actor().officer_id, _totals(form, choice.unit_id))
    except BadCounts as error:
        form[error.field].errors = [error.message]
        return _totals_page(form, ()), 400
    return redirect(url_for(".index", done="totals"), 303)


@blueprint.get("/letters")
@requires(READ)
def letter_list() -> str:
    """The register: letters owed and sent, as it stood on the day asked for, with the sums of what its list holds."""
    until = asked_day(request.args.get("until", ""))
    with reading() as session:
        counts = letter_queries.by_unit(letters_of(session, asked_of(LETTERS, session)))
    return list_page(
        "dossiers/letters.html",
        LETTERS,
        flashes=notice(MESSAGES),
        until=until,
        until_words=day_words(until or clock.local_date()),
        units=len([one for one in counts.values() if one.owed]),
        counts=sum(counts.values(), LettersOwed()),
    )


@blueprint.get("/letters/list.csv", defaults=CSV)
@blueprint.get("/letters/list.xlsx", defaults=XLSX)
@requires(READ)
def letter_files(file_format: str) -> Response:
    """The register as a file; the page says what is wrong with a day that is none."""
    if asked_day(request.args.get("until", "")) is None:
        return redirect(f"{url_for('.letter_list')}?{urlencode(request.args)}", 303)
    return list_file(LETTERS, file_format)


@blueprint.get("/<int:dossier_id>/letter")
@requires(SEND)
def letter(dossier_id: int) -> str:
    """A dossier with its letters; whom it concerns is personal, so looking is recorded."""
    _record_look(dossier_id)
    return _letter_page(dossier_id, LetterForm(sent_on=format_date(clock.local_date())))


@blueprint.post("/<int:dossier_id>/letter")
@requires(SEND)
def letter_submit(dossier_id: int) -> Response | tuple[str, int]:
    """Note that the letter was sent."""
    form = LetterForm()
    if not form.validate():
        return _letter_page(dossier_id, form), 400
    new_due_on = day_of(form.new_due_on) if form.new_due_on.data else None
    sent = letters.Sent(
        day_of(form.sent_on), new_due_on, form.document.data or "", form.reason.data, form.signed_by.data
    )
    try:
        with transaction() as session:
            letter_queries.view(session, _sending(session), dossier_id, clock.local_date())
            letters.send(session, actor().officer_id, dossier_id, sent)
    except BadLetter as error:
        form[error.field].errors = [error.message]
        return _letter_page(dossier_id, form), 400
    return redirect(url_for(".letter_list", done="sent"), 303)


@blueprint.get("/<int:dossier_id>/letter.pdf", defaults={"file_format": "pdf"})
@blueprint.get("/<int:dossier_id>/letter.docx", defaults={"file_format": "docx"})
@requires(SEND)
def letter_file(dossier_id: int, file_format: str) -> Response:
    """The letter as a draft to finish or to print, form 04: number, day and signature are left to the office."""
    with reading() as session:
        found = letter_queries.view(session, _sending(session), dossier_id, clock.local_date())
        paper = letter_paper.paper_of(found, _offices(session, found.dossier.unit_id), simulated=_mark())
    _record_look(dossier_id)
    made = docx_file if file_format == "docx" else pdf_file
    response = Response(made.make(paper), mimetype=made.MIME_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="thu-xin-loi-{dossier_id}.{file_format}"'
    return response


def _record_look(dossier_id: int) -> None:
    subject = f"dossier:{dossier_id}"
    with reading() as session:
        found = letter_queries.view(session, _sending(session), dossier_id, clock.local_date())
        is_known = was_read_lately(session, actor().officer_id, Action.DOSSIER_READ, subject)
    if not is_known:
        with transaction() as session:
            record_reading(session, actor().officer_id, Action.DOSSIER_READ, subject, found.dossier.unit_id)


def _offices(session: Session, unit_id: int) -> list[str]:
    """The unit and those above it, by name."""
    today = clock.local_date()
    path = units.path_ids(session, unit_id, today) or [unit_id]
    names = units.names_on(session, path, today)
    return [names[one] for one in path if one in names]


def _mark() -> str:
    return "Dữ liệu mô phỏng" if is_simulated() else ""


def _sending(session: Session) -> frozenset[int] | None:
    return allowed_unit_ids(session, actor(), SEND, clock.local_date())


def _letter_page(dossier_id: int, form: OfficerForm) -> str:
    today = clock.local_date()
    with reading() as session:
        found = letter_queries.view(session, _sending(session), dossier_id, today)
        rule = apology_on(session, today)
        due = _due(session, found, rule, today)
    return render_template(
        "dossiers/letter.html",
        form=form,
        found=found,
        rule=rule,
        due=due,
    )


def _due(session: Session, found: LetterView, rule: Rule[ApologyRule], today: date) -> dict[str, object]:
    """The last day for the letter that is owed, as ``components/due.html`` draws it."""
    if found.owed is None:
        return {"words": "", "is_late": False, "why": ()}
    work_by = last_working_day(found.owed.owed_by, calendar(session).is_working_day)
    words = f"Hạn gửi thư: hết {day_words(found.owed.owed_by)}"
    why = letter_queries.why(found, rule, work_by)
    return {"words": words, "is_late": found.owed.owed_by < today, "why": why}


def _totals(form: TotalsForm, unit_id: int) -> totals.Totals:
    numbers = {name: int(form[name].data) for name in ("received", "settled", "on_time", "late")}
    if numbers["on_time"] + numbers["late"] > numbers["settled"]:
        raise BadCounts("Đúng hạn và trễ hạn cộng lại nhiều hơn số đã giải quyết.", "on_time")
    first, last = _days(form)
    return totals.Totals(unit_id, first, last, Counts(**numbers), form.source.data)


def _days(form: TotalsForm) -> tuple[date, date]:
    return day_of(form.first_on), day_of(form.last_on)


def _totals_page(form: TotalsForm, suggestions: tuple[tuple[str, str], ...]) -> str:
    return render_template("dossiers/totals.html", form=form, suggestions=suggestions)
