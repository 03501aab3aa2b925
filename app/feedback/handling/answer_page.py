"""What the pages of an answer show: the form point by point, the answer as its sender reads it, what looks personal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.accounts.models import Officer
from app.feedback.answering import approvals, drafts, notes, reply_templates
from app.feedback.answering.composing import (
    MOST_ANSWER,
    MOST_POINTS,
    WHOLE,
    Answer,
    Answered,
    Draft,
    answered,
    composed,
)
from app.feedback.answering.drafts import Saved, cleaned
from app.feedback.answering.points import Split, overlooked, split_of
from app.feedback.answering.seen import reply_seen
from app.feedback.answering.spotting import spots
from app.feedback.cases import access, due_words, history, outcomes
from app.feedback.cases.access import Viewer
from app.feedback.cases.answers import OUTCOMES
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.models import Case, CaseReply
from app.feedback.cases.workflow import OPEN
from app.feedback.handling import said
from app.feedback.handling.words import STATES
from app.i18n.formats import format_moment
from app.web.permissions import Permission

GENERAL = "general"
NAMES = frozenset(
    {"outcome", GENERAL, "template", "into", "base", "seen", "step", *outcomes.FIELDS}
    | {f"{part}-{number}" for part in ("answer", "reason") for number in range(1, MOST_POINTS + 1)}
)
"""Every field that the form of an answer may send."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent: the draft, on which saved one it was written, the last line of the history then."""

    draft: Draft
    base: int
    seen: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Wrong fields; or somebody was faster, ``is_draft``: with the draft itself."""

    errors: Mapping[str, str]
    conflict: str = ""
    is_draft: bool = False


NONE = Trouble({})


def read(form: MultiDict[str, str]) -> Typed:
    """What somebody typed, cleaned; what is no number counts as none."""
    typed_outcome = form.get("outcome", "")
    answers = {
        number: Answer(cleaned(form[f"answer-{number}"]), is_reason=form.get(f"reason-{number}") == "1")
        for number in range(1, MOST_POINTS + 1)
        if f"answer-{number}" in form
    }
    given = {name: text for name in outcomes.FIELDS if (text := cleaned(form.get(name, "")))}
    outcome = Outcome(typed_outcome) if typed_outcome in set(Outcome) else None
    draft = Draft(outcome, cleaned(form.get(GENERAL, "")), answers, given)
    return Typed(draft, number_of(form.get("base", "")), number_of(form.get("seen", "")))


def number_of(text: str) -> int:
    """A small number as a form sends it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def compose(
    session: Session, case: Case, on: date, typed: Typed | None = None, trouble: Trouble = NONE
) -> dict[str, object]:
    """What ``templates/cases/answer.html`` needs; what was typed goes before what was saved."""
    split, saved = split_of(session, case.id), drafts.newest(session, case.id)
    draft = typed.draft if typed else saved.draft if saved else Draft()
    lines = history.lines(session, case.id, shown_only=False)
    changes = [line for line in lines if typed and line.sequence > typed.seen] if trouble.conflict else []
    is_fresh = typed is None or bool(trouble.conflict)
    numbers = {one.number for one in split.points} or {WHOLE}
    return {
        "case": case,
        "due": due_words.due_line(session, case, on),
        "is_allowed": case.state in OPEN,
        "state_words": STATES,
        "fields": _fields(split, draft, trouble),
        "is_parted": bool(split.points),
        "overlooked": overlooked(split, case.text),
        "outcomes": [(one.value, OUTCOMES[one]) for one in Outcome],
        "outcome": draft.outcome.value if draft.outcome else "",
        "more": [
            (field, draft.given.get(name, ""), trouble.errors.get(name, "")) for name, field in outcomes.FIELDS.items()
        ],
        "has_more": bool(draft.given) or any(name in trouble.errors for name in outcomes.FIELDS),
        "general": draft.general,
        "left_over": [one.text for number, one in draft.answers.items() if number not in numbers and one.text],
        "is_parted_anew": saved is not None and typed is None and saved.split != split.number,
        "most": MOST_ANSWER,
        "saved_words": _saved_words(session, saved),
        "other": composed(split.points, saved.draft) if saved and trouble.is_draft else "",
        "base": (saved.number if saved else 0) if is_fresh or typed is None else typed.base,
        "seen": lines[-1].sequence if is_fresh or typed is None else typed.seen,
        "templates": [
            (one.template_id, f"{one.title} ({one.unit_name})")
            for one in reply_templates.offered(session, case.unit_id, on)
        ],
        "needs_approval": approvals.is_needed(session, case),
        "error": trouble.errors,
        "errors": [{"field_id": name, "message": words} for name, words in trouble.errors.items()],
        "conflict": trouble.conflict,
        "changes": [(line, "") for line in changes],
        **said.words_for(session, changes),
    }


