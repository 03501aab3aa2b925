"""Pages of re-checks for Home Affairs: draw a sample, look at its cases, note what was found, read the results."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Regexp, ValidationError

from app import clock
from app.analysis.casework import findings, rechecks
from app.analysis.casework.drawing import Judged
from app.analysis.casework.finding_views import said_lines
from app.analysis.casework.rechecks import RECHECK, UnitResult
from app.calendar.forms import tidy
from app.calendar.periods import PeriodError, PeriodKind, parse_period, period_of
from app.db.session import reading, transaction
from app.errors import Invalid
from app.feedback.cases.answers import OUTCOMES
from app.i18n.formats import format_date, format_integer, format_percent, format_percent_range
from app.web.access import actor, requires
from app.web.csrf import OfficerForm
from app.web.notices import notice

blueprint = Blueprint("rechecks", __name__, url_prefix="/officer/rechecks")

MESSAGES = {"drawn": "Đã rút mẫu. Danh sách dưới đây cố định, không đổi được.", "noted": "Đã ghi kết quả kiểm tra."}
FINDINGS = (("good", "Đạt: xử lý đúng, trả lời đủ"), ("bad", "Chưa đạt"))
CHOOSE = "Xin chọn đạt hay chưa đạt."
USUAL = "30"
NUMBER = Regexp(r"\s*0*([1-9]\d?|[1-4]\d\d|500)\s*\Z", message=f"Xin nhập số nguyên từ 1 đến {rechecks.MOST}.")
COLUMNS = [
    {"label": "Đơn vị", "numeric": False},
    {"label": "Trong mẫu", "numeric": True},
    {"label": "Đã kiểm tra", "numeric": True},
    {"label": "Tỷ lệ đạt", "numeric": True},
    {"label": "Khoảng tin cậy 95 %", "numeric": True},
    {"label": "Suy ra cho", "numeric": True},
]


def _a_period(_form: OfficerForm, field: StringField) -> None:
    try:
        parse_period(field.data)
    except PeriodError:
        raise ValidationError("Xin chọn một kỳ trong danh sách.") from None


class DrawForm(OfficerForm):
    """Which cases, and how many."""

    period = StringField("Đơn kết thúc trong kỳ", [InputRequired("Xin chọn một kỳ."), _a_period])
    wanted = StringField("Số đơn cần rút", [DataRequired("Xin nhập số đơn."), NUMBER])


class NoteForm(OfficerForm):
    """What was found about one case."""

    finding = StringField("Kết quả kiểm tra", [InputRequired(CHOOSE), AnyOf(tuple(dict(FINDINGS)), message=CHOOSE)])
    words = TextAreaField("Nhận xét", [Length(max=rechecks.MOST_WORDS, message="Dài hơn 2.000 ký tự.")], [tidy])


@blueprint.get("")
@requires(RECHECK)
def index() -> str:
    """The samples drawn so far, and the form for a new one."""
    return _index(DrawForm(formdata=None, wanted=USUAL))


@blueprint.post("")
@requires(RECHECK)
def create() -> Response | tuple[str, int]:
    """Draw a sample."""
    form = DrawForm()
    if not form.validate():
        return _index(form), 400
    period = parse_period(form.period.data)
    try:
        with transaction() as session:
            made = rechecks.make(session, actor(), period.first_day, period.last_day, int(form.wanted.data))
            draw_id = made.id
    except Invalid as error:
        form.period.errors = [str(error.message)]
        return _index(form), 400
    return redirect(url_for(".show", draw_id=draw_id, done="drawn"), 303)


@blueprint.get("/<int:draw_id>")
@requires(RECHECK)
def show(draw_id: int) -> str:
    """One sample: what was found so far, and its cases."""
    with reading() as session:
        found = rechecks.draw_of(session, draw_id)
        cases = rechecks.lines(session, actor(), draw_id)
        by_unit, whole = rechecks.results(session, actor(), draw_id)
        said = {key: said_lines(one) for key, one in findings.answers_of(session, draw_id).items()}
        context = {
            "draw": found,
            "period": f"{format_date(found.first_on)} – {format_date(found.last_on)}",
            "drawn_at": found.drawn_at.astimezone(clock.VIETNAM),
        }
    return render_template(
        "oversight/recheck.html",
        cases=cases,
        columns=COLUMNS,
        rows=[_cells(one) for one in by_unit],
        total=[_cells(whole)],
        outcomes=OUTCOMES,
        said=said,
        left=sum(one.is_good is None for one in cases),
        flashes=notice(MESSAGES),
        **context,
    )


@blueprint.get("/<int:draw_id>/<case_id>")
@requires(RECHECK)
def form(draw_id: int, case_id: str) -> str:
    """The form for what was found about a case."""
    with reading() as session:
        found = rechecks.line(session, actor(), draw_id, case_id)
    known = {None: None, True: "good", False: "bad"}[found.is_good]
    return _form(draw_id, case_id, NoteForm(formdata=None, finding=known, words=found.words or ""))


@blueprint.post("/<int:draw_id>/<case_id>")
@requires(RECHECK)
def submit(draw_id: int, case_id: str) -> Response | tuple[str, int]:
    """Note it."""
    typed = NoteForm()
    if not typed.validate():
        return _form(draw_id, case_id, typed), 400
    is_good = typed.finding.data == "good"
    try:
        with transaction() as session:
            rechecks.note(session, actor(), draw_id, case_id, is_good=is_good, words=typed.words.data or "")
    except Invalid as error:
        typed.words.errors = [str(error.message)]
        return _form(draw_id, case_id, typed), 400
    return redirect(url_for(".show", draw_id=draw_id, done="noted"), 303)


def _periods() -> list[tuple[str, str]]:
    today = clock.local_date()
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR)
    offered = [period_of(today, one).shifted(-back) for one in kinds for back in (1, 0)]
    return [(one.address, one.label) for one in offered]


def _index(form: DrawForm) -> str:
    with reading() as session:
        found = [
            {
                "url": url_for(".show", draw_id=one.id),
                "period": f"{format_date(one.first_on)} – {format_date(one.last_on)}",
                "drawn": format_integer(one.drawn),
                "population": format_integer(one.population),
                "on": one.drawn_at.astimezone(clock.VIETNAM),
            }
            for one in rechecks.draws(session)
        ]
    return render_template("oversight/rechecks.html", form=form, draws=found, periods=_periods())


def _form(draw_id: int, case_id: str, typed: NoteForm) -> str:
    with reading() as session:
        found = rechecks.line(session, actor(), draw_id, case_id)
        said = said_lines(findings.answers_of(session, draw_id).get(case_id, ()))
    return render_template(
        "oversight/recheck_case.html",
        form=typed,
        line=found,
        findings=FINDINGS,
        said=said,
        outcome=OUTCOMES[found.outcome],
        case_url=url_for("case_officer.show", case_id=case_id),
        action=request.path,
        back_url=url_for(".show", draw_id=draw_id),
    )


def _cells(one: UnitResult) -> list[Any]:
    found: Judged | None = one.result
    if found is None:
        return [one.name, format_integer(one.drawn), "0", "chưa có", "", ""]
    return [
        one.name,
        format_integer(one.drawn),
        format_integer(found.n),
        format_percent(found.value, places=1),
        f"{format_percent_range(found.interval.low, found.interval.high, places=1)}\u00a0%",
        f"{format_integer(found.population)} đơn",
    ]
