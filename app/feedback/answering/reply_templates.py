"""Reply templates: words that come up again, kept by a unit, offered to it and to every unit below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.errors import Conflict, Missing
from app.feedback.answering.models import ReplyTemplate, ReplyTemplateVersion
from app.feedback.answering.placeholders import filled, unknown
from app.feedback.cases import deadlines
from app.feedback.cases.access import Viewer
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.models import Case
from app.i18n.folding import fold
from app.i18n.formats import format_date
from app.units import queries as units
from app.units.models import Counter, Procedure, counter_label
from app.units.scope import allowed_unit_ids, require_unit
from app.web.permissions import Permission

MOST_TITLE = 200
MOST_TEMPLATE = 5_000


class UnknownTemplate(Missing):
    """There is no such template, or it is kept where the asker has no say."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy mẫu trả lời này, hoặc Ông/Bà không được giao mẫu của đơn vị đó.")


class StaleTemplate(Conflict):
    """Somebody changed it since the form was drawn."""

    def __init__(self) -> None:
        super().__init__(
            "Mẫu này vừa có người khác sửa. Xin xem bản của họ ở dưới; điều Ông/Bà viết còn nguyên, lưu lại nếu vẫn "
            "đúng."
        )


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template as it reads now."""

    template_id: int
    unit_id: int
    unit_name: str
    title: str
    text: str
    number: int
    written_at: datetime
    retired_on: date | None


def lines(session: Session, on: date, template_ids: Sequence[int]) -> list[TemplateLine]:
    """Some templates, in the order asked for."""
    newest = (
        select(ReplyTemplateVersion.template_id, func.max(ReplyTemplateVersion.number).label("number"))
        .group_by(ReplyTemplateVersion.template_id)
        .subquery()
    )
    rows = session.execute(
        select(ReplyTemplate, ReplyTemplateVersion)
        .join(newest, newest.c.template_id == ReplyTemplate.id)
        .join(
            ReplyTemplateVersion,
            (ReplyTemplateVersion.template_id == ReplyTemplate.id) & (ReplyTemplateVersion.number == newest.c.number),
        )
        .where(ReplyTemplate.id.in_(template_ids))
    ).all()
    names = units.names_on(session, {kept.unit_id for kept, _version in rows}, on)
    found = {
        kept.id: TemplateLine(
            kept.id,
            kept.unit_id,
            names.get(kept.unit_id, ""),
            version.title,
            version.text,
            version.number,
            version.written_at,
            kept.retired_on,
        )
        for kept, version in rows
    }
    return [found[key] for key in template_ids if key in found]


def readable(session: Session, viewer: Viewer, on: date) -> list[TemplateLine]:
    """The templates of the units in which the viewer answers cases, and of those above them, by unit and title."""
    allowed = allowed_unit_ids(session, viewer, Permission.CASES_HANDLE, on)
    keepers = session.execute(select(ReplyTemplate.id, ReplyTemplate.unit_id)).all()
    if allowed is not None:
        above = {one for root in viewer.scopes[Permission.CASES_HANDLE] for one in units.path_ids(session, root, on)}
        keepers = [row for row in keepers if row.unit_id in allowed | above] if allowed else []
    return sorted(
        lines(session, on, [row.id for row in keepers]),
        key=lambda line: (line.retired_on is not None, fold(line.unit_name), fold(line.title), line.template_id),
    )


def offered(session: Session, unit_id: int, on: date) -> list[TemplateLine]:
    """What may be put into an answer of a unit: its own templates and those of the units above, by title."""
    ids = session.scalars(
        select(ReplyTemplate.id).where(
            ReplyTemplate.unit_id.in_(units.path_ids(session, unit_id, on)), ReplyTemplate.retired_on.is_(None)
        )
    ).all()
    return sorted(lines(session, on, ids), key=lambda line: (fold(line.title), line.template_id))


def one(session: Session, viewer: Viewer, template_id: int, on: date, *, to_change: bool = False) -> TemplateLine:
    """A template that the viewer may read, or change."""
    found = next((line for line in readable(session, viewer, on) if line.template_id == template_id), None)
    if to_change and found is not None and not may_change(session, viewer, found.unit_id, on):
        found = None
    if found is None:
        raise UnknownTemplate
    return found


def may_change(session: Session, viewer: Viewer, unit_id: int, on: date) -> bool:
    """Whether the viewer decides about the templates of a unit."""
    allowed = allowed_unit_ids(session, viewer, Permission.CASES_APPROVE, on)
    return allowed is None or unit_id in allowed


def create(session: Session, viewer: Viewer, unit_id: int, title: str, text: str) -> int:
    """Keep a new template for a unit; its number."""
    unit = require_unit(session, viewer, Permission.CASES_APPROVE, unit_id)
    said = _checked(title, text)
    kept = ReplyTemplate(unit_id=unit.id, retired_on=None)
    session.add(kept)
    session.flush()  # the version names the template by its key
    _add_version(session, viewer, kept, 1, said)
    return kept.id


def change(session: Session, viewer: Viewer, template_id: int, base: int, title: str, text: str) -> None:
    """Let a template say something else from now on; ``base`` is the version that was seen."""
    kept = _to_change(session, viewer, template_id, base)
    _add_version(session, viewer, kept, base + 1, _checked(title, text))


def retire(session: Session, viewer: Viewer, template_id: int, base: int) -> None:
    """Offer a template no longer."""
    kept = _to_change(session, viewer, template_id, base)
    kept.retired_on = clock.local_date()
    _record(session, viewer, kept, Action.REPLY_TEMPLATE_RETIRE, base)


def values(session: Session, case: Case, on: date) -> Mapping[str, str]:
    """What the fields of a template stand for in an answer to a case. Nothing here tells who sent it."""
    rule = deadlines.rule_of(session, case)
    counter = None if case.counter_id is None else session.get(Counter, case.counter_id)
    procedure = None if case.procedure_id is None else session.get(Procedure, case.procedure_id)
    place = (
        units.name_on(session, case.concerned_unit_id, on),
        counter and counter_label(counter.number, counter.name),
    )
    return {
        "số_đơn": case.public_number,
        "loại_đơn": "" if rule is None else rule.name.vi.lower(),
        "ngày_nhận": format_date(case.received_on),
        "hạn_trả_lời": "" if case.due_on is None else format_date(case.due_on),
        "đơn_vị": units.name_on(session, case.unit_id, on),
        "nơi_xảy_ra": ", ".join(part for part in place if part),
        "thủ_tục": "" if procedure is None else procedure.name,
        "hôm_nay": format_date(on),
    }


def text_for(session: Session, case: Case, template_id: int, on: date) -> str:
    """The words of an offered template, filled in for a case."""
    found = next((line for line in offered(session, case.unit_id, on) if line.template_id == template_id), None)
    if found is None:
        raise FieldMissing("template", "Xin chọn một mẫu trả lời.")
    return filled(found.text, values(session, case, on))


def _to_change(session: Session, viewer: Viewer, template_id: int, base: int) -> ReplyTemplate:
    found = one(session, viewer, template_id, clock.local_date(), to_change=True)
    kept = session.get_one(ReplyTemplate, template_id, with_for_update=True)
    newest = session.scalar(
        select(func.max(ReplyTemplateVersion.number)).where(ReplyTemplateVersion.template_id == kept.id)
    )
    if newest != base or found.retired_on is not None or kept.retired_on is not None:
        raise StaleTemplate
    return kept


def _checked(title: str, text: str) -> tuple[str, str]:
    name = words_of("title", title, MOST_TITLE)
    if "\n" in name:
        raise FieldMissing("title", "Tên mẫu chỉ viết trên một dòng.")
    said = words_of("text", text, MOST_TEMPLATE)
    if wrong := unknown(said):
        raise FieldMissing("text", f"Không có trường {', '.join(wrong[:3])}. Các trường dùng được ghi ở trên ô này.")
    return name, said


def _add_version(session: Session, viewer: Viewer, kept: ReplyTemplate, number: int, said: tuple[str, str]) -> None:
    session.add(
        ReplyTemplateVersion(
            template_id=kept.id,
            number=number,
            title=said[0],
            text=said[1],
            written_by=viewer.officer_id,
            written_at=clock.now(),
        )
    )
    _record(session, viewer, kept, Action.REPLY_TEMPLATE_CHANGE, number)


def _record(session: Session, viewer: Viewer, kept: ReplyTemplate, action: Action, number: int) -> None:
    record(session, viewer.officer_id, action, f"reply-template:{kept.id}", {"version": number}, kept.unit_id)
