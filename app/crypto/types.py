"""The column types of personal data: plain in the program, encrypted in the database.

``mapped_column(EncryptedText("reporter.phone"))`` binds a value to its column: moved to another column it does not
open. ``EncryptedText("reporter.phone", row="id")`` binds it to the row as well, named by a column that is known
before the row is stored; write with ``in_row(text, row_id)``. What swapping is noticed stands in docs/adr.

Encrypted values cannot be compared, ordered or searched by the database: see ``blind_index``.
"""

from collections.abc import Callable
from typing import Any, TypeVar, overload

from sqlalchemy import ColumnElement, LargeBinary, String, cast
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.crypto import keeper
from app.crypto.errors import NotBoundError, NotEncryptedError

Value = TypeVar("Value", str, bytes)
SEPARATOR = b"\x00"


class _TextInRow(str):
    __slots__ = ("row",)
    row: str


class _BytesInRow(bytes):
    row: str


@overload
def in_row(value: str, row: object) -> str: ...
@overload
def in_row(value: bytes, row: object) -> bytes: ...
def in_row(value: str | bytes, row: object) -> str | bytes:
    """The same value, knowing the row it will be stored in; what columns bound to their row take."""
    bound = _TextInRow(value) if isinstance(value, str) else _BytesInRow(value)
    bound.row = str(row)
    return bound


def bound_to(place: str, row: object | None = None) -> bytes:
    """What a value of this column (and row) is authenticated with."""
    return place.encode() if row is None else place.encode() + SEPARATOR + str(row).encode()


class _RowAndSealed(FunctionElement[Any]):
    """The identity of the row and the encrypted value, as bytes: what reading needs to check both."""

    inherit_cache = True
    name = "row_and_sealed"

    def __init__(self, row: ColumnElement[Any], sealed: ColumnElement[Any], type_: TypeEngine[Any]) -> None:
        super().__init__(cast(row, String), sealed)
        self.type = type_


@compiles(_RowAndSealed, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    row, sealed = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST({row} || x'00' || {sealed} AS BLOB)"


@compiles(_RowAndSealed, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    row, sealed = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"convert_to({row}, 'UTF8') || '\\x00'::bytea || {sealed}"


class Encrypted(TypeDecorator[Value]):
    """Parent of both types. ``place`` is ``table.column``; ``row`` the column that names the row, if any."""

    impl = LargeBinary
    cache_ok = True
    _to_bytes: Callable[[Any], bytes]
    _from_bytes: Callable[[bytes], Any]

    class Comparator(TypeDecorator.Comparator[Any]):
        """Lets the database ask for nothing but presence: equal texts are stored as different bytes."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Refuse all but ``IS NULL`` and ``IS NOT NULL``; columns are compared by SQLAlchemy's own dictionaries."""
            if op in (operators.is_, operators.is_not) or (op is operators.eq and isinstance(other[0], ColumnElement)):
                return super().operate(op, *other, **kwargs)
            raise TypeError("An encrypted column cannot be compared or ordered by the database; see blind_index.")

    comparator_factory = Comparator

    def __init__(self, place: str, *, row: str | None = None) -> None:
        super().__init__()
        self.place = place
        self.row = row

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        if value is None:
            return None
        row = getattr(value, "row", None) if self.row is not None else None
        if self.row is not None and row is None:
            raise NotBoundError(f"{self.place} is bound to its row; give in_row(value, {self.row}).")
        return keeper.current().encrypt(self._to_bytes(value), bound_to(self.place, row))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Value | None:
        """Decrypt; raises an ``EncryptionError`` rather than give anything that was not written here."""
        if value is None:
            return None
        if self.row is None:
            return self._from_bytes(keeper.current().decrypt(value, bound_to(self.place)))  # type: ignore[no-any-return]
        row, separator, sealed = value.partition(SEPARATOR)
        if not separator:
            raise NotEncryptedError(f"{self.place} was read without its row.")
        where = bound_to(self.place) + SEPARATOR + row
        return self._from_bytes(keeper.current().decrypt(sealed, where))  # type: ignore[no-any-return]

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read the identity of the row along with the value."""
        if self.row is None:
            return column
        table = getattr(column, "table", None)
        if table is None or self.row not in table.c:
            raise NotBoundError(f"{self.place} can only be read together with {self.row}.")
        return _RowAndSealed(table.c[self.row], column, self)


class EncryptedText(Encrypted[str]):
    """Text, stored encrypted."""

    cache_ok = True
    _to_bytes = staticmethod(str.encode)
    _from_bytes = staticmethod(bytes.decode)


class EncryptedBytes(Encrypted[bytes]):
    """Bytes, stored encrypted."""

    cache_ok = True
    _to_bytes = staticmethod(bytes)
    _from_bytes = staticmethod(bytes)
