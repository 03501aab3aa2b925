"""Imports: every fault is named with its row and column, and good tables come through whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.sheets import BadTable
from app.files.tables import read_sheet
from app.units.imports import COLUMNS, ImportKind, Known, Parsed, parse_records, records_of
from app.units.spans import Span
from app.units.successions import SuccessionKind
from app.units.tree import Link, Node
from app.units.types import Level

TODAY = date(2026, 11, 21)
START = date(2025, 7, 1)
OLD = date(2020, 1, 1)
PROVINCE, DISTRICT, WARD = ("22", OLD), ("193", OLD), ("06650", START)
KNOWN = Known(
    units={
        PROVINCE: Node(PROVINCE, "province", Span(OLD, None)),
        DISTRICT: Node(DISTRICT, "town", Span(OLD, date(2025, 6, 30)), (Link(PROVINCE, Span(OLD, date(2025, 6, 30))),)),
        WARD: Node(WARD, "ward", Span(START, None), (Link(PROVINCE, Span(START, None)),)),
    },
    counters=frozenset({(WARD, "1")}),
    procedures=frozenset({"1.001"}),
)
HEADINGS = {kind: ";;".join(column.title for column in columns) for kind, columns in COLUMNS.items()}


def parse(kind: ImportKind, *lines: str) -> Parsed:
    """Cells are separated by | here; rows begin at sheet row 2."""
    text = "\n".join([HEADINGS[kind].replace(";;", "|"), *lines])
    return parse_records(records_of(read_sheet(text.encode(), "x.csv"), kind), kind, KNOWN, TODAY)


def units(*lines: str) -> Parsed:
    return parse(ImportKind.UNITS, *lines)


def errors(parsed: Parsed) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.message) for error in parsed.errors]


def test_good_units_in_any_order() -> None:
    parsed = units(
        "q1|Điểm tiếp nhận Cẩm Phả|Điểm tiếp nhận hồ sơ|tt|01/08/2025||",
        "tt|Trung tâm PVHCC phường|Trung tâm phục vụ hành chính công cấp xã|06650|1/7/2025||",
        "so-nv|Sở Nội vụ|Sở|22|2025-07-01||",
    )
    assert parsed.errors == ()
    found = {plan.key[0]: plan for plan in parsed.units}
    assert found["q1"].parents == (("tt", START),)
    assert found["tt"].node.type == "communal_service_centre"
    assert found["so-nv"].rows[0].span == Span(START, None)


def test_rows_that_follow_each_other_are_one_unit() -> None:
    parsed = units(
        "06651|Phường B|Phường|22|01/01/2026|",
        "06651|Phường A|Phường|22|01/07/2025|31/12/2025",
        "07000|Phường cũ|Phường|193|01/01/2020|30/06/2025|06651|Hợp nhất",
    )
    assert parsed.errors == ()
    plan = next(plan for plan in parsed.units if plan.key[0] == "06651")
    assert [row.name for row in plan.rows] == ["Phường A", "Phường B"]
    old = next(plan for plan in parsed.units if plan.key[0] == "07000")
    assert [(item.new, item.on, item.kind) for item in old.successions] == [
        (("06651", START), START, SuccessionKind.MERGE)
    ]


def test_a_code_may_be_given_again_after_its_unit_ended() -> None:
    parsed = units("193|Phường Mới|Phường|22|01/07/2025|")
    assert parsed.errors == ()
    parsed = units("a|Cũ|Phường|193|01/01/2020|30/06/2025|a|", "a|Mới|Phường|22|01/07/2025|")
    assert parsed.errors == ()
    assert [plan.key for plan in parsed.units] == [("a", OLD), ("a", START)]
    assert parsed.units[0].successions[0].new == ("a", START)


UNIT_FAULTS = [
    ("|Tên|Phường|22|01/07/2025|", "Mã đơn vị", "đang để trống"),
    ("a||Phường|22|01/07/2025|", "Tên đơn vị", "đang để trống"),
    ("a|Tên||22|01/07/2025|", "Loại đơn vị", "đang để trống"),
    ("a|Tên|Phường|22||", "Ngày bắt đầu", "đang để trống"),
    ("đ|Tên|Phường|22|01/07/2025|", "Mã đơn vị", "chữ không dấu"),
    (f"{'9' * 41}|Tên|Phường|22|01/07/2025|", "Mã đơn vị", "dài hơn 40"),
    (f"a|{'Ê' * 301}|Phường|22|01/07/2025|", "Tên đơn vị", "dài 301 ký tự"),
    ("a|Tên|Phủ|22|01/07/2025|", "Loại đơn vị", "Không có loại đơn vị “Phủ”"),
    ("a|Tên|Phường|22|31/02/2026|", "Ngày bắt đầu", "Không có ngày 31/02/2026"),
    ("a|Tên|Phường|22|07-2025|", "Ngày bắt đầu", "không đúng dạng ngày/tháng/năm"),
    ("a|Tên|Phường|22|01/07/0225|", "Ngày bắt đầu", "Năm 225 nằm ngoài"),
    ("a|Tên|Phường|22|01/07/2026|01/07/2025", "Ngày kết thúc", "đứng trước ngày bắt đầu"),
    ("a|Tên|Phường|99|01/07/2025|", "Mã đơn vị cấp trên", "mang mã 99"),
    ("a|Tên|Phường||01/07/2025|", "Mã đơn vị cấp trên", "phải có đơn vị cấp trên"),
    ("a|Tên|Phường|06650|01/07/2025|", "Loại đơn vị", "không được trực thuộc loại “Phường”"),
    ("a|Tên|Phường|193|01/07/2025|", "Mã đơn vị cấp trên", "193 không hoạt động"),
    ("a|Tên|Huyện|22|01/07/2025|", "Loại đơn vị", "không tồn tại trong toàn bộ thời gian"),
    ("06650|Tên|Phường|22|01/07/2026|", "Mã đơn vị", "đã có trong hệ thống"),
    ("a|Tên|Cơ quan ngành dọc|a|01/07/2025|", "Mã đơn vị cấp trên", "vòng lặp"),
    ("a|Tên|Phường|193|01/01/2020|30/06/2025|a|", "Mã đơn vị kế thừa", "chính nó"),
    ("a|Tên|Phường|193|01/01/2020|30/06/2025|x1|", "Mã đơn vị kế thừa", "mang mã x1"),
    ("a|Tên|Phường|22|01/07/2025||06650|", "Mã đơn vị kế thừa", "phải có ngày kết thúc"),
    ("a|Tên|Phường|193|01/01/2020|30/06/2025|06650|Chia tách", "Mã đơn vị kế thừa", "ít nhất hai"),
    ("a|Tên|Phường|193|01/01/2020|30/06/2025|06650;22|Hợp nhất", "Mã đơn vị kế thừa", "đúng một"),
    ("a|Tên|Phường|193|01/01/2020|30/06/2025|06650|Cho mượn", "Hình thức kế thừa", "Không có hình thức"),
    ("a|Tên|Phường|193|01/01/2020|30/06/2025|193|", "Mã đơn vị kế thừa", "chưa hoạt động hoặc đã kết thúc"),
]


@pytest.mark.parametrize(("line", "column", "message"), UNIT_FAULTS)
def test_each_fault_of_a_unit_is_named_at_its_cell(line: str, column: str, message: str) -> None:
    parsed = units("ok|Sở Tài chính|Sở|22|01/07/2025|", line)
    assert [(row, title) for row, title, _ in errors(parsed)] == [(3, column)]
    assert message in parsed.errors[0].message


def test_all_faults_come_at_once() -> None:
    lines = [line for line, *_ in UNIT_FAULTS]
    parsed = units(*lines)
    assert {error.row for error in parsed.errors} >= set(range(2, 15))
    assert [error.row for error in parsed.errors] == sorted(error.row for error in parsed.errors)


def test_duplicates_overlaps_and_cycles_between_rows() -> None:
    parsed = units(
        "a|A|Phường|22|01/07/2025|",
        "a|A|Phường|22|01/07/2025|",
        "b|B|Phường|22|01/07/2025|31/12/2025",
        "b|B2|Phường|22|31/12/2025|",
        "c|C|Cơ quan ngành dọc|d|01/07/2025|",
        "d|D|Cơ quan ngành dọc|c|01/07/2025|",
    )
    found = errors(parsed)
    assert (3, "Mã đơn vị", "Mã a trùng với dòng 2.") in found
    assert (5, "Ngày bắt đầu", "Thời gian của mã b chồng lên thời gian ở dòng 4.") in found
    assert [row for row, _, message in found if "vòng lặp" in message] == [6, 7]
    assert len(found) == 4


def test_good_counters() -> None:
    parsed = parse(
        ImportKind.COUNTERS,
        "06650|2|Quầy Hộ tịch|Hộ tịch; Chứng thực;Hộ tịch|07:30-11:30; 13:30-17:00||",
        "06650|3|Quầy Đất đai|||01/08/2025|31/12/2026",
    )
    assert parsed.errors == ()
    first, second = parsed.counters
    assert first.fields == ("Hộ tịch", "Chứng thực")
    assert first.opening_hours["5"] == [["07:30", "11:30"], ["13:30", "17:00"]]
    assert first.span == Span(TODAY, None)
    assert (second.opening_hours, second.span) == ({}, Span(date(2025, 8, 1), date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("99|2|Quầy||||", "Mã đơn vị", "chưa có trong hệ thống"),
        ("193|2|Quầy||||", "Mã đơn vị", "không hoạt động"),
        ("06650|1|Quầy||||", "Số quầy", "đã có quầy số 1"),
        ("06650|7|Quầy||||", "Số quầy", "trùng với dòng 2"),
        ("06650|2|||||", "Tên quầy", "để trống"),
        ("06650|2|Quầy||sáng||", "Giờ làm việc", "Không hiểu giờ"),
        (f"06650|2|Quầy|{'x' * 301}|||", "Lĩnh vực", "301 ký tự"),
    ],
)
def test_each_fault_of_a_counter_is_named_at_its_cell(line: str, column: str, message: str) -> None:
    parsed = parse(ImportKind.COUNTERS, "06650|7|Quầy 7||||", line)
    assert [(row, title) for row, title, _ in errors(parsed)] == [(3, column)]
    assert message in parsed.errors[0].message


def test_good_procedures() -> None:
    parsed = parse(ImportKind.PROCEDURES, "2.000635.000.00.00.H49|Cấp bản sao trích lục hộ tịch|Hộ tịch|Cấp Xã")
    assert parsed.errors == ()
    assert parsed.procedures[0].level is Level.COMMUNE


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("1.001|Tên|Hộ tịch|Xã", "Mã thủ tục", "đã có trong hệ thống"),
        ("1.002|Tên|Hộ tịch|Xã", "Mã thủ tục", "trùng với dòng 2"),
        ("1.003|Tên|Hộ tịch|Thôn", "Cấp thực hiện", "Trung ương, Tỉnh, Huyện, Xã"),
        ("1.003|Tên||Xã", "Lĩnh vực", "để trống"),
    ],
)
def test_each_fault_of_a_procedure_is_named_at_its_cell(line: str, column: str, message: str) -> None:
    parsed = parse(ImportKind.PROCEDURES, "1.002|Tên|Hộ tịch|Tỉnh", line)
    assert [(row, title) for row, title, _ in errors(parsed)] == [(3, column)]
    assert message in parsed.errors[0].message


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadTable, match="Thiếu cột “Loại đơn vị”"):
        records_of(read_sheet("Mã đơn vị,Tên đơn vị,Ngày bắt đầu\n1,2,3\n".encode(), "x.csv"), ImportKind.UNITS)


CELL = st.one_of(
    st.sampled_from(["", "a", "b", "22", "06650", "Phường", "Sở", "01/07/2025", "30/06/2025", "Cơ quan ngành dọc"]),
    st.text(st.characters(exclude_characters='|"', exclude_categories=["C", "Z"]), max_size=5),
)


@given(st.sampled_from(ImportKind), st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=6))
def test_any_cells_give_rows_or_errors(kind: ImportKind, rows: list[list[str]]) -> None:
    try:
        parsed = parse(kind, *("|".join(["z", *row[1:]]) for row in rows))
    except BadTable:
        return
    titles = {column.title for column in COLUMNS[kind]}
    assert {error.column for error in parsed.errors} <= titles
    assert parsed.errors or parsed.count


def test_a_row_tells_everything_that_is_wrong_with_it_at_once() -> None:
    parsed = units("x1||Không có loại này|99999|32/13/2025||88888|")
    assert {column for _, column, _ in errors(parsed)} == {
        "Tên đơn vị",
        "Loại đơn vị",
        "Mã đơn vị cấp trên",
        "Ngày bắt đầu",
        "Mã đơn vị kế thừa",
    }
