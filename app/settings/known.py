"""Every setting that can be changed in the browser, with its type, limits and purpose (pure).

To add one: a line here; pages, history, file and record follow by themselves. Settings that decide how the process
runs stay in the environment (``app/config.py``); terms of the law and holidays are versioned data of their own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from app import clock
from app.errors import Invalid
from app.web import text_input

T = TypeVar("T", str, int)

MOST_NAME = 60
MOST_SHOWN = 100  # the largest least number of answers that makes sense
_PHONE = re.compile(r"[0-9+][0-9 .()/-]{2,38}[0-9]", re.ASCII)


class BadValue(Invalid):
    """What was typed is no value for this setting."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting. ``name`` is stored, ``read`` makes a value of what was typed or raises BadValue.

    ``default`` holds while nobody has set it. ``is_long`` asks for several lines. ``is_floored``: the environment says
    the least value, and what is set here can only go above it.
    """

    name: str
    label: str
    purpose: str
    default: T
    read: Callable[[str], T]
    is_long: bool = False
    is_floored: bool = False

    @property
    def slug(self) -> str:
        """The name as it stands in an address."""
        return self.name.replace("_", "-")


def line(most: int) -> Callable[[str], str]:
    """A text on one line."""

    def read(raw: str) -> str:
        return _within(" ".join(text_input.clean(raw).split()), most)

    return read


def lines(most: int) -> Callable[[str], str]:
    """A text on several lines, without empty ones."""

    def read(raw: str) -> str:
        kept = (" ".join(one.split()) for one in text_input.clean(raw).split("\n"))
        return _within("\n".join(one for one in kept if one), most)

    return read


def fields_of(most: int, codes: frozenset[str]) -> Callable[[str], str]:
    """Lines of a known code, an equals sign and a name; no code and no name twice."""

    def read(raw: str) -> str:
        text = lines(most)(raw)
        pairs = [one.partition("=") for one in text.split("\n") if one]
        told = [(code.strip(), name.strip()) for code, _sign, name in pairs]
        for code, name in told:
            if code not in codes or not name or len(name) > MOST_NAME:
                raise BadValue(f"Dòng “{code[:40]}”: xin ghi một mã dùng được, dấu bằng, rồi tên cột bên kia.")
        if len({code for code, _ in told}) < len(told) or len({name for _, name in told}) < len(told):
            raise BadValue("Có mã hoặc tên cột ghi hai lần.")
        return "\n".join(f"{code} = {name}" for code, name in told)

    return read


def phone(raw: str) -> str:
    """A telephone number as people dial it, with blanks and dots as typed."""
    text = " ".join(text_input.clean(raw).split())
    if text and not _PHONE.fullmatch(text):
        raise BadValue("Xin nhập số điện thoại bằng chữ số, ví dụ 0203 3825 123.")
    return text


def whole(raw: str) -> int:
    """A whole number of answers; the floor of the environment is checked where it is known."""
    text = raw.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 4 or not 2 <= int(text) <= MOST_SHOWN:
        raise BadValue(f"Xin nhập số nguyên từ 2 đến {MOST_SHOWN}.")
    return int(text)


def working_days(most: int) -> Callable[[str], int]:
    """A number of working days; 0 means not at all."""

    def read(raw: str) -> int:
        text = raw.strip()
        if not (text.isascii() and text.isdecimal()) or len(text) > 4 or int(text) > most:
            raise BadValue(f"Xin nhập số ngày làm việc, từ 0 đến {most}; 0 là không nhắc.")
        return int(text)

    return read


def day(raw: str) -> str:
    """A day as people write it, or nothing."""
    text = raw.strip()
    if text and day_of(text) is None:
        raise BadValue("Xin nhập ngày, dạng ngày/tháng/năm, ví dụ 01/01/2026; để trống nếu không giới hạn.")
    return text


def day_of(text: str) -> date | None:
    """The day a setting of that type holds; None: it is empty."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=clock.VIETNAM).date() if text else None
    except ValueError:
        return None


def _within(text: str, most: int) -> str:
    wrong = text_input.problem(text, most)
    if wrong:
        raise BadValue(str(wrong))
    return text


