"""The cases that pages and jobs are measured on are cases like others: whole, unchanged, and opened by their pages."""

from flask import Flask
from sqlalchemy import func, select

from app.accounts import passwords
from app.accounts.models import Officer
from app.db.session import Database
from app.feedback.cases import fingerprints, queries
from app.feedback.cases.models import Case
from bench.casework import TODAY, fill
from tests.factories.officers import PASSWORD, sign_in
from tests.support.clock import SettableClock

COUNT = 40


def test_cases_written_row_by_row_are_whole(app: Flask, database: Database, clock: SettableClock) -> None:
    clock.set_local(TODAY)
    office = fill(database, COUNT)
    with database.transaction() as session:
        officer = session.get_one(Officer, office.top.people[0].officer_id)
        officer.password_hash, officer.must_change_password = passwords.hash_password(PASSWORD), False
        username, person = officer.username, office.top.people[0]
        assert fingerprints.check(session) == []
        page = queries.page(session, person, TODAY, queries.Filters(), 1)
        assert session.scalar(select(func.count()).select_from(Case)) == COUNT
        assert page.total > COUNT / 2  # but for private ones and those about oneself
        case_ids = [line.case_id for line in page.lines[:2]]
    client = app.test_client()
    assert sign_in(client, username).status_code == 303
    for case_id in case_ids:
        assert client.get(f"/officer/cases/{case_id}").status_code == 200
    assert client.get("/officer/case-figures").status_code == 200
