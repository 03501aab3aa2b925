"""Import a checked upload whole or not at all; keep mappings under a name."""

import secrets

import numpy as np
import numpy.typing as npt
from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.survey.models import SurveyRound
from app.survey.sampled.checking import Checked
from app.survey.sampled.clusters import Shape
from app.survey.sampled.design import Design
from app.survey.sampled.drafts import delete_draft
from app.survey.sampled.errors import ImportRefused
from app.survey.sampled.models import (
    ImportMode,
    SampledAnswer,
    SampledCluster,
    SampledImport,
    SampledMapping,
    SampledSurvey,
    SourceFormat,
)
from app.survey.sampled.targets import ColumnMapping
from app.survey.sampled.weights import LARGEST, digits_for, in_units

AT_ONCE = 5_000
LONGEST_NAME = 100
_TOO_FAR = "Trọng số của tệp này và của dữ liệu đã nhập chênh nhau quá xa. Ông/Bà hãy nhập lại tất cả trong một tệp."


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
    units_of_weight = [0 if one is None else in_units(one, digits) for one in checked.design.weights]
    weights = [units_of_weight[place] for place in checked.design.weight.tolist()]
    clusters = cluster_ids[checked.design.cluster].tolist()
    unit_ids = checked.reading.unit_ids.tolist()
    order = np.random.default_rng(secrets.randbits(128)).permutation(count).tolist()
    answers = checked.reading.answers
    table = SampledAnswer.__table__  # without the unit of work, because citizens wait for the writer on SQLite
    assert isinstance(table, Table)
    for begin in range(0, count, AT_ONCE):
        session.execute(
            table.insert(),
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
