"""The list of units with results in a round: what the page shows and what its file holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import render_template, request, url_for

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.analysis.day_closing import closed_through
from app.analysis.rollups import set_of_round
from app.analysis.sampled.officer_pages import prepare
from app.analysis.sampled.report import headlines as sampled_headlines
from app.analysis.sampled.report import units_with_answers
from app.analysis.scores import NO_ANSWERS, Headline, headlines
from app.analysis.stats.index import Formula
from app.analysis.stats.results import Estimate, NoData
from app.analysis.view import Audience
from app.analysis.wording import FORMULAS
from app.db.session import reading
from app.i18n.formats import format_integer, format_percent, format_percent_range
from app.survey.models import SampleKind, SurveyRound
from app.survey.rounds import is_asking, round_by_id, rounds_of
from app.units.queries import found, search, subtree_ids
from app.web.access import actor
from app.web.lists import AT_ONCE, FORMATS, Cell, Kind, ListFile, list_address
from app.web.pages import site
from app.web.pagination import links, page_number
from app.web.permissions import Permission
from app.web.search import sought

COLUMNS = [
    {"label": "Đơn vị", "numeric": False},
    {"label": "Mã", "numeric": False},
    {"label": "Chỉ số", "numeric": True},
    {"label": "Khoảng 95 %", "numeric": True},
    {"label": "Số người", "numeric": True},
]
TAP_COLUMN = {"label": "Một chạm: hài lòng", "numeric": True}
FILE_COLUMNS = (
    ("unit", "Đơn vị", Kind.TEXT),
    ("code", "Mã", Kind.TEXT),
    ("value", "Chỉ số (%)", Kind.PERCENT),
    ("low", "Cận dưới (%)", Kind.PERCENT),
    ("high", "Cận trên (%)", Kind.PERCENT),
    ("n", "Số người", Kind.WHOLE),
    ("tap", "Một chạm: hài lòng (%)", Kind.PERCENT),
)
# Nothing released yet for a unit.
EMPTY = ("–", "–", "–", "–")


@dataclass(frozen=True, slots=True)
class Choice:
    """The rounds an officer may look at, the one asked for, and the units of it that they may see."""

    rounds: list[SurveyRound]
    chosen: SurveyRound | None
    unit_ids: frozenset[int]
    has_tap: bool

    @property
    def is_sampled(self) -> bool:
        """Whether people were sampled, so that figures come from imported answers."""
        return self.chosen is not None and self.chosen.sample_kind is not SampleKind.OPEN


def page() -> str:
    """The page: units by name with their figures."""
    today = clock.local_date()
    asked = _choice(Permission.RESULTS_READ, today)
    with reading() as session:
        shown = search(session, sought(), today, only=asked.unit_ids, number=page_number())
    figures = _headlines(asked.chosen, [line.id for line in shown.lines], today)
    rows = [
        [
            {"text": line.name, "url": url_for(".unit", round_id=asked.chosen.id, unit_code=line.code)}
            if asked.chosen
            else line.name,
            line.code,
            *_cells(figures.get(line.id))[: None if asked.has_tap else -1],
        ]
        for line in shown.lines
    ]
    may_export = actor().has(Permission.RESULTS_EXPORT)
    return render_template(
        "analysis/index.html",
        columns=[*COLUMNS, TAP_COLUMN] if asked.has_tap else COLUMNS,
        is_sampled=asked.is_sampled,
        formula=FORMULAS[Formula(asked.chosen.index_formula.value)] if asked.chosen else "",
        rows=rows,
        filters=_filters(asked),
        filter_action=url_for(".index"),
        check_counts_url=url_for(".typed_counts.form"),
        files=[(words, list_address(".files", kind)) for words, kind in FORMATS] if may_export else [],
        page=links(shown.number, shown.last_number, shown.total),
    )


def as_file() -> ListFile:
    """The same units on all pages, with figures in full precision."""
    today = clock.local_date()
    asked = _choice(Permission.RESULTS_EXPORT, today)
    with reading() as session:
        lines = found(session, sought(), today, only=asked.unit_ids).all()
    figures: dict[int, Headline] = {}
    for first in range(0, len(lines), AT_ONCE):
        figures |= _headlines(asked.chosen, [line.id for line in lines[first : first + AT_ONCE]], today)
    name = asked.chosen.name if asked.chosen else "chưa có đợt"
    return ListFile(
        code="results",
        title="Kết quả các đơn vị",
        columns=FILE_COLUMNS,
        rows=[[line.name, line.code, *_numbers(figures.get(line.id))] for line in lines],
        filter_words=f"Đợt: {name}" + (f"; có chữ “{sought()}”" if sought() else ""),
        chosen={"round": str(asked.chosen.id) if asked.chosen else ""},
        is_searched=bool(sought()),
    )


def _choice(permission: Permission, today: date) -> Choice:
    with reading() as session:
        allowed = allowed_unit_ids(session, actor(), permission, today)
        covers = {one: subtree_ids(session, one.unit_id, today) for one in rounds_of(session, None)}
        rounds = [one for one, units in covers.items() if allowed is None or units & allowed]
        rounds.sort(key=lambda one: (not is_asking(one, today), -len(covers[one]), -one.id))
        chosen = _chosen(rounds)
        seen = covers[chosen] if chosen is not None else set()
        has_tap = chosen is not None and _has_tap(chosen)
    if chosen is not None and chosen.sample_kind is not SampleKind.OPEN:
        seen = seen & _answered(chosen.id, today)
    return Choice(rounds, chosen, frozenset(seen if allowed is None else seen & allowed), has_tap)


def _headlines(chosen: SurveyRound | None, unit_ids: Iterable[int], today: date) -> dict[int, Headline]:
    """The figures of each unit of the list.

    Out of released figures, whoever reads: they are sums of whole blocks, so that no difference of two lines of the
    list tells of a few people. Of a sampled round what everybody may see.
    """
    if chosen is None:
        return {}
    least, wanted = site().config.small_numbers, list(unit_ids)
    with reading() as session:
        survey_round = round_by_id(session, chosen.id)
        if survey_round.sample_kind is not SampleKind.OPEN:
            sampled = sampled_headlines(session, survey_round, wanted, small_numbers=least, today=today)
            return {unit_id: Headline(one, NoData(NO_ANSWERS)) for unit_id, one in sampled.items()}
        as_of = closed_through(session, today)
        return dict(
            headlines(session, survey_round, wanted, audience=Audience.UNIT_OFFICER, small_numbers=least, as_of=as_of)
        )


def _cells(line: Headline | None) -> tuple[str, str, str, str]:
    if line is None:
        return EMPTY
    index_text, limits, people = EMPTY[:3]
    if isinstance(line.overall, Estimate):
        index_text = format_percent(line.overall.value, places=1)
        limits = format_percent_range(line.overall.interval.low, line.overall.interval.high, places=1)
        people = format_integer(line.overall.n)
    tap = format_percent(line.tap.value, places=1) if isinstance(line.tap, Estimate) else EMPTY[3]
    return index_text, limits, people, tap


def _numbers(line: Headline | None) -> list[Cell]:
    cells: list[Cell] = [None] * 5
    if line is not None and isinstance(line.overall, Estimate):
        limits = line.overall.interval
        cells[:4] = [line.overall.value, limits.low, limits.high, line.overall.n]
    if line is not None and isinstance(line.tap, Estimate):
        cells[4] = line.tap.value
    return cells


def _has_tap(survey_round: SurveyRound) -> bool:
    """Whether the list has the one-tap question: asked at counters, by sets that have it."""
    return survey_round.sample_kind is SampleKind.OPEN and set_of_round(survey_round).overall is not None


def _answered(round_id: int, today: date) -> frozenset[int]:
    """The units a sampled round has answers about, after its sums were made anew if they had to be."""
    prepare(round_id)
    with reading() as session:
        return units_with_answers(session, round_by_id(session, round_id), today)


def _chosen(rounds: list[SurveyRound]) -> SurveyRound | None:
    asked = request.args.get("round", "")
    return next((one for one in rounds if str(one.id) == asked), rounds[0] if rounds else None)


def _filters(asked: Choice) -> list[dict[str, object]]:
    return [
        {
            "name": "round",
            "label": "Đợt khảo sát",
            "value": asked.chosen.id if asked.chosen else "",
            "options": [(one.id, one.name) for one in asked.rounds],
        },
        {"name": "q", "label": "Tìm đơn vị", "value": sought(), "options": None},
    ]
