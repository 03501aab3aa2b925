"""Uploaded XLSX files: values, bombs, entities, broken archives (security list C6, D9)."""

import contextlib
import io
import struct
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.files.sheets import BadTable
from app.files.tables import read_sheet
from app.files.workbooks import LAST_ROW, MAX_ENTRIES, MAX_UNPACKED_BYTES
from tests.unit.files.makers import ROWS, part, repack, saved, tcvn3, workbook

SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook()


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_sheet(data, "bang.XLSX").rows]


def refused(data: bytes, message: str, name: str = "x.xlsx") -> None:
    with pytest.raises(BadTable, match=message):
        read_sheet(data, name)


def test_a_workbook_gives_its_text() -> None:
    sheet = read_sheet(GOOD, "bang.xlsx")
    assert sheet.name == "Đơn vị"
    assert [row.cells for row in sheet.rows] == [tuple(row) for row in ROWS]


def test_values_become_the_text_a_person_sees() -> None:
    data = workbook(
        [
            [
                "a",
                12,
                12.0,
                0.5,
                True,
                date(2025, 7, 1),
                datetime(2025, 7, 1, 8),  # noqa: DTZ001 - sheets know no zone
                None,
                " x \n y ",
            ]
        ]
    )
    assert cells(data) == [("a", "12", "12", "0.5", "TRUE", "01/07/2025", "01/07/2025", "", "x y")]


def test_a_number_shown_with_leading_zeros_keeps_them() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 217
    book.active["A1"].number_format = "00000"
    assert cells(saved(book)) == [("00217",)]


def test_merged_cells_give_their_value_once() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Danh sách đơn vị"
    book.active.merge_cells("A1:C2")
    book.active["A3"] = "x"
    sheet = read_sheet(saved(book), "x.xlsx")
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("Danh sách đơn vị",)), (3, ("x",))]


def test_hidden_and_empty_sheets_are_passed_over() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "ẩn"
    book.create_sheet("Trống")
    book.create_sheet("Thật")["B2"] = "dữ liệu"
    book.active.sheet_state = "hidden"
    sheet = read_sheet(saved(book), "x.xlsx")
    assert (sheet.name, sheet.rows[0].number, sheet.rows[0].cells) == ("Thật", 2, ("", "dữ liệu"))


def test_formula_gives_its_saved_value() -> None:
    xml = part(GOOD, SHEET).replace(b'<c r="A2" t="inlineStr">', b'<c r="A2">')
    assert b"</row>" in xml
    with_value = xml.replace(b"</row></sheetData>", b'<c r="C3"><f>1+1</f><v>2</v></c></row></sheetData>')
    assert cells(repack(GOOD, {SHEET: with_value}))[2][2] == "2"


def test_formula_without_saved_value_is_named() -> None:
    refused(workbook([["Mã", "Tên"], ["1", '="Xã "&A2']]), "Ô B2 là công thức chưa có giá trị")


def test_formula_error_is_named() -> None:
    xml = part(GOOD, SHEET).replace(b"</row></sheetData>", b'<c r="C3" t="e"><v>#REF!</v></c></row></sheetData>')
    refused(repack(GOOD, {SHEET: xml}), "Ô C3 chứa lỗi công thức #REF!")


def test_old_code_table_in_cells_is_named() -> None:
    refused(workbook([[tcvn3(cell) for cell in row] for row in ROWS]), "TCVN3")


def test_bomb_by_size_ratio_and_number_of_entries() -> None:
    refused(repack(GOOD, {"xl/media/a.bin": bytes(MAX_UNPACKED_BYTES)}), "giải nén ra quá lớn")
    refused(repack(GOOD, {"xl/media/a.bin": bytes(4 * 1024 * 1024)}), "giải nén ra quá lớn")
    refused(repack(GOOD, {f"xl/{number}": b"" for number in range(MAX_ENTRIES)}), "giải nén ra quá lớn")


def test_bomb_that_lies_about_its_size() -> None:
    data = bytearray(repack(GOOD, {"xl/media/a.bin": bytes(30 * 1024 * 1024)}))
    place = data.rindex(b"xl/media/a.bin") - 46  # the entry in the central directory
    assert data[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, place + 24, 100)
    refused(bytes(data), "hỏng")


def test_many_small_parts_are_counted_together() -> None:
    noise = bytes(range(256)) * 4 * 900
    parts: dict[str, bytes | None] = {f"xl/media/{number}.bin": noise for number in range(60)}
    refused(repack(GOOD, parts), "giải nén ra quá lớn")


