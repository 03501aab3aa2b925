"""Folding of Vietnamese text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n.folding import fold, fold_words, natural_key


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


def test_names_with_numbers_sort_by_the_numbers() -> None:
    names = ["Phường 10", "Xã 1", "Phường 2", "Phường", "Phường 1", "U2", "U10", "9", "10"]
    assert sorted(names, key=natural_key) == [
        "9", "10", "Phường", "Phường 1", "Phường 2", "Phường 10", "U2", "U10", "Xã 1",
    ]  # fmt: skip


@given(st.lists(st.text()))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert len(sorted(names, key=natural_key)) == len(names)
