"""Files of surveys made elsewhere: SPSS, Excel and CSV become the same columns of text."""

import io

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.files.answers import ANSWERS, FileTable, read_answers
from app.files.sheets import BadTable, Limits
from app.files.spss import read_sav
from tests.support.spss import Variable, sav

LEVELS = {1.0: "Rất không hài lòng", 5.0: "Rất hài lòng"}
SPSS = sav(
    [
        Variable("don_vi", ["U01", "U02", "U01"], "Mã đơn vị"),
        Variable("trong_so", [10.5, 1 / 3, 120.0]),
        Variable("q1", [5.0, None, 9.0], "Ông/Bà hài lòng về chỗ ngồi?", LEVELS, (9.0,)),
    ]
)


def test_spss_variables_keep_names_labels_and_values() -> None:
    table = read_answers(SPSS, "phieu.sav")
    unit, weight, item = table.columns
    assert (table.source, table.rows) == ("sav", (1, 2, 3))
    assert (unit.name, unit.label, unit.values) == ("don_vi", "Mã đơn vị", ("U01", "U02", "U01"))
    assert weight.values == ("10.5", repr(1 / 3), "120")
    assert item.values == ("5", "", "9")
    assert item.value_labels == {"1": "Rất không hài lòng", "5": "Rất hài lòng"}
    assert item.missing == {"9"}


@pytest.mark.parametrize("data", [SPSS[:150], SPSS[:400], b"$FL2" + b"\xff" * 500, SPSS[:-7]])
def test_broken_spss_files_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadTable, match="SPSS"):
        read_answers(data, "phieu.sav")


@settings(max_examples=12, deadline=None)
@given(st.integers(4, len(SPSS) - 1), st.integers(0, 255))
@example(265, 60)  # these two end the process that reads them
@example(180, 45)
def test_a_changed_byte_never_breaks_the_reader(place: int, byte: int) -> None:
    data = bytearray(SPSS)
    data[place] = byte
    try:
        found = read_answers(bytes(data), "phieu.sav")
    except BadTable:
        return
    assert isinstance(found, FileTable)


def test_spss_files_that_are_none_or_too_large_are_refused() -> None:
    with pytest.raises(BadTable, match="không phải tệp SPSS"):
        read_answers(b"a,b\n1,2\n", "phieu.sav")
    with pytest.raises(BadTable, match="biến"):
        read_sav(SPSS, Limits(columns=2))
    with pytest.raises(BadTable, match="quá lớn"):
        read_sav(SPSS, Limits(rows=2))
    with pytest.raises(BadTable, match="không có dòng dữ liệu"):
        read_sav(sav([Variable("q1", [])]), ANSWERS)


def test_labels_in_an_old_code_table_are_named() -> None:
    with pytest.raises(BadTable, match="TCVN3"):
        read_answers(sav([Variable("q1", [1.0], "§¬n vÞ tiÕp nhËn hå s¬")]), "a.sav")


def test_csv_and_excel_with_a_title_above_the_table() -> None:
    rows = [["Kết quả khảo sát"], [], ["Phiếu", "Đơn vị", "q1"], [1, "U01", 5], [2, "U02", None]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stored = io.BytesIO()
    book.save(stored)
    text = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)
    for data, name in ((stored.getvalue(), "a.xlsx"), (text.encode(), "a.csv")):
        table = read_answers(data, name)
        assert [column.name for column in table.columns] == ["Phiếu", "Đơn vị", "q1"]
        assert table.rows == (4, 5)
        assert table.column("q1").values == ("5", "")  # type: ignore[union-attr]


def test_columns_without_a_heading_get_their_letter_and_equal_headings_are_refused() -> None:
    assert [one.name for one in read_answers(b"a,b\n1,2,3\n", "a.csv").columns] == ["a", "b", "Cột C"]
    with pytest.raises(BadTable, match="hai lần"):
        read_answers(b"Q1,q1\n1,2\n", "a.csv")
    with pytest.raises(BadTable, match="không có dòng dữ liệu"):
        read_answers(b"a,b\n", "a.csv")
