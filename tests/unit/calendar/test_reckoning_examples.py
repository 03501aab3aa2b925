"""Due dates worked out by hand from the calendars of the years."""

from datetime import date, datetime

import pytest

from app.calendar.days import BadLimit, DayUnit, Limit
from app.calendar.reckoning import BadTerm, Counting, Extension, Pause, days_left, is_late, reckon
from app.calendar.words import explanation, remaining_words
from app.clock import VIETNAM
from app.rules.content import KindRule
from app.rules.first_load import first_versions
from app.rules.kinds import Kind
from tests.unit.calendar.calendars import CALENDAR, COUNTING, FIRST_CALENDAR, WORKING, moment, pause


def due(received_on: date, value: int, unit: DayUnit, **more: object) -> date:
    return reckon(received_on, Limit(value, unit), calendar=FIRST_CALENDAR, counting=COUNTING, **more).due_on


def rule(kind: Kind) -> KindRule:
    found = [one.content for one in first_versions() if one.matter == kind.matter][-1]
    assert isinstance(found, KindRule)
    return found


@pytest.mark.parametrize(
    ("received_on", "value", "unit", "wanted"),
    [
        # Tết 2026: 16-20/2 off; 10, 11, 12, 13 and 23/2 are worked.
        (date(2026, 2, 9), 5, WORKING, date(2026, 2, 23)),
        (date(2026, 2, 13), 1, WORKING, date(2026, 2, 23)),
        # The 15th calendar day is the eve of Tết: only the end moves.
        (date(2026, 2, 1), 15, CALENDAR, date(2026, 2, 23)),
        (date(2026, 2, 1), 12, CALENDAR, date(2026, 2, 13)),
        # Saturday 22/8/2026 is worked for Monday 31/8.
        (date(2026, 8, 19), 3, WORKING, date(2026, 8, 22)),
        (date(2026, 8, 12), 10, CALENDAR, date(2026, 8, 22)),
        (date(2026, 8, 27), 2, WORKING, date(2026, 9, 3)),
        # Saturday 4/5/2024 for Monday 29/4; Saturday 26/4/2025 for Friday 2/5.
        (date(2024, 4, 26), 1, WORKING, date(2024, 5, 2)),
        (date(2024, 5, 2), 2, WORKING, date(2024, 5, 4)),
        (date(2025, 4, 25), 1, WORKING, date(2025, 4, 26)),
        (date(2025, 4, 29), 1, WORKING, date(2025, 5, 5)),
        # 24/11 is a holiday from 2026 on.
        (date(2026, 11, 23), 1, WORKING, date(2026, 11, 25)),
        (date(2025, 11, 21), 1, WORKING, date(2025, 11, 24)),
        (date(2026, 11, 4), 20, CALENDAR, date(2026, 11, 25)),
        (date(2025, 11, 4), 20, CALENDAR, date(2025, 11, 24)),
        # Holidays on days of rest are made up: Giỗ Tổ on Sunday 26/4/2026, 24/11 on Saturday in 2029.
        (date(2026, 4, 24), 1, WORKING, date(2026, 4, 28)),
        (date(2029, 11, 23), 1, WORKING, date(2029, 11, 27)),
        # Giỗ Tổ 2027 falls on a Friday; 1/5/2027 on a Saturday, made up on Monday.
        (date(2027, 4, 15), 1, WORKING, date(2027, 4, 19)),
        (date(2027, 4, 29), 1, WORKING, date(2027, 5, 4)),
        # Tết 2023 20-26/1 and Quốc khánh 1-4/9, as announced.
        (date(2023, 1, 19), 1, WORKING, date(2023, 1, 27)),
        (date(2023, 8, 31), 1, WORKING, date(2023, 9, 5)),
    ],
)
def test_days_worked_out_by_hand(received_on: date, value: int, unit: DayUnit, wanted: date) -> None:
    assert due(received_on, value, unit) == wanted


