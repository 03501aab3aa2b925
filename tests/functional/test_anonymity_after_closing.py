"""F6: after day closing nobody who holds the whole database, byte by byte, learns who answered before whom."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import DateTime, Interval, LargeBinary, Time, select, text, type_coerce

from app.analysis.day_closing import close_due_days
from app.crypto.day_keys import DayKeys
from app.db.base import Base
from app.db.session import Database
from app.db.types import UtcDateTime
from app.survey.models import Response, SpentForm, TodaysResponse, WrittenAnswer
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import CRITERIA, FORM_ID, Citizen
from tests.support.clock import SettableClock
from tests.support.door import Visitor, code_of, number_of
from tests.support.door_http import HttpClient
from tests.support.limits import end_minute
from tests.support.senders import ask
from tests.support.servers import Server
from tests.unit.feedback.cases.test_schema import OF_OFFICERS, ROUNDED, tables

PEOPLE = 60
# Standard errors of a rank correlation of random orders: passed by chance less than once in a million times.
MOST_ERRORS = 5.0
# Tables that may know when something happened: what staff and the machine did.
STAFF = {
    "audit_event",
    "audit_head",
    "audit_threshold",
    "calendar_version",
    "counter_duty",
    "delegation",
    "desk_route",
    "dossier_applicant",
    "dossier_count",
    "dossier_import",
    "dossier_key",
    "encryption_key",
    "exchange_key",
    "exchange_sending",
    "import_draft",
    "invitation",
    "job_run",
    "kept_post",
    "key_rotation",
    "officer",
    "officer_contact",
    "officer_session",
    "outbox_message",
    "public_answer_version",
    "question_set_draft",
    "recheck_answer",
    "recheck_case",
    "recheck_draw",
    "recovery_code",
    "reply_template_version",
    "rights_review",
    "rule_version",
    "rule_withdrawal",
    "sampled_draft",
    "sampled_import",
    "saved_view",
    "second_factor",
    "setting_change",
    "sign_in_attempt",
    "single_sign_on_link",
    "single_sign_on_start",
}
FORBIDDEN = ("address", "ip", "agent", "browser", "device", "referrer", "referer", "fingerprint", "phone", "email")


@dataclass(frozen=True)
class Told:
    """What people answered, in the order of arrival: packed codes, texts, and what lay in the staging table."""

    packed: list[bytes]
    texts: list[str]
    forms: list[bytes]
    payloads: list[bytes]


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    return make_survey(database)


@pytest.fixture
def told(app: Flask, database: Database, survey: Surveyed, clock: SettableClock) -> Told:
    """Sixty people over some hours, no two with the same answers; all but every third write a text."""
    choose = Random(7)
    made = Told([], [], [], [])
    for number in range(PEOPLE):
        levels = [str(choose.randint(1, 5)) for _ in CRITERIA]
        more = {"q_comment": f"Lời {'dài ' * choose.randrange(40)}{number:02}"} if number % 3 else {}
        citizen = Citizen(app.test_client(), survey.token)
        sent = citizen.details(citizen.tap(choose.randint(1, 5)), **dict(zip(CRITERIA, levels, strict=True)), **more)
        assert sent.status_code == 303
        made.packed.append(bytes(map(int, levels)))
        made.texts.extend(more.values())
        with database.reading() as session:
            new = session.scalars(select(TodaysResponse).where(TodaysResponse.form_id.not_in(made.forms))).one()
            made.forms.append(new.form_id)
            made.payloads.append(new.payload)
        clock.advance(minutes=2)
        end_minute(app)
    assert len(set(made.packed)) == PEOPLE
    assert order_shows(range(len(made.texts)))  # few enough errors for the true order to be seen
    return made


def files_of(database: Database) -> Iterator[Path]:
    """Every file of the database: the SQLite file and what lies beside it, or the whole cluster with its log."""
    if database.is_sqlite:
        path = Path(database.url.database or "")
        yield from (one for one in sorted(path.parent.glob(f"{path.name}*")) if one.is_file())
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
    home = Path(str(database.url.query["host"]))
    yield from (one for one in sorted(home.rglob("*")) if one.is_file() and not one.is_symlink())


def everything(database: Database) -> bytes:
    return b"\0".join(path.read_bytes() for path in files_of(database))


def order_shows(order: Sequence[int]) -> bool:
    """Whether what was found is in the order of arrival, or in part of it, by Spearman's rank correlation.

    Its standard error in a random order is 1 over the root of one less than the number: the fewer were found, the
    more they have to agree.
    """
    ranks = np.argsort(np.argsort(np.array(order)))
    correlation = abs(float(np.corrcoef(ranks, np.arange(len(order)))[0, 1]))
    return correlation * np.sqrt(len(order) - 1) >= MOST_ERRORS


def close(database: Database, keys: DayKeys, clock: SettableClock) -> None:
    assert close_due_days(database, keys, today=clock.next_day(), least=10) == PEOPLE


def sealed_texts(database: Database, told: Told) -> list[bytes]:
    """How the written answers lie in the database, in the order in which they were given."""
    with database.reading() as session:
        rows = session.execute(select(WrittenAnswer.text, type_coerce(WrittenAnswer.text, LargeBinary).label("sealed")))
        lying = {plain: bytes(sealed) for plain, sealed in rows}
    return [lying[one] for one in told.texts]


def test_f6_nothing_readable_stands_anywhere_before_the_closing(
    told: Told, database: Database, day_keys: DayKeys
) -> None:
    image = everything(database)
    assert all(form in image for form in told.forms)  # the test does look at the right files
    assert not any(packed in image for packed in told.packed)
    assert not any(written.encode() in image for written in told.texts)
    assert len(day_keys.days()) == 1


def test_f6_lengths_of_what_is_encrypted_tell_nothing_of_the_answers(told: Told) -> None:
    """Lengths stay in logs and backups: they must not match an answer or a text to its place in the day."""
    with_text = {len(payload) for number, payload in enumerate(told.payloads) if number % 3}
    without = {len(payload) for payload in told.payloads[::3]}
    assert len(with_text) == 1
    assert len(without) == 1


def test_f6_files_after_closing_hold_no_order_of_arrival(
    told: Told, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    close(database, day_keys, clock)
    image = everything(database)
    assert not any(written.encode() in image for written in told.texts)
    for needles in (told.packed, sealed_texts(database, told)):
        first = [image.find(needle) for needle in needles]
        last = [image.rfind(needle) for needle in needles]
        assert -1 not in first
        assert not order_shows(first)
        assert not order_shows(last)


def test_f6_form_ids_stand_beside_no_answer(
    told: Told, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    """Nearest neighbours in the files: a form id tells neither its answer nor the order of the answers."""
    close(database, day_keys, clock)
    image = everything(database)
    answers = np.array([image.find(packed) for packed in told.packed])
    forms = np.array([image.rfind(form) for form in told.forms])
    nearest = np.abs(forms[:, None] - answers[None, :]).argmin(axis=1)
    assert int((nearest == np.arange(PEOPLE)).sum()) <= 8  # by chance about one
    if database.is_sqlite:  # deleted rows are overwritten, the log is cut off: what was encrypted is gone as well
        assert not any(payload in image for payload in told.payloads)


def test_f6_tables_after_closing_hold_no_order_of_arrival(
    told: Told, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    close(database, day_keys, clock)
    with database.reading() as session:
        place = "" if database.is_sqlite else " ORDER BY ctid"
        stored = [bytes(row[0]) for row in session.execute(text(f"SELECT answers FROM response{place}"))]
        physical = [] if database.is_sqlite else [text("ctid")]
        written = session.scalars(select(WrittenAnswer.text).order_by(*physical)).all()
        keys = {bytes(row.answers): row.key for row in session.scalars(select(Response))}
        spent = set(session.scalars(select(SpentForm.form_id)))
        assert session.scalars(select(TodaysResponse)).all() == []
    order = [next(at for at, row in enumerate(stored) if packed in row) for packed in told.packed]
    assert not order_shows(order)
    assert not order_shows([written.index(one) for one in told.texts])
    by_key = [next(key for row, key in keys.items() if packed in row) for packed in told.packed]
    assert not order_shows([sorted(keys.values()).index(key) for key in by_key])
    assert spent == set(told.forms)
    spent_columns = {column.name for column in SpentForm.__table__.columns}
    assert spent_columns == {"form_id", "issued_on"}
    assert not spent_columns & {column.name for column in Response.__table__.columns}
    assert "answered_on" not in WrittenAnswer.__table__.columns


def test_f6_the_key_of_the_day_is_gone(told: Told, database: Database, day_keys: DayKeys, clock: SettableClock) -> None:
    (day,) = day_keys.days()
    close(database, day_keys, clock)
    assert day_keys.days() == []
    assert list(day_keys._folder.iterdir()) == []
    assert day < clock.today


def test_f6_no_column_can_hold_who_or_when() -> None:
    assert tables()  # loads every model
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            words, place = set(column.name.split("_")), f"{table.name}.{column.name}"
            assert table.name in {*STAFF, "reporter"} or not words & set(FORBIDDEN), place
            exact = isinstance(column.type, DateTime | Time | Interval | UtcDateTime)
            assert not exact or table.name in STAFF or place in OF_OFFICERS | ROUNDED, place
            assert column.server_default is None or "now" not in str(column.server_default).lower()


def test_b8_f6_the_log_of_a_server_names_no_token_counter_address_or_browser(
    start_server: Callable[..., Server], database: Database
) -> None:
    survey = make_survey(database)
    load_law(database)
    server = start_server(LANGNGHE_LOG_LEVEL="DEBUG", LANGNGHE_TRUSTED_PROXY_HOPS="1")
    marks = {"User-Agent": "MarkedBrowser/1.0", "X-Forwarded-For": "203.0.113.77", "Referer": "https://marked.example/"}
    page = f"/q/{survey.token}"

    def form_of(path: str) -> str:
        found = FORM_ID.search(ask(server.url, path, headers=marks).body)
        assert found
        return found[1]

    forms = [form_of(page)]
    tapped = ask(server.url, page, {"form_id": forms[0], "q_overall": "4"}, marks)
    forms.append(form_of(tapped.location))
    done = ask(server.url, tapped.location, {"form_id": forms[1], "q_comment": "Lời đánh dấu"}, marks)
    assert (tapped.status, done.status) == (303, 303)
    visitor = Visitor(HttpClient(server.url, marks), survey.token)
    told = visitor.whole_way(text="Lời đánh dấu, dài hơn mười ký tự")
    code, number = code_of(told), number_of(told)
    for path in ("slip", "slip.pdf", "due.ics", "receipt.txt"):
        assert visitor.get(f"/feedback/sent/{path}").status_code == 200
    tokens = [value for (name, _where), value in visitor.client.cookies.items() if name == "door"]
    visitor.follow(visitor.post(told))
    for path in (
        f"{page}/thanks",
        f"{page}?lang=en",
        f"{page}x",
        f"/Q/{survey.token}",
        f"/results/{survey.centre_code}",
    ):
        ask(server.url, path, headers=marks)
    ask(server.url, page, {"form_id": "forged", "q_overall": "4"}, marks)
    log = server.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    routes = {line.get("route") for line in lines}
    assert {"/q/<token>", "/q/<token>/more/<key>", "/q/<token>/feedback", "/feedback/sent/slip.pdf"} <= routes
    secrets = [survey.token, survey.centre_code, "MarkedBrowser", "203.0.113.77", "127.0.0.1", "marked.example", "Lời"]
    secrets += [*forms, tapped.location, "Quầy", "Hồng Gai", code, code.replace("-", ""), number, *tokens]
    assert [secret for secret in secrets if secret.lower() in log.lower()] == []
