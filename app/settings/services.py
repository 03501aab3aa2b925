"""Changes of settings: checked, recorded, never overwritten."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.errors import ReasonMissing
from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.config import SmallNumbers
from app.settings import settings
from app.settings.known import LEAST_HOME_AFFAIRS, LEAST_PUBLIC, BadValue, Setting
from app.settings.models import SettingChange

MOST_HISTORY = 100


def floor_of(setting: Setting[str] | Setting[int], floor: SmallNumbers) -> int | None:
    """The least value that the environment allows, for settings that have one."""
    return {LEAST_PUBLIC.name: floor.public, LEAST_HOME_AFFAIRS.name: floor.home_affairs}.get(setting.name)


def read(setting: Setting[str] | Setting[int], raw: str, floor: SmallNumbers) -> str | int:
    """What was typed as a value. Raises BadValue."""
    found = setting.read(raw)
    least = floor_of(setting, floor)
    if least is not None and isinstance(found, int) and found < least:
        raise BadValue(f"Không đặt được thấp hơn {least}, là mức khi cài đặt hệ thống (LANGNGHE_SMALL_NUMBERS).")
    return found


def change(
    session: Session, actor_id: int, setting: Setting[str] | Setting[int], raw: str, reason: str, floor: SmallNumbers
) -> bool:
    """Let another value hold from now on; whether it was another one. An empty text takes a setting back.

    Raises
    ------
    BadValue, ReasonMissing
        For what is no value of it, and without a reason.
    """
    new = None if not raw.strip() else str(read(setting, raw, floor))
    why = " ".join(reason.split())[:300]
    if not why:
        raise ReasonMissing("Việc này cần ghi lý do. Xin nhập lý do.")
    rows = history(session, setting, limit=1)
    old = rows[0].value if rows else None
    if new == old:
        return False
    row = SettingChange(name=setting.name, value=new, changed_at=clock.now(), changed_by=actor_id, reason=why)
    session.add(row)
    record(
        session,
        actor_id,
        Action.SETTING_CHANGE,
        f"setting:{setting.name}",
        old={"value": None if old is None else PublicText(old)},
        new={"value": None if new is None else PublicText(new)},
        reason=why,
    )
    settings.forget(session)
    return True


def history(session: Session, setting: Setting[str] | Setting[int], limit: int = MOST_HISTORY) -> list[SettingChange]:
    """The changes of a setting, newest first."""
    statement = select(SettingChange).where(SettingChange.name == setting.name)
    return list(session.scalars(statement.order_by(SettingChange.id.desc()).limit(limit)))


def newest(session: Session) -> dict[str, SettingChange]:
    """The newest change of every setting that was ever changed."""
    rows = session.scalars(select(SettingChange).order_by(SettingChange.id))
    return {row.name: row for row in rows}
