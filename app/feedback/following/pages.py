"""Draws the page of a case for its sender: plain strings in the language of the page, nothing in title or head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.feedback.answering.seen import reply_seen
from app.feedback.cases.kinds import CLASS_OF, StateClass
from app.feedback.following import facts, information, queries, story, visits, words
from app.feedback.following.acts import ANSWER, FIELD_OF, FILES, RATING, REOPENING, REVIEW, WITH_FILES, Given
from app.feedback.following.acts import NOTICES as TELLING
from app.feedback.following.facts import paragraphs
from app.feedback.following.possible import MOST_FILES, May
from app.feedback.following.queries import QuestionSeen, ReplySeen, RequestSeen, SenderView
from app.feedback.following.services import What
from app.feedback.intake import uploads
from app.feedback.intake.sessions import Kept
from app.files.gate.kinds import kind_by_name
from app.files.gate.limits import ORDINARY
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.refusals import Refusal
from app.files.gate.words import words as refusal_words
from app.i18n.catalogues import in_language
from app.i18n.formats import format_date
from app.i18n.messages import Message, message

NOTICES: Mapping[str, Message] = {
    ANSWER: message("Đã nhận câu trả lời của Ông/Bà."),
    RATING: message("Đã nhận đánh giá của Ông/Bà. Cảm ơn Ông/Bà!"),
    REOPENING: message("Đã nhận đề nghị xem lại."),
    REVIEW: message("Đã nhận đề nghị cấp trên xem xét."),
    FILES: message("Đã nhận tệp."),
    TELLING: message("Đã lưu lựa chọn nhận tin báo."),
}
FILE_WORDS: Mapping[FileState, Message] = {
    FileState.WAITING: message("Đã nhận, đang kiểm tra an toàn"),
    FileState.ACCEPTED: message("Đã kiểm tra, cán bộ mở được"),
    FileState.REFUSED: message("Không nhận được"),
}
FILE_GONE = message("Không còn được lưu, vì hết thời hạn lưu")
PICTURES_ONLY = message(
    "Ở đây chỉ mở lại được ảnh. Tài liệu PDF khi mở để lại một bản trên máy, nên chỉ cán bộ mở được."
)
UNDECIDED = message("Đang chờ quyết định")
FILE_HINT = message(
    "Ảnh JPEG, PNG, WebP hoặc PDF, mỗi tệp nhiều nhất %(megabytes)s MB; gửi thêm được %(left)s tệp. Vị trí chụp và tên "
    "máy trong tệp được xóa."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is drawn from.

    ``given`` is what was just posted, wrong or not; ``error`` what is wrong with all of it; ``refused`` the files that
    were not taken, by name, in the language of the page.
    """

    session: Session
    kept: Kept
    given: Given | None = None
    error: Message | str = ""
    refused: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def errors(self) -> list[dict[str, str]]:
        """The lines of the summary at the top."""
        lines = [{"field_id": "", "message": in_language(self.error)}] if self.error else []
        wrong = self.given.wrong if self.given else {}
        lines += [{"field_id": name, "message": in_language(words)} for name, words in wrong.items()]
        return lines


def draw(shown: Shown) -> str:
    """The page of whatever the session opens."""
    if visits.followed(shown.kept).what is What.INFORMATION:
        return _information(shown)
    return _case(shown)


def _case(shown: Shown) -> str:
    view = queries.view_of(shown.session, visits.followed(shown.kept).id)
    question = view.open_question
    return render_template(
        "feedback/following/case.html",
        case=facts.of(view),
        question=None if question is None else _question(question),
        replies=[_reply(one) for one in view.replies],
        requests=[_request(one) for one in view.requests],
        files=[_file(number, day, file) for number, day, file in view.files],
        add=_adding(view.adding, len(view.files)),
        story=story.of_case(view),
        may=SimpleNamespace(rating=_may(view.rating), reopening=_may(view.reopening), review=_may(view.review)),
        forms=SimpleNamespace(**{act: _form(act, shown) for act in FIELD_OF}),
        scores=[(score, in_language(one)) for score, one in words.SCORES.items()],
        notices=view.notices,
        accept=uploads.accepted(),
        file_hint=_file_hint(len(view.files)),
        calendar_url=visits.address("follow_case.calendar_entry") if _has_date_to_come(view) else "",
        **_common(
            shown,
            is_written_on=any((question, *(one.is_possible for one in (view.rating, view.reopening, view.review)))),
        ),
    )


def _common(shown: Shown, *, is_written_on: bool = False) -> dict[str, Any]:
    """``is_written_on``: there the other language is a button of each form, so that nothing typed is lost."""
    done = NOTICES.get(visits.asked("done"), "")
    return {
        "errors": shown.errors,
        "notice": in_language(done) if done and not shown.errors else "",
        "refused": shown.refused or shown.kept.state.get("refused", []),
        "end_url": visits.address("follow.end"),
        "end_form_id": visits.form_id("end"),
        "receipts_url": visits.address("receipts.show"),
        "language_url": "" if is_written_on else visits.in_other_language("follow_case.show"),
    }


