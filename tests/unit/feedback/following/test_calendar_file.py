"""The calendar file: RFC 5545, and nothing that tells others what it is about."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.feedback.following.calendar_file import LONGEST_LINE, due_date_file

MADE = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


def made(title: str = "Hạn trả lời", words: str = "Mở trang theo dõi và gõ mã.") -> bytes:
    return due_date_file("a1b2@langnghe", date(2026, 12, 31), MADE, title, words)


def test_one_day_with_a_reminder() -> None:
    lines = made().decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "DTSTAMP:20261122T030405Z",
        "UID:a1b2@langnghe",
        "SUMMARY:Hạn trả lời",
        "CLASS:PRIVATE",
    ):
        assert line in lines


@given(title=st.text(max_size=300), words=st.text(max_size=300))
def test_no_text_breaks_out_of_its_line(title: str, words: str) -> None:
    raw = made(title, words)
    assert all(len(line) <= LONGEST_LINE for line in raw.split(b"\r\n"))
    unfolded = raw.decode().replace("\r\n ", "")
    names = [line.partition(":")[0] for line in unfolded.split("\r\n")]
    assert names == [line.partition(":")[0] for line in made("x", "y").decode().split("\r\n")]
