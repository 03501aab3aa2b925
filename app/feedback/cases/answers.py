"""What a sender reads of an answer: the same words on the sender's page and in what an officer sees beforehand."""

from collections.abc import Mapping

from app.feedback.cases.kinds import Outcome
from app.i18n.messages import Message, message

OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.SOLVED: message("Đã giải quyết"),
    Outcome.PARTLY_SOLVED: message("Đã giải quyết một phần"),
    Outcome.NOT_ACCEPTED: message("Không chấp nhận, có nêu lý do"),
    Outcome.NOT_COMPETENT: message("Không thuộc thẩm quyền, đã hướng dẫn hoặc chuyển nơi khác"),
    Outcome.WITHDRAWN: message("Đã rút"),
    Outcome.PARTLY_WITHDRAWN: message("Đã rút một phần, phần còn lại đã được trả lời"),
    Outcome.DISCONTINUED: message("Đình chỉ"),
}


def paragraphs(text: str) -> list[str]:
    """The lines of a text that are not empty."""
    return [line for line in text.split("\n") if line.strip()]
