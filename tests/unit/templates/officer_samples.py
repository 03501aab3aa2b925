"""The components of officer pages on one page; the pages themselves are drawn by the functional tests."""

from __future__ import annotations

from types import SimpleNamespace as Some

from tests.unit.templates.public_samples import LONG_UNIT, Sample
from tests.unit.templates.result_samples import FILTERS, NAMES, OFFICER

OFFICER_SAMPLES: dict[str, Sample] = {
    "components": (
        "components.html",
        OFFICER
        | {
            "flashes": [("success", "Đã lưu đơn vị."), ("error", "Tệp không đọc được."), ("info", "Đang tạo tệp.")],
            "unit_line": LONG_UNIT,
            "errors": [Some(field_id="name", message="Xin ghi tên."), Some(field_id="", message="Chưa lưu.")],
            "filters": [*FILTERS[:2], Some(name="q", label="Tìm tên", value="ho tich", options=None)],
            "filter_action": "/officer/list",
            "columns": [
                Some(label="Tên", numeric=False),
                Some(label="Loại", numeric=False),
                Some(label="Số phiếu", numeric=True),
            ],
            "rows": [[{"text": name, "url": "/officer/x"}, "Phường", "1.204"] for name in NAMES],
            "page": Some(number=2, pages=3, total=54, previous_url="?page=1", next_url="?page=3"),
            "options": [("1", "Phường Bình Yên"), ("2", LONG_UNIT)],
        },
    ),
}
