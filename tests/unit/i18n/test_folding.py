"""Folding of Vietnamese text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n.folding import fold, fold_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mã đơn vị", "ma don vi"),
        ("ĐẮK LẮK", "dak lak"),
        ("Ðà Nẵng", "da nang"),
        ("Thừa Thiên – Huế", "thua thien – hue"),
        ("Quảng Ninh", "quang ninh"),
        ("ƯỠN ỡ Ỵ", "uon o y"),
        ("", ""),
    ],
)
def test_fold_drops_marks_and_case(text: str, expected: str) -> None:
    assert fold(text) == expected
    assert fold(unicodedata.normalize("NFD", text)) == expected


def test_words_are_joined_by_single_spaces() -> None:
    assert fold_words("  Mã_đơn-vị\u00a0(cấp trên) * ") == "ma don vi cap tren"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_ignores_composition(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
