"""One visitor's way, against pages made up here."""

import pytest

from app.simulation.conversation import Reply, UnexpectedPageError, Visitor, visit

SCAN = Reply(200, '<form method="post" action="/q/T?lang=en&amp;x=1"><input type="hidden" name="form_id" value="F1">')
DETAILS = Reply(200, '<form class="survey" method="post" action="/q/T/more/K"><input name="form_id" value="F2">')
ASKS_BACK = Reply(422, '<form class="survey" method="post" action="/q/T/more/K"><input name="form_id" value="F2">')


def steps(visitor: Visitor, replies: list[Reply]):
    """The requests a visitor makes when the pages answer like this, and what is left behind."""
    conversation = visit(visitor)
    asks = [next(conversation)]
    for reply in replies:
        try:
            asks.append(conversation.send(reply))
        except StopIteration as end:
            return asks, end.value
    return asks, None


def test_a_tap_takes_its_form_id_and_address_from_the_page() -> None:
    asks, outcome = steps(Visitor("T", "q_overall", 4, language="en"), [SCAN, Reply(303, "", "/q/T/more/K")])
    assert [ask.path for ask in asks] == ["/q/T?lang=en", "/q/T?lang=en&x=1"]
    assert asks[1].form == {"form_id": "F1", "website": "", "q_overall": "4"}
    assert (outcome.tapped, outcome.details, outcome.feedback) == (True, False, False)


def test_details_are_sent_once_more_when_the_page_asks_back() -> None:
    onward, done = Reply(303, "", "/q/T/more/K"), Reply(303, "", "/q/T/thanks")
    visitor = Visitor("T", "q_overall", 2, answers={"q_c24": "5"})
    asks, outcome = steps(visitor, [SCAN, onward, DETAILS, ASKS_BACK, done])
    assert asks[2].path == "/q/T/more/K"
    assert asks[2].form is None
    assert asks[4].form == {"form_id": "F2", "website": "", "q_c24": "5", "send_as_is": "1"}
    assert outcome.details
    assert [ask.at for ask in asks] == sorted(ask.at for ask in asks)


def test_a_hasty_visitor_is_faster_than_anybody_reads() -> None:
    onward = Reply(303, "", "/q/T/more/K")
    slow, fast = (
        steps(Visitor("T", "q_overall", 5, answers={}, hasty=hasty), [SCAN, onward, DETAILS])[0][-1].at
        for hasty in (False, True)
    )
    assert fast < 16 < slow


def test_a_page_that_is_no_use_ends_the_visit() -> None:
    with pytest.raises(UnexpectedPageError, match="scan: 503 instead of 200: Xin chờ"):
        steps(Visitor("T", "q_overall", 5), [Reply(503, "<style>a{}</style><p>Xin chờ</p>")])
    with pytest.raises(UnexpectedPageError, match="form_id"):
        steps(Visitor("T", "q_overall", 5), [Reply(200, "<p>no form</p>")])
