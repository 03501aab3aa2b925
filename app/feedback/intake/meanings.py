"""What a track means to whoever takes it (pure): who answers, by when, with or without a name, and on what ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.calendar.days import Limit
from app.calendar.reckoning import Counting, reckon
from app.calendar.working_time import WorkingCalendar
from app.i18n.formats import format_date
from app.i18n.messages import Message, message
from app.rules.content import Begins, Identity, KindRule
from app.rules.kinds import Kind

IDENTITY: Mapping[Identity, Message] = {
    Identity.REQUIRED: message("Có: phải ghi họ tên, địa chỉ thì mới được giải quyết theo đúng thủ tục."),
    Identity.OPTIONAL: message("Không bắt buộc."),
    Identity.NONE: message("Ở đây không nhận: không có ô nào để ghi tên hay liên hệ."),
}
IS_PUBLIC: Mapping[bool, Message] = {
    True: message("Có thể công khai, sau khi bỏ mọi thông tin về Ông/Bà."),
    False: message("Không công khai."),
}
STRAIGHT_UP = message("Cấp trên trực tiếp của nơi xảy ra; nơi xảy ra không xem được.")
NO_TERM = message("Pháp luật không quy định hạn trả lời cho thông tin ẩn danh; cơ quan nhận xem xét khi có căn cứ.")
AIMED_AT = message("Không bắt buộc trả lời; nếu trả lời thì trước ngày %(day)s.")


@dataclass(frozen=True, slots=True)
class Today:
    """What reckoning a date needs."""

    on: date
    calendar: WorkingCalendar
    counting: Counting

    def end_of(self, limit: Limit) -> date:
        """The last day of a term that begins today."""
        return reckon(self.on, limit, calendar=self.calendar, counting=self.counting).due_on


@dataclass(frozen=True, slots=True)
class Meaning:
    """One track in words. ``lines``: what is asked and its answer, in the order in which people ask."""

    kind: Kind
    name: str
    short: str
    lines: tuple[tuple[Message, Message | str], ...]


def meaning_of(rule: KindRule, basis: str, today: Today, language: str, *, is_remote: bool = False) -> Meaning:
    """What a rule means today. Texts of the rule come in the language asked for, the rest as messages."""
    lines: list[tuple[Message, Message | str]] = [
        (
            message("Ai trả lời"),
            STRAIGHT_UP if rule.kind is Kind.DENUNCIATION else rule.who_answers.in_language(language),
        ),
        (message("Khi nào"), by_when(rule, today, is_remote=is_remote)),
        (message("Có cần ghi tên không"), IDENTITY[rule.identity]),
    ]
    if rule.identity is not Identity.NONE:
        lines.append((message("Nếu không ghi tên"), rule.anonymous_gets.in_language(language)))
    lines.append((message("Câu trả lời có công khai không"), IS_PUBLIC[rule.may_be_public]))
    lines.append((message("Căn cứ"), basis))
    return Meaning(rule.kind, rule.name.in_language(language), rule.meaning.in_language(language), tuple(lines))


def by_when(rule: KindRule, today: Today, *, is_remote: bool = False) -> Message:
    """The term, with the day it would end if it began today."""
    if rule.kind is Kind.DENUNCIATION:
        return NO_TERM
    limit = rule.resolve_limit(is_remote=is_remote)
    end = format_date(today.end_of(limit))
    if not rule.must_answer:
        return message(AIMED_AT.source, day=end)
    if rule.begins is Begins.ACCEPTED and rule.accept is not None:
        return message(
            "Báo có thụ lý hay không trong %(accept)s (nếu gửi hôm nay: trước hết ngày %(first)s); giải quyết trong "
            "%(limit)s kể từ ngày thụ lý.",
            accept=rule.accept.words,
            first=format_date(today.end_of(rule.accept)),
            limit=limit.words,
        )
    return message("Trong %(limit)s; nếu gửi hôm nay: trước hết ngày %(day)s.", limit=limit.words, day=end)
