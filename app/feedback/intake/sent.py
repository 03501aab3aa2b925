"""What the page after sending shows, sealed in the session until the sender has kept the code (pure)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.feedback.cases.promises import Part, accepted_by, not_running, to_anonymous
from app.i18n.formats import format_date
from app.i18n.messages import Message, message
from app.rules.kinds import Kind

RECEIVED: Mapping[Kind, Message] = {
    Kind.SUGGESTION: message("Đã nhận góp ý của Ông/Bà."),
    Kind.PETITION: message("Đã nhận phản ánh, kiến nghị của Ông/Bà."),
    Kind.COMPLAINT: message("Đã nhận khiếu nại của Ông/Bà."),
    Kind.DENUNCIATION: message("Đã nhận thông tin ẩn danh."),
}
NOTED = message(
    "Nội dung được ghi nhận là thông tin tiếp nhận, chưa phải đơn khiếu nại đủ hình thức. Để được giải quyết theo Luật "
    "Khiếu nại, xin gửi đơn có chữ ký đến nơi tiếp công dân, hoặc gửi thêm ảnh chụp đơn bằng mã bí mật."
)
STRAIGHT_UP = message("Thông tin được chuyển thẳng lên cấp trên của nơi xảy ra; không ai ở nơi ấy xem được.")
NO_TERM = message("Không hứa trả lời, không có thời hạn. Ông/Bà xem được tình trạng xử lý bằng mã bí mật.")
DUE = message("Hạn trả lời là ngày %(day)s. Trang theo dõi giải thích vì sao là ngày này.")
TERM = message("Thời hạn")
ANSWER_TERM = message("Hạn trả lời")
READ = message("Cán bộ được giao đọc nội dung. Ông/Bà thấy được mỗi việc đã làm và bao nhiêu người đã mở xem.")
ASKED = message("Nếu cần hỏi thêm, cán bộ hỏi ngay trên trang theo dõi; Ông/Bà trả lời bằng mã bí mật, không cần tên.")
MORE_FILES = message("Tệp còn thiếu có thể gửi thêm trên trang theo dõi.")
RATE = message("Khi có trả lời, Ông/Bà đánh giá được và đề nghị mở lại nếu việc chưa được giải quyết.")


@dataclass(frozen=True, slots=True)
class Sent:
    """One intake that was sent. Nothing of what was written is in it, and nothing of it outlives the session."""

    public_number: str
    code: str
    received_on: str
    due_on: str
    kind: str
    meets_form: bool
    receipt: str
    place_lines: tuple[str, ...]
    is_shared: bool = False
    origin: str = ""
    missing: tuple[str, ...] = ()
    needs_no_letter_back: bool = False

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Sent":
        """What a session holds."""
        return cls(**{**state, "place_lines": tuple(state["place_lines"]), "missing": tuple(state.get("missing", ()))})

    @property
    def state(self) -> dict[str, Any]:
        """For the session to hold."""
        return asdict(self)

    @property
    def due(self) -> date | None:
        """The due date, where there is one."""
        return date.fromisoformat(self.due_on) if self.due_on else None

    @property
    def received(self) -> str:
        """The day of receipt as people read it."""
        return format_date(date.fromisoformat(self.received_on))

    @property
    def words(self) -> Message:
        """What was received."""
        return RECEIVED[Kind(self.kind)]

    @property
    def next_steps(self) -> tuple[Message, ...]:
        """What happens now, in order."""
        if self.kind == Kind.DENUNCIATION:
            return (STRAIGHT_UP, ASKED_NOT, NO_TERM, MORE_FILES)
        noted = (NOTED,) if self._is_noted else ()
        due = () if self.due_line is None else (self._due_sentence,)
        return (*noted, READ, ASKED, MORE_FILES, *due, RATE)

    @property
    def due_line(self) -> tuple[Message, Message | str] | None:
        """Label and words for the slip; None where nothing is said of a term."""
        if self._is_noted or (self.due and (self.needs_no_letter_back or self.kind == Kind.COMPLAINT)):
            return TERM, self._due_sentence
        return (ANSWER_TERM, format_date(self.due)) if self.due else None

    @property
    def _is_noted(self) -> bool:
        return self.kind == Kind.COMPLAINT and not self.meets_form

    @property
    def _due_sentence(self) -> Message:
        if self._is_noted:
            return not_running([Part(one) for one in self.missing])
        day = format_date(self.due) if self.due else ""
        if self.kind == Kind.COMPLAINT:  # its term begins when it is accepted
            return accepted_by(day)
        return to_anonymous(day) if self.needs_no_letter_back else message(DUE.source, day=day)


ASKED_NOT = message("Không ai hỏi lại hay tìm cách biết Ông/Bà là ai.")