def test_a_flood_of_empty_cells_is_refused_in_time() -> None:
    flood = b"<sheetData>" + (b"<row>" + b"<c/>" * 1000 + b"</row>") * 2600
    start = time.perf_counter()
    refused(repack(GOOD, {SHEET: part(GOOD, SHEET).replace(b"<sheetData>", flood)}, zipfile.ZIP_DEFLATED), "quá")
    assert time.perf_counter() - start < 10


def test_a_cell_far_below_is_refused_in_time() -> None:
    xml = part(GOOD, SHEET).replace(
        b"</sheetData>", b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData>'
    )
    start = time.perf_counter()
    refused(repack(GOOD, {SHEET: xml}), r"dưới dòng 100\.000")
    assert time.perf_counter() - start < 10
    assert LAST_ROW == 100_000


def test_claimed_dimensions_are_not_believed() -> None:
    xml = part(GOOD, SHEET).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"')
    assert cells(repack(GOOD, {SHEET: xml})) == [tuple(row) for row in ROWS]


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b"<!doctype x>",
        b" " * 65_530 + b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://192.0.2.1/">]>',  # across two reads
    ],
)
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
def test_entities_are_refused_in_every_part(declaration: bytes, name: str) -> None:
    body = part(GOOD, name).partition(b"?>")[2] if part(GOOD, name).startswith(b"<?xml") else part(GOOD, name)
    refused(repack(GOOD, {name: b'<?xml version="1.0"?>' + declaration + body}), "khai báo XML không an toàn")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "cp037"])
def test_entities_cannot_hide_in_another_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    data = text.encode(encoding)
    if encoding == "cp037":
        data = b'<?xml version="1.0" encoding="cp037"?>' + data
    refused(repack(GOOD, {SHEET: data}), "không an toàn")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.xls", "Excel cũ"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "x.xlsx", "mật khẩu"),
        (b"%PDF-1.7 ...", "x.xlsx", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "x.csv", "PNG"),
        (b"<html><table>", "x.xls", "HTML"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "x.csv", "HTML"),
        (b"ma,ten\n1,2", "x.xlsx", "đuôi .xlsx nhưng"),
        (b"ma,ten\n1,2", "x.exe", "Chỉ nhận"),
        (GOOD, "x.csv", "Chỉ nhận"),
        (GOOD, "x.zip", "Chỉ nhận"),
        (b"PK\x03\x04 cut off", "x.xlsx", "hỏng"),
        (GOOD[: len(GOOD) // 2], "x.xlsx", "hỏng"),
    ],
)
def test_wrong_types_are_named(data: bytes, name: str, message: str) -> None:
    refused(data, message, name)


def test_other_archives_macros_and_passwords_are_named() -> None:
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    refused(word.getvalue(), "không phải bảng tính Excel")
    refused(repack(GOOD, {"xl/vbaProject.bin": b"x"}), "macro")
    refused(repack(GOOD, {}, zipfile.ZIP_LZMA), "hỏng")
    locked = bytearray(GOOD)
    for place in range(len(locked) - 4):
        if locked[place : place + 4] == b"PK\x01\x02":
            locked[place + 8] |= 1
    refused(bytes(locked), "mật khẩu")


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<", b"<a><b></a>", b'<?xml version="1.0"?><x/>'])
def test_broken_parts_never_crash(name: str, content: bytes) -> None:
    with contextlib.suppress(BadTable):
        assert read_sheet(repack(GOOD, {name: content}), "x.xlsx").rows


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8))
def test_damaged_archives_give_a_sheet_or_a_reason(damage: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, value in damage:
        data[place] = value
    with contextlib.suppress(BadTable):
        assert read_sheet(bytes(data), "x.xlsx").rows


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(part(GOOD, SHEET)) - 1), st.integers(32, 126)), max_size=6))
def test_damaged_sheets_give_a_sheet_or_a_reason(damage: list[tuple[int, int]]) -> None:
    xml = bytearray(part(GOOD, SHEET))
    for place, value in damage:
        xml[place] = value
    with contextlib.suppress(BadTable):
        assert read_sheet(repack(GOOD, {SHEET: bytes(xml)}), "x.xlsx").rows


def test_parts_said_to_lie_before_the_file_are_refused() -> None:
    """The directory claims to begin later than it does, so that the first part would begin before the first byte."""
    end = GOOD.rindex(b"PK\x05\x06")
    (offset,) = struct.unpack_from("<L", GOOD, end + 16)
    damaged = bytearray(GOOD)
    struct.pack_into("<L", damaged, end + 16, offset + 10)
    refused(bytes(damaged), "bị hỏng")
