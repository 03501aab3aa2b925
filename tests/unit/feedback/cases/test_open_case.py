"""What opening a case stores, and what it does not."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.cases import history
from app.feedback.cases.codes import is_well_formed
from app.feedback.cases.errors import ContactNeeded
from app.feedback.cases.fingerprints import digest
from app.feedback.cases.keys import code_index
from app.feedback.cases.kinds import Channel, Event, State
from app.feedback.cases.models import Case, CaseFingerprint, Reporter
from app.feedback.denunciations.models import Denunciation, DenunciationEvent
from app.feedback.intake.services import Report, open_case, open_denunciation
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT, TEXT, make_case, make_denunciation, open_one
from tests.factories.places import make_unit
from tests.support.clock import SettableClock


@pytest.fixture
def unit_id(session: Session, clock: SettableClock) -> int:
    province = make_unit(session, "22", type_code="province")
    return make_unit(session, "2201", parent=province).id


def test_a_case_is_stored_with_date_number_fingerprint_and_first_line(session: Session, unit_id: int) -> None:
    opened = open_one(session, unit_id=unit_id, text=TEXT, channel=Channel.COUNTER_CODE)
    case = session.get_one(Case, opened.case_id)
    assert (case.text, case.state, case.version) == (TEXT, State.RECEIVED, 1)
    assert (case.received_on, case.is_anonymous) == (date(2026, 11, 21), True)
    mark = session.get_one(CaseFingerprint, case.id)
    assert (mark.salt, mark.digest) == (opened.salt, opened.digest)
    assert opened.digest == digest(opened.salt, case.public_number, case.received_on, case.kind, TEXT)
    (line,) = history.lines(session, case.id, shown_only=True)
    assert (line.event, line.happened_on, line.at, line.officer_id) == (Event.RECEIVED, case.received_on, None, None)


def test_b1_the_code_is_stored_as_a_keyed_derivation_only(session: Session, unit_id: int) -> None:
    opened = open_one(session, unit_id=unit_id)
    assert is_well_formed(opened.code)
    found = session.scalar(select(Case.id).where(Case.code_index == code_index(opened.code)))
    assert found == opened.case_id
    assert session.scalar(select(Case.id).where(Case.code_index == code_index(opened.public_number))) is None


def test_the_due_date_follows_the_law_of_the_day(session: Session, unit_id: int) -> None:
    petition = make_case(session, unit_id=unit_id, kind=Kind.PETITION)
    assert petition.due_on == date(2026, 12, 11)  # 20 days after Saturday 21/11
    suggestion = make_case(session, unit_id=unit_id, kind=Kind.SUGGESTION)
    assert suggestion.due_on == date(2026, 12, 14)  # 15 working days, 24/11 being a holiday


def test_a_complaint_that_misses_the_form_is_information_without_a_term(session: Session, unit_id: int) -> None:
    lodged = make_case(session, unit_id=unit_id, kind=Kind.COMPLAINT, contact=CONTACT)
    assert lodged.due_on == date(2026, 12, 1)  # accepted or refused within 10 days
    noted = make_case(session, unit_id=unit_id, kind=Kind.COMPLAINT, meets_form=False)
    assert (noted.due_on, noted.received_on) == (None, date(2026, 11, 21))
    assert noted.rule_version_id is not None


def test_a_complaint_by_nobody_is_refused_in_words(session: Session, unit_id: int) -> None:
    with pytest.raises(ContactNeeded, match="phản ánh ẩn danh"):
        make_case(session, unit_id=unit_id, kind=Kind.COMPLAINT)
    assert session.scalars(select(Case)).all() == []


def test_a_suggestion_keeps_nobody(session: Session, unit_id: int) -> None:
    case = make_case(session, unit_id=unit_id, kind=Kind.SUGGESTION, contact=CONTACT)
    assert case.is_anonymous
    assert session.get(Reporter, case.id) is None


def test_a_denunciation_never_becomes_a_case(session: Session, unit_id: int) -> None:
    make_case(session, unit_id=unit_id)
    for kind, asked in ((Kind.DENUNCIATION, Kind.PETITION), (Kind.PETITION, Kind.DENUNCIATION)):
        with pytest.raises(ValueError, match="never becomes a case"):
            open_case(session, Report(kind, asked, TEXT, unit_id))


def test_information_goes_one_level_up_and_names_nobody(session: Session, unit_id: int) -> None:
    stored = make_denunciation(session, unit_id=unit_id)
    assert stored.concerned_unit_id == unit_id
    assert stored.unit_id != unit_id
    event = session.scalars(select(DenunciationEvent)).one()
    assert (event.at, event.officer_id) == (None, None)
    assert session.scalars(select(Case)).all() == []
    for more in ({"contact": CONTACT}, {"registered_by": 1}):
        with pytest.raises(ValueError, match="no identity"):
            open_denunciation(session, Report(Kind.DENUNCIATION, Kind.DENUNCIATION, TEXT, unit_id, **more))
    assert len(session.scalars(select(Denunciation)).all()) == 1
