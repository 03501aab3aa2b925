"""Contexts of the result pages, with charts drawn from invented figures."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Some
from typing import Any

from markupsafe import Markup

from app.analysis.charts.bars import criteria_bars
from app.analysis.charts.distribution import distribution_bars
from app.analysis.charts.intervals import dot_whisker, factor_dots
from app.analysis.charts.rows import DistributionRow, IntervalRow, Reference
from tests.unit.templates.public_samples import LONG_UNIT, Sample
from tests.unit.templates.questions import SECTIONS

WIDE, NARROW = 1080, 328
NAMES = ("Phường Bình Yên", "Phường An Hòa", "Xã Nghĩa Lộ", LONG_UNIT, "Đặc khu Vân Đồn", "Xã Xuân Mỹ")
CRITERION = (
    "Trung tâm có trang thiết bị phục vụ người dân đầy đủ, hiện đại, giúp người dân giải quyết công việc dễ dàng"
)


def sampled_page() -> dict[str, Any]:
    """Return the page of a unit of a sampled round, with everything that can stand on it."""
    table = Some(
        caption="Các nhóm: số liệu",
        columns=[Some(label="Nhóm", numeric=False), Some(label="Số đơn vị", numeric=True)],
        rows=[["a", "4"], ["b", "2"]],
    )
    units, *others = make_charts()
    figure = Some(
        label="Chỉ số", value="84,1\u00a0%", low="81,9", high="86,1", n="1.204", sample_kind="probability", reason=""
    )
    return {
        "title": f"Kết quả khảo sát – {LONG_UNIT}",
        "index_title": "Chỉ số hài lòng",
        "round_name": "Khảo sát năm 2026",
        "kind_words": "mẫu chọn ngẫu nhiên",
        "figures": [figure],
        "facts": [("Số phiếu", "1.204"), ("Độ chính xác", "đủ chính xác")],
        "warnings": ["Cần đọc thận trọng: rất ít người không hài lòng."],
        "standing": ["Hạng 3–9 trên 18.", "So với trung bình các đơn vị: chưa phân biệt được."],
        "how_to_read_url": "/officer/results/how-to-read",
        "charts": [
            Some(
                **{
                    **vars(units),
                    "table": None,
                    "open_table": Some(**{**vars(units.table), "caption": "Các đơn vị, theo chỉ số"}),
                }
            ),
            *others[:2],
        ],
        "tables": [
            Some(id="groups", heading="Các nhóm", sentences=["Hai nhóm."], table=table),
            Some(id="pairs", heading="So từng cặp", sentences=["Chưa có cặp nào."], table=None),
        ],
        "notes": ["Công thức TOP2.", "Khoảng Wilson."],
        "empty_reason": "",
        "xlsx_url": "/x.xlsx",
        "csv_links": [("Tải CSV đơn vị", "/x.csv")],
        "parent_url": "/p",
        "parent_name": "Tỉnh",
    }


def make_chart(identity: str, title: str, draw: Callable[[int], Markup], legend: str = "") -> Some:
    """Return one chart with a small table, as result pages want it."""
    table = Some(
        caption=title,
        columns=[Some(label="Tên", numeric=False), Some(label="Tỷ lệ", numeric=True), Some(label="n", numeric=True)],
        rows=[[{"text": name, "url": "/results/x"}, "84,1\u00a0% (81,9–86,1)", "1.204"] for name in NAMES],
    )
    return Some(id=identity, title=title, text="", legend=legend, wide=draw(WIDE), narrow=draw(NARROW), table=table)


def make_charts() -> list[Some]:
    """Return all charts of a unit's page."""
    values = (0.841, 0.931, 0.885, 0.823, None, 0.666)
    units = [
        IntervalRow(
            name,
            value,
            value and value - 0.04,
            value and value + 0.03,
            1204 if value else None,
            reason="chưa đủ 10 phiếu",
        )
        for name, value in zip(NAMES, values, strict=True)
    ]
    factors = [
        IntervalRow(name, 0.9 - 0.03 * at, 0.87 - 0.03 * at, 0.92 - 0.03 * at, 812)
        for at, (name, _) in enumerate(SECTIONS)
    ]
    criteria = [
        IntervalRow(f"{at}. {CRITERION}", 0.95 - at / 50, 0.92 - at / 50, 0.97 - at / 50, 700) for at in range(1, 17)
    ]
    levels = [DistributionRow(f"{at}. {CRITERION}", (at, 2 * at, 40, 500, 300), 12, at) for at in range(1, 17)]
    province = Reference("Toàn tỉnh", 0.846)
    title = "Tỷ lệ hài lòng của các đơn vị từ 66,6 đến 93,1\u00a0%"
    return [
        make_chart("units", title, lambda w: dot_whisker(units, province, w, chart_id="units", title=title)),
        make_chart(
            "factors",
            "Tiếp nhận phản ánh là yếu tố thấp nhất",
            lambda w: factor_dots(factors, None, w, chart_id="factors", title="Các yếu tố"),
        ),
        make_chart("criteria", "Tiêu chí", lambda w: criteria_bars(criteria, w, chart_id="criteria", title="Tiêu chí")),
        make_chart(
            "levels",
            "Người dân đã trả lời thế nào",
            lambda w: distribution_bars(levels, w, chart_id="levels", title="Năm mức"),
            "levels",
        ),
    ]


