"""The history of a case as a story: one line for each act that concerns the sender, with the words said in it."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import SimpleNamespace

from app.feedback.cases.history import HistoryLine
from app.feedback.cases.kinds import Event, QuestionEnd, State
from app.feedback.following import words
from app.feedback.following.facts import paragraphs
from app.feedback.following.information import InformationSeen
from app.feedback.following.queries import QuestionSeen, SenderView
from app.i18n.catalogues import in_language
from app.i18n.formats import format_date
from app.i18n.messages import Message, message

DATED: Mapping[Event, tuple[str, Message]] = {
    Event.DUE_RECKONED: ("to", words.NEW_DATE),
    Event.DUE_MISSED: ("due_on", words.MISSED_DATE),
}
"""Lines whose detail holds a date that the sender should read, and the sentence for it."""

PUBLIC = frozenset({Event.PUBLISHED, Event.PUBLIC_CORRECTED, Event.UNPUBLISHED})


def of_case(view: SenderView) -> list[SimpleNamespace]:
    """The lines, earliest first."""
    asked = iter(view.questions)
    answered = (one for one in view.questions if one.ended_as is QuestionEnd.ANSWERED)
    shown = _public(view)
    return [
        SimpleNamespace(
            public=line.detail if line is shown else None,
            day=format_date(line.happened_on),
            words=in_language(_words(line)),
            text=[*_said(line.event, asked, answered), *paragraphs(line.words or "")],
        )
        for line in view.story
    ]


def of_information(seen: InformationSeen) -> list[SimpleNamespace]:
    """The days on which one of the three neutral words changed, with what the office says to the sender."""
    return [
        SimpleNamespace(day=format_date(day), words=in_language(words.INFORMATION[state]), text=paragraphs(said))
        for day, state, said in seen.steps
    ]


def _public(view: SenderView) -> HistoryLine | None:
    """The line that tells of the copy that is public just now: it leads there."""
    last = next((line for line in reversed(view.story) if line.event in PUBLIC), None)
    is_open = view.state is State.CLOSED and not view.is_private
    return last if is_open and last is not None and last.event is not Event.UNPUBLISHED else None


def _words(line: HistoryLine) -> Message:
    """What happened, with the date it is about where it is about one."""
    name, source = DATED.get(line.event, ("", words.NEW_DATE))
    day = line.detail.get(name)
    if not isinstance(day, str):
        return words.EVENTS[line.event]
    return message(source.source, day=format_date(date.fromisoformat(day)))


def _said(event: Event, asked: Iterator[QuestionSeen], answered: Iterator[QuestionSeen]) -> list[str]:
    """Questions and answers stand in a table of their own, in the order of their lines."""
    if event is Event.ASKED:
        question = next(asked, None)
        return [] if question is None else paragraphs(question.text)
    if event is Event.ANSWERED_BY_SENDER:
        question = next(answered, None)
        return [] if question is None else paragraphs(question.answer or "")
    return []
