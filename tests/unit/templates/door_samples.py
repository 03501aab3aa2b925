"""Contexts of the pages of the door: (template, context)."""

from __future__ import annotations

from types import SimpleNamespace as Some
from typing import Any

Sample = tuple[str, dict[str, Any]]

LONG = (
    "Chi nhánh số 12 Trung tâm Phục vụ hành chính công thành phố Hồ Chí Minh – Văn phòng đăng ký đất đai khu vực "
    "Bà Rịa – Vũng Tàu"
)
STEP: dict[str, Any] = {
    "lang": "vi",
    "step": 2,
    "steps": 6,
    "form_id": "MDE5M2M2YTE.aGVsbG8",
    "action_url": "/feedback/kind",
    "back_url": "/feedback/text",
    "language_url": "/feedback/kind?lang=en",
    "errors": [],
    "wrong": {},
}
LINES = [
    ("Ai trả lời", "Cơ quan bị phản ánh hoặc cơ quan có thẩm quyền."),
    ("Khi nào", "Trong 20 ngày; nếu gửi hôm nay: trước hết ngày 14/12/2026."),
    ("Có cần ghi tên không", "Không bắt buộc."),
    ("Nếu không ghi tên", "Vẫn được tiếp nhận, xem xét; trả lời trên trang theo dõi bằng mã bí mật."),
    ("Câu trả lời có công khai không", "Có thể công khai, sau khi bỏ mọi thông tin về Ông/Bà."),
    ("Căn cứ", "Nghị định 20/2008/NĐ-CP, sửa đổi bởi Nghị định 92/2017/NĐ-CP"),
]
QUESTIONS = [
    ("own_right", "Quyết định hoặc việc làm của cơ quan, cán bộ xâm phạm quyền lợi của chính tôi", True),
    ("broken_law", "Có người vi phạm pháp luật, ví dụ đòi tiền ngoài quy định", False),
    ("bad_service", "Quy định, thủ tục, cách phục vụ chưa tốt hoặc gây khó khăn", False),
    ("idea", "Tôi có ý tưởng, đề xuất hoặc lời khen", False),
]
START: dict[str, Any] = {
    "lang": "vi",
    "unit_name": "Trung tâm Phục vụ hành chính công phường Bình Yên",
    "counter_name": "Quầy 3 – Hộ tịch",
    "form_id": "MDE5M2M2YTE.aGVsbG8",
    "action_url": "/q/7KQ2M9/feedback",
    "switch_url": "/q/7KQ2M9/feedback?lang=en",
    "follow_url": "/follow",
    "back_url": "/q/7KQ2M9",
    "text": "",
    "questions": QUESTIONS,
    "errors": [],
    "personal_data": [],
    "least": 10,
    "most": "5.000",
    "keeps_draft": False,
    "offers_draft": True,
}


def _track(value: str, name: str, *, is_checked: bool = False) -> dict[str, Any]:
    short = "Ý kiến về khó khăn do quy định, thủ tục hoặc cách phục vụ."
    return {"value": value, "name": name, "short": short, "lines": LINES, "is_checked": is_checked}


