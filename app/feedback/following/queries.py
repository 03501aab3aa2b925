"""A case as its sender sees it: no name of an officer, no hour of an act, nothing that is not meant for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.reckoning import Reckoning
from app.clock import VIETNAM
from app.feedback.answering.composing import Answered
from app.feedback.answering.points import answered_by_reply
from app.feedback.cases import deadlines, history, lateness, outcomes, readings
from app.feedback.cases.history import HistoryLine
from app.feedback.cases.kinds import Decision, Outcome, QuestionEnd, RequestKind, State
from app.feedback.cases.models import Case, CaseFile, CaseQuestion, CaseRating, CaseReply, CaseRequest, Reporter
from app.feedback.cases.promises import Part
from app.feedback.following import possible, standing
from app.feedback.following.possible import May
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.i18n.messages import Message
from app.rules.content import KindRule
from app.rules.kinds import Kind
from app.rules.queries import Rule, kind_rule_on
from app.units import queries as units
from app.units.models import Counter, counter_label


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """A question of the unit. ``ended_as`` is None while it can be answered."""

    number: int
    text: str
    asked_on: date
    answer_until: date
    answer: str | None
    ended_as: QuestionEnd | None


@dataclass(frozen=True, slots=True)
class ReplySeen:
    """An answer of the unit, and what the sender thought of it."""

    number: int
    outcome: Outcome
    text: str
    answered_on: date
    score: int | None
    facts: Sequence[tuple[Message, str]] = ()
    answered: Sequence[Answered] = ()


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """What the sender asked for after an answer, and what was decided in which words."""

    kind: RequestKind
    reason: str
    asked_on: date
    decision: Decision | None
    words: str | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class SenderView:
    """All that the sender's page shows.

    ``notices``: whether they are told of news; None: they cannot be. ``is_late``: as every list and figure counts it.
    """

    public_number: str
    kind: Kind
    kind_asked: Kind
    meets_form: bool
    missing: tuple[Part, ...]
    is_anonymous: bool
    is_private: bool
    unit_name: str
    counter_name: str
    received_on: date
    text: str
    state: State
    outcome: Outcome | None
    closed_on: date | None
    due_on: date | None
    reckoning: Reckoning | None
    awaits_acceptance: bool
    rule: Rule[KindRule]
    asked_rule: KindRule
    questions: Sequence[QuestionSeen]
    replies: Sequence[ReplySeen]
    requests: Sequence[RequestSeen]
    files: Sequence[tuple[int, date, CheckedFile]]
    story: Sequence[HistoryLine]
    openers: Mapping[str, int]
    rating: May
    reopening: May
    review: May
    adding: May
    notices: bool | None
    is_late: bool

    @property
    def open_question(self) -> QuestionSeen | None:
        """The question that waits for an answer, if its term is not over."""
        return next((one for one in self.questions if one.ended_as is None), None)


def view_of(session: Session, case_id: str) -> SenderView:
    """The case behind a code."""
    today = clock.local_date()
    case = session.get_one(Case, case_id)
    counter = None if case.counter_id is None else session.get(Counter, case.counter_id)
    stands = standing.of(session, case, today)
    return SenderView(
        public_number=case.public_number,
        kind=case.kind,
        kind_asked=case.kind_asked,
        meets_form=case.meets_form,
        missing=standing.missing(session, case),
        is_anonymous=case.is_anonymous,
        is_private=case.is_private,
        unit_name=units.name_on(session, case.unit_id, today),
        counter_name="" if counter is None else counter_label(counter.number, counter.name),
        received_on=case.received_on,
        text=case.text,
        state=case.state,
        outcome=case.outcome,
        closed_on=case.closed_on,
        due_on=case.due_on,
        reckoning=deadlines.reckoning(session, case),
        awaits_acceptance=deadlines.awaits_acceptance(session, case),
        rule=standing.rule_of(session, case),
        asked_rule=kind_rule_on(session, case.kind_asked, case.received_on).content,
        questions=_questions(session, case_id, today),
        replies=_replies(session, case_id),
        requests=_requests(session, case_id),
        files=files_of(session, case_id),
        story=history.lines(session, case_id, shown_only=True),
        openers=readings.openers_by_role(session, case_id),
        rating=possible.rating(stands),
        reopening=possible.reopening(stands),
        review=possible.review(stands),
        adding=possible.adding_files(case.state, stands.file_count),
        notices=_notices(session, case_id),
        is_late=lateness.is_late(
            case.state, case.due_on, today, lateness.standing_since(session, [case_id]).get(case_id)
        ),
    )


def files_of(session: Session, case_id: str) -> list[tuple[int, date, CheckedFile]]:
    """The files of a case with their numbers and the days on which they came."""
    rows = session.execute(
        select(CaseFile.number, CaseFile.added_on, CheckedFile)
        .join(CheckedFile, CheckedFile.id == CaseFile.file_id)
        .where(CaseFile.case_id == case_id)
        .order_by(CaseFile.number)
    )
    return [(number, added_on, file) for number, added_on, file in rows]


def _notices(session: Session, case_id: str) -> bool | None:
    """Whether the sender is told of news by message; None: there is no address to tell them at."""
    found = session.get(Reporter, case_id)
    return None if found is None or not (found.phone or found.email) else found.wants_notices


def is_shown(file: CheckedFile) -> bool:
    """Whether its sender may open a file again: an accepted picture. Documents go to staff only."""
    return file.state is FileState.ACCEPTED and file.media_type is MediaType.JPEG


def _questions(session: Session, case_id: str, today: date) -> list[QuestionSeen]:
    rows = session.scalars(select(CaseQuestion).where(CaseQuestion.case_id == case_id).order_by(CaseQuestion.number))
    return [
        QuestionSeen(
            number=row.number,
            text=row.text,
            asked_on=row.asked_at.astimezone(VIETNAM).date(),
            answer_until=row.answer_until,
            answer=row.answer,
            # The nightly job ends it; until then the page says already what the job will do.
            ended_as=row.ended_as or (QuestionEnd.EXPIRED if today > row.answer_until else None),
        )
        for row in rows
    ]


def _replies(session: Session, case_id: str) -> list[ReplySeen]:
    rows = session.execute(
        select(CaseReply, CaseRating.score)
        .outerjoin(
            CaseRating, (CaseRating.case_id == CaseReply.case_id) & (CaseRating.reply_number == CaseReply.number)
        )
        .where(CaseReply.case_id == case_id)
        .order_by(CaseReply.number)
    )
    said, answered = outcomes.facts(session, case_id), answered_by_reply(session, case_id)
    return [
        ReplySeen(
            row.number,
            row.outcome,
            row.text,
            row.answered_at.astimezone(VIETNAM).date(),
            score,
            said.get(row.number, ()),
            answered.get(row.number, ()),
        )
        for row, score in rows
    ]


def _requests(session: Session, case_id: str) -> list[RequestSeen]:
    rows = session.scalars(select(CaseRequest).where(CaseRequest.case_id == case_id).order_by(CaseRequest.number))
    return [
        RequestSeen(
            kind=row.kind,
            reason=row.reason,
            asked_on=row.asked_on,
            decision=row.decision,
            words=row.words,
            decided_on=None if row.decided_at is None else row.decided_at.astimezone(VIETNAM).date(),
        )
        for row in rows
    ]
