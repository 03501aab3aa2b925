"""Who may decide what a sender asked for after an answer: nobody on an answer of their own, while anybody else can."""

from sqlalchemy.orm import Session

from app import clock
from app.feedback.cases import hands
from app.feedback.cases.access import Viewer
from app.feedback.cases.holding import excluded, reaching
from app.feedback.cases.models import Case
from app.web.permissions import Permission

OWN_ANSWER = (
    "Ông/Bà đã viết, trình, xem lại hoặc duyệt câu trả lời này nên không tự xét đề nghị của người gửi. Xin người khác "
    "có quyền duyệt, ở đơn vị hoặc cấp trên, quyết định."
)


def is_own_answer(session: Session, viewer: Viewer, case: Case, unit_id: int) -> bool:
    """Whether somebody would judge their own answer while somebody else could: no request stays undecided."""
    own = hands.of_answers(session, case.id)
    if viewer.officer_id not in own:
        return False
    out = own | excluded(session, case.id)
    lines = reaching(session, unit_id, Permission.CASES_APPROVE, clock.local_date())
    return any(line.officer.id not in out and line.grant.lender_id not in out for line in lines)