FILTERS = [
    Some(
        name="period",
        label="Kỳ",
        value="2026-Q3",
        options=[("2026-Q3", "Quý III năm 2026"), ("2026-Q2", "Quý II năm 2026")],
    ),
    Some(name="channel", label="Kênh", value="", options=[("", "Tất cả"), ("open", "Mã tại quầy")]),
    Some(name="kind", label="Người trả lời", value="", options=[("", "Tất cả"), ("1", "Cá nhân")]),
    Some(name="field", label="Lĩnh vực", value="", options=[("", "Tất cả"), ("ho-tich", "Hộ tịch")]),
    Some(name="formula", label="Cách tính", value="", options=[("", "Theo đợt"), ("both", "Cả hai cách, cạnh nhau")]),
]
FIGURES = [
    Some(
        label="hài lòng hoặc rất hài lòng", value="84,1\u00a0%", low="81,9", high="86,1", n="1.204", sample_kind="open"
    ),
    Some(label="điểm trung bình quy đổi", value="81,7\u00a0%", low="80,9", high="82,4", n="1.204", sample_kind="open"),
    Some(label="mẫu ngẫu nhiên", value="80,2\u00a0%", low="78,0", high="82,1", n="900", sample_kind="probability"),
    Some(label="lĩnh vực Hộ tịch", value=None, reason="chưa đủ 10 phiếu", sample_kind="open"),
]
RESULTS: dict[str, Any] = {
    "least": 10,
    "index_title": "Chỉ số hài lòng tại quầy (theo phần II phiếu SIPAS 2023)",
    "until_text": "31/10/2026",
    "filters": FILTERS,
    "filter_action": "/results/bY3",
    "figures": FIGURES,
    "charts": make_charts(),
    "notes": ["Tỷ lệ hài lòng: số người chọn mức 4 và 5 trên số người có trả lời.", "Trung bình các tiêu chí."],
}
NAVIGATION = [
    Some(
        title=title,
        entries=[Some(label=label, url="/officer", current=label == "Kết quả các đơn vị") for label in labels],
    )
    for title, labels in {
        "Việc của tôi": ["Ủy quyền"],
        "Phản ánh": ["Phản ánh, kiến nghị"],
        "Khảo sát": ["Đợt khảo sát", "Bộ câu hỏi"],
        "Kết quả": ["Kết quả các đơn vị"],
        "Đơn vị & mã QR": ["Đơn vị", "Mã QR"],
        "Quản trị": ["Cán bộ", "Nhật ký"],
    }.items()
]
OFFICER: dict[str, Any] = {
    "navigation": NAVIGATION,
    "is_simulated": True,
    "officer_name": "Nguyễn Thị Minh Châu",
    "sign_out_url": "/officer/sign-out",
    "sign_out_token": "token",
    "csrf_token": "token",
}

