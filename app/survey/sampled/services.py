"""Check an upload against its round, and import it whole or not at all."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.survey.definitions import QuestionSet
from app.survey.models import SampleKind, SurveyRound
from app.survey.sampled.design import ClusterFacts, Design, Existing, Shape, check_design
from app.survey.sampled.drafts import Draft, delete_draft
from app.survey.sampled.errors import ImportRefused, MappingRefused, RoundTakesNoImport
from app.survey.sampled.faults import Faults
from app.survey.sampled.models import (
    ImportMode,
    SampledAnswer,
    SampledCluster,
    SampledImport,
    SampledMapping,
    SampledSurvey,
    SourceFormat,
)
from app.survey.sampled.reading import Reading, read_table
from app.survey.sampled.targets import ColumnMapping, mapping_problems, targets
from app.survey.sampled.weights import LARGEST, WeightsTooWide, digits_for, in_units
from app.survey.sets import set_of
from app.units import queries as units
from app.units.models import Unit

AT_ONCE = 5_000
LONGEST_NAME = 100
_TOO_FAR = "Trọng số của tệp này và của dữ liệu đã nhập chênh nhau quá xa. Ông/Bà hãy nhập lại tất cả trong một tệp."


@dataclass(frozen=True, eq=False)
class Checked:
    """An upload as it would be imported; with one fault or problem nothing may be."""

    draft: Draft
    mapping: ColumnMapping
    mode: ImportMode
    reading: Reading
    design: Design
    faults: Faults
    problems: tuple[str, ...]

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
    return Checked(draft, mapping, mode, reading, design, faults, tuple(problems))


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


def import_checked(
    session: Session, survey_round: SurveyRound, checked: Checked, officer_id: int | None
) -> SampledImport:
    """Store everything of an upload, or raise ImportRefused and store nothing.

    ``checked`` must come from ``check`` in the same transaction, with the round locked by ``lock``.
    """
    if not checked.is_right:
        raise ImportRefused("Tệp còn lỗi nên chưa có gì được nhập.")
    if checked.mode is ImportMode.REPLACE:
        _clear(session, survey_round.id)
    made = SampledImport(
        round_id=survey_round.id,
        officer_id=officer_id,
        imported_at=clock.now(),
        mode=checked.mode,
        source=SourceFormat(checked.draft.table.source),
        checksum=checked.draft.checksum,
        row_count=len(checked.draft.table.rows),
        mapping=checked.mapping.to_json(),
        is_replaced=False,
    )
    session.add(made)
    session.flush()  # the rows name their import by its number
    weights = [weight for weight in checked.design.weights if weight is not None]
    digits = _survey(session, survey_round.id, checked, digits_for(weights))
    if max(weights) * 10**digits >= LARGEST:
        raise ImportRefused(_TOO_FAR)
    cluster_ids = _clusters(session, survey_round.id, checked.design)
    _insert(session, made, checked, cluster_ids, digits)
    delete_draft(session, checked.draft.id)
    detail = {"rows": made.row_count, "mode": made.mode.value, "source": made.source.value, "sha256": made.checksum}
    record(session, officer_id, Action.ANSWERS_IMPORT, f"round:{survey_round.id}", detail, unit_id=survey_round.unit_id)
    return made


def lock(session: Session, survey_round: SurveyRound) -> None:
    """Let nobody else import into the round until the transaction ends."""
    session.execute(select(SurveyRound.id).where(SurveyRound.id == survey_round.id).with_for_update())
    session.refresh(survey_round)


def save_mapping(session: Session, survey_round: SurveyRound, name: str, mapping: ColumnMapping) -> None:
    """Keep a mapping under a name for the question set; one of the same name is replaced."""
    version_id = survey_round.question_set_version_id
    row = session.scalar(
        select(SampledMapping).where(SampledMapping.question_set_version_id == version_id, SampledMapping.name == name)
    )
    if row is None:
        row = SampledMapping(question_set_version_id=version_id, name=name)
        session.add(row)
    row.content = mapping.to_json()


def _clear(session: Session, round_id: int) -> None:
    session.execute(delete(SampledAnswer).where(SampledAnswer.round_id == round_id))
    session.execute(delete(SampledCluster).where(SampledCluster.round_id == round_id))
    session.execute(update(SampledImport).where(SampledImport.round_id == round_id).values(is_replaced=True))


def _survey(session: Session, round_id: int, checked: Checked, digits: int) -> int:
    """Write the shape of the design; returns the digits of the weights, those already stored brought to the same."""
    shape = Shape.of(checked.mapping)
    survey = session.get(SampledSurvey, round_id)
    if survey is None:
        survey = SampledSurvey(round_id=round_id, revision=0, weight_digits=digits)
        session.add(survey)
    elif checked.mode is ImportMode.ADD:
        digits = _same_digits(session, survey, digits)
    survey.revision += 1
    survey.weight_digits = digits
    survey.has_strata, survey.has_clusters = shape.has_strata, shape.has_clusters
    survey.population_stages = shape.population_stages
    return digits


def _same_digits(session: Session, survey: SampledSurvey, digits: int) -> int:
    if digits <= survey.weight_digits:
        return survey.weight_digits
    factor = 10 ** (digits - survey.weight_digits)
    mine = SampledAnswer.round_id == survey.round_id
    largest = session.scalar(select(func.max(SampledAnswer.weight)).where(mine)) or 0
    if largest * factor >= LARGEST:
        raise ImportRefused(_TOO_FAR)
    session.execute(update(SampledAnswer).where(mine).values(weight=SampledAnswer.weight * factor))
    return digits


def _clusters(session: Session, round_id: int, design: Design) -> npt.NDArray[np.int64]:
    """The numbers of the design's clusters in the database; those the round lacks are made."""
    mine = select(SampledCluster.stratum, SampledCluster.psu, SampledCluster.id).where(
        SampledCluster.round_id == round_id
    )
    there = {(stratum, psu) for stratum, psu, _ in session.execute(mine)}
    new = [
        {
            "round_id": round_id,
            "stratum": stratum,
            "psu": psu,
            "first_population": facts.first,
            "second_population": facts.second,
        }
        for (stratum, psu), facts in zip(design.clusters, design.facts, strict=True)
        if (stratum, psu) not in there
    ]
    if new:
        session.execute(insert(SampledCluster), new)
    ids = {(stratum, psu): number for stratum, psu, number in session.execute(mine)}
    return np.array([ids[key] for key in design.clusters], dtype=np.int64)


