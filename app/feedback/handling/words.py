"""What officers read about a case: kinds, states, outcomes, ways in, acts."""

from collections.abc import Mapping
from enum import StrEnum

from app.feedback.cases.kinds import Channel, Decision, Event, RequestKind, State
from app.rules.kinds import Kind


class Exclusion(StrEnum):
    """Why a case does not exist for an officer."""

    CONCERNED = "concerned"
    SUPERIOR = "superior"
    FAMILY = "family"


KINDS: Mapping[Kind, str] = {
    Kind.SUGGESTION: "Góp ý",
    Kind.PETITION: "Phản ánh, kiến nghị",
    Kind.COMPLAINT: "Khiếu nại",
}
STATES: Mapping[State, str] = {
    State.RECEIVED: "Mới nhận",
    State.IN_PROGRESS: "Đang xử lý",
    State.WAITING_FOR_SENDER: "Chờ người gửi trả lời",
    State.WAITING_FOR_OTHERS: "Chờ cơ quan khác",
    State.SUSPENDED: "Tạm đình chỉ",
    State.AWAITING_APPROVAL: "Chờ duyệt trả lời",
    State.CLOSED: "Đã kết thúc",
}
TAGS: Mapping[State, str] = {
    State.RECEIVED: "bad",
    State.IN_PROGRESS: "plain",
    State.WAITING_FOR_SENDER: "off",
    State.WAITING_FOR_OTHERS: "off",
    State.SUSPENDED: "off",
    State.AWAITING_APPROVAL: "bad",
    State.CLOSED: "good",
}
"""Shape and colour of the tag of a state (components/status_tag.html)."""

CHANNELS: Mapping[Channel, str] = {
    Channel.COUNTER_CODE: "Quét mã tại quầy",
    Channel.WEBSITE: "Trang web",
    Channel.PHONE: "Điện thoại, cán bộ ghi",
    Channel.WALK_IN: "Đến trực tiếp, cán bộ ghi",
    Channel.LETTER: "Thư, cán bộ ghi",
    Channel.OTHER_SYSTEM: "Hệ thống khác",
}
EVENTS: Mapping[Event, str] = {
    Event.RECEIVED: "Nhận",
    Event.FILE_ADDED: "Thêm tệp",
    Event.REQUALIFIED: "Đổi loại đơn",
    Event.TAKEN_UP: "Nhận xử lý",
    Event.ASKED: "Hỏi người gửi",
    Event.ANSWERED_BY_SENDER: "Người gửi trả lời câu hỏi",
    Event.QUESTION_EXPIRED: "Hết hạn trả lời câu hỏi",
    Event.QUESTION_WITHDRAWN: "Rút câu hỏi",
    Event.PAUSED: "Tạm dừng thời hạn",
    Event.RESUMED: "Thời hạn chạy tiếp",
    Event.EXTENDED: "Gia hạn",
    Event.DUE_MISSED: "Quá hạn",
    Event.DUE_RECKONED: "Tính lại hạn",
    Event.CLOSED: "Trả lời và kết thúc",
    Event.RATED: "Người gửi đánh giá câu trả lời",
    Event.REOPENING_ASKED: "Người gửi đề nghị xem lại",
    Event.REOPENED: "Chấp nhận đề nghị xem lại, mở lại",
    Event.REOPENING_REFUSED: "Không chấp nhận đề nghị xem lại",
    Event.REVIEW_ASKED: "Người gửi đề nghị cấp trên xem xét",
    Event.REVIEW_TAKEN_UP: "Cấp trên nhận xem xét",
    Event.REVIEW_REFUSED: "Cấp trên không nhận xem xét",
    Event.MOVED: "Chuyển đơn vị xử lý",
    Event.EXCLUDED: "Loại cán bộ liên quan",
    Event.EXCLUSION_LIFTED: "Bỏ việc loại cán bộ",
    Event.CONTACT_ERASED: "Xóa thông tin người gửi",
    Event.FILES_ERASED: "Xóa các tệp vì hết thời hạn lưu",
    Event.WORDS_ERASED: "Xóa nội dung vì hết thời hạn lưu",
    Event.NOTICES_ASKED: "Người gửi đồng ý nhận tin báo",
    Event.NOTICES_STOPPED: "Người gửi thôi nhận tin báo",
    Event.MADE_PRIVATE: "Đặt chế độ không công khai",
    Event.MADE_OPEN: "Bỏ chế độ không công khai",
    Event.ASSIGNED: "Giao người xử lý",
    Event.UNASSIGNED: "Thôi giao người xử lý",
    Event.SENT_BACK: "Trả lại đơn vị đã chuyển",
    Event.POINTS_SET: "Chia nội dung thành từng ý",
    Event.SENT_FOR_APPROVAL: "Trình duyệt câu trả lời",
    Event.ANSWER_RETURNED: "Trả lại câu trả lời để sửa",
    Event.ANSWER_TAKEN_BACK: "Lấy lại câu trả lời đã trình",
    Event.NOTE_ADDED: "Ghi chú nội bộ",
    Event.PUBLISHED: "Công khai câu trả lời",
    Event.PUBLIC_CORRECTED: "Sửa bản công khai",
    Event.UNPUBLISHED: "Gỡ bản công khai",
    Event.REDACTED: "Che thông tin trong tệp",
    Event.LETTER_MADE: "Lập văn bản",
}
REQUESTS: Mapping[RequestKind, str] = {
    RequestKind.REOPENING: "Đề nghị xem lại",
    RequestKind.SECOND_STAGE: "Đề nghị cấp trên xem xét",
}
DECISIONS: Mapping[Decision, str] = {
    Decision.ACCEPTED: "Chấp nhận",
    Decision.REFUSED: "Không chấp nhận, nêu lý do",
}
EXCLUSIONS: Mapping[Exclusion, str] = {
    Exclusion.CONCERNED: "Đơn nói về cán bộ này",
    Exclusion.SUPERIOR: "Là cấp trên trực tiếp của người bị phản ánh và có liên quan",
    Exclusion.FAMILY: "Là người thân của người bị phản ánh",
}
