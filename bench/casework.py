"""Ten thousand cases: inbox, case page, search, dashboard, files and jobs, on both databases side by side.

The cases are written row by row (``many_cases``), so this takes minutes where the year of cases takes half an hour.
Pages and jobs are counted in CPU of server and database, files in wall time and memory of a process of their own.
``python -m bench.casework 10000``.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from app import clock, create_app
from app.accounts import passwords
from app.accounts.contacts.models import Level, OfficerContact
from app.accounts.models import Officer
from app.accounts.rights import grants
from app.config import Config
from app.crypto import keeper
from app.crypto.types import in_row
from app.db.session import EXTENSION, Database
from app.exports.cases import services as files
from app.exports.cases.models import CaseExport, Layout
from app.exports.definitions import FileFormat
from app.feedback.cases.models import Case
from app.feedback.cases.queries import Filters
from app.feedback.inbox.filters import TABS
from app.feedback.notices import digest, news, reminders
from app.keys.start import store_of
from app.messages.states import Channel
from app.simulation.case_office import Office, make_office
from app.units.models import Field, Procedure
from app.web.access import Actor
from bench.machine import cpu_seconds, describe, peak_rss_mib
from bench.many_cases import Filler
from tests.factories.law import load_law
from tests.factories.officers import PASSWORD, sign_in
from tests.factories.places import make_counter, make_unit
from tests.support.databases import KINDS, Databases, address_of
from tests.support.keys import TEST_KEYS, keeper_of_tests

FIRST_DAY, TODAY = date(2026, 1, 5), date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=clock.VIETNAM)  # a Friday, in working hours
COMMUNES = 20
PROCEDURES = 60
ROUNDS = 9
SEVERAL = 40
MS, SECONDS, MIB = "ms", "s", "MiB"
PAGE, CASE, SEARCH, DASHBOARD = 150, 100, 500, 1000
FILES = {FileFormat.CSV: 10, FileFormat.XLSX: 15}
FILE_MEMORY = 300  # of the whole process
FIRST_RUN, USUAL_RUN = 90, 5


@dataclass
class Found:
    """Figures of one database by name: value, unit, limit."""

    figures: dict[str, tuple[float, str, float]] = field(default_factory=dict)

    def note(self, name: str, value: float, unit: str, limit: float) -> None:
        """Keep one."""
        self.figures[name] = (value, unit, limit)


def fill(database: Database, count: int) -> Office:
    """A province with officers who can be reached, procedures, and cases of a year."""
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "P", name="Tỉnh mẫu", type_code="province")
        communes = [make_unit(session, f"C{number}", parent=province) for number in range(COMMUNES)]
        for unit in communes:
            make_counter(session, unit)
        fields = [Field(name=name, folded=name) for name in ("Hộ tịch", "Đất đai", "Chứng thực")]
        session.add_all(fields)
        session.flush()
        procedures = [
            Procedure(code=f"1.{number:03}", name=f"Thủ tục {number}", field_id=fields[number % 3].id, level="commune")
            for number in range(PROCEDURES)
        ]
        session.add_all(procedures)
        office = make_office(session, province.id, [unit.id for unit in communes], TODAY)
        session.execute(insert(OfficerContact), [_contact(one.officer_id) for one in office.everybody()])
        ids = [one.id for one in procedures]
    Filler(database, office, Random(2026), FIRST_DAY, TODAY, ids).fill(count)
    with database.transaction() as session:
        session.execute(text("ANALYZE"))  # as a database that has lived for a year has done
    return office


def _contact(officer_id: int) -> dict[str, object]:
    return {
        "officer_id": officer_id,
        "channel": Channel.EMAIL,
        "address": in_row(f"can.bo.{officer_id}@tinh.example", officer_id),
        "level": Level.EACH,
        "entered_at": NOW,
        "entered_by": officer_id,
        "verified_at": NOW,
        "tries": 0,
    }


def _config(database: Database, folder: Path) -> Config:
    return Config(
        database_url=address_of(database),
        data_dir=folder,
        secret_key=b"bench-" * 8,
        public_url="http://localhost",
        log_level="ERROR",
        kept_seconds=0,
        encryption_keys=TEST_KEYS,
        second_factor="off",
    )


def pages(database: Database, office: Office, config: Config, found: Found) -> None:
    """CPU of the pages, each the median of some, for a leader of the province, who sees nearly all."""
    with database.transaction() as session:
        officer = session.get_one(Officer, office.top.people[0].officer_id)
        officer.password_hash, officer.must_change_password = passwords.hash_password(PASSWORD), False
        username = officer.username
        cases = list(session.scalars(select(Case.id).where(Case.is_private.is_(False)).order_by(Case.id)))
    app = create_app(config)
    client = app.test_client()
    assert sign_in(client, username).status_code == 303
    used = _cpu_of(app.extensions[EXTENSION])
    inbox = "/officer/cases"
    for tab in TABS:
        address = f"{inbox}?{tab.address}"
        found.note(f"inbox: {tab.label}", _median(client, [address] * ROUNDS, used), MS, PAGE)
    found.note("inbox: page 100", _median(client, [f"{inbox}?page=100"] * ROUNDS, used), MS, PAGE)
    some = Random(2026).sample(cases, min(SEVERAL, len(cases)))
    found.note("case page", _median(client, [f"{inbox}/{one}" for one in some], used), MS, CASE)
    found.note("search in all texts", _median(client, [f"{inbox}?q=dat+dai"] * ROUNDS, used), MS, SEARCH)
    found.note("dashboard", _median(client, ["/officer/case-figures"] * ROUNDS, used), MS, DASHBOARD)
    app.extensions[EXTENSION].dispose()


def _cpu_of(database: Database) -> Callable[[], float]:
    """CPU seconds of this process and of the database's, as far as they work for it."""
    backends: list[int] = []
    if not database.is_sqlite:
        with database.reading() as session:
            own = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            backends = list(session.scalars(own))
    return lambda: time.process_time() + cpu_seconds(backends)


