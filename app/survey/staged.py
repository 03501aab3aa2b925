"""What an answer is while its day lasts (pure): the plain text of ``todays_response.payload`` before encryption."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.survey import packing
from app.survey.answers import Answers
from app.survey.definitions import QuestionSet

# Encryption hides what is written but not how long it is, and lengths outlive the key in logs and backups. Without
# a text every answer is as long as every other; with one it has one of few lengths.
PADDED_BYTES = (256, 4096, 16384)


@dataclass(frozen=True, slots=True)
class Staged:
    """One answer of today: where and how it came, its flags, its packed codes, and texts as (question id, text)."""

    round_id: int
    counter_id: int
    form_issued_on: date
    channel: str
    language: str
    flags: int
    answers: bytes
    texts: tuple[tuple[str, str], ...] = ()
    has_details: bool = False

    def to_bytes(self) -> bytes:
        """Compact JSON, padded with spaces to one of ``PADDED_BYTES``."""
        content = [
            self.round_id,
            self.counter_id,
            self.form_issued_on.isoformat(),
            self.channel,
            self.language,
            self.flags,
            base64.b64encode(self.answers).decode("ascii"),
            self.texts,
            int(self.has_details),
        ]
        data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        least = PADDED_BYTES[1] if self.texts else PADDED_BYTES[0]
        return data.ljust(next((size for size in PADDED_BYTES if size >= max(least, len(data))), len(data)))

    @staticmethod
    def from_bytes(data: bytes) -> "Staged":
        """Undo ``to_bytes``."""
        round_id, counter_id, issued_on, channel, language, flags, packed, texts, has_details = json.loads(data)
        return Staged(
            round_id=round_id,
            counter_id=counter_id,
            form_issued_on=date.fromisoformat(issued_on),
            channel=channel,
            language=language,
            flags=flags,
            answers=base64.b64decode(packed),
            texts=tuple((question_id, text) for question_id, text in texts),
            has_details=bool(has_details),
        )

    def with_answers(self, question_set: QuestionSet, answers: Answers, flags: int) -> "Staged":
        """The same response with further answers of the same set."""
        return replace(
            self,
            flags=self.flags | flags,
            answers=packing.merge(question_set, self.answers, answers.codes),
            texts=self.texts + _texts(answers),
            has_details=True,
        )


def _texts(answers: Answers) -> tuple[tuple[str, str], ...]:
    numbers = ((question_id, _plain(number)) for question_id, number in answers.numbers.items())
    others = ((f"{question_id}_other", text) for question_id, text in answers.other_texts.items())
    return (*answers.texts.items(), *numbers, *others)


def _plain(number: Decimal) -> str:
    return format(number, "f")
