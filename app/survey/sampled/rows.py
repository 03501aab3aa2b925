"""All imported answers of a round as arrays: what the statistics of a sampled survey are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.survey import packing
from app.survey.definitions import QuestionSet
from app.survey.models import SampleKind, SurveyRound
from app.survey.sampled.models import SampledAnswer, SampledCluster, SampledSurvey
from app.survey.sets import set_of
from app.units.models import Unit

AT_ONCE = 10_000
_MOST_EXACT = 2**53

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class SampledRows:
    """One row a respondent, in an order that means nothing. Everything numbered stands in the list of the same name.

    Attributes
    ----------
    sample_kind
        Probability or census.
    question_set
        What the bytes of ``answers`` mean; the index engine reads them as it reads ``response``.
    revision
        Grows with every import into the round.
    answers : uint8 array, shape (n, bytes)
        Packed codes, read-only.
    unit_ids, unit_codes
        The units that occur; ``unit`` holds each row's place in them, shape (n,).
    strata
        Labels of the strata that occur; ``stratum``: each row's place in them, shape (n,). One empty label without
        strata.
    psus
        Labels of the primary units, ``psu``: each row's place, shape (n,). The same label in two strata stands twice:
        places are never shared between strata. None for both where people were drawn directly.
    weight : float array, shape (n,)
        Above 0, equal to ``weight_units`` / 10 ** ``weight_digits``.
    weight_units : int array, shape (n,)
        The weights as they are stored: whole numbers, whose sums are exact.
    populations : tuple of float arrays, shape (n,) each
        Population counts by stage, first stage first: primary units in the row's stratum and people in the row's
        primary unit; where people were drawn directly, people in the row's stratum. Empty without counts.
    """

    sample_kind: SampleKind
    question_set: QuestionSet
    revision: int
    answers: Codes
    unit_ids: tuple[int, ...]
    unit_codes: tuple[str, ...]
    unit: Ints
    strata: tuple[str, ...]
    stratum: Ints
    psus: tuple[str, ...] | None
    psu: Ints | None
    weight: Floats
    weight_units: Ints
    weight_digits: int
    populations: tuple[Floats, ...]

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def clusters(self) -> tuple[Ints, ...]:
        """Labels of the sampled units, one array a stage, as a design wants them; empty where every row is its own.

        People are a stage of their own only where their number in the primary unit is known.
        """
        if self.psu is None:
            return ()
        return (self.psu, np.arange(len(self))) if len(self.populations) > 1 else (self.psu,)


def sampled_rows(session: Session, survey_round: SurveyRound) -> SampledRows | None:
    """Read the imported answers of a round, column by column; None when nothing was imported.

    Rows are fetched ``AT_ONCE`` at a time and never become objects: 100,000 rows take about 20 MB.
    """
    survey = session.get(SampledSurvey, survey_round.id)
    if survey is None:
        return None
    question_set = set_of(survey_round.question_set_version)
    numbers, answers = _columns(session, survey_round.id, packing.layout(question_set).width)
    cluster_ids, unit_ids, units = numbers
    places, clusters = _clusters(session, survey_round.id, cluster_ids)
    unit_list, unit = np.unique(unit_ids, return_inverse=True)
    wanted = select(Unit.id, Unit.code).where(Unit.id.in_(unit_list.tolist()))
    codes = dict(session.execute(wanted).all())
    strata = sorted({stratum for stratum, _, _, _ in clusters})
    number_of = {label: number for number, label in enumerate(strata)}
    stratum_of = np.array([number_of[stratum] for stratum, _, _, _ in clusters], dtype=np.int64)
    counts = [[first for _, _, first, _ in clusters], [second for _, _, _, second in clusters]]
    return SampledRows(
        sample_kind=survey_round.sample_kind,
        question_set=question_set,
        revision=survey.revision,
        answers=answers,
        unit_ids=tuple(unit_list.tolist()),
        unit_codes=tuple(codes[key] for key in unit_list.tolist()),
        unit=unit.astype(np.int64),
        strata=tuple(strata),
        stratum=stratum_of[places],
        psus=tuple(psu for _, psu, _, _ in clusters) if survey.has_clusters else None,
        psu=places if survey.has_clusters else None,
        weight=weights_of(units, survey.weight_digits),
        weight_units=units,
        weight_digits=survey.weight_digits,
        populations=tuple(np.array(column, dtype=np.float64)[places] for column in counts[: survey.population_stages]),
    )


def weights_of(units: Ints, digits: int) -> Floats:
    """Weights from whole numbers of 10 to the minus ``digits``, each rounded once."""
    if len(units) and int(units.max()) >= _MOST_EXACT:
        return np.array([number / 10**digits for number in units.tolist()], dtype=np.float64)
    return units.astype(np.float64) / 10.0**digits


def _columns(session: Session, round_id: int, width: int) -> tuple[tuple[Ints, Ints, Ints], Codes]:
    """Cluster, unit and weight of each row, and the matrix of answers."""
    statement = (
        select(SampledAnswer.cluster_id, SampledAnswer.unit_id, SampledAnswer.weight, SampledAnswer.answers)
        .where(SampledAnswer.round_id == round_id)
        .order_by(SampledAnswer.key)
        .execution_options(yield_per=AT_ONCE)
    )
    numbers: list[npt.NDArray[np.int64]] = []
    packed: list[bytes] = []
    for part in session.execute(statement).partitions():
        rows: Sequence[Any] = part
        numbers.append(np.array([row[:3] for row in rows], dtype=np.int64))
        packed.append(b"".join([row[3] for row in rows]))
    table = np.concatenate(numbers) if numbers else np.zeros((0, 3), dtype=np.int64)
    answers = np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(len(table), width)
    return (table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()), answers


def _clusters(
    session: Session, round_id: int, cluster_ids: Ints
) -> tuple[Ints, list[tuple[str, str, int | None, int | None]]]:
    """Each row's place among the clusters that have rows, ordered by stratum and label, and those clusters."""
    statement = select(
        SampledCluster.id,
        SampledCluster.stratum,
        SampledCluster.psu,
        SampledCluster.first_population,
        SampledCluster.second_population,
    ).where(SampledCluster.round_id == round_id)
    kept = sorted(session.execute(statement).all(), key=lambda row: (row.stratum, row.psu))
    ids = np.array([row.id for row in kept], dtype=np.int64)
    by_id = np.argsort(ids)
    places = by_id[np.searchsorted(ids, cluster_ids, sorter=by_id)] if len(ids) else cluster_ids
    return places.astype(np.int64), [
        (row.stratum, row.psu, row.first_population, row.second_population) for row in kept
    ]
