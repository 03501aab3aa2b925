"""A citizen at a counter, through HTTP only: opens the code, taps, answers further questions."""

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')
ACTION = re.compile(r'<form[^>]*method="post" action="([^"]+)"')
CRITERIA = tuple(f"q_c{number}" for number in range(24, 40))


@dataclass
class Citizen:
    """One person with one browser."""

    client: FlaskClient
    token: str

    def open(self, **arguments: str) -> TestResponse:
        """Scan the code."""
        return self.client.get(f"/q/{self.token}", query_string=arguments)

    def tap(self, level: int, page: TestResponse | None = None, **more: str) -> TestResponse:
        """Press one of the five faces; not followed."""
        shown = page or self.open()
        return self.client.post(f"/q/{self.token}", data={"form_id": form_id(shown), "q_overall": str(level), **more})

    def details(self, tapped: TestResponse, **answers: str) -> TestResponse:
        """Open the further questions and send them; not followed."""
        page = self.client.get(tapped.headers["Location"])
        assert page.status_code == 200, page.status_code
        return self.client.post(action(page), data={"form_id": form_id(page), **answers})

    def answer(self, level: int, *, overall: int | None = None, **more: str) -> TestResponse:
        """The whole way with the same level for every criterion."""
        tapped = self.tap(overall or level)
        return self.details(tapped, **dict.fromkeys(CRITERIA, str(level)), **more)


def form_id(page: TestResponse) -> str:
    """The form id of a page."""
    found = FORM_ID.search(page.text)
    assert found, page.text[:500]
    return found[1]


def action(page: TestResponse) -> str:
    """Where the page's form posts to."""
    found = ACTION.search(page.text)
    assert found, page.text[:500]
    return found[1]
