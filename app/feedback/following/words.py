"""What a sender reads about a case: states, outcomes, acts and roles in plain words."""

from collections.abc import Mapping

from app.feedback.cases import answers
from app.feedback.cases.kinds import Decision, Event, Outcome, RequestKind, State
from app.feedback.denunciations.models import DenunciationState
from app.i18n.messages import Message, message

STATES: Mapping[State, Message] = {
    State.RECEIVED: message("Đã nhận, chờ đơn vị xem"),
    State.IN_PROGRESS: message("Đơn vị đang xử lý"),
    State.WAITING_FOR_SENDER: message("Đơn vị đang chờ Ông/Bà trả lời một câu hỏi"),
    State.WAITING_FOR_OTHERS: message("Đơn vị đang chờ ý kiến của cơ quan khác"),
    State.SUSPENDED: message("Việc này tạm đình chỉ giải quyết"),
    State.AWAITING_APPROVAL: message("Đơn vị đang xem lại câu trả lời trước khi gửi"),
    State.CLOSED: message("Đã có trả lời"),
}
ENDED: Mapping[Outcome, Message] = {
    Outcome.NOT_COMPETENT: message("Đã kết thúc: việc thuộc thẩm quyền của nơi khác"),
    Outcome.WITHDRAWN: message("Đã kết thúc: việc được rút"),
    Outcome.DISCONTINUED: message("Đã kết thúc: đình chỉ giải quyết"),
}
"""How a closed case stands where its matter itself was not answered."""
OUTCOMES = answers.OUTCOMES

