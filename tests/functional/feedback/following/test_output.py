"""D2, D3 and F1: what people type is text on every page of a sender, and no name in an address is echoed."""

from datetime import date

import pytest
from flask import Flask

from app.feedback.cases.kinds import Decision
from app.feedback.handling import services as handling
from app.rules.kinds import Kind
from tests.factories.case_acts import ask, close, decide, take_up, version
from tests.functional.feedback.following.conftest import Place, Sender

NASTY = '"><script>alert(1)</script>{{ 7*7 }}%(x)s${7*7}'


def test_d2_a_marker_in_every_text_stays_text(app: Flask, place: Place) -> None:
    opened = place.case(text=f"Nội dung {NASTY}", kind=Kind.SUGGESTION)
    made = Sender(app.test_client(), opened.code)
    made.enter()
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, date(2026, 11, 28), f"Câu hỏi {NASTY}")
    assert made.post("answer", question="1", text=f"Trả lời {NASTY}").status_code == 303
    with place.database.transaction() as session:
        now = version(session, opened.case_id)
        handling.requalify(session, place.handler, opened.case_id, now, Kind.PETITION, f"Lý do {NASTY}")
    place.do(close, opened.case_id, text=f"Kết quả {NASTY}")
    assert made.post("rating", reply="1", score="2", text=f"Ý kiến {NASTY}").status_code == 303
    assert made.post("reopening", text=f"Đề nghị {NASTY}").status_code == 303
    place.do(decide, opened.case_id, Decision.REFUSED, f"Quyết định {NASTY}")
    for language in ("vi", "en"):
        page = made.page(lang=language).text
        assert "<script>" not in page
        assert page.count("alert(1)") >= 6
        assert "{{ 7*7 }}" in page


@pytest.mark.parametrize("path", ["/follow", "/follow/case", "/follow/calendar", "/receipts", "/follow/files/1"])
@pytest.mark.parametrize("name", ["lang", "why", "done", "next", "code", "q", "page", "<b>"])
def test_d3_nothing_in_an_address_is_echoed(app: Flask, place: Place, path: str, name: str) -> None:
    opened = place.case()
    made = Sender(app.test_client(), opened.code)
    made.enter()
    for value in (NASTY, "\x00", "x" * 5000, "../../etc/passwd"):
        got = made.client.get(path, query_string={name: value})
        assert got.status_code in (200, 303, 404)
        assert "<script>" not in got.text
        assert "etc/passwd" not in got.text
