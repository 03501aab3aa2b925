"""Every encrypted column, found by its type, and its values as the database holds them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, LargeBinary, bindparam, column, func, select, table, tuple_, update

from app.crypto.keeper import Keeper
from app.crypto.ring import HEADER, header_of
from app.crypto.types import Encrypted, bound_to
from app.db.base import Base

NOT_ENCRYPTED = 0  # stands for the key of values that have no valid form


@dataclass(frozen=True)
class EncryptedColumn:
    """A column whose values are encrypted, with the names of the primary key and of the row binding."""

    table: str
    name: str
    place: str
    row: str | None
    key: tuple[str, ...]

    def counts(self, connection: Connection) -> Counter[int]:
        """How many values each key encrypts."""
        raw = self._raw()
        head = func.substr(raw.c[self.name], 1, HEADER.size, type_=LargeBinary)
        found: Counter[int] = Counter()
        for start, count in connection.execute(
            select(head, func.count()).where(raw.c[self.name].is_not(None)).group_by(head)
        ):
            found[_key_id(bytes(start))] += count
        return found

    def encrypt_anew(
        self, connection: Connection, keys: Keeper, to_key: int, *, after: str | None, limit: int
    ) -> tuple[str | None, int]:
        """Encrypt the next rows in the order of the primary key with the active key.

        Gives the place reached (None: there are no rows after ``after``) and how many values changed. A row that
        somebody changed between reading and writing is left: it has been encrypted anew by that.
        """
        raw = self._raw()
        key = tuple_(*(raw.c[name] for name in self.key))
        statement = select(*(raw.c[name] for name in self._names)).order_by(*key.clauses).limit(limit)
        if after is not None:
            statement = statement.where(key > tuple_(*_place(after)))
        rows = connection.execute(statement).mappings().all()
        if not rows:
            return None, 0
        changes = [
            {**{f"key_{name}": row[name] for name in self.key}, "old": old, "new": self._anew(keys, row)}
            for row in rows
            if (old := row[self.name]) is not None and not bytes(old).startswith(header_of(to_key))
        ]
        if changes:
            connection.execute(self._update(raw), changes)
        return _written([rows[-1][name] for name in self.key]), len(changes)

    @property
    def _names(self) -> tuple[str, ...]:
        row = () if self.row is None or self.row in self.key else (self.row,)
        return (*self.key, *row, self.name)

    def _raw(self) -> Any:
        """The table without its types: what stands there is read and written as it is."""
        return table(self.table, *(column(name, None if name != self.name else LargeBinary()) for name in self._names))

    def _anew(self, keys: Keeper, row: Any) -> bytes:
        where = bound_to(self.place, None if self.row is None else row[self.row])
        return keys.encrypt(keys.decrypt(bytes(row[self.name]), where), where)

    def _update(self, raw: Any) -> Any:
        is_row = [raw.c[name] == bindparam(f"key_{name}") for name in self.key]
        is_same = raw.c[self.name] == bindparam("old", type_=LargeBinary())
        return update(raw).where(*is_row, is_same).values({self.name: bindparam("new", type_=LargeBinary())})


def encrypted_columns() -> tuple[EncryptedColumn, ...]:
    """Those of every model loaded, by place."""
    found = [
        EncryptedColumn(
            table=one.name,
            name=each.name,
            place=each.type.place,
            row=each.type.row,
            key=tuple(key.name for key in one.primary_key),
        )
        for one in Base.metadata.sorted_tables
        for each in one.columns
        if isinstance(each.type, Encrypted)
    ]
    return tuple(sorted(found, key=lambda one: one.place))


def _written(place: Sequence[object]) -> str:
    """The place reached, as the record of the rotation keeps it; keys of bytes as hexadecimal digits."""
    return json.dumps([{"bytes": bytes(one).hex()} if isinstance(one, bytes | memoryview) else one for one in place])


def _place(text: str) -> list[object]:
    return [bytes.fromhex(one["bytes"]) if isinstance(one, dict) else one for one in json.loads(text)]


def _key_id(start: bytes) -> int:
    if len(start) < HEADER.size:
        return NOT_ENCRYPTED
    _, key_id = HEADER.unpack(start)
    return int(key_id) if start == header_of(key_id) else NOT_ENCRYPTED
