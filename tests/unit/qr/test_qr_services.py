"""The life of a code: issued, scanned, rotated, retired, and what it leads to when its unit has ended."""

from datetime import date, timedelta

import pytest

from app.errors import Conflict, Gone, Invalid, Missing
from app.qr.models import Channel
from app.qr.queries import CodeState, NamedUnit, codes_of_unit, resolve, scans
from app.qr.services import count_scan, issue, issue_missing, retire, rotate
from app.qr.tokens import is_well_formed, new_token, printed
from app.units.models import Counter, SuccessionKind, Unit, UnitName, UnitSuccession

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
START = date(2020, 1, 1)


def make_unit(session, name, *, ends=None, starts=START):
    unit = Unit(code=name[:40], type="commune", valid_from=starts, valid_to=ends)
    unit.names.append(UnitName(valid_from=starts, valid_to=ends, name=name, folded=name.lower()))
    session.add(unit)
    session.flush()
    return unit


def make_counter(session, unit, number="3", name="Hộ tịch", *, ends=None):
    counter = Counter(unit_id=unit.id, number=number, name=name, opening_hours={}, valid_from=START, valid_to=ends)
    session.add(counter)
    session.flush()
    return counter


def follow(session, old, new, on, kind=SuccessionKind.MERGE):
    session.add(UnitSuccession(old_unit_id=old.id, new_unit_id=new.id, effective_on=on, kind=kind))
    session.flush()


@pytest.fixture
def unit(session):
    return make_unit(session, "Phường Bình Yên")


@pytest.fixture
def counter(session, unit):
    return make_counter(session, unit)


@pytest.fixture
def code(session, counter):
    code = issue(session, counter.id, today=TODAY)
    session.flush()
    return code


def test_a_new_code_leads_to_its_counter(session, unit, counter, code):
    assert is_well_formed(code.token)
    found = resolve(session, code.token, TODAY)
    assert found.state is CodeState.ACTIVE
    assert found.takes_answers
    assert not found.has_ended
    assert found.place.code_id == code.id
    assert (found.place.counter_id, found.place.counter_number, found.place.counter_name) == (
        counter.id,
        "3",
        "Hộ tịch",
    )
    assert found.place.unit == NamedUnit(unit.id, "Phường Bình Yên")
    assert found.place.channel is Channel.QR


def test_a_typed_token_leads_there_too(session, code):
    assert resolve(session, f" {printed(code.token).lower()} ", TODAY).place.code_id == code.id


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\x00", "ấ" * 16, "2" * 5_000])
def test_nonsense_is_unknown(session, code, token):
    found = resolve(session, token, TODAY)
    assert found.state is CodeState.UNKNOWN
    assert found.place is None
    assert not found.takes_answers


def test_a_well_formed_token_nobody_issued_is_unknown(session, code):
    assert resolve(session, new_token(), TODAY).state is CodeState.UNKNOWN


def test_a_counter_has_one_code_in_force_a_channel(session, counter, code):
    with pytest.raises(Conflict):
        issue(session, counter.id, today=TODAY)
    assert issue(session, counter.id, today=TODAY, channel=Channel.KIOSK).token != code.token


def test_codes_need_an_open_counter(session, unit):
    closed = make_counter(session, unit, "9", ends=TODAY - DAY)
    with pytest.raises(Gone):
        issue(session, closed.id, today=TODAY)
    with pytest.raises(Missing):
        issue(session, 99_999, today=TODAY)


def test_missing_codes_are_issued_for_a_whole_unit_once(session, unit, counter, code):
    others = [make_counter(session, unit, str(number), f"Lĩnh vực {number}") for number in range(4, 14)]
    closed = make_counter(session, unit, "20", ends=TODAY - DAY)
    ids = [counter.id, closed.id, *(other.id for other in others)]
    assert {new.counter_id for new in issue_missing(session, ids, today=TODAY)} == {other.id for other in others}
    assert issue_missing(session, ids, today=TODAY) == []
    listed = codes_of_unit(session, unit.id, TODAY)
    assert [line.counter_number for line in listed] == [str(number) for number in range(3, 14)]
    assert len({line.token for line in listed}) == 11


def test_rotation_keeps_the_old_code_through_the_grace_period(session, unit, code):
    new = rotate(session, code.id, 7, today=TODAY)
    session.flush()
    for days in range(8):
        old = resolve(session, code.token, TODAY + days * DAY)
        assert old.state is CodeState.GRACE
        assert old.takes_answers
        assert old.place.grace_until == TODAY + 7 * DAY
    after = resolve(session, code.token, TODAY + 8 * DAY)
    assert after.state is CodeState.RETIRED
    assert after.place.counter_id == code.counter_id
    assert not after.has_ended
    assert resolve(session, new.token, TODAY).state is CodeState.ACTIVE
    assert [line.token for line in codes_of_unit(session, unit.id, TODAY)] == [new.token]


