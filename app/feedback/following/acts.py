"""What a sender posted for each act (pure): what is wrong with it, and how to put it right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.i18n.messages import Message, message
from app.web import text_input

MOST_CHARACTERS = 5000
LEVELS = frozenset("12345")
YES_OR_NO = frozenset("01")
ANSWER, RATING, REOPENING, REVIEW, FILES = "answer", "rating", "reopening", "review", "files"
NOTICES = "notices"
WITH_TEXT = (ANSWER, RATING, REOPENING, REVIEW)
WITH_FILES = (ANSWER, FILES)
WRITE_ANSWER = message("Xin Ông/Bà viết câu trả lời.")
WRITE_REASON = message("Xin Ông/Bà viết lý do, để người xem xét hiểu.")
CHOOSE_LEVEL = message("Xin chọn một trong năm mức.")
CHOOSE_NOTICES = message("Xin chọn nhận hay thôi nhận tin báo.")
CHOOSE_FILE = message("Xin chọn ít nhất một tệp.")
CHOOSE_AGAIN = message("Tệp vừa chọn chưa được gửi. Xin chọn lại rồi gửi.")
FILE_FIELD_OF: Mapping[str, str] = {ANSWER: "answer-files", FILES: "files"}
FIELD_OF: Mapping[str, str] = {
    ANSWER: "answer",
    RATING: "rating-text",
    REOPENING: "reopening",
    REVIEW: "review",
    FILES: "files",
    NOTICES: "notices",
}
"""The field of the page to which a problem of an act's text points."""


@dataclass(frozen=True, slots=True)
class Given:
    """One act as it was posted; ``score`` is also whether to be told of news (1 or 0).

    ``wrong``: field of the page → what to do; ``number``: of the question or the reply.
    """

    act: str
    text: str = ""
    score: str = ""
    number: int = 0
    wrong: Mapping[str, Message | str] = field(default_factory=dict)


def read(act: str, posted: Mapping[str, Sequence[str]]) -> Given:
    """What was posted for an act; everything typed stands in it, wrong or not."""
    text = text_input.clean("".join(posted.get("text", ())))
    score = "".join(posted.get("score", ()))
    wrong: dict[str, Message | str] = {}
    if act in WITH_TEXT and (problem := _problem(act, text)):
        wrong[FIELD_OF[act]] = problem
    if act == RATING and score not in LEVELS:
        wrong = {"score": CHOOSE_LEVEL, **wrong}
        score = ""
    if act == NOTICES and score not in YES_OR_NO:
        wrong[FIELD_OF[NOTICES]] = CHOOSE_NOTICES
    number = "".join(posted.get("question" if act == ANSWER else "reply", ()))
    return Given(act, text, score, int(number) if number in map(str, range(1, 1000)) else 0, wrong)


def without_files(given: Given) -> Given:
    """The act after it was refused: a browser does not give chosen files back, so that is said."""
    return replace(given, wrong={**given.wrong, FILE_FIELD_OF[given.act]: CHOOSE_AGAIN})


def _problem(act: str, text: str) -> Message | str | None:
    if not text.strip():
        return {ANSWER: WRITE_ANSWER, RATING: None}.get(act, WRITE_REASON)
    return text_input.problem(text, MOST_CHARACTERS)
