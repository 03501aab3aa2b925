"""Officers of the sample province through whom one may look at it: their passwords are drawn and told once."""

from dataclasses import dataclass
from enum import Enum

from sqlalchemy.orm import Session

from app import clock
from app.accounts.queries import officer_by_username
from app.accounts.rights import grants
from app.accounts.roles import NAMES, Role
from app.accounts.services import add_officer, reset_password
from app.db.session import Database
from app.simulation.case_office import Person
from app.simulation.province import PROVINCE_CODE
from app.units.queries import name_on, unit_by_code

CENTRE_CODE = f"{PROVINCE_CODE}.TTPVHCC"


class Place(Enum):
    """Where one of them stands; the value is the code of a unit, or nothing for everywhere."""

    CENTRE = CENTRE_CODE
    PROVINCE = PROVINCE_CODE
    EVERYWHERE = ""


CLERK, LEADER, TOP = "mau.canbo", "mau.lanhdao", "mau.tinh"
HOME_AFFAIRS, AUDITOR = "mau.noivu", "mau.kiemtra"
KNOWN = (
    (CLERK, "Phạm Thị Mẫu (dữ liệu mô phỏng)", Role.CASE_OFFICER, Place.CENTRE),
    (LEADER, "Trần Văn Mẫu (dữ liệu mô phỏng)", Role.UNIT_LEADER, Place.CENTRE),
    (TOP, "Ngô Thị Mẫu (dữ liệu mô phỏng)", Role.UNIT_LEADER, Place.PROVINCE),
    (HOME_AFFAIRS, "Lê Thị Mẫu (dữ liệu mô phỏng)", Role.HOME_AFFAIRS, Place.EVERYWHERE),
    (AUDITOR, "Hoàng Văn Mẫu (dữ liệu mô phỏng)", Role.AUDITOR, Place.EVERYWHERE),
)


@dataclass(frozen=True, slots=True)
class Known:
    """An officer who may be tried. The password is kept nowhere."""

    username: str
    password: str
    role: str
    unit: str


def make(session: Session) -> dict[str, Person]:
    """Create them, so that they take part in the year: two at the centre, one above, two who look at the whole."""
    today, made = clock.local_date(), {}
    for username, name, role, place in KNOWN:
        unit = unit_by_code(session, place.value, today) if place.value else None
        officer = add_officer(
            session, None, username=username, full_name=name, role=role, unit_id=None if unit is None else unit.id
        )
        session.flush()  # the officer's number
        made[username] = Person(officer.id, grants.scopes(session, officer.id, today))
    return made


def hand_out(database: Database) -> list[Known]:
    """Give those that were made a password each; none where nothing was made."""
    today, told = clock.local_date(), []
    with database.transaction() as session:
        for username, _name, role, place in KNOWN:
            officer = officer_by_username(session, username)
            if officer is not None:
                unit = unit_by_code(session, place.value, today) if place.value else None
                where = "toàn hệ thống" if unit is None else name_on(session, unit.id, today)
                told.append(Known(username, reset_password(session, None, officer.id), NAMES[role], where))
    return told


def lines(found: list[Known]) -> str:
    """What a terminal says of them."""
    told = [f"  {one.username:<12} {one.password}  {one.role}, {one.unit}" for one in found]
    head = "\nTài khoản cán bộ mẫu (dữ liệu mô phỏng; mật khẩu chỉ hiện một lần này):"
    return "\n".join([head, *told]) if told else ""