def test_rotation_happens_once(session, code):
    new = rotate(session, code.id, 0, today=TODAY)
    session.flush()
    assert new.channel is code.channel
    with pytest.raises(Conflict):
        rotate(session, code.id, 7, today=TODAY)
    with pytest.raises(Conflict):
        rotate(session, code.id, 7, today=TODAY + DAY)


@pytest.mark.parametrize("days", [-1, 367])
def test_strange_grace_periods_are_refused(session, code, days):
    with pytest.raises(Invalid):
        rotate(session, code.id, days, today=TODAY)


def test_a_retired_code_still_names_its_counter_and_makes_room(session, counter, code):
    retire(session, code.id, today=TODAY)
    retire(session, code.id, today=TODAY + DAY)
    session.flush()
    assert code.retired_on == TODAY
    found = resolve(session, code.token, TODAY)
    assert (found.state, found.place.counter_id, found.successors) == (CodeState.RETIRED, counter.id, ())
    assert issue(session, counter.id, today=TODAY).token != code.token
    with pytest.raises(Missing):
        retire(session, 99_999, today=TODAY)


def test_a_code_in_its_grace_period_can_be_retired_at_once(session, code):
    rotate(session, code.id, 30, today=TODAY)
    retire(session, code.id, today=TODAY + DAY)
    session.flush()
    assert resolve(session, code.token, TODAY).state is CodeState.GRACE
    assert resolve(session, code.token, TODAY + DAY).state is CodeState.RETIRED


def test_a_closed_counter_takes_no_answers_from_the_next_day(session, counter, code):
    counter.valid_to = TODAY
    session.flush()
    assert resolve(session, code.token, TODAY).takes_answers
    found = resolve(session, code.token, TODAY + DAY)
    assert (found.state, found.has_ended, found.successors) == (CodeState.RETIRED, True, ())


def test_a_dissolved_unit_names_the_units_that_follow_through_every_step(session):
    old = make_unit(session, "Phường Cũ", ends=date(2025, 6, 30))
    middle = make_unit(session, "Phường Giữa", starts=date(2025, 7, 1), ends=date(2026, 3, 31))
    north = make_unit(session, "Phường Bắc", starts=date(2026, 4, 1))
    south = make_unit(session, "Phường Nam", starts=date(2026, 4, 1))
    follow(session, old, middle, date(2025, 7, 1))
    follow(session, middle, north, date(2026, 4, 1), SuccessionKind.SPLIT)
    follow(session, middle, south, date(2026, 4, 1), SuccessionKind.SPLIT)
    follow(session, old, old, date(2021, 1, 1), SuccessionKind.RENAME)
    code = issue(session, make_counter(session, old).id, today=START)
    session.flush()
    assert resolve(session, code.token, date(2025, 6, 30)).state is CodeState.ACTIVE
    on_first_day = resolve(session, code.token, date(2025, 7, 1))
    assert on_first_day.successors == (NamedUnit(middle.id, "Phường Giữa"),)
    later = resolve(session, code.token, TODAY)
    assert (later.state, later.has_ended) == (CodeState.RETIRED, True)
    assert later.place.unit.name == "Phường Cũ"
    assert later.successors == (NamedUnit(north.id, "Phường Bắc"), NamedUnit(south.id, "Phường Nam"))


def test_a_circle_of_successions_ends(session):
    first = make_unit(session, "Xã Một", ends=TODAY - DAY)
    second = make_unit(session, "Xã Hai", ends=TODAY - DAY)
    follow(session, first, second, TODAY)
    follow(session, second, first, TODAY)
    code = issue(session, make_counter(session, first).id, today=START)
    session.flush()
    assert resolve(session, code.token, TODAY).successors == ()


def test_a_unit_bears_its_name_of_the_day(session, unit, code):
    unit.names.append(UnitName(valid_from=TODAY, name="Phường Bình An", folded="phuong binh an"))
    session.flush()
    assert resolve(session, code.token, TODAY - DAY).place.unit.name == "Phường Bình Yên"
    assert resolve(session, code.token, TODAY).place.unit.name == "Phường Bình An"


def test_scans_are_counted_by_day(session, code):
    for on in (TODAY, TODAY, TODAY, TODAY + DAY, TODAY + 5 * DAY):
        count_scan(session, code.id, on)
    count_scan(session, code.id, TODAY, 40)
    assert scans(session, [code.id], TODAY, TODAY + DAY) == {(code.id, TODAY): 43, (code.id, TODAY + DAY): 1}
    assert scans(session, [], TODAY, TODAY) == {}
