"""What officer pages show of a public copy: its form, its preview, and the few lines on the page of the case."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.clock import VIETNAM
from app.feedback.answering.spotting import marked, spots
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case
from app.feedback.publishing import attached, moderation, seen, services
from app.feedback.publishing.copies import MOST_REASON, MOST_TEXT, MOST_TITLE, Act, Basis, Copy, days_in, month_of
from app.feedback.publishing.moderation import Standing
from app.feedback.publishing.officer_lists import STANDINGS, TAGS
from app.i18n.formats import format_moment
from app.rules.queries import kind_rule_on
from app.units import queries as units
from app.units.models import Unit
from app.web.permissions import Permission

Address = Callable[..., str]
FILE = "file_"
_FIELD = re.compile(r"file_([1-9]\d{0,5})", re.ASCII)
ACTS = {Act.PUBLISHED: "Công khai", Act.CORRECTED: "Sửa", Act.WITHDRAWN: "Gỡ"}
BASES = (
    (Basis.ANONYMISED.value, "Bản này không cho biết người gửi là ai"),
    (Basis.AGREED.value, "Người gửi đã đồng ý cho công khai cả những gì cho biết mình là ai"),
)

LABELS = {
    "title": "Tiêu đề",
    "question": "Người dân viết (bản để công khai)",
    "answer": "Đơn vị trả lời (bản để công khai)",
    "basis": "Vì sao mọi người được đọc",
    "agreement": "Người gửi đồng ý khi nào, bằng cách nào",
    "reason": "Vì sao thay bản trước",
    "withdrawal": "Vì sao gỡ",
    "files": "Tệp kèm theo, bản đã che",
}


def form(
    session: Session, case: Case, typed: Mapping[str, str], wrong: Mapping[str, str], url_for: Address
) -> dict[str, object]:
    """What ``templates/publishing/form.html`` needs besides addresses."""
    found = moderation.copy_of(session, case.id)
    standing = moderation.standing_of(case, found)
    given = moderation.proposed(session, case)
    values = {
        "title": given.title,
        "question": given.question,
        "answer": given.answer,
        "agreement": given.agreement,
        "basis": given.basis.value,
        "reason": "",
        "withdrawal": "",
    }
    reply = moderation.last_reply(session, case.id)
    return {
        "case": case,
        "standing": STANDINGS[standing],
        "standing_tag": TAGS[standing],
        "is_shown": found is not None and found.is_shown,
        "needs_reason": found is not None,
        "refusal": _refusal(session, case),
        "values": values | dict(typed),
        "wrong": wrong,
        "labels": LABELS,
        "errors": [{"field_id": name, "message": _named(name, words)} for name, words in wrong.items()],
        "bases": BASES,
        "asked": marked(case.text),
        "answered": [] if reply is None else marked(reply.text),
        "versions": [(one, ACTS[one.act], format_moment(one.at)) for one in moderation.versions(session, case.id)],
        "most": {"title": MOST_TITLE, "text": MOST_TEXT, "reason": MOST_REASON},
        "public_path": _path(session, case) if standing is Standing.SHOWN else "",
        "within": _within(session, case),
        "files": _files(session, case, chosen(typed) if "title" in typed else given.files, url_for),
    }


def number_of(name: str) -> int | None:
    """The number of the copy whose field this is."""
    found = _FIELD.fullmatch(name)
    return None if found is None else int(found[1])


def chosen(typed: Mapping[str, str]) -> tuple[int, ...]:
    """The copies that were chosen, in the order of their numbers."""
    numbers = (number_of(name) for name, value in typed.items() if value == "1")
    return tuple(sorted(number for number in numbers if number is not None))


def preview(session: Session, case: Case, copy: Copy, on: date, url_for: Address) -> dict[str, object]:
    """What ``templates/publishing/preview.html`` needs: the copy as everybody will read it, and what looks personal."""
    reply = moderation.last_reply(session, case.id)
    assert reply is not None
    return {
        "case": case,
        "answer": seen.drawn(
            copy.title.strip(),
            copy.question,
            copy.answer,
            unit_name=units.name_on(session, case.unit_id, on),
            kind=case.kind,
            outcome=reply.outcome,
            month=month_of(reply.answered_at.astimezone(VIETNAM).date()),
            is_changed=moderation.copy_of(session, case.id) is not None,
            files=[
                (one, url_for("redaction.copy", case_id=case.id, number=number))
                for number, one in attached.of_copies(session, case.id, copy.files)
            ],
        ),
        "spots": marked(copy.whole) if spots(copy.whole) else [],
        "days": days_in(copy.whole),
    }


def on_case_page(session: Session, case: Case, url_for: Address, held: Collection[Permission]) -> dict[str, object]:
    """What ``templates/cases/_publishing.html`` needs: where the public copy stands, and the way to its form."""
    found = moderation.copy_of(session, case.id)
    may = Permission.CASES_PUBLISH in held and (found is not None or not services.why_not(session, case))
    standing = moderation.standing_of(case, found)
    return {
        "is_told": found is not None or case.state is State.CLOSED,
        "words": STANDINGS[standing],
        "tag": TAGS[standing],
        "url": url_for("publishing_officer.show", case_id=case.id) if may else None,
        "label": "Công khai câu trả lời" if found is None else "Sửa hoặc gỡ bản công khai",
    }


def _files(session: Session, case: Case, taken: Collection[int], url_for: Address) -> list[dict[str, object]]:
    """The blacked-out copies that may go with the answer; nothing else is offered."""
    return [
        {
            "name": f"{FILE}{one.number}",
            "words": f"Bản đã che số {one.number}, từ tệp {one.source_number or '?'}, {format_moment(one.at)}",
            "url": url_for("redaction.copy", case_id=case.id, number=one.number),
            "is_chosen": one.number in taken,
        }
        for one in attached.offered(session, case.id)
    ]


def _named(name: str, words: str) -> str:
    """What is wrong, with the part that it is about: the summary stands away from the field."""
    return f"{LABELS[name]}: {words}" if name in LABELS else words


def _refusal(session: Session, case: Case) -> str:
    if case.state is not State.CLOSED:
        return "Chỉ công khai được câu trả lời của đơn đã kết thúc."
    return services.why_not(session, case)


def _path(session: Session, case: Case) -> str:
    found = moderation.copy_of(session, case.id)
    assert found is not None
    return f"/answers/{session.get_one(Unit, found.unit_id).code}/{found.id}"


def _within(session: Session, case: Case) -> str:
    """Within what time the law wants the result to be public, counted from the answer."""
    limit = kind_rule_on(session, case.kind, case.received_on).content.publish_within
    return "" if limit is None else limit.words
