"""What looks personal in a text that others will read, and what must be left alone."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.feedback.answering.spotting import SpotKind, marked, spots

FOUND = [
    ("gọi 0912.345.678 nhé", SpotKind.PHONE, "0912.345.678"),
    ("CCCD 001203004567", SpotKind.CITIZEN_ID, "001203004567"),
    ("CMND 101 234 567", SpotKind.OLD_ID, "101 234 567"),
    ("thư an.nguyen@example.vn", SpotKind.EMAIL, "an.nguyen@example.vn"),
    ("hồ sơ H15.50.05.13-261008-0975", SpotKind.DOSSIER, "H15.50.05.13-261008-0975"),
    ("STK: 0912345678 Vietcombank", SpotKind.BANK, "0912345678"),
    ("chuyển vào số tài khoản 1903 4567 8901 23", SpotKind.BANK, "1903 4567 8901 23"),
    ("xe 29A-123.45 đỗ chắn lối", SpotKind.PLATE, "29A-123.45"),
    ("xe máy 76-H1 123.45", SpotKind.PLATE, "76-H1 123.45"),
    ("hộ chiếu B1234567", SpotKind.PASSPORT, "B1234567"),
    ("thẻ DN4797912345678", SpotKind.INSURANCE, "DN4797912345678"),
    ("bà sinh năm 1952", SpotKind.BIRTH, "sinh năm 1952"),
    ("số 12/3 đường Lê Lợi, phường Nghĩa Lộ", SpotKind.ADDRESS, "số 12/3 đường Lê Lợi, phường Nghĩa Lộ"),
    ("ở thôn Phước Thịnh, xã Đức Thạnh từ lâu", SpotKind.ADDRESS, "thôn Phước Thịnh, xã Đức Thạnh"),
    ("nhà ở tổ 5, khu phố 3", SpotKind.ADDRESS, "tổ 5, khu phố 3"),
    ("ông Trần Văn Bình nói", SpotKind.PERSON, "Trần Văn Bình"),
    ("Chị Hoa ở quầy", SpotKind.PERSON, "Hoa"),
    ("có Nguyễn Thị Ánh Tuyết làm chứng", SpotKind.PERSON, "Nguyễn Thị Ánh Tuyết"),
    ("người nộp NGUYỄN VĂN A", SpotKind.PERSON, "NGUYỄN VĂN A"),
]
ALONE = [
    "Kính gửi Ông/Bà, đơn vị đã nhận nội dung của Ông/Bà ngày 21/11/2026.",
    "Theo Nghị định 61/2018/NĐ-CP và Quyết định 1001/QĐ-BNV, thời hạn là 15 ngày làm việc.",
    "Lệ phí 250.000.000 đồng nộp tại quầy số 3, từ 8h00 đến 11h30.",
    "UBND xã Mộ Đức, tỉnh Quảng Ngãi; Thành phố Hồ Chí Minh; Cao Bằng; Lâm Đồng; Bà Rịa.",
    "Trụ sở ở đường Nguyễn Trãi, trường tiểu học Lê Quý Đôn.",
    "Lý do: hồ sơ thiếu giấy tờ. Đơn vị xin lỗi Ông Bà/cơ quan.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "piece"), FOUND, ids=[f"{one[1].value}-{n}" for n, one in enumerate(FOUND)])
def test_a_personal_piece_is_spotted_in_either_form_of_unicode(text, kind, piece):
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, text)
        (spot,) = spots(written)
        assert (spot.kind, spot.piece(written)) == (kind, unicodedata.normalize(form, piece))
        assert spot.words


@pytest.mark.parametrize("text", ALONE, ids=range(len(ALONE)))
def test_what_names_nobody_is_left_alone(text):
    assert spots(text) == ()


def test_all_kinds_are_found_in_one_text():
    assert {spot.kind for spot in spots("; ".join(one[0] for one in FOUND))} == set(SpotKind)


@settings(max_examples=60)
@given(st.text(max_size=200) | st.lists(st.sampled_from([one[0] for one in FOUND] + ALONE)).map(" ".join))
def test_spots_are_in_order_apart_and_the_marked_text_is_the_text(text):
    found = spots(text)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(0 <= spot.start < spot.end <= len(text) for spot in found)
    pieces = marked(text)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.words] == [spot.piece(text) for spot in found]


def test_a_long_text_made_to_be_slow_is_read_at_once():
    spots("ông A " * 2_000 + "1-" * 5_000 + "thôn " * 2_000 + "Nguyễn " * 2_000 + "số 1/" * 2_000)