def _information(shown: Shown) -> str:
    """Three neutral words and the days: no unit, no kind, nothing of what was told."""
    key = visits.followed(shown.kept).id
    seen = information.seen(shown.session, key)
    return render_template(
        "feedback/following/information.html",
        number=seen.public_number,
        state_words=in_language(words.INFORMATION[seen.state]),
        received_on=format_date(seen.received_on),
        story=story.of_information(seen),
        files=[_file(number, seen.received_on, file, is_named=False) for number, file in seen.files],
        add=_adding(seen.adding, len(seen.files)),
        form=_form(FILES, shown),
        **_common(shown),
    )


def _question(question: QuestionSeen) -> SimpleNamespace:
    return SimpleNamespace(
        number=question.number,
        text=paragraphs(question.text),
        asked_on=format_date(question.asked_on),
        answer_until=format_date(question.answer_until),
    )


def _reply(reply: ReplySeen) -> SimpleNamespace:
    return reply_seen(
        reply.number,
        outcome_words=in_language(words.OUTCOMES[reply.outcome]),
        facts=[(in_language(label), said) for label, said in reply.facts],
        text=reply.text,
        answered=reply.answered,
        answered_on=reply.answered_on,
        score_words="" if reply.score is None else in_language(words.SCORES[reply.score]),
    )


def _request(request: RequestSeen) -> SimpleNamespace:
    decision = UNDECIDED if request.decision is None else words.DECISIONS[request.decision]
    return SimpleNamespace(
        kind_words=in_language(words.REQUESTS[request.kind]),
        asked_on=format_date(request.asked_on),
        reason=paragraphs(request.reason),
        decision_words=in_language(decision),
        decided_on="" if request.decided_on is None else format_date(request.decided_on),
        words=paragraphs(request.words or ""),
    )


def _may(may: May) -> SimpleNamespace:
    hint = "" if may.until is None else _("Đến hết ngày %(day)s.", day=format_date(may.until))
    return SimpleNamespace(
        is_possible=may.is_possible,
        why_not="" if may.is_told_elsewhere else in_language(may.why_not),
        hint=hint,
        reply_number=may.reply_number,
    )


def _adding(may: May, count: int) -> SimpleNamespace:
    return SimpleNamespace(
        is_possible=may.is_possible,
        why_not=in_language(may.why_not),
        hint=_file_hint(count),
        accept=uploads.accepted(),
    )


def _file_hint(count: int) -> str:
    left = max(0, min(uploads.ALLOWED.most_files, MOST_FILES - count))
    return in_language(message(FILE_HINT.source, megabytes=uploads.ALLOWED.most_bytes // uploads.MEGABYTE, left=left))


def _file(number: int, added_on: date, file: CheckedFile, *, is_named: bool = True) -> SimpleNamespace:
    is_document = file.state is FileState.ACCEPTED and not queries.is_shown(file)
    return SimpleNamespace(
        number=number,
        name=file.declared_name if is_named else "",
        added_on=format_date(added_on),
        state_words=in_language(FILE_GONE if file.refusal is Refusal.LOST else FILE_WORDS[file.state]),
        what_to_do="" if file.refusal in (None, Refusal.LOST) else in_language(_why_refused(file, file.refusal)),
        note=in_language(PICTURES_ONLY) if is_named and is_document else "",
        url=visits.address("follow_case.file", number=number) if is_named and queries.is_shown(file) else "",
    )


def _why_refused(file: CheckedFile, refusal: Refusal) -> Message:
    """What to do about a file, with the limits of its kind, which its name tells: the content is gone by now."""
    kind = kind_by_name(file.declared_name)
    return refusal_words(refusal, ORDINARY if kind is None else ORDINARY.of(kind))


def _form(act: str, shown: Shown) -> SimpleNamespace:
    """A form of the page, with what was typed in it: just now, or before the session was over."""
    given = shown.given if shown.given and shown.given.act == act else None
    draft = shown.kept.state.get("draft") or {}
    kept_text = draft.get("text", "") if draft.get("act") == act else ""
    wrong = given.wrong if given else {}
    endpoint = "follow_case.act_with_files" if act in WITH_FILES else "follow_case.act"
    return SimpleNamespace(
        url=visits.address(endpoint, act=act),
        switch_url=visits.in_other_language(endpoint, act=act),
        form_id=visits.form_id(act),
        text=given.text if given else kept_text,
        score=given.score if given else "",
        error=in_language(wrong.get(FIELD_OF[act], "")),
        score_error=in_language(wrong.get("score", "")),
        file_error=in_language(wrong.get("answer-files", "")),
    )


def _has_date_to_come(view: SenderView) -> bool:
    return view.due_on is not None and not view.awaits_acceptance and CLASS_OF[view.state] is not StateClass.DONE
