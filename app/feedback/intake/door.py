"""The one door (pure): from what happened to the track it takes by law, and what each track means.

A few plain questions propose a track with the reasons; the citizen may choose another. The order of the questions is
the order of what there is to lose: whoever reports a breach of law must not be led to the office it concerns.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.i18n.messages import Message, message
from app.rules.kinds import Kind


class Answer(StrEnum):
    """What a citizen may say about what happened; several may be true."""

    BROKEN_LAW = "broken_law"
    OWN_RIGHT = "own_right"
    BAD_SERVICE = "bad_service"
    IDEA = "idea"


QUESTIONS: Mapping[Answer, Message] = {
    Answer.OWN_RIGHT: message(
        "Quyết định hoặc việc làm của cơ quan, cán bộ xâm phạm quyền lợi của chính tôi; tôi muốn được xem xét lại"
    ),
    Answer.BROKEN_LAW: message("Có người vi phạm pháp luật, ví dụ đòi tiền ngoài quy định, làm giả giấy tờ"),
    Answer.BAD_SERVICE: message("Quy định, thủ tục, cách phục vụ chưa tốt hoặc gây khó khăn"),
    Answer.IDEA: message("Tôi có ý tưởng, đề xuất hoặc lời khen"),
}
"""In the order in which pages ask."""

TRACK: Mapping[Answer, Kind] = {
    Answer.BROKEN_LAW: Kind.DENUNCIATION,
    Answer.OWN_RIGHT: Kind.COMPLAINT,
    Answer.BAD_SERVICE: Kind.PETITION,
    Answer.IDEA: Kind.SUGGESTION,
}
"""The first answer that was given decides."""

REASONS: Mapping[Answer, Message] = {
    Answer.BROKEN_LAW: message(
        "Ông/Bà cho biết có người vi phạm pháp luật. Việc đó theo luật là tố cáo, được chuyển thẳng lên cấp trên của "
        "nơi xảy ra."
    ),
    Answer.OWN_RIGHT: message(
        "Ông/Bà cho biết quyền lợi của chính mình bị xâm phạm và muốn được xem xét lại. Việc đó theo luật là khiếu nại."
    ),
    Answer.BAD_SERVICE: message(
        "Ông/Bà cho biết quy định, thủ tục hoặc cách phục vụ chưa tốt. Việc đó theo luật là phản ánh, kiến nghị."
    ),
    Answer.IDEA: message("Ông/Bà có ý tưởng, đề xuất hoặc lời khen. Việc đó là góp ý."),
}
NOTHING_SAID = message(
    "Ông/Bà chưa chọn ý nào, nên hệ thống đề nghị gửi như phản ánh, kiến nghị; cán bộ sẽ xem xét và báo lại nếu khác."
)
BESIDES = message("Ý còn lại Ông/Bà có thể gửi riêng, thành %(kind)s.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The track that fits what was said, and why."""

    kind: Kind
    reasons: tuple[Message, ...]


def propose(answers: Collection[Answer], names: Mapping[Kind, str]) -> Proposal:
    """Propose a track for what a citizen said; ``names`` are the names of the tracks."""
    given = [one for one in TRACK if one in answers]
    if not given:
        return Proposal(Kind.PETITION, (NOTHING_SAID,))
    first, *others = given
    besides = tuple(message(BESIDES.source, kind=names[TRACK[one]]) for one in others)
    return Proposal(TRACK[first], (REASONS[first], *besides))
