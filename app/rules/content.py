"""What a rule says, typed (pure): everything a citizen is told about a kind of case, and what the clock needs.

The annotation of every field has its words for officers; how well a fact is known stands in ``sources`` under the name
of its field. Stored rules outlive these classes, so a new field needs a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from app.calendar.days import DayUnit, Limit
from app.calendar.reckoning import Counting
from app.calendar.sources import Source
from app.rules.kinds import Kind


class Identity(StrEnum):
    """Whether the sender says who they are."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Begins(StrEnum):
    """From what the term to resolve runs."""

    RECEIVED = "received"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Words:
    """A text for citizens in both languages of the public pages."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in a language; Vietnamese unless it is English."""
        return self.en if language == "en" and self.en else self.vi


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """What holds for one kind of case."""

    kind: Annotated[Kind, "Loại đơn"]
    name: Annotated[Words, "Tên gọi"]
    meaning: Annotated[Words, "Là gì"]
    who_sends: Annotated[Words, "Ai gửi được"]
    who_answers: Annotated[Words, "Ai trả lời"]
    guidance: Annotated[Words, "Hướng dẫn thêm cho người dân"]
    must_answer: Annotated[bool, "Bắt buộc trả lời"]
    begins: Annotated[Begins, "Thời hạn giải quyết tính từ"]
    resolve: Annotated[Limit, "Thời hạn giải quyết"]
    resolve_complex: Annotated[Limit | None, "Thời hạn giải quyết, vụ việc phức tạp"] = None
    resolve_remote: Annotated[Limit | None, "Thời hạn giải quyết, vùng sâu, vùng xa"] = None
    resolve_remote_complex: Annotated[Limit | None, "Vùng sâu, vùng xa, phức tạp"] = None
    accept: Annotated[Limit | None, "Thời hạn báo thụ lý hoặc không thụ lý"] = None
    accept_extended: Annotated[Limit | None, "Thời hạn báo thụ lý khi cần xác minh thêm"] = None
    pass_on: Annotated[Limit | None, "Thời hạn chuyển đơn không thuộc thẩm quyền"] = None
    extension: Annotated[Limit | None, "Mỗi lần gia hạn thêm"] = None
    extensions_complex: Annotated[int, "Số lần gia hạn, vụ việc phức tạp"] = 0
    extensions_special: Annotated[int, "Số lần gia hạn, vụ việc đặc biệt phức tạp"] = 0
    status_every: Annotated[Limit | None, "Báo tình hình xử lý sau mỗi"] = None
    publish_within: Annotated[Limit | None, "Đăng kết quả trong"] = None
    question_term: Annotated[Limit, "Thời hạn người dân trả lời câu hỏi của đơn vị"]
    reopening_within: Annotated[Limit, "Đề nghị mở lại trong (từ ngày trả lời)"]
    second_lodge: Annotated[Limit | None, "Gửi lần hai trong"] = None
    second_lodge_remote: Annotated[Limit | None, "Gửi lần hai trong, vùng sâu, vùng xa"] = None
    second_resolve: Annotated[Limit | None, "Giải quyết lần hai"] = None
    second_complex: Annotated[Limit | None, "Giải quyết lần hai, phức tạp"] = None
    second_remote: Annotated[Limit | None, "Giải quyết lần hai, vùng sâu, vùng xa"] = None
    second_remote_complex: Annotated[Limit | None, "Giải quyết lần hai, vùng sâu, vùng xa, phức tạp"] = None
    overdue_report: Annotated[Limit | None, "Quá hạn: cấp trên yêu cầu báo cáo trong"] = None
    may_be_rated: Annotated[bool, "Người dân được đánh giá sau khi trả lời"]
    identity: Annotated[Identity, "Thông tin người gửi"]
    anonymous_gets: Annotated[Words, "Người gửi ẩn danh được gì"]
    may_be_public: Annotated[bool, "Trả lời có thể công khai"]
    answer_approved: Annotated[bool, "Câu trả lời phải được người thứ hai duyệt trước khi gửi"] = False
    sources: Mapping[str, Source] = field(default_factory=dict)

    def resolve_limit(self, *, is_complex: bool = False, is_remote: bool = False, is_second: bool = False) -> Limit:
        """The term to resolve; where the law knows no longer one for a case, the plain one holds."""
        plain, hard = self.resolve, self.resolve_complex
        far, far_hard = self.resolve_remote, self.resolve_remote_complex
        if is_second and self.second_resolve is not None:
            plain, hard = self.second_resolve, self.second_complex
            far, far_hard = self.second_remote, self.second_remote_complex
        if is_remote and is_complex:
            return far_hard or hard or far or plain
        if is_remote:
            return far or plain
        return (hard if is_complex else None) or plain

    @property
    def has_second_stage(self) -> bool:
        """Whether a higher office may be asked to look again."""
        return self.second_resolve is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingRule:
    """How days are counted."""

    first_day_counts: Annotated[bool, "Tính cả ngày nhận"]
    end_moves_to_working_day: Annotated[bool, "Ngày cuối rơi vào ngày nghỉ thì lùi đến ngày làm việc kế tiếp"]
    pauses_stop_calendar_days: Annotated[bool, "Tạm dừng làm ngừng thời hạn tính theo ngày"]
    pauses_stop_working_days: Annotated[bool, "Tạm dừng làm ngừng thời hạn tính theo ngày làm việc"]
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def counting(self) -> Counting:
        """The same as the clock takes it."""
        return Counting(
            first_day_counts=self.first_day_counts,
            end_moves_to_working_day=self.end_moves_to_working_day,
            pauses_stop_calendar_days=self.pauses_stop_calendar_days,
            pauses_stop_working_days=self.pauses_stop_working_days,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long what a sender said about themselves is kept after a case was closed."""

    contact_after_closing: Annotated[Limit, "Giữ họ tên, liên hệ người gửi sau khi kết thúc"]
    files_after_closing: Annotated[Limit, "Giữ tệp đính kèm sau khi kết thúc"]
    words_after_closing: Annotated[Limit | None, "Giữ nội dung, câu trả lời sau khi kết thúc (bỏ trống: giữ mãi)"] = (
        None
    )
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequestRule:
    """Terms for requests of people about their own data; "third": when others hold the data too."""

    answer: Annotated[Limit, "Trả lời đã nhận yêu cầu"]
    withdraw: Annotated[Limit, "Rút đồng ý, hạn chế, phản đối xử lý"]
    withdraw_third: Annotated[Limit, "Rút đồng ý, hạn chế, phản đối: qua bên thứ ba"]
    withdraw_extension: Annotated[Limit, "Rút đồng ý, hạn chế, phản đối: gia hạn một lần"]
    see: Annotated[Limit, "Xem, sửa, cung cấp dữ liệu"]
    see_third: Annotated[Limit, "Xem, sửa, cung cấp: qua bên thứ ba"]
    see_extension: Annotated[Limit, "Xem, sửa, cung cấp: gia hạn một lần"]
    erase: Annotated[Limit, "Xóa dữ liệu"]
    erase_third: Annotated[Limit, "Xóa dữ liệu: qua bên thứ ba"]
    erase_extension: Annotated[Limit, "Xóa dữ liệu: gia hạn một lần"]
    protect: Annotated[Limit, "Áp dụng biện pháp bảo vệ"]
    protect_extension: Annotated[Limit, "Áp dụng biện pháp bảo vệ: gia hạn một lần"]
    breach_hours: Annotated[int, "Báo sự cố dữ liệu trong (giờ)"]
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyRule:
    """The letter of apology for a late dossier."""

    before_due: Annotated[Limit, "Gửi văn bản xin lỗi trước hạn trả kết quả"]
    extensions_most: Annotated[int, "Số lần được hẹn lại"]
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRule:
    """Who must not see a case because it concerns them, and when their superior must not either."""

    roster_days_back: Annotated[int, "Không rõ ngày xảy ra việc: xét lịch trực của quầy trong mấy ngày trước ngày nhận"]
    excludes_named: Annotated[bool, "Loại cán bộ được nêu tên trong đơn"]
    excludes_registrar: Annotated[bool, "Loại người vào sổ thay, nếu có tên trong lịch trực của quầy"]
    # Stored versions name it so; until 11/2026 several heads were left in, which let those concerned pick their judge.
    excludes_only_head: Annotated[bool, "Cán bộ bị phản ánh: loại cả lãnh đạo, một hay nhiều người, của đơn vị họ làm"]
    excludes_only_head_complaints: Annotated[bool, "Điều trên áp dụng cả với khiếu nại"]
    excludes_other_heads: Annotated[bool, "Một lãnh đạo bị phản ánh: loại cả các lãnh đạo khác của đơn vị"]
    moves_up: Annotated[bool, "Chuyển lên một cấp khi không còn người độc lập"]
    sources: Mapping[str, Source] = field(default_factory=dict)


Content = KindRule | CountingRule | RetentionRule | DataRequestRule | ApologyRule | ConflictRule


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that has rules: its code, its title, what its rules look like and what they are for."""

    code: str
    title: str
    content: type[Content]
    purpose: str


MATTERS: tuple[Matter, ...] = (
    Matter(Kind.SUGGESTION.matter, "Góp ý", KindRule, "Điều người dân được báo và thời hạn khi gửi góp ý."),
    Matter(
        Kind.PETITION.matter,
        "Phản ánh, kiến nghị",
        KindRule,
        "Điều người dân được báo và thời hạn khi gửi phản ánh, kiến nghị.",
    ),
    Matter(Kind.COMPLAINT.matter, "Khiếu nại", KindRule, "Điều người dân được báo và thời hạn khi khiếu nại."),
    Matter(
        Kind.DENUNCIATION.matter,
        "Tố cáo",
        KindRule,
        "Hướng dẫn nơi và cách tố cáo, thời hạn theo Luật Tố cáo.",
    ),
    Matter("counting", "Cách tính ngày", CountingRule, "Ngày nào được tính vào thời hạn, khi nào thời hạn ngừng."),
    Matter("retention", "Thời gian lưu giữ", RetentionRule, "Giữ thông tin người gửi bao lâu sau khi kết thúc."),
    Matter(
        "data-requests",
        "Yêu cầu về dữ liệu cá nhân",
        DataRequestRule,
        "Thời hạn trả lời yêu cầu của người dân về dữ liệu của chính mình.",
    ),
    Matter("apology", "Văn bản xin lỗi", ApologyRule, "Khi hồ sơ trễ hạn: gửi lúc nào, được hẹn lại mấy lần."),
    Matter(
        "conflicts",
        "Xung đột lợi ích",
        ConflictRule,
        "Ai không được thấy một đơn vì đơn nói về mình, khi nào lãnh đạo cũng không, khi nào đơn lên cấp trên.",
    ),
)
BY_CODE: Mapping[str, Matter] = {matter.code: matter for matter in MATTERS}

UNIT_WORDS: Mapping[DayUnit, str] = {DayUnit.CALENDAR: "ngày", DayUnit.WORKING: "ngày làm việc"}
CHOICE_WORDS: Mapping[StrEnum, str] = {
    Identity.REQUIRED: "Bắt buộc",
    Identity.OPTIONAL: "Không bắt buộc",
    Identity.NONE: "Không nhận qua đây",
    Begins.RECEIVED: "ngày nhận",
    Begins.ACCEPTED: "ngày thụ lý",
    Kind.SUGGESTION: "góp ý",
    Kind.PETITION: "phản ánh, kiến nghị",
    Kind.COMPLAINT: "khiếu nại",
    Kind.DENUNCIATION: "tố cáo",
}
