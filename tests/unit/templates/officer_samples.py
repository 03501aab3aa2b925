"""Contexts of officers' lists and forms that stand for the others; the rest is drawn by the functional tests."""

from __future__ import annotations

from types import SimpleNamespace as Some
from typing import Any

from tests.unit.templates.public_samples import LONG_UNIT, Sample
from tests.unit.templates.result_samples import FILTERS, NAMES, OFFICER

COLUMNS = [
    Some(label="Tên", numeric=False),
    Some(label="Loại", numeric=False),
    Some(label="Số phiếu", numeric=True),
]
LIST: dict[str, Any] = OFFICER | {
    "filters": [*FILTERS[:2], Some(name="q", label="Tìm tên", value="ho tich", options=None)],
    "filter_action": "/officer/list",
    "columns": COLUMNS,
    "rows": [[{"text": name, "url": "/officer/x"}, "Phường", "1.204"] for name in NAMES],
    "page": Some(number=2, pages=3, total=54, previous_url="?page=1", next_url="?page=3"),
}
EMPTY = LIST | {"rows": []}
OPTIONS = [("1", "Phường Bình Yên"), ("2", LONG_UNIT)]
ROUND: dict[str, Any] = OFFICER | {
    "action_url": "/officer/rounds",
    "errors": [Some(field_id="formula", message="Xin chọn cách tính.")],
    "errors_by_field": {"formula": "Xin chọn cách tính."},
    "values": {"name": "Quý IV năm 2026", "unit": "2"},
    "question_set_options": [("1", "SIPAS tại quầy 2023, bản 1")],
    "unit_options": OPTIONS,
    "kind_options": [("open", "Mã tại quầy, người tự quét"), ("probability", "Mẫu ngẫu nhiên")],
    "formula_options": [("TOP2", "Tỷ lệ mức 4 và 5"), ("MEAN5", "Điểm trung bình quy đổi")],
    "aggregation_options": [("MEAN_OF_CRITERIA", "Trung bình các tiêu chí"), ("POOLED", "Gộp mọi câu trả lời")],
}
OFFICER_SAMPLES: dict[str, Sample] = {
    "rounds": ("survey/rounds.html", LIST | {"new_url": "/officer/rounds/new"}),
    "rounds-none": ("survey/rounds.html", EMPTY | {"new_url": "/officer/rounds/new"}),
    "round-form": ("survey/round_form.html", ROUND),
    "question-sets": ("survey/question_sets.html", LIST),
    "feedback": ("feedback/list.html", LIST),
    "feedback-none": ("feedback/list.html", EMPTY),
    "exports": (
        "exports/index.html",
        LIST
        | {
            "exports": [
                Some(
                    title="Chỉ số các đơn vị (Excel)",
                    description="Bảng kết quả như trên trang, có tờ ghi chú cách tính.",
                    url="/officer/exports/index",
                    token="t",
                    fields=FILTERS[:2],
                )
            ]
        },
    ),
}
