"""What a citizen is told about a kind of case (pure): headings and texts, for the door, the guide and previews."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n.messages import Message, message
from app.rules.content import Begins, Identity, KindRule, Words


@dataclass(frozen=True, slots=True)
class Told:
    """One line: a heading, and either words of the rule in two languages or a sentence for the catalogue."""

    heading: Message
    text: Words | Message

    def in_vietnamese(self) -> str:
        """The text as it stands in the source language."""
        return self.text.vi if isinstance(self.text, Words) else str(self.text)


def told(rule: KindRule) -> tuple[Told, ...]:
    """Everything, in the order people ask: what is it, who, by when, who am I, who sees it, what then."""
    return tuple(_lines(rule))


def _lines(rule: KindRule) -> Iterator[Told]:
    yield Told(message("Là gì"), rule.meaning)
    yield Told(message("Ai gửi được"), rule.who_sends)
    yield Told(message("Ai trả lời"), rule.who_answers)
    yield Told(message("Khi nào có trả lời"), _when(rule))
    if rule.accept is not None:
        yield Told(message("Báo nhận giải quyết"), _accepted(rule))
    if rule.status_every is not None:
        text = message("Nếu chưa xong, đơn vị báo tình hình sau mỗi %(days)s.", days=rule.status_every.words)
        yield Told(message("Trong lúc chờ"), text)
    yield Told(message("Có cần cho biết mình là ai"), _identity(rule.identity))
    yield Told(message("Nếu ẩn danh"), rule.anonymous_gets)
    yield Told(message("Trả lời có công khai không"), _public(rule))
    if rule.second_lodge is not None:
        text = message("Có thể đề nghị cấp trên xem lại trong %(days)s.", days=rule.second_lodge.words)
        yield Told(message("Nếu không đồng ý"), text)
    yield Told(message("Lưu ý"), rule.guidance)


def _when(rule: KindRule) -> Message:
    days = rule.resolve.words
    if not rule.must_answer and rule.begins is Begins.RECEIVED:
        return message("Không bắt buộc trả lời; đơn vị xem trong %(days)s kể từ ngày nhận.", days=days)
    if rule.begins is Begins.RECEIVED:
        return message("Trong %(days)s kể từ ngày nhận.", days=days)
    longer = rule.resolve_complex or rule.resolve_remote
    if longer is None:
        return message("Trong %(days)s kể từ ngày thụ lý.", days=days)
    return message(
        "Trong %(days)s kể từ ngày thụ lý; vụ việc phức tạp hoặc ở vùng sâu, vùng xa có thể lâu hơn (%(longer)s).",
        days=days,
        longer=longer.words,
    )


def _accepted(rule: KindRule) -> Message:
    assert rule.accept is not None
    if rule.accept_extended is None:
        return message("Trong %(days)s, đơn vị cho biết có nhận giải quyết hay không, vì sao.", days=rule.accept.words)
    return message(
        "Trong %(days)s (khi cần xác minh: %(longer)s), đơn vị cho biết có nhận giải quyết hay không, vì sao.",
        days=rule.accept.words,
        longer=rule.accept_extended.words,
    )


def _identity(identity: Identity) -> Message:
    if identity is Identity.REQUIRED:
        return message("Cần họ tên và cách liên hệ.")
    if identity is Identity.OPTIONAL:
        return message("Không bắt buộc.")
    return message("Không hỏi.")


def _public(rule: KindRule) -> Message:
    if rule.may_be_public:
        return message("Có thể, sau khi bỏ mọi thông tin về người gửi.")
    return message("Không.")
