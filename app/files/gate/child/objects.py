"""Values of a PDF's dictionaries, wherever they stand: a name or number may lie in an object of its own."""

from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject


def value_of(found: DictionaryObject, key: str) -> Any:
    """The value itself; None where there is none."""
    return found[key] if key in found else None  # noqa: SIM401 - get() does not look into other objects


def name_in(found: DictionaryObject, key: str) -> str:
    """The value if it is a name, such as ``/Launch``; else nothing."""
    value = value_of(found, key)
    return str(value) if isinstance(value, NameObject) else ""


def listed(value: Any) -> list[Any]:
    """The members of a list themselves; a single value as a list of one."""
    if isinstance(value, ArrayObject):
        return [one.get_object() for one in list.__iter__(value)]
    return [] if value is None else [value]
