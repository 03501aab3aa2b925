"""What a track means to whoever takes it today (pure): the words of its rule, and the day they come to."""

from dataclasses import dataclass
from datetime import date

from app.calendar.days import Limit
from app.calendar.reckoning import Counting, reckon
from app.calendar.working_time import WorkingCalendar
from app.feedback.cases.promises import ACCEPTED_BY, Part, not_running, to_anonymous
from app.i18n.formats import format_date
from app.i18n.messages import Message, message
from app.rules.citizen_words import told
from app.rules.content import Begins, KindRule, Words
from app.rules.kinds import Kind

TODAY = message("Nếu gửi hôm nay")
BY_LAW = message("Nếu nộp tố cáo đúng luật (nơi khác, có họ tên)")
WITHOUT_NAME = message("Nếu gửi tin ẩn danh qua đây")
STRAIGHT_UP = message("Cấp trên của nơi xảy ra; không ai ở nơi ấy xem được.")
NO_TERM = message("Không hứa trả lời, không có thời hạn.")
NOBODY_ASKS = message("Không. Không ai hỏi lại hay tìm cách biết Ông/Bà là ai.")
ANSWERED_BY = message("Trả lời trước hết ngày %(day)s.")
IF_ANSWERED = message("Nếu trả lời thì trước hết ngày %(day)s.")
ACCEPTED_IF = message(
    "Nếu đơn đủ hình thức thì báo có nhận giải quyết hay không trước hết ngày %(day)s. Chưa đủ hình thức thì thời hạn "
    "theo luật chưa chạy."
)

Line = tuple[Message, Message | str]


@dataclass(frozen=True, slots=True)
class Today:
    """What reckoning a date needs."""

    on: date
    calendar: WorkingCalendar
    counting: Counting

    def end_of(self, limit: Limit) -> str:
        """The last day of a term that begins today."""
        return format_date(reckon(self.on, limit, calendar=self.calendar, counting=self.counting).due_on)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an intake. ``missing``: what a complaint lacks of its form, None before that can be known."""

    is_remote: bool = False
    missing: tuple[Part, ...] | None = None
    needs_no_letter_back: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """One track in words. ``lines``: what people ask and its answer; ``brief``: the part that is said once more.

    ``apart``: the lines under headings of their own, where a track has two ways that must not be taken for one.
    """

    kind: Kind
    name: str
    short: str
    lines: tuple[Line, ...]
    brief: tuple[Line, ...]
    apart: tuple[tuple[Message, tuple[Line, ...]], ...] = ()


def meaning_of(rule: KindRule, basis: str, today: Today, language: str, about: Told) -> Meaning:
    """What a rule means today. Texts of the rule come in the language asked for, the rest as messages."""
    lines: list[Line] = [
        (one.heading, one.text.in_language(language) if isinstance(one.text, Words) else one.text)
        for one in told(rule)
        if one.text not in (rule.meaning, rule.guidance)
    ]
    if rule.kind is Kind.DENUNCIATION:
        return _two_ways(rule, basis, lines, language)
    by_day = (TODAY, by_when(rule, today, about))
    who = (message("Ai trả lời"), rule.who_answers.in_language(language))
    return Meaning(
        kind=rule.kind,
        name=rule.name.in_language(language),
        short=rule.meaning.in_language(language),
        lines=(*lines, by_day, (message("Căn cứ"), basis)),
        brief=(who, by_day),
    )


def _two_ways(rule: KindRule, basis: str, lines: list[Line], language: str) -> Meaning:
    """A denunciation by law, lodged elsewhere, and what this door takes instead."""
    here: tuple[Line, ...] = (
        (message("Ai đọc"), STRAIGHT_UP),
        (message("Khi nào có trả lời"), NO_TERM),
        (message("Có ai hỏi lại không"), NOBODY_ASKS),
        (message("Sẽ được gì"), rule.anonymous_gets.in_language(language)),
    )
    nameless = (rule.anonymous_gets.in_language(language), _identity_words(rule))
    by_law = (*(line for line in lines if line[1] not in nameless), (message("Căn cứ"), basis))
    return Meaning(
        kind=rule.kind,
        name=rule.name.in_language(language),
        short=rule.meaning.in_language(language),
        lines=(),
        brief=here,
        apart=((BY_LAW, by_law), (WITHOUT_NAME, here)),
    )


def _identity_words(rule: KindRule) -> Message | Words:
    """What the rule says of who somebody is: true of this door, not of the way by law."""
    return next(one.text for one in told(rule) if one.heading == "Có cần cho biết mình là ai")


def by_when(rule: KindRule, today: Today, about: Told) -> Message:
    """The day on which something is due if it is sent today."""
    if rule.begins is Begins.ACCEPTED and rule.accept is not None:
        if about.missing:
            return not_running(about.missing)
        accepted = ACCEPTED_IF if about.missing is None else ACCEPTED_BY
        return message(accepted.source, day=today.end_of(rule.accept))
    day = today.end_of(rule.resolve_limit(is_remote=about.is_remote))
    if about.needs_no_letter_back:
        return to_anonymous(day)
    words = ANSWERED_BY if rule.must_answer else IF_ANSWERED
    return message(words.source, day=day)
