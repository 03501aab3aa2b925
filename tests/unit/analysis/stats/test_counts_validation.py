"""The 2019 table of a one-stop centre shows its faults, and a clean table has none."""

from decimal import Decimal

import pytest

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.validation import CountsRow, FindingKind, check_counts


def row(name, counts, percents=""):
    return CountsRow(name, counts, tuple(Decimal(p) for p in percents.split()))


# Trung tâm Hành chính công thành phố Huế, quarter 1/2019, as printed (BC 02/BC-TTHCC, 4/4/2019).
HUE = [
    row("Nơi đón tiếp", (2063, 2137, 150), "48.94 50.6 3.55"),
    row("Thái độ phục vụ, hướng dẫn", (1983, 2128, 104), "47.04 50.4 2.46"),
    row("Thái độ tiếp nhận, trả kết quả", (1886, 2232, 97), "44.74 52.95 2.3"),
    row("Thời gian", (1991, 2135, 89), "47.23 50.65 2.11"),
    row("Hồ sơ", (1825, 2281, 99), "43.29 54.11 2.34"),
]


def test_hue_2019_shows_its_two_rows_that_do_not_add_up():
    findings = check_counts(HUE, total=4215, issued=5326)
    sums = [f for f in findings if f.kind is FindingKind.SUM_DIFFERS]
    assert [(f.row, f.message) for f in sums] == [
        (0, "Dòng “Nơi đón tiếp”: các mức cộng lại là 4.350 phiếu, nhiều hơn tổng đã ghi (4.215) 135 phiếu."),
        (4, "Dòng “Hồ sơ”: các mức cộng lại là 4.205 phiếu, ít hơn tổng đã ghi (4.215) 10 phiếu."),
    ]


def test_hue_2019_percentages_are_cut_off_not_rounded():
    findings = [f for f in check_counts(HUE, total=4215) if f.kind is not FindingKind.SUM_DIFFERS]
    assert {f.kind for f in findings} == {FindingKind.PERCENT_CUT_OFF}
    assert [(f.row, f.column) for f in findings] == [
        (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (3, 0), (4, 0), (4, 1), (4, 2),
    ]  # fmt: skip
    assert findings[1].message == (
        "Dòng “Nơi đón tiếp”, cột 3: tỷ lệ 3,55\u00a0% bị cắt bớt, chưa làm tròn; tính từ số phiếu là 3,56\u00a0%."
    )


def test_dossiers_of_the_portal_do_not_add_up():
    findings = check_counts([row("Hồ sơ đã xử lý", (124_907, 102_770, 19_852))], total=257_141)
    assert [f.kind for f in findings] == [FindingKind.SUM_DIFFERS]
    assert "247.529" in findings[0].message


def test_other_faults_and_a_clean_table():
    assert check_counts([row("A", (1, 2), "33.33 66.67")], total=3, issued=3) == ()
    assert check_counts([], total=0) == ()
    kinds = [f.kind for f in check_counts([row("A", (1, 2), "33.33 70")], total=3, issued=2)]
    assert kinds == [FindingKind.RETURNED_ABOVE_ISSUED, FindingKind.PERCENT_WRONG]
    assert [f.kind for f in check_counts([row("A", (-1, 4))], total=3)] == [FindingKind.NEGATIVE]
    with pytest.raises(BadInputError):
        check_counts([row("A", (1, 2), "33.33")], total=3)
