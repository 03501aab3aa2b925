"""Officers of the sample province, and what they did with what its people wrote: so that it does not look abandoned.

The clock goes through the year once more, day by day, and every act through the services. What the installation
itself wrote before bears today's date, so in the record of acts these rows stand in today's part of the chain, each
with its own moment, as after any clock that was set back; the installation is marked as simulated throughout.
"""

from datetime import date, datetime, time
from random import Random

from sqlalchemy import select

from app import clock
from app.accounts.roles import Role
from app.db.session import Database
from app.feedback.cases.models import Case
from app.simulation import case_register, case_subjects
from app.simulation.case_diary import Diary
from app.simulation.case_office import make_office
from app.simulation.case_year import Year
from app.simulation.province import PROVINCE_CODE
from app.units.queries import unit_by_code

ROLES = (Role.UNIT_LEADER, Role.CASE_OFFICER)


def by_name(count: int) -> int:
    """How many more people write on the website, many with their name, beside those who scanned a code."""
    return count // 3


def handle_all(database: Database, *, first_day: date, last_day: date, seed: int) -> Year | None:
    """Give the units that got cases officers, and let them handle those cases until ``last_day``."""
    morning = datetime.combine(first_day, time(7), tzinfo=clock.VIETNAM)
    with clock.use(lambda: morning), database.transaction() as session:
        cases = session.scalars(select(Case).order_by(Case.received_on, Case.public_number)).all()
        province = unit_by_code(session, PROVINCE_CODE, first_day)
        if not cases or province is None:
            return None
        office = make_office(session, province.id, sorted({case.unit_id for case in cases}), first_day, ROLES)
        random = Random(seed)  # noqa: S311 - nothing secret is drawn
        year = Year(database, office, random, case_register.procedures(session))
        case_register.templates(session, office)
        for case in cases:
            diary = Diary(case.id, case.public_number, "", case.kind, case.unit_id, case.received_on, case.text)
            diary.subject = case_subjects.subject_of(case.text)
            year.take_over(diary)
    year.run(first_day, last_day, by_name(len(cases)), every_day=False)
    evening = datetime.combine(last_day, time(18), tzinfo=clock.VIETNAM)
    with clock.use(lambda: evening), database.transaction() as session:
        case_register.dossiers(session, office, random)
    return year
