"""Uploaded CSV files: separators, encodings, hostile bytes."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.legacy_encodings import is_syllable, legacy_encoding
from app.files.sheets import MAX_CELL_CHARACTERS, MAX_CELLS, MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, BadTable
from app.files.tables import read_sheet
from tests.unit.files.makers import ROWS, csv_text, tcvn3, vni

EXPECTED = [tuple(row) for row in ROWS]


def cells(data: bytes, name: str = "bang.csv") -> list[tuple[str, ...]]:
    return [row.cells for row in read_sheet(data, name).rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_unicode_encodings(separator: str, encoding: str) -> None:
    assert cells(csv_text(separator=separator).encode(encoding)) == EXPECTED


def test_decomposed_text_is_composed() -> None:
    decomposed = unicodedata.normalize("NFD", csv_text())
    assert cells(decomposed.encode()) == EXPECTED


def test_excel_separator_hint_keeps_row_numbers() -> None:
    sheet = read_sheet(("sep=;\r\n" + csv_text(separator=";")).encode(), "x.csv")
    assert [row.number for row in sheet.rows] == [2, 3, 4]


def test_quotes_line_breaks_and_invisible_characters() -> None:
    data = 'Mã,Tên\r\n1,"Quầy ""A"",\r\ntầng 2"\r\n2,\u200bXã\u00a0\u202e Cẩm\r\n'.encode()
    assert cells(data)[1:] == [("1", 'Quầy "A", tầng 2'), ("2", "Xã Cẩm")]


def test_empty_rows_are_left_out_but_counted() -> None:
    sheet = read_sheet("Mã,Tên\n,\n\n1,Xã\n".encode(), "x.csv")
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("Mã", "Tên")), (4, ("1", "Xã"))]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (tcvn3(csv_text()).encode("latin-1"), "TCVN3"),
        (tcvn3(csv_text()).encode("utf-8"), "TCVN3"),
        (csv_text([[vni(cell) for cell in row] for row in ROWS]).encode("latin-1"), "VNI"),
        (csv_text([[vni(cell) for cell in row] for row in ROWS]).encode("utf-8"), "VNI"),
    ],
)
def test_old_code_tables_are_named(data: bytes, name: str) -> None:
    with pytest.raises(BadTable, match=f"bảng mã {name}.*lưu lại dưới dạng Unicode"):
        read_sheet(data, "x.csv")


def to_cp1258(text: str) -> bytes:
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", letter)[:-1], unicodedata.normalize("NFD", letter)[-1]
            if letter in "ặậệộợựẶẬỆỘỢỰ":  # canonical order puts the dot below before the other mark
                decomposed = unicodedata.normalize("NFD", letter)
                base, tone = decomposed[0] + decomposed[2], "\u0323"
            out += unicodedata.normalize("NFC", base).encode("cp1258") + tone.encode("cp1258")
    return out


def test_windows_1258_is_named() -> None:
    with pytest.raises(BadTable, match="Windows-1258"):
        read_sheet(to_cp1258(csv_text()), "x.csv")


def test_one_pasted_row_in_an_old_code_table_is_found() -> None:
    good = [[f"{number}", "Phường Hạ Long"] for number in range(50)]
    with pytest.raises(BadTable, match=r"Ô B52 .*TCVN3"):
        read_sheet(csv_text([*ROWS[:1], *good, ["99", tcvn3("Thị trấn Cái Rồng")]]).encode(), "x.csv")


@pytest.mark.parametrize(
    "text", ["Xã Đắk Plô", "Café Đà Lạt", "M'Đrăk", "Krông Pắc", "Xã Ia Rvê", "Pờ Ê", "Mộc Châu ½ – №"]
)
def test_unicode_names_of_minority_places_are_not_suspected(text: str) -> None:
    assert legacy_encoding([text]) is None


@pytest.mark.parametrize(
    "word", ["nghiêng", "thuở", "khuỷu", "Đường", "quốc", "gì", "giường", "uỷ", "ủy", "Huế", "yên"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@given(st.lists(st.sampled_from(["Phường", "Hạ", "quốc", "tịch", "Đất", "đai", "hộ", "Bưởi", "nghĩa"]), max_size=4))
def test_unicode_is_never_suspected_and_tcvn3_is_always_found(words: list[str]) -> None:
    text = " ".join(["Đơn", "vị", *words])
    assert legacy_encoding([text]) is None
    assert legacy_encoding([tcvn3(text)]) == "tcvn3"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Tệp rỗng"),
        (b" \r\n ", "Tệp rỗng"),
        (b",,\n,,", "không có dòng dữ liệu"),
        ("Mã,Tên\n1,Xã\x00".encode(), "NUL"),
        ("Mã,Tên\n".encode("utf-16-le"), "NUL"),
        (b"\xff\xfea\x00b", "UTF-16 bị hỏng"),
        (b"ma,ten\n1,\xe1\x80\xff\xff\x9d\x81", "không phải Unicode"),
        ("Mã,Tên\n1,a\x1bb".encode(), "Ô B2 có ký tự điều khiển"),
        ('Mã,Tên\n1,"mở mà không đóng'.encode(), "dấu ngoặc kép"),
        (("a," * (MAX_COLUMNS + 1) + "b\n").encode(), f"hơn {MAX_COLUMNS} cột"),
        (("a,b\n" + "c,d\n" * MAX_ROWS).encode(), r"hơn 20\.000 dòng"),
        ((("a," * 39 + "b\n") * (MAX_CELLS // 40 + 1)).encode(), r"hơn 400\.000 ô"),
        (("a," + "b" * (MAX_CELL_CHARACTERS + 1)).encode(), "Ô B1 dài hơn"),
        (b"a,b\n" * (MAX_FILE_BYTES // 4 + 1), "lớn hơn 5 MB"),
        (("a," + "b" * 200_000).encode(), "dòng 1"),
    ],
)
def test_bad_text_is_refused_with_its_reason(data: bytes, message: str) -> None:
    with pytest.raises(BadTable, match=message):
        read_sheet(data, "x.csv")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_sheet_or_a_reason(data: bytes) -> None:
    for name in ("x.csv", "x.xlsx"):
        with contextlib.suppress(BadTable):
            assert read_sheet(data, name).rows
