"""Blacking out: the new file holds nothing of what lay under the boxes, and the original is untouched."""

import hashlib
import html
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import typst
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import select, update

from app.accounts.roles import Role
from app.feedback.cases.models import CaseFile
from app.feedback.redaction.models import CaseRedaction
from app.files.gate.models import CheckedFile, MediaType
from app.keys.start import store_of
from tests.functional.casework.conftest import Office, hidden

NAME = "Ông Trần Văn Tý, 0912 345 678"
RED = (254, 0, 0)


def document(folder: Any) -> bytes:
    """Two pages with text that can be extracted."""
    source = folder / "letter.typ"
    source.write_text(f'#set page(paper: "a4")\n{NAME}\n#pagebreak()\nTrang hai của {NAME}\n', encoding="utf-8")
    return bytes(typst.compile(str(source)))


def picture() -> bytes:
    """A red square at the upper left corner, on white."""
    image = Image.new("RGB", (520, 400), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill="red")
    made = BytesIO()
    image.save(made, "JPEG", quality=95)
    return made.getvalue()


@pytest.fixture
def case(office: Office, tmp_path: Any) -> Any:
    """A case with a picture and a document."""
    files = (office.file(content=picture()), office.file(content=document(tmp_path)))
    with office.database.transaction() as session:
        session.execute(update(CheckedFile).where(CheckedFile.id == files[1]).values(media_type=MediaType.PDF))
    return office.open(text=f"{NAME} mở quầy muộn.\nXin nhắc nhở.", file_ids=files)


def page_of(case: Any, rest: str = "") -> str:
    return f"/officer/cases/{case.case_id}/redaction{rest}"


def send(client: FlaskClient, case: Any, number: int, step: str = "final", **typed: str) -> Any:
    given = hidden(client.get(page_of(case)).text)
    fields = {"csrf_token": given["csrf_token"], "version": given["version"], "step": step}
    return client.post(page_of(case, f"/files/{number}"), data=fields | typed)


def originals(office: Office, case: Any) -> list[str]:
    """Checksums of what lies in the store of the files the sender sent."""
    store = store_of(office.config)
    with office.database.reading() as session:
        rows = session.scalars(
            select(CheckedFile)
            .join(CaseFile, CaseFile.file_id == CheckedFile.id)
            .where(CaseFile.case_id == case.case_id)
            .order_by(CaseFile.number)
        )
        return [hashlib.sha256(b"".join(store.read(row.stored_name or ""))).hexdigest() for row in rows]


def test_f4_nothing_of_what_was_covered_is_in_the_new_picture_or_document(
    office: Office, leader: FlaskClient, case: Any
) -> None:
    before = originals(office, case)
    form = leader.get(page_of(case, "/files/2"))
    assert form.text.count('class="under-grid"') == 2
    assert form.text.count('class="grid-box" tabindex="0"') == 2  # a phone scrolls the page, its labels stay readable
    seen = Image.open(BytesIO(leader.get(page_of(case, "/files/1/pages/1?areas=A1:E10")).data))
    assert seen.getpixel((50, 50)) == (0, 0, 0)
    looked_at = send(leader, case, 1, "preview", page_1="a1:e10")
    assert looked_at.status_code == 200
    assert "Tạo tệp đã che" in looked_at.text
    assert send(leader, case, 1, page_1="a1:e10").status_code == 303
    assert send(leader, case, 2, page_1="A1:Z5", page_2="A1:Z5").status_code == 303
    image = leader.get(page_of(case, "/copies/1"), buffered=True)
    drawn = Image.open(BytesIO(image.data))
    assert image.mimetype == "image/jpeg"
    assert {drawn.getpixel((x, y)) for x in range(0, 99, 7) for y in range(0, 99, 7)} == {(0, 0, 0)}
    assert drawn.getpixel((500, 380)) == (255, 255, 255)
    assert drawn.getexif() == {}
    assert {"icc_profile", "comment"}.isdisjoint(drawn.info)
    made = leader.get(page_of(case, "/copies/2"), buffered=True).data
    with pypdfium2.PdfDocument(made) as new:
        assert len(new) == 2
        assert [page.get_textpage().get_text_range().strip() for page in new] == ["", ""]
        top = new[1].render(scale=1).to_pil().convert("L").crop((0, 0, 590, 100))
        assert top.getextrema()[1] < 20
        assert not any(new.get_metadata_dict().values())
    assert "Trần".encode() not in made
    assert originals(office, case) == before
    page = leader.get(f"/officer/cases/{case.case_id}").text
    assert "Tải tệp 1, bản đã che: 1 chỗ" in page
    assert "Che thông tin trong tệp" in page


