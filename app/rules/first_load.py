"""The rules an installation begins with: one file for each matter in ``first_versions``.

A matter that has any version is left alone: from then on it belongs to the officers. Within a file a later version says
only what differs from the one before it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.calendar.sources import Status
from app.rules.content import BY_CODE, MATTERS, Content
from app.rules.models import RuleVersion
from app.rules.services import insert
from app.rules.stored import SOURCES, from_json

FOLDER = Path(__file__).with_name("first_versions")


@dataclass(frozen=True, slots=True)
class FirstVersion:
    """One version of a file."""

    matter: str
    valid_from: date
    content: Content
    legal_basis: str
    status: Status
    reason: str


def load(session: Session) -> int:
    """Store the first versions of every matter that has none; how many were stored."""
    known = set(session.scalars(select(RuleVersion.matter).distinct()))
    count = 0
    for one in first_versions():
        if one.matter not in known:
            insert(session, None, one.matter, one.content, one.valid_from, one.legal_basis, one.status, one.reason)
            count += 1
    if count:
        record(session, None, Action.LAW_LOAD, "rule:all", {"versions": count})
    return count


@lru_cache(maxsize=1)
def first_versions() -> tuple[FirstVersion, ...]:
    """The versions of all files, in the order of the matters and of their days."""
    return tuple(one for matter in MATTERS for one in _read(FOLDER / f"{_file_name(matter.code)}.toml"))


def _file_name(code: str) -> str:
    return code.replace(":", "_").replace("-", "_")


def _read(path: Path) -> list[FirstVersion]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    matter = data["matter"]
    made: list[FirstVersion] = []
    content: dict[str, Any] = {}
    for version in data["version"]:
        content = _over(content, version["content"])
        made.append(
            FirstVersion(
                matter=matter,
                valid_from=version["valid_from"],
                content=from_json(BY_CODE[matter].content, content),
                legal_basis=version["legal_basis"],
                status=Status(version["status"]),
                reason=version["reason"],
            )
        )
    return made


def _over(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {**before, **after, SOURCES: {**before.get(SOURCES, {}), **after.get(SOURCES, {})}}
