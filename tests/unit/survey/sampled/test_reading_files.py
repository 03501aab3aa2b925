"""Whole files as read: every fault of every row, the design, what is only warned about."""

import csv
import io
from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.files.answers import FileTable, read_answers
from app.survey import packing
from app.survey.sampled.clusters import ClusterFacts, Existing, Shape
from app.survey.sampled.design import Design, check_design
from app.survey.sampled.design_hints import design_dangers
from app.survey.sampled.faults import MOST_SHOWN, Faults
from app.survey.sampled.personal import without_personal_data
from app.survey.sampled.proposal import propose
from app.survey.sampled.reading import Reading, read_table
from app.survey.sampled.targets import ColumnMapping, mapping_problems, targets
from tests.support.sample_sets import sample

SET = sample("sampled_example_1")
HEAD = ("stt", "unit", "stratum", "psu", "weight", "N", "M", "q1", "q2")
GOOD = ("1", "U01", "A", "a1", "2", "5", "40", "4", "5")
COLUMNS = {"N": "first-population", "M": "second-population"}


def table_of(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> FileTable:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return read_answers(out.getvalue().encode(), "a.csv")


def outcome(
    table: FileTable,
    *,
    columns: Mapping[str, str] | None = None,
    nested: bool = False,
    is_census: bool = False,
    existing: Existing | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Faults, Design, Reading]:
    chosen = {**propose(table, SET).columns, **COLUMNS, **(columns or {})}
    mapping = ColumnMapping({name: key for name, key in chosen.items() if key}, values or {}, nested)
    faults = Faults(table.rows)
    reading = read_table(table, mapping, SET, {"U01": 7, "U02": 8}, 1, faults)
    return faults, check_design(reading, mapping, faults, is_census=is_census, existing=existing), reading


def test_a_right_file_is_read_whole() -> None:
    table = table_of(GOOD, ("2", "U02", "A", "a2", "3", "5", "30", "", "2"))
    faults, design, reading = outcome(table)
    assert (faults.total, design.problems, design.warnings) == (0, (), ())
    assert reading.unit_ids.tolist() == [7, 8]
    assert design.clusters == (("A", "a1"), ("A", "a2"))
    assert design.facts == (ClusterFacts(1, 5, 40), ClusterFacts(1, 5, 30))
    where = packing.columns(SET)
    assert reading.answers[:, where["c01"].start].tolist() == [4, 255]
    assert reading.answers[:, where["c03"].start].tolist() == [0, 0]  # not asked
    assert packing.unpack(SET, reading.answers[0].tobytes())["c02"] == (5,)


def test_all_faults_of_a_row_are_told_together() -> None:
    bad = ("1", "X9", "A", "a1", "-2", "0", "", "7", "rất tốt")
    faults, _, _ = outcome(table_of(GOOD, bad))
    found = [(error.row, error.column) for error in faults.first()]
    assert faults.total == len(found) == 7
    assert {row for row, _ in found} == {3}
    assert {column for _, column in found} == {"unit", "weight", "N", "M", "q1", "q2", "stt"}
    assert faults.wrong_rows == 1
    said = {error.column: error.message for error in faults.first()}
    assert "X9" in said["unit"]
    assert "không lớn hơn 0" in said["weight"]
    assert "“7” không thuộc các mức 1" in said["q1"]
    assert "đã có ở dòng 2" in said["stt"]


def test_only_so_many_faults_are_kept_but_all_are_counted() -> None:
    rows = [(str(number), "U01", "A", "a1", "0", "5", "4000", "8", "9") for number in range(1, 1001)]
    faults, _, _ = outcome(table_of(*rows))
    shown = faults.first()
    assert faults.total == 3000
    assert len(shown) == MOST_SHOWN
    assert [error.row for error in shown] == sorted(error.row for error in shown)
    assert [error.row for error in shown[:3]] == [2, 2, 2]


def test_a_cluster_lies_in_one_stratum() -> None:
    table = table_of(GOOD, ("2", "U01", "B", "a1", "2", "5", "40", "4", "5"))
    faults, _, _ = outcome(table)
    assert [(error.row, error.column) for error in faults.first()] == [(3, "psu")]
    assert "thuộc tầng “B” nhưng ở dòng khác thuộc tầng “A”" in faults.first()[0].message
    assert outcome(table, nested=True)[0].total == 0


@pytest.mark.parametrize(
    ("second", "column", "words"),
    [
        (("2", "U01", "A", "a2", "2", "6", "40", "4", "5"), "N", "Tầng “A” có tổng thể 5 ở dòng khác"),
        (("2", "U01", "A", "a1", "2", "5", "41", "4", "5"), "M", "Cụm “a1” có tổng thể 40 ở dòng khác"),
        (("2", "U01", "B", "b1", "2", "1", "1", "4", "5"), None, ""),
    ],
)
def test_counts_of_a_population_agree(second: tuple[str, ...], column: str | None, words: str) -> None:
    faults, _, _ = outcome(table_of(GOOD, second))
    assert [error.column for error in faults.first()] == ([column] if column else [])
    assert all(words in error.message for error in faults.first())


def test_no_sample_is_larger_than_its_population() -> None:
    rows = [(str(number), "U01", "A", f"a{number}", "2", "2", "40", "4", "5") for number in range(1, 4)]
    faults, _, _ = outcome(table_of(*rows))
    assert [error.column for error in faults.first()] == ["N"]
    assert "có 3 trong mẫu, nhiều hơn tổng thể 2 (n > N)" in faults.first()[0].message
    rows = [(str(number), "U01", "A", "a1", "2", "2", "2", "4", "5") for number in range(1, 4)]
    faults, _, _ = outcome(table_of(*rows))
    assert [error.column for error in faults.first()] == ["M"]


def test_weights_follow_from_the_populations_or_are_asked_for() -> None:
    rows = (GOOD, ("2", "U02", "A", "a1", "3", "5", "40", "", "5"), ("3", "U02", "A", "a2", "3", "5", "30", "4", "5"))
    _, design, _ = outcome(table_of(*rows), columns={"weight": ""})
    assert [design.weights[place] for place in design.weight.tolist()] == [50, 50, 75]  # 5/2 · 40/2, 5/2 · 30
    _, design, _ = outcome(table_of(*rows), columns={"weight": "", "M": ""})
    assert "Chưa có trọng số" in design.problems[0]
    _, design, _ = outcome(table_of(*rows), columns={"weight": ""}, is_census=True)
    assert design.weights == (1,)


def test_a_census_that_is_not_whole_is_warned_about() -> None:
    columns = {"psu": "", "M": "", "weight": ""}
    _, design, _ = outcome(table_of(GOOD), columns=columns, is_census=True)
    assert "n ≠ N" in design.warnings[0]
    whole = ("1", "U01", "A", "", "", "1", "", "4", "5")
    _, design, _ = outcome(table_of(whole), columns=columns, is_census=True)
    assert design.warnings == ()
    _, design, _ = outcome(table_of(GOOD), columns={**columns, "N": ""}, is_census=True)
    assert "không có số tổng thể" in design.warnings[0]


def test_what_is_added_has_the_shape_and_the_counts_of_what_is_there() -> None:
    there = Existing(Shape(True, True, 2), {("A", "a1"): ClusterFacts(39, 5, 40), ("B", "b9"): ClusterFacts(1, 1, 9)})
    faults, design, _ = outcome(table_of(GOOD), existing=there)
    assert (faults.total, design.problems) == (0, ())
    again = ("2", "U01", "A", "a1", "2", "5", "40", "4", "5")
    faults, _, _ = outcome(table_of(GOOD, again), existing=there)
    assert [error.column for error in faults.first()] == ["M"]  # 41 of 40
    faults, _, _ = outcome(table_of(("1", "U01", "A", "b9", "2", "5", "9", "4", "5")), existing=there)
    assert [error.column for error in faults.first()] == ["psu"]
    _, design, _ = outcome(table_of(GOOD), existing=there, columns={"M": ""})
    assert "tổng thể bậc 2" in design.problems[0]


def test_forms_without_any_answer_are_pointed_out() -> None:
    _, design, _ = outcome(table_of(GOOD, ("2", "U01", "A", "a2", "2", "5", "40", "", "")))
    assert ["1 phiếu không có câu trả lời nào" in text for text in design.warnings] == [True]


def test_equal_rows_without_a_number_are_pointed_out() -> None:
    _, design, _ = outcome(table_of(GOOD, GOOD), columns={"stt": ""})
    assert any("giống hệt" in text for text in design.warnings)
    assert any("chỉ có một cụm" in text for text in design.warnings)


def test_choices_of_columns_that_cannot_be_meant() -> None:
    known = targets(SET)

    def problems(nested: bool = False, **columns: str) -> str:
        return " ".join(mapping_problems(ColumnMapping(columns, {}, nested), known))

    assert "ít nhất một câu hỏi" in problems(a="unit")
    assert "2 cột" in problems(a="q:c01", b="q:c01")
    assert "chưa chọn cột cụm" in problems(a="q:c01", b="second-population")
    assert "tổng thể bậc 1" in problems(a="q:c01", b="psu", c="second-population")
    assert "cột tầng và cột cụm" in problems(nested=True, a="q:c01")
    assert problems(a="q:c01") == ""


def test_columns_of_personal_data_are_dropped_by_heading_and_by_content() -> None:
    head = ("Họ và tên", "SĐT", "ghi chú", "q1", "Ông/Bà có được báo kết quả qua điện thoại hay thư điện tử không?")
    table = table_of(("Nguyễn Thị Lan", "0912345678", "gọi 0912 345 678 nhé", "5", "4"), head=head)
    kept, dropped = without_personal_data(table)
    assert dropped == ("Họ và tên", "SĐT", "ghi chú")
    assert [column.name for column in kept.columns] == [*head[3:]]


def test_proposals_come_from_names_numbers_labels_and_order() -> None:
    head = ("Mã đơn vị", "Trọng số", "Câu 7", "c08", "Giới tính", "Nơi ngồi chờ có đủ chỗ ngồi", "màu sắc")
    found = propose(table_of(("U01", "1", "4", "4", "Nữ", "4", "đỏ"), head=head), SET).columns
    assert found == {
        "Mã đơn vị": "unit",
        "Trọng số": "weight",
        "Câu 7": "q:c07",
        "c08": "q:c08",
        "Giới tính": "q:sex",
        "Nơi ngồi chờ có đủ chỗ ngồi": "q:c01",
    }


def test_equal_faults_are_told_once_so_that_a_rare_one_is_seen() -> None:
    rows = [(str(number), "U01", "A", "a1", "2", "5", "4000", "8", "5") for number in range(1, 1001)]
    rows[700] = (*rows[700][:7], "x", "5")
    faults, _, _ = outcome(table_of(*rows))
    common, rare = faults.groups()
    assert (common.column, common.cells, common.rows) == ("q1", 999, (2, 3, 4, 5, 6))
    assert "“8” không thuộc các mức" in common.message
    assert (rare.column, rare.cells, rare.rows) == ("q1", 1, (702,))


def test_a_column_of_nonsense_leaves_room_for_the_faults_of_others() -> None:
    rows = [(f"{number % 500}", f"X{number}", "A", "a1", f"a{number}", "5", "4000", "8", "5") for number in range(1000)]
    faults, _, _ = outcome(table_of(*rows))
    groups = faults.groups()
    assert len(groups) <= MOST_SHOWN
    assert {group.column for group in groups} == {"unit", "weight", "q1", "stt"}


def test_columns_of_the_design_are_proposed_where_they_mean_something() -> None:
    def proposed(*head: str) -> dict[str, str]:
        cells = tuple("1" for _ in head)
        found = propose(table_of(("4", *cells), head=("c01", *head)), SET).columns
        return {name: key for name, key in found.items() if name != "c01"}

    assert proposed("Xã", "Thôn", "Tổng số thôn", "fpc2") == {
        "Xã": "stratum", "Thôn": "psu", "Tổng số thôn": "first-population", "fpc2": "second-population",
    }  # fmt: skip
    assert proposed("Xã") == {}  # stratum or cluster: only whoever drew the sample knows
    assert proposed("Tầng", "Xã", "Tổ") == {"Tầng": "stratum", "Tổ": "psu"}
    assert proposed("fpc2") == {}


def test_forgotten_parts_of_the_design_are_found() -> None:
    head = ("c01", "noi", "hang", "tuoi")
    rows = [("4", f"H{number % 4}", str(10 + number % 4), str(20 + number)) for number in range(40)]
    table = table_of(*rows, head=head)
    (said,) = design_dangers(table, ColumnMapping({"c01": "q:c01"}), [Fraction(1)])
    assert "“noi”, “hang” giống" in said
    assert "quá hẹp và sai" in said
    whole = ColumnMapping({"c01": "q:c01", "noi": "psu", "hang": "stratum"})
    assert list(design_dangers(table, whole, [Fraction(1), Fraction(2)])) == []


@pytest.mark.parametrize(("psu", "words"), [("psu", "Khoảng tin cậy không đổi"), ("", "nếu đã hỏi phần lớn tổng thể")])
def test_without_counts_the_warning_says_what_results_do(psu: str, words: str) -> None:
    _, design, _ = outcome(table_of(GOOD), columns={"N": "", "M": "", "psu": psu})
    assert any(words in text for text in design.warnings)
