"""Answers ↔ bytes: fixed positions from the question set, so that a month of answers decodes as one matrix.

One byte per single choice, one per choice of a multiple choice, none for numbers and texts (they have their own
table). Values are in codes.py. The order is the order of the set's questions and never changes for a version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.survey.answer_types import type_of
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_SHOWN, TICKED
from app.survey.definitions import Question, QuestionSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each answer stands in a packed row.

    `slices` has every question that packs at least one byte. `criteria` are the byte positions of the index
    criteria in order; `factors` groups *indexes into `criteria`* by factor, in the order of the set's factors.
    """

    width: int
    slices: Mapping[str, slice]
    criteria: tuple[int, ...]
    factors: tuple[tuple[int, ...], ...]
    overall: int | None
    respondent_kind: int | None


@lru_cache(maxsize=64)
def layout(question_set: QuestionSet) -> Layout:
    """Return the positions of a set; computed once per content hash."""
    slices: dict[str, slice] = {}
    position = 0
    for question in question_set.questions:
        width = type_of(question).width(question)
        if width:
            slices[question.id] = slice(position, position + width)
            position += width
    criteria = question_set.criteria
    overall, kind = question_set.overall, question_set.respondent_kind
    return Layout(
        width=position,
        slices=MappingProxyType(slices),
        criteria=tuple(slices[question.id].start for question in criteria),
        factors=tuple(
            tuple(i for i, question in enumerate(criteria) if question.factor == factor.id)
            for factor in question_set.factors
        ),
        overall=slices[overall.id].start if overall else None,
        respondent_kind=slices[kind.id].start if kind else None,
    )


def columns(question_set: QuestionSet) -> Mapping[str, slice]:
    """Return question id → the columns of its bytes in the matrix of `decode`."""
    return layout(question_set).slices


def pack(question_set: QuestionSet, codes: Mapping[str, Sequence[int]]) -> bytes:
    """Pack codes by question id; a question without codes was not shown.

    To add later answers of the same response: `pack(s, {**unpack(s, stored), **new_codes})`.
    Raises ValueError for an unknown question, a wrong number of codes, or a code its question cannot have.
    """
    where = layout(question_set)
    row = bytearray(where.width)
    for question_id, given in codes.items():
        if question_id not in where.slices:
            raise ValueError(f"no packed question {question_id!r} in {question_set.key}")
        _check(question_set.question(question_id), given)
        row[where.slices[question_id]] = bytes(given)
    return bytes(row)


def merge(question_set: QuestionSet, packed: bytes, codes: Mapping[str, Sequence[int]]) -> bytes:
    """Return a packed row with further codes in their places. Raises ValueError as `pack` does."""
    row, more = bytearray(packed), pack(question_set, codes)
    if len(row) != len(more):
        raise ValueError(f"{question_set.key} packs {len(more)} bytes, got {len(row)}")
    for question_id in codes:
        place = layout(question_set).slices[question_id]
        row[place] = more[place]
    return bytes(row)


def unpack(question_set: QuestionSet, packed: bytes) -> dict[str, tuple[int, ...]]:
    """Return question id → codes for every packed question. Raises ValueError when the bytes cannot be of this set."""
    where = layout(question_set)
    if len(packed) != where.width:
        raise ValueError(f"{question_set.key} packs {where.width} bytes, got {len(packed)}")
    codes = {question_id: tuple(packed[place]) for question_id, place in where.slices.items()}
    for question_id, given in codes.items():
        _check(question_set.question(question_id), given)
    return codes


def decode(question_set: QuestionSet, rows: Sequence[bytes]) -> NDArray[np.uint8]:
    """Return packed rows as a read-only matrix (responses × bytes). Raises ValueError when a row has another length."""
    import numpy as np  # inside: web workers that only take answers need no numpy

    width = layout(question_set).width
    if not {*map(len, rows)} <= {width}:
        raise ValueError(f"{question_set.key} packs {width} bytes")
    return np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), width)


def _check(question: Question, given: Sequence[int]) -> None:
    answer_type = type_of(question)
    if len(given) != answer_type.width(question):
        raise ValueError(f"{question.id} packs {answer_type.width(question)} bytes, got {len(given)}")
    whole = {NOT_SHOWN, BLANK} | ({NOT_APPLICABLE} if question.allows_na else set())
    if set(given) <= whole and len(set(given)) == 1:
        return
    highest = TICKED if answer_type.many else len(question.choices)
    if not all(1 <= code <= highest for code in given):
        raise ValueError(f"{question.id} cannot have the codes {tuple(given)}")
