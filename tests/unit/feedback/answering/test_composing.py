"""What an answer is made of: points, paragraphs, reasons; and the language of reply templates."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.feedback.answering.composing import (
    Answer,
    Draft,
    Point,
    answered,
    composed,
    inserted,
    joined,
    lacking,
    parted,
    suggested,
    told,
)
from app.feedback.answering.placeholders import FIELDS, filled, unknown
from app.feedback.cases.kinds import Outcome

POINTS = (Point(1, "Quầy mở muộn"), Point(2, "Nói to"))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Quầy mở muộn, chờ ngoài nắng.", ["Quầy mở muộn, chờ ngoài nắng."]),
        ("1. Mở muộn\nchờ lâu\n2) Nói to", ["Mở muộn\nchờ lâu", "Nói to"]),
        ("Hai việc:\n- Mở muộn\n- Nói to", ["Hai việc:", "Mở muộn", "Nói to"]),
        ("Đoạn một.\n\nĐoạn hai.", ["Đoạn một.", "Đoạn hai."]),
        ("\n\n".join(f"Việc {number}" for number in range(30)), ["\n\n".join(f"Việc {n}" for n in range(30))]),
        ("Mở muộn\nNói to\nKhông có ghế", ["Mở muộn", "Nói to", "Không có ghế"]),
        (
            "Hôm qua tôi đến quầy lúc\ntám giờ.\nCán bộ nói to.",
            ["Hôm qua tôi đến quầy lúc\ntám giờ.", "Cán bộ nói to."],
        ),
        ("", [""]),
    ],
)
def test_the_text_itself_tells_its_points(text: str, points: list[str]) -> None:
    assert suggested(text) == points


def test_an_officer_gives_each_point_a_line_or_a_paragraph() -> None:
    eight = [f"Ý {word}" for word in ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám")]
    assert parted("\n".join(eight)) == eight
    assert parted("Mở muộn\nchờ lâu\n\nNói to\n") == ["Mở muộn\nchờ lâu", "Nói to"]
    assert parted("1. Mở muộn\nchờ lâu\n2. Nói to") == ["Mở muộn\nchờ lâu", "Nói to"]
    assert parted("\n\nMở muộn\nNói to\n\n") == ["Mở muộn", "Nói to"]
    assert parted(joined(["Một ý\nviết hai dòng"])) == ["Một ý viết hai dòng"]
    assert len(told("\n\n".join(f"Việc {number}" for number in range(30)))) == 30


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("ab \n1.-"), min_size=1, max_size=12).filter(str.strip), max_size=5))
def test_points_that_were_joined_come_apart_again(texts: list[str]) -> None:
    once = parted(joined(texts))
    assert len(once) == len(texts)
    assert parted(joined(once)) == once


def test_every_point_is_answered_or_lacking() -> None:
    draft = Draft(Outcome.SOLVED, "Kính gửi", {2: Answer("Không đủ căn cứ", is_reason=True)})
    assert lacking(POINTS, draft) == [1]
    assert lacking((), draft) == [1]
    whole = inserted(inserted(draft, 1, "Đã nhắc"), 1, "Xin lỗi")
    assert lacking(POINTS, whole) == []
    assert [(one.number, one.answer) for one in answered(POINTS, whole)] == [
        (0, "Kính gửi"),
        (1, "Đã nhắc\nXin lỗi"),
        (2, "Không đủ căn cứ"),
    ]
    assert composed(POINTS, whole) == (
        "Kính gửi\n\n1. Quầy mở muộn\nĐã nhắc\nXin lỗi\n\n2. Nói to\nÝ này không được trả lời vì: Không đủ căn cứ"
    )
    assert composed((), whole) == "Đã nhắc\nXin lỗi"
    assert inserted(whole, 0, "Ông/Bà").general == "Kính gửi\nÔng/Bà"


@settings(max_examples=60)
@given(st.text(st.sampled_from("{}số_đơn.[]!:%a0 "), max_size=40), st.text(max_size=20))
def test_d4_a_template_reaches_its_fields_and_nothing_else(template: str, value: str) -> None:
    """Whatever it says, filling it in replaces named fields by their texts once, and changes nothing else."""
    values = dict.fromkeys(FIELDS, value)
    made = filled(template, values)
    assert made == value.join(template.split("{số_đơn}"))
    if not unknown(template):
        assert "{" not in template.replace("{số_đơn}", "")


def test_d4_what_a_value_says_is_not_a_template() -> None:
    assert filled("{số_đơn} {đơn_vị} {gì}", {"số_đơn": "{đơn_vị}", "đơn_vị": "{số_đơn}"}) == "{đơn_vị} {số_đơn} {gì}"
    assert unknown("{gì} {số_đơn} { {{số_đơn}}") == ["{gì}", "{", "{", "}"]
