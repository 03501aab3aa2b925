"""What the pages of blacking out show."""

import re
from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

from app.feedback.answering.spotting import spots
from app.feedback.cases.attached import file_lines
from app.feedback.cases.details import files_of
from app.feedback.cases.models import Case
from app.feedback.redaction import areas, queries
from app.feedback.redaction.areas import Box
from app.feedback.redaction.queries import RedactionLine
from app.files.gate.models import FileState
from app.i18n.formats import format_moment
from app.web.permissions import Permission

Address = Callable[..., str]
_FIELD = re.compile(r"page_[1-9]\d{0,2}")


def is_field(name: str) -> bool:
    """Whether this is the field of a page."""
    return _FIELD.fullmatch(name) is not None


def boxes_of(typed: Mapping[str, str], count: int) -> tuple[list[Box], dict[str, str]]:
    """The boxes of all pages, and what is wrong with which field."""
    found: list[Box] = []
    wrong = {}
    for page in range(1, count + 1):
        name = f"page_{page}"
        try:
            found += areas.boxes_of(typed.get(name, ""), page)
        except ValueError as error:
            wrong[name] = str(error)
    if len(found) > areas.MOST_BOXES:
        wrong["page_1"] = areas.TOO_MANY
    return found, wrong


def of_case(session: Session, case: Case, marked: str | None, wrong: str, url_for: Address) -> dict[str, object]:
    """What ``templates/redaction/case.html`` needs besides addresses."""
    text = case.text.strip()
    proposed = areas.bracketed(text, [(spot.start, spot.end) for spot in spots(text)])
    return {
        "case": case,
        "marked": proposed if marked is None else marked,
        "wrong": wrong,
        "errors": [{"field_id": "marked", "message": wrong}] if wrong else [],
        "files": file_lines(
            files_of(session, case.id), lambda number: url_for("redaction.form", case_id=case.id, number=number)
        ),
        "made": [_made(case.id, one, url_for) for one in queries.lines(session, case.id)],
    }


def of_file(
    case_id: str, number: int, count: int, typed: Mapping[str, str], wrong: Mapping[str, str], url_for: Address
) -> list[dict[str, object]]:
    """The pages of a file, each with its picture, its field and what is wrong with it."""
    found = []
    for page in range(1, count + 1):
        name = f"page_{page}"
        value = typed.get(name, "")
        asked = {} if name in wrong or not value.strip() else {"areas": value[:2000]}
        url = url_for("redaction.page_picture", case_id=case_id, number=number, page=page, **asked)
        found.append({"number": page, "name": name, "value": value, "url": url, "error": wrong.get(name, "")})
    return found


def on_case_page(session: Session, case: Case, url_for: Address, held: Collection[Permission]) -> dict[str, object]:
    """What ``templates/cases/_redaction.html`` needs: new files to take, and the way to make one."""
    may = Permission.CASES_REDACT in held
    return {
        "made": [_made(case.id, one, url_for) for one in queries.lines(session, case.id)],
        "url": url_for("redaction.show", case_id=case.id) if may else None,
    }


def _made(case_id: str, line: RedactionLine, url_for: Address) -> dict[str, object]:
    is_there = line.file is not None and line.file.state is FileState.ACCEPTED
    file_url = url_for("redaction.copy", case_id=case_id, number=line.number) if is_there else None
    what = "Nội dung đã che" if line.file is None else f"Tệp {line.source_number}, bản đã che"
    return {
        "words": f"{what}: {line.pieces} chỗ",
        "told": f"{line.by}, {format_moment(line.at)}",
        "url": file_url,
        "text": line.text or "",
    }
