"""What stands around the cases of the sample province: procedures, reply templates, a register of dossiers."""

import hashlib
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from app import clock
from app.dossiers import deliveries
from app.dossiers.reading import TITLES, parse
from app.dossiers.statuses import WORDS, Status
from app.feedback.answering import reply_templates
from app.files.tables import Record
from app.simulation.case_office import Office
from app.units.models import Unit
from app.units.procedure_services import ProcedureEntry, create_procedure
from app.units.types import Level

PROCEDURES = (
    ("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch"),
    ("2.000815", "Thủ tục chứng thực bản sao từ bản chính", "Chứng thực"),
    ("1.001612", "Đăng ký thành lập hộ kinh doanh", "Kinh doanh"),
    ("1.001776", "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hằng tháng", "Bảo trợ xã hội"),
)
TEMPLATES = (
    (
        "Xin lỗi vì trả kết quả chậm",
        "{đơn_vị} xin lỗi Ông/Bà vì kết quả {thủ_tục} trả chậm. Nguyên nhân: … Kết quả sẽ có ngày …",
    ),
    (
        "Thái độ của người trực quầy",
        "{đơn_vị} đã xem lại sự việc tại {nơi_xảy_ra}, nhắc nhở người trực và xin lỗi Ông/Bà.",
    ),
    (
        "Cảm ơn góp ý",
        "Cảm ơn Ông/Bà đã gửi {loại_đơn} số {số_đơn} ngày {ngày_nhận}. {đơn_vị} sẽ …",
    ),
)
NAMES = ("Nguyễn Văn Mẫu (mô phỏng)", "Trần Thị Thử (mô phỏng)", "Lê Văn Ví Dụ (mô phỏng)")
PER_UNIT = 12
DAYS_BACK = 120


def procedures(session: Session) -> dict[str, int]:
    """Make the procedures people write about; their numbers by code."""
    return {
        code: create_procedure(session, code, ProcedureEntry(name, field, Level.COMMUNE)).id
        for code, name, field in PROCEDURES
    }


def templates(session: Session, office: Office) -> None:
    """Let the head of the province keep some words that come up again."""
    for title, text in TEMPLATES:
        reply_templates.create(session, office.top.people[0], office.top.unit_id, f"{title} (mô phỏng)", text)


def dossiers(session: Session, office: Office, random: Random) -> deliveries.Taken:
    """Deliver a register as the one-stop software would: most in time, some late, some still open."""
    today = clock.local_date()
    records = [
        _record(session.get_one(Unit, unit_id).code, place * PER_UNIT + number, today, random)
        for place, unit_id in enumerate(office.places)
        for number in range(PER_UNIT)
    ]
    parsed = parse(records, deliveries.known(session, None, today), today)
    sender = deliveries.Sender(officer_id=office.home_affairs.officer_id)
    return deliveries.take(session, sender, parsed, hashlib.sha256(repr(records).encode()).digest())


def _record(unit: str, number: int, today: date, random: Random) -> Record:
    code, _name, _field = random.choice(PROCEDURES)
    received = today - timedelta(days=random.randint(2, DAYS_BACK))
    due = received + timedelta(days=random.choice((3, 5, 10, 20)))
    late = random.random() < 0.12
    finished = due + timedelta(days=random.randint(1, 12) if late else -random.randint(0, 2))
    is_open = finished >= today
    status = Status.OPEN if is_open else random.choice((*(Status.FINISHED,) * 12, Status.REFUSED, Status.WITHDRAWN))
    values = dict.fromkeys(TITLES, "") | {
        "code": f"H49.22-{received:%y%m%d}-{number + 1:04}",
        "unit": unit,
        "procedure": code,
        "received": f"{received:%d/%m/%Y}",
        "due": f"{due:%d/%m/%Y}",
        "finished": "" if is_open else f"{finished:%d/%m/%Y}",
        "status": WORDS[status],
        "name": random.choice(NAMES) if is_open else "",
        "address": "Địa chỉ mô phỏng" if is_open else "",
    }
    return Record(number + 2, values)
