"""Contexts of the pages on which senders follow what they sent, and of the page that checks receipts."""

from __future__ import annotations

from types import SimpleNamespace as Some
from typing import Any

from tests.unit.templates.public_samples import LONG_UNIT, UNIT, Sample

LONG = (
    "Tôi đến nộp hồ sơ đăng ký biến động đất đai lúc 7 giờ 30 phút nhưng đến 10 giờ mới có người tiếp; sau đó cán bộ yêu "
    "cầu bổ sung một giấy tờ không có trong danh mục niêm yết, và hẹn quay lại ba lần."
)
NOT_YET = Some(is_possible=False, why_not="", hint="")
FORM: dict[str, Any] = {"form_id": "f", "text": "", "error": "", "file_error": "", "score": "", "score_error": ""}
FORMS = {
    name: Some(**FORM | {"url": f"/follow/{name}"})
    for name in ("answer", "rating", "reopening", "review", "files", "notices")
}
ADD = Some(is_possible=True, why_not="", hint="Ảnh hoặc PDF, mỗi tệp tối đa 20 MB, còn 3 tệp.", accept="image/*,.pdf")
CASE = Some(
    number="PA-7KQ2M-9XF3H",
    kind_words="Phản ánh, kiến nghị",
    kind_note="",
    unit_name=UNIT,
    place="Quầy 3 – Hộ tịch",
    received_on="21/11/2026",
    state_words="Đơn vị đang chờ Ông/Bà trả lời một câu hỏi",
    outcome_words="",
    due_on="11/12/2026",
    due_label="Hạn trả lời",
    due_note="Thời hạn đang tạm dừng.",
    steps=[
        "Nhận thứ Bảy, 21/11/2026; ngày nhận không tính, bắt đầu đếm từ hôm sau.",
        "Thời hạn là 20 ngày.",
        "Vì vậy hạn trả lời là hết giờ làm việc thứ Sáu, 11/12/2026.",
    ],
    basis=[
        "Căn cứ: Nghị định 20/2008/NĐ-CP, sửa đổi bởi Nghị định 92/2017/NĐ-CP. Quy định bản 1, lịch làm việc bản 3."
    ],
    text=[LONG],
    opened=["Cán bộ xử lý: 2 người", "Sở Nội vụ: 1 người"],
)
STORY = [
    Some(day="21/11/2026", words="Hệ thống nhận nội dung của Ông/Bà.", text=[]),
    Some(day="22/11/2026", words="Đơn vị xếp việc này sang loại khác.", text=[LONG]),
    Some(day="23/11/2026", words="Đơn vị hỏi thêm Ông/Bà.", text=["Ông/Bà đến quầy lúc mấy giờ?"]),
]
FILES = [
    Some(
        number=1,
        name="IMG_2031.jpg",
        added_on="21/11/2026",
        state_words="Đã kiểm tra, cán bộ mở được",
        what_to_do="",
        note="",
        url="/follow/files/1",
    ),
    Some(number=2, name="b.heic", added_on="21/11/2026", state_words="Đang kiểm tra", what_to_do="", note="", url=""),
    Some(
        number=3,
        name="ten-tep-rat-dai-" + "x" * 90 + ".pdf",
        added_on="21/11/2026",
        state_words="Không nhận được",
        what_to_do="Tệp PDF có mật khẩu. Xin Ông/Bà bỏ mật khẩu rồi gửi lại, hoặc chụp ảnh từng trang.",
        note="",
        url="",
    ),
]
CASE_PAGE: dict[str, Any] = {
    "lang": "vi",
    "case": CASE,
    "question": Some(number=1, text=["Ông/Bà đến quầy lúc mấy giờ?"], asked_on="23/11/2026", answer_until="30/11/2026"),
    "replies": [],
    "requests": [],
    "files": FILES,
    "add": ADD,
    "story": STORY,
    "may": Some(rating=NOT_YET, reopening=NOT_YET, review=NOT_YET),
    "forms": Some(**FORMS),
    "notices": True,
    "scores": [
        (1, "Rất không hài lòng"),
        (2, "Không hài lòng"),
        (3, "Bình thường"),
        (4, "Hài lòng"),
        (5, "Rất hài lòng"),
    ],
    "accept": "image/*,.pdf",
    "file_hint": "Ảnh hoặc PDF, mỗi tệp tối đa 20 MB, còn 3 tệp.",
    "errors": [],
    "notice": "",
    "refused": [],
    "calendar_url": "/follow/calendar",
    "end_url": "/follow/end",
    "end_form_id": "f",
    "receipts_url": "/receipts",
    "language_url": "/follow/case?lang=en",
}
REPLY = Some(
    number=1,
    outcome_words="Không chấp nhận, có nêu lý do",
    facts=[("Lý do không chấp nhận", LONG)],
    text=[LONG],
    points=[],
    answered_on="04/12/2026",
    score_words="",
)
POINT = Some(number=1, point=[LONG], answer=[LONG], is_reason=True)
RECEIPT = "BIÊN NHẬN CỦA LẮNG NGHE – MẪU 1\nSố: PA-7KQ2M-9XF3H | a41f\nNhận lúc: 09:41 ngày 21/11/2026 (giờ Việt Nam) | 77b0\n"
VALUES = [("Số", "PA-7KQ2M-9XF3H"), ("Dấu nội dung (SHA-256)", " ".join(["0123abcd"] * 8))]
ENTER: dict[str, Any] = {
    "lang": "vi",
    "form_id": "f",
    "action_url": "/follow",
    "typed": "",
    "errors": [],
    "notice": "",
    "kept_act": "",
    "kept_text": "",
    "receipts_url": "/receipts",
    "door_url": "/feedback",
    "language_url": "/follow?lang=en",
}
RECEIPTS: dict[str, Any] = {
    "lang": "vi",
    "action_url": "/receipts",
    "receipt": "",
    "content": "",
    "errors": [],
    "verdict": None,
    "keys": [Some(id="0123456789abcdef", lines=["-----BEGIN PUBLIC KEY-----", "MCowBQYDK2VwAyEA" + "x" * 44])],
    "keys_url": "/receipts/keys",
    "follow_url": "/follow",
    "language_url": "/receipts?lang=en",
}

