"""What the end of a unit means for the cases that lie with it."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.feedback.cases.models import Case
from app.feedback.cases.workflow import UNFINISHED
from app.i18n.formats import format_date


def when_unit_ends(session: Session, unit_id: int, on: date) -> list[str]:
    """What happens to the open cases of a unit that is followed by others on a day, in a sentence; a count, no more."""
    open_ones = session.scalar(
        select(func.count()).select_from(Case).where(Case.unit_id == unit_id, Case.state.in_(sorted(UNFINISHED)))
    )
    if not open_ones:
        return ["Không có phản ánh, kiến nghị, khiếu nại nào đang chờ đơn vị này trả lời."]
    waiting = f"{open_ones} phản ánh, kiến nghị, khiếu nại đang chờ đơn vị này trả lời."
    followed = (
        f"Từ ngày {format_date(on)} người được giao xử lý đơn tại đơn vị tiếp nhận (nếu không có: tại đơn vị cấp trên) "
        "thấy và trả lời tiếp; hạn trả lời không đổi. Xin bảo đảm nơi đó đã có người được giao quyền."
    )
    return [f"{waiting} {followed}"]
