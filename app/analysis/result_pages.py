"""What the result pages of the public and of officers have in common: cards of a view, and their context."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.analysis.addresses import Asked, filter_fields, read_view
from app.analysis.charts_of_card import charts, figure_of
from app.analysis.rollups import set_of_round
from app.analysis.scores import ScoreCard, score_card
from app.analysis.stats.index import Formula
from app.analysis.view import Audience
from app.analysis.wording import method_of, notes
from app.config import SmallNumbers
from app.errors import Invalid
from app.i18n.formats import format_date
from app.survey.models import SurveyRound
from app.units.models import Unit
from app.units.queries import name_on, successors

Link = Callable[[str], str]


def cards_of(
    session: Session,
    survey_round: SurveyRound,
    unit_id: int,
    asked: Asked,
    *,
    audience: Audience,
    small_numbers: SmallNumbers,
    as_of: date,
) -> list[ScoreCard]:
    """One card for each formula asked for, the round's own first."""
    return [
        score_card(
            session,
            survey_round,
            unit_id,
            audience=audience,
            small_numbers=small_numbers,
            filters=asked.filters,
            as_of=as_of,
            formula=formula,
        )
        for formula in asked.formulas(Formula(survey_round.index_formula.value))
    ]


def result_page(
    session: Session,
    survey_round: SurveyRound,
    unit_id: int,
    arguments: Mapping[str, str],
    link: Link,
    *,
    audience: Audience,
    small_numbers: SmallNumbers,
    as_of: date,
) -> dict[str, object]:
    """The context of a results page of a unit, read out of the address.

    Filters that cannot be stay chosen in the bar, ``refusal`` says why, and nothing is shown until they are changed.
    """
    question_set = set_of_round(survey_round)
    title = question_set.index_title.render("vi", unit_name=name_on(session, unit_id, as_of))
    context: dict[str, object] = {
        "refusal": "",
        "filters": filter_fields(
            session, question_set, arguments, unit_id=unit_id, starts_on=survey_round.starts_on, as_of=as_of
        ),
    }
    try:
        asked = read_view(arguments, question_set)
    except Invalid as error:
        return context | {
            "refusal": error.message,
            "index_title": title,
            "until_text": format_date(as_of),
            "period_text": survey_round.name,
            "figures": [],
            "charts": [],
            "notes": [],
        }
    cards = cards_of(session, survey_round, unit_id, asked, audience=audience, small_numbers=small_numbers, as_of=as_of)
    period = asked.filters.period.label if asked.filters.period else survey_round.name
    return context | card_context(cards, title, link) | {"period_text": period}


def ended_note(session: Session, unit: Unit, today: date) -> str:
    """For a unit that has ended: until when, and who stands for it now; else nothing."""
    if unit.valid_to is None or unit.valid_to >= today:
        return ""
    now = [name_on(session, one, today) for one in successors(session, unit.id, today) if one != unit.id]
    ended = f"Đơn vị này hoạt động đến hết ngày {format_date(unit.valid_to)}; số liệu dừng ở ngày đó."
    return f"{ended} Nay do {', '.join(now)} phục vụ." if now else ended


def card_context(cards: list[ScoreCard], index_title: str, link: Link) -> dict[str, object]:
    """What the result templates need of one or two cards (two: the same view under both formulas)."""
    first = cards[0]
    figures = []
    drawn = []
    if first.people is not None and first.people > 0:
        figures = [
            *(figure_of(f"{index_title} ({card.formula.value})", card.overall, card) for card in cards),
            figure_of("hài lòng hoặc rất hài lòng, câu hỏi một chạm (không vào chỉ số)", first.tap, first),
        ]
        for number, card in enumerate(cards):
            found = charts(card, link, suffix=f"-{number}" if number else "")
            drawn += found if len(cards) == 1 else [_named(chart, card.formula) for chart in found]
    return {
        "index_title": index_title,
        "until_text": format_date(first.as_of),
        "figures": figures,
        "charts": drawn,
        "notes": [note for card in cards[:1] for note in notes(card, method=method_of(card))],
    }


def _named(chart: dict[str, object], formula: Formula) -> dict[str, object]:
    """The chart with its formula in the title, where the same view stands twice on a page."""
    return chart | {"title": f"{formula.value} – {chart['title']}"}
