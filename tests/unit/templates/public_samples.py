"""Contexts of the public pages, by a name for the picture: (template, context)."""

from __future__ import annotations

from types import SimpleNamespace as Some
from typing import Any

from tests.unit.templates.questions import COMMENT, OTHERS, OVERALL, RESPONDENT, make_sections

Sample = tuple[str, dict[str, Any]]

UNIT = "Trung tâm Phục vụ hành chính công phường Bình Yên"
LONG_UNIT = (
    "Chi nhánh số 12 Trung tâm Phục vụ hành chính công thành phố Hồ Chí Minh – Văn phòng đăng ký đất đai khu vực "
    "Bà Rịa – Vũng Tàu"
)
COMMON: dict[str, Any] = {
    "lang": "vi",
    "unit_name": UNIT,
    "counter_name": "Quầy 3 – Hộ tịch",
    "form_id": "MDE5M2M2YTE.aGVsbG8",
    "action_url": "/q/7KQ2M9",
    "feedback_url": "/q/7KQ2M9/feedback",
    "language_url": "/q/7KQ2M9?lang=en",
    "thanks_url": "/q/7KQ2M9/thanks",
    "notice": "",
    "least": 10,
}
DETAILS: dict[str, Any] = COMMON | {
    "sections": make_sections(),
    "groups": {},
    "question_count": 16,
    "respondent_question": RESPONDENT,
    "comment_question": COMMENT,
    "values": {},
    "errors": [],
    "errors_by_field": {},
    "personal_data": [],
}
RESULT = Some(
    satisfied_percent="84,1\u00a0%",
    range_text="khoảng mô hình 95\u00a0%: 81,9–86,1",
    n_text="1.204",
    until_text="31/10/2026",
    url="/results/bY3",
)

PUBLIC_SAMPLES: dict[str, Sample] = {
    "scan": ("survey/scan.html", COMMON | {"question": OVERALL}),
    "scan-long": (
        "survey/scan.html",
        COMMON
        | {
            "question": OVERALL,
            "is_simulated": True,
            "unit_name": LONG_UNIT,
            "counter_name": "Quầy 12 – Đăng ký đất đai, tài sản gắn liền với đất và giao dịch bảo đảm",
        },
    ),
    "scan-en": ("survey/scan.html", COMMON | {"question": OVERALL, "lang": "en"}),
    "details": ("survey/details.html", DETAILS),
    "details-sent": (
        "survey/details.html",
        DETAILS
        | {
            "values": {"q_c1": "4", "q_c2": "1", "q_c3": "na", "q_comment": "Gọi tôi số 0912 345 678"},
            "personal_data": ["0912 345 678"],
            "errors": [Some(field_id="q_c2", message="Câu 2: mức trả lời không có trong phiếu.")],
            "errors_by_field": {"q_c2": "Mức trả lời không có trong phiếu. Xin chọn lại."},
            "is_simulated": True,
        },
    ),
    "details-types": (
        "survey/details.html",
        DETAILS
        | {
            "sections": (OTHERS,),
            "question_count": 6,
            "values": {"q_which": ["1", "3"], "q_times": "abc", "q_again": "2"},
            "errors": [Some(field_id="q_times", message="Số lần đi lại: xin viết bằng chữ số.")],
            "errors_by_field": {"q_times": "Xin viết bằng chữ số, ví dụ 2."},
            "respondent_question": None,
            "comment_question": None,
        },
    ),
    "already": ("survey/already.html", COMMON | {"another_url": "/q/7KQ2M9?another=1"}),
    "thanks": ("survey/thanks.html", COMMON | {"result": RESULT, "details_url": "/q/7KQ2M9/details"}),
    "thanks-no-result": ("survey/thanks.html", COMMON | {"result": None, "is_simulated": True}),
    "unavailable-dissolved": (
        "survey/unavailable.html",
        COMMON | {"reason": "dissolved_unit", "successors": [LONG_UNIT, UNIT], "thanks_url": ""},
    ),
    "unavailable-unknown": ("survey/unavailable.html", {"reason": "unknown_code"}),
    "unavailable-expired": ("survey/unavailable.html", COMMON | {"reason": "details_expired"}),
    "unavailable-retired": ("survey/unavailable.html", COMMON | {"reason": "retired_code"}),
    "unavailable-closed": ("survey/unavailable.html", COMMON | {"reason": "closed_round"}),
}