def _insert(
    session: Session, made: SampledImport, checked: Checked, cluster_ids: npt.NDArray[np.int64], digits: int
) -> None:
    """Store the rows under random keys, in the order of the keys, so that the file's order is lost."""
    count = made.row_count
    keys = _random_keys(session, made.round_id, count)
    units_of_weight = [0 if one is None else in_units(Fraction(one), digits) for one in checked.design.weights]
    weights = [units_of_weight[place] for place in checked.design.weight.tolist()]
    clusters = cluster_ids[checked.design.cluster].tolist()
    unit_ids = checked.reading.unit_ids.tolist()
    order = np.random.default_rng(secrets.randbits(128)).permutation(count).tolist()
    answers = checked.reading.answers
    for begin in range(0, count, AT_ONCE):
        session.execute(
            insert(SampledAnswer),
            [
                {
                    "round_id": made.round_id,
                    "key": key,
                    "import_id": made.id,
                    "cluster_id": clusters[place],
                    "unit_id": unit_ids[place],
                    "weight": weights[place],
                    "answers": answers[place].tobytes(),
                }
                for key, place in zip(keys[begin : begin + AT_ONCE], order[begin : begin + AT_ONCE], strict=True)
            ],
        )


def _random_keys(session: Session, round_id: int, count: int) -> list[int]:
    """Sorted keys that no row of the round has."""
    taken = set(session.scalars(select(SampledAnswer.key).where(SampledAnswer.round_id == round_id)))
    keys: set[int] = set()
    while len(keys) < count:
        keys.update(secrets.randbits(63) for _ in range(count - len(keys)))
        keys -= taken
    return sorted(keys)
