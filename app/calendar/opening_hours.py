"""Opening hours of a counter: "07:30-11:30; 13:30-17:00", with days where they differ from Monday to Friday.

Stored as ISO weekday ("1" is Monday) to ranges: {"1": [["07:30", "11:30"], ["13:30", "17:00"]]}.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from app.errors import Invalid
from app.i18n.folding import fold

OpeningHours = dict[str, list[list[str]]]
Hours = Mapping[str, Sequence[Sequence[str]]]

WORKING_DAYS = ("1", "2", "3", "4", "5")
_TIME = r"(\d{1,2})(?:[:hg.](\d{2})?)?"
_RANGE = re.compile(rf"{_TIME}\s*(?:-|–|—|den)\s*{_TIME}")
_DAY = r"(?:thu\s*|t)[2-7]|chu nhat|cn"
_DAYS = re.compile(rf"({_DAY})(?:\s*(?:-|–|—|den)\s*({_DAY}))?\s*:?\s*(.*)", re.DOTALL)
_EXAMPLE = "Ví dụ: “07:30-11:30; 13:30-17:00” hoặc “T2-T6: 07:30-11:30, 13:30-17:00; T7: 07:30-11:30”."


class BadOpeningHours(Invalid):
    """The text is not opening hours."""


def parse_opening_hours(text: str) -> OpeningHours:
    """Return the stored form of a text; {} for an empty one. Raises BadOpeningHours with a Vietnamese reason."""
    hours: OpeningHours = {}
    days: tuple[str, ...] = WORKING_DAYS
    for piece in re.split(r"[;,\n]", fold(text)):
        part = piece.strip()
        if not part:
            continue
        named = _DAYS.fullmatch(part)
        if named:
            days = _days(named.group(1), named.group(2))
            part = named.group(3).strip()
        opening = _range(part)
        for day in days:
            hours.setdefault(day, []).append(opening)
    for ranges in hours.values():
        ranges.sort()
        if any(later[0] < earlier[1] for earlier, later in pairwise(ranges)):
            raise BadOpeningHours("Các khung giờ chồng lên nhau trong cùng một ngày.")
    return dict(sorted(hours.items()))


def format_opening_hours(hours: Hours) -> str:
    """Return the text of stored hours, equal neighbouring days joined: "T2-T6: 07:30-11:30, 13:30-17:00"."""
    groups: list[tuple[list[int], str]] = []
    for day in sorted(int(key) for key in hours):
        text = ", ".join("-".join(opening) for opening in hours[str(day)])
        if groups and groups[-1][1] == text and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], text))
    return "; ".join(f"{_day_name(days[0], days[-1])}: {text}" for days, text in groups)


def is_open(hours: Hours, moment: datetime) -> bool:
    """Whether a counter with these hours is open at a local moment; without hours nothing is known: open."""
    if not hours:
        return True
    clock = moment.strftime("%H:%M")
    return any(opening[0] <= clock <= opening[1] for opening in hours.get(str(moment.isoweekday()), ()))


def _range(part: str) -> list[str]:
    match = _RANGE.fullmatch(part)
    if match is None:
        raise BadOpeningHours(f"Không hiểu giờ làm việc “{part[:40]}”. {_EXAMPLE}")
    first, second = _clock(match.group(1), match.group(2)), _clock(match.group(3), match.group(4))
    if second <= first:
        raise BadOpeningHours(f"Giờ kết thúc {second} không sau giờ bắt đầu {first}.")
    return [first, second]


def _clock(hour: str, minute: str | None) -> str:
    if int(hour) > 23 or int(minute or 0) > 59:
        raise BadOpeningHours(f"Không có giờ {hour}:{minute or '00'}. {_EXAMPLE}")
    return f"{int(hour):02d}:{int(minute or 0):02d}"


def _days(first: str, last: str | None) -> tuple[str, ...]:
    start, end = _day(first), _day(last or first)
    if end < start:
        raise BadOpeningHours(f"Thứ tự ngày “{first}-{last}” không đúng. {_EXAMPLE}")
    return tuple(str(day) for day in range(start, end + 1))


def _day(name: str) -> int:
    return 7 if name in {"cn", "chu nhat"} else int(name[-1]) - 1


def _day_name(first: int, last: int) -> str:
    names = ["CN" if day == 7 else f"T{day + 1}" for day in (first, last)]
    return names[0] if first == last else "-".join(names)
