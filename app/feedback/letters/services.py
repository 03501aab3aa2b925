"""Making letters. Identity is never kept in a letter: it is asked for anew, with its own permission, each time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.tags import Action
from app.calendar.words import WEEKDAYS
from app.calendar.working_time import WorkingCalendar
from app.crypto.types import in_row
from app.feedback.cases import deadlines
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing, NotInThisState
from app.feedback.cases.kinds import Event, Outcome, State
from app.feedback.cases.models import Case, Reporter
from app.feedback.cases.sender_words import copied_of_sender, tells_sender
from app.feedback.intake.reading import parse_day
from app.feedback.letters import clues, queries
from app.feedback.letters.forms import (
    FIELDS,
    MOST_LINE,
    MOST_TEXT,
    OPTIONAL,
    WITH_IDENTITY,
    Form,
    names_of,
    offered,
)
from app.feedback.letters.models import CaseLetter
from app.i18n.formats import format_date
from app.units import queries as units
from app.web.text_input import clean

NAMES_SENDER = "Phần này còn họ tên, số điện thoại, thư điện tử hoặc địa chỉ của người gửi. Xin bỏ đi."
COPIED = (
    "Phần này chép nguyên văn lời người gửi (“%s…”). Xin viết lại bằng lời của đơn vị: người quen nhận ra cách viết."
)
LOOK_AT_SPOTS = (
    "Nội dung còn chỗ giống thông tin cá nhân. Xin bỏ đi; nếu những chỗ ấy không cho biết ai là người gửi, xin xác "
    "nhận đã xem từng chỗ."
)
SAYS_NUMBER = "Phần này còn số của đơn: có số thì tìm ra người gửi. Xin bỏ đi."
SAYS_NAME = "Phần này gọi tên người gửi (“%s”). Xin viết lại, không nêu tên."
SAYS_ADDRESS = "Phần này nêu nơi ở của người gửi (“%s”). Xin bỏ đi."
NO_DAY = "Xin ghi một ngày có thật, như 31/12/2026."
PAST_DAY = "Xin ghi một ngày sau hôm nay, chậm nhất là %s."
REST_DAY = "%s là %s, cơ quan không làm việc; hạn rơi vào ngày nghỉ thì tính đến hết ngày làm việc kế tiếp. Xin ghi %s."
NOT_OFFERED = "Đơn đã kết thúc nên không lập “%s” được nữa. Xin chọn văn bản khác ở trang Văn bản của đơn."
DAYS = ("new_due", "answer_until")
MOST_DAYS_AHEAD = 366


def make(
    session: Session,
    viewer: Viewer,
    case_id: str,
    version: int,
    form: Form,
    given: Mapping[str, str],
    *,
    is_identified: bool = False,
    is_checked: bool = False,
    role: str = "",
) -> CaseLetter:
    """Keep what was written into a letter.

    Without identity nothing in it may tell who sent the case, and the copy for who is concerned repeats none of the
    sender's sentences; ``is_checked``: the officer looked at each piece that looks personal.
    """
    case = begin(session, viewer, case_id, version, "letter")
    require_offered(case, form)
    if is_identified and form not in WITH_IDENTITY:
        raise FieldMissing("is_identified", "Văn bản này không bao giờ ghi thông tin người gửi.")
    checked = _checked(session, case, form, given, is_identified=is_identified, is_checked=is_checked)
    last = session.scalar(select(func.max(CaseLetter.number)).where(CaseLetter.case_id == case.id)) or 0
    kept = {"given": checked, "office": asdict(queries.office_of(session, case, clock.local_date()))}
    if form is not Form.CONCERNED:
        kept["facts"] = asdict(queries.facts_of(session, case))
    letter = CaseLetter(
        case_id=case.id,
        number=last + 1,
        form=form,
        is_identified=is_identified,
        fields=in_row(json.dumps(kept, ensure_ascii=False), case.id),
        made_by=viewer.officer_id,
        made_at=clock.now(),
    )
    session.add(letter)
    detail = {"number": letter.number, "form": form.value, "identified": is_identified}
    end(session, viewer, case, None, Event.LETTER_MADE, Action.CASE_LETTER, None, detail, role=role, shown=False)
    return letter


def offered_now(case: Case) -> tuple[Form, ...]:
    """The letters that still mean something as a case stands."""
    return offered(is_closed=case.state is State.CLOSED, is_incompetent=case.outcome is Outcome.NOT_COMPETENT)


def require_offered(case: Case, form: Form) -> None:
    """Refuse a letter that means nothing any more.

    Raises
    ------
    NotInThisState
        In words.
    """
    if form not in offered_now(case):
        raise NotInThisState(NOT_OFFERED % names_of(case.kind)[form])


def _checked(
    session: Session, case: Case, form: Form, given: Mapping[str, str], *, is_identified: bool, is_checked: bool
) -> dict[str, str]:
    found = _read(session, case, form, given)
    if is_identified:
        return found
    for name, text in found.items():
        if tells_sender(session, case, text):
            raise FieldMissing(name, NAMES_SENDER)
        if form is Form.CONCERNED and (run := copied_of_sender(session, case, text)):
            raise FieldMissing(name, COPIED % run)
    if form is Form.CONCERNED:
        for name, words in _given_away(session, case, found):
            raise FieldMissing(name, words)
    looked_through = "\n".join(text for name, text in found.items() if name not in OPTIONAL)
    if not is_checked and clues.pieces(looked_through, is_concerned=form is Form.CONCERNED):
        raise FieldMissing("is_checked", LOOK_AT_SPOTS)
    return found


def _read(session: Session, case: Case, form: Form, given: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for field in FIELDS[form]:
        text = given.get(field.name, "")
        most = MOST_TEXT if field.is_long else MOST_LINE
        is_empty = field.name in OPTIONAL and not clean(text).strip()
        found[field.name] = "" if is_empty else words_of(field.name, text, most)
        if field.name in DAYS and found[field.name]:
            found[field.name] = _day(session, case, field.name, found[field.name])
    return found


def _given_away(session: Session, case: Case, found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What tells the accused who sent the case. Who is written to, and who signs, may be called like the sender."""
    who = session.get(Reporter, case.id)
    today = clock.local_date()
    own = {
        one for unit in (case.unit_id, case.concerned_unit_id) for one in [unit, *units.path_ids(session, unit, today)]
    }
    known = [*units.names_on(session, own, today).values(), found["recipient"]]
    for name, text in found.items():
        if clues.tells_number(text, case.public_number):
            yield name, SAYS_NUMBER
        if who is None or who.erased_on is not None or name not in ("content", "wanted"):
            continue
        if said := clues.given_name_in(text, who.name or ""):
            yield name, SAYS_NAME % said
        if said := clues.address_in(text, who.address or "", known):
            yield name, SAYS_ADDRESS % said


def _day(session: Session, case: Case, name: str, typed: str) -> str:
    """A working day ahead, written as the state writes days; a new term may also be the one the case already has."""
    day = parse_day(typed)
    if day is None:
        raise FieldMissing(name, NO_DAY)
    today = clock.local_date()
    last = date.fromordinal(today.toordinal() + MOST_DAYS_AHEAD)
    if name == "new_due" and day == case.due_on:
        return format_date(day)
    if not today < day <= last:
        raise FieldMissing(name, PAST_DAY % format_date(last))
    working = deadlines.calendar_of(session)
    if not working.is_working_day(day):
        becomes = format_date(working.working_day_from(day))
        raise FieldMissing(name, REST_DAY % (format_date(day), _why_rest(working, day), becomes))
    return format_date(day)


def _why_rest(working: WorkingCalendar, day: date) -> str:
    """What a day without work is called: the holiday, or the day of the week."""
    special = working.days.get(day)
    return special.name if special is not None and special.name else WEEKDAYS[day.isoweekday()].source
