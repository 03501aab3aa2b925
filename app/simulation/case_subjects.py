"""What simulated cases are about (pure): texts that fit the counter, and answers that fit subject and outcome.

Nobody real is named. Each opening belongs to one subject alone, so that the subject of a text is found again.
"""

from datetime import date, timedelta
from random import Random

from app.feedback.cases.kinds import Outcome
from app.simulation.matters.complaints import COMPLAINTS
from app.simulation.matters.model import Subject
from app.simulation.matters.papers import PAPERS
from app.simulation.matters.provincial import PROVINCIAL
from app.simulation.matters.service import SERVICE

SIMULATED = "(Nội dung mô phỏng.)"
SUBJECTS: tuple[Subject, ...] = (*PAPERS, *PROVINCIAL, *SERVICE)
OTHER = SERVICE[0]
_OWN = 3  # how much more often a counter's own matters come up there
_LAST_WORDS = ("", "", "", "", "Mong sớm nhận được trả lời.", "Xin cảm ơn.", "Kính mong được xem xét.")
_SORRY = (
    "Đơn vị xin lỗi Ông/Bà vì sự bất tiện này.",
    "Đơn vị xin nhận thiếu sót và cảm ơn Ông/Bà đã cho biết.",
    "Rất mong Ông/Bà thông cảm và tiếp tục góp ý.",
    "Cảm ơn Ông/Bà đã phản ánh để đơn vị sửa.",
)
_THANKS = (
    "Đơn vị cảm ơn Ông/Bà và mong tiếp tục nhận được ý kiến.",
    "Nếu còn điều chưa rõ, xin Ông/Bà hỏi lại qua trang theo dõi.",
    "Xin cảm ơn Ông/Bà đã gửi ý kiến.",
)
_SINCE_SHARE = 0.7


def fitting(counter: str, *, is_idea: bool | None = None) -> list[Subject]:
    """What people write about at a counter of this name; matters of that very counter come up more often."""
    found = [one for one in SUBJECTS if is_idea is None or one.is_idea == is_idea]
    own = [one for one in found if any(word in counter for word in one.group.words)]
    return own * _OWN + [one for one in found if not one.group.words]


def named(name: str) -> Subject:
    """The subject of this name."""
    return next(one for one in (*SUBJECTS, *COMPLAINTS) if one.name == name)


def complaint(random: Random) -> Subject:
    """What a formal complaint is about."""
    return random.choice(COMPLAINTS)


def written(subject: Subject, random: Random) -> str:
    """A text on a subject, as one of many people would put it."""
    details = random.sample(subject.details, random.randint(1, min(3, len(subject.details))))
    parts = (f"{random.choice(subject.openings)}.", *details, random.choice(_LAST_WORDS), SIMULATED)
    return " ".join(part for part in parts if part)


def subject_of(text: str) -> Subject:
    """What a text that was written here is about."""
    return next((one for one in (*SUBJECTS, *COMPLAINTS) if text.startswith(one.openings)), OTHER)


def outcome(subject: Subject, random: Random) -> Outcome:
    """How a matter usually ends: what nobody else decides is never said to be somebody else's."""
    usual = (*(Outcome.SOLVED,) * 12, Outcome.PARTLY_SOLVED, Outcome.PARTLY_SOLVED, Outcome.NOT_ACCEPTED)
    return random.choice((*usual, Outcome.NOT_COMPETENT) if subject.group.place else usual)


def answered(subject: Subject, outcome: Outcome, on: date, random: Random) -> str:
    """The unit's answer."""
    day = on - timedelta(days=random.randint(0, 5))
    closing = random.choice(_SORRY if outcome is Outcome.SOLVED and not subject.is_idea else _THANKS)
    checked = f"{random.choice(subject.group.checked)} (ngày {day:%d/%m/%Y})."
    return f"{checked} {_said(subject, outcome, random)} {closing} (Câu trả lời mô phỏng.)"


def given(subject: Subject, name: str, on: date, random: Random) -> str:
    """What has to be said besides the answer with some outcomes, by its name."""
    if name == "refusal":
        return f"{subject.refusal}."
    return f"{went_to(subject)}, văn bản số {random.randint(12, 480)} ngày {on:%d/%m/%Y} (mô phỏng)"


def went_to(subject: Subject) -> str:
    """Who decides about it, if the unit does not."""
    place = _place(subject)
    return f"{place[0].upper()}{place[1:]}"


def published(subject: Subject, text: str, outcome: Outcome, random: Random) -> tuple[str, str, str]:
    """Heading, question and answer for everybody: without a day."""
    opening = next((one for one in subject.openings if text.startswith(one)), subject.openings[0])
    told = [one for one in subject.details if one in text] or [random.choice(subject.details)]
    question = " ".join((f"{opening}.", *told))
    title = subject.titles[subject.openings.index(opening) % len(subject.titles)]
    return title, question, f"{random.choice(subject.group.checked)}. {_said(subject, outcome, random)}"


def _place(subject: Subject) -> str:
    return subject.group.place or "Ủy ban nhân dân tỉnh"


def _said(subject: Subject, outcome: Outcome, random: Random) -> str:
    """What was found and, where something was mended, what is done from now on."""
    found = f"{_found(subject, outcome, random)}."
    is_mended = outcome in {Outcome.SOLVED, Outcome.PARTLY_SOLVED} and random.random() < _SINCE_SHARE
    return f"{found} {random.choice(subject.group.since)}." if is_mended else found


def _found(subject: Subject, outcome: Outcome, random: Random) -> str:
    if outcome is Outcome.PARTLY_SOLVED:
        return subject.partly
    if outcome is Outcome.NOT_ACCEPTED:
        return f"Kết quả chưa cho phép chấp nhận: {subject.refusal[0].lower()}{subject.refusal[1:]}"
    if outcome is Outcome.NOT_COMPETENT:
        return f"Việc này không thuộc thẩm quyền của đơn vị mà của {_place(subject)}; nội dung đã được gửi đến đó"
    return random.choice(subject.done)
