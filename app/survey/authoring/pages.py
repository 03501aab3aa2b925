"""Officer pages about coming versions of question sets: what they show."""

from uuid import UUID

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app import clock
from app.db.session import reading
from app.errors import NotAllowed
from app.i18n.formats import format_date, format_integer
from app.survey.authoring import drafts
from app.survey.authoring.comparing import is_same_measure
from app.survey.authoring.drafts import Checked, draft_of
from app.survey.authoring.lists import progress
from app.survey.authoring.models import DraftWay, QuestionSetDraft
from app.survey.authoring.set_page import CHANGE_COLUMNS, change_rows, may_manage
from app.survey.authoring.typed import PREFIX, Typed
from app.survey.definitions import QuestionSet
from app.survey.errors import NotPublishable
from app.survey.set_files.texts import SetText, texts_of
from app.survey.sets import set_of
from app.web.access import actor
from app.web.csrf import csrf_token
from app.web.notices import notice

MESSAGES = {"kept": "Đã giữ những gì Ông/Bà nhập trong bản đang soạn. Chưa có gì được công bố."}
MOST_FAULTS = 200
WAY_WORDS = {
    DraftWay.FORM: "dịch trên trang",
    DraftWay.XLSX: "tải lên từ tệp Excel",
    DraftWay.TOML: "tải lên từ tệp TOML",
}


def require_everywhere() -> None:
    """Refuse officers whose right ends at a unit. Raises NotAllowed."""
    if not may_manage():
        raise NotAllowed(
            "Bộ câu hỏi dùng chung cho mọi đơn vị, nên chỉ cán bộ phụ trách toàn hệ thống được dịch, tải lên, công bố."
        )


def draft_set(draft_id: UUID) -> QuestionSet:
    """The question set of a draft without faults.

    Raises
    ------
    NotPublishable
        When something is wrong with the draft: its page says what.
    """
    with reading() as session:
        checked = drafts.check(session, draft_of(session, draft_id.hex, actor().officer_id, clock.now()))
    if checked.question_set is None:
        raise NotPublishable("Bản này còn lỗi nên chưa xem trước hay dịch được. Xin sửa tệp rồi tải lên lại.")
    return checked.question_set


def draft_lines(session: Session) -> list[dict[str, str]]:
    """What the officer is working on, for the page of all sets."""
    return [
        {
            "words": f"{_name_of(session, one)} ({WAY_WORDS[one.way]}), giữ đến hết {_last_day(one)}",
            "url": url_for("survey_officer.sets.draft", draft_id=UUID(one.id)),
        }
        for one in drafts.drafts_of(session, actor().officer_id, clock.now())
    ]


def draft_page(draft_id: UUID, problem: str = "", reason: str = "") -> str:
    """A draft: what is wrong, what differs, and what can be done with it."""
    with reading() as session:
        one = draft_of(session, draft_id.hex, actor().officer_id, clock.now())
        checked = drafts.check(session, one)
        base = checked.base
    found = checked.question_set
    return render_template(
        "survey/authoring/draft.html",
        title=found.title.vi if found else "Bản chưa đọc được",
        facts=_draft_facts(checked),
        faults=checked.faults[:MOST_FAULTS],
        fault_count=len(checked.faults),
        place="Dòng",
        is_readable=found is not None,
        can_be_kept=checked.can_be_kept,
        obstacle=checked.obstacle,
        is_same=found is not None and base is not None and not checked.changes,
        base_name=f"{base.code} {base.version}" if base else "",
        measure_differs=found is not None and base is not None and not is_same_measure(set_of(base), found),
        columns=CHANGE_COLUMNS,
        rows=change_rows(checked.changes),
        change_count=format_integer(len(checked.changes)),
        number=checked.number,
        preview_url=url_for(".draft_preview", draft_id=draft_id),
        preview_url_en=url_for(".draft_preview", draft_id=draft_id, lang="en"),
        translate_url=url_for(".draft_translate", draft_id=draft_id),
        publish_url=url_for(".publish", draft_id=draft_id),
        save_url=url_for(".save", draft_id=draft_id),
        discard_url=url_for(".discard", draft_id=draft_id),
        upload_url=url_for(".upload"),
        sets_url=url_for("survey_officer.question_sets"),
        csrf_token=csrf_token(),
        problem=problem,
        reason=reason,
        flashes=notice(MESSAGES),
    )