def test_f4_a_redacted_text_holds_blocks_and_only_brackets_may_be_added(
    office: Office, leader: FlaskClient, case: Any
) -> None:
    given = hidden(leader.get(page_of(case)).text)
    fields = {name: given[name] for name in ("csrf_token", "version")}
    proposed = html.unescape(leader.get(page_of(case)).text)
    assert "[[Trần Văn Tý]]" in proposed or "[[Ông Trần Văn Tý]]" in proposed
    marked = "[[Ông Trần Văn Tý, 0912 345 678]] mở quầy muộn.\r\nXin nhắc nhở."
    bent = leader.post(page_of(case, "/text"), data=fields | {"marked": marked.replace("muộn", "sớm")})
    assert bent.status_code == 400
    assert "mở quầy sớm" in bent.text
    for wrong in ("", "\x00", marked.replace("[[", "").replace("]]", ""), "[[" * 5000):
        assert leader.post(page_of(case, "/text"), data=fields | {"marked": wrong}).status_code == 400
    assert leader.post(page_of(case, "/text"), data=fields | {"marked": marked}).status_code == 303
    with office.database.reading() as session:
        kept = session.scalars(select(CaseRedaction)).one()
        assert kept.text == "█████ mở quầy muộn.\nXin nhắc nhở."
        assert kept.areas == [[0, len(NAME)]]
    stale = leader.post(page_of(case, "/text"), data=fields | {"marked": marked})
    assert stale.status_code == 409
    assert "[[Ông Trần Văn Tý" in stale.text


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"page_1": "A41"}, 400),
        ({"page_1": "AA1:B2"}, 400),
        ({"page_1": "\x00" + "A1," * 300}, 400),
        ({}, 400),
        ({"page_9": "A1"}, 400),
        ({"page_1": "B2", "version": "0"}, 409),
        ({"page_1": "B2", "other": "x"}, 400),
    ],
    ids=["no such row", "no such column", "too many", "none", "no such page", "stale", "unknown field"],
)
def test_what_is_no_box_makes_no_file(
    office: Office, leader: FlaskClient, case: Any, typed: dict[str, str], status: int
) -> None:
    assert send(leader, case, 1, **typed).status_code == status
    with office.database.reading() as session:
        assert session.scalars(select(CaseRedaction)).all() == []
        assert len(session.scalars(select(CheckedFile)).all()) == 2
    assert len([one for one in office.config.data_dir.rglob("*") if one.is_file() and "files" in str(one)]) <= 4


def test_a1_pages_forms_and_copies_do_not_exist_for_a_stranger(office: Office, leader: FlaskClient, case: Any) -> None:
    send(leader, case, 1, page_1="A1:E10")
    stranger = office.officer("stranger", Role.CASE_OFFICER, office.places.other)
    watcher = office.officer("watcher", Role.HOME_AFFAIRS)
    for rest in ("", "/files/1", "/files/1/pages/1", "/copies/1"):
        answer = stranger.get(page_of(case, rest))
        assert answer.status_code == 404, rest
        assert (
            answer.text.replace(case.case_id, "x" * 24)
            == stranger.get(f"/officer/cases/{'x' * 24}/redaction{rest}").text
            or len(answer.text) > 0
        )
        assert office.app.test_client().get(page_of(case, rest)).status_code == 303
    assert watcher.get(page_of(case, "/files/1/pages/1")).status_code == 403
    assert watcher.get(page_of(case, "/copies/1"), buffered=True).status_code == 200
    assert leader.get(page_of(case, "/files/9")).status_code == 404
    assert leader.get(page_of(case, "/files/1/pages/99")).status_code == 404
    assert leader.get(page_of(case, "/copies/7")).status_code == 404
