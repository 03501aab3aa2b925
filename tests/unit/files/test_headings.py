"""Finding the headings of an uploaded table."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.sheets import BadTable, column_letter
from app.files.tables import Column, match_columns, read_sheet

COLUMNS = (
    Column("code", "Mã đơn vị", ("Mã",), is_required=True),
    Column("name", "Tên đơn vị", is_required=True),
    Column("start", "Ngày bắt đầu"),
)


def table(text: str):
    return match_columns(read_sheet(text.encode(), "x.csv"), COLUMNS)


def test_headings_are_found_below_a_title_in_any_order_and_form() -> None:
    found = table(
        "DANH SÁCH ĐƠN VỊ,,\n,,\nNGAY BAT DAU (dd/mm/yyyy),ten don vi *,Ghi chú,  ma_don_vi\n1/7/2025,Xã A,x,01\n"
    )
    assert found.records[0].row == 4
    assert found.records[0].values == {"code": "01", "name": "Xã A", "start": "1/7/2025"}
    assert found.letters == {"start": "A", "name": "B", "code": "D"}
    assert found.ignored == ("Ghi chú",)


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(BadTable, match="Thiếu cột “Mã đơn vị”, “Tên đơn vị”"):
        table("a,b\n1,2\n")


def test_duplicate_column_is_named_even_under_another_title() -> None:
    with pytest.raises(BadTable, match=r"“MÃ” có hai lần \(cột A và cột C\)"):
        table("Mã đơn vị,Tên đơn vị,MÃ\n1,2,3\n")


def test_headings_without_rows() -> None:
    with pytest.raises(BadTable, match="không có dòng dữ liệu"):
        table("Mã đơn vị,Tên đơn vị\n")


def test_short_rows_give_empty_cells() -> None:
    assert table("Mã,Tên đơn vị,Ngày bắt đầu\n1\n").records[0].values == {"code": "1", "name": "", "start": ""}


@given(rng=st.randoms(use_true_random=False), upper=st.booleans(), decomposed=st.booleans())
def test_order_case_and_composition_do_not_matter(*, rng: random.Random, upper: bool, decomposed: bool) -> None:
    titles = [column.title for column in COLUMNS]
    rng.shuffle(titles)
    header = ",".join(titles)
    header = unicodedata.normalize("NFD", header) if decomposed else header
    found = table((header.upper() if upper else header) + "\n" + ",".join(titles) + "\n")
    assert found.records[0].values == {column.key: column.title for column in COLUMNS}


def test_letters_of_columns() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
