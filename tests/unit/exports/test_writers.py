"""D1: nothing in a file is a formula; cells are typed; the digits are those of the page."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.exports.definitions import SIMULATED_MARK, Column, FileFormat, Kind, Row, Table
from app.exports.digits import full_percent
from app.exports.safe_text import BEGINNING, cell_text, csv_text
from app.exports.services import MOST_XLSX_ROWS, check_size, make_file
from app.exports.writers import csv as csv_writer
from app.exports.writers import json_text
from app.exports.writers import xlsx as xlsx_writer
from app.i18n.formats import format_decimal, format_percent_number

FORMULAS = [
    "=1+1",
    "+84912345678",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    '"=1+1"',
    "'=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1+1",
    "﹢1",
    "﹣1",
    "−1",
    "\x00=1+1",
    "\x1b=cmd|'/C calc'!A0",
    '=HYPERLINK("http://x.example","bấm")',
    "=cmd|'/C calc'!A0",
]
TRICKS = ["tốt;=1+1", "tốt, =1+1", 'tốt";"=1+1', "tốt\n=1+1", "tốt\t@A1", "tốt|＝1", "tốt;\u200b-1"]
HARMLESS = ["Hài lòng", "c24 – chờ lâu", "a+b=c", "1-2", "x@y.vn", "", "(-1)", "Quầy 1 – Hộ tịch", "e-mail"]
COLUMNS = (
    Column("name", "Tên"),
    Column("share", "Chỉ số (%)", Kind.PERCENT, 1),
    Column("n", "n", Kind.WHOLE),
    Column("mean", "Điểm", Kind.DECIMAL, 2),
    Column("day", "Ngày", Kind.DATE),
    Column("level", "Mức", Kind.CODE),
)
ROWS: list[Row] = [
    ["Phường Hồng Gai", 0.8445, 36525, 4.345, date(2026, 11, 20), 5],
    ["Phường Bãi Cháy", None, 0, None, None, "không áp dụng"],
]


def table(rows: Iterable[Row] = tuple(ROWS), columns: tuple[Column, ...] = COLUMNS) -> Table:
    return Table("Kết quả", columns, rows, (("Công thức", "TOP2"), ("=1+1", "+2")))


def texts(cells: list[str]) -> Table:
    return table([[cell] for cell in cells], (Column("text", cells[0]),))


def csv_bytes(content: Table) -> bytes:
    return b"".join(csv_writer.write(content))


def read_csv(content: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(content).decode("utf-8-sig"), newline="")))


def read_xlsx(content: Table, rows_per_sheet: int = xlsx_writer.ROWS_PER_SHEET) -> openpyxl.Workbook:
    file = io.BytesIO()
    xlsx_writer.write(content, file, rows_per_sheet=rows_per_sheet)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_csv_cell_or_heading_is_a_formula(text: str) -> None:
    heading, cell = read_csv(texts([text]))
    assert heading[0].startswith("'")
    assert cell[0].startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_xlsx_cell_or_heading_is_a_formula(text: str) -> None:
    sheet = read_xlsx(texts([text]))["Số liệu"]
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("text", TRICKS)
def test_no_other_separator_makes_a_formula_of_a_csv(text: str, separator: str) -> None:
    lines = csv_bytes(texts([text])).decode("utf-8-sig").splitlines()
    pieces = [piece for line in lines for piece in line.split(separator)]
    assert [piece for piece in pieces if BEGINNING.match(piece) and not piece.lstrip(' "\u200b').startswith("'")] == []


@given(st.text())
def test_no_text_at_all_begins_like_a_formula(text: str) -> None:
    for safe in (cell_text(text), csv_text(text)):
        assert safe[:1] not in {*"=+-@\t\r\n＝＋－＠"}


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert csv_text(text) == cell_text(text) == text


def test_numbers_below_zero_are_numbers() -> None:
    content = table([[-5]], (Column("change", "Thay đổi", Kind.WHOLE),))
    assert read_csv(content)[1] == ["-5"]
    assert read_xlsx(content)["Số liệu"]["A2"].value == -5


def test_csv_has_mark_commas_points_iso_days_and_line_ends_of_the_standard() -> None:
    assert (
        csv_bytes(table())
        == (
            "\ufeffTên,Chỉ số (%),n,Điểm,Ngày,Mức\r\n"
            "Phường Hồng Gai,84.5,36525,4.35,2026-11-20,5\r\n"
            "Phường Bãi Cháy,,0,,,không áp dụng\r\n"
        ).encode()
    )


def test_csv_keeps_quotes_separators_and_lines_in_their_cell() -> None:
    text = 'Ông nói: "chờ lâu", rồi\nvề'
    assert read_csv(texts([text]))[1] == [text]


def test_xlsx_cells_are_typed_with_vietnamese_formats() -> None:
    sheet = read_xlsx(table())["Số liệu"]
    first = [sheet.cell(2, place) for place in range(1, 7)]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "n", "d", "n"]
    assert first[1].value == pytest.approx(84.45)
    assert first[4].value.date() == date(2026, 11, 20)
    assert [cell.number_format for cell in first[1:]] == [
        "[$-42A]#,##0.0",
        "[$-42A]#,##0",
        "[$-42A]#,##0.00",
        "[$-42A]dd/mm/yyyy",
        "General",
    ]
    assert [cell.value for cell in sheet[3]] == ["Phường Bãi Cháy", None, 0, None, None, "không áp dụng"]


def test_xlsx_heading_is_frozen_and_filtered_and_notes_have_their_sheet() -> None:
    book = read_xlsx(table())
    assert book.sheetnames == ["Số liệu", "Ghi chú"]
    assert book["Số liệu"].freeze_panes == "A2"
    assert book["Số liệu"].auto_filter.ref == "A1:F3"
    assert [[cell.value for cell in row] for row in book["Ghi chú"]] == [["Công thức", "TOP2"], ["'=1+1", "'+2"]]


def test_xlsx_goes_on_in_a_further_sheet() -> None:
    book = read_xlsx(table([[f"dòng {n}"] for n in range(5)], COLUMNS[:1]), rows_per_sheet=2)
    assert book.sheetnames == ["Số liệu", "Số liệu 2", "Số liệu 3", "Ghi chú"]
    found = [row[0].value for name in book.sheetnames[:3] for row in book[name].iter_rows(min_row=2)]
    assert found == [f"dòng {n}" for n in range(5)]
    assert {book[name]["A1"].value for name in book.sheetnames[:3]} == {"Tên"}


def test_empty_table_has_its_heading() -> None:
    assert read_csv(table([])) == [[column.title for column in COLUMNS]]
    assert [cell.value for cell in read_xlsx(table([]))["Số liệu"][1]] == [column.title for column in COLUMNS]


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>thay</t></r>",
        "<r></r>",
        "<b>&amp;</b>",
        "_x0041_",
        "a\x01b",
        "https://x.example",
        "internal:A1",
        "{=1}",
        "x" * 32767,
    ],
)
def test_xlsx_takes_no_text_for_anything_else(text: str) -> None:
    cell = read_xlsx(texts(["Nội dung", text]))["Số liệu"]["A3"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert openpyxl.utils.escape.unescape(cell.value).lstrip("'") == text.replace("\x01", "")


def test_text_that_excel_cannot_hold_is_cut_visibly() -> None:
    cell = read_xlsx(texts(["Nội dung", "x" * 40_000]))["Số liệu"]["A3"]
    assert len(cell.value) == 32767
    assert cell.value.endswith("…")


@given(st.floats(0, 1))
def test_every_file_shows_the_digits_of_the_page(share: float) -> None:
    page = format_percent_number(share, places=1)
    content = table([[share]], (Column("share", "%", Kind.PERCENT, 1),))
    assert read_csv(content)[1] == [page.replace(",", ".")]
    # A spreadsheet keeps fifteen digits and rounds half up.
    kept = Decimal(f"{full_percent(share, 1):.15g}")
    assert format_decimal(kept, places=1) == page


def test_json_has_fractions_in_full_precision() -> None:
    found = json.loads(json_text.write(table()))
    assert found["rows"][0] == {
        "name": "Phường Hồng Gai",
        "share": 0.8445,
        "n": 36525,
        "mean": 4.345,
        "day": "2026-11-20",
        "level": 5,
    }
    assert found["notes"][0] == {"heading": "Công thức", "text": "TOP2"}


@pytest.mark.parametrize("file_format", FileFormat)
def test_simulated_data_say_so_in_every_row_and_in_the_notes(file_format: FileFormat) -> None:
    made = make_file(table(), file_format, simulated=True)
    with made.file as file:
        content = file.read()
    assert made.rows == 2
    assert made.size == len(content)
    if file_format is FileFormat.CSV:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    elif file_format is FileFormat.JSON:
        told = json.loads(content)
        rows = [[column["title"] for column in told["columns"]], *(list(row.values()) for row in told["rows"])]
        assert SIMULATED_MARK in told["notes"][0]["text"]
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        rows = [[cell.value for cell in row] for row in book["Số liệu"]]
        assert SIMULATED_MARK in book["Ghi chú"]["B1"].value
    assert [row[-1] for row in rows] == ["Loại dữ liệu", SIMULATED_MARK, SIMULATED_MARK]


def test_file_that_would_take_minutes_is_refused_loudly() -> None:
    check_size(MOST_XLSX_ROWS + 1, FileFormat.CSV)
    check_size(MOST_XLSX_ROWS, FileFormat.XLSX)
    with pytest.raises(Invalid, match="CSV"):
        check_size(MOST_XLSX_ROWS + 1, FileFormat.XLSX)


def test_csv_memory_does_not_grow_with_the_rows() -> None:
    peaks = []
    for n in (2_000, 20_000):
        tracemalloc.start()
        for _piece in csv_writer.write(table(ROWS[0] for _ in range(n))):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 50_000
