"""What an answer is made of (pure): points of a case, a paragraph or a reason for each, general words around them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.feedback.cases.kinds import Outcome

MOST_POINTS = 20
MOST_POINT = 2_000
MOST_ANSWER = 10_000
MOST_COMPOSED = 60_000
WHOLE = 1
"""The number of the only point of a case that nobody took apart: all that its sender wrote."""
NOT_ANSWERED = "Ý này không được trả lời vì:"

# "1." "2)" "a)" "-" "•" at the beginning of a line: how people count what they say.
_COUNTED = re.compile(
    r"^[ \t]*(?:(?:\d{1,2}|[a-zđ])[.)]|ý \d{1,2}[:.]|thứ [^\W\d_]{1,5}[,:]|[-–•+*])[ \t]*", re.IGNORECASE
)
_GAP = re.compile(r"\n[ \t]*\n")
_ENDS = frozenset(".!?;:…")


@dataclass(frozen=True, slots=True)
class Point:
    """One point that wants an answer."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a point: the answer, or why there is none."""

    text: str = ""
    is_reason: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A point with what is said to it. Number 0: general words, without a point."""

    number: int
    point: str
    answer: str
    is_reason: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer being written. ``given`` is what its outcome asks for besides."""

    outcome: Outcome | None = None
    general: str = ""
    answers: Mapping[int, Answer] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written a word yet."""
        said = (self.general, *self.given.values(), *(one.text for one in self.answers.values()))
        return not any(words.strip() for words in said)

    def to(self, number: int) -> Answer:
        """What is said to a point so far."""
        return self.answers.get(number, Answer())


def suggested(text: str) -> list[str]:
    """The points of a text as far as the text itself tells; the whole text where nothing does, or too much."""
    found = told(text)
    return found if 0 < len(found) <= MOST_POINTS else [text.strip()]


def told(text: str) -> list[str]:
    """The points of a text by its own counting, else by its empty lines, else by its lines; however many they are."""
    lines = text.split("\n")
    if _is_counted(lines):
        return _counted(lines)
    return _filled(_GAP.split(text) if _GAP.search(text.strip()) else _unwrapped(lines))


def parted(typed: str) -> list[str]:
    """The points as an officer typed them: with empty lines between, or one on each line."""
    if _GAP.search(typed.strip()):
        return _filled(_GAP.split(typed))
    lines = typed.split("\n")
    return _counted(lines) if _is_counted(lines) else _filled(lines)


def joined(points: Sequence[str]) -> str:
    """Points as one text that ``parted`` takes apart again; a single one stands on one line, so that it stays one."""
    written = [[line for line in point.split("\n") if line.strip()] for point in points]
    return " ".join(written[0]) if len(written) == 1 else "\n\n".join("\n".join(lines) for lines in written)


def inserted(draft: Draft, into: int, text: str) -> Draft:
    """The draft with words put behind what stands at a point already; 0: behind the general words."""
    if not into:
        return replace(draft, general=_joined(draft.general, text))
    before = draft.to(into)
    return replace(draft, answers={**draft.answers, into: Answer(_joined(before.text, text), before.is_reason)})


def answered(points: Sequence[Point], draft: Draft) -> list[Answered]:
    """Each point with what is said to it, after the general words; nothing for a case that is one whole."""
    if not points:
        return []
    general = [Answered(0, "", draft.general, is_reason=False)] if draft.general else []
    return general + [
        Answered(one.number, one.text, draft.to(one.number).text, draft.to(one.number).is_reason) for one in points
    ]


def composed(points: Sequence[Point], draft: Draft) -> str:
    """The whole answer as one text: what is kept, exported and put into a letter."""
    if not points:
        return draft.to(WHOLE).text
    return "\n\n".join(_paragraph(one) for one in answered(points, draft))


def lacking(points: Sequence[Point], draft: Draft) -> list[int]:
    """The numbers of the points to which nothing is said."""
    numbers = [one.number for one in points] or [WHOLE]
    return [number for number in numbers if not draft.to(number).text]


def _is_counted(lines: Sequence[str]) -> bool:
    return sum(bool(_COUNTED.match(line)) for line in lines) > 1


def _counted(lines: Sequence[str]) -> list[str]:
    """What each count begins, without the count itself; the lines that follow belong to it."""
    parts: list[str] = []
    for line in lines:
        begins = _COUNTED.match(line)
        if begins or not parts:
            parts.append(line[begins.end() :] if begins else line)
        else:
            parts[-1] += f"\n{line}"
    return _filled(parts)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Lines, with those put together that only the width of a page has parted."""
    parts: list[str] = []
    for line in lines:
        if parts and line.strip()[:1].islower() and parts[-1].strip()[-1:] not in _ENDS:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts


def _filled(parts: Sequence[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


def _joined(before: str, text: str) -> str:
    return f"{before}\n{text}" if before else text


def _paragraph(one: Answered) -> str:
    if not one.number:
        return one.answer
    said = f"{NOT_ANSWERED} {one.answer}" if one.is_reason else one.answer
    return f"{one.number}. {one.point}\n{said}"
