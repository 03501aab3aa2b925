"""10,000 cases over a year of calendar, through the real services with the clock driven forward, on both databases.

Prints what happened and what is wrong: cases lost, due dates that counting with fingers gives otherwise, officers whose
list and single cases disagree; then the CPU of the inbox and of a case's page. ``python -m bench.year_of_cases 10000``.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock, create_app
from app.accounts import passwords
from app.accounts.models import Officer
from app.config import Config
from app.crypto import keeper
from app.db.session import EXTENSION, Database
from app.feedback.cases import access, queries
from app.feedback.cases.models import Case
from app.feedback.following import services as following
from app.simulation.case_office import Office, Person, make_office
from app.simulation.case_year import Year
from app.web.permissions import Permission
from bench.machine import cpu_seconds, describe, named
from bench.plain_terms import PlainLaw, due_on, read
from tests.factories.law import load_law
from tests.factories.officers import PASSWORD, sign_in
from tests.factories.places import make_counter, make_unit
from tests.support.databases import KINDS, Databases, address_of
from tests.support.keys import TEST_KEYS, keeper_of_tests

FIRST_DAY = date(2026, 1, 5)
LAST_DAY = date(2026, 12, 31)
COMMUNES = 20
OFFICERS = 50
SINGLE = 200  # cases asked one by one for each officer
ROUNDS = 15
LIMITS = {"inbox": 0.150, "case": 0.100}


def make_year(
    database: Database, *, seed: int, count: int, last_day: date = LAST_DAY, communes: int = COMMUNES
) -> tuple[Year, PlainLaw]:
    """Drive a new database from ``FIRST_DAY`` to ``last_day``."""
    begin = datetime.combine(FIRST_DAY - timedelta(1), datetime.min.time(), tzinfo=clock.VIETNAM)
    with clock.use(lambda: begin):
        load_law(database)
        with database.transaction() as session:
            province = make_unit(session, "P", name="Tỉnh mẫu", type_code="province")
            units = [make_unit(session, f"C{number}", parent=province) for number in range(communes)]
            for unit in units:
                make_counter(session, unit)
            office = make_office(session, province.id, [unit.id for unit in units], FIRST_DAY)
            law = read(session, FIRST_DAY)
    year = Year(database, office, Random(seed))
    year.run(FIRST_DAY, last_day, count)
    return year, law


def lost(database: Database, year: Year) -> list[str]:
    """Cases whose row, state or code is not where its diary has it, and rows without a diary."""
    with database.reading() as session:
        rows = {case.id: case for case in session.scalars(select(Case))}
        found = [f"{case_id} is unknown" for case_id in rows.keys() - year.diaries.keys()]
        for case_id, diary in year.diaries.items():
            case = rows.get(case_id)
            if case is None or case.unit_id != diary.unit_id or case.closed_on != diary.closed_on:
                found.append(f"{diary.public_number} is not where it was left")
            followed = following.by_code(session, diary.code)
            if followed is None or followed.id != case_id:
                found.append(f"{diary.public_number} is not opened by its code")
    return found


def wrong_dues(database: Database, year: Year, law: PlainLaw) -> list[str]:
    """Cases whose due date is not the one counted with fingers."""
    with database.reading() as session:
        dues = dict(session.execute(select(Case.id, Case.due_on)).all())
    return [
        f"{diary.public_number} {diary.kind.value}: {dues[case_id]} instead of {expected}"
        for case_id, diary in year.diaries.items()
        if dues[case_id] != (expected := due_on(diary, law))
    ]


def wrong_lists(database: Database, year: Year, today: date, *, officers: int, single: int) -> list[str]:
    """Officers whose list is not what they should see, or disagrees with asking for single cases."""
    everybody = year.office.everybody()
    some = year.random.sample(everybody, min(officers, len(everybody)))
    wrong = []
    with database.reading() as session:
        for who in some:
            listed = set(queries.ids_matching(session, who, today, queries.Filters()))
            page = queries.page(session, who, today, queries.Filters(), 1)
            asked = year.random.sample(list(year.diaries), min(single, len(year.diaries)))
            one_by_one = {key for key in asked if access.may(session, who, key, today, Permission.CASES_READ)}
            if listed != _expected(year, who) or page.total != len(listed) or one_by_one != listed & set(asked):
                wrong.append(f"officer {who.officer_id}")
    return wrong


def _expected(year: Year, who: Person) -> set[str]:
    """By hand: the cases of one's unit, or of the whole province, without private ones and those about oneself."""
    roots = who.scopes.get(Permission.CASES_READ)
    if roots is None:
        return set()
    sees_all = not roots or year.office.top.unit_id in roots
    return {
        case_id
        for case_id, diary in year.diaries.items()
        if (sees_all or diary.unit_id in roots)
        and who.officer_id not in diary.excluded
        and (not diary.is_private or Permission.CASES_READ_PRIVATE in who.scopes)
    }