ANSWER = Some(
    title="Quầy mở muộn buổi sáng",
    question=["Quầy mở muộn 30 phút.", "Nhiều người phải chờ."],
    answer=["Đơn vị đã nhắc nhở cán bộ."],
    first_words="Quầy mở muộn 30 phút.",
    unit_name="Ủy ban nhân dân phường Bãi Cháy",
    kind_words="Phản ánh, kiến nghị",
    outcome_words="Đã giải quyết",
    month="tháng 11/2026",
    is_changed=True,
    files=[Some(number=1, url="/answers/x/y/files/1", words="ảnh, 0,3 MB")],
)
RESULT_SAMPLES: dict[str, Sample] = {
    "results-unit": (
        "results/unit.html",
        RESULTS
        | {
            "lang": "vi",
            "unit_name": LONG_UNIT,
            "period_text": "Quý III năm 2026",
            "is_simulated": True,
            "parent_url": "/results/a",
            "parent_name": "Tỉnh Quảng Ninh",
            "index_url": "/results",
            "csv_url": "/results/a.csv",
            "language_url": "?lang=en",
        },
    ),
    "results-none": (
        "results/unit.html",
        RESULTS
        | {"unit_name": "Xã Xuân Mỹ", "period_text": "Quý III năm 2026", "figures": [], "charts": [], "until_text": ""},
    ),
    "results-index": (
        "results/index.html",
        {
            "province_name": "Tỉnh Quảng Ninh",
            "until_text": "31/10/2026",
            "units": [
                Some(name=name, url="/results/x", text="84,1\u00a0% (TOP2; 81,9–86,1; n = 1.204)" if at else None)
                for at, name in enumerate(NAMES)
            ],
            "page": Some(number=2, pages=3, total=130, previous_url="?page=1", next_url="?page=3"),
        },
    ),
    "public-answers": (
        "public_answers/list.html",
        {
            "unit_name": "",
            "answers": [{"seen": ANSWER, "url": "/answers/x/y"}],
            "units": [Some(name=name, url="/answers/x", count=12) for name in NAMES],
            "query": "muộn",
            "page": Some(number=1, pages=2, total=30, previous_url=None, next_url="?page=2"),
            "index_url": "/answers",
            "feed_url": "/answers/feed.xml",
            "feedback_url": "/feedback",
        },
    ),
    "public-answer": (
        "public_answers/one.html",
        {"answer": ANSWER, "unit_url": "/answers/x", "feedback_url": "/feedback"},
    ),
    "analysis-unit": (
        "analysis/unit.html",
        RESULTS
        | OFFICER
        | {
            "title": "Kết quả tại quầy – Tỉnh Quảng Ninh",
            "today_count": 12,
            "empty_reason": "",
            "unit_line": "Toàn tỉnh · 54 đơn vị",
            "period_line": "Quý III năm 2026",
            "change_url": "/officer/results",
            "xlsx_url": "/x",
            "csv_url": "/c",
            "raw_url": "/r",
            "close_day_url": "/officer/close-day",
        },
    ),
    "analysis-none": (
        "analysis/unit.html",
        RESULTS
        | OFFICER
        | {
            "title": "Kết quả",
            "today_count": None,
            "figures": [],
            "charts": [],
            "empty_reason": "Chưa đủ 10 phiếu trong kỳ này. Xin chọn kỳ dài hơn.",
        },
    ),
    "analysis-index": (
        "analysis/index.html",
        OFFICER
        | {
            "filters": FILTERS[:1],
            "filter_action": "/officer/results",
            "columns": [Some(label="Đơn vị", numeric=False), Some(label="Số phiếu", numeric=True)],
            "rows": [[{"text": name, "url": "/u"}, "1.204"] for name in NAMES],
            "page": Some(number=1, pages=3, total=54, previous_url=None, next_url="?page=2"),
            "formula": "TOP2: giá trị một tiêu chí là tỷ lệ người chọn “Hài lòng” hoặc “Rất hài lòng”.",
        },
    ),
    "analysis-sampled-unit": ("analysis/sampled/unit.html", OFFICER | sampled_page()),
    "analysis-sampled-how-to-read": (
        "analysis/sampled/how_to_read.html",
        OFFICER
        | {
            "title": "Cách đọc kết quả",
            "parts": [
                {"heading": "", "blocks": ["Trang này dành cho lãnh đạo đơn vị."]},
                {"heading": "Hạng", "blocks": ["Hạng 3–9 trên 18.", ["Điểm một", "Điểm hai"]]},
            ],
            "back_url": "/officer/results",
        },
    ),
}
