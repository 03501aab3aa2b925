"""The register of dossiers of the sample province, and the letters of apology for those that are late.

Deliveries come every working day of the last weeks, as the one-stop software would send them; each time the
units send most of the letters that are owed, some of them late, a few not at all.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.queries import calendar
from app.dossiers import deliveries, letters, owing
from app.dossiers.models import ApologyLetter, Dossier
from app.dossiers.reading import TITLES, parse
from app.dossiers.statuses import WORDS, Status
from app.files.tables import Record
from app.rules.queries import apology_on
from app.simulation import procedures
from app.simulation.case_office import FAMILY, GIVEN, MIDDLE
from app.simulation.case_year import Year
from app.units.models import Unit
from app.units.types import Level

AT_CENTRE, ELSEWHERE = 48, 12
DAYS_BACK = 120
WEEKS = 6
LATE, LATE_AT_WEAK = 0.06, 0.2
SENT_AT_ONCE, SENT_LATER = 0.8, 0.35
OPEN_LATE = ((9, True), (5, False), (2, False), (0, True))
"""Days since the due date of dossiers of the centre that are late now, and whether their letter was forgotten."""
REASONS = (
    "Hồ sơ cần lấy ý kiến của cơ quan khác, trả lời chậm hơn thời hạn.",
    "Phải đo đạc lại ranh giới do số liệu trên bản đồ cũ có sai lệch.",
    "Người ký đi công tác, việc ủy quyền ký thay chưa kịp thời.",
    "Phần mềm tạm dừng để chuyển dữ liệu nên hồ sơ phải xử lý lại.",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a dossier, known beforehand."""

    code: str
    unit_id: int
    unit: str
    procedure: str
    received: date
    due: date
    finished: date
    status: Status
    name: str
    is_forgotten: bool = False

    def status_on(self, day: date) -> Status:
        """What the register says of it on a day."""
        return self.status if self.finished <= day else Status.OPEN


class Register:
    """Dossiers of all places; made once, delivered piece by piece."""

    def __init__(self, year: Year, centre_id: int) -> None:
        self._year, self._random, self._centre_id = year, year.random, centre_id
        self._plans: list[Plan] = []
        self._told: dict[str, Status] = {}

    def plan(self, session: Session, last_day: date) -> None:
        """Draw the dossiers, and put deliveries into the calendar of the year."""
        self._plans = self._drawn(session, last_day)
        working = calendar(session)
        days = [last_day - timedelta(days=back) for back in range(WEEKS * 7, 0, -1)]
        for day in sorted({working.working_day_from(day) for day in days} | {last_day}):
            if day <= last_day:
                self._year.plan(day, self.deliver)

    def deliver(self, session: Session) -> None:
        """Deliver what is new since the last time, and let letters be owed and sent."""
        today = clock.local_date()
        new = [one for one in self._plans if one.received <= today and self._told.get(one.code) != one.status_on(today)]
        self._told.update({one.code: one.status_on(today) for one in new})
        if new:
            self._take(session, new, today)
        letters.reckon_owed(session, today)
        session.flush()
        self._send(session, today)
        letters.erase_names(session, today)

    def _take(self, session: Session, new: Sequence[Plan], today: date) -> None:
        records = [Record(number, _values(one, today)) for number, one in enumerate(new, start=2)]
        parsed = parse(records, deliveries.known(session, None, today), today)
        sender = deliveries.Sender(officer_id=self._year.office.home_affairs.officer_id)
        with self._year.minute():
            deliveries.take(session, sender, parsed, hashlib.sha256(repr(records).encode()).digest())

    def _send(self, session: Session, today: date) -> None:
        rows = session.execute(
            select(ApologyLetter.owed_by, Dossier.id, Dossier.unit_id, Dossier.code, Dossier.status)
            .join(Dossier, Dossier.id == ApologyLetter.dossier_id)
            .where(ApologyLetter.sent_on.is_(None))
            .order_by(Dossier.code)
        ).all()
        most = apology_on(session, today).content.extensions_most
        ends = {one.code: one for one in self._plans}
        for row in rows:
            plan = ends[row.code]
            share = SENT_AT_ONCE if row.owed_by >= today else SENT_LATER
            if plan.is_forgotten or plan.finished <= plan.due or self._random.random() > share:
                continue
            times, last = letters.promised_again(session, row.id)
            new_due = None
            if owing.may_promise_again(row.status, times, most):
                new_due = max(plan.finished, last or plan.due, today) + timedelta(1)
            number = self._random.randint(20, 300)
            document = f"{number}/TXL-TTPVHCC (mô phỏng)"
            sent = letters.Sent(today, new_due, document, self._random.choice(REASONS), "Giám đốc (mô phỏng)")
            with self._year.minute():
                letters.send(session, self._year.office.at(row.unit_id).people[0].officer_id, row.id, sent)

    def _drawn(self, session: Session, last_day: date) -> list[Plan]:
        places = self._year.office.places
        codes = {unit_id: session.get_one(Unit, unit_id).code for unit_id in places}
        weak = self._random.choice([unit_id for unit_id in places if unit_id != self._centre_id] or [self._centre_id])
        wanted = [unit_id for unit_id in places for _ in range(AT_CENTRE if unit_id == self._centre_id else ELSEWHERE)]
        plans = [
            self._one(number, unit_id, codes[unit_id], last_day, LATE_AT_WEAK if unit_id == weak else LATE)
            for number, unit_id in enumerate(wanted, start=1)
        ]
        centre = [place for place, unit_id in enumerate(wanted) if unit_id == self._centre_id]
        for place, (days, is_forgotten) in zip(centre, OPEN_LATE, strict=False):
            due, finished = last_day - timedelta(days=days), last_day + timedelta(days=6)
            received = due - timedelta(days=14)
            plans[place] = replace(
                plans[place], received=received, due=due, finished=finished, is_forgotten=is_forgotten,
                code=f"H49.22-{received:%y%m%d}-{place + 1:04}",
            )  # fmt: skip
        return plans

    def _one(self, number: int, unit_id: int, code: str, last_day: date, late: float) -> Plan:
        level = Level.PROVINCE if unit_id == self._centre_id else Level.COMMUNE
        procedure = self._random.choice([one for one in procedures.ALL if one.level is level])
        received = last_day - timedelta(days=self._random.randint(1, DAYS_BACK))
        due = received + timedelta(days=procedure.days * 7 // 5 + 1)
        is_late = self._random.random() < late
        finished = due + timedelta(days=self._random.randint(2, 14) if is_late else -self._random.randint(0, 2))
        name = " ".join(self._random.choice(part) for part in (FAMILY, MIDDLE, GIVEN))
        return Plan(
            code=f"H49.22-{received:%y%m%d}-{number:04}",
            unit_id=unit_id,
            unit=code,
            procedure=procedure.code,
            received=received,
            due=due,
            finished=max(finished, received),
            status=self._random.choice((*(Status.FINISHED,) * 25, Status.REFUSED, Status.WITHDRAWN)),
            name=f"{name} (mô phỏng)",
        )


def _values(one: Plan, today: date) -> dict[str, str]:
    status = one.status_on(today)
    is_open = status is Status.OPEN
    return dict.fromkeys(TITLES, "") | {
        "code": one.code,
        "unit": one.unit,
        "procedure": one.procedure,
        "received": f"{one.received:%d/%m/%Y}",
        "due": f"{one.due:%d/%m/%Y}",
        "finished": "" if is_open else f"{one.finished:%d/%m/%Y}",
        "status": WORDS[status],
        "name": one.name if is_open else "",
        "address": "Địa chỉ mô phỏng" if is_open else "",
    }
