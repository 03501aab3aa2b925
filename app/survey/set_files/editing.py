"""Changes in the text of a set file that leave every other sign in its place, comments included (pure)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping

from app.errors import Invalid
from app.survey.loading import load_text
from app.survey.set_files.lines import LineMap, Span
from app.survey.set_files.texts import SetText, texts_of

FIRST_YEAR, LAST_YEAR = 1000, 9999


class NotEditable(Invalid):
    """The file is written in a way that cannot be changed sign by sign."""


def with_translations(source: str, english: Mapping[str, str]) -> str:
    """Return the file with these English texts (by the keys of `texts_of`) in place of its own.

    Keys that the set does not have, and texts that are the same already, are passed over. An empty text takes the
    translation away. Raises NotEditable.
    """
    lines = LineMap(source)
    changes = [
        _change(lines, one, english[one.key])
        for one in texts_of(load_text(source, translated=False))
        if one.key in english and english[one.key] != one.text.en
    ]
    edited = _applied(lines.text[:-1], changes)
    found = {one.key: one.text.en for one in texts_of(load_text(edited, translated=False))}
    if any(found.get(key) != words for key, words in english.items() if key in found):
        raise NotEditable("Tệp này viết theo cách không thêm bản dịch được. Xin sửa trong tệp TOML rồi tải lên.")
    return edited


def with_version(source: str, version: int) -> str:
    """Return the file with another number of version. Raises NotEditable."""
    lines = LineMap(source)
    span = lines.value(("version",))
    edited = source if span is None else _applied(lines.text[:-1], [(span, str(version))])
    if tomllib.loads(edited).get("version") != version:
        raise NotEditable("Không ghi được số phiên bản vào tệp. Xin ghi một dòng “version = 1” ở đầu tệp.")
    return edited


def next_version(taken: frozenset[int], base: int) -> int:
    """Return the number of the version that follows `base`.

    A version named after the year of its decision keeps the year: after 2023 come 202301, 202302, so that nobody
    takes a better translation for the form of another year. Other numbers count on.
    """
    if base not in taken:
        return base
    if FIRST_YEAR <= base <= LAST_YEAR:
        base = base * 100
    number = base + 1
    while number in taken:
        number += 1
    return number


def quoted(words: str) -> str:
    """Return a text as TOML writes it between quotes."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _change(lines: LineMap, one: SetText, words: str) -> tuple[Span, str]:
    """What to put where. A translation that is not there yet goes behind the Vietnamese, under a key like its own."""
    present = lines.value(one.place("en"))
    if present is not None:
        return present, quoted(words)
    beside = one.place("vi")
    span = lines.value(beside)
    if span is None:
        raise NotEditable(f"Không tìm thấy chỗ của “{one.where}” trong tệp. Xin sửa trong tệp TOML rồi tải lên.")
    name = "en".join(lines.name(beside).rsplit("vi", 1))
    between = ", " if lines.is_inline(beside) else "\n"
    return (span[1], span[1]), f"{between}{name} = {quoted(words)}"


def _applied(text: str, changes: list[tuple[Span, str]]) -> str:
    for (start, end), words in sorted(changes, reverse=True):
        text = text[:start] + words + text[end:]
    return text
