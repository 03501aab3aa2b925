"""Reading a posted form: closed lists, nothing compulsory, nothing typed lost, skip rules on the server."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.survey.answer_types import ANSWER_TYPES, type_of
from app.survey.answers import OTHER_TEXT_LENGTH, UNKNOWN_FIELD, read_answers
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_SHOWN, NOT_TICKED, TICKED
from app.survey.loading import shipped_sets
from app.survey.packing import pack
from tests.support.sample_sets import sample, sample_sets

COUNTER = shipped_sets()["sipas_counter_2023"]
SKIP, OTHER, NUMBERS = sample("skip_rules_1"), sample("other_text_1"), sample("numbers_1")
SETS = {**shipped_sets(), **sample_sets()}


@pytest.mark.parametrize("key", SETS)
def test_nothing_is_compulsory(key):
    reading = read_answers(SETS[key], {})
    assert reading.is_valid
    assert reading.answers.answered() == 0
    assert set(pack(SETS[key], reading.answers.codes)) <= {BLANK}


@pytest.mark.parametrize("key", SETS)
def test_every_choice_of_every_question_can_be_posted(key):
    for question in SETS[key].questions:
        for choice in question.choices:
            reading = read_answers(SETS[key], {question.field: [str(choice.value)]}, shown=[question.id])
            codes = reading.answers.codes[question.id]
            assert reading.is_valid
            assert (TICKED if type_of(question).many else choice.value) in codes
            assert reading.answers.answered() == 1
            pack(SETS[key], reading.answers.codes)


def test_every_answer_type_is_in_some_sample():
    used = {question.type for question_set in SETS.values() for question in question_set.questions}
    assert used == {answer_type.code for answer_type in ANSWER_TYPES}


def test_questions_not_on_the_page_are_left_alone():
    reading = read_answers(COUNTER, {"q_overall": ["4"]}, shown=["overall"])
    assert reading.answers.codes == {"overall": (4,)}
    details = [question.id for question in COUNTER.questions if question.id != "overall"]
    assert "overall" not in read_answers(COUNTER, {}, shown=details).answers.codes
    with pytest.raises(KeyError):
        read_answers(COUNTER, {}, shown=["c01"])


def test_not_applicable_and_blank_are_told_apart():
    codes = read_answers(COUNTER, {"q_c24": ["na"], "q_c25": [""]}).answers.codes
    assert (codes["c24"], codes["c25"], codes["c26"]) == ((NOT_APPLICABLE,), (BLANK,), (BLANK,))


@pytest.mark.parametrize(
    "posted", [["6"], ["0"], ["05"], ["5 "], ["1", "2"], ["1", "1"], ["na"], ["Hài lòng"], ["５"], ["254"]]
)
def test_a_value_outside_the_list_is_an_error_and_is_shown_again(posted):
    reading = read_answers(COUNTER, {"q_overall": posted, "q_comment": ["Chữ đã gõ"]})
    assert list(reading.errors) == ["q_overall"]
    assert reading.typed["q_overall"] == tuple(posted)
    assert reading.typed["q_comment"] == ("Chữ đã gõ",)


def test_an_unknown_field_is_an_error_unless_it_is_the_forms_own():
    posted = {"form": ["abc"], "q_c24": ["5"], "q_evil": ["1"], "q_c24_other": ["x"]}
    reading = read_answers(COUNTER, posted, ignore=["form"])
    assert reading.errors == {"q_evil": UNKNOWN_FIELD, "q_c24_other": UNKNOWN_FIELD}
    assert read_answers(COUNTER, {"q_c24": ["5"]}, shown=["overall"]).errors == {"q_c24": UNKNOWN_FIELD}


def test_a_skipped_question_was_not_shown_and_cannot_be_wrong():
    reading = read_answers(SKIP, {"q_visited": ["2"], "q_reason": ["1"], "q_papers": ["77"], "q_note": ["Tốt"]})
    assert reading.is_valid
    assert reading.skipped == {"reason", "papers"}
    assert reading.answers.codes == {"visited": (2,), "reason": (NOT_SHOWN,) * 2, "papers": (NOT_SHOWN,)}
    assert reading.answers.texts == {"note": "Tốt"}
    assert reading.typed["q_papers"] == ("77",)


def test_a_rule_looks_at_the_ticks_of_a_multiple_choice_and_at_earlier_pages():
    assert read_answers(SKIP, {"q_visited": ["1"], "q_reason": ["1", "2"]}).skipped == {"papers"}
    assert read_answers(SKIP, {"q_visited": ["1"], "q_reason": ["1"]}).skipped == frozenset()
    later = read_answers(SKIP, {"q_papers": ["3"]}, shown=["papers"], earlier={"visited": (2,)})
    assert later.answers.codes == {"papers": (NOT_SHOWN,)}


def test_a_skipped_question_skips_nothing_further():
    reading = read_answers(SKIP, {"q_visited": ["2"], "q_reason": ["2"]})
    assert reading.answers.codes["reason"] == (NOT_SHOWN, NOT_SHOWN)


@pytest.mark.parametrize(
    ("posted", "codes"),
    [
        ({"q_channels": ["1", "3"], "q_channels_other": ["Báo tường"]}, (TICKED, NOT_TICKED, TICKED)),
        ({"q_channels_other": ["Báo tường"]}, (NOT_TICKED, NOT_TICKED, TICKED)),
        ({"q_channels": ["1"], "q_channels_other": ["Báo tường"]}, (TICKED, NOT_TICKED, TICKED)),
        ({"q_channels": ["na"]}, (NOT_APPLICABLE,) * 3),
        ({"q_channels": ["2"]}, (NOT_TICKED, TICKED, NOT_TICKED)),
        ({"q_channels": [], "q_channels_other": ["  "]}, (BLANK,) * 3),
    ],
)
def test_multiple_choice_with_other(posted, codes):
    reading = read_answers(OTHER, posted, shown=["channels"])
    assert reading.is_valid
    assert reading.answers.codes == {"channels": codes}
    assert bool(reading.answers.other_texts) == ("Báo tường" in posted.get("q_channels_other", []))


def test_single_choice_with_other():
    assert read_answers(OTHER, {"q_job_other": ["Thợ"]}).answers.codes["job"] == (2,)
    reading = read_answers(OTHER, {"q_job": ["1"], "q_job_other": ["Thợ"]})
    assert "chưa chọn mục “khác”" in reading.errors["q_job"]
    assert reading.answers.other_texts == {}
    assert "chỉ chọn một" in read_answers(OTHER, {"q_job": ["1", "2"]}).errors["q_job"]
    assert "không áp dụng" in read_answers(OTHER, {"q_channels": ["na", "1"]}).errors["q_channels"]
    too_long = read_answers(OTHER, {"q_job": ["2"], "q_job_other": ["x" * (OTHER_TEXT_LENGTH + 1)]})
    assert "dài quá 1 ký tự" in too_long.errors["q_job_other"]


@pytest.mark.parametrize(
    ("field", "typed", "number"),
    [
        ("q_visits", "12", 12),
        ("q_visits", " 1.234 ", 1234),
        ("q_visits", "1\u00a0234", 1234),
        ("q_hours", "1,5", Decimal("1.5")),
        ("q_hours", "1.5", Decimal("1.5")),
        ("q_hours", "-2", -2),
        ("q_hours", "1.234,5", Decimal("1234.5")),
    ],
)
def test_numbers_as_people_write_them(field, typed, number):
    reading = read_answers(NUMBERS, {field: [typed]})
    assert reading.is_valid
    assert list(reading.answers.numbers.values()) == [number]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("q_visits", "-1"), ("q_visits", "10000"), ("q_visits", "1,5"), ("q_visits", "mười"), ("q_visits", "1e3"),
        ("q_visits", "NaN"), ("q_visits", "１２"), ("q_hours", "1,25"), ("q_hours", "9" * 40), ("q_visits", "0x10"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_told_and_kept(field, typed):
    reading = read_answers(NUMBERS, {field: [typed]})
    assert field in reading.errors
    assert reading.typed[field] == (typed,)
    assert reading.answers.numbers == {}


def test_lengths_are_in_composed_characters():
    decomposed = "e\u0302\u0301"
    reading = read_answers(COUNTER, {"q_comment": [decomposed * 2000]})
    assert reading.is_valid
    assert reading.answers.texts == {"comment": "ế" * 2000}
    over = read_answers(COUNTER, {"q_comment": ["ế" * 2001]})
    assert "dài quá 1 ký tự (tối đa 2000)" in over.errors["q_comment"]
    assert over.typed["q_comment"] == ("ế" * 2001,)


def test_a_megabyte_is_an_error_and_not_a_crash():
    reading = read_answers(COUNTER, {"q_comment": ["dài " * 262_144]})
    assert "Xin Ông/Bà rút ngắn" in reading.errors["q_comment"]
    assert len(reading.typed["q_comment"][0]) == 1_048_576


def test_control_characters_go_and_broken_ones_are_told():
    reading = read_answers(COUNTER, {"q_comment": ["Một\r\nhai\x00\x1b\u202eba\ufeff"]})
    assert reading.answers.texts == {"comment": "Một\nhaiba"}
    assert "ký tự bị hỏng" in read_answers(COUNTER, {"q_comment": ["h\ufffdm"]}).errors["q_comment"]
    assert "ký tự bị hỏng" in read_answers(COUNTER, {"q_comment": ["\ud800"]}).errors["q_comment"]
    assert "gửi lặp" in read_answers(COUNTER, {"q_comment": ["một", "hai"]}).errors["q_comment"]


def test_what_looks_like_personal_data_is_pointed_out_and_not_refused():
    reading = read_answers(COUNTER, {"q_comment": ["Gọi tôi 0912 345 678"]})
    assert reading.is_valid
    assert [hint.text for hint in reading.hints["q_comment"]] == ["0912 345 678"]
    assert "q_channels_other" in read_answers(OTHER, {"q_channels_other": ["a@b.vn"]}).hints


field_names = st.sampled_from([question.field for question in COUNTER.questions] + ["q_x", "", "form", "q_kind_other"])
values = st.lists(st.sampled_from(["", "1", "5", "6", "na", "Ông/Bà"]) | st.text(max_size=20), max_size=3)


@given(st.dictionaries(field_names, values, max_size=8))
def test_whatever_is_posted_gives_a_reading_that_packs(posted):
    reading = read_answers(COUNTER, posted)
    assert len(pack(COUNTER, reading.answers.codes)) == 18
    for name in posted:
        assert name in reading.typed or reading.errors.get(name[:80]) == UNKNOWN_FIELD
    for message in reading.errors.values():
        assert message.endswith(".")
