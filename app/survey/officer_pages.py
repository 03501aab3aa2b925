"""Officer pages about rounds: what they show."""

from datetime import date

from flask import render_template, url_for
from sqlalchemy.orm import Session

from app import clock
from app.accounts.errors import UnknownUnit
from app.accounts.scope import require_unit
from app.db.session import reading
from app.i18n.formats import format_date, format_integer
from app.survey import queries, sets
from app.survey.errors import UnknownRound
from app.survey.forms import (
    AGGREGATION_OPTIONS,
    AGGREGATION_WORDS,
    FORMULA_OPTIONS,
    FORMULA_WORDS,
    KIND_OPTIONS,
    KIND_WORDS,
    RoundForm,
)
from app.survey.models import QuestionSetVersion, SampleKind, SetStatus, SurveyRound
from app.survey.rounds import crossing, is_asking, round_by_id
from app.survey.sampled.queries import answer_count
from app.units import queries as units
from app.web.access import actor
from app.web.csrf import csrf_token
from app.web.notices import notice
from app.web.pages import site
from app.web.pagination import links, page_number
from app.web.permissions import Permission

MESSAGES = {
    "opened": "Đã mở đợt khảo sát.",
    "closed": "Đã đóng đợt khảo sát. Các câu trả lời đã nhận vẫn được giữ.",
}
PAGE_SIZE = 50
STATES = {"upcoming": "Chưa đến ngày", "asking": "Đang hỏi", "ended": "Đã hết hạn", "closed": "Đã đóng"}


def state_of(survey_round: SurveyRound, today: date) -> str:
    """The key in ``STATES`` of a round on a day."""
    if survey_round.closed_on is not None:
        return "closed"
    if is_asking(survey_round, today):
        return "asking"
    return "upcoming" if survey_round.starts_on > today else "ended"


def held_round(session: Session, round_id: int, permission: Permission = Permission.ROUNDS_MANAGE) -> SurveyRound:
    """The round, if it exists and its unit lies where the officer holds the permission; otherwise the same error."""
    missing = UnknownRound("Không tìm thấy đợt khảo sát này, hoặc Ông/Bà không được giao xem đơn vị của đợt này.")
    try:
        found = round_by_id(session, round_id)
        require_unit(session, actor(), permission, found.unit_id)
    except (UnknownRound, UnknownUnit) as error:
        raise missing from error
    return found


def days_of(survey_round: SurveyRound) -> str:
    """First and last day in words."""
    if survey_round.ends_on is None:
        return f"từ {format_date(survey_round.starts_on)}"
    return f"{format_date(survey_round.starts_on)} – {format_date(survey_round.ends_on)}"


def round_page(round_id: int) -> str:
    """One round: its method and today's number of answers by counter."""
    with reading() as session:
        today = clock.local_date()
        found = held_round(session, round_id)
        lines = queries.counters_today(session, site().day_keys, found, today)
        total = queries.todays_totals(session, site().day_keys, today).get(found.id, 0)
        facts = _facts(session, found, today)
        imported = None if found.sample_kind is SampleKind.OPEN else answer_count(session, found.id)
    number = page_number()
    shown = lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "survey/round.html",
        name=found.name,
        facts=facts,
        preview_url=url_for(".preview", version_id=found.question_set_version_id),
        close_url=url_for(".close", round_id=found.id) if found.closed_on is None else None,
        rounds_url=url_for(".rounds"),
        is_asking=is_asking(found, today),
        imported=None if imported is None else format_integer(imported),
        import_url=_import_url(found),
        results_url=_results_url(found, imported),
        total=format_integer(total),
        columns=[
            {"label": "Đơn vị", "numeric": False},
            {"label": "Quầy", "numeric": False},
            {"label": "Câu trả lời hôm nay", "numeric": True},
        ],
        rows=[[line.unit_name, line.counter_label, format_integer(line.answers)] for line in shown],
        page=links(number, max(1, -(-len(lines) // PAGE_SIZE)), len(lines)),
        flashes=notice(MESSAGES),
    )


def round_form_page(form: RoundForm, suggestions: tuple[tuple[str, str], ...] = ()) -> str:
    """The form that opens a round, with everything typed; ``suggestions``: units to choose from."""
    with reading() as session:
        versions = sets.all_versions(session)
    # A draft cannot be asked, so it is not offered; it comes back only if it was sent.
    offered = [
        (str(row.id), f"{row.title} – {row.code} {row.version}{_draft_mark(row)}")
        for row in versions
        if row.status is SetStatus.PUBLISHED or str(row.id) == form.question_set.data
    ]
    return render_template(
        "survey/round_form.html",
        action_url=url_for(".open_submit"),
        sets_url=url_for(".question_sets"),
        csrf_token=csrf_token(),
        errors=form.problems(),
        errors_by_field={name: form.wrong(name) for name in form.errors if name},
        values=form.typed(),
        question_set_options=[("", "Xin chọn"), *offered],
        suggestions=suggestions,
        kind_options=KIND_OPTIONS,
        formula_options=FORMULA_OPTIONS,
        aggregation_options=AGGREGATION_OPTIONS,
    )


def _import_url(found: SurveyRound) -> str | None:
    """Where the answers of a sampled round are imported, for officers who may."""
    if found.sample_kind is SampleKind.OPEN or not actor().has(Permission.ANSWERS_IMPORT):
        return None
    return url_for("survey_officer.imports.upload", round_id=found.id)


def _results_url(found: SurveyRound, imported: int | None) -> str | None:
    """Where the results of a sampled round with answers stand, for officers who may read them."""
    if not imported or not actor().has(Permission.RESULTS_READ):
        return None
    return url_for("analysis_officer.index", round=found.id)


def _facts(session: Session, found: SurveyRound, today: date) -> list[tuple[str, str]]:
    version = found.question_set_version
    facts = [
        ("Tình trạng", STATES[state_of(found, today)]),
        ("Đơn vị", f"{units.name_on(session, found.unit_id, today)} và các đơn vị trực thuộc"),
        ("Bộ câu hỏi", f"{version.title} ({version.code} {version.version})"),
        ("Loại đợt", KIND_WORDS[found.sample_kind]),
        ("Cách tính điểm của một tiêu chí", FORMULA_WORDS[found.index_formula]),
        ("Cách gộp các tiêu chí", AGGREGATION_WORDS[found.aggregation]),
        ("Thời gian", days_of(found)),
    ]
    if found.closed_on is not None:
        return [*facts, ("Đóng ngày", format_date(found.closed_on))]
    above, below = crossing(session, found, today)
    names = units.names_on(session, {one.unit_id for one in (*above, *below)}, today)
    taken = [
        (
            "Lưu ý",
            f"Trong thời gian này các quầy ở đây hỏi đợt này, không hỏi đợt “{one.name}” của {names[one.unit_id]}.",
        )
        for one in above
    ]
    left = [
        ("Lưu ý", f"{names[one.unit_id]} có đợt riêng “{one.name}”: các quầy ở đó hỏi đợt ấy, không hỏi đợt này.")
        for one in below
    ]
    return [*facts, *taken, *left]


def _draft_mark(row: QuestionSetVersion) -> str:
    return " (bản nháp)" if row.status is SetStatus.DRAFT else ""
