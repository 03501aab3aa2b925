"""Load the official list of units into the database: idempotent, adds what is missing and changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.errors import Missing
from app.i18n.folding import fold
from app.units import official
from app.units.models import Unit, UnitName, UnitParent, UnitSuccession
from app.units.official import Change, OfficialSuccession, OfficialUnit
from app.units.spans import ONE_DAY, Span
from app.units.successions import SuccessionKind
from app.units.types import may_exist

BEFORE_THE_LIST = date(1900, 1, 1)  # stands for "the list does not say since when"

_KINDS = {Change.MERGE: SuccessionKind.MERGE, Change.SPLIT: SuccessionKind.SPLIT}


class UnknownProvince(Missing):
    """The list has no province with this code."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many units and successions were added."""

    units: int
    successions: int


@dataclass(slots=True)
class _Life:
    """One unit through its forms: those joined by an official "keep" or "rename" under the same code.

    Its kind is the kind of the last form: a commune that became a ward stays the same unit with its counters.
    """

    forms: list[OfficialUnit]

    @property
    def key(self) -> tuple[str, date]:
        return self.forms[0].code, _start(self.forms[0])

    def is_valid_on(self, day: date) -> bool:
        return any(form.is_valid_on(day) for form in self.forms)


def load_official(session: Session, province: str | None = None, actor_id: int | None = None) -> Loaded:
    """Add the units of the list (or of one province with their predecessors) that are not there yet.

    Raises UnknownProvince.
    """
    book = _Book.read()
    lives = book.lives if province is None else book.of_province(province)
    ids = {(code, start): key for code, start, key in session.execute(select(Unit.code, Unit.valid_from, Unit.id))}
    fresh = [life for life in lives if life.key not in ids]
    if fresh:
        session.execute(insert(Unit), [_unit_row(life) for life in fresh])
        rows = session.execute(select(Unit.code, Unit.valid_from, Unit.id))
        ids = {(code, start): key for code, start, key in rows}
        session.execute(insert(UnitName), [row for life in fresh for row in _name_rows(life, ids[life.key])])
        links = [row for life in fresh for row in book.parent_rows(life, ids)]
        if links:
            session.execute(insert(UnitParent), links)
    added = _add_successions(session, book, ids, {life.key for life in lives})
    if fresh or added:
        detail = {"units": len(fresh), "successions": added, "province": province}
        record(session, actor_id, Action.UNIT_IMPORT, "import:official", detail)
    return Loaded(len(fresh), added)


@dataclass(frozen=True, slots=True)
class _Book:
    """The whole list, forms joined to lives. Codes of the three levels have different lengths and cannot collide."""

    lives: Sequence[_Life]
    by_code: dict[str, list[_Life]]
    successions: Sequence[OfficialSuccession]

    @classmethod
    def read(cls) -> "_Book":
        successions = official.successions()
        goes_on = {
            (item.old_code, item.on)
            for item in successions
            if item.kind in {Change.KEEP, Change.RENAME} and item.old_code == item.new_code
        }
        by_code: defaultdict[str, list[_Life]] = defaultdict(list)
        for form in sorted((*official.old_units(), *official.units()), key=_start):
            before = by_code[form.code]
            if before and (form.code, _start(form)) in goes_on and _may_join(before[-1], form):
                before[-1].forms.append(form)
            else:
                before.append(_Life([form]))
        lives = [life for group in by_code.values() for life in group]
        return cls(sorted(lives, key=lambda life: (len(life.key[0]), life.key)), dict(by_code), successions)

    def find(self, code: str, day: date) -> _Life | None:
        return next((life for life in self.by_code.get(code, []) if life.is_valid_on(day)), None)

    def of_province(self, province: str) -> list[_Life]:
        """The province, its present and former communes, what they came from, and everything above any of these."""
        chosen = {
            life.key: life
            for life in self.lives
            if any(form.valid_from is not None and province in {form.code, form.parent_code} for form in life.forms)
        }
        if not chosen:
            raise UnknownProvince(f"Danh mục không có tỉnh, thành phố mang mã {province}.")
        for _, old, new in reversed(list(self.pairs())):
            if new.key in chosen:
                chosen[old.key] = old
        for life in list(chosen.values()):
            for form in life.forms:
                above = self.above(form)
                while above is not None:
                    chosen[above.key] = above
                    above = self.above(above.forms[0])
        return [life for life in self.lives if life.key in chosen]

    def above(self, form: OfficialUnit) -> _Life | None:
        """The unit a form stands under."""
        if form.parent_code is None:
            return None
        return self.find(form.parent_code, form.valid_to if form.valid_from is None and form.valid_to else _start(form))

    def pairs(self) -> Iterable[tuple[OfficialSuccession, _Life, _Life]]:
        """Every succession with the units on both sides; one that only ended has none."""
        for item in self.successions:
            old = self.find(item.old_code, item.on - ONE_DAY)
            new = self.find(item.new_code, item.on) if item.new_code is not None else None
            if old is not None and new is not None:
                yield item, old, new

    def parent_rows(self, life: _Life, ids: dict[tuple[str, date], int]) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for form in life.forms:
            above = self.above(form)
            if above is None:
                continue
            parent_id = ids[above.key]
            if rows and rows[-1]["parent_id"] == parent_id:
                rows[-1]["valid_to"] = form.valid_to
            else:
                key = {"unit_id": ids[life.key], "parent_id": parent_id}
                rows.append({**key, "valid_from": _start(form), "valid_to": form.valid_to})
        return rows


def _add_successions(
    session: Session, book: _Book, ids: dict[tuple[str, date], int], wanted: set[tuple[str, date]]
) -> int:
    present = {
        (old, new, on)
        for old, new, on in session.execute(
            select(UnitSuccession.old_unit_id, UnitSuccession.new_unit_id, UnitSuccession.effective_on)
        )
    }
    rows: dict[tuple[int, int, date], dict[str, object]] = {}
    for item, old, new in book.pairs():
        if item.kind is Change.KEEP or old.key not in wanted or new.key not in wanted:
            continue
        key = (ids[old.key], ids[new.key], item.on)
        if key in present:
            continue
        # A unit renamed under another code is another row here, so the change is a merge with one predecessor.
        kind = SuccessionKind.RENAME if old is new else _KINDS.get(item.kind, SuccessionKind.MERGE)
        share = None if item.share is None else Decimal(str(item.share))
        rows[key] = {"old_unit_id": key[0], "new_unit_id": key[1], "effective_on": key[2], "kind": kind, "share": share}
    if rows:
        session.execute(insert(UnitSuccession), list(rows.values()))
    return len(rows)


def _unit_row(life: _Life) -> dict[str, object]:
    code, start = life.key
    last = life.forms[-1]
    return {"code": code, "type": last.type, "valid_from": start, "valid_to": last.valid_to, "is_official": True}


def _name_rows(life: _Life, unit_id: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for form in life.forms:
        name = form.full_name
        if rows and rows[-1]["name"] == name:
            rows[-1]["valid_to"] = form.valid_to
        else:
            dates = {"valid_from": _start(form), "valid_to": form.valid_to}
            rows.append({"unit_id": unit_id, "name": name, "folded": fold(name), **dates})
    return rows


def _may_join(life: _Life, form: OfficialUnit) -> bool:
    """Whether units of the new kind could exist all the time: a commune that became a special zone is another unit."""
    return may_exist(form.type, Span(life.key[1], form.valid_to))


def _start(form: OfficialUnit) -> date:
    return form.valid_from or BEFORE_THE_LIST
