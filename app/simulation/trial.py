"""The trial: fills a new simulated database with the sample province and a year of answers, in the terminal.

The answers go through the public form inside worker processes that call the application directly; the days are closed
month by month by the job's own function.
"""

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np
from flask import Flask
from sqlalchemy import event, make_url, select

from app import clock, create_app, installation
from app.analysis.day_closing import close_due_days
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import EXTENSION, Database
from app.simulation import known_officers, province
from app.simulation.case_handling import handle_all
from app.simulation.population import draw_people
from app.simulation.truth import Truth
from app.simulation.visitors import Batch, batches
from app.simulation.visits import InProcess, Tally, in_process, play
from app.units.models import Unit

PEOPLE = 6_000
SEED = 2026
TRUTH_FILE = "simulated-truth.json"
VISITORS_AT_ONCE = 120
MOST_PROCESSES = 4


def is_wanted(database: Database) -> bool:
    """Whether this is a simulated database in which there is nothing yet."""
    if not installation.is_simulated(database):
        return False
    with database.reading() as session:
        return session.scalar(select(Unit.id).limit(1)) is None


def start(
    database: Database,
    config: Config,
    *,
    people: int = PEOPLE,
    seed: int = SEED,
    most_communes: int | None = None,
    processes: int | None = None,
) -> Tally:
    """Fill the database with answers up to yesterday and write the truth behind them beside it.

    ``most_communes`` makes a smaller province; ``processes`` is the number of cores by default. Only for a database
    for which ``is_wanted`` holds.
    """
    today = clock.local_date()
    click.echo("Tạo đơn vị, quầy và mã của tỉnh mẫu…")
    plan = prepare(database, people=people, seed=seed, today=today, most_communes=most_communes)
    count = processes or min(MOST_PROCESSES, os.cpu_count() or 1)
    context = get_context("spawn")  # a forked copy would share the parent's open database
    keys = DayKeys(config.day_key_dir)
    least = config.small_numbers.public
    total = Tally()
    with (
        ProcessPoolExecutor(count, context, _start_worker, (worker_config(config),)) as pool,
        progress(people) as bar,
    ):
        months = [[pool.submit(_play, chunk) for chunk in _chunks(month)] for month in by_month(plan.batches)]
        write_truth(config.data_dir, plan.truth())
        for futures, month in zip(months, by_month(plan.batches), strict=True):
            total += _gather(futures, bar)
            close_due_days(database, keys, today=day_after_month(month, today), least=least)
            if not sys.stdout.isatty():  # the bar shows nothing there
                click.echo(f"  {total.taps} / {people} phiếu mô phỏng")
    close_due_days(database, keys, today=today, least=least)
    click.echo("Tạo cán bộ mẫu và cho xử lý phản ánh của cả năm…")
    handle_all(database, first_day=plan.world.days[0], last_day=today - timedelta(days=1), seed=seed)
    return total


def tell_officers(database: Database) -> None:
    """Say once in the terminal as whom the province may be looked at."""
    click.echo(known_officers.lines(known_officers.hand_out(database)))


class Plan:
    """A province with its people as visitors, moment by moment."""

    def __init__(self, made: province.Province, seed: int, people: int, first_day: date, last_day: date) -> None:
        self.province = made
        self.world = made.world(seed, first_day, last_day)
        self.people = draw_people(self.world, people, seed)
        self.batches: tuple[Batch, ...] = tuple(batches(self.world, self.people, made.tokens, made.question_set))

    def truth(self) -> Truth:
        """What the product should find."""
        return Truth.of(self.world)


def prepare(database: Database, *, people: int, seed: int, today: date, most_communes: int | None = None) -> Plan:
    """Make the province, in one transaction, and draw its people for the twelve months up to yesterday."""
    first_day = province.first_day_of_trial(today)
    with database.transaction() as session:
        made = province.build(session, seed=seed, first_day=first_day, most_communes=most_communes)
    return Plan(made, seed, people, first_day, today - timedelta(days=1))


def by_month(items: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Batches of one calendar month after another."""
    for _, month in groupby(items, key=lambda batch: (batch.moment.year, batch.moment.month)):
        yield list(month)


def day_after_month(month: Sequence[Batch], today: date) -> date:
    """The first day on which every day of this month can be closed, at most ``today``."""
    last = month[-1].moment.date()
    return min(today, (last.replace(day=1) + timedelta(days=32)).replace(day=1))


def write_truth(folder: Path, truth: Truth) -> Path:
    """Keep the truth as a file; the path."""
    path = folder / TRUTH_FILE
    path.write_text(truth.to_json(), encoding="utf-8")
    return path


def progress(people: int) -> "click._termui_impl.ProgressBar[int]":
    """A bar in the terminal that counts people."""
    return click.progressbar(length=people, label="Tạo tỉnh mẫu và phiếu mô phỏng", width=30)


def worker_config(config: Config) -> Config:
    """Settings of a process that simulates: no limits, few log lines, counts of scans written in one go."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-c synchronous_commit=off"})
    address = url.render_as_string(hide_password=False)
    return replace(config, database_url=address, log_level="ERROR", simulated_limits_off=True, kept_seconds=300)


def relax(app: Flask) -> None:
    """Let this process commit without waiting for the disk: a trial cut off by a power failure is simply made anew."""
    database = app.extensions[EXTENSION]
    assert isinstance(database, Database)
    if not database.is_sqlite:
        return  # its address says so already

    @event.listens_for(database.engine, "connect")
    def prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    database.dispose()  # connections made before


def _chunks(month: Sequence[Batch]) -> Iterator[tuple[Batch, ...]]:
    """A month in pieces of whole days, small enough for the bar to move."""
    days = [tuple(day) for _, day in groupby(month, key=lambda batch: batch.moment.date())]
    sizes = np.cumsum([sum(len(batch.visitors) for batch in day) for day in days])
    for _, piece in groupby(range(len(days)), key=lambda number: int(sizes[number]) // VISITORS_AT_ONCE):
        yield tuple(batch for number in piece for batch in days[number])


def _gather(futures: Sequence[Future[Tally]], bar: "click._termui_impl.ProgressBar[int]") -> Tally:
    total = Tally()
    for future in futures:
        done = future.result()
        bar.update(done.taps)
        total += done
    return total


_worker: list[InProcess] = []
_open = ExitStack()


def _start_worker(config: Config) -> None:
    """Runs once in each worker process: its application, on a simulated clock."""
    app = create_app(config)
    relax(app)
    _worker.append(_open.enter_context(in_process(app)))


def _play(chunk: Sequence[Batch]) -> Tally:
    total = sum((play(batch, _worker[0]) for batch in chunk), Tally())
    _worker[0].finish()
    return total