def _median(client: FlaskClient, addresses: list[str], used: Callable[[], float]) -> float:
    spent = []
    for address in addresses:
        began = used()
        answer = client.get(address)
        spent.append(used() - began)
        assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(spent[2:]) * 1000  # the first ones compile


def case_files(database: Database, office: Office, config: Config, found: Found) -> None:
    """Files of all cases, each made in a process of its own: wall time and the memory of that process at most."""
    who = office.home_affairs.officer_id
    for file_format, limit in FILES.items():
        with database.transaction() as session:
            actor = Actor(who, "", b"", scopes=grants.scopes(session, who, TODAY))
            made = files.ask(session, actor, Filters(), file_format, Layout.LIST, with_contact=False)
            key = made.id
        told = subprocess.run(
            [sys.executable, "-m", "bench.casework", "file", config.database_url, str(config.data_dir), key],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        found.note(f"{file_format.value.upper()} of {told[0]} cases", float(told[1]), SECONDS, limit)
        found.note(f"{file_format.value.upper()}, peak memory", float(told[2]), MIB, FILE_MEMORY)


def make_file(address: str, folder: str, key: str) -> None:
    """In a process of its own: make one file; says rows, seconds and MiB."""
    keeper.use(keeper_of_tests())
    database = Database(address)
    config = _config(database, Path(folder))
    with clock.use(lambda: NOW), database.reading() as session:
        session.scalar(select(Case.id).limit(1))  # opens the database
        began = time.perf_counter()
        assert files.make(database, store_of(config), key, config.small_numbers)
        seconds = time.perf_counter() - began
    with database.reading() as session:
        made = session.get_one(CaseExport, key)
        print(made.rows, seconds, peak_rss_mib())


def jobs(database: Database, found: Found) -> None:
    """CPU of the jobs that look at all cases: the first run, which meets a year of them, and the one an hour later."""
    used = _cpu_of(database)
    for name, run in (("tell-news", news.tell_news), ("remind", reminders.remind), ("digest", digest.send_digests)):
        for which, limit in (("first run", FIRST_RUN), ("again", USUAL_RUN if name != "digest" else FIRST_RUN)):
            began = used()
            told = run(database)
            found.note(f"{name}, {which} ({told})", used() - began, SECONDS, limit)


def _measured(kind: str, databases: Databases, count: int) -> Found:
    found = Found()
    with (
        TemporaryDirectory(prefix="langnghe-bench-") as folder,
        databases.fresh(kind) as database,
        clock.use(lambda: NOW),
    ):
        office, config = fill(database, count), _config(database, Path(folder))
        pages(database, office, config, found)
        case_files(database, office, config, found)
        jobs(database, found)
    return found


def main() -> int:
    """Run it on both databases; 1 if anything is too slow or too large."""
    if sys.argv[1:2] == ["file"]:
        make_file(*sys.argv[2:5])
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(describe())
    keeper.use(keeper_of_tests())
    results: dict[str, Found] = {}
    with TemporaryDirectory(prefix="langnghe-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            for kind in sys.argv[2:] or KINDS:
                results[kind] = _measured(kind, databases, count)
        finally:
            databases.close()
    return int(_print(results, count) > 0)


def _print(results: dict[str, Found], count: int) -> int:
    """The figures side by side, beside their limits; how many are over."""
    over = 0
    kinds = list(results)
    print(f"{count} cases".ljust(72), *(kind.rjust(14) for kind in kinds), "limit".rjust(12))
    for name, (_, unit, limit) in results[kinds[0]].figures.items():
        values = [results[kind].figures[name][0] for kind in kinds]
        over += sum(value > limit for value in values)
        print(name.ljust(72), *(f"{value:,.1f} {unit}".rjust(14) for value in values), f"{limit:,.0f} {unit}".rjust(12))
    return over


if __name__ == "__main__":
    sys.exit(main())
