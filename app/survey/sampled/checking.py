"""Check an upload against its round: what would be imported, and everything that stands in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.survey.definitions import QuestionSet
from app.survey.models import SampleKind, SurveyRound
from app.survey.sampled.clusters import ClusterFacts, Existing, Shape
from app.survey.sampled.design import Design, check_design
from app.survey.sampled.design_hints import design_dangers
from app.survey.sampled.drafts import Draft
from app.survey.sampled.errors import MappingRefused, RoundTakesNoImport
from app.survey.sampled.faults import Faults
from app.survey.sampled.models import ImportMode, SampledAnswer, SampledCluster, SampledImport, SampledSurvey
from app.survey.sampled.reading import Reading, read_table
from app.survey.sampled.targets import ColumnMapping, mapping_problems, targets
from app.survey.sampled.weights import WeightsTooWide, digits_for
from app.survey.sets import set_of
from app.units import queries as units
from app.units.models import Unit


@dataclass(frozen=True, eq=False)
class Checked:
    """An upload as it would be imported; with one fault or problem nothing may be.

    ``dangers``: why intervals from it may be wrong, though it may be imported.
    """

    draft: Draft
    mapping: ColumnMapping
    mode: ImportMode
    reading: Reading
    design: Design
    faults: Faults
    problems: tuple[str, ...]
    dangers: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether it may be imported."""
        return not self.problems and not self.faults.total


def require_open(survey_round: SurveyRound) -> None:
    """Refuse rounds that take no import.

    Raises
    ------
    RoundTakesNoImport
        For an open round (people scan codes there) and for a closed one.
    """
    if survey_round.sample_kind is SampleKind.OPEN:
        raise RoundTakesNoImport(
            "Đợt này là đợt mở, người dân tự quét mã, nên không nhập phiếu từ tệp. "
            "Ông/Bà hãy mở một đợt loại “mẫu ngẫu nhiên” hoặc “toàn bộ”."
        )
    if survey_round.closed_on is not None:
        raise RoundTakesNoImport("Đợt khảo sát đã đóng nên không nhập thêm phiếu được.")


def check(session: Session, survey_round: SurveyRound, draft: Draft, mode: ImportMode) -> Checked:
    """The outcome of importing a draft now.

    Raises
    ------
    RoundTakesNoImport
        As ``require_open``.
    MappingRefused
        When the columns were not chosen, or cannot have been meant so.
    """
    require_open(survey_round)
    question_set = set_of(survey_round.question_set_version)
    mapping = fitting(draft, question_set)
    faults = Faults(draft.table.rows)
    reading = read_table(
        draft.table, mapping, question_set, units_of(session, survey_round), survey_round.unit_id, faults
    )
    existing = _existing(session, survey_round.id) if mode is ImportMode.ADD else None
    is_census = survey_round.sample_kind is SampleKind.CENSUS
    design = check_design(reading, mapping, faults, is_census=is_census, existing=existing)
    problems = [*design.problems, *_seen_before(session, draft, mode)]
    known = [weight for weight in design.weights if weight is not None]
    if known and not faults.total and not problems:
        try:
            digits_for(known)
        except WeightsTooWide as error:
            problems.append(error.message)
    dangers = () if is_census else tuple(design_dangers(draft.table, mapping, known))
    return Checked(draft, mapping, mode, reading, design, faults, tuple(problems), dangers)


def fitting(draft: Draft, question_set: QuestionSet) -> ColumnMapping:
    """The chosen mapping without columns the file lacks and questions the set lacks; raises MappingRefused."""
    if draft.mapping is None:
        raise MappingRefused("Ông/Bà chưa chọn nội dung của các cột.")
    known = targets(question_set)
    names = {column.name for column in draft.table.columns}
    chosen = {name: key for name, key in draft.mapping.columns.items() if name in names and key in known}
    mapping = ColumnMapping(chosen, draft.mapping.values, draft.mapping.nested)
    problems = mapping_problems(mapping, known)
    if problems:
        raise MappingRefused(problems[0])
    return mapping


def units_of(session: Session, survey_round: SurveyRound) -> dict[str, int]:
    """The units a round may speak of, by code: its unit and all below it, on its first or its latest day."""
    last = _latest_day(survey_round)
    found: dict[str, int] = {}
    for day in (survey_round.starts_on, last):  # of two units with one code the later one is meant
        ids = units.subtree_ids(session, survey_round.unit_id, day)
        found |= dict(session.execute(select(Unit.code, Unit.id).where(Unit.id.in_(ids))).all())
    return found


def _latest_day(survey_round: SurveyRound) -> date:
    today = clock.local_date()
    last = today if survey_round.ends_on is None else min(today, survey_round.ends_on)
    return max(last, survey_round.starts_on)


def _existing(session: Session, round_id: int) -> Existing | None:
    survey = session.get(SampledSurvey, round_id)
    if survey is None:
        return None
    counts = select(SampledAnswer.cluster_id, func.count()).where(SampledAnswer.round_id == round_id)
    rows = dict(session.execute(counts.group_by(SampledAnswer.cluster_id)).all())
    clusters = {
        (one.stratum, one.psu): ClusterFacts(rows.get(one.id, 0), one.first_population, one.second_population)
        for one in session.scalars(select(SampledCluster).where(SampledCluster.round_id == round_id))
    }
    return Existing(Shape(survey.has_strata, survey.has_clusters, survey.population_stages), clusters)


def _seen_before(session: Session, draft: Draft, mode: ImportMode) -> Iterator[str]:
    if mode is not ImportMode.ADD:
        return
    same = select(SampledImport.id).where(
        SampledImport.round_id == draft.round_id,
        SampledImport.checksum == draft.checksum,
        SampledImport.is_replaced.is_(False),
    )
    if session.scalar(same.limit(1)) is not None:
        yield "Chính tệp này đã được nhập vào đợt. Thêm lần nữa thì mỗi phiếu bị tính hai lần."
