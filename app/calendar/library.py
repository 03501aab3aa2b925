"""What the library of holidays and the notices on file say about a year: the first content, and proposals later.

The library computes lunar dates and made-up days; which days are Tết, which side of 2 September and which Saturdays are
worked is decided each year by notice, so those are projections until an officer enters the notice.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.calendar.models import EntryKind
from app.calendar.services import Entry
from app.calendar.sources import Status
from app.calendar.working_time import Ranges

NOTICES = Path(__file__).with_name("notices.toml")
LAST_YEAR_WITH_NOTICE = 2026
LABOUR_CODE = "Bộ luật Lao động 2019, Điều 112"
MADE_UP = "Bộ luật Lao động 2019, Điều 111 khoản 3"
CULTURE_DAY = "Nghị quyết 28/2026/QH16"
LUNAR = f"{LABOUR_CODE}; ngày âm lịch tính theo giờ Việt Nam"
FIXED = frozenset({"Tết Dương lịch", "Ngày Chiến thắng", "Ngày Quốc tế Lao động"})


def proposals(years: Iterable[int], hours: Ranges) -> list[Entry]:
    """What is known of these years, by day; ``hours`` are worked on a swapped day."""
    wanted = sorted(set(years))
    found = {one.day: one for one in _from_library(wanted, hours)}
    found |= {one.day: one for one in _from_notices(hours) if one.day.year in wanted}
    return [found[day] for day in sorted(found)]


def _from_library(years: list[int], hours: Ranges) -> Iterator[Entry]:
    import holidays  # inside: half a second that only the first load and proposals need

    library = version("holidays")

    known = holidays.country_holidays("VN", years=years, language="vi")
    for day, name in sorted(known.items()):
        if day.year in years:
            source, status = _known(day, name, library)
            yield Entry(day, EntryKind.OFF, _tidy(name), (), source, status)
    for day in sorted(known.weekend_workdays):
        if day.year in years:
            source, status = _library(day, library)
            yield Entry(day, EntryKind.WORKING, "Làm bù", hours, source, status)


def _known(day: date, name: str, library: str) -> tuple[str, Status]:
    plain, _, rest = name.partition(" (")
    if plain == "Ngày Văn hóa Việt Nam":
        return CULTURE_DAY, Status.VERIFIED_2
    if plain == "Ngày Giỗ Tổ Hùng Vương":
        return LUNAR, Status.VERIFIED_2
    if plain in FIXED or (day.month, day.day) == (9, 2):
        return (MADE_UP if rest else LABOUR_CODE), Status.VERIFIED
    return _library(day, library)


def _library(day: date, library: str) -> tuple[str, Status]:
    if day.year > LAST_YEAR_WITH_NOTICE:
        return f"Thư viện holidays {library}, chưa có thông báo", Status.PROJECTED
    return f"Thư viện holidays {library}, chưa đối chiếu thông báo", Status.UNVERIFIED


def _tidy(name: str) -> str:
    if "Tết Nguyên Đán" in name or name == "29 Tết":
        return "Nghỉ Tết Nguyên đán"
    if name.startswith("Ngày nghỉ (thay cho ngày "):
        return f"Nghỉ hoán đổi cho ngày làm bù {name.removeprefix('Ngày nghỉ (thay cho ngày ').rstrip(')')}"
    return name


def _from_notices(hours: Ranges) -> Iterator[Entry]:
    for notice in _notices():
        source, status = notice["source"], Status(notice["status"])
        for span in notice["off"]:
            for more in range((span[-1] - span[0]).days + 1):
                yield Entry(span[0] + timedelta(days=more), EntryKind.OFF, notice["name"], (), source, status)
        for day in notice.get("worked", ()):
            yield Entry(day, EntryKind.WORKING, notice["worked_name"], hours, source, status)


@lru_cache(maxsize=1)
def _notices() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(NOTICES.read_text(encoding="utf-8"))["notice"])
