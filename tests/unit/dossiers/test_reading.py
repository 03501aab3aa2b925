"""Deliveries of dossiers into typed rows, codes, words for statuses, and the shares that follow from counts."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dossiers.codes import is_well_formed, normalise
from app.dossiers.reading import COLUMNS, DossierRow, Known, Parsed, parse
from app.dossiers.shares import Counts
from app.dossiers.statuses import WORDS, Status, read_status
from app.files.tables import Record

TODAY = date(2026, 11, 21)
KNOWN = Known(units={"X1": 7, "X2": 8}, procedures={"1.001": (3, 5), "1.002": (4, None)})
GOOD = {
    "code": "H15.50.05.13-261008-0975",
    "unit": "X1",
    "procedure": "1.001",
    "received": "08/10/2026",
    "due": "20/10/2026",
    "finished": "",
    "status": "Đang giải quyết",
    "name": "",
    "address": "",
}


def _parse(*rows: dict[str, str]) -> Parsed:
    return parse([Record(number, {**GOOD, **row}) for number, row in enumerate(rows, 2)], KNOWN, TODAY)


def test_a_row_is_read() -> None:
    assert _parse({}).rows == (
        DossierRow(2, GOOD["code"], 7, 3, 5, date(2026, 10, 8), date(2026, 10, 20), None, Status.OPEN),
    )


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"code": "975"}, "Mã hồ sơ"),
        ({"unit": "X9"}, "Mã đơn vị"),
        ({"received": ""}, "Ngày tiếp nhận"),
        ({"received": "22/11/2026", "due": ""}, "Ngày tiếp nhận"),
        ({"due": "07/10/2026"}, "Ngày hẹn trả"),
        ({"finished": "09/10/2026"}, "Trạng thái"),
        ({"status": "Đã trả kết quả"}, "Ngày kết thúc"),
        ({"status": "Đã trả kết quả", "finished": "07/10/2026"}, "Ngày kết thúc"),
        ({"status": "Đã trả kết quả", "finished": "22/11/2026"}, "Ngày kết thúc"),
        ({"status": "lạ"}, "Trạng thái"),
        ({"name": "x" * 301}, "Họ tên người nộp"),
    ],
)
def test_each_fault_names_its_column(change: dict[str, str], column: str) -> None:
    parsed = _parse(change)
    assert [error.column for error in parsed.errors] == [column]
    assert parsed.errors[0].row == 2


def test_a_code_stands_once_in_a_delivery() -> None:
    (error,) = _parse({}, {"code": " h15.50.05.13-261008-0975 "}).errors
    assert (error.row, "dòng 2" in error.message) == (3, True)
    wrong = [one.message for one in _parse({"code": "H49.1"}, {"code": "h49.1"}).errors]
    assert ["dòng 2" in one for one in wrong] == [False, False, True]
    assert "H15.50.05.13-261008-0975" in wrong[0]


def test_an_unknown_procedure_is_told_and_does_not_stop_the_delivery() -> None:
    parsed = _parse({"procedure": "9.999"})
    assert (parsed.errors, parsed.unknown_procedures) == ((), ("9.999",))
    assert (parsed.rows[0].procedure_id, parsed.rows[0].field_id) == (None, None)


@pytest.mark.parametrize(
    ("typed", "is_good"),
    [
        ("H15.50.05.13-261008-0975", True),
        ("H40.17-261008-123456", True),
        ("G01-261008-1234567", True),
        ("000.00.17.H40-261008-0001", True),
        ("h15.50 -261008- 0975", True),
        ("H15-261008-097", False),
        ("H15.50-26108-0975", False),
        ("=H15.50-261008-0975", False),
        ("", False),
    ],
)
def test_codes(typed: str, is_good: bool) -> None:
    assert is_well_formed(normalise(typed)) is is_good


def test_every_status_is_read_from_its_own_words_and_without_marks() -> None:
    for status, words in WORDS.items():
        assert read_status(words) is read_status(words.upper()) is status
    assert read_status("da tra ket qua") is Status.FINISHED


numbers = st.integers(0, 100_000)


@given(on_time=numbers, late=numbers, undated=numbers, still_open=numbers)
def test_shares_derive_from_counts(on_time: int, late: int, undated: int, still_open: int) -> None:
    counts = Counts(settled=on_time + late + undated, on_time=on_time, late=late, open=still_open)
    assert (counts + counts).on_time_share == counts.on_time_share
    if on_time + late:
        assert counts.on_time_share == Fraction(on_time, on_time + late)
        assert counts.on_time_share + (counts.late_share or 0) == 1
    else:
        assert counts.on_time_share is counts.late_share is None


@pytest.mark.parametrize("wrong", [{"settled": 1, "on_time": 2}, {"open_late": 1}, {"received": -1}])
def test_counts_that_contradict_themselves_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Counts(**wrong)


@given(st.lists(st.fixed_dictionaries({column.key: st.text(max_size=40) for column in COLUMNS}), max_size=5))
def test_no_delivery_breaks_the_reader(rows: list[dict[str, str]]) -> None:
    parsed = parse([Record(number, row) for number, row in enumerate(rows, 2)], KNOWN, TODAY)
    assert {error.row for error in parsed.errors} | {row.row for row in parsed.rows} == set(range(2, len(rows) + 2))