def publish_page(draft_id: UUID, problem: str = "", reason: str = "") -> str:
    """What publishing a draft means, and the reason."""
    with reading() as session:
        checked = drafts.check(session, draft_of(session, draft_id.hex, actor().officer_id, clock.now()))
    found = checked.question_set
    return render_template(
        "survey/authoring/publish.html",
        name=f"{found.code} {checked.number}" if found else "",
        title=found.title.vi if found else "",
        obstacle=checked.obstacle if checked.can_be_kept else "Bản này còn lỗi hoặc không khác phiên bản trước.",
        change_count=format_integer(len(checked.changes)),
        action_url=url_for(".publish_submit", draft_id=draft_id),
        back_url=url_for(".draft", draft_id=draft_id),
        csrf_token=csrf_token(),
        problem=problem,
        reason=reason,
    )


def upload_page(problem: str = "") -> str:
    """Choose a file, with what each kind is for."""
    return render_template(
        "survey/authoring/upload.html",
        action_url=url_for(".upload_submit"),
        sets_url=url_for("survey_officer.question_sets"),
        csrf_token=csrf_token(),
        problem=problem,
    )


def translate_page(found: QuestionSet, action_url: str, back_url: str, typed: Typed | None = None) -> str:
    """Every text with the field of its English; ``?missing=1`` leaves out what is translated."""
    only_missing = request.args.get("missing") == "1" and typed is None
    sent = {} if typed is None else typed.english
    texts = [one for one in texts_of(found) if not (only_missing and one.text.en.strip())]
    if typed is not None:
        texts = [one for one in texts if one.key in sent]
    problems = {} if typed is None else typed.problems
    return render_template(
        "survey/authoring/translate.html",
        title=found.title.vi,
        name=f"{found.code} {found.version}",
        progress=progress(found),
        only_missing=only_missing,
        fields=[_field(one, sent.get(one.key, one.text.en), problems.get(one.key, "")) for one in texts],
        errors=[{"field_id": f"{PREFIX}{key}", "message": words} for key, words in problems.items()],
        action_url=action_url,
        back_url=back_url,
        here_url=request.path,
        csrf_token=csrf_token(),
    )


def _field(one: SetText, english: str, problem: str) -> dict[str, object]:
    return {
        "name": f"{PREFIX}{one.key}",
        "where": one.where,
        "vi": one.text.vi,
        "en": english,
        "problem": problem,
        "is_missing": not english.strip(),
        "rows": min(6, 1 + max(len(one.text.vi), len(english)) // 36),
    }


def _name_of(session: Session, one: QuestionSetDraft) -> str:
    found = drafts.check(session, one)
    if found.question_set is None:
        return "Bản còn lỗi, chưa đọc được"
    return f"{found.question_set.title.vi}, phiên bản {found.number}"


def _draft_facts(checked: Checked) -> list[tuple[str, str]]:
    draft, found, base = checked.draft, checked.question_set, checked.base
    facts = [("Cách làm", WAY_WORDS[draft.way])]
    if found is not None:
        facts += [
            ("Sẽ thành", f"{found.code}, phiên bản {checked.number}"),
            ("So với", "bộ mới, chưa có phiên bản nào" if base is None else f"{base.code} {base.version}"),
            ("Số câu", f"{len(found.questions)}, trong đó {len(found.criteria)} tiêu chí tính vào chỉ số"),
            ("Đã dịch tiếng Anh", f"{progress(found)} chỗ"),
        ]
    return [*facts, ("Giữ đến hết ngày", f"{_last_day(draft)}, chỉ Ông/Bà thấy"), ("Mã băm của tệp", draft.checksum)]


def _last_day(draft: QuestionSetDraft) -> str:
    return format_date(draft.expires_at.astimezone(clock.VIETNAM).date())
