"""What the pages of letters show."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.answering.spotting import marked
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case, CaseErasure, CaseReply, Erased
from app.feedback.letters import clues, queries, services
from app.feedback.letters.forms import (
    FIELDS,
    MOST_LINE,
    MOST_TEXT,
    OPTIONAL,
    PURPOSES,
    WITH_IDENTITY,
    Form,
    names_of,
)
from app.i18n.formats import format_date, format_moment
from app.web.permissions import Permission

Address = Callable[..., str]
IDENTITY = (("", "Không ghi họ tên, địa chỉ người gửi"), ("1", "Có ghi họ tên, địa chỉ người gửi"))


def of_case(session: Session, case: Case, url_for: Address) -> dict[str, object]:
    """What ``templates/letters/case.html`` needs besides addresses: the letters made, and those that can be."""
    names = names_of(case.kind)
    is_erased = session.get(CaseErasure, (case.id, Erased.WORDS)) is not None
    forms = services.offered_now(case)
    return {
        "case": case,
        "is_erased": is_erased,
        "forms": [
            (names[form], PURPOSES[form], url_for("letters.form", case_id=case.id, name=form.value))
            for form in (() if is_erased else forms)
        ],
        "letters": _made(session, case, url_for),
    }


def of_form(
    session: Session,
    viewer: Viewer,
    case: Case,
    form: Form,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    on: date,
) -> dict[str, object]:
    """What ``templates/letters/form.html`` needs besides addresses."""
    proposed = _proposed(session, case, form)
    texts = "\n".join(typed.get(field.name, "") for field in FIELDS[form] if field.name not in OPTIONAL)
    labels = {field.name: field.label for field in FIELDS[form]}
    may = form in WITH_IDENTITY and queries.may_identify(session, viewer, case.id, on)
    return {
        "case": case,
        "name": names_of(case.kind)[form],
        "purpose": PURPOSES[form],
        "fields": [
            {
                "name": field.name,
                "label": field.label + (" (không bắt buộc)" if field.name in OPTIONAL else ""),
                "hint": field.hint,
                "is_long": field.is_long,
                "most": MOST_TEXT if field.is_long else MOST_LINE,
                "value": typed.get(field.name, proposed.get(field.name, "")),
                "error": wrong.get(field.name, ""),
            }
            for field in FIELDS[form]
        ],
        "identity": IDENTITY if may else (),
        "is_identified": typed.get("is_identified", ""),
        "wrong": wrong,
        "errors": [
            {"field_id": name, "message": f"{labels[name]}: {words}" if name in labels else words}
            for name, words in wrong.items()
        ],
        "original": marked(case.text),
        "spots": clues.pieces(texts, is_concerned=form is Form.CONCERNED) if "is_checked" in wrong else [],
    }


def on_case_page(session: Session, case: Case, url_for: Address, held: Collection[Permission]) -> dict[str, object]:
    """What ``templates/cases/_letters.html`` needs: how many there are, and the way to them."""
    may = Permission.CASES_HANDLE in held
    return {
        "count": len(queries.lines(session, case.id)),
        "url": url_for("letters.show", case_id=case.id) if may else None,
    }


def _made(session: Session, case: Case, url_for: Address) -> list[dict[str, object]]:
    names = names_of(case.kind)
    return [
        {
            "name": names[line.form],
            "identity": "có thông tin người gửi" if line.is_identified else "không có thông tin người gửi",
            "told": f"{line.by}, {format_moment(line.at)}",
            "docx_url": url_for("letters.docx", case_id=case.id, number=line.number),
            "pdf_url": url_for("letters.pdf", case_id=case.id, number=line.number),
        }
        for line in queries.lines(session, case.id)
    ]


def _proposed(session: Session, case: Case, form: Form) -> dict[str, str]:
    """What stands in the fields before anybody types: what the case knows. Never a word of the sender."""
    found = {"new_due": "" if case.due_on is None else format_date(case.due_on)}
    if form is Form.REPLY:
        reply = session.scalar(
            select(CaseReply.text).where(CaseReply.case_id == case.id).order_by(CaseReply.number.desc()).limit(1)
        )
        found["answer"] = reply or ""
    return found
