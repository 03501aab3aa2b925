"""The dashboard of casework: by unit in a period, with the way down to the list."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

from flask import Blueprint, render_template, request, url_for

from app import clock
from app.calendar.periods import Period, PeriodError, PeriodKind, parse_period, period_of
from app.db.session import reading
from app.feedback.handling.words import KINDS
from app.feedback.oversight import queries
from app.feedback.oversight.figures import Fact, Figures, figures, satisfaction
from app.i18n.folding import natural_key
from app.i18n.formats import format_decimal, format_integer, format_percent
from app.rules.kinds import Kind
from app.units import queries as units
from app.web.access import EVERYWHERE, actor, requires
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("case_oversight", __name__, url_prefix="/officer/case-figures")

NONE = "chưa có"
FEW = "ít phiếu"
FEW_CASES = "ít việc, không hiện"
COLUMNS = [
    {"label": "Đơn vị", "numeric": False},
    {"label": "Tiếp nhận", "numeric": True},
    {"label": "Đã trả lời", "numeric": True},
    {"label": "Đúng hạn (n)", "numeric": True},
    {"label": "Quá hạn", "numeric": True},
    {"label": "Đang mở", "numeric": True},
    {"label": "Mở lại", "numeric": True},
    {"label": "Điểm đánh giá (n)", "numeric": True},
    {"label": "Ngày làm việc (trung vị)", "numeric": True},
]


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """All cases the officer may see that came in during a period."""
    today = clock.local_date()
    period, kind = _period(today), _kind()
    with reading() as session:
        found = queries.facts(session, actor(), period.first_day, period.last_day, today, kind=kind)
        names = units.names_on(session, {one.unit_id for one in found}, today)
        repeated = queries.repeated_answers(session, actor(), period.first_day, period.last_day, today)
    by_unit: dict[int, list[Fact]] = defaultdict(list)
    for one in found:
        by_unit[one.unit_id].append(one)
    rows = [_cells(names.get(unit_id, ""), by_unit[unit_id], today, unit_id) for unit_id in by_unit]
    judged = satisfaction(found, today)
    return render_template(
        "oversight/cases.html",
        period=period,
        filters=_filters(period, kind, today),
        filter_action=url_for(".index"),
        columns=COLUMNS,
        total=_cells("Tất cả", found, today, None),
        rows=sorted(rows, key=lambda row: natural_key(_text(row[0]))),
        repeated=repeated,
        share_a=_share(judged.a, judged.all_cases),
        # B follows from ratings: over few cases it would tell who was dissatisfied.
        share_b=FEW_CASES if 0 < judged.all_cases < _least() else _share(judged.b, judged.all_cases),
        has_any=bool(found),
    )


def _cells(name: str, facts: list[Fact], today: date, unit_id: int | None) -> list[object]:
    one = figures(facts, today, least=_least())
    url = url_for("cases_officer.index", unit=unit_id) if unit_id is not None else None
    return [
        {"text": name, "url": url} if url else name,
        *(format_integer(number) for number in (one.received, one.closed)),
        _share(one.in_time_share, one.dated),
        *(format_integer(number) for number in (one.late, one.open, one.reopened)),
        _rating(one),
        NONE if one.median_days is None else format_decimal(one.median_days, places=1),
    ]


def _share(share: Fraction | None, n: int) -> str:
    return NONE if share is None else f"{format_percent(share.numerator / share.denominator, places=1)} ({n})"


def _rating(one: Figures) -> str:
    if not one.ratings:
        return NONE
    return FEW if one.mean_rating is None else f"{format_decimal(one.mean_rating, places=1)} ({one.ratings})"


def _least() -> int:
    """Whoever sees all units sees what the central number allows; others what the public may see."""
    numbers = site().small_numbers
    return numbers.home_affairs if actor().scopes.get(Permission.CASES_READ) == EVERYWHERE else numbers.public


def _text(cell: object) -> str:
    return str(cell["text"]) if isinstance(cell, dict) else str(cell)


def _period(today: date) -> Period:
    try:
        return parse_period(request.args.get("period", ""))
    except PeriodError:
        return period_of(today, PeriodKind.YEAR)


def _kind() -> Kind | None:
    asked = request.args.get("kind", "")
    return next((kind for kind in KINDS if kind.value == asked), None)


def _filters(chosen: Period, kind: Kind | None, today: date) -> list[dict[str, object]]:
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR)
    offered = [period_of(today, one).shifted(-back) for one in kinds for back in range(3)]
    if chosen not in offered:
        offered.append(chosen)
    periods = [(one.address, one.label) for one in offered]
    return [
        {"name": "period", "label": "Kỳ", "value": chosen.address, "options": periods},
        {
            "name": "kind",
            "label": "Loại đơn",
            "value": kind.value if kind else "",
            "options": [("", "Mọi loại"), *((one.value, words) for one, words in KINDS.items())],
        },
    ]
