"""Officers of the sample province, and what they did with what its people wrote: so that it does not look abandoned.

The clock goes through the year once more, day by day, and every act through the services. What the installation
itself wrote before bears today's date, so in the record of acts these rows stand in today's part of the chain, each
with its own moment, as after any clock that was set back; the installation is marked as simulated throughout.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.roles import Role
from app.db.session import Database
from app.feedback.cases.models import Case
from app.feedback.notices import news
from app.simulation import case_subjects, known_officers, procedures
from app.simulation.case_diary import Diary
from app.simulation.case_office import Office, Person, make_office
from app.simulation.case_register import Register
from app.simulation.case_scenes import SCENES, Scenes
from app.simulation.case_year import Year
from app.simulation.office_life import OfficeLife
from app.simulation.province import PROVINCE_CODE
from app.units.queries import unit_by_code

ROLES = (Role.UNIT_LEADER, Role.CASE_OFFICER)
AT_CENTRE = 16  # how much more is sent to the province's centre than to another place


def by_name(count: int) -> int:
    """How many more people write on the website, many with their name, beside those who scanned a code."""
    return count // 3


def more_cases(count: int) -> int:
    """How many cases there are in the end beside those ``count`` that came by the codes."""
    return by_name(count) + len(SCENES)


def handle_all(database: Database, *, first_day: date, last_day: date, seed: int) -> Year | None:
    """Give the units that got cases officers, and let them handle those cases until ``last_day``."""
    morning = datetime.combine(first_day, time(7), tzinfo=clock.VIETNAM)
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    with clock.use(lambda: morning), database.transaction() as session:
        cases = session.scalars(select(Case).order_by(Case.received_on, Case.public_number)).all()
        province = unit_by_code(session, PROVINCE_CODE, first_day)
        centre = unit_by_code(session, known_officers.CENTRE_CODE, first_day)
        if not cases or province is None or centre is None:
            return None
        people = known_officers.make(session)
        places = sorted({centre.id, *(case.unit_id for case in cases)})
        office = _with(make_office(session, province.id, places, first_day, ROLES), centre.id, people)
        codes = procedures.numbers(session)
        counts = Counter(case.unit_id for case in cases if case.unit_id != centre.id)
        year = Year(database, office, random, codes, lifelike=True, weights={centre.id: AT_CENTRE})
        year.copying = max(counts, key=lambda unit_id: (counts[unit_id], unit_id), default=None)
        for case in cases:
            diary = Diary(case.id, case.public_number, "", case.kind, case.unit_id, case.received_on, case.text)
            diary.subject = case_subjects.subject_of(case.text)
            year.take_over(diary)
        _plan(session, year, centre.id, people, last_day)
    year.run(first_day, last_day, by_name(len(cases)), every_day=False)
    evening = datetime.combine(last_day, time(18), tzinfo=clock.VIETNAM)
    with clock.use(lambda: evening):
        news.tell_news(database)
    return year


def _with(office: Office, centre_id: int, people: dict[str, Person]) -> Office:
    """The office with those in it through whom one may look at it."""
    centre = office.places[centre_id]
    own = (people[known_officers.LEADER], people[known_officers.CLERK])
    return replace(
        office,
        top=replace(office.top, people=(people[known_officers.TOP], *office.top.people)),
        places={**office.places, centre_id: replace(centre, people=(*own, *centre.people))},
        home_affairs=people[known_officers.HOME_AFFAIRS],
    )


def _plan(session: Session, year: Year, centre_id: int, people: dict[str, Person], last_day: date) -> None:
    """What is to happen beside the cases that come and go by themselves."""
    OfficeLife(year, centre_id, people).plan(session, last_day)
    Scenes(year, centre_id, people).plan(session, last_day)
    Register(year, centre_id).plan(session, last_day)
