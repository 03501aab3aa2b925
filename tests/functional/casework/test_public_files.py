"""Files with a public answer: blacked-out copies alone, and gone from every address with the answer."""

import re
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.feedback.publishing import forgetting
from app.feedback.publishing.models import PublicAnswer, PublicAnswerFile, PublicAnswerVersion
from app.feedback.redaction.models import CaseRedaction
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.refusals import Refusal
from tests.functional.casework.conftest import Office, Send, hidden, send_answer
from tests.functional.casework.test_public_answers import EVERYWHERE, address, publication, send, take_down
from tests.functional.casework.test_redaction import NAME, document, page_of, picture
from tests.functional.casework.test_redaction import send as redact

LOST = {"state": FileState.REFUSED, "refusal": Refusal.LOST, "stored_name": None}
CHOSEN = {"file_1": "1", "file_2": "1", "are_seen": "1"}
THE_SECOND = {"file_2": "1", "are_seen": "1"}


@pytest.fixture
def closed(office: Office, leader: FlaskClient, tmp_path: Any) -> Any:
    """An answered case with a picture and a document, a blacked-out copy of each, and a blacked-out text."""
    files = (office.file(content=picture()), office.file(content=document(tmp_path)))
    with office.database.transaction() as session:
        session.execute(update(CheckedFile).where(CheckedFile.id == files[1]).values(media_type=MediaType.PDF))
    case = office.open(text=f"{NAME} mở quầy muộn.", file_ids=files)
    assert redact(leader, case, 1, page_1="a1:e10").status_code == 303
    assert redact(leader, case, 2, page_1="A1:Z5", page_2="A1:Z5").status_code == 303
    given = hidden(leader.get(page_of(case)).text)
    text = {name: given[name] for name in ("csrf_token", "version")} | {"marked": f"[[{NAME}]] mở quầy muộn."}
    assert leader.post(page_of(case, "/text"), data=text).status_code == 303
    send_answer(leader, case.case_id, text="Đã nhắc nhở.")
    return case


@pytest.fixture
def pictured(office: Office, leader: FlaskClient) -> Any:
    """An answered case with two blacked-out copies of one picture."""
    case = office.open(text=f"{NAME} mở quầy muộn.", file_ids=(office.file(content=picture()),))
    for boxes in ("A1:E10", "A1:Z9"):
        assert redact(leader, case, 1, page_1=boxes).status_code == 303
    send_answer(leader, case.case_id, text="Đã nhắc nhở.")
    return case


def test_f4_only_copies_that_were_blacked_out_and_looked_at_become_public(
    office: Office, leader: FlaskClient, closed: Any, client: FlaskClient
) -> None:
    form = leader.get(publication(closed.case_id)).text
    assert re.findall(r'name="(file_\w+)" value="1"', form) == ["file_1", "file_2"]  # no original, and not the text
    unseen = send(leader, closed.case_id, "preview", file_1="1", file_2="1")
    assert unseen.status_code == 200, re.findall(r"href=.#[a-z_]+.>[^<]+|class=.wrong[^<]+", unseen.text)
    assert 'name="file_2" value="1"' in unseen.text
    assert f"{page_of(closed)}/copies/2" in unseen.text
    refused = send(leader, closed.case_id, file_1="1", file_2="1")
    assert (refused.status_code, "xin xác nhận đã xem" in refused.text) == (400, True)
    for wrong, words in (
        ("3", "Xin chọn lại."),
        ("999999", "Xin chọn lại."),
        ("0", "đã cũ"),
        ("x", "đã cũ"),
        ("9" * 40, "đã cũ"),
    ):
        answer = send(leader, closed.case_id, **CHOSEN, **{f"file_{wrong}": "1"})
        assert (answer.status_code, words in answer.text) == (400, True), wrong
    assert send(leader, closed.case_id, **CHOSEN).status_code == 303
    where = address(office, closed.case_id)
    page = client.get(where)
    assert re.findall(rf'href="({where}/files/\d)"', page.text) == [f"{where}/files/1", f"{where}/files/2"]
    assert "Copies of files, with personal data blacked out" in client.get(f"{where}?lang=en").text
    sent = client.get(f"{where}/files/2", buffered=True)
    with pypdfium2.PdfDocument(sent.data) as drawn:
        assert [one.get_textpage().get_text_range().strip() for one in drawn] == ["", ""]
    seen = Image.open(BytesIO(client.get(f"{where}/files/1", buffered=True).data))
    assert {seen.getpixel((x, y)) for x in range(0, 99, 7) for y in range(0, 99, 7)} == {(0, 0, 0)}
    assert sent.headers["Content-Disposition"] == 'attachment; filename="tep-da-che-2.pdf"'
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in sent.headers
    with office.database.transaction() as session, pytest.raises(IntegrityError):  # the database holds to it too
        session.execute(insert(PublicAnswerFile).values(case_id=closed.case_id, number=3, redaction=99))
    for number in ("0", "3", "99999999999999999999999"):
        assert client.get(f"{where}/files/{number}").status_code == 404


def test_a11_files_are_gone_from_every_address_with_their_answer(
    office: Office, leader: FlaskClient, pictured: Any, client: FlaskClient, act: Send
) -> None:
    assert send(leader, pictured.case_id, **CHOSEN).status_code == 303
    where = address(office, pictured.case_id)
    addresses = [f"{where}/files/1", f"{where}/files/2"]

    def found() -> list[int]:
        assert not [one for one in EVERYWHERE if "/files/" in client.get(one).text]  # no other page leads to them
        return [client.get(one, buffered=True).status_code for one in addresses]

    assert found() == [200, 200]
    assert client.get(addresses[0].replace("/C1/", "/C2/")).status_code == 404
    act(leader, pictured.case_id, "set-private", reason="Có trẻ em")
    assert found() == [404, 404]
    act(leader, pictured.case_id, "unset-private", reason="Đã xem lại")
    assert found() == [200, 200]
    assert send(leader, pictured.case_id, **THE_SECOND, reason="Thừa một tệp").status_code == 303
    assert found() == [200, 404]
    take_down(leader, pictured.case_id, "Người quen nhận ra")
    assert found() == [404, 404]
    with office.database.reading() as session:
        assert session.scalars(select(PublicAnswerFile)).all() == []
        kept = session.scalars(select(PublicAnswerVersion.files).order_by(PublicAnswerVersion.number)).all()
        assert kept == [[1, 2], [2], None]  # every version is kept
        assert len(session.scalars(select(CaseRedaction)).all()) == 2
    assert send(leader, pictured.case_id, **CHOSEN, reason="Đã che thêm").status_code == 303
    assert found() == [200, 200]
    with office.database.transaction() as session:
        copied = select(CaseRedaction.file_id).where(CaseRedaction.number == 1)
        session.execute(update(CheckedFile).where(CheckedFile.id.in_(copied)).values(LOST))
    assert found() == [404, 200]
    with office.database.transaction() as session:
        forgetting.forget(session, pictured.case_id)
        assert session.scalars(select(PublicAnswerFile)).all() == []
        assert not session.scalars(select(PublicAnswer)).one().is_shown
    assert found() == [404, 404]
