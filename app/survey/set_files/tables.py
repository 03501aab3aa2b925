"""Reads one table of a set file with a closed list of keys, collecting every problem instead of stopping at the first.

A value that is missing or wrong is reported and replaced by an empty one, so that reading can go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeVar

from app.survey.definitions import Text
from app.survey.set_files.lines import Path

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T", str, int, bool)

MOST_ITEMS = 400
"""No list of a questionnaire is longer; bounds the work that a file made to do harm can cause."""
LONGEST_TEXT = 2000

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_KINDS = {str: "một chuỗi chữ", int: "một số nguyên", bool: "true hoặc false"}


class Problems:
    """The problems of one file, each at the path where it stands. `is_lenient`: texts may lack a translation."""

    def __init__(self, *, is_lenient: bool = False) -> None:
        self.is_lenient = is_lenient
        self.found: list[tuple[Path, str]] = []

    def add(self, path: Path, message: str) -> None:
        """Report `message` (Vietnamese, without the line) at `path`."""
        self.found.append((path, message))


class Table:
    """One TOML table. Ask for every key it may have, then call `close`."""

    def __init__(self, data: object, path: Path, problems: Problems) -> None:
        self.path = path
        self._problems = problems
        self._asked: set[str] = set()
        self._data: dict[str, Any] = {}
        if isinstance(data, dict):
            self._data = data
        else:
            problems.add(path, "chỗ này phải là một bảng gồm các khoá và giá trị")

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        self._asked.add(key)
        return key in self._data

    def required(self, key: str, kind: type[T]) -> T:
        """Return the value of a key that must be there; texts must not be empty."""
        value = self.optional(key, kind)
        if key not in self._data:
            self.problem(f"thiếu khoá “{key}”")
        elif value is not None and isinstance(value, str) and not value.strip():
            self.problem(f"khoá “{key}” để trống", key)
        return kind() if value is None else value

    def optional(self, key: str, kind: type[T]) -> T | None:
        """Return the value of a key, or None when it is not there."""
        self._asked.add(key)
        value = self._data.get(key)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            self.problem(f"khoá “{key}” dài quá {LONGEST_TEXT} ký tự", key)
            return None
        if value is None or type(value) is kind:  # bool is not an int here
            return value
        self.problem(f"khoá “{key}” phải là {_KINDS[kind]}", key)
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a true/false value."""
        value = self.optional(key, bool)
        return default if value is None else value

    def identifier(self, key: str = "id") -> str:
        """Return an id: a small letter, then small letters, digits and underscores, at most 40 characters."""
        value = self.required(key, str)
        if value and not _IDENTIFIER.fullmatch(value):
            self.problem(f"mã “{value}” chỉ được gồm chữ thường không dấu, chữ số, gạch dưới và bắt đầu bằng chữ", key)
        return value

    def member(self, key: str, kind: type[E], default: E) -> E:
        """Return one value of a closed list, `default` when the key is not there."""
        value = self.optional(key, str)
        if value is None:
            return default
        if value not in list(kind):
            self.problem(f"“{value}” không hợp lệ cho khoá “{key}”; chỉ được: {', '.join(kind)}", key)
            return default
        return kind(value)

    def translated(self, prefix: str = "") -> Text:
        """Return the texts under `<prefix>vi` and `<prefix>en`; both are required."""
        vi = self.required(f"{prefix}vi", str)
        en = self.optional(f"{prefix}en", str)
        if not (en or "").strip() and not self._problems.is_lenient:
            self.problem(f"thiếu bản dịch tiếng Anh (“{prefix}en”)", f"{prefix}en" if en is not None else f"{prefix}vi")
        return Text(vi, en or "")

    def optional_translated(self, prefix: str, default: Text) -> Text:
        """Return the translated texts if either is written, `default` otherwise."""
        return self.translated(prefix) if self.has(f"{prefix}vi") or self.has(f"{prefix}en") else default

    def table(self, key: str) -> Table:
        """Return the table under a key that must be there."""
        self._asked.add(key)
        if key not in self._data:
            self.problem(f"thiếu phần [{key}]")
        return Table(self._data.get(key, {}), (*self.path, key), self._problems)

    def tables(self, key: str) -> Iterator[Table]:
        """Yield the tables of a list; none when the key is not there."""
        for position, item in enumerate(self._list(key)):
            yield Table(item, (*self.path, key, position), self._problems)

    def values(self, key: str, kind: type[T]) -> tuple[T, ...]:
        """Return a list of plain values; empty when the key is not there."""
        kept: list[T] = []
        for position, item in enumerate(self._list(key)):
            if type(item) is kind:
                kept.append(item)
            else:
                self._problems.add((*self.path, key, position), f"mỗi mục của “{key}” phải là {_KINDS[kind]}")
        return tuple(kept)

    def plain_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return all keys of a table whose values are texts."""
        return tuple((key, self.required(key, str)) for key in self._data)

    def problem(self, message: str, key: str | None = None) -> None:
        """Report a problem of the whole table, or of one key."""
        self._problems.add(self.path if key is None else (*self.path, key), message)

    def close(self) -> None:
        """Report the keys nobody asked for: a slip of the pen must not be silently ignored."""
        for key in self._data:
            if key not in self._asked:
                self.problem(f"khoá “{key}” không dùng ở đây", key)

    def _list(self, key: str) -> list[object]:
        self._asked.add(key)
        value = self._data.get(key, [])
        if isinstance(value, list) and len(value) > MOST_ITEMS:
            self.problem(f"“{key}” có {len(value)} mục, nhiều hơn mức tối đa {MOST_ITEMS}", key)
        if isinstance(value, list):
            return value[:MOST_ITEMS]
        self.problem(f"khoá “{key}” phải là một danh sách", key)
        return []