KIND = STEP | {
    "proposed": "Phản ánh, kiến nghị",
    "reasons": ["Ông/Bà cho biết quy định chưa tốt. Việc đó theo luật là phản ánh, kiến nghị."],
    "tracks": [
        _track("petition", "Phản ánh, kiến nghị", is_checked=True),
        _track("suggestion", "Góp ý"),
        _track("complaint", "Khiếu nại"),
        _track("denunciation", "Tố cáo"),
    ],
}
FACTS = Some(
    name="Sở Nội vụ tỉnh Quảng Ninh",
    address="Phường Hồng Hà",
    phone="0203 3825 123",
    hotline="1022",
    complaint_place=("Phòng Tiếp công dân", "12 đường Hòa Bình"),
    denunciation_place=("Ban Tiếp công dân tỉnh", "12 đường Hòa Bình, sáng thứ hai đến thứ sáu"),
)
GUIDANCE = STEP | {
    "public_facts": lambda: FACTS,
    "is_information": True,
    "how": ["Viết đơn, ký tên, gửi đến nơi tiếp công dân.", "Danh tính người tố cáo được giữ bí mật theo luật."],
    "meaning": {"lines": (), "apart": [("Nếu nộp tố cáo đúng luật", LINES), ("Nếu gửi tin ẩn danh", LINES)]},
}
PLACE = STEP | {
    "unit_name": "",
    "unit_above": "",
    "sought": "binh yen",
    "units": [Some(id=1, name="Phường Bình Yên", above="Tỉnh Quảng Ninh"), Some(id=2, name=LONG, above=LONG)],
    "unit_total": 31,
    "counters": [],
    "counter_id": None,
    "procedures": [],
    "procedure_id": None,
    "procedure_sought": "",
    "happened_on": "",
    "asks_remote": False,
    "is_remote": False,
    "today": "21/11/2026",
}
PLACE_CHOSEN = PLACE | {
    "unit_name": LONG,
    "unit_above": "Thành phố Hồ Chí Minh",
    "units": [],
    "counters": [(1, "Quầy 1 – Hộ tịch"), (2, "Quầy 12 – Đăng ký đất đai, tài sản gắn liền với đất")],
    "counter_id": 2,
    "procedures": [(5, "1.001193 – Thủ tục đăng ký khai sinh")],
    "procedure_id": 5,
    "procedure_sought": "khai sinh",
    "happened_on": "32/13/2026",
    "asks_remote": True,
    "errors": [Some(field_id="happened_on", message="Xin ghi ngày/tháng/năm như ví dụ ở ô này, hoặc để trống.")],
    "wrong": {"happened_on": "Xin ghi ngày/tháng/năm như ví dụ ở ô này, hoặc để trống."},
}
FILES = STEP | {
    "files": [
        Some(id="a", name="IMG_20261120_081522_rat_dai_khong_co_khoang_trang_nao_ca.jpg", words="4,2 MB"),
        Some(id="b", name="don-khieu-nai.pdf", words="0,3 MB"),
    ],
    "refused": [("bang-gia.exe", "Không nhận loại tệp này."), ("", "Lần gửi này lớn hơn 101 MB.")],
    "most_files": 5,
    "most_megabytes": 20,
    "accept": "image/jpeg,application/pdf",
    "asks_letter": True,
    "has_letter": False,
    "scripts": ["files"],
}
CONTACT = STEP | {
    "choice": "named",
    "identity": "Theo quy định, loại này không bắt buộc ghi tên.",
    "instead": "Vẫn được tiếp nhận; không lưu tên, số máy.",
    "notice": "Họ tên và liên hệ được mã hóa, giữ riêng với nội dung.",
    "has_agreed": False,
    "wants_notices": True,
    "values": Some(name="", phone="abc", email="", address=""),
    "errors": [Some(field_id="name", message="Xin ghi họ và tên."), Some(field_id="phone", message="Số sai.")],
    "wrong": {"name": "Xin ghi họ và tên.", "phone": "Số sai."},
}
CHECK = STEP | {
    "text": "Chờ từ 8 giờ đến gần trưa mới đến lượt.\n\nMong bố trí thêm người.",
    "text_url": "/feedback/text?edit=1",
    "parts": [
        Some(title="Loại", url="/feedback/kind?edit=1", lines=["Phản ánh, kiến nghị"]),
        Some(title="Ở đâu, khi nào", url="/feedback/place?edit=1", lines=[LONG, "Quầy 3 – Hộ tịch"]),
        Some(title="Người gửi", url="/feedback/contact?edit=1", lines=["Ẩn danh"]),
    ],
    "meaning": {"lines": LINES},
}
CODE = STEP | {
    "step": 0,
    "steps": 0,
    "public_number": "PA-7KQ2M-9XF3H",
    "code": "7KQ2-M9XF-3H4J-5KMN-PQRT",
    "received_on": "21/11/2026",
    "title_words": "Đã nhận phản ánh, kiến nghị của Ông/Bà.",
    "place_line": f"{LONG} · Quầy 3 – Hộ tịch",
    "warning": "",
    "next_steps": ["Cán bộ được giao đọc nội dung.", "Hạn trả lời là ngày 14/12/2026."],
    "slip_url": "/feedback/sent/slip",
    "pdf_url": "/feedback/sent/slip.pdf",
    "calendar_url": "/feedback/sent/due.ics",
    "receipt_url": "/feedback/sent/receipt.txt",
    "until": "08:30",
    "scripts": ["draft"],
}
RECEIPT = "BIÊN NHẬN CỦA LẮNG NGHE – MẪU 1\nSố: PA-7KQ2M-9XF3H | 1a2b\nNhận lúc: 08:00 ngày 21/11/2026 | 3c4d\n"

