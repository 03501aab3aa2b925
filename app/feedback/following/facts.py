"""What stands at the top of a sender's page: state, kind, due date with its reasons, who has opened the case."""

from collections.abc import Iterator
from types import SimpleNamespace

from app.calendar.sources import NEEDS_CHECKING, WORDS
from app.calendar.words import explanation
from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.promises import accepted_by, not_running, to_anonymous
from app.feedback.following import words
from app.feedback.following.queries import SenderView
from app.i18n.catalogues import chosen_language, in_language
from app.i18n.formats import format_date
from app.i18n.messages import Message, message
from app.rules.kinds import Kind

ANSWER = message("Hạn trả lời")
ACCEPTANCE = message("Báo nhận giải quyết")
LATE = message("Đã quá hạn. Việc này được tính vào số liệu quá hạn của đơn vị.")
LATE_BEFORE_PAUSE = message(
    "Đã quá hạn từ trước khi thời hạn tạm dừng. Việc này được tính vào số liệu quá hạn của đơn vị."
)


def of(view: SenderView) -> SimpleNamespace:
    """The facts as the template takes them."""
    is_done = CLASS_OF[view.state] is StateClass.DONE
    return SimpleNamespace(
        number=view.public_number,
        kind_words=view.rule.content.name.in_language(chosen_language()),
        kind_note=in_language(_kind_note(view)),
        unit_name=view.unit_name,
        place=view.counter_name,
        received_on=format_date(view.received_on),
        state_words=in_language(_state_words(view)),
        outcome_words="" if view.outcome is None else in_language(words.OUTCOMES[view.outcome]),
        due_on="" if view.due_on is None else format_date(view.due_on),
        due_label=in_language(ACCEPTANCE if view.awaits_acceptance else ANSWER),
        due_note="" if is_done else in_language(_due_note(view)),
        steps=[in_language(step) for step in explanation(view.reckoning)] if view.reckoning else [],
        basis=[in_language(line) for line in _basis(view)],
        text=paragraphs(view.text),
        opened=[in_language(_opened(role, count)) for role, count in view.openers.items()],
    )


def paragraphs(text: str) -> list[str]:
    """The lines of a text that are not empty."""
    return [line for line in text.split("\n") if line.strip()]


def _state_words(view: SenderView) -> Message:
    """Where it stands; "answered" only where the matter was."""
    ended = words.ENDED.get(view.outcome) if view.state is State.CLOSED and view.outcome is not None else None
    return ended or words.STATES[view.state]


def _kind_note(view: SenderView) -> Message | str:
    language = chosen_language()
    if view.kind is Kind.COMPLAINT and not view.meets_form:
        return message(
            "Đây là thông tin tiếp nhận, chưa phải đơn khiếu nại theo luật. %(guidance)s",
            guidance=view.rule.content.guidance.in_language(language),
        )
    if view.kind is view.kind_asked:
        return ""
    return message(
        "Ông/Bà gửi như %(asked)s; đơn vị xếp là %(now)s. Lý do nằm trong phần “Đã xảy ra những gì”.",
        asked=view.asked_rule.name.in_language(language),
        now=view.rule.content.name.in_language(language),
    )


def _due_note(view: SenderView) -> Message | str:
    if view.kind is Kind.COMPLAINT and not view.meets_form:
        return not_running(view.missing)
    if view.due_on is None:
        return message("Pháp luật không đặt hạn trả lời cho loại việc này.")
    is_paused = CLASS_OF[view.state] is StateClass.PAUSED
    if view.is_late:
        return LATE_BEFORE_PAUSE if is_paused else LATE
    if is_paused:
        return message("Thời hạn đang tạm dừng, nên ngày trên còn lùi lại.")
    return _meaning(view, format_date(view.due_on))


def _meaning(view: SenderView, day: str) -> Message | str:
    """What the day is, where it is not simply the one of the answer."""
    if view.awaits_acceptance:
        return accepted_by(day)
    return to_anonymous(day) if view.kind is Kind.PETITION and view.is_anonymous else ""


def _basis(view: SenderView) -> Iterator[Message]:
    """On which text the date rests, how well that is known, and which versions were used."""
    if view.reckoning is None:
        return
    rule = view.rule
    source = rule.content.sources.get("resolve")
    yield message("Căn cứ: %(basis)s", basis=source.document if source else rule.legal_basis)
    status = source.status if source else rule.status
    if status in NEEDS_CHECKING:
        yield WORDS[status]
    yield message(
        "Quy định bản số %(rule)s, áp dụng từ ngày %(day)s; lịch làm việc bản số %(calendar)s.",
        rule=rule.id,
        day=format_date(rule.valid_from),
        calendar=view.reckoning.calendar_version,
    )


def _opened(role: str, count: int) -> Message:
    names = ", ".join(in_language(one) for one in words.role_words(role))
    return message("%(role)s: %(count)s người", role=names, count=count)
