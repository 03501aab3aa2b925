"""The page of the day: how much there is to do, each number a way to the list that counts the same."""

from typing import Any

from flask import Blueprint, render_template, url_for

from app import clock
from app.accounts.contacts import queries as contacts
from app.accounts.kept import services as kept
from app.calendar.words import day_words
from app.db.session import reading
from app.feedback.cases.kinds import State, StateClass
from app.feedback.cases.queries import SOON, Due
from app.feedback.notices import digest
from app.feedback.notices.digest import Figures
from app.web.access import actor, requires
from app.web.permissions import Permission

blueprint = Blueprint("today_officer", __name__, url_prefix="/officer/today")


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """The same numbers as in the message of the morning, of this moment."""
    today = clock.local_date()
    with reading() as session:
        found = digest.figures(session, actor(), today)
        unfinished = kept.count(session, actor().officer_id, clock.now())
        is_reached = any(one.verified_at for one in contacts.of_officer(session, actor().officer_id).values())
    return render_template(
        "cases/today.html",
        today=day_words(today),
        lines=_lines(found),
        open_count=found.open,
        mine_count=found.mine,
        mine_url=url_for("cases_officer.index", mine="1", state=StateClass.OPEN.value),
        is_reached=is_reached,
        unfinished=unfinished,
        unfinished_url=url_for("kept.index"),
        contacts_url=url_for("contacts.index"),
        list_url=url_for("cases_officer.index"),
    )


def _lines(found: Figures) -> list[dict[str, object]]:
    """What waits, most pressing first. A question that ends is found by the state of its case."""
    chosen: tuple[tuple[str, int, dict[str, Any], bool], ...] = (
        ("Đã quá hạn", found.late, {"due": Due.LATE.value}, True),
        (f"Còn {SOON} ngày làm việc trở xuống", found.soon, {"due": Due.SOON.value}, False),
        ("Mới nhận, chưa ai xử lý", found.new, {"state": State.RECEIVED.value}, False),
        ("Người gửi đề nghị, chờ Ông/Bà quyết định", found.asked, {"asked": "1"}, False),
        ("Câu hỏi gửi người dân hết hạn trả lời hôm nay hoặc ngày mai", found.ending, {}, False),
        ("Thời hạn đang chạy", found.running, {"state": StateClass.OPEN.value}, False),
        ("Thời hạn tạm dừng", found.paused, {"state": StateClass.PAUSED.value}, False),
    )
    return [
        {
            "label": label,
            "count": count,
            "url": url_for("cases_officer.index", **query) if query else None,
            "is_pressing": is_pressing and count > 0,
        }
        for label, count, query, is_pressing in chosen
    ]
