"""The sample province: Quảng Ninh with its real communes, invented counters, codes, and one round asked everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.opening_hours import parse_opening_hours
from app.qr.models import Channel, QrCode
from app.qr.services import issue, issue_missing
from app.rules import law
from app.simulation import procedures
from app.simulation.visitors import Tokens
from app.simulation.world import CriterionSpec, UnitSpec, World
from app.survey import sets
from app.survey.definitions import QuestionSet
from app.survey.models import Aggregation, IndexFormula, QuestionSetVersion, SampleKind, SetStatus
from app.survey.rounds import open_round
from app.units.counter_services import CounterForm, create_counter
from app.units.models import Counter, Unit
from app.units.official_loading import load_official
from app.units.queries import UnitLine, children, name_on, unit_by_code
from app.units.services import create_unit
from app.units.types import FIRST_DAY_OF_TWO_TIERS, Level, unit_type

PROVINCE_CODE = "22"
SET_CODE, SET_VERSION = "sipas_counter", 2023
# No formula is a default: the trial chooses one, and every page prints which.
FORMULA, AGGREGATION = IndexFormula.MEAN5, Aggregation.MEAN_OF_CRITERIA
ROUND_NAME = "Khảo sát thường xuyên tại quầy (dữ liệu mô phỏng)"
CENTRE = "Trung tâm Phục vụ hành chính công"
DEPARTMENTS = (
    ("SNV", "Sở Nội vụ"),
    ("STC", "Sở Tài chính"),
    ("STP", "Sở Tư pháp"),
    ("SXD", "Sở Xây dựng"),
    ("SNNMT", "Sở Nông nghiệp và Môi trường"),
)
COUNTERS = (
    ("Hộ tịch – Chứng thực", ("Hộ tịch", "Chứng thực")),
    ("Đất đai", ("Đất đai",)),
    ("Hộ kinh doanh", ("Thành lập và hoạt động hộ kinh doanh",)),
    ("Bảo trợ xã hội", ("Bảo trợ xã hội",)),
)
PROVINCIAL_COUNTERS = (
    ("Đăng ký doanh nghiệp", ("Thành lập và hoạt động doanh nghiệp",)),
    ("Đất đai – Môi trường", ("Đất đai", "Môi trường")),
    ("Quốc tịch", ("Quốc tịch",)),
    ("Việc làm", ("Việc làm",)),
)
WEEKDAYS = "T2-T6: 07:30-11:30, 13:30-17:00"
SATURDAYS = f"{WEEKDAYS}; T7: 07:30-11:30"
SIZES = {"ward": 3.0, "special_zone": 1.6, "commune": 1.0}
PROVINCIAL_SIZE = 9.0
KIOSK_EVERY = 6
COMMUNE = Level.COMMUNE


@dataclass(frozen=True)
class Province:
    """What was made: the ids of province and round, the places people go to, their codes, and what they are asked."""

    unit_id: int
    round_id: int
    specs: tuple[UnitSpec, ...]
    tokens: Tokens
    question_set: QuestionSet

    def world(self, seed: int, first_day: date, last_day: date) -> World:
        """The truth of this province from ``first_day`` to ``last_day``."""
        criteria = [CriterionSpec(question.id, question.factor or "") for question in self.question_set.criteria]
        return World.draw(seed, self.specs, criteria, first_day, last_day)


def first_day_of_trial(today: date) -> date:
    """Twelve months before today, but no day before the present communes existed."""
    day = min(today.day, 28) if today.month == 2 else today.day
    return max(date(today.year - 1, today.month, day), FIRST_DAY_OF_TWO_TIERS)


def build(session: Session, *, seed: int, first_day: date, most_communes: int | None = None) -> Province:
    """Make the province as it stood on ``first_day``, in the caller's transaction, through the real services."""
    morning = datetime.combine(first_day, time(7), tzinfo=clock.VIETNAM)
    with clock.use(lambda: morning):
        law.load(session)
        load_official(session, PROVINCE_CODE)
        province = unit_by_code(session, PROVINCE_CODE, first_day)
        assert province is not None
        procedures.make(session)
        specs = _places(session, province.id, np.random.default_rng([seed, 0]), first_day, most_communes)
        tokens = _issue_codes(session, specs, first_day)
        version = _published_set(session)
        opened = open_round(
            session,
            name=ROUND_NAME,
            version=version,
            unit_id=province.id,
            sample_kind=SampleKind.OPEN,
            index_formula=FORMULA,
            aggregation=AGGREGATION,
            starts_on=first_day,
            ends_on=None,
        )
        session.flush()  # the round's number
    return Province(province.id, opened.id, tuple(specs), tokens, sets.set_of(version))


