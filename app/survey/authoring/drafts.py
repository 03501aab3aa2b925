"""Coming versions of question sets: kept for their officer, checked, saved or published, thrown away."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.errors import ReasonMissing
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.survey import sets
from app.survey.authoring.comparing import Change, changes
from app.survey.authoring.models import DraftWay, QuestionSetDraft
from app.survey.definitions import QuestionSet
from app.survey.errors import DraftsFull, NotPublishable, UnknownQuestionSet, VersionTaken
from app.survey.loading import SetInvalid, load_text
from app.survey.models import QuestionSetVersion, SetStatus
from app.survey.set_files.editing import NotEditable, next_version, with_translations, with_version

LIFE = timedelta(days=7)
MOST_DRAFTS = 10
Faults = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it would become a version. ``question_set`` is None where the file cannot be read at all.

    ``faults`` are (line or row, message); ``number`` is the version it would get; ``obstacle`` says why it can be
    saved but not published, or is empty.
    """

    draft: QuestionSetDraft
    question_set: QuestionSet | None
    faults: Faults
    base: QuestionSetVersion | None
    number: int
    changes: tuple[Change, ...]
    obstacle: str

    @property
    def can_be_kept(self) -> bool:
        """Whether nothing is wrong with it and it differs from what there is."""
        return self.question_set is not None and not self.faults and (self.base is None or bool(self.changes))


def keep(
    session: Session,
    officer_id: int,
    *,
    way: DraftWay,
    source: str,
    base_id: int | None,
    now: datetime,
    faults: Faults = (),
    upload: bytes = b"",
) -> str:
    """Keep a coming version for its officer and return its id. Raises DraftsFull."""
    session.execute(delete(QuestionSetDraft).where(QuestionSetDraft.expires_at <= now))
    held = session.scalar(
        select(func.count()).select_from(QuestionSetDraft).where(QuestionSetDraft.officer_id == officer_id)
    )
    if (held or 0) >= MOST_DRAFTS:
        raise DraftsFull(f"Ông/Bà đang có {MOST_DRAFTS} bản đang soạn. Xin bỏ bớt một bản ở trang “Bộ câu hỏi”.")
    number = secrets.token_hex(16)
    draft = QuestionSetDraft(
        id=number,
        officer_id=officer_id,
        based_on_id=base_id,
        way=way,
        created_at=now,
        expires_at=now + LIFE,
        checksum=hashlib.sha256(upload or source.encode()).hexdigest(),
        source=in_row(source, number),
        faults=in_row(json.dumps(faults, ensure_ascii=False), number),
    )
    session.add(draft)
    return number


def draft_of(session: Session, draft_id: str, officer_id: int, now: datetime) -> QuestionSetDraft:
    """The draft of this officer under this id. Raises UnknownQuestionSet for everybody else, and after its end."""
    found = session.get(QuestionSetDraft, draft_id)
    if found is None or found.officer_id != officer_id or found.expires_at <= now:
        raise UnknownQuestionSet("Bản đang soạn này không còn nữa. Xin mở lại từ trang “Bộ câu hỏi”.")
    return found


def drafts_of(session: Session, officer_id: int, now: datetime) -> list[QuestionSetDraft]:
    """What an officer is working on, newest first."""
    statement = select(QuestionSetDraft).where(
        QuestionSetDraft.officer_id == officer_id, QuestionSetDraft.expires_at > now
    )
    return list(session.scalars(statement.order_by(QuestionSetDraft.created_at.desc(), QuestionSetDraft.id)))


def translate(draft: QuestionSetDraft, english: Mapping[str, str], now: datetime) -> None:
    """Put translations into a draft, which then lives for the full time again. Raises NotEditable, SetInvalid."""
    draft.source = in_row(with_translations(draft.source, english), draft.id)
    draft.expires_at = now + LIFE


def check(session: Session, draft: QuestionSetDraft) -> Checked:
    """Read a draft and say everything that is wrong, what differs, and what it would become."""
    faults: Faults = tuple((line, message) for line, message in json.loads(draft.faults))
    base = None if draft.based_on_id is None else session.get(QuestionSetVersion, draft.based_on_id)
    try:
        found = load_text(draft.source, translated=False)
    except SetInvalid as error:
        return Checked(draft, None, (*faults, *error.problems), base, 0, (), "")
    if base is None:
        base = sets.newest(session, found.code, published=True) or sets.newest(session, found.code)
    number = next_version(sets.numbers(session, found.code), found.version)
    try:
        with_version(draft.source, number)
    except NotEditable as error:
        faults = (*faults, (1, error.message))
    differs = () if base is None else changes(sets.set_of(base), found)
    return Checked(draft, found, faults, base, number, differs, sets.why_not_publishable(found))


def store(session: Session, actor_id: int, checked: Checked, *, published: bool, reason: str) -> QuestionSetVersion:
    """Make a draft the next version of its set, published or not, record it and forget the draft.

    Raises
    ------
    NotPublishable, ReasonMissing, VersionTaken
        When something is wrong with it or the same as before; without a reason; when somebody else was faster.
    """
    if not checked.can_be_kept or checked.question_set is None:
        raise NotPublishable("Bản này còn lỗi hoặc không khác phiên bản trước nên chưa lưu thành phiên bản được.")
    if not reason.strip():
        raise ReasonMissing("Việc này cần ghi lý do. Xin nhập lý do.")
    source = with_version(checked.draft.source, checked.number)
    found = load_text(source, translated=False)
    row = QuestionSetVersion(
        code=found.code,
        version=found.version,
        title=found.title.vi,
        content_hash=found.content_hash,
        source=source,
        status=SetStatus.DRAFT,
        is_uploaded=True,
    )
    session.add(row)
    try:
        session.flush()  # the record and the redirect name the version by its number
    except IntegrityError as error:
        raise VersionTaken("Người khác vừa lưu phiên bản mang số này. Xin mở lại trang và lưu lần nữa.") from error
    base = checked.base
    old = None if base is None else {"version": base.version, "content": base.content_hash}
    new = {"code": row.code, "version": row.version, "content": row.content_hash, "upload": checked.draft.checksum}
    if published:
        sets.publish(row)
    action = Action.QUESTION_SET_PUBLISH if published else Action.QUESTION_SET_SAVE
    record(session, actor_id, action, f"question-set:{row.id}", old=old, new=new, reason=reason)
    session.delete(checked.draft)
    return row


def publish(session: Session, actor_id: int | None, row: QuestionSetVersion, reason: str) -> None:
    """Freeze a saved draft version and record it; publishing twice changes nothing. Raises as ``store``."""
    if row.status is SetStatus.PUBLISHED:
        return
    if not reason.strip():
        raise ReasonMissing("Việc này cần ghi lý do. Xin nhập lý do.")
    before = sets.newest(session, row.code, published=True)
    sets.publish(row)
    old = None if before is None else {"version": before.version, "content": before.content_hash}
    new = {"code": row.code, "version": row.version, "content": row.content_hash}
    record(session, actor_id, Action.QUESTION_SET_PUBLISH, f"question-set:{row.id}", old=old, new=new, reason=reason)
