"""A4: a case that somebody may not see leaves no trace in anything they can open: no word, no count, no file."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import roles
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights import delegations
from app.accounts.roles import Role
from app.calendar.days import DayUnit, Limit
from app.crypto.types import in_row
from app.feedback.cases.kinds import Decision
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.cases.reporters import Contact
from app.feedback.denunciations import services as denunciations
from app.feedback.denunciations.acts import ACTS
from app.feedback.following import services as following
from app.feedback.handling import services as handling
from app.files.gate.models import CheckedFile
from app.rules.kinds import Kind
from app.units.models import Unit
from app.web.permissions import Permission
from tests.factories.case_acts import EVERYTHING, close, version
from tests.factories.cases import Viewer, make_denunciation, open_one, viewer
from tests.factories.officers import make_officer, sign_in
from tests.functional.casework.conftest import Office
from tests.support.clock import SettableClock
from tests.support.crawling import addresses, crawl

MARK = "zqxdau"
RECORD = ("/officer/audit", "/officer/anomalies")  # tells that officers acted, never on what
ID = re.compile(r"[0-9a-f]{6,}")


@dataclass(frozen=True)
class Stranger:
    """Somebody for whom what is forbidden must not exist: role, unit ("" everywhere), and whether the role was lent."""

    role: Role
    place: str
    is_lent: bool = False

    @property
    def name(self) -> str:
        return f"{self.role.value}.{self.place or 'all'}{'.lent' if self.is_lent else ''}"


STRANGERS = (
    Stranger(Role.UNIT_LEADER, "other"),
    Stranger(Role.CASE_OFFICER, "other"),
    Stranger(Role.UNIT_LEADER, "other", is_lent=True),
    Stranger(Role.ADMINISTRATOR, ""),
    Stranger(Role.AUDITOR, ""),
    Stranger(Role.COUNTER_CLERK, "commune"),
    Stranger(Role.SURVEYOR, "commune"),
    # These may see the other cases of the commune: they are excluded from the forbidden one.
    Stranger(Role.HOME_AFFAIRS, ""),
    Stranger(Role.HOME_AFFAIRS, "", is_lent=True),
    Stranger(Role.UNIT_LEADER, "commune"),
    Stranger(Role.CASE_OFFICER, "commune"),
    Stranger(Role.CASE_OFFICER, "commune", is_lent=True),
)
# A crawl takes long, so the one who comes nearest: sees all of the commune but what they are excluded from.
CRAWLED = (Stranger(Role.UNIT_LEADER, "commune"),)


def test_a4_no_page_no_count_and_no_file_of_a_stranger_changes(office: Office) -> None:
    office.open(text="Việc ai cũng được xem")
    office.open(text="Việc của phường kia", unit_id=office.places.other, counter_id=None)
    by = handlers(office)
    people = {stranger: signed_in(office, stranger) for stranger in CRAWLED}
    plain = addresses(office.app, {}, only=is_plain)
    starts = [*plain, *searches(plain)]
    before = {stranger: crawl(client, starts) for stranger, (client, _) in people.items()}
    case_id, key = filled(office, by), told(office, by)
    exclude(office, case_id, [officer_id for _, officer_id in people.values()])
    forbidden = [*addresses_of_case(office, case_id), *addresses_of_information(key)]
    for stranger, (client, _) in people.items():
        after = crawl(client, [*starts, *forbidden])
        assert len(before[stranger]) >= 20, stranger
        assert [one for one, text in after.items() if MARK in text and "q=" not in one] == [], stranger
        compared = [one for one in before[stranger] if not one.startswith(RECORD)]
        assert [one for one in compared if after.get(one) != before[stranger][one]] == [], stranger
        check_unknown(client, after, forbidden)


def check_unknown(client: FlaskClient, said: dict[str, str], forbidden: list[str]) -> None:
    """Each address is answered as one with an id that does not exist."""
    unknown = crawl(client, [ID.sub("0" * 24, one) for one in forbidden])
    for one in forbidden:
        assert said[one][:3] in ("403", "404"), one
        assert ID.sub("", unknown[ID.sub("0" * 24, one)]) == ID.sub("", said[one]), one


def test_a4_a_private_case_leaves_no_trace_without_the_right(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    less = roles.PERMISSIONS[Role.CASE_OFFICER] - {Permission.CASES_READ_PRIVATE}
    monkeypatch.setitem(roles.PERMISSIONS, Role.CASE_OFFICER, less)  # type: ignore[arg-type]
    office.open(text="Việc ai cũng được xem")
    by = handlers(office)
    client, _ = signed_in(office, Stranger(Role.CASE_OFFICER, "commune"))
    starts = ["/officer/cases", *searches(["/officer/cases"]), "/officer/units", "/officer/cases?state=closed"]
    before = crawl(client, starts)
    case_id = filled(office, by)
    with office.database.transaction() as session:
        session.get_one(Case, case_id).is_private = True
    forbidden = addresses_of_case(office, case_id)
    after = crawl(client, [*starts, *forbidden])
    assert [one for one, text in after.items() if MARK in text and "q=" not in one] == []
    assert [one for one in before if after.get(one) != before[one]] == []
    check_unknown(client, after, forbidden)


def test_a4_the_marker_is_there_for_who_may_see_it(office: Office) -> None:
    """The crawl would find it: what it finds nowhere above stands on these pages."""
    by = handlers(office)
    case_id, told_id = filled(office, by), told(office, by)
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    above = office.officer("above", Role.UNIT_LEADER, office.places.province)
    pages = crawl(leader, ["/officer/cases", f"/officer/cases?q={MARK}", f"/officer/cases/{case_id}"])
    assert sum(MARK in text for text in pages.values()) >= 4
    assert "1 dòng" in pages[f"/officer/cases?q={MARK}"]
    pages = crawl(above, [f"/officer/denunciations?q={MARK}", f"/officer/denunciations/{told_id}"])
    assert sum(MARK in text for text in pages.values()) >= 2


def test_a4_denunciations_are_in_no_list_search_or_number_of_the_leader_above_but_their_own(office: Office) -> None:
    office.open(text="Việc ai cũng được xem")
    by = handlers(office)
    above = office.officer("above", Role.UNIT_LEADER, office.places.province)
    starts = addresses(office.app, {}, only=is_plain)
    starts += searches(starts)
    before = crawl(above, starts)
    told(office, by)
    after = crawl(above, starts)
    differing = [one for one in before if after.get(one) != before[one]]
    assert differing
    assert [one for one in differing if not one.startswith("/officer/denunciations")] == []


def is_plain(rule: str) -> bool:
    return rule.startswith("/officer") and "<" not in rule and not rule.startswith(("/officer/sign", "/officer/single"))


def searches(plain: list[str]) -> list[str]:
    """Every list, asked for the marker."""
    return [f"{one}?q={MARK}" for one in plain if "." not in one]


def signed_in(office: Office, stranger: Stranger) -> tuple[FlaskClient, int]:
    """A browser of this stranger; a lent role comes from a colleague, beside a role of their own that opens nothing."""
    with office.database.transaction() as session:
        unit = session.get(Unit, getattr(office.places, stranger.place)) if stranger.place else None
        if stranger.is_lent:
            other = session.get_one(Unit, office.places.other)
            who = make_officer(session, stranger.name, role=Role.SURVEYOR, unit=other)
            lend(session, make_officer(session, f"{stranger.name}.by", role=stranger.role, unit=unit), who)
        else:
            who = make_officer(session, stranger.name, role=stranger.role, unit=unit)
        session.flush()
        officer_id = who.id
    client = office.app.test_client()
    assert sign_in(client, stranger.name).status_code == 303
    return client, officer_id


def lend(session: Session, lender: Officer, deputy: Officer) -> None:
    session.flush()
    today = SettableClock().today
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.officer_id == lender.id)).one()
    period = delegations.Period(today, today + timedelta(days=7))
    delegations.delegate(session, lender.id, role.id, deputy.id, None, period, "Nghỉ phép")


def handlers(office: Office) -> Viewer:
    """Who acts on the forbidden ones."""
    with office.database.transaction() as session:
        top = session.get_one(Unit, office.places.province)
        who = make_officer(session, "handler", role=Role.UNIT_LEADER, unit=top)
        make_officer(session, "decider", role=Role.UNIT_LEADER, unit=top)
        session.flush()
        return viewer(who.id, top.id, permissions=EVERYTHING)


def filled(office: Office, by: Viewer) -> str:
    """A case of the first commune with the marker in every text that its sender or an officer can write."""
    files = (office.file(), office.file())
    until = SettableClock().today + timedelta(days=5)
    with office.database.transaction() as session:
        for file_id in files:
            session.get_one(CheckedFile, file_id).declared_name = in_row(f"{MARK}.jpg", file_id)
        contact = Contact(MARK, "0912345678", f"{MARK}@example.vn", MARK)
        place = {"unit_id": office.places.commune, "counter_id": office.places.counter}
        case_id = open_one(session, text=f"Nội dung {MARK}", contact=contact, file_ids=files, **place).case_id

        def act(step: Callable[..., object], *typed: object) -> None:
            step(session, by, case_id, version(session, case_id), *typed)

        act(handling.take_up)
        act(handling.requalify, Kind.COMPLAINT, MARK)
        act(handling.ask, MARK, until)
        following.answer_question(session, case_id, 1, MARK)
        act(handling.pause, MARK)
        act(handling.resume)
        act(handling.extend, Limit(1, DayUnit.CALENDAR), MARK, MARK)
        act(handling.set_private, MARK)
        act(handling.unset_private, MARK)
        act(handling.requalify, Kind.PETITION, MARK)  # of which one officer alone may answer
        close(session, by, case_id, text=MARK)
        following.rate(session, case_id, 1, 1, MARK)
        following.ask_reopening(session, case_id, MARK)
        decider = session.scalars(select(Officer.id).where(Officer.username == "decider")).one()
        other = Viewer(decider, by.scopes)  # nobody decides on their own answer
        handling.decide(session, other, case_id, version(session, case_id), 1, Decision.ACCEPTED, MARK)
    return case_id


def told(office: Office, by: Viewer) -> str:
    """Information about the first commune with the marker in every text."""
    with office.database.transaction() as session:
        key = make_denunciation(session, unit_id=office.places.commune, text=f"Nội dung {MARK}").id
        denunciations.act(session, by, key, 1, "pass-on", words=MARK, place=MARK)
    return key


def exclude(office: Office, case_id: str, officer_ids: list[int]) -> None:
    """Let the case not exist for some officers."""
    now = SettableClock()()
    with office.database.transaction() as session:
        for officer_id in officer_ids:
            session.add(CaseExclusion(case_id=case_id, officer_id=officer_id, rule="concerned", since=now))


def addresses_of_case(office: Office, case_id: str) -> list[str]:
    """Every address that names a case, in whichever room."""
    return addresses(office.app, {"case_id": case_id}, only=lambda rule: "<case_id>" in rule)


def addresses_of_information(key: str) -> list[str]:
    page = f"/officer/denunciations/{key}"
    return [page, f"{page}/files/1", *(f"{page}/{act.name}" for act in ACTS), f"/officer/cases/{key}"]