REGISTER: dict[str, Any] = {
    "csrf_token": lambda: "t",
    "page": "MDE5M2M2YTE",
    "action_url": "/officer/cases/register",
    "channels": [("walk_in", "Trực tiếp tại cơ quan"), ("phone", "Qua điện thoại")],
    "kinds": [("petition", "Phản ánh, kiến nghị"), ("complaint", "Khiếu nại")],
    "unit": "2201",
    "unit_name": LONG,
    "suggestions": [("2201", "Phường Bình Yên (2201)"), ("2202", f"{LONG} (2202)")],
    "counters": [(1, "Quầy 1 – Hộ tịch")],
    "procedures": [(5, "1.001193 – Thủ tục đăng ký khai sinh")],
    "values": Some(
        channel="phone",
        kind="",
        counter="1",
        procedure="",
        sought_procedure="khai sinh",
        happened_on="",
        who="named",
        name="",
        phone="abc",
        email="",
        address="",
        is_remote=False,
        notices=True,
        has_letter=False,
        agree=False,
    ),
    "text": "Gọi lại số 0912 345 678",
    "hints": ["“0912 345 678” giống số điện thoại."],
    "notice": "Họ tên và liên hệ được mã hóa.",
    "least": 10,
    "today": "21/11/2026",
    "most_files": 5,
    "accept": "image/jpeg,application/pdf",
    "wrong": {"kind": "Xin chọn loại.", "agree": "Xin chọn ô đồng ý.", "phone": "Số sai."},
    "errors": [
        Some(field_id="kind", message="Xin chọn loại."),
        Some(field_id="agree", message="Xin chọn ô đồng ý."),
    ],
    "flashes": [],
    "public_facts": lambda: FACTS,
}
REGISTERED: dict[str, Any] = {
    "csrf_token": lambda: "t",
    "public_number": "PA-7KQ2M-9XF3H",
    "slip": Some(
        title="Phiếu tiếp nhận",
        lines=[("Mã bí mật", "7KQ2-M9XF-3H4J-5KMN-PQRT", True), ("Nơi xảy ra", LONG, False)],
        warning="Ai có mã này thì xem được việc này.",
        receipt_title="Biên nhận",
        receipt=f"{RECEIPT}Chữ ký: {'Ab3' * 29}== | 5e6f\n",
    ),
    "refused": [("bang-gia.exe", "Không nhận loại tệp này.")],
    "pdf_url": "/officer/cases/register/slip.pdf",
    "action_url": "/officer/cases/register/slip",
}

DOOR_SAMPLES: dict[str, Sample] = {
    "register": ("cases/register.html", REGISTER),
    "registered": ("cases/registered.html", REGISTERED),
    "door-start": ("feedback/start.html", START),
    "door-start-draft": (
        "feedback/start.html",
        START | {"keeps_draft": True, "offers_draft": False, "unit_name": "", "counter_name": "", "is_simulated": True},
    ),
    "door-start-error": (
        "feedback/start.html",
        START
        | {
            "text": "Gọi tôi số 0912 345 678",
            "unit_name": LONG,
            "errors": [Some(field_id="text", message="Xin viết thêm vài chữ.")],
            "personal_data": ["“0912 345 678” giống số điện thoại."],
        },
    ),
    "door-kind": ("feedback/kind.html", KIND),
    "door-guidance": ("feedback/guidance.html", GUIDANCE),
    "door-guidance-complaint": (
        "feedback/guidance.html",
        GUIDANCE | {"is_information": False, "meaning": {"lines": LINES}},
    ),
    "door-place": ("feedback/place.html", PLACE),
    "door-place-none": (
        "feedback/place.html",
        PLACE | {"units": [], "unit_total": 0, "errors": [Some(field_id="sought_unit", message="Xin tìm.")]},
    ),
    "door-place-chosen": ("feedback/place.html", PLACE_CHOSEN),
    "door-files": ("feedback/files.html", FILES),
    "door-contact": ("feedback/contact.html", CONTACT),
    "door-check": ("feedback/check.html", CHECK),
    "door-code": ("feedback/code.html", CODE),
    "door-code-information": ("feedback/code.html", CODE | {"calendar_url": "", "is_simulated": True}),
    "door-saved": (
        "feedback/saved.html",
        STEP | {"step": 0, "steps": 0, "follow_url": "/follow", "again_url": "/feedback"},
    ),
    "door-expired": (
        "feedback/expired.html",
        STEP
        | {
            "step": 0,
            "steps": 0,
            "start_url": "/feedback",
            "text": "Chờ từ 8 giờ đến gần trưa.",
            "typed": [("Họ và tên", "Nguyễn Thị Lan")],
        },
    ),
    "door-expired-empty": (
        "feedback/expired.html",
        STEP | {"step": 0, "steps": 0, "start_url": "/feedback", "text": "", "typed": []},
    ),
    "door-slip": (
        "feedback/slip.html",
        {
            "lang": "vi",
            "public_number": "PA-7KQ2M-9XF3H",
            "code": "7KQ2-M9XF-3H4J-5KMN-PQRT",
            "received_on": "21/11/2026",
            "due_line": ("Hạn trả lời", "14/12/2026"),
            "place_line": LONG,
            "follow_address": "https://langnghe.example.vn/follow",
            "receipt": RECEIPT,
            "back_url": "/feedback/sent",
        },
    ),
}
