"""What happens to simulated cases: each act goes through the services that the pages use, and into the diary."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.days import Limit
from app.feedback.answering import approvals, drafts
from app.feedback.answering.composing import WHOLE, Answer, Draft
from app.feedback.cases import deadlines, outcomes
from app.feedback.cases.holding import excluded
from app.feedback.cases.kinds import Decision, Outcome, RequestKind, State
from app.feedback.cases.models import Case, CaseExclusion, CaseRequest
from app.feedback.following import services as following
from app.feedback.handling import closing, deciding
from app.feedback.handling import services as handling
from app.feedback.merging import services as merging
from app.feedback.publishing import services as publishing
from app.feedback.publishing.copies import Copy
from app.feedback.routing import services as routing
from app.feedback.routing.rules import Why
from app.rules.kinds import Kind
from app.simulation import case_subjects, case_words
from app.simulation.case_diary import Act, Diary, Stage
from app.simulation.case_office import Office, Person
from app.web.permissions import Permission

SCORES = (2, 3, 4, 4, 5, 5)


class Acts:
    """The acts on one day, in one transaction; ``diaries`` are all cases so far, by id.

    ``lifelike``: only what fits the matter happens, as in an office; else everything may, to try the rules.
    ``copying``: a unit that answers everybody in the same words.
    """

    def __init__(
        self,
        session: Session,
        office: Office,
        diaries: Mapping[str, Diary],
        random: Random,
        *,
        lifelike: bool = False,
        copying: int | None = None,
    ) -> None:
        self._session, self._office, self._diaries, self._random = session, office, diaries, random
        self._lifelike, self._copying = lifelike, copying

    def next_of(self, diary: Diary) -> Act | None:
        """What happens next to a case, if anything."""
        match diary.stage:
            case Stage.NEW:
                return self._drawn({self.take_up: 17, self.transfer: 2, self.requalify: 1})
            case Stage.WORKING:
                return self._drawn(self._while_working())
            case Stage.ASKED:
                return self._drawn({self.answer_question: 7, self.withdraw_question: 1, self.nothing: 2})
            case Stage.WAITING:
                return self.resume
        return self._drawn(self._once_closed())

    def _while_working(self) -> Mapping[Act, int]:
        if self._lifelike:
            return {
                self.close: 40, self.ask: 10, self.pause: 8, self.suspend: 10, self.extend: 2,
                self.transfer: 12, self.exclude: 6, self.make_private: 4, self.requalify: 2, self.merge: 30,
            }  # fmt: skip
        return {
            self.close: 40, self.ask: 12, self.pause: 8, self.suspend: 10, self.extend: 8,
            self.transfer: 5, self.exclude: 4, self.make_private: 2, self.requalify: 3, self.merge: 16,
        }  # fmt: skip

    def _once_closed(self) -> Mapping[Act, int]:
        if self._lifelike:
            return {
                self.rate: 18, self.ask_again: 4, self.decide: 30, self.publish: 25, self.unmerge: 1, self.nothing: 40
            }  # fmt: skip
        return {
            self.rate: 40, self.ask_again: 15, self.decide: 30, self.publish: 20, self.unmerge: 2, self.nothing: 10
        }  # fmt: skip

    def nothing(self, _diary: Diary) -> bool:
        """Nobody finds the time."""
        return False

    def take_up(self, diary: Diary) -> bool:
        """Somebody begins to handle it."""
        handling.take_up(self._session, self._who(diary, Permission.CASES_HANDLE), diary.case_id, self._version(diary))
        diary.stage = Stage.WORKING
        diary.accepted_on = diary.accepted_on or clock.local_date()
        return True

    def requalify(self, diary: Diary) -> bool:
        """A petition turns out to be a suggestion, or the other way round."""
        if diary.kind is Kind.COMPLAINT:
            return False
        kind = Kind.SUGGESTION if diary.kind is Kind.PETITION else Kind.PETITION
        who = self._who(diary, Permission.CASES_HANDLE)
        words = case_words.KINDS_MISTAKEN[kind is Kind.PETITION]
        handling.requalify(self._session, who, diary.case_id, self._version(diary), kind, words)
        diary.kind = kind
        return True

    def ask(self, diary: Diary) -> bool:
        """The sender is asked something."""
        case, today = self._case(diary), clock.local_date()
        until = min(
            today + timedelta(self._random.randint(2, 12)), deadlines.question_until(self._session, case, today)
        )
        who = self._who(diary, Permission.CASES_HANDLE)
        handling.ask(self._session, who, case.id, case.version, self._random.choice(case_words.QUESTIONS), until)
        diary.stage, diary.asked_until, diary.questions = Stage.ASKED, until, diary.questions + 1
        diary.stand_still(today)
        return True

    def answer_question(self, diary: Diary) -> bool:
        """The sender answers in time; otherwise the question runs out by itself."""
        following.answer_question(
            self._session, diary.case_id, diary.questions, self._random.choice(case_words.REPLIES)
        )
        self._goes_on(diary)
        return True

    def withdraw_question(self, diary: Diary) -> bool:
        """The unit finds the answer elsewhere."""
        who = self._who(diary, Permission.CASES_HANDLE)
        handling.withdraw_question(self._session, who, diary.case_id, self._version(diary))
        self._goes_on(diary)
        return True

    def pause(self, diary: Diary) -> bool:
        """Others have to answer first."""
        if self._lifelike and not diary.subject.group.place:
            return False
        who = self._who(diary, Permission.CASES_HANDLE)
        handling.pause(
            self._session, who, diary.case_id, self._version(diary), f"{case_subjects.went_to(diary.subject)} trả lời"
        )
        self._waits(diary)
        return True

    def suspend(self, diary: Diary) -> bool:
        """A head signs that a formal complaint has to wait."""
        if diary.kind is not Kind.COMPLAINT:
            return False
        who = self._who(diary, Permission.CASES_APPROVE)
        handling.suspend(self._session, who, diary.case_id, self._version(diary), self._paper("tạm đình chỉ"))
        self._waits(diary)
        return True

    def resume(self, diary: Diary) -> bool:
        """It goes on."""
        who = self._who(diary, Permission.CASES_HANDLE)
        handling.resume(self._session, who, diary.case_id, self._version(diary))
        self._goes_on(diary)
        return True

    def extend(self, diary: Diary) -> bool:
        """A head gives it more days, where the law has any left."""
        case = self._case(diary)
        most = deadlines.extensions_left(self._session, case)
        if most is None:
            return False
        limit = Limit(self._random.randint(1, most.value), most.unit)
        who = self._who(diary, Permission.CASES_APPROVE)
        handling.extend(self._session, who, case.id, case.version, limit, "Chủ tịch (mô phỏng)", self._paper("gia hạn"))
        diary.extensions.append((clock.local_date(), limit))
        return True

    def transfer(self, diary: Diary) -> bool:
        """It belongs to the level above: no unit decides for its neighbours."""
        target = self._office.top.unit_id
        if self._lifelike and not diary.subject.goes_up:
            return False
        if diary.unit_id == target or not self._somebody(target, diary, Permission.CASES_HANDLE):
            return False
        who, version = self._who(diary, Permission.CASES_TRANSFER), self._version(diary)
        words = self._random.choice(case_words.PASSED_ON)
        case = routing.transfer(self._session, who, diary.case_id, version, target, Why.COMPETENCE, words)
        diary.unit_id, diary.stage = case.unit_id, Stage.NEW
        return True

    def exclude(self, diary: Diary) -> bool:
        """It speaks of somebody who works there; with nobody left it goes one level up."""
        if self._lifelike and not diary.subject.is_about_people:
            return False
        people = [one for one in self._office.at(diary.unit_id).people if one.officer_id not in diary.excluded]
        who = self._who(diary, Permission.CASES_ASSIGN)
        others = [one for one in people[1:] if one.officer_id != who.officer_id]
        if diary.unit_id == self._office.top.unit_id or not others:
            return False
        found = self._random.choice(others)
        case = handling.exclude(self._session, who, diary.case_id, self._version(diary), found.officer_id, "concerned")
        diary.excluded.add(found.officer_id)
        if case.unit_id != diary.unit_id:
            diary.unit_id, diary.stage = case.unit_id, Stage.NEW
        return True

    def make_private(self, diary: Diary) -> bool:
        """It is shown to few."""
        if diary.is_private or (self._lifelike and not diary.subject.is_delicate):
            return False
        who = self._who(diary, Permission.CASES_SET_PRIVATE)
        words = self._random.choice(case_words.PRIVATE)
        handling.set_private(self._session, who, diary.case_id, self._version(diary), words)
        diary.is_private = True
        return True

    def merge(self, diary: Diary) -> bool:
        """Another one of the unit says the same and leads it from now on."""
        if diary.leading_id or any(one.leading_id == diary.case_id for one in self._diaries.values()):
            return False
        who = self._who(diary, Permission.CASES_MERGE)
        others = [
            one
            for one in self._diaries.values()
            if one.unit_id == diary.unit_id
            and one.subject is diary.subject
            and one.kind is diary.kind
            and one.stage in {Stage.NEW, Stage.WORKING}
            and one.case_id != diary.case_id
            and one.received_on <= clock.local_date()
            and one.leading_id is None
            and not one.is_private
            and who.officer_id not in one.excluded
        ]
        if not others:
            return False
        leading = self._random.choice(others)
        merging.merge(self._session, who, diary.case_id, self._version(diary), leading.case_id)
        diary.leading_id = leading.case_id
        return True

    def unmerge(self, diary: Diary) -> bool:
        """They were two things after all."""
        leading = self._diaries.get(diary.leading_id or "")
        if leading is None or leading.unit_id != diary.unit_id or leading.is_private:
            return False
        who = self._who(diary, Permission.CASES_MERGE)
        if who.officer_id in leading.excluded:
            return False
        merging.undo(self._session, who, diary.case_id, self._version(diary))
        diary.leading_id = None
        return True

    def close(self, diary: Diary) -> bool:
        """The sender is answered; where the law wants it, a second person lets the answer pass."""
        case, outcome = self._case(diary), case_subjects.outcome(diary.subject, self._random)
        subject, today = diary.subject, clock.local_date()
        given = {name: case_subjects.given(subject, name, today, self._random) for name in outcomes.required(outcome)}
        answer = case_subjects.answered(subject, outcome, today, self._random)
        if outcome is Outcome.SOLVED and diary.unit_id == self._copying:
            answer = case_words.ALWAYS_THE_SAME
        who = self._who(diary, Permission.CASES_HANDLE)
        saved = drafts.newest(self._session, case.id)
        draft, base = Draft(outcome, "", {WHOLE: Answer(answer)}, given), saved.number if saved else 0
        if approvals.is_needed(self._session, case):
            seconds = [
                one
                for one in self._somebody(diary.unit_id, diary, Permission.CASES_APPROVE)
                if one.officer_id != who.officer_id
            ]
            if not seconds:
                return False
            number = drafts.save(self._session, who, case.id, base, draft)
            approvals.submit(self._session, who, case.id, case.version, number)
            closing.approve_answer(self._session, seconds[0], case.id, case.version, number)
        else:
            number = drafts.save(self._session, who, case.id, base, draft)
            closing.send_draft(self._session, who, case.id, case.version, number)
        diary.stage, diary.closed_on, diary.replies = Stage.CLOSED, today, diary.replies + 1
        diary.outcome = outcome
        return True

    def rate(self, diary: Diary) -> bool:
        """The sender says what the answer is worth."""
        if diary.rated == diary.replies:
            return False
        score = self._random.choice(SCORES)
        words = self._random.choice(case_words.RATED[score])
        following.rate(self._session, diary.case_id, diary.replies, score, words)
        diary.rated = diary.replies
        return True

    def ask_again(self, diary: Diary) -> bool:
        """The sender asks the unit, and after a refusal the level above, to look again."""
        refused = any("refused" in one for one in diary.done)
        ask = following.ask_second_stage if refused else following.ask_reopening
        ask(self._session, diary.case_id, self._random.choice(case_words.NOT_YET))
        return True

    def decide(self, diary: Diary) -> bool:
        """Whoever was asked to look again says yes or no."""
        asked = self._session.scalars(
            select(CaseRequest).where(CaseRequest.case_id == diary.case_id, CaseRequest.decision.is_(None))
        ).one_or_none()
        if asked is None:
            return False
        decision = self._random.choice(tuple(Decision))
        case = self._case(diary)
        deciders = [
            one
            for unit_id in (asked.unit_id, self._office.top.unit_id)
            for one in self._somebody(unit_id, diary, Permission.CASES_APPROVE)
            if not deciding.is_own_answer(self._session, one, case, asked.unit_id)
        ]
        if not deciders:
            return False
        words = self._random.choice(case_words.DECIDED[decision is Decision.ACCEPTED])
        version = self._version(diary)
        case = handling.decide(self._session, deciders[0], diary.case_id, version, asked.number, decision, words)
        diary.done.append(f"{asked.kind.value} {decision.value}")
        if decision is Decision.ACCEPTED:
            diary.stage, diary.closed_on, diary.unit_id = Stage.WORKING, None, case.unit_id
            diary.again_on = clock.local_date()
            diary.excluded |= excluded(self._session, case.id)
            diary.is_second = diary.is_second or asked.kind is RequestKind.SECOND_STAGE
        return True

    def publish(self, diary: Diary) -> bool:
        """Everybody may read an edited copy of the answer."""
        case = self._case(diary)
        if diary.is_published or diary.is_private or publishing.why_not(self._session, case):
            return False
        copy = Copy(*case_subjects.published(diary.subject, diary.text, diary.outcome, self._random))
        who = self._who(diary, Permission.CASES_PUBLISH)
        publishing.publish(self._session, who, diary.case_id, self._version(diary), copy)
        diary.is_published = True
        return True

    def look(self, diary: Diary) -> None:
        """See what became of a case by itself: who is excluded from it by a roster, and whether it went up."""
        rows = select(CaseExclusion.officer_id).where(CaseExclusion.case_id == diary.case_id)
        diary.excluded |= set(self._session.scalars(rows))
        case = self._case(diary)
        if case.unit_id != diary.unit_id:
            diary.unit_id = case.unit_id
            diary.stage = Stage.NEW if case.state is State.RECEIVED else diary.stage

    def is_asked(self, diary: Diary) -> bool:
        """Whether the sender waits for a decision."""
        asked = select(CaseRequest.case_id).where(CaseRequest.case_id == diary.case_id, CaseRequest.decision.is_(None))
        return self._session.scalar(asked.limit(1)) is not None

    def days_left(self, diary: Diary, day: date) -> int | None:
        """How many days are left to answer a case that somebody should have in hand."""
        case = self._case(diary)
        is_open = diary.stage in {Stage.NEW, Stage.WORKING} and case.due_on is not None
        return (case.due_on - day).days if is_open and case.due_on is not None else None

    def _paper(self, about: str) -> str:
        number, today = self._random.randint(12, 480), clock.local_date()
        return f"Văn bản số {number} ngày {today:%d/%m/%Y} về việc {about} (mô phỏng)"

    def _drawn(self, weights: Mapping[Act, int]) -> Act:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _who(self, diary: Diary, permission: Permission) -> Person:
        """Somebody where the case lies who may do this and is not concerned; else somebody above."""
        here = self._somebody(diary.unit_id, diary, permission)
        return (here or self._somebody(self._office.top.unit_id, diary, permission))[0]

    def _somebody(self, unit_id: int, diary: Diary, permission: Permission) -> list[Person]:
        people = [
            one
            for one in self._office.at(unit_id).people
            if permission in one.scopes and one.officer_id not in diary.excluded
        ]
        self._random.shuffle(people)
        return people

    def _case(self, diary: Diary) -> Case:
        return self._session.get_one(Case, diary.case_id)

    def _version(self, diary: Diary) -> int:
        return self._case(diary).version

    def _waits(self, diary: Diary) -> None:
        diary.stage = Stage.WAITING
        diary.stand_still(clock.local_date())

    def _goes_on(self, diary: Diary) -> None:
        diary.stage, diary.asked_until = Stage.WORKING, None
        diary.go_on(clock.local_date())