FOLLOW_SAMPLES: dict[str, Sample] = {
    "follow-enter": ("feedback/following/enter.html", ENTER),
    "follow-enter-again": (
        "feedback/following/enter.html",
        ENTER
        | {
            "typed": "7KQ2-M9XF-3HJ4",
            "errors": [Some(field_id="code", message="Mã thiếu 8 ký tự.")],
            "notice": "Phiên xem đã kết thúc. Xin nhập lại mã.",
            "kept_act": "answer",
            "kept_text": LONG,
            "is_simulated": True,
        },
    ),
    "follow-case": ("feedback/following/case.html", CASE_PAGE),
    "follow-case-closed": (
        "feedback/following/case.html",
        CASE_PAGE
        | {
            "case": Some(
                **vars(CASE)
                | {"state_words": "Đã có trả lời", "unit_name": LONG_UNIT, "outcome_words": REPLY.outcome_words}
            ),
            "question": None,
            "replies": [REPLY, Some(**vars(REPLY) | {"number": 2, "text": [], "points": [POINT]})],
            "requests": [
                Some(
                    kind_words="Đề nghị xem lại",
                    asked_on="05/12/2026",
                    reason=[LONG],
                    decision_words="Không chấp nhận",
                    decided_on="07/12/2026",
                    words=[LONG],
                )
            ],
            "may": Some(
                rating=Some(is_possible=True, why_not="", hint="", reply_number=2),
                reopening=Some(is_possible=False, why_not="Đề nghị của Ông/Bà đã được trả lời.", hint=""),
                review=Some(is_possible=True, why_not="", hint="Đến hết ngày 04/01/2027."),
            ),
            "forms": Some(
                **FORMS
                | {
                    "rating": Some(**FORM | {"url": "/x", "score_error": "Xin chọn một mức.", "text": "Chậm"}),
                    "review": Some(**FORM | {"url": "/x", "error": "Xin viết lý do."}),
                }
            ),
            "add": Some(is_possible=False, why_not="Việc đã kết thúc nên không gửi thêm tệp được.", hint="", accept=""),
            "errors": [
                Some(field_id="score", message="Xin chọn một mức."),
                Some(field_id="review", message="Xin viết lý do."),
            ],
            "notice": "",
            "is_simulated": True,
        },
    ),
    "follow-information": (
        "feedback/following/information.html",
        {
            "lang": "vi",
            "number": "PA-7KQ2M-9XF3H",
            "state_words": "Đang được kiểm tra",
            "received_on": "21/11/2026",
            "story": STORY[:1],
            "files": FILES,
            "add": ADD,
            "form": FORMS["files"],
            "errors": [],
            "notice": "Đã nhận tệp.",
            "refused": [("b.pdf", "Tệp PDF có mật khẩu.")],
            "end_url": "/follow/end",
            "end_form_id": "f",
            "receipts_url": "/receipts",
            "language_url": "/follow/case?lang=en",
        },
    ),
    "receipts": ("feedback/following/receipts.html", RECEIPTS),
    "receipts-genuine": (
        "feedback/following/receipts.html",
        RECEIPTS
        | {
            "receipt": RECEIPT,
            "content": LONG,
            "verdict": Some(
                is_genuine=True,
                heading="Biên nhận là thật",
                sentence="Số, thời điểm nhận, nơi nhận và dấu nội dung đúng như khi hệ thống ký.",
                values=VALUES,
            ),
        },
    ),
    "receipts-altered": (
        "feedback/following/receipts.html",
        RECEIPTS
        | {
            "receipt": RECEIPT,
            "keys": [],
            "errors": [Some(field_id="receipt", message="Xin dán biên nhận.")],
            "verdict": Some(
                is_genuine=False,
                heading="Biên nhận đã bị sửa hoặc gõ sai",
                sentence="Dòng “Số” không còn như khi được ký.",
                values=VALUES,
            ),
        },
    ),
}
