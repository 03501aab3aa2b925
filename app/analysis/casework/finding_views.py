"""Findings of re-checks for the unit concerned: its list, each finding with what the unit says to it."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app import clock
from app.analysis.casework import findings
from app.analysis.casework.findings import ANSWER, Finding, Line, Said
from app.analysis.casework.rechecks import MOST_WORDS
from app.calendar.forms import tidy
from app.db.session import reading, transaction
from app.errors import Invalid
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.answers import OUTCOMES
from app.i18n.folding import natural_key
from app.i18n.formats import format_moment
from app.web.access import actor, requires
from app.web.csrf import OfficerForm
from app.web.lists import CSV, XLSX, Asked, Column, Filter, Kind, Listing, list_file, list_page, same
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("findings", __name__, url_prefix="/officer/findings")

MESSAGES = {"said": "Đã ghi ý kiến của đơn vị. Sở Nội vụ đọc được ở trang mẫu kiểm tra."}
FOUND = {"good": "Đạt", "bad": "Chưa đạt"}
SAID = {"no": "Chưa có ý kiến", "yes": "Đã có ý kiến"}


class AnswerForm(OfficerForm):
    """What the unit says."""

    words = TextAreaField(
        "Ý kiến của đơn vị",
        [
            DataRequired("Xin viết ý kiến của đơn vị."),
            Length(max=MOST_WORDS, message="Dài hơn 2.000 ký tự. Xin rút ngắn."),
        ],
        filters=[tidy],
    )


def _found(is_good: bool) -> str:  # noqa: FBT001 - the only thing it is about
    return "good" if is_good else "bad"


def _find(session: Session, asked: Asked) -> Sequence[Line]:
    return [
        line
        for line in findings.listed(session, actor())
        if asked.of("found") in ("", _found(line.is_good))
        and asked.of("said") in ("", "yes" if line.answers else "no")
        and asked.matches(line.public_number, line.unit_name)
    ]


LISTING: Listing[Line, Line] = Listing(
    code="findings",
    title="Kết quả kiểm tra lại",
    search_label="Số đơn hoặc đơn vị",
    columns=(
        Column(
            "number",
            "Số đơn",
            lambda line: line.public_number,
            url=lambda line: url_for("findings.form", draw_id=line.draw_id, case_id=line.case_id),
        ),
        Column(
            "found",
            "Kiểm tra lại",
            lambda line: FOUND[_found(line.is_good)],
            sort=lambda line: line.is_good,
            tag=lambda line: _found(line.is_good),
        ),
        Column(
            "on",
            "Ghi ngày",
            lambda line: line.found_at.astimezone(clock.VIETNAM).date(),
            Kind.DATE,
            sort=lambda line: line.found_at,
        ),
        Column("said", "Ý kiến của đơn vị", lambda line: SAID["yes" if line.answers else "no"]),
        Column("unit", "Đơn vị", lambda line: line.unit_name, sort=lambda line: natural_key(line.unit_name)),
        Column("outcome", "Kết quả xử lý", lambda line: OUTCOMES[line.outcome]),
    ),
    find=_find,
    load=same,
    filters=lambda _session: (
        Filter("found", "Kết quả", tuple(FOUND.items())),
        Filter("said", "Ý kiến của đơn vị", tuple(SAID.items())),
    ),
    empty=(
        "Chưa có kết quả kiểm tra nào",
        "Khi Sở Nội vụ đọc lại một đơn đã kết thúc của đơn vị và ghi đạt hay chưa đạt, kết quả hiện ở đây.",
    ),
)


@blueprint.get("")
@requires(ANSWER)
def index() -> str:
    """What was found about the cases of the units one answers for."""
    return list_page("oversight/findings.html", LISTING)


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(ANSWER)
def files(file_format: str) -> Response:
    """The same as a file, without what was written."""
    return list_file(LISTING, file_format)


@blueprint.get("/<int:draw_id>/<case_id>")
@requires(ANSWER)
def form(draw_id: int, case_id: str) -> str:
    """One finding, what was said to it, and the form to say more."""
    return _page(draw_id, case_id, AnswerForm(formdata=None))


@blueprint.post("/<int:draw_id>/<case_id>")
@requires(ANSWER)
def submit(draw_id: int, case_id: str) -> Response | tuple[str, int]:
    """Say it."""
    typed = AnswerForm()
    if not typed.validate():
        return _page(draw_id, case_id, typed), 400
    try:
        with transaction() as session:
            findings.answer(session, actor(), draw_id, case_id, typed.words.data or "")
    except Invalid as error:
        typed.words.errors = [str(error.message)]
        return _page(draw_id, case_id, typed), 400
    return redirect(url_for(".form", draw_id=draw_id, case_id=case_id, done="said"), 303)


def on_case_page(session: Session, viewer: Viewer, case_id: str) -> list[Mapping[str, object]]:
    """The findings about a case as its page draws them; the way to answer only for whoever may."""
    found = findings.of_case(session, viewer, case_id)
    may = bool(found) and access.may(session, viewer, case_id, clock.local_date(), Permission.CASES_APPROVE)
    return [
        {**shown(one), "url": url_for("findings.form", draw_id=one.draw_id, case_id=case_id) if may else None}
        for one in found
    ]


def shown(one: Finding) -> dict[str, object]:
    """A finding as templates/oversight/_findings.html draws it."""
    return {
        "is_good": one.is_good,
        "words": one.words,
        "at": format_moment(one.found_at),
        "answers": said_lines(one.answers),
    }


def said_lines(answers: Sequence[Said]) -> list[dict[str, object]]:
    """What was said to a finding, as the same templates draw it."""
    return [
        {"words": one.words, "by": one.by, "at": format_moment(one.at), "is_of_other": one.is_of_other}
        for one in answers
    ]


def _page(draw_id: int, case_id: str, typed: AnswerForm) -> str:
    with reading() as session:
        found = findings.one(session, actor(), draw_id, case_id)
    return render_template(
        "oversight/finding.html",
        form=typed,
        number=found.public_number,
        unit_name=found.unit_name,
        outcome=OUTCOMES[found.outcome],
        finding={**shown(found), "url": None},
        case_url=url_for("case_officer.show", case_id=case_id),
        action=request.path,
        back_url=url_for(".index"),
        flashes=notice(MESSAGES),
    )