def test_remote_areas_have_longer_terms() -> None:
    complaint = rule(Kind.COMPLAINT)
    accepted = date(2026, 1, 5)
    terms = {
        (False, False): date(2026, 2, 4),  # 30 days
        (True, False): date(2026, 2, 23),  # 45 days end on 19/2, in the Tết break
        (False, True): date(2026, 2, 23),
        (True, True): date(2026, 3, 6),  # 60 days
    }
    for (is_complex, is_remote), wanted in terms.items():
        limit = complaint.resolve_limit(is_complex=is_complex, is_remote=is_remote)
        assert reckon(accepted, limit, calendar=FIRST_CALENDAR, counting=COUNTING).due_on == wanted
    second = [
        complaint.resolve_limit(is_complex=hard, is_remote=far, is_second=True).value
        for hard, far in ((False, False), (True, False), (False, True), (True, True))
    ]
    assert second == [45, 60, 60, 70]


def test_a_kind_without_longer_terms_keeps_the_plain_one() -> None:
    petition = rule(Kind.PETITION)
    assert petition.resolve_limit(is_complex=True, is_remote=True) == Limit(20, CALENDAR)


def test_an_extension_over_tet() -> None:
    """Thirty days from 20/1 end on 19/2; thirty more on Saturday 21/3, so Monday 23/3. Only the last end moves."""
    denunciation = rule(Kind.DENUNCIATION)
    assert denunciation.extension is not None
    more = Extension(denunciation.extension, "Chủ tịch UBND phường", "QĐ 12/QĐ-UBND", date(2026, 2, 12))
    found = reckon(
        date(2026, 1, 20), denunciation.resolve, extensions=[more], calendar=FIRST_CALENDAR, counting=COUNTING
    )
    assert found.due_on == date(2026, 3, 23)
    assert [str(one) for one in explanation(found)] == [
        "Bắt đầu từ thứ Ba, 20/01/2026; ngày này không tính, đếm từ hôm sau.",
        "Thời hạn là 30 ngày.",
        "Gia hạn thêm 30 ngày theo QĐ 12/QĐ-UBND, người ký: Chủ tịch UBND phường.",
        "Ngày cuối rơi vào thứ Bảy, 21/03/2026 là ngày nghỉ nên lùi đến thứ Hai, 23/03/2026.",
        "Vì vậy hạn là hết giờ làm việc thứ Hai, 23/03/2026.",
    ]


def test_a_pause_over_tet_in_both_units() -> None:
    gap = pause("2026-02-12 09:00", "2026-02-24 15:00", "Công văn 7")
    # Worked and paused at their end: 12, 13 and 23/2; 24/2 counts again.
    assert due(date(2026, 2, 9), 5, WORKING, pauses=[gap]) == date(2026, 2, 26)
    # Paused at midnight: 12 to 23/2, twelve days; 11/2 + 12 more.
    assert due(date(2026, 2, 9), 5, CALENDAR, pauses=[gap]) == date(2026, 2, 26)


def test_the_explanation_names_holidays_pauses_and_swapped_days() -> None:
    found = reckon(
        date(2026, 8, 19),
        Limit(8, WORKING),
        pauses=[pause("2026-08-20 10:00", "2026-08-21 10:00", "Câu hỏi ngày 20/8")],
        calendar=FIRST_CALENDAR,
        counting=COUNTING,
    )
    assert [str(one) for one in explanation(found)] == [
        "Bắt đầu từ thứ Tư, 19/08/2026; ngày này không tính, đếm từ hôm sau.",
        "Thời hạn là 8 ngày làm việc.",
        "Tạm dừng từ 20/08/2026 đến 21/08/2026 (Câu hỏi ngày 20/8): thêm 1 ngày làm việc.",
        "Tính cả thứ Bảy, 22/08/2026 vì là ngày làm bù: Làm bù cho ngày nghỉ 31/08/2026.",
        "Không tính 3 ngày nghỉ cuối tuần từ 23/08/2026 đến 30/08/2026.",
        "Không tính 3 ngày nghỉ từ 31/08/2026 đến 02/09/2026: Nghỉ hoán đổi cho ngày làm bù 22/08/2026, Nghỉ Quốc khánh.",
        "Lịch nghỉ của một số ngày nói trên chưa có thông báo chính thức nên ngày này còn có thể thay đổi.",
        "Vì vậy hạn là hết giờ làm việc thứ Năm, 03/09/2026.",
    ]


