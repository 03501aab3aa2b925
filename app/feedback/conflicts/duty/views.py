"""The duty roster of counters: who serves where, a page for each counter, lines added, ended and withdrawn."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import DomainError
from app.feedback.conflicts.duty import import_views, queries, services
from app.feedback.conflicts.duty.errors import UnknownDuty
from app.feedback.conflicts.duty.foreseen import Counts, tried
from app.feedback.conflicts.duty.forms import DAY_OPTIONS, SHIFT_OPTIONS, DutyForm, EndForm, name_of, weekdays_of
from app.feedback.conflicts.duty.services import Duty
from app.feedback.conflicts.kinds import Shift, days_words
from app.feedback.conflicts.models import CounterDuty
from app.i18n.formats import format_date
from app.units import list_queries
from app.units.counter_services import counter_by_id
from app.units.import_cells import read_date
from app.units.list_queries import CounterKey
from app.units.models import Counter
from app.units.queries import name_on
from app.units.scope import allowed_unit_ids, require_unit
from app.web.access import actor, requires
from app.web.csrf import FIELD, require_token
from app.web.lists import CSV, XLSX, Asked, Column, Filter, Listing, by_database, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("duty_officer", __name__, url_prefix="/officer/duty")
blueprint.register_blueprint(import_views.blueprint)

READ, MANAGE = Permission.DUTY_READ, Permission.DUTY_MANAGE
CLOSED = "closed"
FINAL, CHANGE = "final", "change"
MESSAGES = {
    "added": "Đã thêm vào lịch trực. Ghi nhầm thì xin cấp trên rút dòng: khi ấy các đơn trở lại như cũ.",
    "ended": "Đã ghi ngày cuối.",
    "withdrawn": "Đã rút dòng ghi nhầm. Dòng vẫn được tính cho đơn nhận trong lúc nó còn hiệu lực. Việc bỏ loại ai "
    "khỏi đơn nào do cấp trên của người ấy quyết định.",
    "imported": "Đã nhập lịch trực.",
}
Page = str | tuple[str, int]
Row = tuple[CounterKey, tuple[str, ...]]


def _counters(session: Session, asked: Asked) -> Sequence[CounterKey]:
    return list_queries.counters_found(
        session,
        asked.words,
        clock.local_date(),
        within=actor().scopes[READ] or None,
        is_closed=asked.of("state") == CLOSED,
        order=asked.sort,
        is_descending=asked.is_descending,
    )


def _with_people(session: Session, keys: Sequence[CounterKey]) -> list[Row]:
    people = queries.now_on_duty(session, [key.id for key in keys], clock.local_date())
    return [(key, tuple(people.get(key.id, ()))) for key in keys]


COUNTERS: Listing[CounterKey, Row] = Listing(
    code="duty",
    title="Lịch trực quầy",
    search_label="Tìm theo quầy, đơn vị hoặc mã đơn vị",
    columns=(
        Column(
            "counter",
            "Quầy",
            lambda row: f"Quầy {row[0].number} – {row[0].name}",
            sort=by_database,
            url=lambda row: url_for("duty_officer.counter", counter_id=row[0].id),
            only_page=True,
        ),
        Column("unit_name", "Đơn vị", lambda row: row[0].unit_name, sort=by_database),
        Column("unit", "Mã đơn vị", lambda row: row[0].unit_code, only_file=True),
        Column("number", "Số quầy", lambda row: row[0].number, only_file=True),
        Column("people", "Đang có trong lịch trực", lambda row: "; ".join(row[1]) or "Chưa có ai"),
    ),
    find=_counters,
    load=_with_people,
    filters=lambda _session: (Filter("state", "Tình trạng", [(CLOSED, "Đã đóng")], everything="Đang mở"),),
    empty=("Chưa có quầy nào", "Quầy được thêm ở trang của từng đơn vị."),
)


@blueprint.get("")
@requires(READ)
def index() -> str:
    """The counters the officer may see, with whoever serves there now."""
    return list_page("duty/list.html", COUNTERS, may_manage=actor().has(MANAGE), flashes=flashes())


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same as a file."""
    return list_file(COUNTERS, file_format)


@blueprint.get("/counters/<int:counter_id>")
@requires(READ)
def counter(counter_id: int) -> str:
    """The roster of one counter, with its history and the form for a further line."""
    return _drawn(counter_id, DutyForm(shift=Shift.DAY.value), EndForm())


@blueprint.post("/counters/<int:counter_id>")
@requires(MANAGE)
def add(counter_id: int) -> Response | Page:
    """Put somebody into the roster."""
    form = DutyForm()
    if _step() == CHANGE:
        return _drawn(counter_id, form, EndForm(formdata=None))
    if form.validate():
        try:
            with transaction() as session:
                entry = _entry(session, _within(session, counter_id, MANAGE), form)
                act = partial(services.add, session, actor().officer_id, counter_id, [entry])
                found, is_done = tried(session, actor(), [counter_id], act, is_sure=_step() == FINAL)
        except DomainError as error:
            form.form_errors.append(error.message)
        else:
            if is_done:
                return _told(counter_id, "added", found)
            return _asked_first(counter_id, "Thêm vào lịch trực", f"{entry.person_name}, {_span(entry)}", found)
    return _drawn(counter_id, form, EndForm(formdata=None)), 400


