"""Every form of casework by one table: what was typed comes back, wrong fields are named, nothing typed breaks a page."""

import html
import re
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from app.accounts.roles import Role
from app.feedback.handling.act_fields import FORMS as ACTS
from app.feedback.letters.forms import FIELDS, Form
from tests.functional.casework.conftest import Office, hidden

MARK = "Lời viết rất lâu <b>&"
HOSTILE = ("\x00<script>alert(1)</script>", "x" * 70_000, "٣9999999999999999999")
VERSIONS = ("version", "seen", "base")


class Row(NamedTuple):
    """A form: where it stands under ``/officer``, what is typed, and a field without which it is refused."""

    address: str
    typed: dict[str, str]
    needed: str = ""


TEXTS = frozenset({"area", "text"})
TABLE = (
    *(
        Row(
            f"cases/{{case}}/{name.replace('_', '-')}",
            {field.name: MARK if field.shape in TEXTS else "" for field in form.fields},
            next((field.name for field in form.fields if not field.is_optional), ""),
        )
        for name, form in ACTS.items()
    ),
    *(
        Row(f"cases/{{case}}/letters/{form.value}", {field.name: MARK for field in FIELDS[form]}, FIELDS[form][0].name)
        for form in Form
    ),
    Row("cases/{case}/answer", {"answer-1": MARK, "refusal": MARK, "outcome": "", "step": "preview"}, "outcome"),
    Row("cases/{case}/notes", {"note": MARK}, "note"),
    Row("cases/{case}/redaction/text", {"marked": MARK}, "marked"),
    Row("cases/{case}/merge", {"number": MARK, "leading": ""}, "leading"),
    Row("reply-templates/new", {"unit": "C1", "title": MARK, "text": "Đơn {không_có}"}, "text"),
    Row("cases/views", {"name": MARK, "query": "mine=1"}, "name"),
    Row("duty/counters/{counter}", {"who": MARK, "first": "31/02/2026", "last": "", "shift": "day"}, "first"),
    Row("case-routes/new", {"unit": MARK, "to_unit": MARK, "field": "", "kind": ""}, "unit"),
)


@pytest.fixture
def place(office: Office) -> dict[str, object]:
    case = office.open(text="Quầy mở muộn ba mươi phút.")
    office.open(text="Không có chỗ để xe.")
    return {"case": case.case_id, "counter": office.places.counter}


def drawn(client: FlaskClient, row: Row, place: dict[str, object]) -> tuple[str, dict[str, str]]:
    """Where a form is sent, and the hidden fields it has now; some stand on the page above them."""
    address = f"/officer/{row.address}".format(**place)
    shown = client.get(address.removesuffix("/notes").removesuffix("/text"))
    assert shown.status_code == 200, address
    known = hidden(shown.text)
    is_versioned = "version" in known and not row.address.endswith("notes")
    return address, {name: known[name] for name in ("csrf_token", *(VERSIONS if is_versioned else ())) if name in known}


def test_g3_what_was_typed_comes_back_from_every_form_and_what_is_wrong_is_linked(
    office: Office, place: dict[str, object]
) -> None:
    above = office.officer("tinh", Role.UNIT_LEADER, office.places.province)
    for row in TABLE:
        address, fields = drawn(above, row, place)
        if row.needed:
            refused = above.post(address, data=fields | row.typed | {row.needed: row.typed[row.needed].strip(MARK)})
            assert refused.status_code in (400, 409), row.address
            linked = [name for name in re.findall(r'<a href="#([\w-]+)">', refused.text) if name != "main"]
            is_there = "nên không làm được việc này" not in refused.text  # else the text alone comes back
            assert refused.status_code == 409 or bool(linked) == is_there, row.address
            assert all(f'id="{name}"' in refused.text for name in linked), (row.address, linked)
            kept = any(value == MARK and name != row.needed for name, value in row.typed.items())
            assert not kept or MARK in html.unescape(refused.text), row.address
        if "version" in fields and MARK in row.typed.values():
            stale = above.post(address, data=fields | row.typed | {"version": "0"})
            assert stale.status_code in (400, 409), row.address
            assert MARK in html.unescape(stale.text), row.address


def test_g4_nothing_that_is_typed_breaks_a_form(office: Office, place: dict[str, object]) -> None:
    above = office.officer("tinh", Role.UNIT_LEADER, office.places.province)
    for row in TABLE:
        address, fields = drawn(above, row, place)
        for value in HOSTILE:
            more = {name: value[:40] for name in ("version", "base") if name in fields}
            answer = above.post(address, data=fields | dict.fromkeys(row.typed, value) | more)
            assert answer.status_code in (200, 303, 400, 404, 409, 413), (row.address, value[:20])
            assert "<script>alert" not in answer.text, row.address