EVENTS: Mapping[Event, Message] = {
    Event.RECEIVED: message("Hệ thống nhận nội dung của Ông/Bà."),
    Event.FILE_ADDED: message("Thêm tệp."),
    Event.REQUALIFIED: message("Đơn vị xếp việc này sang loại khác."),
    Event.TAKEN_UP: message("Đơn vị bắt đầu xử lý."),
    Event.ASKED: message("Đơn vị hỏi thêm Ông/Bà."),
    Event.ANSWERED_BY_SENDER: message("Ông/Bà trả lời câu hỏi của đơn vị."),
    Event.QUESTION_EXPIRED: message("Hết hạn trả lời câu hỏi; đơn vị xử lý tiếp với những gì đã có."),
    Event.QUESTION_WITHDRAWN: message("Đơn vị rút lại câu hỏi."),
    Event.PAUSED: message("Thời hạn tạm dừng."),
    Event.RESUMED: message("Thời hạn chạy tiếp."),
    Event.EXTENDED: message("Thời hạn được gia hạn."),
    Event.DUE_MISSED: message("Đã quá hạn mà chưa có trả lời."),
    Event.DUE_RECKONED: message("Hạn trả lời được tính lại."),
    Event.CLOSED: message("Đơn vị trả lời và kết thúc việc này."),
    Event.RATED: message("Ông/Bà đánh giá câu trả lời."),
    Event.REOPENING_ASKED: message("Ông/Bà đề nghị xem lại."),
    Event.REOPENED: message("Đề nghị xem lại được chấp nhận; việc được mở lại."),
    Event.REOPENING_REFUSED: message("Đề nghị xem lại không được chấp nhận."),
    Event.REVIEW_ASKED: message("Ông/Bà đề nghị cấp trên xem xét."),
    Event.REVIEW_TAKEN_UP: message("Cấp trên nhận xem xét."),
    Event.REVIEW_REFUSED: message("Cấp trên không nhận xem xét."),
    Event.MOVED: message("Việc được chuyển đến đơn vị khác."),
    Event.EXCLUDED: message("Người có liên quan không còn được xem việc này."),
    Event.EXCLUSION_LIFTED: message("Người trước đây không được xem việc này lại được xem."),
    Event.CONTACT_ERASED: message("Thông tin liên hệ của Ông/Bà đã được xóa."),
    Event.FILES_ERASED: message("Các tệp đã được xóa vì hết thời hạn lưu."),
    Event.WORDS_ERASED: message("Nội dung đã được xóa vì hết thời hạn lưu."),
    Event.NOTICES_ASKED: message("Ông/Bà đồng ý nhận tin báo khi việc này có thông tin mới."),
    Event.NOTICES_STOPPED: message("Ông/Bà thôi nhận tin báo về việc này."),
    Event.MADE_PRIVATE: message("Việc này được giữ kín: ít người được xem hơn."),
    Event.MADE_OPEN: message("Việc này không còn được giữ kín riêng."),
    Event.ASSIGNED: message("Đơn vị giao người xử lý."),
    Event.UNASSIGNED: message("Đơn vị đổi người xử lý."),
    Event.SENT_BACK: message("Việc được chuyển trở lại."),
    Event.POINTS_SET: message("Đơn vị chia nội dung của Ông/Bà thành từng ý để trả lời."),
    Event.SENT_FOR_APPROVAL: message("Đơn vị viết xong câu trả lời; một người khác xem lại trước khi gửi."),
    Event.ANSWER_RETURNED: message("Câu trả lời được sửa lại trước khi gửi."),
    Event.ANSWER_TAKEN_BACK: message("Đơn vị viết lại câu trả lời trước khi gửi."),
    Event.NOTE_ADDED: message("Cán bộ ghi chú."),
    Event.PUBLISHED: message("Đơn vị công khai câu hỏi và câu trả lời, đã bỏ thông tin về Ông/Bà."),
    Event.PUBLIC_CORRECTED: message("Đơn vị sửa bản công khai."),
    Event.UNPUBLISHED: message("Đơn vị gỡ bản công khai."),
    Event.REDACTED: message("Đơn vị che thông tin cá nhân trong một bản sao của tệp."),
    Event.LETTER_MADE: message("Đơn vị lập văn bản."),
}
NEW_DATE = message("Hạn trả lời được tính lại: %(day)s.")
MISSED_DATE = message("Đã quá hạn %(day)s mà chưa có trả lời.")
REQUESTS: Mapping[RequestKind, Message] = {
    RequestKind.REOPENING: message("Đề nghị xem lại"),
    RequestKind.SECOND_STAGE: message("Đề nghị cấp trên xem xét"),
}
DECISIONS: Mapping[Decision, Message] = {
    Decision.ACCEPTED: message("Chấp nhận"),
    Decision.REFUSED: message("Không chấp nhận"),
}
INFORMATION: Mapping[DenunciationState, Message] = {
    DenunciationState.RECEIVED: message("Đã nhận"),
    DenunciationState.UNDER_CHECK: message("Đang được kiểm tra"),
    DenunciationState.PASSED_ON: message("Đã chuyển đến nơi có thẩm quyền"),
    DenunciationState.KEPT: message("Đã nhận"),
}
"""Neutral on purpose: whoever looks over the sender's shoulder learns nothing."""

SCORES: Mapping[int, Message] = {
    1: message("Rất không hài lòng"),
    2: message("Không hài lòng"),
    3: message("Bình thường"),
    4: message("Hài lòng"),
    5: message("Rất hài lòng"),
}
ROLES: Mapping[str, Message] = {
    "administrator": message("Quản trị hệ thống"),
    "home_affairs": message("Cơ quan nội vụ"),
    "unit_leader": message("Lãnh đạo đơn vị"),
    "case_officer": message("Cán bộ đơn vị"),
    "counter_clerk": message("Cán bộ tiếp nhận tại quầy"),
    "auditor": message("Kiểm toán, thanh tra"),
}
OTHER_ROLE = message("Người được giao quyền khác")
LENT = message("%(role)s (được ủy quyền)")


def role_words(role: str) -> list[Message]:
    """The names of the roles somebody acted under, such as ``unit_leader:lent,case_officer``."""
    return [_role(one) for one in role.split(",") if one] or [OTHER_ROLE]


def _role(one: str) -> Message:
    name, _, lent = one.partition(":")
    words = ROLES.get(name, OTHER_ROLE)
    return message(LENT.source, role=words) if lent else words
