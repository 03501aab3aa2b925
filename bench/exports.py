"""Speed and memory of exports: CSV and XLSX of many answers of 30 columns, from the database to a finished file.

Each format runs in a process of its own, so that the peak of one does not hide in the other's; a small run beside the
large one shows that memory does not grow with the rows. To reach: CSV 2 s, XLSX 15 s for 100,000 answers.
"""

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from app.db import migrate
from app.db.session import Database
from app.exports.catalog import answers
from app.exports.definitions import Column, FileFormat, Kind, Table
from app.exports.origins import Wanted
from app.exports.services import make_file
from app.survey import packing, sets
from app.survey.codes import BLANK, NOT_APPLICABLE
from app.survey.models import (
    Aggregation,
    IndexFormula,
    QuestionSetVersion,
    Response,
    SampleKind,
    SurveyRound,
)
from app.units.models import Counter
from app.units.services import create_unit

COLUMNS = 30
UNITS, COUNTERS = 60, 3
FIRST_DAY = date(2025, 11, 1)
AS_OF = date(2026, 10, 31)
CODES = (5, 5, 5, 4, 4, 4, 3, 2, 1, NOT_APPLICABLE, BLANK)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--one", nargs=2, metavar=("DATABASE", "FORMAT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(_measure(given.one[0], FileFormat(given.one[1]))))
        return
    print(f"exports: {platform.machine()}, Python {platform.python_version()}, {COLUMNS} columns")
    with tempfile.TemporaryDirectory() as folder:
        for n in (given.answers // 10, given.answers):
            url = f"sqlite:///{Path(folder) / f'{n}.db'}"
            _fill(url, n)
            for file_format in FileFormat:
                found = _in_new_process(url, file_format)
                print(
                    f"{file_format.value:>5} {n:>9,} answers: {found['seconds']:6.2f} s, {found['cpu']:6.2f} s CPU, "
                    f"peak {found['peak']:5.1f} MiB over {found['before']:5.1f} MiB, file {found['size']:6.1f} MB"
                )


def _in_new_process(url: str, file_format: FileFormat) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.exports", "--one", url, file_format.value]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure(url: str, file_format: FileFormat) -> dict[str, float]:
    database = Database(url)
    with database.reading() as session:
        survey_round = session.scalars(select(SurveyRound)).one()
        wanted = Wanted(survey_round, None, 5, AS_OF)
        before, started, cpu = _peak(), time.perf_counter(), time.process_time()
        made = make_file(_widened(answers.table(session, wanted)), file_format, simulated=False)
        seconds, used = time.perf_counter() - started, time.process_time() - cpu
    made.file.close()
    size = made.size / 1e6
    return {"seconds": seconds, "cpu": used, "before": before, "peak": _peak() - before, "size": size}


def _widened(table: Table) -> Table:
    """The table with as many further columns of levels as make 30."""
    more = COLUMNS - len(table.columns)
    extra = tuple(Column(f"extra_{number}", f"Câu {number}", Kind.CODE) for number in range(more))
    return Table(table.title, table.columns + extra, ([*row, *row[-more:]] for row in table.rows), table.notes)


def _peak() -> float:
    """Largest resident size so far, in MiB; not ``getrusage``, which hands the parent's on to a new process."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM:")) / 1024


def _fill(url: str, n: int) -> None:
    chance = random.Random(20261121)
    database = Database(url)
    migrate.upgrade(database)
    with database.transaction() as session:
        province = create_unit(
            session, code="22", name="Tỉnh Quảng Ninh", type_code="province", valid_from=FIRST_DAY, parent_id=None
        )
        session.flush()
        counters = []
        for number in range(UNITS):
            unit = create_unit(
                session,
                code=f"{number:05}",
                name=f"Phường {number}",
                type_code="ward",
                valid_from=FIRST_DAY,
                parent_id=province.id,
            )
            session.flush()
            counters += [
                Counter(unit_id=unit.id, number=str(one), name="Hộ tịch", opening_hours={}, valid_from=FIRST_DAY)
                for one in range(COUNTERS)
            ]
        session.add_all(counters)
        sets.register_files(session)
        session.flush()
        version = session.scalars(select(QuestionSetVersion).where(QuestionSetVersion.code == "sipas_counter")).one()
        survey_round = SurveyRound(
            name="Khảo sát tại quầy",
            question_set_version=version,
            unit_id=province.id,
            sample_kind=SampleKind.OPEN,
            index_formula=IndexFormula.TOP2,
            aggregation=Aggregation.MEAN_OF_CRITERIA,
            starts_on=FIRST_DAY,
        )
        session.add(survey_round)
        session.flush()
        width = packing.layout(sets.set_of(version)).width
        rows = [
            {
                "counter_id": chance.choice(counters).id,
                "answered_on": FIRST_DAY + timedelta(days=chance.randrange(365)),
                "key": chance.getrandbits(63),
                "round_id": survey_round.id,
                "flags": chance.choice((0, 0, 0, 1, 2)),
                "channel": chance.choice(("qr", "kiosk")),
                "language": "vi",
                "answers": bytes([chance.choice(CODES), 1, *chance.choices(CODES, k=width - 2)]),
            }
            for _ in range(n)
        ]
        session.execute(insert(Response), rows)
    database.dispose()


if __name__ == "__main__":
    main()