def pages(database: Database, year: Year, used: Callable[[], float]) -> dict[str, float]:
    """CPU seconds of the inbox and of a case's page, each the median of some, for whoever sees most."""
    with TemporaryDirectory(prefix="langnghe-bench-") as folder, clock.use(year.now):
        app = create_app(
            Config(
                database_url=address_of(database),
                data_dir=Path(folder),
                secret_key=b"bench-" * 8,
                public_url="http://localhost",
                log_level="ERROR",
                kept_seconds=0,
                encryption_keys=TEST_KEYS,
                second_factor="off",
            )
        )
        client = app.test_client()
        _sign_in(client, database, year.office)
        case_ids = year.random.sample(list(year.diaries), ROUNDS + 2)
        measured = {
            "inbox": _median(client, ["/officer/cases"] * (ROUNDS + 2), used),
            "inbox, late ones": _median(client, ["/officer/cases?due=late"] * (ROUNDS + 2), used),
            "case": _median(client, [f"/officer/cases/{case_id}" for case_id in case_ids], used),
        }
        app.extensions[EXTENSION].dispose()
    return measured


def _sign_in(client: FlaskClient, database: Database, office: Office) -> None:
    with database.transaction() as session:
        officer = session.get_one(Officer, office.top.people[0].officer_id)
        officer.password_hash, officer.must_change_password = passwords.hash_password(PASSWORD), False
        username = officer.username
    assert sign_in(client, username).status_code == 303


def _median(client: FlaskClient, addresses: list[str], used: Callable[[], float]) -> float:
    spent = []
    for address in addresses:
        began = used()
        answer = client.get(address)
        spent.append(used() - began)
        assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(spent[2:])  # the first ones compile


def main() -> int:
    """Run it on both databases; 1 if anything is wrong or too slow."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chosen = sys.argv[2:] or KINDS
    print(describe())
    keeper.use(keeper_of_tests())
    faults = 0
    with TemporaryDirectory(prefix="langnghe-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            for kind in chosen:
                faults += _measure(kind, databases, count)
        finally:
            databases.close()
    return int(faults > 0)


def _measure(kind: str, databases: Databases, count: int) -> int:
    with databases.fresh(kind) as database:
        began, cpu = time.perf_counter(), time.process_time()
        year, law = make_year(database, seed=2026, count=count)
        with database.reading() as session:
            rows = session.scalar(select(func.count()).select_from(Case))
        print(
            f"{kind}: {rows} cases, {sum(year.happened.values())} acts in {time.perf_counter() - began:.0f} s "
            f"({time.process_time() - cpu:.0f} s CPU)\n  {dict(sorted(year.happened.items()))}\n"
            f"  refused: {dict(sorted(year.refused.items()))}"
        )
        faults = {
            "cases lost": lost(database, year),
            "due dates wrong": wrong_dues(database, year, law),
            "officers whose list is wrong": wrong_lists(database, year, LAST_DAY, officers=OFFICERS, single=SINGLE),
        }
        for name, found in faults.items():
            print(f"  {name}: {len(found)} {found[:3] or ''}")
        servers = named("postgres") if kind == "postgresql" else []
        measured = pages(database, year, lambda: time.process_time() + cpu_seconds(servers))
    slow = 0
    for name, seconds in measured.items():
        limit = LIMITS[name.split(",", maxsplit=1)[0]]
        slow += seconds > limit
        print(f"  {name}: {seconds * 1000:.0f} ms of CPU (limit {limit * 1000:.0f})")
    return slow + sum(map(len, faults.values()))


if __name__ == "__main__":
    sys.exit(main())