def test_a_clock_that_stands_is_never_late_and_says_so() -> None:
    gap = pause("2026-03-03 09:00", None, "Câu hỏi ngày 3/3")
    plain = reckon(date(2026, 3, 2), Limit(5, WORKING), pauses=[gap], calendar=FIRST_CALENDAR, counting=COUNTING)
    assert (plain.due_on, plain.is_standing, plain.is_late(date(2026, 4, 1))) == (date(2026, 3, 9), True, False)
    assert "đang tạm dừng từ 03/03/2026" in " ".join(explanation(plain))
    later = reckon(
        date(2026, 3, 2),
        Limit(5, WORKING),
        pauses=[gap],
        calendar=FIRST_CALENDAR,
        counting=COUNTING,
        now=moment(date(2026, 3, 5), "18:00"),
    )
    assert later.due_on == date(2026, 3, 12)  # 3, 4 and 5/3 do not count
    assert "đến nay (Câu hỏi ngày 3/3): thêm 3 ngày làm việc" in " ".join(explanation(later))


def test_a_day_that_is_only_projected_makes_the_date_provisional() -> None:
    """How long Tết 2027 is has not been announced; 30/4 and 1/5 stand in the law."""
    tet = reckon(date(2027, 2, 1), Limit(5, WORKING), calendar=FIRST_CALENDAR, counting=COUNTING)
    spring = reckon(date(2027, 4, 28), Limit(3, WORKING), calendar=FIRST_CALENDAR, counting=COUNTING)
    far = reckon(date(2035, 3, 1), Limit(3, WORKING), calendar=FIRST_CALENDAR, counting=COUNTING)
    assert (tet.is_provisional, spring.is_provisional, far.is_provisional) == (True, False, True)


@pytest.mark.parametrize(
    ("on", "unit", "left", "words"),
    [
        (date(2026, 11, 20), WORKING, 2, "còn 2 ngày làm việc"),  # 23 and 25/11
        (date(2026, 11, 20), CALENDAR, 5, "còn 5 ngày"),
        (date(2026, 11, 25), WORKING, 0, "hạn là hôm nay"),
        (date(2026, 11, 30), WORKING, -3, "quá hạn 3 ngày làm việc"),
        (date(2026, 11, 30), CALENDAR, -5, "quá hạn 5 ngày"),
    ],
)
def test_how_long_there_is_left(on: date, unit: DayUnit, left: int, words: str) -> None:
    assert days_left(date(2026, 11, 25), on, unit, FIRST_CALENDAR) == left
    assert remaining_words(left, unit) == words
    assert is_late(date(2026, 11, 25), on) == (left < 0)


def test_due_at_is_the_end_of_the_working_time_of_the_day() -> None:
    found = reckon(date(2026, 11, 23), Limit(1, WORKING), calendar=FIRST_CALENDAR, counting=COUNTING)
    assert found.due_at == datetime(2026, 11, 25, 17, tzinfo=VIETNAM)
    still = reckon(
        date(2026, 11, 20),
        Limit(1, CALENDAR),
        calendar=FIRST_CALENDAR,
        counting=Counting(end_moves_to_working_day=False),
    )
    assert still.due_at == datetime(2026, 11, 21, 23, 59, 59, tzinfo=VIETNAM)


def test_when_the_first_day_counts() -> None:
    counting = Counting(first_day_counts=True)
    found = reckon(date(2026, 3, 2), Limit(5, WORKING), calendar=FIRST_CALENDAR, counting=counting)
    assert found.due_on == date(2026, 3, 6)
    assert "ngày này được tính là ngày thứ nhất" in explanation(found)[0]


@pytest.mark.parametrize("value", [0, -1, 3651])
def test_absurd_limits_are_refused(value: int) -> None:
    with pytest.raises(BadLimit, match="từ 1 đến"):
        Limit(value, WORKING)


def test_absurd_pauses_are_refused() -> None:
    with pytest.raises(BadTerm, match="không được trước"):
        pause("2026-03-03 09:00", "2026-03-02 09:00")
    with pytest.raises(BadTerm, match="quá lâu"):
        due(date(2026, 3, 2), 5, WORKING, pauses=[pause("2026-03-03 00:00", "2126-03-03 00:00")])
    with pytest.raises(ValueError, match="zone"):
        Pause(datetime(2026, 3, 3, 9), None, "CV")  # noqa: DTZ001 - naive on purpose
