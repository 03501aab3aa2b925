"""Spotting personal data in free text, and cleaning of what was typed."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.privacy_hints import HintKind, find_hints
from app.web.text_input import clean


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("gọi 0912345678 nhé", HintKind.PHONE, "0912345678"),
        ("0912.345.678", HintKind.PHONE, "0912.345.678"),
        ("+84 912 345 678.", HintKind.PHONE, "+84 912 345 678"),
        ("máy bàn 024 3825 1234", HintKind.PHONE, "024 3825 1234"),
        ("(0203) hoặc 0203-3825-123", HintKind.PHONE, "0203-3825-123"),
        ("CCCD 001203004567", HintKind.CITIZEN_ID, "001203004567"),
        ("số 022 099 001 234", HintKind.CITIZEN_ID, "022 099 001 234"),
        ("CMND 101234567,", HintKind.OLD_ID, "101234567"),
        ("thư: Nguyen.Van-A@gmail.com.", HintKind.EMAIL, "Nguyen.Van-A@gmail.com"),
        ("hồ sơ H15.50.05.13-261008-0975", HintKind.DOSSIER, "H15.50.05.13-261008-0975"),
    ],
)
def test_what_is_spotted(text, kind, piece):
    (hint,) = find_hints(text)
    assert (hint.kind, hint.text) == (kind, piece)
    assert text[hint.start : hint.end] == piece
    assert piece in hint.message


@pytest.mark.parametrize(
    "text",
    [
        "Phục vụ tốt, chờ 15 phút ngày 21/11/2026",
        "nộp 250.000.000 đồng",
        "nộp 250 000 000 đ",
        "phí 120000000 VND",
        "Nghị định 61/2018/NĐ-CP, Quyết định 1001/QĐ-BNV",
        "từ 8h00 đến 11h30, quầy số 3",
        "đường dây nóng 1900 9095",
        "5/5 sao @ quầy",
        "",
    ],
)
def test_what_is_left_alone(text):
    assert find_hints(text) == ()


def test_several_pieces_come_in_order_and_do_not_overlap():
    hints = find_hints("a@b.vn, 0912345678 và 001203004567")
    assert [hint.kind for hint in hints] == [HintKind.EMAIL, HintKind.PHONE, HintKind.CITIZEN_ID]
    assert all(left.end <= right.start for left, right in pairwise(hints))


@given(st.text(max_size=300))
def test_cleaning_gives_composed_text_without_controls_and_is_stable(raw):
    text = clean(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert clean(text) == text
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text)


@given(st.text(alphabet="0123456789 .-+()@a", max_size=2000))
def test_spotting_never_takes_long(text):
    for hint in find_hints(text):
        assert text[hint.start : hint.end] == hint.text
