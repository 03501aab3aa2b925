"""The column type of names in the file store: by it the sweep knows which stored files somebody still needs."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

NAME_LENGTH = 32


class StoredName(TypeDecorator[str]):
    """The random name of a stored file. Every column that holds one bears this type, or its files are swept away."""

    impl = String(NAME_LENGTH)
    cache_ok = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(NAME_LENGTH)
