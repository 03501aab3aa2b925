"""Four officers of the sample province through whom one may look at it: their passwords are drawn and told once."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app import clock
from app.accounts.roles import NAMES, Role
from app.accounts.services import create_officer
from app.db.session import Database
from app.feedback.cases.models import Case
from app.simulation.province import CENTRE, PROVINCE_CODE
from app.units.models import UnitName
from app.units.queries import name_on, unit_by_code

KNOWN = (
    ("mau.canbo", "Phạm Thị Mẫu (dữ liệu mô phỏng)", Role.CASE_OFFICER),
    ("mau.lanhdao", "Trần Văn Mẫu (dữ liệu mô phỏng)", Role.UNIT_LEADER),
    ("mau.noivu", "Lê Thị Mẫu (dữ liệu mô phỏng)", Role.HOME_AFFAIRS),
    ("mau.kiemtra", "Hoàng Văn Mẫu (dữ liệu mô phỏng)", Role.AUDITOR),
)
IN_UNIT = {Role.CASE_OFFICER, Role.UNIT_LEADER}


@dataclass(frozen=True, slots=True)
class Known:
    """An officer who may be tried. The password is kept nowhere."""

    username: str
    password: str
    role: str
    unit: str


def make(database: Database) -> list[Known]:
    """Create them: two where most cases lie, two who look at the whole."""
    today = clock.local_date()
    with database.transaction() as session:
        province = unit_by_code(session, PROVINCE_CODE, today)
        assert province is not None
        most = (
            select(Case.unit_id)
            .join(UnitName, UnitName.unit_id == Case.unit_id)
            .where(UnitName.name.startswith(CENTRE))
            .group_by(Case.unit_id)
            .order_by(func.count().desc(), Case.unit_id)
        )
        unit_id = session.scalar(most.limit(1)) or province.id
        unit = name_on(session, unit_id, today)
        return [
            Known(
                username,
                create_officer(
                    session,
                    None,
                    username=username,
                    full_name=name,
                    role=role,
                    unit_id=unit_id if role in IN_UNIT else None,
                ).one_time_password,
                NAMES[role],
                unit if role in IN_UNIT else "toàn hệ thống",
            )
            for username, name, role in KNOWN
        ]
