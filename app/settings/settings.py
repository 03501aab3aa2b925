"""The present value of a setting, cheap enough for every public page.

The values of one database are kept in the process together with the number of the newest change. That number is asked
again after ``SECONDS_KEPT``, so that no worker shows an old value for longer.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, func, select
from sqlalchemy.orm import Session

from app.config import SmallNumbers
from app.settings.known import BY_NAME, LEAST_HOME_AFFAIRS, LEAST_PUBLIC, BadValue, Setting
from app.settings.models import SettingChange

T = TypeVar("T", str, int)
SECONDS_KEPT = 2.0


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    values: Mapping[str, str | int]
    asked_at: float


_kept: WeakKeyDictionary[Pool, _Kept] = WeakKeyDictionary()
_lock = Lock()


def value(session: Session, setting: Setting[T]) -> T:
    """The value that holds now; at most some seconds behind a change made in another process."""
    found = _values(session).get(setting.name, setting.default)
    assert isinstance(found, type(setting.default))
    return found


def small_numbers(session: Session, floor: SmallNumbers) -> SmallNumbers:
    """The rule for small numbers: what the environment asks for, or more where somebody set more."""
    public = max(floor.public, value(session, LEAST_PUBLIC))
    return SmallNumbers(public, min(public, max(floor.home_affairs, value(session, LEAST_HOME_AFFAIRS))))


def forget(session: Session) -> None:
    """Ask the database again at the next look; for whoever has just changed something."""
    with _lock:
        _kept.pop(_place(session), None)


def _values(session: Session) -> Mapping[str, str | int]:
    place, now = _place(session), time.monotonic()
    with _lock:
        kept = _kept.get(place)
        if kept is not None:
            if now - kept.asked_at < SECONDS_KEPT:
                return kept.values
            # Others go on with what is kept while this one asks: at no time do all wait for the database.
            _kept[place] = replace(kept, asked_at=now)
    version = session.scalar(select(func.max(SettingChange.id))) or 0
    values = kept.values if kept is not None and kept.version == version else _read(session)
    with _lock:
        _kept[place] = _Kept(version, values, now)
    return values


def _read(session: Session) -> Mapping[str, str | int]:
    rows = session.execute(select(SettingChange.name, SettingChange.value).order_by(SettingChange.id)).all()
    newest = {row.name: row.value for row in rows}
    found: dict[str, str | int] = {}
    for name, raw in newest.items():
        setting = BY_NAME.get(name)
        if setting is None or raw is None:
            continue
        try:
            found[name] = setting.read(raw)
        except BadValue:  # stored under other limits; the page of settings shows the default again
            continue
    return found


def _place(session: Session) -> Pool:
    """What reading and writing sessions of one database have in common in this process."""
    return session.get_bind().engine.pool
