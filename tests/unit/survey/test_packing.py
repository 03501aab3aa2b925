"""Packed answers: fixed length and order, lossless, one matrix for many rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.survey.answer_types import type_of
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_SHOWN, NOT_TICKED, TICKED
from app.survey.definitions import Question, QuestionSet
from app.survey.loading import shipped_sets
from app.survey.packing import columns, decode, layout, pack, unpack
from tests.support.sample_sets import sample, sample_sets

SETS = {**shipped_sets(), **sample_sets()}


def codes_of(question: Question) -> st.SearchStrategy[tuple[int, ...]]:
    width = type_of(question).width(question)
    whole = [NOT_SHOWN, BLANK] + ([NOT_APPLICABLE] if question.allows_na else [])
    same = st.sampled_from([(code,) * width for code in whole])
    if type_of(question).many:
        return same | st.tuples(*[st.sampled_from([NOT_TICKED, TICKED])] * width)
    return same | st.integers(1, len(question.choices)).map(lambda code: (code,))


def answers_of(question_set: QuestionSet) -> st.SearchStrategy[dict[str, tuple[int, ...]]]:
    packed = [question for question in question_set.questions if type_of(question).width(question)]
    return st.fixed_dictionaries({question.id: codes_of(question) for question in packed})


@pytest.mark.parametrize("key", SETS)
@settings(max_examples=20)  # each example answers every question of a set
@given(data=st.data())
def test_packing_loses_nothing(key, data):
    question_set = SETS[key]
    codes = data.draw(answers_of(question_set))
    packed = pack(question_set, codes)
    assert len(packed) == layout(question_set).width
    assert unpack(question_set, packed) == codes


@pytest.mark.parametrize("key", SETS)
def test_positions_follow_the_questions_without_gaps(key):
    question_set = SETS[key]
    places = [place for slice_ in columns(question_set).values() for place in range(slice_.start, slice_.stop)]
    assert places == list(range(layout(question_set).width))
    order = [question.id for question in question_set.questions if question.id in columns(question_set)]
    assert list(columns(question_set)) == order


@settings(max_examples=15)
@given(data=st.data(), count=st.integers(0, 3))
def test_the_matrix_holds_what_single_rows_hold(data, count):
    question_set = SETS["sipas_2023"]
    rows = [pack(question_set, data.draw(answers_of(question_set))) for _ in range(count)]
    matrix = decode(question_set, rows)
    assert matrix.shape == (count, layout(question_set).width)
    assert matrix.dtype == np.uint8
    for row, packed in zip(matrix, rows, strict=True):
        for question_id, codes in unpack(question_set, packed).items():
            assert tuple(row[columns(question_set)[question_id]]) == codes


def test_the_counter_layout_is_the_tap_the_kind_and_sixteen_criteria():
    where = layout(SETS["sipas_counter_2023"])
    assert (where.width, where.overall, where.respondent_kind) == (18, 0, 1)
    assert where.criteria == tuple(range(2, 18))
    assert where.factors == ((0, 1, 2), (3, 4, 5, 6), (7, 8, 9), (10, 11, 12), (13, 14, 15))


def test_numbers_and_texts_pack_nothing():
    assert list(columns(sample("numbers_1"))) == ["again"]
    assert "note" not in columns(sample("skip_rules_1"))
    with pytest.raises(ValueError, match="no packed question 'note'"):
        pack(sample("skip_rules_1"), {"note": ()})


def test_later_answers_join_the_tap():
    counter = SETS["sipas_counter_2023"]
    stored = pack(counter, {"overall": (5,)})
    assert set(stored[1:]) == {NOT_SHOWN}
    joined = pack(counter, {**unpack(counter, stored), "c24": (4,), "c25": (BLANK,)})
    assert joined[:4] == bytes([5, 0, 4, 255])


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("sipas_counter_2023", {"overall": (6,)}),
        ("sipas_counter_2023", {"overall": (NOT_APPLICABLE,)}),  # the tap offers no "not applicable"
        ("sipas_counter_2023", {"overall": (1, 2)}),
        ("sipas_counter_2023", {"c01": (1,)}),
        ("other_text_1", {"channels": (1, 2)}),
        ("other_text_1", {"channels": (1, 2, 3)}),
        ("other_text_1", {"channels": (1, 2, BLANK)}),
    ],
)
def test_codes_a_question_cannot_have_are_refused(key, codes):
    with pytest.raises(ValueError, match=r"no packed question|packs|cannot have"):
        pack(SETS[key], codes)


def test_bytes_of_another_set_are_refused():
    counter = SETS["sipas_counter_2023"]
    with pytest.raises(ValueError, match="packs 18 bytes"):
        unpack(counter, bytes(17))
    with pytest.raises(ValueError, match="packs 18 bytes"):
        decode(counter, [bytes(18), bytes(19)])
    with pytest.raises(ValueError, match="cannot have"):
        unpack(counter, bytes([9] * 18))
