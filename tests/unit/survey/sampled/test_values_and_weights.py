"""What single values mean: levels, words, missing codes, weights, counts."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.files.answers import FileColumn
from app.survey.sampled.cells import read_count, weight_reader
from app.survey.sampled.reading import automatic_readings
from app.survey.sampled.rows import weights_of
from app.survey.sampled.values import ValueGroup, group_key, group_of, read_value
from app.survey.sampled.weights import LARGEST, WeightsTooWide, digits_for, in_units
from tests.support.sample_sets import sample

SET = sample("sampled_example_1")
LEVELS = group_of(list(SET.criteria))
AGES = group_of([SET.question("age")])


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("", "blank"),
        ("4", "4"),
        ("4.0", "4"),
        ("Rất hài lòng", "5"),
        ("RẤT HÀI LÒNG", "5"),
        ("rat khong hai long", "1"),
        ("5 - Rất hài lòng", "5"),
        ("Hài lòng (4)", "4"),
        ("Very satisfied", "5"),
        ("99", "blank"),
        ("Không trả lời", "blank"),
        ("Không áp dụng", "na"),
        ("0", None),
        ("6", None),
        ("9", None),
        ("4.5", None),
        ("hơi hài lòng", None),
    ],
)
def test_values_of_a_scale(text: str, reading: str | None) -> None:
    assert read_value(text, LEVELS) == reading


def test_labels_outrank_numbers() -> None:
    assert read_value("1", LEVELS, "Rất hài lòng") == "5"
    assert read_value("9", LEVELS, is_missing=True) == "blank"
    assert read_value("3", LEVELS, "Ý khác") is None  # the file says something we do not understand
    assert read_value("55+", AGES) == "3"


def test_a_scale_counted_from_the_other_end_is_not_half_turned() -> None:
    column = FileColumn("q1", (), value_labels={"1": "Rất hài lòng", "5": "Rất không hài lòng"})
    assert automatic_readings(column, ("1", "2", "5", ""), LEVELS) == {"1": "5", "2": None, "5": "1", "": "blank"}
    straight = FileColumn("q1", (), value_labels={"1": "Rất không hài lòng", "5": "Rất hài lòng"})
    assert automatic_readings(straight, ("1", "2"), LEVELS) == {"1": "1", "2": "2"}


def test_ticks_of_a_multiple_choice() -> None:
    ticks = ValueGroup("ticks", "", (), allows_na=False, is_tick=True)
    assert [read_value(text, ticks) for text in ("1", "0", "x", "Có", "không", "", "7")] == [
        "2", "1", "2", "2", "1", "blank", None,
    ]  # fmt: skip
    assert group_key(SET.question("c01")) == group_key(SET.question("c22"))


@pytest.mark.parametrize(("text", "count"), [("76", 76), ("1.250", 1250), ("12.345.678", 12345678), ("76.0", 76)])
def test_counts(text: str, count: int) -> None:
    assert read_count(text) == count


def test_a_point_groups_thousands_only_where_files_are_text() -> None:
    with pytest.raises(Invalid):
        read_count("1.250", is_grouped=False)


@pytest.mark.parametrize("text", ["", "0", "-5", "7,5", "7.25", "nhiều", "9" * 30, "1e3", "٣"])
def test_counts_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        read_count(text)


def test_weights_as_people_write_them() -> None:
    assert weight_reader(["57.5"])("57.5") == Fraction(115, 2)
    assert weight_reader(["57,5"])("57,5") == Fraction(115, 2)
    assert weight_reader(["1.250,5", "1.250"])("1.250") == 1250  # a comma elsewhere in the column: points group
    assert weight_reader(["1.250"])("1.250") == Fraction(5, 4)
    assert weight_reader(["1e-05"])("1e-05") == Fraction(1, 100000)
    for text in ("", "0", "-3", "abc", "1e99", "nan", "inf", "1" * 16):
        with pytest.raises(Invalid):
            weight_reader([text])(text)


def test_decimal_weights_are_kept_to_the_last_digit() -> None:
    weights = [Fraction("57.5"), Fraction("0.001"), Fraction(12)]
    assert digits_for(weights) == 3
    assert [in_units(one, 3) for one in weights] == [57500, 1, 12000]


def test_weights_without_a_last_digit_are_kept_to_one_part_in_ten_thousand_million() -> None:
    weights = [Fraction(1, 3), Fraction(2000, 7)]
    digits = digits_for(weights)
    for one in weights:
        assert abs(Fraction(in_units(one, digits), 10**digits) / one - 1) <= Fraction(1, 10**10)
    with pytest.raises(WeightsTooWide):
        digits_for([Fraction(1, 3 * 10**9), Fraction(10**9)])


@settings(max_examples=60)
@given(st.lists(st.decimals("0.01", "99999", places=4), min_size=1, max_size=20))
def test_stored_weights_are_the_numbers_of_the_file(written: list) -> None:
    weights = [Fraction(one) for one in written]
    digits = digits_for(weights)
    units = np.array([in_units(one, digits) for one in weights], dtype=np.int64)
    assert units.max() < LARGEST
    assert weights_of(units, digits).tolist() == [float(one) for one in written]
