"""Bytes per response after day closing, index speed cold and warm, on SQLite and PostgreSQL.

Answers are made by a fixed random generator (ceiling effects, missing items) and staged, then closed by the real day
closing, so that what is measured is what the product writes.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.analysis import rollups
from app.analysis.cells import Answered, cells, layout_of
from app.analysis.models import Ledger
from app.analysis.queries import sums_by_unit
from app.analysis.stats import index, sums
from app.analysis.stats.results import SampleKind
from app.analysis.stats.spread import Aggregation
from app.analysis.view import Filters
from app.db.session import Database
from app.survey.definitions import QuestionSet
from app.survey.models import Response, SurveyRound
from bench.machine import describe, peak_rss_mib
from tests.support.databases import Databases

UNITS = 300
COUNTERS_EACH = 3
DAYS = 365
ROWS_AT_ONCE = 20_000


def answers(count: int, width: int, random: np.random.Generator) -> np.ndarray:
    """Packed answers with a ceiling and missing items; a few of each code."""
    codes = np.array([1, 2, 3, 4, 5, 254, 255], dtype=np.uint8)
    matrix = random.choice(codes, size=(count, width), p=[0.01, 0.03, 0.1, 0.4, 0.36, 0.05, 0.05])
    return np.asarray(matrix, dtype=np.uint8)


def fill(database: Database, counters: list[int], round_id: int, question_set: QuestionSet, count: int) -> None:
    """Store closed answers day by day, as day closing does: in key order, with the rollups of each month."""
    random = np.random.default_rng(20261121)
    width = layout_of(question_set).columns
    first = date(2025, 12, 1)
    per_month = count // 12
    for month in range(12):
        matrix = answers(per_month, width, random)
        matrix[:, 1] = random.choice([0, 1, 2, 3, 255], size=per_month)  # the respondent's kind
        days = np.sort(random.integers(month * 30, month * 30 + 30, per_month))
        rows = [
            {
                "counter_id": counters[int(random.integers(len(counters)))],
                "answered_on": first + timedelta(days=int(day)),
                "key": int(random.integers(2**62)),
                "round_id": round_id,
                "flags": 0,
                "channel": "qr",
                "language": "vi",
                "answers": matrix[place].tobytes(),
            }
            for place, day in enumerate(days)
        ]
        with database.transaction() as session:
            _store(session, rows)
            _roll_up(session, rows, round_id, question_set)


def _store(session: Session, rows: list[dict[str, object]]) -> None:
    by_day: dict[object, list[dict[str, object]]] = {}
    for row in rows:
        by_day.setdefault(row["answered_on"], []).append(row)
    for of_day in by_day.values():
        of_day.sort(key=lambda row: (row["counter_id"], row["key"]))
        session.execute(insert(Response), of_day)


def _roll_up(session: Session, rows: list[dict[str, object]], round_id: int, question_set: QuestionSet) -> None:
    answered = [
        Answered(row["counter_id"], row["answered_on"].year * 100 + row["answered_on"].month, "qr", row["answers"])  # type: ignore[arg-type,attr-defined]
        for row in rows
    ]
    live = rollups.live_places(rollups.units_of_counters(session), cells(question_set, answered))
    rollups.add_to_ledger(session, Ledger.LIVE, round_id, question_set, live)


def table_bytes(database: Database, names: tuple[str, ...]) -> int:
    """Bytes of some tables with their indexes."""
    with database.reading() as session:
        if database.is_sqlite:
            listed = ", ".join(f"'{name}'" for name in names)
            indexes = f"SELECT name FROM sqlite_master WHERE tbl_name IN ({listed})"
            try:
                return int(session.scalar(text(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({indexes})")) or 0)
            except Exception:  # noqa: BLE001 - dbstat is not compiled in everywhere
                return Path(database.url.database or "").stat().st_size
        total = " + ".join(f"pg_total_relation_size('{name}')" for name in names)
        return int(session.scalar(text(f"SELECT {total}")) or 0)


def timed(run: Callable[[], object], times: int) -> float:
    """Median milliseconds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        found.append((time.perf_counter() - started) * 1000)
    return statistics.median(found)