def _places(
    session: Session, province_id: int, random: np.random.Generator, first_day: date, most_communes: int | None
) -> list[UnitSpec]:
    for code, name in DEPARTMENTS:
        create_unit(
            session,
            code=f"{PROVINCE_CODE}.{code}",
            name=name,
            type_code="department",
            valid_from=FIRST_DAY_OF_TWO_TIERS,
            parent_id=province_id,
        )
    province = UnitLine(province_id, PROVINCE_CODE, name_on(session, province_id, first_day), "province")
    specs = [_centre(session, province, PROVINCIAL_COUNTERS, WEEKDAYS, PROVINCIAL_SIZE, kiosk=True)]
    communes = [line for line in children(session, province_id, first_day) if unit_type(line.type).level is COMMUNE]
    for number, line in enumerate(communes[:most_communes]):
        is_ward = line.type == "ward"
        size = SIZES[line.type] * float(random.lognormal(0.0, 0.35))
        counters = COUNTERS[: int(random.integers(3, 5)) if is_ward else int(random.integers(2, 4))]
        hours = SATURDAYS if is_ward else WEEKDAYS
        specs.append(
            _centre(session, line, counters, hours, size, kiosk=is_ward and number % KIOSK_EVERY == 0),
        )
    return specs


def _centre(
    session: Session,
    above: UnitLine,
    counters: Sequence[tuple[str, tuple[str, ...]]],
    hours: str,
    size: float,
    *,
    kiosk: bool,
) -> UnitSpec:
    is_provincial = above.type == "province"
    unit = create_unit(
        session,
        code=f"{above.code}.TTPVHCC",
        name=f"{CENTRE} {above.name[0].lower()}{above.name[1:]}",
        type_code="provincial_service_centre" if is_provincial else "communal_service_centre",
        valid_from=FIRST_DAY_OF_TWO_TIERS,
        parent_id=above.id,
    )
    for number, (name, fields) in enumerate(counters, start=1):
        form = CounterForm(str(number), name, fields, parse_opening_hours(hours))
        create_counter(session, unit.id, form, FIRST_DAY_OF_TWO_TIERS)
    numbers = tuple(str(number) for number in range(1, len(counters) + 1))
    return UnitSpec(unit.code, unit.names[0].name, size, numbers, kiosk, tuple(name for name, _fields in counters))


def _issue_codes(session: Session, specs: Sequence[UnitSpec], today: date) -> Tokens:
    rows = session.execute(select(Unit.code, Counter.number, Counter.id).join(Unit, Unit.id == Counter.unit_id))
    places = {(code, number): counter_id for code, number, counter_id in rows}
    issue_missing(session, places.values(), today=today)
    first = {spec.code: places[spec.code, "1"] for spec in specs if spec.kiosk}
    kiosks = {
        code: issue(session, counter_id, today=today, channel=Channel.KIOSK).token for code, counter_id in first.items()
    }
    issued = select(QrCode.counter_id, QrCode.token).where(QrCode.channel == Channel.QR)
    tokens = {row.counter_id: row.token for row in session.execute(issued)}
    return Tokens({place: tokens[counter_id] for place, counter_id in places.items()}, kiosks)


def _published_set(session: Session) -> QuestionSetVersion:
    sets.register_files(session)
    version = session.scalars(
        select(QuestionSetVersion).where(QuestionSetVersion.code == SET_CODE, QuestionSetVersion.version == SET_VERSION)
    ).one()
    if version.status is not SetStatus.PUBLISHED:
        sets.publish(version)
    return version
