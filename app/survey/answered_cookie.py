"""The one cookie a citizen can get (pure): which counters this device answered today, and nothing else.

It is set by the answer, never by a page, and gone at midnight. Its text is "date.counter.counter…".
"""

from datetime import date

NAME = "answered"
MOST_COUNTERS = 12


def counters(cookie: str, today: date) -> tuple[int, ...]:
    """The counters answered today according to a cookie; anything unreadable counts as none."""
    day, _, rest = cookie.partition(".")
    if day != f"{today:%Y%m%d}":
        return ()
    return tuple(int(part) for part in rest.split(".")[:MOST_COUNTERS] if part.isdecimal() and len(part) < 10)


def adding(cookie: str, today: date, counter_id: int) -> str:
    """The cookie after one more answer."""
    known = [item for item in counters(cookie, today) if item != counter_id]
    return ".".join([f"{today:%Y%m%d}", *map(str, [*known, counter_id][-MOST_COUNTERS:])])