def warm(session: Session, survey_round: SurveyRound, units: frozenset[int]) -> index.IndexTable:
    """The index of units from rollups: read, unpack, estimate, intervals."""
    found = sums_by_unit(session, survey_round, Ledger.LIVE, units, Filters())
    return table(rollups.set_of_round(survey_round), np.stack([found[unit] for unit in sorted(found)]))


def cold(session: Session, survey_round: SurveyRound) -> index.IndexTable:
    """The same from the stored answers."""
    question_set = rollups.set_of_round(survey_round)
    unit_of = rollups.units_of_counters(session)
    layout = layout_of(question_set)
    numbers = {unit: place for place, unit in enumerate(sorted(set(unit_of.values())))}
    packed, groups = [], []
    for counter_id, joined in _packed(session, survey_round.id):
        packed.append(joined)
        groups.append(np.full(len(joined) // layout.columns, numbers[unit_of[counter_id]], dtype=np.int64))
    matrix = np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(-1, layout.columns)
    vectors = sums.from_answers_grouped(layout, matrix, np.concatenate(groups), len(numbers))
    return table(question_set, vectors[sums.responses(vectors) > 0])


def _packed(session: Session, round_id: int) -> Iterator[tuple[int, bytes]]:
    """The packed answers of each counter, joined: by PostgreSQL itself, or row by row, which lie by counter anyway."""
    given = {"round": round_id}
    if session.get_bind().dialect.name == "postgresql":
        joined = "SELECT counter_id, string_agg(answers, ''::bytea) FROM response WHERE round_id = :round GROUP BY 1"
        yield from ((counter_id, bytes(answers)) for counter_id, answers in session.execute(text(joined), given))
        return
    plain = "SELECT counter_id, answers FROM response WHERE round_id = :round ORDER BY counter_id"
    rows = session.connection().execute(text(plain), given)
    for counter_id, group in groupby(rows, key=itemgetter(0)):
        yield counter_id, b"".join(row[1] for row in group)


def table(question_set: QuestionSet, vectors: np.ndarray) -> index.IndexTable:
    """All figures with intervals."""
    return index.index_table(
        layout_of(question_set),
        vectors,
        formula=index.Formula.TOP2,
        aggregation=Aggregation.MEAN_OF_CRITERIA,
        confidence_level=0.95,
        sample_kind=SampleKind.OPEN,
        method=index.IntervalMethod.WILSON_OWN_VARIANCE,
    )


def measure(kind: str, databases: Databases, count: int) -> None:
    """One database kind at one size."""
    from bench.province import make_province

    with databases.fresh(kind) as database:
        counters, round_id, question_set = make_province(database, UNITS, COUNTERS_EACH)
        started = time.perf_counter()
        fill(database, counters, round_id, question_set, count)
        seconds = time.perf_counter() - started
        stored = table_bytes(database, ("response",)) / count
        rolled = table_bytes(database, ("rollup_cell",)) / count
        with database.reading() as session:
            survey_round = session.get_one(SurveyRound, round_id)
            units = frozenset(rollups.units_of_counters(session).values())
            one = frozenset(sorted(units)[:1])
            all_ms = timed(lambda: warm(session, survey_round, units), 9)
            one_ms = timed(lambda: warm(session, survey_round, one), 9)
            cold_ms = timed(lambda: cold(session, survey_round), 3)
            same = np.array_equal(
                warm(session, survey_round, units).value, cold(session, survey_round).value, equal_nan=True
            )
        limit = 100 if kind == "sqlite" else 147
        print(
            f"{kind:11} {count:9,} responses: {stored:5.1f} bytes each with its index (limit {limit}), "
            f"rollups {rolled:5.1f} more · index of {UNITS} units × {len(question_set.criteria)} criteria: warm "
            f"{all_ms:6.1f} ms (limit 200), one unit {one_ms:5.2f} ms (limit 10), cold {cold_ms / 1000:5.2f} s "
            f"(limit 3) · cold = warm: {same} · peak {peak_rss_mib():.0f} MiB · filled in {seconds:.0f} s"
        )


def main() -> None:
    """Measure both databases at the sizes asked for."""
    sizes = [int(size) for size in sys.argv[1:]] or [100_000, 1_000_000]
    print(describe())
    with TemporaryDirectory(prefix="langnghe-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            for count in sizes:
                for kind in ("sqlite", "postgresql"):
                    measure(kind, databases, count)
        finally:
            databases.close()


if __name__ == "__main__":
    main()