def preview(
    session: Session, viewer: Viewer, case: Case, saved: Saved, split: Split, on: date, seen: int | None = None
) -> dict[str, object]:
    """What ``templates/cases/answer_preview.html`` needs: the box of the sender's page, what looks personal in it.

    ``seen``: the last line of the history that an act which was refused knew of.
    """
    earlier = session.scalar(select(func.count()).select_from(CaseReply).where(CaseReply.case_id == case.id)) or 0
    draft, outcome = saved.draft, saved.draft.outcome
    required = () if outcome is None else outcomes.required(outcome)
    text = composed(split.points, draft)
    looked_at = "\n".join([*_own_words(split, draft), *(draft.given.get(name, "") for name in required)])
    waiting = approvals.waiting(session, case)
    lines = history.lines(session, case.id, shown_only=False)
    changes = [line for line in lines if seen is not None and line.sequence > seen]
    may_approve = access.may(session, viewer, case.id, on, Permission.CASES_APPROVE)
    return {
        "case": case,
        "answer": reply_seen(
            earlier + 1,
            outcome_words="" if outcome is None else OUTCOMES[outcome],
            facts=[(outcomes.FIELDS[name].label, draft.given.get(name, "")) for name in required],
            text=text,
            answered=answered(split.points, draft),
            answered_on=on,
        ),
        "spots": sorted({(spot.piece(looked_at), spot.words) for spot in spots(looked_at)}),
        "draft_number": saved.number,
        "overlooked": overlooked(split, case.text),
        "needs_approval": approvals.is_needed(session, case),
        "is_waiting": waiting is not None,
        "may_approve": may_approve and waiting is not None,
        "is_own": waiting is not None and approvals.is_own(session, case.id, viewer.officer_id, waiting.asked_by),
        "saved_words": _saved_words(session, saved),
        "seen": lines[-1].sequence if lines else 0,
        "changes": [(line, "") for line in changes],
        **said.words_for(session, changes),
    }


def on_case_page(session: Session, case: Case, held: Collection[Permission]) -> dict[str, object]:
    """What ``templates/cases/_answering.html`` needs on the page of a case."""
    may_handle = Permission.CASES_HANDLE in held
    saved = drafts.newest(session, case.id) if may_handle else None
    return {
        "points": split_of(session, case.id).points,
        "notes": (written := notes.of_case(session, case.id)),
        "last_note": written[-1].number if written else 0,
        "may_note": may_handle,
        "saved_words": _saved_words(session, saved),
        "most_note": notes.MOST_NOTE,
    }


def _fields(split: Split, draft: Draft, trouble: Trouble) -> list[dict[str, object]]:
    points = [(one.number, one.text) for one in split.points] or [(WHOLE, "")]
    return [
        {
            "number": number,
            "point": point,
            "text": draft.to(number).text,
            "is_reason": draft.to(number).is_reason,
            "error": trouble.errors.get(f"answer-{number}", ""),
        }
        for number, point in points
    ]


def _own_words(split: Split, draft: Draft) -> list[str]:
    """What the officer wrote; the points are the sender's own words."""
    said_to: list[Answered] = answered(split.points, draft)
    return [one.answer for one in said_to] if said_to else [draft.to(WHOLE).text]


def _saved_words(session: Session, saved: Saved | None) -> str:
    if saved is None:
        return ""
    name = session.scalar(select(Officer.full_name).where(Officer.id == saved.written_by)) or ""
    return f"Bản nháp số {saved.number}, {name} lưu lúc {format_moment(saved.saved_at)}"