@blueprint.post("/lines/<line_id>/end")
@requires(MANAGE)
def end(line_id: str) -> Response | Page:
    """Name the last day of a line."""
    form, counter_id = EndForm(), _counter_of(line_id)
    if form.validate():
        try:
            with transaction() as session:
                services.end_line(session, actor().officer_id, line_id, read_date(form.last.data.strip()))
        except DomainError as error:
            form.last.errors = [error.message]
        else:
            return redirect(url_for(".counter", counter_id=counter_id, done="ended"), 303)
    return _drawn(counter_id, DutyForm(formdata=None, shift=Shift.DAY.value), form, line_id), 400


@blueprint.post("/lines/<line_id>/withdraw")
@requires(MANAGE)
def withdraw(line_id: str) -> Response | Page:
    """Mark a line as entered by mistake."""
    require_token()
    counter_id = _counter_of(line_id)
    with transaction() as session:
        act = partial(services.withdraw, session, actor(), line_id)
        found, is_done = tried(session, actor(), [counter_id], act, is_sure=_step() == FINAL)
        line = session.get_one(CounterDuty, line_id)
        who = queries.name_of_line(session, line)
    if is_done:
        return _told(counter_id, "withdrawn", found)
    return _asked_first(counter_id, "Rút dòng ghi nhầm", who, found)


def _step() -> str:
    return request.form.get("step", "")


def _told(counter_id: int, done: str, found: Counts) -> Response:
    """Back to the roster, which says what came of it."""
    return redirect(url_for(".counter", counter_id=counter_id, done=done, **found.as_query), 303)


def _asked_first(counter_id: int, title: str, what: str, found: Counts) -> str:
    """What a change would do to cases, before it is saved; what was typed goes along."""
    typed = [(name, value) for name, values in request.form.lists() for value in values if name not in ("step", FIELD)]
    with reading() as session:
        counter = _within(session, counter_id, READ)
        return render_template(
            "duty/confirm.html",
            title=title,
            what=what,
            counter=counter,
            found=found.words,
            typed=typed,
            action_url=request.path,
            may_change=request.endpoint == "duty_officer.add",
            back_url=url_for(".counter", counter_id=counter_id),
        )


def _span(entry: Duty) -> str:
    """On which days, as it was typed."""
    until = "" if entry.valid_to is None else f" đến hết {format_date(entry.valid_to)}"
    return f"{days_words(entry.weekdays)}, từ {format_date(entry.valid_from)}{until}"


def flashes() -> list[tuple[str, str]]:
    """What was done, and what came of it for cases."""
    said = notice(MESSAGES)
    is_told = request.args.get("done") in ("added", "withdrawn", "imported")
    return [(kind, f"{words} {Counts.of_query(request.args).words}" if is_told else words) for kind, words in said]


def _counter_of(line_id: str) -> int:
    """The counter of a line whose roster the officer may change; a stranger learns nothing."""
    with reading() as session:
        is_id = line_id.isascii() and line_id.isalnum()
        line = session.get(CounterDuty, line_id) if is_id else None
        found = None if line is None else session.get(Counter, line.counter_id)
        allowed = allowed_unit_ids(session, actor(), MANAGE, clock.local_date())
        if found is None or (allowed is not None and found.unit_id not in allowed):
            raise UnknownDuty
        return found.id


def _within(session: Session, counter_id: int, permission: Permission) -> Counter:
    found = counter_by_id(session, counter_id)
    require_unit(session, actor(), permission, found.unit_id)
    return found


def _entry(session: Session, counter: Counter, form: DutyForm) -> Duty:
    who, last = name_of(form.who.data), (form.last.data or "").strip()
    return Duty(
        officer_id=services.who_is(session, counter, who, clock.local_date()),
        person_name=who,
        weekdays=weekdays_of(request.form.getlist("days")),
        shift=Shift(form.shift.data),
        valid_from=read_date(form.first.data.strip()),
        valid_to=read_date(last) if last else None,
    )


def _drawn(counter_id: int, form: DutyForm, ending: EndForm, ended: str = "") -> str:
    today = clock.local_date()
    with reading() as session:
        found = _within(session, counter_id, READ)
        allowed = allowed_unit_ids(session, actor(), MANAGE, today)
        return render_template(
            "duty/counter.html",
            flashes=flashes(),
            counter=found,
            unit_name=name_on(session, found.unit_id, today),
            lines=queries.lines_of(session, counter_id, actor().officer_id, today),
            standings=queries.STANDINGS,
            tags=queries.TAGS,
            may_manage=allowed is None or found.unit_id in allowed,
            form=form,
            chosen_days=set(request.form.getlist("days")),
            ending=ending,
            ended=ended,
            day_options=DAY_OPTIONS,
            shift_options=SHIFT_OPTIONS,
        )
