"""The declarative base: constraint names that migrations can rely on, and a readable repr."""

from enum import StrEnum

from sqlalchemy import Enum, MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every table of the product."""

    metadata = MetaData(naming_convention=NAMING)

    def __repr__(self) -> str:
        keys = ", ".join(f"{column.name}={getattr(self, str(column.key))!r}" for column in self.__mapper__.primary_key)
        return f"{type(self).__name__}({keys})"


def by_value(kind: type[StrEnum], name: str, *, is_checked: bool = True) -> Enum:
    """A column type that stores the readable values of ``kind`` and lets the database refuse any other.

    ``is_checked`` False: the program alone refuses others, for lists that grow with every release.
    """
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=is_checked,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )
