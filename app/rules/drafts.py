"""A new version while it is being written: what was typed, its faults, and the rule it would make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.calendar.day_rows import read_day
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.errors import Invalid
from app.i18n.formats import format_date
from app.rules.content import Content, Matter
from app.rules.errors import BadRule
from app.rules.form_fields import Texts, names_of, read_texts, texts_of, typed
from app.rules.stored import facts_of, from_json
from app.web.text_input import clean, problem

LONGEST = 300
CHECKED = frozenset({Status.VERIFIED, Status.VERIFIED_2})
UNMARKED, WHOLE = "unmarked", "status"
META_LABELS = {
    "valid_from": "Ngày hiệu lực",
    "legal_basis": "Căn cứ pháp lý",
    "status": "Mức kiểm chứng",
    "reason": "Lý do",
    "example_on": "Ngày nhận để xem thử",
}
STATUS_OPTIONS = tuple((one.value, str(STATUS_WORDS[one])) for one in Status if one is not Status.PROJECTED)


@dataclass(slots=True)
class Draft:
    """The texts of the form with what is wrong in them; ``content`` is there when the facts can be read."""

    matter: Matter
    texts: Texts
    meta: Texts
    problems: dict[str, str] = field(default_factory=dict)
    content: Content | None = None
    valid_from: date | None = None
    example_on: date | None = None
    unmarked: set[str] = field(default_factory=set)

    @property
    def status(self) -> Status:
        """The mark of the whole version; asked only when nothing is wrong."""
        return Status(self.meta["status"])

    def summary(self) -> list[dict[str, str]]:
        """What ``components/error_summary.html`` draws."""
        anchors = {fact.name: names_of(fact)[0] for fact in facts_of(self.matter.content)}
        return [
            {"field_id": anchors.get(name, name if name in META_LABELS else ""), "message": words}
            for name, words in self.problems.items()
        ]


def draft_from(matter: Matter, content: Content, meta: Mapping[str, str], today: date) -> Draft:
    """A draft that begins as a copy of a rule."""
    usual = {"valid_from": "", "legal_basis": "", "status": "", "reason": "", "example_on": format_date(today)}
    return Draft(matter, texts_of(content), {**usual, **meta}, content=content)


def draft_of(matter: Matter, given: Mapping[str, str]) -> Draft:
    """What was posted, read as far as it can be; every fault stands in ``problems``."""
    meta = {name: clean(given.get(name, "")).strip() for name in META_LABELS}
    draft = Draft(matter, typed(matter.content, given), meta)
    known = {WHOLE} | {fact.name for fact in facts_of(matter.content)}
    draft.unmarked = known & set(given.get(UNMARKED, "").split())
    try:
        draft.content = from_json(matter.content, read_texts(matter.content, draft.texts))
    except BadRule as error:
        draft.problems |= error.problems
    draft.valid_from = _day(draft, "valid_from")
    draft.example_on = _day(draft, "example_on") if meta["example_on"] else None
    for name, missing in (("legal_basis", "Xin ghi căn cứ pháp lý."), ("reason", "Xin ghi lý do thay đổi.")):
        if not meta[name]:
            draft.problems[name] = missing
        elif (wrong := problem(meta[name], LONGEST)) is not None:
            draft.problems[name] = f"{META_LABELS[name]}: {wrong}"
    if meta["status"] not in dict(STATUS_OPTIONS):
        draft.problems["status"] = "Xin chọn mức kiểm chứng."
    for name, text in draft.texts.items():
        if "\ufffd" in text:
            draft.problems.setdefault(name, "Có ký tự bị hỏng (�). Xin gõ lại ký tự đó.")
    return draft


def first_example(draft: Draft, today: date) -> date:
    """The day the preview reckons from: the one asked for, but never one on which the version does not hold yet."""
    return max(draft.example_on or today, draft.valid_from or today)


def drop_marks(draft: Draft, before: Content | None, status: Status | None) -> list[str]:
    """Take the mark "checked" off every fact that is not what was checked; the labels of those that lost it.

    A copy brings the marks of the old rule along. Once a mark was taken off, whoever has checked the new words may set
    it again: ``draft.unmarked`` remembers which were. ``status``: the mark of the old version as a whole.
    """
    if before is None or draft.content is None:
        return []
    lost: list[str] = []
    for fact in facts_of(draft.matter.content):
        old, new = before.sources.get(fact.name), draft.content.sources.get(fact.name)
        is_same = getattr(before, fact.name) == getattr(draft.content, fact.name)
        is_copied = old is not None and new is not None and new.status is old.status and new.status in CHECKED
        if is_same or not is_copied or fact.name in draft.unmarked:
            continue
        draft.texts[f"{fact.name}_status"] = Status.UNVERIFIED.value
        draft.unmarked.add(fact.name)
        lost.append(fact.label)
    if lost and draft.status is status and status in CHECKED and WHOLE not in draft.unmarked:
        draft.meta["status"] = Status.UNVERIFIED.value
        draft.unmarked.add(WHOLE)
        lost.append("toàn bộ phiên bản")
    if lost:
        draft.content = from_json(draft.matter.content, read_texts(draft.matter.content, draft.texts))
    return lost


def _day(draft: Draft, name: str) -> date | None:
    try:
        return read_day(draft.meta[name])
    except Invalid as error:
        draft.problems[name] = f"{META_LABELS[name]}: {error.message}"
        return None
