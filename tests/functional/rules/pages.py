"""What the tests of the pages of rules share: what a browser would send."""

import io
import re
from datetime import date
from html import unescape

from flask.testing import FlaskClient

from app.db.session import Database
from app.rules import queries
from app.rules.content import KindRule
from app.rules.kinds import Kind
from tests.factories.officers import token_of

PAGES = "/officer/rules"
NEW = {"valid_from": "01/01/2027", "reason": "Thông tư mới", "act": "save"}
INPUT = re.compile(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"')
TEXT = re.compile(r'<textarea[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
SELECT = re.compile(r'<select[^>]*\bname="([^"]+)".*?</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected')


def form_of(page: str) -> dict[str, str]:
    """What a browser would send from the form of a new version."""
    form = page.partition('<form method="post" action="/officer/rules/')[2].partition("</form>")[0]
    found = {name: unescape(value) for name, value in INPUT.findall(form)}
    found |= {name: unescape(value) for name, value in TEXT.findall(form)}
    for one in SELECT.finditer(form):
        chosen = CHOSEN.search(one[0])
        found[one[1]] = chosen[1] if chosen else ""
    return found


def draft(client: FlaskClient, slug: str = "petition", **changed: str):
    form = form_of(client.get(f"{PAGES}/{slug}/new").text)
    return client.post(f"{PAGES}/{slug}/new", data=form | NEW | changed)


def petition(law: Database, on: date) -> queries.Rule[KindRule]:
    with law.reading() as session:
        return queries.kind_rule_on(session, Kind.PETITION, on)


def count(law: Database, matter: str = "kind:petition") -> int:
    with law.reading() as session:
        return len(queries.history(session, matter))


def upload(client: FlaskClient, data: bytes, name: str, slug: str = "petition"):
    token = token_of(client.get(f"{PAGES}/{slug}/new").text)
    return client.post(f"{PAGES}/{slug}/import", data={"csrf_token": token, "file": (io.BytesIO(data), name)})