AUTHORITY_NAME = Setting(
    "authority_name",
    "Cơ quan chủ trì",
    "Tên cơ quan đặt hệ thống này, ghi ở cuối mọi trang cho người dân để họ biết ai chịu trách nhiệm.",
    "",
    line(200),
)
AUTHORITY_ADDRESS = Setting(
    "authority_address",
    "Địa chỉ cơ quan chủ trì",
    "Ghi ở cuối mọi trang cho người dân, sau tên cơ quan.",
    "",
    line(300),
)
AUTHORITY_PHONE = Setting(
    "authority_phone",
    "Điện thoại cơ quan chủ trì",
    "Ghi ở cuối mọi trang cho người dân. Số này để hỏi về hệ thống, không phải để phản ánh.",
    "",
    phone,
)
HOTLINE = Setting(
    "hotline",
    "Đường dây nóng",
    "Số để người dân phản ánh bằng lời, ghi ở cuối mọi trang cho người dân và ở trang gửi phản ánh.",
    "",
    phone,
)
COMPLAINT_PLACE = Setting(
    "complaint_place",
    "Nơi nhận đơn khiếu nại",
    "Tên phòng, địa chỉ, giờ tiếp. Ghi ở trang gửi phản ánh, vì khiếu nại có thủ tục riêng theo luật.",
    "",
    lines(600),
    is_long=True,
)
DENUNCIATION_PLACE = Setting(
    "denunciation_place",
    "Nơi nhận đơn tố cáo",
    "Tên phòng, địa chỉ, giờ tiếp. Ghi ở trang gửi phản ánh, vì tố cáo có thủ tục riêng theo luật.",
    "",
    lines(600),
    is_long=True,
)
LEAST_PUBLIC = Setting(
    "least_public",
    "Số câu trả lời ít nhất để công bố",
    "Kết quả có ít câu trả lời hơn số này thì không hiện cho người dân và cán bộ đơn vị, để không đoán ra ai trả lời. "
    "Chỉ nâng lên được so với mức đặt khi cài đặt hệ thống.",
    0,
    whole,
    is_floored=True,
)
LEAST_HOME_AFFAIRS = Setting(
    "least_home_affairs",
    "Số câu trả lời ít nhất cho cơ quan nội vụ",
    "Như trên, cho kết quả chưa công bố mà cơ quan nội vụ xem. Không lớn hơn mức công bố.",
    0,
    whole,
    is_floored=True,
)
REMIND_BEFORE = Setting(
    "remind_before",
    "Nhắc người xử lý trước hạn (ngày làm việc)",
    "Trước hạn trả lời một đơn bấy nhiêu ngày làm việc, người được giao đơn được nhắc một lần; đến hạn được nhắc "
    "lần nữa. Đơn chưa giao cho ai thì nhắc người phân công của đơn vị. Chỉ nhắc trong giờ làm việc.",
    2,
    working_days(10),
)
ESCALATE_LEADER = Setting(
    "escalate_leader",
    "Báo lãnh đạo đơn vị khi quá hạn (ngày làm việc)",
    "Quá hạn bấy nhiêu ngày làm việc mà đơn chưa được trả lời, lãnh đạo đơn vị đang xử lý được báo một lần.",
    1,
    working_days(20),
)
ESCALATE_ABOVE = Setting(
    "escalate_above",
    "Báo cấp trên khi quá hạn (ngày làm việc)",
    "Quá hạn bấy nhiêu ngày làm việc, cấp trên gần nhất được báo một lần; không có cấp trên thì báo cơ quan nội vụ.",
    3,
    working_days(60),
)
LETTERS_SINCE = Setting(
    "letters_since",
    "Theo dõi thư xin lỗi từ ngày hẹn trả",
    "Chỉ hồ sơ hẹn trả từ ngày này mới vào sổ thư xin lỗi phải gửi; thư của hồ sơ cũ hơn đã gửi bằng giấy. Để trống là "
    "theo dõi mọi hồ sơ đã nhập.",
    "",
    day,
)
NATIONAL_CODES = frozenset(
    {
        *("number", "kind_code", "kind", "form", "stage", "state", "outcome", "unit_code", "unit", "concerned_unit"),
        *("procedure_code", "procedure", "field", "channel", "system", "received_on", "due_on", "closed_on"),
        *("days_late", "reopened", "anonymous", "private", "text", "answer"),
        *("sender_name", "sender_phone", "sender_email", "sender_address"),
    }
)
NATIONAL_DEFAULT = (
    "number = MaDon",
    "kind_code = LoaiDon",
    "form = DuDieuKien",
    "stage = LanGiaiQuyet",
    "received_on = NgayTiepNhan",
    "channel = HinhThucTiepNhan",
    "unit_code = MaCoQuanGiaiQuyet",
    "unit = TenCoQuanGiaiQuyet",
    "concerned_unit = CoQuanBiPhanAnh",
    "field = LinhVuc",
    "procedure_code = MaThuTuc",
    "due_on = HanGiaiQuyet",
    "closed_on = NgayGiaiQuyet",
    "outcome = KetQua",
    "days_late = SoNgayQuaHan",
)
NATIONAL_FIELDS = Setting(
    "national_fields",
    "Cột của tệp gửi cơ sở dữ liệu quốc gia về khiếu nại, phản ánh",
    "Mỗi dòng một cột theo thứ tự trong tệp: mã của hệ thống này, dấu bằng, tên cột bên kia. Tên cột mặc định chưa đối "
    "chiếu được với tài liệu của cơ sở dữ liệu quốc gia; sửa ở đây khi có tài liệu. Các mã dùng được: "
    + ", ".join(sorted(NATIONAL_CODES))
    + ".",
    "\n".join(NATIONAL_DEFAULT),
    fields_of(4000, NATIONAL_CODES),
    is_long=True,
)

KNOWN: tuple[Setting[str] | Setting[int], ...] = (
    AUTHORITY_NAME,
    AUTHORITY_ADDRESS,
    AUTHORITY_PHONE,
    HOTLINE,
    COMPLAINT_PLACE,
    DENUNCIATION_PLACE,
    LEAST_PUBLIC,
    LEAST_HOME_AFFAIRS,
    REMIND_BEFORE,
    ESCALATE_LEADER,
    ESCALATE_ABOVE,
    LETTERS_SINCE,
    NATIONAL_FIELDS,
)
BY_NAME = {one.name: one for one in KNOWN}
