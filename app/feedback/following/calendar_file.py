"""The due date as a calendar file, RFC 5545 (pure).

It holds nothing that tells others what it is about: a phone shows entries on a locked screen, and calendars are shared.
"""

from datetime import date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "han-tra-loi.ics"
LONGEST_LINE = 75
"""Octets; longer lines are folded."""


def due_date_file(uid: str, due_on: date, made_at: datetime, title: str, description: str) -> bytes:
    """One all-day entry with a reminder that morning. ``uid`` stays the same for a case: a newer file replaces it."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lang Nghe//Due date//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(description)}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        "TRIGGER:PT8H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> bytes:
    """A line cut into pieces of at most 75 octets, never inside a letter."""
    pieces: list[bytes] = []
    piece = b""
    for sign in line:
        raw = sign.encode()
        if len(piece) + len(raw) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += raw
    return b"\r\n".join((*pieces, piece)) + b"\r\n"
