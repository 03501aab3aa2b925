"""From packed answers to cells of sums: which answers belong together, and by which categories they are told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.analysis.models import Dimension
from app.analysis.stats import sums
from app.analysis.stats.layout import Criterion, Item, Level, Scoring, SumsLayout
from app.qr.models import Channel
from app.survey import packing
from app.survey.definitions import QuestionSet

UNSTATED = "unstated"
REST = {Dimension.CHANNEL: Channel.QR.value, Dimension.RESPONDENT_KIND: UNSTATED}
"""The category of each dimension that is not stored: sums subtract exactly, so it is the whole less the others."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as rollups need it."""

    counter_id: int
    month: int
    channel: str
    answers: bytes


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """Where a cell of one round stands: a counter in a month, whole or one category of a dimension."""

    counter_id: int
    month: int
    dimension: Dimension
    category: str


@lru_cache(maxsize=32)
def layout_of(question_set: QuestionSet) -> SumsLayout:
    """The places of all sums of a question set; the tap and the respondent's kind are counted beside the index."""
    where = packing.layout(question_set)
    component_of = {factor.id: part.id for part in question_set.components for factor in part.factors}
    criteria = [
        Criterion(question.id, column, question.factor or "", component_of.get(question.factor or ""))
        for question, column in zip(question_set.criteria, where.criteria, strict=True)
    ]
    others = [
        Item(question.id, column, len(question.choices))
        for question, column in (
            (question_set.overall, where.overall),
            (question_set.respondent_kind, where.respondent_kind),
        )
        if question is not None and column is not None
    ]
    levels = len(question_set.criteria[0].choices) if question_set.criteria else 5
    return SumsLayout.of(columns=where.width, levels=levels, criteria=criteria, others=others)


def people_of_index(layout: SumsLayout, vector: Ints) -> int:
    """People who answered at least one criterion; all people where a set has none.

    Blocks are measured by these, not by taps: a block of ten taps could hold the details of two people.
    """
    if not layout.criteria:
        return int(sums.responses(vector))
    whole = next(group for group in layout.groups if group.level is Level.OVERALL)
    return int(sums.group_table(layout, vector[np.newaxis], whole.table, Scoring.TOP2)[0, :, 0].sum())


def kinds_of(question_set: QuestionSet) -> dict[str, str]:
    """The categories of the respondent's kind: stored category → Vietnamese label; empty when the set does not ask."""
    question = question_set.respondent_kind
    if question is None:
        return {}
    return {str(choice.value): choice.label.vi for choice in question.choices} | {UNSTATED: "Không nêu"}


def cells(question_set: QuestionSet, answered: Sequence[Answered]) -> dict[CellKey, Ints]:
    """The sums of some answers by counter and month: whole, and by channel and kind (the ``REST`` left out)."""
    if not answered:
        return {}
    layout = layout_of(question_set)
    matrix = packing.decode(question_set, [one.answers for one in answered])
    found: dict[CellKey, Ints] = {}
    for dimension, categories in _categories(question_set, answered, matrix):
        kept = [place for place, category in enumerate(categories) if category != REST.get(dimension)]
        keys: dict[CellKey, int] = {}
        numbers = [
            keys.setdefault(
                CellKey(answered[place].counter_id, answered[place].month, dimension, categories[place]), len(keys)
            )
            for place in kept
        ]
        vectors = sums.from_answers_grouped(layout, matrix[kept], np.array(numbers, dtype=np.int64), len(keys))
        found.update({key: vectors[number] for key, number in keys.items()})
    return found


def _categories(
    question_set: QuestionSet, answered: Sequence[Answered], matrix: npt.NDArray[np.uint8]
) -> Iterator[tuple[Dimension, Sequence[str]]]:
    yield Dimension.ALL, [""] * len(answered)
    yield Dimension.CHANNEL, [one.channel for one in answered]
    column = packing.layout(question_set).respondent_kind
    if column is not None:
        choices = kinds_of(question_set)
        yield (
            Dimension.RESPONDENT_KIND,
            [str(code) if str(code) in choices else UNSTATED for code in matrix[:, column].tolist()],
        )
