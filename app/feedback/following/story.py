"""The history of a case as a story: one line for each act that concerns the sender, with the words said in it."""

from collections.abc import Iterator
from types import SimpleNamespace

from app.feedback.cases.kinds import Event, QuestionEnd
from app.feedback.following import words
from app.feedback.following.facts import paragraphs
from app.feedback.following.information import InformationSeen
from app.feedback.following.queries import QuestionSeen, SenderView
from app.i18n.catalogues import in_language
from app.i18n.formats import format_date


def of_case(view: SenderView) -> list[SimpleNamespace]:
    """The lines, earliest first."""
    asked = iter(view.questions)
    answered = (one for one in view.questions if one.ended_as is QuestionEnd.ANSWERED)
    return [
        SimpleNamespace(
            day=format_date(line.happened_on),
            words=in_language(words.EVENTS[line.event]),
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


def _said(event: Event, asked: Iterator[QuestionSeen], answered: Iterator[QuestionSeen]) -> list[str]:
    """Questions and answers stand in a table of their own, in the order of their lines."""
    if event is Event.ASKED:
        question = next(asked, None)
        return [] if question is None else paragraphs(question.text)
    if event is Event.ANSWERED_BY_SENDER:
        question = next(answered, None)
        return [] if question is None else paragraphs(question.answer or "")
    return []
