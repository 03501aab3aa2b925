"""What the tests of the calendar's pages share: a day, and how a browser posts it."""

import io

from flask.testing import FlaskClient

from app.calendar import queries
from app.db.session import Database
from tests.factories.officers import token_of

PAGES = "/officer/calendar"
DAY = {
    "kind": "off",
    "day": "03/02/2027",
    "until": "10/02/2027",
    "name": "Nghỉ Tết Nguyên đán",
    "hours": "",
    "source": "Thông báo 1/TB-BNV",
    "status": "verified",
    "reason": "Có thông báo nghỉ Tết",
}


def post(client: FlaskClient, address: str, data: dict[str, object], seen: int | None = None):
    page = client.get(PAGES)
    version = "1" if seen is None else str(seen)
    return client.post(address, data={"csrf_token": token_of(page.text), "seen": version, **data})


def versions(law: Database) -> int:
    with law.reading() as session:
        return queries.latest_version(session)


def rows_of(page: str) -> str:
    return page.partition('name="rows" value="')[2].partition('"')[0].replace("&#34;", '"').replace("&amp;", "&")


def upload(client: FlaskClient, data: bytes, name: str):
    return client.post(
        f"{PAGES}/import", data={"csrf_token": token_of(client.get(PAGES).text), "file": (io.BytesIO(data), name)}
    )


def confirm(client: FlaskClient, preview: str, reason: str = "Nhập theo thông báo", seen: int | None = None):
    return post(client, f"{PAGES}/import/confirm", {"rows": rows_of(preview), "reason": reason}, seen)


TABLE = """Ngày,Đến hết ngày,Loại,Tên,Giờ làm việc,Số văn bản,Mức kiểm chứng
04/02/2027,05/02/2027,Nghỉ,Nghỉ Tết,,TB 1/2026,Đã đối chiếu văn bản
2027-03-06,,làm bù,Làm bù,07:30-11:30,TB 2/2026,
24/11/2026,,Bỏ mục này,,,,
"""
