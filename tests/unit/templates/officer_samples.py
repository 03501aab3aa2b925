"""Contexts of the officers' lists and forms."""

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
MERGE: dict[str, Any] = OFFICER | {
    "step": "choose",
    "action_url": "/officer/units/merge",
    "errors": [Some(field_id="target", message="Không thể sáp nhập một đơn vị vào chính nó.")],
    "unit_options": OPTIONS,
    "values": {"sources": ["1"], "target": "1", "on": "01/07/2025", "decision": ""},
    "consequences": ["Phường Bình Yên kết thúc hoạt động từ 01/07/2025.", "Ba mã QR được chuyển hướng."],
    "cancel_url": "/officer/units",
}
PREVIEW: dict[str, Any] = OFFICER | {
    "file_name": "don-vi-quang-ninh.xlsx",
    "counts": [("Thêm mới", "12 đơn vị, 30 quầy"), ("Thay đổi", "2 đơn vị")],
    "problems": [Some(row="7", column="Mã đơn vị", message="Mã 07123 đã có ở dòng 4.")],
    "columns": COLUMNS,
    "rows": LIST["rows"],
    "action_url": "/officer/units/import",
    "upload_key": "k",
    "cancel_url": "/officer/units/import",
}

OFFICER_SAMPLES: dict[str, Sample] = {
    "units": ("units/list.html", LIST | {"import_url": "/i", "new_url": "/n", "merge_url": "/m"}),
    "units-none": ("units/list.html", EMPTY | {"import_url": "/i"}),
    "unit": (
        "units/unit.html",
        OFFICER
        | {
            "unit_name": LONG_UNIT,
            "facts": [("Loại", "Trung tâm một cửa"), ("Mã", "07123"), ("Cấp trên", "Tỉnh Quảng Ninh")],
            "history": ["01/07/2025: thành lập từ Phường A và Phường B theo Nghị quyết 1679/NQ-UBTVQH15."],
            "counters": LIST["rows"],
            "counter_columns": COLUMNS,
            "counter_form": Some(action_url="/c", token="t", values={}, errors=[]),
            "print_sheets": [Some(label="Áp phích A4", url="/p")],
        },
    ),
    "unit-import": ("units/import.html", OFFICER | {"action_url": "/officer/units/import", "errors": []}),
    "unit-import-preview": ("units/import_preview.html", PREVIEW),
    "unit-import-good": ("units/import_preview.html", PREVIEW | {"problems": []}),
    "unit-merge": ("units/merge.html", MERGE),
    "unit-merge-confirm": ("units/merge.html", MERGE | {"step": "confirm", "errors": []}),
    "codes": ("qr/list.html", LIST),
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
